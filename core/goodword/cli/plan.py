"""``goodword plan``: whom to ask, whom to thank, and why; nothing is written to the CRM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from goodword.cli.options import Folder, Json, Today
from goodword.cli.people import contact_names, rep_names
from goodword.cli.place import goodword, open_firm, program
from goodword.cli.screen import at_work, show, show_json
from goodword.errors import SettingsError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from goodword.firm import Firm
    from goodword.model import Plan

STDOUT = "-"


def plan(
    ctx: typer.Context,
    pull: Annotated[
        bool, typer.Option("--pull/--no-pull", help="Read the customers first.")
    ] = True,
    full: Annotated[bool, typer.Option("--full", help="Show everybody who waits.")] = False,
    html: Annotated[
        str | None,
        typer.Option(
            "--html",
            help="Write the plan as a page to read, print and approve; - prints it.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    folder: Folder = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Show who should do what this week, and why; write nothing."""
    from goodword import run
    from goodword.cli.page_file import require_ours, write_page

    firm = open_firm(ctx, folder, today)
    if html == STDOUT and json:
        msg = "--html - and --json would both print."
        raise SettingsError(msg, hint="Name a file for the page: --html plan.html.")
    if html not in (None, STDOUT):
        require_ours(html)
    with at_work(firm, "Planning"):
        made = run.plan(firm, fresh=pull)
    if html == STDOUT:
        typer.echo(document_of(firm, made), nl=False)
        return
    if html is not None:
        path = write_page(html, document_of(firm, made))
    if json:
        show_json(made.model_dump(mode="json"))
    elif html is not None:
        show(f"Written: {path} (only you can read it)", *_approval(firm, made))
    else:
        show(page_of(firm, made, full=full))


def page_of(firm: Firm, made: Plan, *, full: bool = False, asked: bool = True) -> RenderableType:
    """Return the page of a plan, with the names of reps and the reasons in words.

    With *asked* it ends with what the reader can do next.
    """
    from goodword.report import plan_page, reasons_of

    names, reasons = rep_names(firm), reasons_of(firm.book)
    return plan_page(
        made,
        names,
        reasons,
        full=full,
        taken_back=taken_back(firm),
        program=program(firm),
        asked=asked,
    )


def document_of(firm: Firm, made: Plan) -> str:
    """Return a plan as one HTML page."""
    from goodword.report import reasons_of
    from goodword.report.plan_html import plan_document

    return plan_document(
        made,
        rep_names(firm),
        reasons_of(firm.book),
        firm_name=firm.settings.firm.name,
        names=contact_names(firm),
        taken_back=taken_back(firm),
    )


def taken_back(firm: Firm) -> dict[str, int]:
    """Return how many tasks of each undone run wait for ``release``, the latest run first."""
    from goodword.working import open_ledger

    with open_ledger(firm) as ledger:
        return ledger.taken_back()


def _approval(firm: Firm, made: Plan) -> list[str]:
    """Return what to type once the page is approved."""
    if made.mode == "shadow":
        return [f"Nothing was written: goodword only looks until {goodword(firm, 'rollout live')}"]
    approve = goodword(firm, f"apply {made.plan_id}")
    return [f"To write it: {approve}", f"Without a row:  {approve} --except ID"]
