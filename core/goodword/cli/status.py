"""``goodword status``: is all well, for a person or a monitor; the host is not touched."""

from __future__ import annotations

import typer

from goodword.cli.options import Folder, Json, Today
from goodword.cli.place import open_firm
from goodword.cli.screen import at_work, show, show_json


def status(
    ctx: typer.Context, folder: Folder = None, today: Today = None, json: Json = False
) -> None:
    """Say how goodword is doing here; exit code 1 when something needs a person.

    Reads what is on this computer only: mode, last runs, age of the data, open tasks.
    """
    from goodword import looking
    from goodword.report import status_page

    firm = open_firm(ctx, folder, today)
    with at_work(firm, "Looking"):
        told = looking.status(firm)
    if json:
        show_json(told.model_dump(mode="json"))
    else:
        show(status_page(told, firm.clock()))
    if told.unhealthy:
        raise typer.Exit(1)
