"""What the portal answers: status, body, headers, and refusals as HubSpot words them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

Json = dict[str, object]

BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>"
NOT_ALLOWED = "<html><head><title>Error 405 Method Not Allowed</title></head></html>"
NOT_FOUND = "<html><head><title>Error 404 Not Found</title></head><body>Not Found</body></html>"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; *html* wins over *body*, and neither means an empty body."""

    status: int
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    html: str = ""


class RefusedError(Exception):
    """A request the portal does not take.

    Args:
        status: HTTP status.
        category: HubSpot's word for the kind of error, such as ``VALIDATION_ERROR``.
        message: What a person would read.
        errors: One entry a problem, as HubSpot lists them.
        context: What the error is about, as lists of strings.
        sub_category: Finer word, where HubSpot has one.
    """

    def __init__(
        self,
        status: int,
        category: str,
        message: str,
        *,
        errors: Sequence[Json] = (),
        context: Mapping[str, Sequence[str]] | None = None,
        sub_category: str = "",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.category = category
        self.message = message
        self.errors = tuple(errors)
        self.context = {key: list(values) for key, values in (context or {}).items()}
        self.sub_category = sub_category

    def as_body(self, correlation_id: str) -> Json:
        """Return the body of the whole answer."""
        body: Json = {
            "status": "error",
            "message": self.message,
            "correlationId": correlation_id,
            "category": self.category,
        }
        return body | self._details()

    def as_row(self, trace_id: str = "") -> Json:
        """Return the entry in ``errors`` of an answer where other inputs succeeded."""
        context = self.context | ({"objectWriteTraceId": [trace_id]} if trace_id else {})
        row: Json = {
            "status": "error",
            "category": self.category,
            "message": self.message,
            "context": context,
            "links": {},
            "errors": list(self.errors),
        }
        return row | ({"subCategory": self.sub_category} if self.sub_category else {})

    def _details(self) -> Json:
        found: Json = {}
        if self.sub_category:
            found["subCategory"] = self.sub_category
        if self.errors:
            found["errors"] = list(self.errors)
        if self.context:
            found["context"] = self.context
        return found


def invalid(message: str, **context: Sequence[str]) -> RefusedError:
    """Return the 400 for a request that makes no sense."""
    return RefusedError(400, "VALIDATION_ERROR", message, context=context)


def refuse(message: str, **context: Sequence[str]) -> NoReturn:
    """Refuse a request that makes no sense.

    Raises:
        RefusedError: Always, as a 400.
    """
    raise invalid(message, **context)


def not_found(message: str = "resource not found") -> RefusedError:
    """Return the 404 for a record or name that is not there."""
    return RefusedError(404, "OBJECT_NOT_FOUND", message)


def missing_scopes(scopes: Sequence[str]) -> RefusedError:
    """Return the 403 that names the scopes of which one is needed."""
    return RefusedError(
        403,
        "MISSING_SCOPES",
        "This app hasn't been granted all required scopes to make this call. "
        "Read more about required scopes here: https://developers.hubspot.com/scopes.",
        errors=[
            {
                "message": "One or more of the following scopes are required.",
                "context": {"requiredGranularScopes": list(scopes)},
            }
        ],
        context={"requiredGranularScopes": scopes},
    )


def bad_token() -> RefusedError:
    """Return the 401 for a key that is missing, wrong or revoked."""
    return RefusedError(
        401,
        "INVALID_AUTHENTICATION",
        "Authentication credentials not found. This API supports OAuth 2.0 authentication.",
    )
