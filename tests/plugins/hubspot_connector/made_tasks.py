"""Tasks as a plan makes them, for a contact of the sample portal."""

from __future__ import annotations

from datetime import date
from typing import Any

from goodword import CreateTask
from goodword.model import task_key

ACCOUNT = "47102285"
"""The sample portal."""
ASKING = frozenset({"ask", "ask_referral"})


def task(play: str = "ask", contact: int = 1003, cycle: str = "one", **changes: Any) -> CreateTask:
    """Return a task of a play; *changes* replace its other fields."""
    person = str(contact)
    values: dict[str, Any] = {
        "key": task_key(ACCOUNT, person, play, cycle),
        "contact_id": person,
        "contact_name": "Somebody",
        "owner_id": "51",
        "play": play,
        "cycle": cycle,
        "due": date(2026, 11, 27),
        "subject": f"{play} Somebody",
        "body": "Say this.",
        "because": (),
        "rank": 1,
        "asks": play in ASKING,
    }
    return CreateTask(**{**values, **changes})
