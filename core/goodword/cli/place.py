"""Which firm a command is about: its folder, found from here upwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from goodword.errors import SettingsError

if TYPE_CHECKING:
    from datetime import date

    import typer

    from goodword.firm import Firm

FILE = "goodword.toml"
OLD = f"{FILE}.old"
"""What the settings before the last change that replaced them are kept as."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What stood before the command: the firm's folder and a profile of its settings."""

    folder: Path | None = None
    profile: str = ""


def open_firm(ctx: typer.Context, folder: Path | None, today: date | None = None) -> Firm:
    """Return the firm a command is about; its settings are read when first needed.

    Args:
        ctx: The command's context; its ``obj`` is what stood before the command.
        folder: The folder given to the command itself.
        today: Day to decide for.

    Raises:
        SettingsError: No such folder.
    """
    from goodword.firm import Firm

    return Firm(firm_folder(ctx, folder), today=today, profile=chosen(ctx).profile)


def chosen(ctx: typer.Context) -> Chosen:
    """Return what stood before the command."""
    return ctx.obj if isinstance(ctx.obj, Chosen) else Chosen()


def program(firm: Firm) -> str:
    """Return how a user of this firm's profile begins a command."""
    return f"goodword --profile {firm.profile}" if firm.profile else "goodword"


def goodword(firm: Firm, command: str) -> str:
    """Return *command* as a user of this firm's profile types it."""
    return f"{program(firm)} {command}"


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
    named = folder or chosen(ctx).folder
    if named is None:
        return None
    if not Path(named).is_dir():
        msg = f"There is no folder {str(named)!r}."
        raise SettingsError(msg, hint="Give the folder that holds goodword.toml.")
    return Path(named).resolve()
