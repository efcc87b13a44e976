"""What was looked up about a host today: kept in the state folder, so that a poll needs no set-up.

Other settings or another day look it up again; a file that is lost or damaged costs a few calls.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from goodword.private_files import private_file

if TYPE_CHECKING:
    from pathlib import Path


class Lookups:
    """Answers of one host, by name: names of fields, stages, users; never customers.

    Args:
        path: A file in the state folder.
        label: What they hold for, such as day, key and address; others are left aside.
    """

    def __init__(self, path: Path, label: str) -> None:
        self._path = path
        self._label = label
        self._answers = self._read()

    def get(self, name: str) -> Any:
        """Return an answer, None where there is none (Any: what was put)."""
        return self._answers.get(name)

    def put(self, **answers: object) -> None:
        """Keep answers, in one write.

        Raises:
            SourceError: The disk is full or not writable.
        """
        self._answers |= answers
        content = json.dumps({"label": self._label, "answers": self._answers})
        with private_file(self._path) as file:
            file.write(content.encode())

    def drop(self, name: str) -> None:
        """Drop one answer; the file loses it with the next one that is put."""
        self._answers.pop(name, None)

    def clear(self) -> None:
        """Drop all answers, after the host was changed."""
        self._answers = {}
        self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            return dict(data["answers"]) if data["label"] == self._label else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
