"""``goodword undo``: take back what a run wrote."""

from __future__ import annotations

from typing import Annotated

import typer

from goodword.cli.apply import finish
from goodword.cli.options import Folder, Json
from goodword.cli.place import open_firm
from goodword.cli.screen import at_work


def undo(
    ctx: typer.Context,
    run: Annotated[
        str | None, typer.Argument(help="Id of the run; the latest one if left out.")
    ] = None,
    folder: Folder = None,
    json: Json = False,
) -> None:
    """Take back what a run wrote.

    What a person has changed since stays as it is, and so do notes of what really happened.
    """
    from goodword import undoing

    firm = open_firm(ctx, folder)
    with at_work(firm, "Undoing"):
        report = undoing.undo(firm, run)
    finish(firm, report, json=json, verb="undo")
