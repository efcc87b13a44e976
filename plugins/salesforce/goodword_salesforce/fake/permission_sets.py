"""Permission sets that are deployed: which fields they show, and to whom nothing is promised."""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn
from xml.etree.ElementTree import Element

from goodword_salesforce.fake.fields import DELETED, OWNER, SYSTEM
from goodword_salesforce.fake.metadata_fields import WrongPartError, local, told
from goodword_salesforce.fake.new_org import put
from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.package_files import Name

ALWAYS_SEEN = {field.name for field in (*SYSTEM, DELETED, OWNER)}
"""Nobody can be given these, because everybody has them."""
Grants = dict[tuple[str, str], bool]
NEEDS = {"allowCreate": "allowRead", "allowEdit": "allowRead", "allowDelete": "allowEdit"}


def grants(org: Org, element: Element, coming: Collection[Name]) -> Grants:
    """Return what a permission set shows: (object, field), each with whether it may be edited.

    Args:
        org: The org.
        element: Its XML.
        coming: Components of the same package.

    Raises:
        WrongPartError: It names what there is not, or what cannot be given.
    """
    if not told(element, "label"):
        _wrong("Required field is missing: label")
    found: Grants = {}
    for one in element:
        if local(one) == "fieldPermissions":
            place, _, name = told(one, "field").partition(".")
            _check_field(org, place, name, coming)
            readable, edit = told(one, "readable") == "true", told(one, "editable") == "true"
            if edit and not readable:
                _wrong(f"Field {place}.{name}: editable needs readable")
            if (place, name) in found:
                _wrong(f"Duplicate fieldPermissions: {place}.{name}")
            if readable:
                found[(place, name)] = edit
        elif local(one) == "objectPermissions":
            _check_object(org, one)
    return found


def keep(org: Org, name: str, element: Element, found: Grants) -> bool:
    """Make or change the permission set *name*; return whether it is new."""
    rows = [row for row in org.store.rows("PermissionSet") if row["Name"] == name]
    values = {"Name": name, "Label": told(element, "label")}
    number = str(rows[0]["Id"]) if rows else put(org, "PermissionSet", values)
    org.schema.grants[number] = found
    return not rows


def remove(org: Org, name: str) -> bool:
    """Delete the permission set *name*, which nobody has; return that nothing is new."""
    number = next(str(row["Id"]) for row in org.store.rows("PermissionSet") if row["Name"] == name)
    del org.store.tables["PermissionSet"][number]
    org.schema.grants.pop(number, None)
    return False


def _check_field(org: Org, place: str, name: str, coming: Collection[Name]) -> None:
    kind = org.schema.kind(place)
    home = kind.customisable if kind is not None else ""
    if ("CustomField", f"{home}.{name}") in coming and kind is not None:
        return
    field = org.schema.fields(kind).get(name.lower()) if kind is not None else None
    if field is None:
        _wrong(f"In field: field - no CustomField named {place}.{name} found")
    if field.required or field.name in ALWAYS_SEEN:
        _wrong(f"You cannot deploy to a required field: {place}.{name}")


def _check_object(org: Org, element: Element) -> None:
    kind: ObjectType | None = org.schema.kind(told(element, "object"))
    if kind is None:
        _wrong(f"In field: object - no CustomObject named {told(element, 'object')} found")
    for more, less in NEEDS.items():
        if told(element, more) == "true" and told(element, less) != "true":
            _wrong(f"Permission {more} depends on permission {less}")


def _wrong(problem: str) -> NoReturn:
    raise WrongPartError(problem)
