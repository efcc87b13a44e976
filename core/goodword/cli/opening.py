"""Opening a file in the program this computer has for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_OPENERS = {"darwin": "open"}
"""Programs that open a file, by platform; elsewhere the one of the desktop standard."""


def opened(path: Path) -> bool:
    """Open *path* for the person at this computer, without waiting; say whether that was begun."""
    whole = path.resolve()
    if sys.platform == "win32":
        try:
            os.startfile(whole)  # noqa: S606 - a file of the firm, in the program it belongs to
        except OSError:  # no program for such files
            return False
        return True
    program = shutil.which(_OPENERS.get(sys.platform, "xdg-open"))
    if program is None:
        return False
    nowhere = subprocess.DEVNULL
    try:
        subprocess.Popen(  # noqa: S603 - the desktop's own opener, on one absolute path
            [program, str(whole)],
            stdin=nowhere,
            stdout=nowhere,
            stderr=nowhere,
            start_new_session=True,
        )
    except OSError:
        return False
    return True
