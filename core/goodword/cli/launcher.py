"""``goodword launcher``: icons that run ``goodword start``, for people who never open a terminal.

The same files, without the path of an installed Python in them, are in the repository, too.
"""

from __future__ import annotations

import os
import stat
import sys
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from goodword.cli.place import firm_folder
from goodword.cli.screen import show
from goodword.errors import SettingsError, SourceError

BAT, COMMAND, DESKTOP = "Start goodword.bat", "Start goodword.command", "start-goodword.desktop"
LAUNCHERS = (BAT, COMMAND, DESKTOP)
_PLATFORMS = {"win32": (BAT,), "darwin": (COMMAND,)}
"""Which of them a system uses; elsewhere the desktop's entry, and the script that it runs."""
_MARK = b"goodword"
"""What a file holds that we may replace."""


def launcher(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(help="Where to put it; the firm's folder if left out.", show_default=False),
    ] = None,
    everywhere: Annotated[
        bool, typer.Option("--all", help="Write those of Windows, macOS and Linux.")
    ] = False,
) -> None:
    """Put an icon beside your list that does the week's work without a terminal.

    Drop a customer list on it, or double-click it. It runs goodword start.
    """
    home = folder or firm_folder(ctx, None)
    if not home.is_dir():
        msg = f"There is no folder {str(home)!r}."
        raise SettingsError(msg, hint="Name the folder that holds your customer list.")
    for path in write_launchers(home.resolve(), LAUNCHERS if everywhere else launchers_here()):
        show(f"Written: {path}")


def launchers_here() -> tuple[str, ...]:
    """Return the names of the launchers that this computer uses."""
    return _PLATFORMS.get(sys.platform, (COMMAND, DESKTOP))


def write_launchers(home: Path, names: tuple[str, ...]) -> list[Path]:
    """Write launchers into *home*, those of this computer with the Python that runs now.

    Raises:
        SourceError: Another file has that name, or the folder cannot be written.
    """
    written = []
    for name in names:
        path = home / name
        known = sys.executable if name in launchers_here() else ""
        try:
            if os.path.lexists(path) and _MARK not in path.read_bytes():
                msg = f"{path} is there already, and is no launcher of goodword."
                raise SourceError(msg, hint="Move it away, or name another folder.")
            fresh = path.with_name(f".{name}.{os.getpid()}.new")
            fresh.write_bytes(text_of(name, known))
            fresh.chmod(fresh.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
            fresh.replace(path)
        except OSError as error:
            msg = f"{path} cannot be written ({error.strerror})."
            raise SourceError(msg, hint="Name a folder you may write to.") from error
        written.append(path)
    return written


def text_of(name: str, known: str = "") -> bytes:
    """Return the content of a launcher.

    Args:
        name: Its file name.
        known: The Python that has goodword already; it is used while it is there.
    """
    data = resources.files("goodword.cli").joinpath("launchers", name).read_bytes()
    if name == BAT:
        return data.replace(b'"KNOWN="', f'"KNOWN={known.replace("%", "%%")}"'.encode(), 1)
    quoted = known.replace("'", "'\\''")
    return data.replace(b"KNOWN=''", f"KNOWN='{quoted}'".encode(), 1)
