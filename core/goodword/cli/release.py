"""``goodword release``: let what was undone be planned again."""

from __future__ import annotations

from typing import Annotated

import typer

from goodword.cli.options import Folder
from goodword.cli.place import open_firm
from goodword.cli.screen import show
from goodword.errors import PlanError


def release(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(help="Id of the run that was undone.")],
    folder: Folder = None,
) -> None:
    """Let the undone writes of a run be planned again."""
    from goodword import run as running
    from goodword.report import counted

    released = running.release(open_firm(ctx, folder), run)
    if not released:
        msg = f"Nothing of a run {run!r} was undone."
        raise PlanError(msg, hint="Give the id that goodword apply printed, after an undo.")
    show(f"{counted(released, 'write')} of run {run} may be planned again. Next: goodword plan")
