"""A plugin of pytest that keeps every query which a run of tests made of our builder.

The file that ``GOODWORD_QUERIES`` names gets them as a JSON list when the run ends.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from goodword_salesforce.seam.soql import Query

KEPT: set[str] = set()


def pytest_configure() -> None:
    """Listen to the one place that writes SOQL; what it returns stays as it is."""
    write = vars(Query)["text"].fget

    def text(query: Query) -> str:
        found = str(write(query))
        KEPT.add(found)
        return found

    Query.text = property(text)  # type: ignore[method-assign,assignment]  # to hear it


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write down what was heard."""
    path = Path(os.environ["GOODWORD_QUERIES"])
    path.write_text(json.dumps(sorted(KEPT)), encoding="utf-8")
