"""Asking a person before something that is not taken back by itself."""

from __future__ import annotations

import typer

from goodword.errors import GoodwordError


def require_yes(question: str, *, yes: bool) -> None:
    """Ask *question* unless *yes* was given already.

    Raises:
        GoodwordError: Nobody is there to answer.
        Exit: The answer is no; nothing was done.
    """
    if yes:
        return
    try:
        agreed = typer.confirm(question, default=False)
    except typer.Abort as error:
        msg = "Nobody answered, so nothing was done."
        raise GoodwordError(msg, hint="Add --yes where nobody can be asked.") from error
    if not agreed:
        typer.echo("Nothing was done.")
        raise typer.Exit(1)
