"""``goodword apply``: write a plan to the CRM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from goodword.cli.options import Folder, Json, Today
from goodword.cli.place import open_firm, program
from goodword.cli.screen import at_work, show, show_json

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.model import RunReport


def apply(
    ctx: typer.Context,
    plan: Annotated[
        str | None, typer.Argument(help="Id of the plan; the latest one if left out.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", help="Only the first so many customers of the plan.", min=1),
    ] = None,
    struck: Annotated[
        list[str] | None,
        typer.Option(
            "--except",
            help="Leave a customer out (id, name or e-mail); may be given several times.",
            metavar="CUSTOMER",
            show_default=False,
        ),
    ] = None,
    folder: Folder = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Write a plan to your file or CRM.

    Reads once more first: what changed since the plan was made is not written, but named. A
    customer left out by --except is not planned again until you release the run.
    """
    from goodword import run

    firm = open_firm(ctx, folder, today)
    left_out = _ids(firm, struck or [])
    with at_work(firm, "Applying"):
        report = run.apply(firm, plan, limit=limit, struck=left_out)
    finish(firm, report, json=json)


def finish(firm: Firm, report: RunReport, *, json: bool, verb: str = "apply") -> None:
    """Show what a run did and leave with its exit code."""
    from goodword.report import run_page

    if json:
        show_json(report.model_dump(mode="json"))
    else:
        show(run_page(report, verb, program(firm)))
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def _ids(firm: Firm, queries: list[str]) -> list[str]:
    """Return the ids of the customers to leave out."""
    from goodword.cli.people import the_contact

    return [the_contact(firm, query)[0] for query in queries]
