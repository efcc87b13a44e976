"""The page of ``history``: run by run, what was written about whom, by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType

from goodword.report.layout import GAP, heading, lines, page, table
from goodword.report.phrases import KINDS, in_words

if TYPE_CHECKING:
    from goodword.ledger import HistoryRow


def history_page(rows: Iterable[HistoryRow], *, earlier: int = 0) -> Group:
    """Return the page of *rows*; *earlier* is how many lines before them are left out."""
    return page(_parts(rows, earlier))


def _parts(rows: Iterable[HistoryRow], earlier: int) -> Iterator[RenderableType]:
    if earlier:
        yield lines([f"{earlier:,} earlier lines: goodword history --csv"], style="dim")
        yield GAP
    empty = True
    for run_id, group in groupby(rows, key=lambda row: row.run_id):
        these = list(group)
        if not empty:
            yield GAP
        empty = False
        yield heading(f"Run {run_id}", _under(these[0]))
        cells = [
            (
                f"{row.at:%Y-%m-%d %H:%M:%S}",
                row.contact_id,
                KINDS.get(row.kind, in_words(row.kind)),
                in_words(row.rule) if row.rule != row.kind else "",
                row.change,
                row.result,
            )
            for row in these
        ]
        headers = ("UTC", "customer", "what", "rule", "change", "result")
        yield table(cells, headers=headers, whole=(0, 2))
    if empty:
        yield lines(["Nothing was written yet."])


def _under(row: HistoryRow) -> str:
    """Return who ran it, under which plan and versions."""
    versions = ", ".join(f"{name} {number}" for name, number in sorted(row.versions.items()))
    plan = f"plan {row.plan_id}" if row.plan_id else ""
    return ", ".join(filter(None, (f"by {row.os_user}" if row.os_user else "", plan, versions)))
