"""A call as the routes see it: who calls, which address, what it says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from goodword_salesforce.fake.access import Actor
from goodword_salesforce.fake.answers import Json, refuse

DUPLICATE_RULE = "sforce-duplicate-rule-header"


@dataclass(frozen=True, slots=True)
class Request:
    """One call, or one part of a composite call.

    Args:
        method: HTTP method.
        path: Address behind the version, with a slash in front.
        version: Such as ``v67.0``.
        query: What stands behind the question mark; the first value of each name.
        headers: By lower-case name.
        body: As it came, or what a composite call holds as JSON.
        actor: Who calls.
        params: What the address names.
        inside: Whether it is a part of a composite call.
    """

    method: str
    path: str
    version: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    actor: Actor
    params: Mapping[str, str] = field(default_factory=dict)
    inside: bool = False

    def anything(self) -> object:
        """Return the body as JSON.

        Raises:
            RefusedError: It is none, or is not said to be.
        """
        kind = self.headers.get("content-type", "application/json")
        if not kind.startswith("application/json"):
            refuse("UNSUPPORTED_MEDIA_TYPE", f"Content-Type not supported: {kind}", 415)
        try:
            found: object = json.loads(self.body)
        except ValueError:
            refuse("JSON_PARSER_ERROR", "Unexpected character or end of input at [line:1]")
        return found

    def json(self) -> Json:
        """Return the body as a JSON object.

        Raises:
            RefusedError: It is none.
        """
        found = self.anything()
        if not isinstance(found, dict):
            refuse("JSON_PARSER_ERROR", "Cannot deserialize: an object was expected")
        return found


def actor_of(user_id: str, headers: Mapping[str, str]) -> Actor:
    """Return who calls and what the headers let them do."""
    return Actor(
        user_id,
        auto_assign=headers.get("sforce-auto-assign", "TRUE").lower() != "false",
        allow_save="allowsave=true" in headers.get(DUPLICATE_RULE, "").lower().replace(" ", ""),
    )
