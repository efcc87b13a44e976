"""A request body by field, with types: it was checked against its model, so nothing is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class Body:
    """One JSON object of a request; absent fields read as empty."""

    def __init__(self, fields: object) -> None:
        self._fields: Mapping[str, object] = fields if isinstance(fields, dict) else {}

    def __contains__(self, name: str) -> bool:
        return self._fields.get(name) is not None

    def text(self, name: str) -> str:
        """Return the text *name*."""
        value = self._fields.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str, default: int = 0) -> int:
        """Return the whole number *name*."""
        value = self._fields.get(name)
        return value if isinstance(value, int) else default

    def flag(self, name: str) -> bool:
        """Return whether *name* is set."""
        return self._fields.get(name) is True

    def texts(self, name: str) -> list[str]:
        """Return the list of texts *name*."""
        return [item for item in self.anything(name) if isinstance(item, str)]

    def anything(self, name: str) -> list[object]:
        """Return the list *name*, whatever it holds."""
        value = self._fields.get(name)
        return value if isinstance(value, list) else []

    def part(self, name: str) -> Self:
        """Return the object *name*."""
        return type(self)(self._fields.get(name))

    def parts(self, name: str) -> list[Self]:
        """Return the list of objects *name*."""
        return [type(self)(item) for item in self.anything(name)]

    def values(self, name: str) -> dict[str, str]:
        """Return the object of texts *name*, such as the properties of a record."""
        value = self._fields.get(name)
        pairs = value.items() if isinstance(value, dict) else ()
        return {key: item for key, item in pairs if isinstance(item, str)}

    def has_objects(self, name: str) -> bool:
        """Return whether the list *name* holds objects rather than texts."""
        return any(isinstance(item, dict) for item in self.anything(name))
