"""``goodword doctor``: look at everything, change nothing."""

from __future__ import annotations

import typer

from goodword.cli.options import Folder, Json
from goodword.cli.place import open_firm
from goodword.cli.screen import at_work, show, show_json


def doctor(ctx: typer.Context, folder: Folder = None, json: Json = False) -> None:
    """Check settings, plugins, rules, connection, disk and clock.

    Changes nothing. Exit code 1 when something does not work.
    """
    from dataclasses import asdict

    from goodword import looking
    from goodword.cli.surroundings import surroundings
    from goodword.report import checks_page

    firm = open_firm(ctx, folder)
    with at_work(firm, "Looking"):
        checks = [*surroundings(firm), *looking.doctor(firm)]
    if json:
        show_json({"checks": [asdict(check) for check in checks]})
    else:
        show(checks_page(checks))
    if not all(check.ok for check in checks):
        raise typer.Exit(1)
