"""HubSpot's refusals as errors of ours: by status, with a hint, never with the body.

Bodies repeat what was sent, e-mail addresses included; only the correlation id, the category and
names of scopes and properties are passed on.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from goodword import AuthError, ConnectorError, RecordError, RetryableError

GONE = "the record is not there any more: it was deleted or merged"
_NAME = re.compile(r"[A-Za-z0-9_.\-]{1,100}")
_BETWEEN = (
    "A proxy or firewall may be in between; check [plugin.hubspot] host and HTTPS_PROXY, "
    "then run again."
)
_KEY = "Make a new service key (or use the token of an existing private app) and set it again."


class ScopeError(AuthError):
    """The key lacks a scope.

    Args:
        message: What happened.
        hint: What to do next.
        scopes: Names of the missing scopes, as far as HubSpot says.
    """

    def __init__(self, message: str, *, hint: str = "", scopes: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.scopes = scopes


@dataclass(frozen=True, slots=True)
class Trouble:
    """What can be told of an error body: nothing that could be about a person."""

    category: str = ""
    correlation_id: str = ""
    policy: str = ""
    scopes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why something was refused, in HubSpot's own words for it, and about what."""
        about = f" about {', '.join(self.properties)}" if self.properties else ""
        meant = f" ({GONE})" if self.category == "OBJECT_NOT_FOUND" else ""
        return f"{', '.join(self.codes) or self.category or 'no reason given'}{meant}{about}"


class RefusedError(RecordError):
    """HubSpot refused a call because of what was sent (400, 404, 409, 413, 422).

    Args:
        message: What happened.
        status: HTTP status.
        trouble: What HubSpot says of it.
    """

    def __init__(self, message: str, *, status: int, trouble: Trouble) -> None:
        hint = "Run goodword doctor; it looks at keys, scopes and properties."
        super().__init__(message, hint=hint)
        self.status = status
        self.trouble = trouble


def trouble_in(body: bytes) -> Trouble:
    """Read an error body; one that is no JSON, such as a proxy's page, says nothing."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return Trouble()
    return trouble_of(data) if isinstance(data, dict) else Trouble()


def trouble_of(data: Mapping[str, object]) -> Trouble:
    """Read an error, or the error of one input of a batch."""
    errors = [error for error in _list(data.get("errors")) if isinstance(error, dict)]
    contexts = [_dict(part.get("context")) for part in (data, *errors)]
    scopes = [name for c in contexts for name in _list(c.get("requiredGranularScopes"))]
    named = [name for c in contexts for name in _list(c.get("propertyName"))]
    codes = [error.get("code") for error in errors]
    return Trouble(
        category=_name(data.get("category") or data.get("errorType")),
        correlation_id=_name(data.get("correlationId")),
        policy=_name(data.get("policyName")),
        scopes=tuple(dict.fromkeys(filter(None, map(_name, scopes)))),
        codes=tuple(dict.fromkeys(filter(None, map(_name, codes)))),
        properties=tuple(dict.fromkeys(filter(None, map(_name, named)))),
    )


def error_of(
    status: int, trouble: Trouble, what: str, asked: float | None = None
) -> ConnectorError:
    """Return the error of ours for an answer of HubSpot.

    Args:
        status: HTTP status.
        trouble: What its body says.
        what: The call, such as ``POST /crm/v3/objects/tasks/batch/upsert``.
        asked: Seconds HubSpot asked to wait.
    """
    told = f" (correlation id {trouble.correlation_id})" if trouble.correlation_id else ""
    if status == 401:
        msg = f"HubSpot does not accept the key{told}."
        return AuthError(msg, hint=_KEY)
    if status == 403 and trouble.scopes:
        scopes = ", ".join(trouble.scopes)
        msg = f"The HubSpot key lacks a scope for {what}: {scopes}{told}."
        hint = "Add the scope to the service key in HubSpot, Development > Keys."
        return ScopeError(msg, hint=hint, scopes=trouble.scopes)
    if status == 403:
        msg = f"HubSpot does not allow {what}{told}."
        hint = "Run goodword doctor, and compare the scopes of the key with those of the README."
        return ScopeError(msg, hint=hint)
    if status == 429 and trouble.policy == "DAILY":
        msg = f"HubSpot's calls of the day are used up{told}."
        hint = "What was sent is kept; the next run, tomorrow, goes on from here."
        return RetryableError(msg, hint=hint)
    if status in (423, 429, 477) or status >= 500:
        msg = f"HubSpot is busy or away: status {status} for {what}{told}."
        when = f"in {_in_words(asked)}" if asked is not None else "later"
        hint = f"Run again {when}; what was sent is kept. https://status.hubspot.com says more."
        return RetryableError(msg, hint=hint, retry_after=asked)
    msg = f"HubSpot refused {what}: status {status}, {trouble.reason}{told}."
    return RefusedError(msg, status=status, trouble=trouble)


def unreadable(what: str) -> ConnectorError:
    """Return the error for an answer that is no JSON object, such as a proxy's page."""
    msg = f"The answer to {what} did not come from HubSpot's API: it is no JSON object."
    return RetryableError(msg, hint=_BETWEEN)


def unusual(what: str) -> ConnectorError:
    """Return the error for an answer that lacks what HubSpot's own always has."""
    msg = f"The answer to {what} is not as HubSpot's API gives it, so nothing of it is used."
    return RetryableError(msg, hint=_BETWEEN)


def oversized(what: str) -> ConnectorError:
    """Return the error for an answer that is longer than any of HubSpot's."""
    msg = f"The answer to {what} is longer than HubSpot's API gives any; it was not read."
    return ConnectorError(msg, hint=_BETWEEN)


def endless(what: str) -> ConnectorError:
    """Return the error for a list whose pages come to no end."""
    msg = f"HubSpot's list of {what} comes to no end: a page names one that was there already."
    return RetryableError(msg, hint=_BETWEEN)


def unreachable(what: str, *, timed_out: bool) -> ConnectorError:
    """Return the error for a call that got no answer."""
    how = "did not answer in time" if timed_out else "could not be reached"
    msg = f"HubSpot {how} for {what}."
    hint = "Check the network and HTTPS_PROXY, then run again; what was sent is kept."
    return RetryableError(msg, hint=hint)


def _in_words(seconds: float) -> str:
    """Return a wait as a person says it, rounded up."""
    for size, name in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds > 2 * size:
            return f"{math.ceil(seconds / size):,} {name}"
    return f"{math.ceil(seconds)} seconds"


def _name(value: object) -> str:
    """Return *value* where it looks like a name or an id, else nothing."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _dict(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
