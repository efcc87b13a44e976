"""Every query that the tests of a run made of our builder, kept for the check by a grammar.

One file for each kind of run and each of its processes, in the environment of the tests.
"""

from __future__ import annotations

import json
import sys
import zlib
from pathlib import Path

import pytest

from goodword_salesforce.seam.soql import Query

PLACE = Path(sys.prefix) / "soql_queries"
_HEARD: set[str] = set()


def listen() -> None:
    """Listen to the one place that writes SOQL; what it returns stays as it is."""
    write = vars(Query)["text"].fget

    def text(query: Query) -> str:
        found = str(write(query))
        _HEARD.add(found)
        return found

    Query.text = property(text)  # type: ignore[method-assign,assignment]  # to hear it


def keep(config: pytest.Config) -> None:
    """Write down what was heard; what the last run of this kind heard goes."""
    kind = zlib.crc32(str(config.option.markexpr).encode())
    worker = getattr(config, "workerinput", {}).get("workerid", "main")
    PLACE.mkdir(exist_ok=True)
    path = PLACE / f"{kind:08x}-{worker}.json"
    path.write_text(json.dumps(sorted(_HEARD)), encoding="utf-8")


def kept() -> list[str]:
    """Return every query that was kept."""
    files = sorted(PLACE.glob("*.json"))
    return sorted({each for file in files for each in json.loads(file.read_text("utf-8"))})
