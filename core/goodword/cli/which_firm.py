"""Which firm a dropped file is for, and which file is meant: asked in plain words where unclear."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from goodword.cli.known_firms import data_folder, known_firms
from goodword.cli.place import FILE
from goodword.cli.questions import asked_line, asked_yes
from goodword.cli.screen import show

ASKED_ABOUT = 3
"""Most firms a person is asked about, when a file lies far from any."""


def firm_beside(given: Path | None, named: list[Path]) -> Path:
    """Return the firm's folder: the one given, else that with settings nearest to the file."""
    if given is not None:
        return given
    first = named[0] if named else Path.cwd()
    beside = first if first.is_dir() else first.parent
    return next((place for place in (beside, *beside.parents) if (place / FILE).is_file()), beside)


def firm_of(home: Path, named: list[Path]) -> Path:
    """Return the firm that files far from any are a fresh export of; *home* if they are of none."""
    if any(path.is_dir() for path in named):
        return home
    names = ", ".join(path.name for path in named)
    for firm in known_firms(data_folder())[:ASKED_ABOUT]:
        if asked_yes(f"Is {names} a fresh export for the firm in {firm}?", default=False):
            return firm
    return home


def asked_list() -> Path:
    """Ask for the customer list; dropped on the window, it arrives as a typed path."""
    show("Where is your customer list? An Excel file (XLSX) or a CSV file.")
    question = "Drop it on this window, or type where it is, and press Enter"
    while True:
        path = dropped(asked_line(question), windows=sys.platform == "win32")
        if path is not None and path.exists():
            return path.absolute()
        show("I find no such file. Try again, or close this window.")


def asked_export(written: Path) -> list[Path]:
    """Ask whether to go on with the list, or with a fresh export of it, which is returned then."""
    show(f"Your list: {written}")
    while True:
        line = asked_line("Press Enter to go on, or drop a fresh export on this window first")
        path = dropped(line, windows=sys.platform == "win32")
        if path is None:
            return []
        if path.is_file():
            return [path.absolute()]
        show("I find no such file. Try again, or just press Enter.")


def dropped(line: str, *, windows: bool) -> Path | None:
    """Return the path a terminal types for a file that is dropped on it; None for no path.

    Args:
        line: What was typed: in quotes, or elsewhere than on Windows with a backslash before signs.
        windows: Backslashes stand between folders.
    """
    text = line.strip()
    if not text:
        return None
    if windows:
        text = text.removeprefix("& ").strip("\"'")
        return Path(text) if text else None
    if Path(text).expanduser().exists():
        return Path(text).expanduser()
    try:
        parts = shlex.split(text)
    except ValueError:  # a quote that is not closed
        return None
    return Path(parts[0]).expanduser() if len(parts) == 1 else None
