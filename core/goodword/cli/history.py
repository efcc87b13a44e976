"""``goodword history``: who changed what, when, under which plan and rule."""

from __future__ import annotations

import csv
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from goodword.cli.options import Folder, Json
from goodword.cli.place import open_firm
from goodword.cli.screen import show, show_json
from goodword.errors import GoodwordError

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.ledger import HistoryRow

SHOWN = 200
"""Newest lines shown on the terminal; the CSV holds all."""
COLUMNS = (
    *("time_utc", "os_user", "run", "plan", "versions"),
    *("rule", "change", "result", "contact_id"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Signs with which a cell would begin a formula in some spreadsheet program; the last four are the
wide forms of the first."""


def history(
    ctx: typer.Context,
    contact: Annotated[
        str | None,
        typer.Option("--contact", help="Only this customer (id, name or e-mail)."),
    ] = None,
    run: Annotated[str | None, typer.Option("--run", help="Only this run.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print every line as CSV.")] = False,
    folder: Folder = None,
    json: Json = False,
) -> None:
    """Show who changed what, when, and under which rule; oldest first.

    Times are UTC. Lines are only ever added. Names and words are not in it.
    """
    from goodword.report import history_page

    firm = open_firm(ctx, folder)
    lines = _lines(firm, contact, run)
    if csv:
        write_csv(lines)
    elif json:
        show_json({"history": [dict(zip(COLUMNS, cells(line), strict=True)) for line in lines]})
    else:
        newest: deque[HistoryRow] = deque(maxlen=SHOWN)
        number = 0
        for line in lines:
            newest.append(line)
            number += 1
        show(history_page(newest, earlier=number - len(newest)))


def write_csv(lines: Iterable[HistoryRow]) -> None:
    """Print lines as CSV; no cell can run as a formula where the file is opened."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in cells(line)] for line in lines)


def cells(line: HistoryRow) -> tuple[str, ...]:
    """Return a line of history as texts, in the order of ``COLUMNS``."""
    versions = " ".join(f"{name}={number}" for name, number in sorted(line.versions.items()))
    at = line.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        *(at, line.os_user, line.run_id, line.plan_id, versions),
        *(line.rule, line.change, line.result, line.contact_id),
    )


def harmless(cell: str) -> str:
    """Return a cell as text that no spreadsheet program takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def _lines(firm: Firm, contact: str | None, run: str | None) -> Iterator[HistoryRow]:
    """Yield the lines that were asked for.

    Raises:
        GoodwordError: There are none.
    """
    from goodword.working import open_ledger

    found = False
    if firm.state.ledger.exists():
        ids: list[str | None] = [None] if contact is None else [*_ids(firm, contact)]
        with open_ledger(firm) as ledger:
            for one in ids:
                for line in ledger.history(one, run):
                    found = True
                    yield line
    if not found and (contact is not None or run is not None):
        msg = "Nothing was written about that." if run is None else "No such run wrote anything."
        raise GoodwordError(msg, hint="goodword history without options shows everything.")


def _ids(firm: Firm, query: str) -> list[str]:
    """Return the id of the one customer meant; an id that is in the ledger only is taken as is."""
    from goodword.cli.people import matching, the_contact

    if firm.mirror.current() is None or not matching(firm, query):
        return [query]
    return [the_contact(firm, query)[0]]
