"""What goes back to a caller: answers, and refusals in the words of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

Value = str | int | float | bool | None
"""What a field of a record holds."""
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Args:
        status: HTTP status.
        body: Sent as JSON, unless it is a text or None.
        headers: Beyond the usual ones.
    """

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """Something the org does not do.

    Args:
        code: As the API names it, such as ``INVALID_FIELD``.
        message: As the API words it.
        status: HTTP status when it refuses a whole call.
        fields: Which fields are to blame.
    """

    def __init__(
        self, code: str, message: str, status: int = 400, fields: Sequence[str] = ()
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = list(fields)

    def as_body(self) -> list[Json]:
        """Return the body of a refused call."""
        found: Json = {"message": self.message, "errorCode": self.code}
        if self.fields:
            found["fields"] = self.fields
        return [found]

    def as_row(self) -> Json:
        """Return the error of one record among many."""
        return {"statusCode": self.code, "message": self.message, "fields": self.fields}


def refuse(code: str, message: str, status: int = 400, fields: Sequence[str] = ()) -> NoReturn:
    """Refuse.

    Raises:
        RefusedError: Always.
    """
    raise RefusedError(code, message, status, fields)


def not_found() -> RefusedError:
    """Return the refusal of an address that leads nowhere."""
    return RefusedError("NOT_FOUND", "The requested resource does not exist", 404)


def bad_session() -> RefusedError:
    """Return the refusal of a session that ended or never was."""
    return RefusedError("INVALID_SESSION_ID", "Session expired or invalid", 401)
