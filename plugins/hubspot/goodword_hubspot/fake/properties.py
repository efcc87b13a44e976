"""Property definitions and their groups: which names exist, what they take, what is archived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from goodword_hubspot.fake.answers import RefusedError, not_found, refuse

NAME = re.compile(r"[a-z][a-z0-9_]{0,99}\Z")
MOST_CUSTOM = 1000
"""Custom properties an object may have."""
MOST_UNIQUE = 10
"""Properties with unique values an object may have."""
NO_UNIQUE = {"feedback_submissions"}
"""Objects documented not to take a property with unique values."""
FIELD_TYPES = {
    "string": {"text", "textarea", "file", "html", "phonenumber"},
    "number": {"number", "calculation_equation"},
    "date": {"date"},
    "datetime": {"date"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox"},
    "bool": {"booleancheckbox", "select", "radio"},
}


@dataclass(frozen=True, slots=True)
class Option:
    """One value an enumeration may have."""

    value: str
    label: str
    hidden: bool = False
    description: str = ""


@dataclass(slots=True)
class Property:
    """One property of an object, as its definition says.

    Args:
        name: Internal name.
        label: What people see.
        type: string, number, date, datetime, enumeration or bool.
        field_type: How a form shows it.
        group: Name of its group.
        options: What an enumeration may hold.
        unique: No two records have the same value.
        read_only: The host fills it; a write is refused.
        own: Made by the customer or an app, rather than by HubSpot.
        refers_to: OWNER when values are owner ids; options live elsewhere then.
        external: Options live elsewhere: pipelines, owners.
        archived_at: Milliseconds; 0 while it is live.
    """

    name: str
    label: str
    type: str = "string"
    field_type: str = "text"
    group: str = ""
    description: str = ""
    options: list[Option] = field(default_factory=list)
    unique: bool = False
    read_only: bool = False
    own: bool = False
    refers_to: str = ""
    external: bool = False
    hidden: bool = False
    form_field: bool = False
    display_order: int = -1
    created: int = 0
    updated: int = 0
    archived_at: int = 0

    def takes(self, value: str) -> bool:
        """Return whether *value* is one of the options."""
        return any(option.value == value for option in self.options)


@dataclass(slots=True)
class Group:
    """A heading under which properties stand."""

    name: str
    label: str
    display_order: int = -1
    archived: bool = False


class Definitions:
    """All properties and groups of a portal, by object."""

    def __init__(self) -> None:
        self._properties: dict[str, dict[str, Property]] = {}
        self._groups: dict[str, dict[str, Group]] = {}

    def put(self, kind: str, definition: Property) -> None:
        """Add *definition* without asking; the portal is set up with it."""
        self._properties.setdefault(kind, {})[definition.name] = definition

    def put_group(self, kind: str, group: Group) -> None:
        """Add *group* without asking."""
        self._groups.setdefault(kind, {})[group.name] = group

    def live(self, kind: str, name: str) -> Property | None:
        """Return the property *name* if it exists and is not archived."""
        found = self._properties.get(kind, {}).get(name)
        return None if found is None or found.archived_at else found

    def any(self, kind: str, name: str) -> Property | None:
        """Return the property *name*, archived or not."""
        return self._properties.get(kind, {}).get(name)

    def all(self, kind: str, *, archived: bool = False) -> Iterator[Property]:
        """Yield the properties of *kind*."""
        for found in self._properties.get(kind, {}).values():
            if bool(found.archived_at) == archived:
                yield found

    def unique(self, kind: str) -> list[str]:
        """Return the names of the live unique properties of *kind*."""
        return [found.name for found in self.all(kind) if found.unique]

    def group(self, kind: str, name: str) -> Group | None:
        """Return the live group *name*."""
        found = self._groups.get(kind, {}).get(name)
        return None if found is None or found.archived else found

    def groups(self, kind: str) -> list[Group]:
        """Return the live groups of *kind*."""
        return [found for found in self._groups.get(kind, {}).values() if not found.archived]

    def expect(self, kind: str, name: str, *, archived: bool = False) -> Property:
        """Return the property *name*.

        Raises:
            RefusedError: There is none, or it is archived and that was not asked for.
        """
        found = self.any(kind, name)
        if found is None or bool(found.archived_at) != archived:
            raise not_found(message=f"Property {name} does not exist")
        return found

    def create(self, kind: str, new: Property, *, may_be_unique: bool) -> Property:
        """Add *new*, or restore the archived property of that name with what it held.

        Raises:
            RefusedError: The name is taken or malformed, the group is missing, or a limit is hit.
        """
        old = self.any(kind, new.name)
        if old is not None and not old.archived_at:
            raise RefusedError(
                409,
                "OBJECT_ALREADY_EXISTS",
                f"A property named '{new.name}' already exists.",
                sub_category="Properties.PROPERTY_WITH_NAME_EXISTS",
            )
        self.check(kind, new)
        if old is not None:
            old.archived_at = 0
            old.label, old.group, old.updated = new.label, new.group, new.created
            return old
        if new.unique and not may_be_unique:
            refuse("hasUniqueValue is not supported for this object type or field type.")
        if new.unique and len([one for one in self.unique(kind) if self._is_own(kind, one)]) >= (
            MOST_UNIQUE
        ):
            refuse(f"You can only have {MOST_UNIQUE} unique properties per object.")
        if sum(found.own for found in self.all(kind)) >= MOST_CUSTOM:
            refuse(f"You've reached the limit of {MOST_CUSTOM} custom properties.")
        self.put(kind, new)
        return new

    def check(self, kind: str, new: Property) -> None:
        """Refuse a definition that contradicts itself.

        Raises:
            RefusedError: With the reason.
        """
        if not NAME.match(new.name):
            refuse(f"Property name '{new.name}' must be lower case, begin with a letter.")
        if self.group(kind, new.group) is None:
            refuse(f"Property group '{new.group}' does not exist.")
        if new.field_type not in FIELD_TYPES[new.type]:
            refuse(f"fieldType {new.field_type} is not valid for type {new.type}.")
        if new.type in {"enumeration", "bool"} and not new.options and not new.external:
            refuse(f"Property '{new.name}' of type {new.type} needs options.")
        if new.type == "bool" and {option.value for option in new.options} != {"true", "false"}:
            refuse("A bool property needs exactly the options true and false.")
        for words in ([one.value for one in new.options], [one.label for one in new.options]):
            if len(set(words)) < len(words):
                refuse(f"Option values and labels of '{new.name}' must be unique.")

    def archive(self, kind: str, name: str, now: int) -> None:
        """Archive the property *name*; records keep its values unseen.

        Raises:
            RefusedError: HubSpot defined it.
        """
        found = self.live(kind, name)
        if found is None:
            return
        if not found.own:
            refuse(f"Property '{name}' is defined by HubSpot and cannot be archived.")
        found.archived_at = now

    def archive_group(self, kind: str, name: str) -> None:
        """Archive the group *name*.

        Raises:
            RefusedError: Properties still stand in it.
        """
        found = self.group(kind, name)
        if found is None:
            return
        if any(one.group == name for one in self.all(kind)):
            refuse(f"Group '{name}' still has properties.")
        found.archived = True

    def custom_count(self, kind: str) -> int:
        """Return how many live custom properties *kind* has."""
        return sum(found.own for found in self.all(kind))

    def _is_own(self, kind: str, name: str) -> bool:
        found = self.live(kind, name)
        return found is not None and found.own
