"""``goodword pull``: read the customers, decide nothing."""

from __future__ import annotations

import typer

from goodword.cli.options import Folder, Json
from goodword.cli.place import open_firm
from goodword.cli.screen import at_work, show, show_json, warn_of_broken_plugins


def pull(ctx: typer.Context, folder: Folder = None, json: Json = False) -> None:
    """Read your files or CRM; decide and write nothing."""
    from goodword import run
    from goodword.report import pull_page

    firm = open_firm(ctx, folder)
    with at_work(firm, "Reading"):
        snapshot, told = run.pull(firm)
    notices = [*told, *snapshot.notices]
    warn_of_broken_plugins(firm)
    if json:
        show_json(
            {
                "snapshot": snapshot.number,
                "pulled_at": snapshot.pulled_at.isoformat(),
                "rows": dict(snapshot.rows),
                "notices": notices,
            }
        )
    else:
        show(pull_page(snapshot.rows, notices))
