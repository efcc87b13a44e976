"""One request after it was read: address, query, body, and the record kinds its path names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodword_hubspot.fake.answers import refuse
from goodword_hubspot.fake.body import Body
from goodword_hubspot.fake.object_types import ObjectType, object_type
from goodword_hubspot.fake.paths import VERSIONS


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Args:
        params: What stands in the path, by name.
        version: ``numbered`` or the date in the address.
        query: Query values; a name can come more than once.
        body: The body, checked against its model.
        items: The body when it is a list instead.
    """

    params: Mapping[str, str]
    version: str
    query: Mapping[str, Sequence[str]]
    body: Body
    items: Sequence[Body] = ()

    @property
    def kind(self) -> ObjectType:
        """The object the path names first."""
        return object_type(self.params["kind"])

    @property
    def target(self) -> ObjectType:
        """The object the path names second."""
        return object_type(self.params["target"])

    def first(self, name: str) -> str:
        """Return the first value of the query parameter *name*."""
        return next(iter(self.query.get(name, ())), "")

    def words(self, name: str) -> list[str]:
        """Return a list from the query, whether repeated or separated by commas."""
        return [word for text in self.query.get(name, ()) for word in text.split(",") if word]

    def flag(self, name: str) -> bool:
        """Return a switch from the query; the client library writes it with a capital."""
        return self.first(name).lower() == "true"

    def limit(self, usual: int, most: int) -> int:
        """Return the page size asked for.

        Raises:
            RefusedError: It is more than *most*, or no number.
        """
        text = self.first("limit") or str(usual)
        if not text.isdigit() or not 1 <= int(text) <= most:
            refuse(f"limit must be a number from 1 to {most}, not {text}")
        return int(text)

    def after(self) -> int:
        """Return the id to continue behind.

        Raises:
            RefusedError: It is no number.
        """
        text = self.first("after") or "0"
        if not text.isdigit():
            refuse(f"after must be an id, not {text}")
        return int(text)

    def says_all_in_one_body(self) -> bool:
        """Return whether partial failure keeps the status of success: 2026-09 and later."""
        return self.version == VERSIONS[-1]
