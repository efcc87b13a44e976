"""``goodword champions``: who stands out, and what each kind of customer needs."""

from __future__ import annotations

import typer

from goodword.cli.options import Folder, Json, Today
from goodword.cli.place import open_firm
from goodword.cli.screen import at_work, show, show_json, warn_of_broken_plugins


def champions(
    ctx: typer.Context, folder: Folder = None, today: Today = None, json: Json = False
) -> None:
    """List champions, potential and hidden ones, and referrals worth a look.

    Worth as a customer and by referrals is for the year ahead; the last column says what is next.
    """
    from goodword.report import champions_page
    from goodword.segments import standouts

    firm = open_firm(ctx, folder, today)
    with at_work(firm, "Looking"):
        told = standouts(firm)
    warn_of_broken_plugins(firm)
    if json:
        show_json(told.model_dump(mode="json"))
    else:
        show(champions_page(told))
