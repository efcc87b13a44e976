"""What a rep does for a play, in words: the same in a task list and in a report."""

from __future__ import annotations

DOINGS = {
    "ask": "Ask for a good word",
    "thank_you": "Say thank you",
    "fast_lane": "Look after a referred lead",
    "warm_up": "Talk first, without asking",
    "recover": "Put it right",
    "quiet": "Say hello",
}
"""What a rep does, by the bundled plays; others are called by their names."""


def doing(play: str) -> str:
    """Return what a rep does for *play*: "Say thank you", and "Send a card" for send_a_card."""
    return DOINGS.get(play) or play.replace("_", " ").capitalize()
