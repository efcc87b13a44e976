"""Faults on purpose: the nth call of a kind fails, hangs, or was applied and still failed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from goodword_salesforce.fake.answers import Answer, RefusedError, bad_session
from goodword_salesforce.fake.limits import limit_reached

BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"
WORDS = {
    400: ("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
    404: ("NOT_FOUND", "The requested resource does not exist"),
    409: ("CONFLICT", "The request conflicts with the current state."),
    429: ("REQUEST_LIMIT_EXCEEDED", "Too many requests."),
    500: ("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
    502: ("BAD_GATEWAY", "Bad gateway."),
    503: ("SERVER_UNAVAILABLE", "Server too busy. Please try again later."),
    504: ("QUERY_TIMEOUT", "Your query request was running for too long."),
}


@dataclass(slots=True)
class Fault:
    """One fault of a whole call.

    Args:
        method: HTTP method, or ``*``.
        path: Address behind the version, with ``*`` for anything, such as ``/query*``;
            addresses without a version are whole: ``/services/oauth2/token``.
        nth: The matching call it begins with, counted from 1.
        times: Matching calls in a row it strikes; 0 for all that follow.
        status: Answer with this status.
        code: The error code to name; by itself what fits the status.
        limit: ``daily`` or ``concurrent``: which limit a 403 names.
        drop: Close the connection without an answer.
        stall: Say nothing until the caller gives up.
        apply: Do what was asked first.
        html: Answer with a page, as a proxy in between does.
        meanwhile: Something that happens just before the call is looked at, such as sessions
            running out. Without status, drop or stall the call then goes on as usual. It acts
            on the org directly; a call over the socket would wait for itself.
    """

    method: str = "*"
    path: str = "*"
    nth: int = 1
    times: int = 1
    status: int = 0
    code: str = ""
    limit: str = "daily"
    drop: bool = False
    stall: bool = False
    apply: bool = False
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
class RowFault:
    """One fault of single records among many, at every attempt to write them.

    Args:
        kind: Object, or ``*``.
        ids: Records it strikes (18 characters); empty for all.
        names: Values of *field* it strikes; empty for all. New records have no id yet.
        field: See *names*.
        times: Attempts in all it strikes; 0 for all.
        code: Error code.
        message: Error message.
    """

    kind: str = "*"
    ids: Collection[str] = ()
    names: Collection[str] = ()
    field: str = "Subject"
    times: int = 0
    code: str = "UNABLE_TO_LOCK_ROW"
    message: str = "unable to obtain exclusive access to this record"
    struck: int = 0

    def strikes(self, kind: str, number: str, value: object) -> bool:
        """Return whether it strikes this record now, and count that."""
        if self.kind not in {"*", kind} or (self.times and self.struck >= self.times):
            return False
        if (self.ids and number not in self.ids) or (self.names and value not in self.names):
            return False
        self.struck += 1
        return True


@dataclass(slots=True)
class Faults:
    """The faults that are set."""

    _faults: list[Fault] = field(default_factory=list)
    _rows: list[RowFault] = field(default_factory=list)

    def add(self, fault: Fault) -> Fault:
        """Set *fault*; its ``seen`` tells how many calls matched."""
        self._faults.append(fault)
        return fault

    def on_rows(self, fault: RowFault) -> RowFault:
        """Set *fault*; its ``struck`` tells how many records failed."""
        self._rows.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything work again."""
        self._faults.clear()
        self._rows.clear()

    def striking(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this call; each that matches counts it."""
        found = [fault for fault in self._faults if fault.strikes(method, path)]
        return found[0] if found else None

    def check_row(self, kind: str, number: str, values: dict[str, object]) -> None:
        """Let a fault strike the record.

        Raises:
            RefusedError: One does.
        """
        for fault in self._rows:
            if fault.strikes(kind, number, values.get(fault.field)):
                raise RefusedError(fault.code, fault.message)


def broken(fault: Fault, applied: Answer | None) -> Answer:
    """Return what *fault* answers; *applied* is what the call would have got."""
    if fault.html:
        return Answer(fault.status, BAD_GATEWAY, {"Content-Type": "text/html;charset=utf-8"})
    if applied is not None and fault.status < 300:
        return Answer(fault.status, applied.body, applied.headers)
    if fault.status == 401:
        return Answer(401, bad_session().as_body())
    if fault.status == 403 and not fault.code:
        return Answer(403, limit_reached(fault.limit).as_body())
    code, message = WORDS.get(fault.status, WORDS[500])
    return Answer(fault.status, RefusedError(fault.code or code, message).as_body())
