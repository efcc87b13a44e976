"""Short thank-yous in our own voice; every other task keeps its words file."""

from __future__ import annotations

from goodword import Candidate, Play, TaskText, hookimpl


@hookimpl
def goodword_compose(candidate: Candidate, play: Play) -> TaskText | None:
    if play.name != "thank_you":
        return None
    reasons = "\n".join(f"- {reason}" for reason in candidate.because)
    return TaskText(f"Call {candidate.name} and say thank you", f"Why: \n{reasons}", due_days=1)
