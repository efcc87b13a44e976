"""The pace of calls: never above what the portal permits, and hardly below it.

HubSpot counts calls in a rolling window (HubSpot's usage guidelines): per app in 10 seconds, for
search per account in one second, and per account in a day. The headers of each answer say how many.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping

from goodword import RetryableError
from goodword_hubspot.seam.kinds import Kind

LOWEST_BURST = 100
"""Calls in 10 seconds of the smallest tier; used until an answer says what the portal may."""
BURST_SHARE = 0.98
"""Part of the burst that is used; the rest is for clocks and answers under way."""
SEARCHES_PER_SECOND = 5
LINKS_SHARE = 0.77
"""Part of the burst that calls about links may take: 150 of 190, 100 of 100 (association guide)."""
LONGEST_WINDOW = 60_000
"""Milliseconds of a window that is believed; HubSpot's own is 10,000."""
SLACK = 0.02
"""Part by which a window is made longer than HubSpot's."""
DAILY_RESERVE = 0.01
"""Part of the daily calls left to the portal's other programs."""


class Window:
    """At most *most* calls in any *seconds*.

    Args:
        most: Calls.
        seconds: Length of the window.
        clock: Current time in seconds.
        sleep: Waits that many seconds.
    """

    def __init__(
        self,
        most: int,
        seconds: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.most = most
        self.seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._sent: deque[float] = deque()

    def wait(self) -> None:
        """Wait until one more call fits, and count it."""
        while True:
            now = self._clock()
            while self._sent and now - self._sent[0] >= self.seconds:
                self._sent.popleft()
            if len(self._sent) < self.most:
                break
            self._sleep(max(self._sent[0] + self.seconds - now, 0.001))
        self._sent.append(now)


class Pace:
    """Holds every call back until the portal's limits have room for it.

    Args:
        clock: Current time in seconds.
        sleep: Waits that many seconds.
        burst: Most calls in 10 seconds by the settings; None to learn it from the answers.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        burst: int | None = None,
    ) -> None:
        self._fixed = burst
        self.burst = Window(burst or _share(LOWEST_BURST), 10 * (1 + SLACK / 10), clock, sleep)
        self.links = Window(_links(burst or LOWEST_BURST), self.burst.seconds, clock, sleep)
        self.search = Window(SEARCHES_PER_SECOND, 1 + SLACK, clock, sleep)
        self.daily: int | None = None
        self.daily_left: int | None = None

    def wait(self, kind: Kind, *, links: bool = False) -> None:
        """Wait until a call of this kind fits.

        Args:
            kind: Its kind.
            links: It is about links between records, which HubSpot counts by themselves, too.

        Raises:
            RetryableError: The calls of the day are used up.
        """
        if self.daily and self.daily_left is not None:
            if self.daily_left <= self.daily * DAILY_RESERVE:
                msg = "HubSpot's calls of the day are used up but for a small reserve."
                hint = "What was sent is kept; the next run, tomorrow, goes on from here."
                raise RetryableError(msg, hint=hint)
            self.daily_left -= 1
        if links:
            self.links.wait()
        (self.search if kind is Kind.SEARCH else self.burst).wait()

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take over the limits that an answer names; search answers name none."""
        most = _number(headers, "x-hubspot-ratelimit-max")
        length = _number(headers, "x-hubspot-ratelimit-interval-milliseconds")
        if most and length and length <= LONGEST_WINDOW and self._fixed is None:
            self.burst.most = _share(most)
            self.burst.seconds = length / 1000 * (1 + SLACK / 10)
            self.links.most = _links(most)
        self.daily = _number(headers, "x-hubspot-ratelimit-daily") or self.daily
        left = _number(headers, "x-hubspot-ratelimit-daily-remaining")
        self.daily_left = left if left is not None else self.daily_left


def _share(most: int) -> int:
    return max(1, math.floor(most * BURST_SHARE))


def _links(burst: int) -> int:
    return _share(max(min(burst, LOWEST_BURST), math.floor(burst * LINKS_SHARE)))


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if len(text) < 10 and text.isascii() and text.isdigit() else None
