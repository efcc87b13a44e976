"""Salesforce's refusals as errors of ours: by error code, with a hint, never with the body.

Messages repeat what was sent, and rules of the org can put anything into them; only codes, names
of fields, and the id of a record that is in the way are passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from goodword import AuthError, ConnectorError, RecordError, RetryableError
from goodword_salesforce.seam.ids import as_id
from goodword_salesforce.seam.retrying import BUSY, FAILING, LIMIT

_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,79}")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,99}")
_IN_THE_WAY = re.compile(r"record with id: ?([A-Za-z0-9]{15,18})\b")
_COLUMN = re.compile(r"No such column '([A-Za-z][A-Za-z0-9_.]{0,99})'")

LOCKED = frozenset({"UNABLE_TO_LOCK_ROW"})
"""Another program is writing the record, or its account, at this moment; nothing was done."""
DUPLICATE = "DUPLICATE_VALUE"
_NEW_SESSION = "Check that the user may use the API; for the sf CLI, run sf org login web."
_GRANT = (
    "Give the integration user the permission set of goodword; goodword doctor names what fails."
)
_BETWEEN = (
    "A proxy or firewall may be in between; check domain, instance_url and HTTPS_PROXY, "
    "then run again."
)
HINTS: Mapping[str, str] = {
    "INVALID_FIELD": "The field is not there, or its field-level security hides it from the "
    "integration user: run goodword install, then assign the permission set.",
    "INVALID_TYPE": "The object is hidden from the integration user: grant read access to it.",
    "NOT_FOUND": "The record or the address is gone, or hidden from the integration user.",
    "ENTITY_IS_DELETED": "Somebody deleted the record; the next pull learns of it.",
    "INVALID_CROSS_REFERENCE_KEY": "A record it points to is gone or hidden; pull again.",
    "INACTIVE_OWNER_OR_USER": "Its owner is inactive: give the contact an active owner.",
    "CANNOT_REPARENT_RECORD": "Salesforce does not let it move; give the contact an active owner.",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "A validation rule of the org refused it: exempt the "
    "integration user from the rule, or fill what it asks for.",
    "REQUIRED_FIELD_MISSING": "The org requires a field that goodword does not fill: give it a "
    "default, or make it required on the page layout only.",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "A picklist lacks the value: run goodword install.",
    "STRING_TOO_LONG": "A text is longer than its field: run goodword doctor.",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "A trigger or flow of the org refused it: its log "
    "says why.",
    "DUPLICATES_DETECTED": "A duplicate rule of the org blocks saving: let it alert, or exempt "
    "the integration user.",
    "DUPLICATE_VALUE": "Another record holds this unique value already.",
    "UNABLE_TO_LOCK_ROW": "Another program was writing the same account; the next run tries again.",
    "INVALID_QUERY_LOCATOR": "Salesforce lost its place in a long answer: run again.",
    "QUERY_TOO_COMPLICATED": "The org's formula fields make the query too long; map fewer fields.",
    "INSUFFICIENT_ACCESS_OR_READONLY": _GRANT,
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": _GRANT,
    "INVALID_FIELD_FOR_INSERT_UPDATE": "A field of it cannot be written: run goodword doctor.",
    "UNSUPPORTED_API_VERSION": "Set [plugin.salesforce] api_version to one the org knows.",
}
"""Error code to what to do."""
_RIGHTS = frozenset(
    {
        "API_DISABLED_FOR_ORG",
        "API_CURRENTLY_DISABLED",
        "FUNCTIONALITY_NOT_ENABLED",
        "INSUFFICIENT_ACCESS",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        "FORBIDDEN",
        "CLIENT_NOT_ACCESSIBLE_FOR_USER",
    }
)


class RightsError(AuthError):
    """Salesforce knows who we are, and does not allow this."""


class UnusualError(RetryableError, KeyError):
    """An answer lacks what Salesforce's own always has; nothing of it is used.

    It is a ``KeyError`` too, for whoever looks into a row for what may be missing.
    """


class OutOfCallsError(RetryableError):
    """The org's calls of 24 hours are used up, as far as goodword may use them."""


class TookTooLongError(RetryableError):
    """The answer did not come in time; a smaller call may succeed."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What can be told of an error: nothing that could be about a person.

    Args:
        codes: Salesforce's error codes.
        fields: Names of the fields it is about.
        record: Id, of 18 characters, of the record that holds a unique value already.
        daily: The calls of the whole day are used up.
    """

    codes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    record: str = ""
    daily: bool = False

    @property
    def reason(self) -> str:
        """Why something was refused, in Salesforce's own words for it, and about what."""
        about = f" about {', '.join(self.fields)}" if self.fields else ""
        return f"{', '.join(self.codes) or 'no reason given'}{about}"

    @property
    def hint(self) -> str:
        """What to do about it."""
        known = (HINTS[code] for code in self.codes if code in HINTS)
        return next(known, "Run goodword doctor; it looks at rights, fields and limits.")


class RefusedError(RecordError):
    """Salesforce refused a call because of what was sent.

    Args:
        message: What happened.
        status: HTTP status.
        trouble: What Salesforce says of it.
    """

    def __init__(self, message: str, *, status: int, trouble: Trouble) -> None:
        super().__init__(message, hint=trouble.hint)
        self.status = status
        self.trouble = trouble


def trouble_in(content: object) -> Trouble:
    """Read an error body as it was parsed: a list of errors, one error, or a proxy's page."""
    errors = [part for part in _list(content) if isinstance(part, Mapping)]
    messages = [str(part.get("message") or "") for part in errors]
    codes = [part.get("errorCode") or part.get("statusCode") for part in errors]
    fields = [name for part in errors for name in _list(part.get("fields"))]
    fields += [found[1] for text in messages for found in _COLUMN.finditer(text)]
    return Trouble(
        codes=_fitting(_CODE, codes),
        fields=_fitting(_FIELD, fields),
        record=_in_the_way(messages),
        daily=LIMIT in codes and not any("concurrent" in text.lower() for text in messages),
    )


def error_of(status: int, trouble: Trouble, what: str) -> ConnectorError:
    """Return the error of ours for an answer of Salesforce.

    Args:
        status: HTTP status.
        trouble: What its body says.
        what: The call, such as ``PATCH composite/sobjects``.
    """
    codes = set(trouble.codes)
    if status == 401:
        msg = "Salesforce does not accept the session."
        return AuthError(msg, hint=_NEW_SESSION)
    if LIMIT in codes and trouble.daily:
        msg = "Salesforce's calls of the day are used up."
        hint = "What was sent is kept; a later run goes on, calls come back within 24 hours."
        return OutOfCallsError(msg, hint=hint)
    if LIMIT in codes:
        msg = f"Salesforce has too many long calls at once; {what} found no place."
        return RetryableError(msg, hint="Run again later; what was sent is kept.")
    if "QUERY_TIMEOUT" in codes or status == 504:
        msg = f"Salesforce took too long for {what}."
        return TookTooLongError(msg, hint="Run again at a quieter hour; what was sent is kept.")
    if status in BUSY or status in FAILING or status > 504 or codes & LOCKED:
        msg = f"Salesforce is busy or away: status {status} for {what}."
        hint = "Run again later; what was sent is kept. https://status.salesforce.com says more."
        return RetryableError(msg, hint=hint)
    if codes & _RIGHTS or (status == 403 and not codes & HINTS.keys()):
        msg = f"Salesforce does not allow {what}: {trouble.reason}."
        hint = next((HINTS[code] for code in trouble.codes if code in HINTS), _GRANT)
        if "API_DISABLED_FOR_ORG" in codes:
            hint = "Give the integration user the permission API Enabled."
        return RightsError(msg, hint=hint)
    msg = f"Salesforce refused {what}: status {status}, {trouble.reason}."
    return RefusedError(msg, status=status, trouble=trouble)


def unreadable(what: str) -> ConnectorError:
    """Return the error for an answer that is no JSON, such as a proxy's page."""
    msg = f"The answer to {what} did not come from Salesforce's API: it is no JSON."
    return RetryableError(msg, hint=_BETWEEN)


def unusual(what: str) -> ConnectorError:
    """Return the error for an answer that lacks what Salesforce's own always has."""
    msg = f"The answer to {what} is not as Salesforce's API gives it, so nothing of it is used."
    return UnusualError(msg, hint=_BETWEEN)


@contextmanager
def as_given(what: str) -> Iterator[None]:
    """Read an answer as Salesforce gives it; one that is not so is told, not stumbled over.

    Args:
        what: The call, as the error names it.

    Raises:
        ConnectorError: A part was missing, or was of another kind.
    """
    try:
        yield
    except ConnectorError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
        raise unusual(what) from None


def oversized(what: str) -> ConnectorError:
    """Return the error for an answer that is longer than any of Salesforce's."""
    msg = f"The answer to {what} is longer than Salesforce's API gives any; it was not read."
    return ConnectorError(msg, hint=_BETWEEN)


def endless(what: str) -> ConnectorError:
    """Return the error for a list whose pages come to no end."""
    msg = f"Salesforce's list of {what} comes to no end: a page names one that was there already."
    return RetryableError(msg, hint=_BETWEEN)


def unreachable(what: str, *, timed_out: bool) -> ConnectorError:
    """Return the error for a call that got no answer."""
    hint = "Check the network and HTTPS_PROXY, then run again; what was sent is kept."
    if timed_out:
        return TookTooLongError(f"Salesforce did not answer in time for {what}.", hint=hint)
    return RetryableError(f"Salesforce could not be reached for {what}.", hint=hint)


def _in_the_way(messages: list[str]) -> str:
    found = (match[1] for text in messages for match in _IN_THE_WAY.finditer(text))
    return next(filter(None, map(as_id, found)), "")


def _fitting(shape: re.Pattern[str], values: list[object]) -> tuple[str, ...]:
    """Return those of the values that look like a name, each once."""
    texts = (value for value in values if isinstance(value, str) and shape.fullmatch(value))
    return tuple(dict.fromkeys(texts))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]
