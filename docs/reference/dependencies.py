"""What is installed with goodword, and why: from the comments of the ``pyproject.toml`` files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from reference.house import ROOT
from reference.markdown import code, table

_LINE = re.compile(r'^\s*"(?P<requirement>[^"]+)",?\s*#\s*(?P<reason>.+?)\s*$')
OURS = "the core itself"


def dependencies() -> str:
    """Return every dependency of the core and of the CSV plugin with its reason.

    Raises:
        ValueError: A dependency has no reason beside it.
    """
    rows = [
        (_name(requirement), who, reason)
        for who, folder in (("core", ROOT), ("CSV plugin", ROOT / "plugins" / "csv"))
        for requirement, reason in reasons(folder)
        if _plain_name(requirement) != "goodword"
    ]
    return table(("package", "for", "why"), rows)


def reasons(folder: Path) -> list[tuple[str, str]]:
    """Return each requirement of a distribution with the comment on its line."""
    text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    found = {m["requirement"]: m["reason"] for m in map(_LINE.match, text.splitlines()) if m}
    wanted = [str(requirement) for requirement in project["dependencies"]]
    silent = [r for r in wanted if r not in found and _plain_name(r) != "goodword"]
    if silent:
        msg = f"{folder.name}/pyproject.toml: {silent[0]} has no reason on its line"
        raise ValueError(msg)
    return [(requirement, found.get(requirement, OURS)) for requirement in wanted]


def _name(requirement: str) -> str:
    where = " (on Windows)" if "win32" in requirement else ""
    return code(_plain_name(requirement)) + where


def _plain_name(requirement: str) -> str:
    return re.split(r"[<>=!~; ]", requirement, maxsplit=1)[0]
