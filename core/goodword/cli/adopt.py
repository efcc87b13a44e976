"""``goodword adopt``: make this computer the one in charge of the host and of our tasks there."""

from __future__ import annotations

from typing import Annotated

import typer

from goodword.cli.asking import require_yes
from goodword.cli.options import Folder
from goodword.cli.place import goodword, open_firm
from goodword.cli.screen import at_work, show

TOLD = """\
One computer writes for an account. goodword adopt says: from now on it is this one.
Our tasks found there count as ours and are not made again. What another computer wrote cannot be
undone from here. If another goodword still runs on a schedule, stop it first, or both will write.
"""


def adopt(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    folder: Folder = None,
) -> None:
    """Put this computer in charge, after a move or a lost ledger.

    Nothing is written to your file or CRM by it.
    """
    from goodword import run

    firm = open_firm(ctx, folder)
    if not yes:
        show(TOLD)
    require_yes("Is this the only computer that writes from now on?", yes=yes)
    with at_work(firm, "Adopting"):
        notices = run.adopt(firm)
    show(*notices, f"This computer is in charge. Next: {goodword(firm, 'plan')}")
