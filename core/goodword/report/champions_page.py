"""The page of ``champions``: how customers divide, what to do with each kind, and whom to know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType

from goodword.report.layout import GAP, heading, lines, page, table
from goodword.report.phrases import VERDICTS, counted, day_of, short

if TYPE_CHECKING:
    from goodword.segments import Listed, Person, Standouts

TREATMENTS = {
    "Champion": "In the higher half of this firm by both. Thank them, take the time for a call, "
    "ask.",
    "Affluent": "In the higher half by what they buy. Ask at a good moment, and name whom you "
    "would like to meet.",
    "Advocate": "In the higher half by whom they may send. Ask, tell them what came of it, and "
    "show what else you could do for them.",
    "Nurture": "In the lower half by both so far. Do good work, stay in touch, and ask when they "
    "are glad.",
}
"""What each segment needs: what it lacks, said as the tasks say it."""


def champions_page(told: Standouts) -> Group:
    """Return the page of *told*."""
    return page(_parts(told))


def _parts(told: Standouts) -> Iterator[RenderableType]:
    if told.scored < told.needed:
        few = counted(told.scored, "customer")
        yield lines([f"{few} with a purchase so far; from {told.needed} on they divide in four."])
    else:
        yield heading(
            "Segments", "halves of this firm: by what they will buy, and by whom they may send"
        )
        rows = [(name, f"{number:,}", TREATMENTS[name]) for name, number in told.segments.items()]
        yield table(rows, numbers=(1,), whole=(0, 1))
    lists = (
        ("Champions", "high on both", told.champions),
        ("Potential champions", "buy much, showed joy, and sent nobody yet", told.potential),
        ("Hidden champions", "worth more by whom they send than by what they buy", told.hidden),
        ("Referrals worth a look", "they count; make sure they should", told.doubtful),
    )
    for title, note, found in lists:
        if found.number:
            doubts = found is told.doubtful
            yield from (GAP, heading(title, note), _people(found, doubts=doubts))


def _people(found: Listed, *, doubts: bool) -> RenderableType:
    rows = [
        (
            short(one.name),
            f"{one.clv / 100:,.0f}",
            f"{one.crv / 100:,.0f}",
            f"{one.p_refer / 10:.0f} %",
            one.doubts if doubts else _next(one),
        )
        for one in found.people
    ]
    more = found.number - len(found.people)
    if more:
        rows.append((f"and {more:,} more", "", "", "", ""))
    last = "why" if doubts else "next"
    headers = ("", "as customer", "by referrals", "chance", last)
    return table(rows, headers=headers, numbers=(1, 2, 3), whole=(1, 2, 3))


def _next(one: Person) -> str:
    if one.verdict == "wait" and one.next_ask is not None:
        return f"not before {day_of(one.next_ask)}"
    return VERDICTS.get(one.verdict, one.verdict)
