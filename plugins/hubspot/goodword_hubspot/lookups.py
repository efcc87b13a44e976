"""What was looked up about a portal today: kept in the state folder, so that polls need no setup.

It holds no person: names of properties, stages and numbers only. Another key or another day looks
it up again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from goodword import private_file

if TYPE_CHECKING:
    from pathlib import Path

FILE = "hubspot-lookups.json"


class Lookups:
    """Answers of one portal, by name.

    Args:
        state: The state folder.
        label: What they hold for: day, key and address; others are left aside.
    """

    def __init__(self, state: Path, label: str) -> None:
        self._path = state / FILE
        self._label = label
        self._answers = self._read()

    def get(self, name: str) -> Any:
        """Return an answer, None where there is none (Any: what was put)."""
        return self._answers.get(name)

    def put(self, name: str, answer: object) -> None:
        """Keep an answer."""
        self._answers[name] = answer
        content = json.dumps({"label": self._label, "answers": self._answers})
        with private_file(self._path) as file:
            file.write(content.encode())

    def drop(self, name: str) -> None:
        """Drop one answer; the file loses it with the next one that is put."""
        self._answers.pop(name, None)

    def clear(self) -> None:
        """Drop all answers, after the portal was changed."""
        self._answers = {}
        self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            return dict(data["answers"]) if data["label"] == self._label else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
