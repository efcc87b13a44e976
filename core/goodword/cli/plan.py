"""``goodword plan``: whom to ask, whom to thank, and why; nothing is written to the CRM."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from goodword.cli.options import Folder, Json, Today
from goodword.cli.place import open_firm
from goodword.cli.screen import at_work, show, show_json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from goodword.firm import Firm
    from goodword.model import Plan


def plan(
    ctx: typer.Context,
    pull: Annotated[
        bool, typer.Option("--pull/--no-pull", help="Read the customers first.")
    ] = True,
    full: Annotated[bool, typer.Option("--full", help="Show everybody who waits.")] = False,
    folder: Folder = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Show who should do what this week, and why; write nothing."""
    from goodword import run

    firm = open_firm(ctx, folder, today)
    with at_work(firm, "Planning"):
        made = run.plan(firm, fresh=pull)
    if json:
        show_json(made.model_dump(mode="json"))
    else:
        show(page_of(firm, made, full=full))


def page_of(firm: Firm, made: Plan, *, full: bool = False) -> RenderableType:
    """Return the page of a plan, with the names of reps and the reasons in words."""
    from goodword.report import plan_page, reasons_of

    names, reasons = rep_names(firm), reasons_of(firm.book)
    return plan_page(made, names, reasons, full=full, taken_back=taken_back(firm))


def taken_back(firm: Firm) -> dict[str, int]:
    """Return how many tasks of each undone run wait for ``release``, the latest run first."""
    from goodword.ledger import Ledger

    ledger = Ledger(firm.state.ledger)
    try:
        tasks = Counter(entry.run_id for entry in ledger.tasks() if entry.state == "undone")
        return {run: tasks[run] for run in sorted(ledger.undone_runs(), reverse=True)}
    finally:
        ledger.close()


def rep_names(firm: Firm) -> dict[str, str]:
    """Return the names of the reps by id, from the latest pull."""
    snapshot = firm.mirror.load()
    if snapshot is None:
        return {}
    rows = firm.engine.collect(snapshot.tables["owners"].select("owner_id", "name")).rows()
    return {str(owner): str(name) for owner, name in rows if name}
