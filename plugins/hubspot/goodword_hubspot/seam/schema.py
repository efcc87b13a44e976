"""Properties and property groups of the portal: read, made, archived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from goodword_hubspot.names import GROUP, Property
from goodword_hubspot.seam.failures import RefusedError
from goodword_hubspot.seam.shapes import name_of, rows

if TYPE_CHECKING:
    from goodword_hubspot.seam.client import Portal


@dataclass(frozen=True, slots=True)
class Defined:
    """A property as the portal has it.

    Args:
        name: Internal name.
        type: HubSpot's value type.
        field_type: How it is shown.
        group: Its group.
        options: Internal values of an enumeration.
        unique: HubSpot keeps its values apart.
        read_only: Its value cannot be set.
        theirs: HubSpot made it.
    """

    name: str
    type: str
    field_type: str
    group: str
    options: frozenset[str]
    unique: bool
    read_only: bool
    theirs: bool

    @property
    def texts(self) -> list[object]:
        """The definition as plain data, to be kept."""
        flags = [self.unique, self.read_only, self.theirs]
        return [self.name, self.type, self.field_type, self.group, sorted(self.options), flags]

    @classmethod
    def of_texts(cls, data: list[Any]) -> Defined:
        """Return the definition that ``texts`` gave as plain data."""
        name, kind, field_type, group, options, flags = data
        return cls(name, kind, field_type, group, frozenset(options), *flags)


def properties(portal: Portal, kind: str) -> dict[str, Defined]:
    """Return the properties of a kind of object by name."""
    reply = portal.ask(portal.sdk.crm.properties.core_api.get_all, kind)
    found = reply.read(lambda data: [_defined(each) for each in rows(data)])
    return {each.name: each for each in found}


def why_a_strangers(wanted: Property, found: Defined) -> str:
    """Return why a property under one of our names is none of ours, or nothing."""
    if found.type != wanted.type:
        return f"it is of type {found.type}, ours would be {wanted.type}; it is left as it is"
    if found.group != GROUP:
        return f"it is in the group {found.group}, ours would be in {GROUP}; it is left as it is"
    return "HubSpot fills it, so it cannot be written" if found.read_only else ""


def trouble_with(wanted: Property, found: Defined) -> str:
    """Return why a property under one of our names cannot be written, or nothing."""
    missing = [each.value for each in wanted.options if each.value not in found.options]
    lacks = f"it lacks the option {', '.join(missing)}; add it in HubSpot" if missing else ""
    return why_a_strangers(wanted, found) or lacks


def has_group(portal: Portal, kind: str) -> bool:
    """Say whether our group is there."""
    reply = portal.ask(portal.sdk.crm.properties.groups_api.get_all, kind)
    return reply.read(lambda data: any(name_of(each["name"]) == GROUP for each in rows(data)))


def make_group(portal: Portal, kind: str) -> None:
    """Make our group; one that is there stays as it is."""
    models = _models()
    body = models.PropertyGroupCreate(name=GROUP, label=GROUP, display_order=-1)
    try:
        portal.ask(portal.sdk.crm.properties.groups_api.create, kind, body)
    except RefusedError as refused:
        if refused.status != 409:
            raise


def make_property(portal: Portal, wanted: Property) -> None:
    """Make a property; one archived under the same name comes back with its values."""
    models = _models()
    body = models.PropertyCreate(
        name=wanted.name,
        label=wanted.label,
        type=wanted.type,
        field_type=wanted.field_type,
        group_name=GROUP,
        description=wanted.description,
        has_unique_value=wanted.unique,
        form_field=False,
        hidden=False,
        display_order=-1,
        options=[
            models.OptionInput(
                label=each.label, value=each.value, display_order=place, hidden=False
            )
            for place, each in enumerate(wanted.options)
        ],
    )
    portal.ask(portal.sdk.crm.properties.core_api.create, wanted.kind, body)


def archive_property(portal: Portal, kind: str, name: str) -> None:
    """Archive a property; HubSpot keeps its values for a while."""
    portal.ask(portal.sdk.crm.properties.core_api.archive, kind, name)


def archive_group(portal: Portal, kind: str) -> None:
    """Archive our group, once nothing is in it."""
    portal.ask(portal.sdk.crm.properties.groups_api.archive, kind, GROUP)


def _defined(data: Mapping[str, Any]) -> Defined:
    metadata = data.get("modificationMetadata") or {}
    return Defined(
        name=name_of(data["name"]),
        type=str(data.get("type") or ""),
        field_type=str(data.get("fieldType") or ""),
        group=str(data.get("groupName") or ""),
        options=frozenset(str(each["value"]) for each in data.get("options") or ()),
        unique=bool(data.get("hasUniqueValue")),
        read_only=bool(metadata.get("readOnlyValue")),
        theirs=bool(data.get("hubspotDefined")),
    )


def _models() -> Any:
    """Return the SDK's models of properties."""
    from hubspot.crm import properties as models  # type: ignore[import-untyped]  # no types

    return models
