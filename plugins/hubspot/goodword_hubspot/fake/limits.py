"""How many calls the portal takes: in ten seconds, in one (search), and in a day."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from goodword_hubspot.fake.account import Account

Bucket = Literal["ordinary", "search", "associations", "none"]

SEARCHES = 5
"""Searches in any second, over the whole account."""
ASSOCIATIONS_DAILY = 500_000
SECOND = 1_000
TEN_SECONDS = 10_000
MESSAGES = {
    "SECONDLY": "You have reached your secondly limit.",
    "TEN_SECONDLY_ROLLING": "You have reached your ten_secondly_rolling limit.",
    "DAILY": "You have reached your daily limit.",
}


@dataclass(slots=True)
class Limits:
    """Counts calls by the portal's clock.

    Args:
        account: Whose tier says how many.
        used_today: Calls since midnight in the account's time zone; a test may set it.
    """

    account: Account
    used_today: int = 0
    associations_today: int = 0
    _day: str = ""
    _calls: deque[int] = field(default_factory=deque)
    _links: deque[int] = field(default_factory=deque)
    _searches: deque[int] = field(default_factory=deque)

    def take(self, bucket: Bucket, now: int) -> str:
        """Count a call at *now* (milliseconds); return the policy it breaks, or nothing.

        A call that is turned down does not count.
        """
        if bucket == "none":
            return ""
        self._turn_the_day(now)
        if self.used_today >= self.account.tier.daily:
            return "DAILY"
        if bucket == "associations" and self.associations_today >= ASSOCIATIONS_DAILY:
            return "DAILY"
        if bucket == "search":
            if _within(self._searches, now, SECOND) >= SEARCHES:
                return "SECONDLY"
            self._searches.append(now)
        else:
            if _within(self._calls, now, TEN_SECONDS) >= self.account.tier.burst:
                return "TEN_SECONDLY_ROLLING"
            if bucket == "associations":
                if _within(self._links, now, TEN_SECONDS) >= self.account.tier.association_burst:
                    return "TEN_SECONDLY_ROLLING"
                self._links.append(now)
                self.associations_today += 1
            self._calls.append(now)
        self.used_today += 1
        return ""

    def headers(self, bucket: Bucket, now: int) -> Mapping[str, str]:
        """Return what an answer says of the limits; search says nothing."""
        if bucket == "none":
            return {}
        if bucket == "search":
            return {"x-hubspot-rate-limit-exemptions": '["ten-secondly"]'}
        tier = self.account.tier
        left = max(0, tier.burst - _within(self._calls, now, TEN_SECONDS))
        found = {
            "X-HubSpot-RateLimit-Max": str(tier.burst),
            "X-HubSpot-RateLimit-Remaining": str(left),
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(TEN_SECONDS),
        }
        if tier.daily_headers:
            found["X-HubSpot-RateLimit-Daily"] = str(tier.daily)
            found["X-HubSpot-RateLimit-Daily-Remaining"] = str(tier.daily - self.used_today)
        return found

    def _turn_the_day(self, now: int) -> None:
        zone = ZoneInfo(self.account.time_zone)
        day = f"{datetime.fromtimestamp(now / 1000, tz=UTC).astimezone(zone):%Y-%m-%d}"
        if day != self._day:
            if self._day:
                self.used_today = self.associations_today = 0
            self._day = day


def _within(calls: deque[int], now: int, window: int) -> int:
    while calls and calls[0] <= now - window:
        calls.popleft()
    return len(calls)
