"""The page of a run: what was written, what was not, and how to take it back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from goodword.report.layout import GAP, heading, lines, page, table
from goodword.report.phrases import ACTIONS, KINDS, applied_line, counted, in_words

if TYPE_CHECKING:
    from goodword.model import RunReport


def run_page(report: RunReport, verb: str) -> Group:
    """Return the page of what one ``apply``, ``sync`` or ``undo`` did."""
    return page(_parts(report, verb))


def _parts(report: RunReport, verb: str) -> Iterator[RenderableType]:
    yield heading(f"Run {report.run_id}", f"{verb}, plan {report.plan_id}")
    if report.applied:
        yield lines(applied_line(kind, number, verb) for kind, number in _most(report))
    else:
        yield lines(["Nothing was written."])
    if report.skipped:
        left = f"{counted(report.skipped, 'write')} left out: a person changed the target"
        yield from (GAP, lines([left]))
    if report.dropped:
        stays = "Stays as it is" if verb == "undo" else "Not written: things changed since the plan"
        yield from (GAP, heading(stays), lines(report.dropped))
    if report.failures:
        yield from (GAP, heading("Refused", counted(len(report.failures), "write")))
        rows = [
            (KINDS.get(failure.kind, in_words(failure.kind)), failure.contact_id, failure.error)
            for failure in report.failures
        ]
        yield table(rows, headers=("what", "contact", "why"), whole=(0,))
        yield lines(["Put that right, then run goodword plan: what is missing is planned again."])
    if report.notices:
        yield from (GAP, heading("Worth knowing"), lines(report.notices))
    yield from _next(report, verb)


def _next(report: RunReport, verb: str) -> Iterator[RenderableType]:
    if report.applied and verb != "undo":
        yield GAP
        yield Text.assemble("To take it back: ", (f"goodword undo {report.run_id}", "bold"))


def _most(report: RunReport) -> list[tuple[str, int]]:
    return sorted(report.applied.items(), key=lambda item: list(ACTIONS).index(item[0]))
