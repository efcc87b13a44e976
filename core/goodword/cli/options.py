"""The options several commands share, written once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer


def a_day(text: str) -> date:
    """Return the day in *text*, as 2026-11-20."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = "write the day as 2026-11-20"
        raise typer.BadParameter(msg) from error


Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        "-C",
        help="The firm's folder; else this folder, or the nearest one above with a goodword.toml.",
        show_default=False,
    ),
]
Today = Annotated[
    date | None,
    typer.Option(
        "--today", help="Decide as of this day.", parser=a_day, metavar="DAY", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for another program.")]
