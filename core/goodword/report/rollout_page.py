"""The page of ``rollout``: how much may be written, about whom, since when, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType

from goodword.report.layout import GAP, heading, page, table
from goodword.report.phrases import counted, day_of

if TYPE_CHECKING:
    from goodword.rollout import Scope

MEANS = {
    "shadow": "goodword plans and reports; nothing is written",
    "pilot": "goodword writes about the people named here only",
    "live": "goodword writes about everybody its plan names",
}
NEXT = {
    "shadow": {
        "first": "plan",
        "for a few": "rollout pilot --owner REP",
        "for everybody": "rollout live",
    },
    "pilot": {"first": "plan", "to write": "apply", "for everybody": "rollout live"},
    "live": {"first": "plan", "to write": "apply", "to stop": "pause"},
}
"""What to type next in each mode."""


def rollout_page(
    scope: Scope, started: str, names: Mapping[str, str], command: Callable[[str], str]
) -> Group:
    """Return the page of a firm's mode.

    Args:
        scope: Whom the mode lets goodword write about.
        started: Day of the first run that wrote in this mode, as 2026-11-20; empty before it.
        names: Names of the reps by id.
        command: Returns a command as this user types it.
    """
    return page(_parts(scope, started, names, command))


def _parts(
    scope: Scope, started: str, names: Mapping[str, str], command: Callable[[str], str]
) -> Iterator[RenderableType]:
    yield heading(f"Mode: {scope.mode}", MEANS[scope.mode])
    rows = [("whom", _whom(scope, names)), ("since", _since(started))]
    yield table(rows, whole=(0,))
    yield from (GAP, heading("Next"))
    yield table([(when, command(line)) for when, line in NEXT[scope.mode].items()], whole=(0, 1))


def _whom(scope: Scope, names: Mapping[str, str]) -> str:
    if scope.mode == "shadow":
        return "nobody"
    if scope.mode == "live":
        return "everybody"
    if scope.whole:
        return "nobody is named yet: every apply needs --limit"
    reps = ", ".join(_named(owner, names) for owner in sorted(scope.owners))
    people = counted(len(scope.contacts), "named customer") if scope.contacts else ""
    return " and ".join(filter(None, (f"the contacts of {reps}" if reps else "", people)))


def _named(owner: str, names: Mapping[str, str]) -> str:
    name = names.get(owner, owner)
    return name if name == owner else f"{name} ({owner})"


def _since(started: str) -> str:
    if not started:
        return "nothing was written yet"
    older = "older referrals and complaints are evidence, never tasks"
    return f"{day_of(date.fromisoformat(started))}; {older}"
