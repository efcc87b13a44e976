"""The firms that were started on this computer, so that a fresh export finds the one it is of.

Only the paths of their folders are kept, in a file of the person who uses the computer. Losing it
costs nothing but a question.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from goodword.cli.place import FILE
from goodword.errors import SourceError
from goodword.private_files import private_file

KEPT = 20
"""Most firms that are remembered."""


def data_folder(
    environ: Mapping[str, str] = os.environ, platform: str = sys.platform, home: Path | None = None
) -> Path:
    """Return where goodword keeps things of one person; the launchers' Python is there, too."""
    own = Path.home() if home is None else home
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or own / "AppData" / "Local") / "goodword"
    if platform == "darwin":
        return own / "Library" / "Application Support" / "goodword"
    return Path(environ.get("XDG_DATA_HOME") or own / ".local" / "share") / "goodword"


def known_firms(folder: Path) -> list[Path]:
    """Return the folders of firms that are still there, the one started last first.

    Args:
        folder: See ``data_folder``.
    """
    try:
        lines = (folder / "firms").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [Path(line) for line in lines if line and (Path(line) / FILE).is_file()]


def remember_firm(folder: Path, home: Path) -> None:
    """Remember that the firm in *home* was started."""
    firms = [home, *(firm for firm in known_firms(folder) if firm != home)]
    text = "".join(f"{firm}\n" for firm in firms[:KEPT])
    # It is a comfort only: where nothing can be kept, a question is asked.
    with suppress(SourceError), private_file(folder / "firms") as file:
        file.write(text.encode())
