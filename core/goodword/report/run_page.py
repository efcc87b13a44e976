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


def run_page(report: RunReport, verb: str, program: str = "goodword") -> Group:
    """Return the page of what one ``apply``, ``sync``, ``pause`` or ``undo`` did.

    Args:
        report: What it did.
        verb: The command.
        program: How commands shown here begin.
    """
    return page(_parts(report, verb, program))


def quiet_line(report: RunReport, mode: str) -> str:
    """Return one line of counts for a log: no name, no contact, nothing but numbers and ids."""
    wrote = ", ".join(applied_line(kind, n, report.kind) for kind, n in _most(report))
    counts = {
        "refused": len(report.failures),
        "left out, things changed": len(report.dropped),
        "left out, a person was faster": report.skipped,
    }
    parts = [wrote or "nothing written", *(f"{n:,} {what}" for what, n in counts.items() if n)]
    state = " stopped:" if report.stopped else ""
    return f"{report.run_id} {report.kind} {mode} plan {report.plan_id}:{state} {'; '.join(parts)}"


def _parts(report: RunReport, verb: str, program: str) -> Iterator[RenderableType]:
    note = f"{verb}, plan {report.plan_id}" if report.plan_id else verb
    yield heading(f"Run {report.run_id}", note)
    if report.applied:
        yield lines(applied_line(kind, number, verb) for kind, number in _most(report))
    else:
        yield lines(["Nothing was written."])
    if report.stopped:
        yield from (GAP, heading("Stopped"), lines(report.stopped))
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
        yield lines([f"Put that right, then run {program} plan: what is missing is planned again."])
    if report.notices:
        yield from (GAP, heading("Worth knowing"), lines(report.notices))
    yield from _next(report, verb, program)


def _next(report: RunReport, verb: str, program: str) -> Iterator[RenderableType]:
    if report.applied and verb not in {"undo", "pause"}:
        yield GAP
        yield Text.assemble("To take it back: ", (f"{program} undo {report.run_id}", "bold"))
    elif report.stopped and verb == "sync":
        yield GAP
        read = (f"{program} apply {report.plan_id}", "bold")
        yield Text.assemble("The plan waits for a person. Read it; if it is right: ", read)


def _most(report: RunReport) -> list[tuple[str, int]]:
    return sorted(report.applied.items(), key=lambda item: list(ACTIONS).index(item[0]))
