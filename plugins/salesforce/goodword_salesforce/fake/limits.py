"""How many calls the org takes: in any 24 hours, and long ones at a time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from goodword_salesforce.fake.account import Account
from goodword_salesforce.fake.answers import RefusedError
from goodword_salesforce.fake.times import DAY

LONG_REQUESTS = 25
"""Requests of 20 seconds and more that may run at a time."""
DAILY = "daily"
CONCURRENT = "concurrent"
MESSAGES = {
    DAILY: "TotalRequests Limit exceeded.",
    CONCURRENT: "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
}


@dataclass(slots=True)
class Limits:
    """Counts calls by the org's clock.

    Args:
        account: Says how many there may be.
        others: Calls of other programs in the last 24 hours; a test sets it.
    """

    account: Account
    others: int = 0
    _calls: deque[float] = field(default_factory=deque)

    def used(self, now: float) -> int:
        """Return the calls of the 24 hours before *now*."""
        while self._calls and self._calls[0] <= now - DAY:
            self._calls.popleft()
        return self.others + len(self._calls)

    def take(self, now: float) -> None:
        """Count a call.

        Raises:
            RefusedError: It is one too many.
        """
        if self.used(now) >= self.account.daily_calls:
            raise limit_reached(DAILY)
        if self.account.busy >= LONG_REQUESTS:
            raise limit_reached(CONCURRENT)
        self._calls.append(now)

    def header(self, now: float) -> dict[str, str]:
        """Return what an answer says of the day's calls."""
        return {"Sforce-Limit-Info": f"api-usage={self.used(now)}/{self.account.daily_calls}"}


def limit_reached(which: str) -> RefusedError:
    """Return the refusal for the limit *which*: ``daily`` or ``concurrent``."""
    return RefusedError("REQUEST_LIMIT_EXCEEDED", MESSAGES[which], 403)
