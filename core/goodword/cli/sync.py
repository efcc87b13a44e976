"""``goodword sync``: plan and apply in one go."""

from __future__ import annotations

import typer

from goodword.cli.apply import finish
from goodword.cli.options import Folder, Json, Today
from goodword.cli.place import open_firm
from goodword.cli.plan import page_of
from goodword.cli.screen import at_work, show, show_json


def sync(
    ctx: typer.Context, folder: Folder = None, today: Today = None, json: Json = False
) -> None:
    """Read, plan and write in one go."""
    from goodword import run

    firm = open_firm(ctx, folder, today)
    with at_work(firm, "Working"):
        made, report = run.sync(firm)
    if json:
        both = {"plan": made.model_dump(mode="json"), "run": report.model_dump(mode="json")}
        show_json(both)
        if report.exit_code:
            raise typer.Exit(report.exit_code)
        return
    show(page_of(firm, made))
    finish(report, json=False)
