"""Our fields as the org describes them: whether one is there, is ours, and may be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from goodword import RecordError
from goodword_salesforce.names import FIELDS, SHOWN_ON, Field, ObjectName

if TYPE_CHECKING:
    from goodword_salesforce.installing.host import Answer, Host

TYPES: Mapping[str, tuple[str, ...]] = {
    "Picklist": ("picklist",),
    "Number": ("double", "int"),
    "Text": ("string",),
    "Date": ("date",),
    "Checkbox": ("boolean",),
    "Lookup": ("reference",),
}
"""Type in metadata to what a description calls it."""
Described = Mapping[tuple[ObjectName, str], "Answer"]
"""The fields of ours that the user can see, by object and name."""


def described(host: Host) -> Described:
    """Return our fields as the user of *host* sees them; an object that is hidden has none."""
    found: dict[tuple[ObjectName, str], Answer] = {}
    ours = {field.name for field in FIELDS}
    for owner, shown in SHOWN_ON.items():
        try:
            listed = host.get(f"sobjects/{shown[0]}/describe").get("fields", ())
        except RecordError:
            continue
        found |= {(owner, each["name"]): each for each in listed if each["name"] in ours}
    return found


def conflict(field: Field, found: Answer) -> str:
    """Return why a field that is there cannot be ours, or nothing."""
    kind = str(found.get("type"))
    if kind not in TYPES[field.type]:
        return f"it is of type {kind}, ours would be {field.type}; it is left as it is"
    digits = int(found.get("precision") or 0) - int(found.get("scale") or 0)
    if field.length and int(found.get("length") or 0) < field.length:
        return f"it holds {found.get('length')} characters, ours would hold {field.length}"
    if kind == "double" and digits < field.digits:
        return f"it holds {digits} digits before the point, ours would hold {field.digits}"
    offered = {str(v.get("value")) for v in found.get("picklistValues") or () if v.get("active")}
    missing = [value.value for value in field.values if value.value not in offered]
    if missing:
        return f"it lacks the value {', '.join(missing)}; add it in Salesforce"
    if field.unique and not (found.get("externalId") and found.get("unique")):
        return "it is not unique and an external ID, so a task could come about twice"
    if field.refers_to and field.refers_to not in (found.get("referenceTo") or ()):
        return f"it leads to another object than {field.refers_to}"
    return ""


def read_only(found: Answer) -> bool:
    """Say whether the user may not write a field."""
    return not (found.get("createable") and found.get("updateable"))


def shape(field: Field) -> str:
    """Return what a field would be, as an admin calls it."""
    size = field.length or field.digits
    return f"{field.label}, {field.type}" + (f"({size})" if size else "")
