"""New contents put in the place of files: refused as a whole, kept, then replaced one by one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from goodword_csv.files.atomic import refuse_unless_replaceable, replace_atomically
from goodword_csv.tasks.backups import Backups
from goodword_csv.tasks.writing import NewContent


def put(contents: Sequence[NewContent], backups: Backups, run_id: str, like: Path) -> None:
    """Keep a backup of each file, then give it its new content at once.

    Args:
        contents: The files in their order; without any, nothing is done or kept.
        backups: Where the copies go.
        run_id: The run they are kept under.
        like: The file whose rights a new one gets.

    Raises:
        SourceError: A file changed since it was read, is open elsewhere or cannot be written;
            what was not replaced by then is as it was.
    """
    for content in contents:
        refuse_unless_replaceable(content.path, content.expected)
    if not contents:
        return
    backups.keep(run_id, contents)
    for content in contents:
        replace_atomically(content.path, content.data, content.expected, like=like)
