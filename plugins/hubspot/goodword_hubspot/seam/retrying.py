"""Which failures are tried again, and after how long.

HubSpot names no waiting time for 429; the waits are those of its own Node library: 10 s times the
attempt for the ten-second window, 1 s for search, 0.2 s for a failing server.
"""

from __future__ import annotations

from goodword_hubspot.seam.kinds import Kind

ATTEMPTS = 6
"""Tries of one call in all."""
FAILING = frozenset({500, 502, 503, 504, 521, 522, 523, 524})
"""Statuses after which a write may have arrived or not; only what is repeatable is repeated."""
NAMING = frozenset({429, 477})
"""Statuses whose answer may name the seconds to wait."""
DAILY = "DAILY"
NO_ANSWER, NEVER_SENT = -1, 0
"""Instead of a status: the connection broke before the whole answer, or never came about."""
CONNECTS = 3
"""Tries of a connection that never comes about."""
LONGEST = 120.0
"""Seconds of a wait HubSpot asks for that are waited; after longer ones somebody runs it again."""


def wait_before_retry(
    kind: Kind, attempt: int, status: int, policy: str = "", asked: float | None = None
) -> float | None:
    """Return how many seconds to wait before the next try, or None to give up.

    Args:
        kind: Kind of the call.
        attempt: Number of the try that failed, from 1.
        status: Status of the answer, ``NO_ANSWER`` or ``NEVER_SENT``.
        policy: HubSpot's name of the limit that was met.
        asked: Seconds HubSpot asked to wait.
    """
    if attempt >= ATTEMPTS or (status == 429 and policy == DAILY):
        return None
    if status in NAMING and asked is not None:
        return asked if asked <= LONGEST else None
    if status == 429:
        return _per_attempt(policy, kind) * attempt
    if status == NEVER_SENT:
        return 0.5 * attempt if attempt < CONNECTS else None
    if status == 423:
        return 2.0 * attempt
    if status == 477:
        return 10.0
    if status in {NO_ANSWER, *FAILING} and kind.repeatable:
        return 0.2 * attempt
    return None


def _per_attempt(policy: str, kind: Kind) -> float:
    return 1.0 if policy == "SECONDLY" or (not policy and kind is Kind.SEARCH) else 10.0
