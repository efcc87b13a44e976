"""``goodword apply``: write a plan to the CRM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from goodword.cli.options import Folder, Json, Today
from goodword.cli.place import open_firm
from goodword.cli.screen import at_work, show, show_json

if TYPE_CHECKING:
    from goodword.model import RunReport


def apply(
    ctx: typer.Context,
    plan: Annotated[
        str | None, typer.Argument(help="Id of the plan; the latest one if left out.")
    ] = None,
    folder: Folder = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Write a plan to your file or CRM.

    Reads once more first: what changed since the plan was made is not written, but named.
    """
    from goodword import run

    firm = open_firm(ctx, folder, today)
    with at_work(firm, "Applying"):
        report = run.apply(firm, plan)
    finish(report, json=json)


def finish(report: RunReport, *, json: bool, verb: str = "apply") -> None:
    """Show what a run did and leave with its exit code."""
    from goodword.report import run_page

    if json:
        show_json(report.model_dump(mode="json"))
    else:
        show(run_page(report, verb))
    if report.exit_code:
        raise typer.Exit(report.exit_code)
