"""Which failures are tried again, and after how long; Salesforce names no waiting time."""

from __future__ import annotations

from goodword_salesforce.seam.kinds import Kind

ATTEMPTS = 6
"""Tries of one call in all."""
BUSY = frozenset({429})
"""Statuses that say nothing was done, so that any call may be repeated."""
FAILING = frozenset({500, 502, 503, 504})
"""Statuses after which a write may have arrived or not; only what is repeatable is repeated."""
NO_ANSWER, NEVER_SENT, TIMED_OUT = -1, 0, -2
"""Instead of a status: the connection broke, never came about, or the answer took too long."""
CONNECTS = 3
"""Tries of a connection that never comes about."""
LIMIT = "REQUEST_LIMIT_EXCEEDED"
SLOW = frozenset({"QUERY_TIMEOUT", "SERVER_UNAVAILABLE"})
"""Error codes of an org that was too slow, whatever the status."""


def wait_before_retry(
    kind: Kind, attempt: int, status: int, codes: tuple[str, ...] = (), *, daily: bool = False
) -> float | None:
    """Return how many seconds to wait before the next try, or None to give up.

    Args:
        kind: Kind of the call.
        attempt: Number of the try that failed, from 1.
        status: Status of the answer, ``NO_ANSWER``, ``NEVER_SENT`` or ``TIMED_OUT``.
        codes: Salesforce's error codes.
        daily: The limit that was met is the one of the whole day.
    """
    if attempt >= ATTEMPTS or daily:
        return None
    if LIMIT in codes:  # too many long calls at once; they take 20 seconds and more
        return float(2 << attempt)
    if status in BUSY:
        return 2.0 * attempt
    if status == NEVER_SENT:
        return 0.5 * attempt if attempt < CONNECTS else None
    if not kind.repeatable:
        return None
    if status in {NO_ANSWER, TIMED_OUT, *FAILING} or not SLOW.isdisjoint(codes):
        return 0.5 * attempt
    return None
