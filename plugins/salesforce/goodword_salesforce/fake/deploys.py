"""A deployment: what was asked, and what became of each component."""

from __future__ import annotations

from dataclasses import dataclass, field

from goodword_salesforce.fake.answers import Json


@dataclass(slots=True)
class Deploy:
    """One deployment.

    Args:
        id: Its id.
        options: As they were sent.
        successes: One for each component that is right.
        failures: One for each that is not.
        error: Why the whole package cannot be read.
        polls: How often it was asked about.
        cancelled: Whether somebody stopped it.
    """

    id: str
    options: Json
    successes: list[Json] = field(default_factory=list)
    failures: list[Json] = field(default_factory=list)
    error: str = ""
    polls: int = 0

    @property
    def right(self) -> bool:
        """Whether nothing was wrong."""
        return not self.failures and not self.error
