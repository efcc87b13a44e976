"""What was looked up about an org today: kept in the state folder, so that polls need no setup.

It holds names of fields and the users of the org, no customer. Other settings or another day look
it up again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from goodword import private_file

if TYPE_CHECKING:
    from pathlib import Path

FILE = "salesforce-lookups.json"


class Lookups:
    """Answers of one org, by name.

    Args:
        state: The state folder.
        label: What they hold for: day, user and address; others are left aside.
    """

    def __init__(self, state: Path, label: str) -> None:
        self._path = state / FILE
        self._label = label
        self._answers = self._read()

    def get(self, name: str) -> Any:
        """Return an answer, None where there is none (Any: what was put)."""
        return self._answers.get(name)

    def put(self, answers: dict[str, object]) -> None:
        """Keep answers, in one write."""
        self._answers |= answers
        content = json.dumps({"label": self._label, "answers": self._answers})
        with private_file(self._path) as file:
            file.write(content.encode())

    def clear(self) -> None:
        """Drop all answers, after the org was changed."""
        self._answers = {}
        self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            return dict(data["answers"]) if data["label"] == self._label else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}
