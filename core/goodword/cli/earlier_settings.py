"""What an earlier ``goodword.toml`` says, and what of it a new one takes over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CARRIED = (
    *("rollout", "brakes", "notify", "caps", "ask", "calendar", "champions", "play"),
    *("engine", "extra", "profile"),
)
"""Sections that ``--force`` takes over from the old file as they are, beside ``[firm]``."""


def carried_over(
    before: Mapping[str, Any], fresh: Mapping[str, Any], given: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """Return *fresh* settings with what an earlier file says, and the sections left behind.

    How the files are read comes from *fresh*; what a person decided (numbers, rules, the firm's
    own words) from *before*.

    Args:
        before: The earlier file.
        fresh: The settings just guessed.
        given: What was said anew, by section; it counts more than either.
    """
    kept = dict(fresh)
    for name, section in before.items():
        if name == "firm" and isinstance(section, Mapping):
            kept["firm"] = {**fresh["firm"], **section}
        elif name in CARRIED and isinstance(section, Mapping):
            kept[name] = {**fresh.get(name, {}), **section}
        elif name in CARRIED:
            kept[name] = section
    for name, said in given.items():
        kept[name] = {**kept.get(name, {}), **said}
    fixed = {"version", "firm", "connector", "plugin", *CARRIED}
    return kept, [name for name in before if name not in fixed]


def told_of_old(path: Path, sections: Sequence[str], left: Sequence[str]) -> list[str]:
    """Return where the replaced file is, and what of it the new one has."""
    names = [name for name in sections if name in {"firm", *CARRIED}]
    told = [f"The old file is kept as {path}"]
    if names:
        told.append(f"Carried over from it: {', '.join(f'[{name}]' for name in names)}")
    else:
        told.append("Nothing was carried over from it.")
    if left:
        told.append(f"Not carried over: {', '.join(f'[{name}]' for name in left)}")
    return [*told, "How your files are read, [plugin], was written anew."]


def section_of(settings: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a section, empty where there is none."""
    section = settings.get(name, {})
    return section if isinstance(section, Mapping) else {}


def settings_before(path: Path) -> Mapping[str, Any]:
    """Return an earlier file's settings, empty where there is none."""
    import tomllib

    try:
        before = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):  # no file, or one that is being replaced because it is broken
        return {}
    if "rollout" not in before and _wrote_before_modes(path.parent):
        before["rollout"] = {"mode": "live"}
    return before


def _wrote_before_modes(home: Path) -> bool:
    """Say whether the firm wrote before its settings knew modes; it goes on as live then."""
    from goodword.gather import MODE
    from goodword.ledger import Ledger
    from goodword.state import State

    path = State(home).ledger
    if not path.exists():
        return False
    ledger = Ledger(path)
    try:
        return ledger.meta(MODE) == "live"
    finally:
        ledger.close()
