"""The report as a page for the whole firm: this week, what came of it, and what would help.

What is on it stands in ``report.html.jinja``, how it looks in ``page.css`` and ``report.css``; here
is what they are filled with. The page is the same for the same report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodword.doings import doing
from goodword.report.html_page import Share, moment_of, percent_of, shares, template
from goodword.report.phrases import (
    ENDINGS,
    clean,
    counted,
    in_words,
    nobody_of,
    week_of,
)

if TYPE_CHECKING:
    from datetime import date

    from goodword.funnel import Funnel
    from goodword.reporting import Report, RepWeek

MEANINGS = {
    "know": "they know of you",
    "like": "you have been in touch",
    "trust": "they have learned from you",
    "try": "they were sent to you, or try you out",
    "buy": "they bought from you",
    "repeat": "they came back",
    "refer": "they send others",
}
"""What the stages of the default model mean."""
ENOUGH = 20
"""Smallest whole of which a share in percent is told; of fewer it would sound too exact."""
BLIND = {
    "complaint": "complaints",
    "detractor": "unhappy survey answers",
    "open_ticket": "open problems",
    "overdue_invoice": "unpaid invoices",
    "renewal_open": "renewals being discussed",
    "survey_rest": "surveys just answered",
}
"""What the bundled reasons not to ask are about; others are called by their names."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of what came of asking, and how long its bar is (0 to 100)."""

    number: int
    name: str
    note: str
    percent: int


def report_document(
    told: Report, reasons: Mapping[str, str], *, caller: str = "", program: str = "goodword"
) -> str:
    """Return *told* as one HTML page.

    Args:
        told: What is shown.
        reasons: Sentence of each suppressor by name.
        caller: Who speaks to customers that have no rep of their own; may be empty.
        program: How commands shown here begin; with ``--profile`` where there is one.
    """
    plan = told.plan
    held = {code: number for code, number in plan.held.items() if code not in ENDINGS}
    return template("report.html.jinja").render(
        told=told,
        plan=plan,
        program=program,
        week=week_of(told.monday, told.sunday),
        titles=_titles(told.weeks, caller),
        funnel=list(_funnel(told.funnel)),
        stages=list(_stages(told)),
        calm=max(0, plan.contacts - plan.verdicts.get("ask", 0) - sum(held.values())),
        held=shares(held, reasons),
        endings=[(plan.held[k], text) for k, text in ENDINGS.items() if plan.held.get(k)],
        waiting=sorted(plan.waiting.items(), key=lambda item: (-item[1], item[0])),
        blind=[_blind(line) for line in plan.cannot_check],
        read=moment_of(told.pulled_at),
        age=_age(told.as_of, told.pulled_at.date()),
        open_now=sum(len(week.open) + week.more_open for week in told.weeks),
        planned=sum(len(week.planned) + week.more_planned for week in told.weeks),
        doing=lambda play: clean(doing(play)),
    )


def _titles(weeks: tuple[RepWeek, ...], caller: str) -> list[str]:
    """Return the heading of each rep's week; a firm without named reps has one list."""
    reps = {week.owner_id: week.name for week in weeks if week.owner_id}
    nobody = nobody_of(reps) if reps else caller or nobody_of(reps)
    return [week.name or nobody for week in weeks]


def _funnel(funnel: Funnel) -> Iterator[Step]:
    numbers = (
        (funnel.asked, "asked", "for a good word"),
        (funnel.yes, "said yes", _share_of(funnel.yes, funnel.asked, "of those asked")),
        (funnel.referred, "referred", "people sent to you, asked for or not"),
        (funnel.won, "won", _share_of(funnel.won, funnel.referred, "of those referred")),
    )
    most = max(number for number, _, _ in numbers)
    for number, name, note in numbers:
        yield Step(number, name, note, percent_of(number, most))


def _share_of(number: int, whole: int, what: str) -> str:
    return f"{round(100 * number / whole)} % {what}" if whole >= ENOUGH else what


def _stages(told: Report) -> Iterator[Share]:
    most = max((number for _, number in told.stages), default=0)
    for stage, number in told.stages:
        note = MEANINGS.get(stage, "")
        yield Share(number, in_words(stage), note, percent_of(number, most))


def _blind(line: str) -> str:
    """Return what a reason not to ask is about, for a line as "open_ticket (needs tickets)"."""
    name = line.partition(" (")[0]
    return BLIND.get(name) or in_words(name)


def _age(as_of: date, pulled: date) -> str:
    days = (as_of - pulled).days
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{counted(days, 'day')} ago"
