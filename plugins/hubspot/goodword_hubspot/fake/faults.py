"""Faults on purpose: the nth call of a kind fails, hangs, or was applied and still failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from goodword_hubspot.fake.answers import BAD_GATEWAY, Answer, Json
from goodword_hubspot.fake.limits import MESSAGES

RETRY_LATER = "5"
"""Seconds a 477 (account is being moved) asks to wait."""


@dataclass(slots=True)
class Fault:
    """One fault.

    Args:
        method: HTTP method, or ``*``.
        path: Numbered path, with ``*`` for anything, such as ``/crm/v3/objects/tasks/batch/*``.
        nth: The matching call it begins with, counted from 1.
        times: Matching calls in a row it strikes; 0 for all that follow.
        status: Answer with this status.
        drop: Close the connection without an answer.
        stall: Say nothing until the caller gives up.
        apply: Do what was asked first.
        policy: Which limit a 429 names.
        html: Answer with a page, as a proxy in between does.
        meanwhile: Something that happens just before the call is looked at, such as an admin
            taking a scope away. Without status, drop or stall the call then goes on as usual.
            It acts on the portal directly; a call over the socket would wait for itself.
    """

    method: str = "*"
    path: str = "*"
    nth: int = 1
    times: int = 1
    status: int = 0
    drop: bool = False
    stall: bool = False
    apply: bool = False
    policy: str = "TEN_SECONDLY_ROLLING"
    html: bool = False
    meanwhile: Callable[[], None] | None = None
    seen: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Count a call if it matches; return whether the fault strikes it."""
        if self.method not in {"*", method} or not fnmatchcase(path, self.path):
            return False
        self.seen += 1
        return self.seen >= self.nth and (not self.times or self.seen < self.nth + self.times)


@dataclass(slots=True)
class Faults:
    """The faults that are set."""

    _faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> Fault:
        """Set *fault*; its ``seen`` tells how many calls matched."""
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything work again."""
        self._faults.clear()

    def striking(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this call; each that matches counts it."""
        found = [fault for fault in self._faults if fault.strikes(method, path)]
        return found[0] if found else None


def broken(fault: Fault, correlation_id: str, applied: Answer | None) -> Answer:
    """Return what *fault* answers; *applied* is what the call would have got."""
    if fault.html:
        return Answer(fault.status, html=BAD_GATEWAY)
    if applied is not None and fault.status < 300:
        return Answer(fault.status, applied.body, applied.headers)
    headers = {"Retry-After": RETRY_LATER} if fault.status == 477 else {}
    body: Json = {"status": "error", "correlationId": correlation_id}
    if fault.status == 429:
        return Answer(429, limit_body(fault.policy, correlation_id))
    body["message"], body["category"] = WORDS.get(fault.status, ("internal error", "ERROR"))
    return Answer(fault.status, body, headers)


def limit_body(policy: str, correlation_id: str) -> Json:
    """Return the body of a 429 under *policy*."""
    return {
        "status": "error",
        "message": MESSAGES[policy],
        "errorType": "RATE_LIMIT",
        "correlationId": correlation_id,
        "policyName": policy,
        "groupName": f"publicapi:{policy.lower()}",
    }


WORDS = {
    400: ("Invalid input", "VALIDATION_ERROR"),
    401: ("The key used for this call has been revoked.", "INVALID_AUTHENTICATION"),
    403: ("You do not have permissions for this.", "MISSING_SCOPES"),
    404: ("resource not found", "OBJECT_NOT_FOUND"),
    409: ("Conflicting change, try again.", "CONFLICT"),
    423: ("The resource is locked by another operation.", "LOCKED"),
    477: ("This account is being migrated between data centers.", "MIGRATION_IN_PROGRESS"),
}
