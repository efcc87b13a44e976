"""Which firm a command is about: its folder, found from here upwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from goodword.errors import SettingsError

if TYPE_CHECKING:
    from datetime import date

    import typer

    from goodword.firm import Firm

FILE = "goodword.toml"


def open_firm(ctx: typer.Context, folder: Path | None, today: date | None = None) -> Firm:
    """Return the firm a command is about; its settings are read when first needed.

    Args:
        ctx: The command's context; its ``obj`` is the folder given before the command.
        folder: The folder given to the command itself.
        today: Day to decide for.

    Raises:
        SettingsError: No such folder.
    """
    from goodword.firm import Firm

    return Firm(firm_folder(ctx, folder), today=today)


def firm_folder(ctx: typer.Context, folder: Path | None) -> Path:
    """Return the folder named by the user, or the nearest one from here upwards with settings."""
    named = named_folder(ctx, folder)
    if named is not None:
        return named
    here = Path.cwd()
    return next((place for place in (here, *here.parents) if (place / FILE).is_file()), here)


def named_folder(ctx: typer.Context, folder: Path | None) -> Path | None:
    """Return the folder the user named, before or after the command.

    Raises:
        SettingsError: No such folder.
    """
    named = folder or ctx.obj
    if named is None:
        return None
    if not Path(named).is_dir():
        msg = f"There is no folder {str(named)!r}."
        raise SettingsError(msg, hint="Give the folder that holds goodword.toml.")
    return Path(named).resolve()
