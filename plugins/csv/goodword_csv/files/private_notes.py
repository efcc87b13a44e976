"""Small notes of ours in the state folder: whole or as before, and readable by their owner only."""

from __future__ import annotations

import json
import os
from pathlib import Path

from goodword import SourceError


def note_privately(path: Path, said: object) -> None:
    """Write plain data as JSON, in a folder that is made where there is none.

    Raises:
        SourceError: The state folder cannot be written.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(said, file)
        fresh.replace(path)
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror})."
        hint = "Make the folder writable, or make room on the disk, and run again."
        raise SourceError(msg, hint=hint) from error
