"""Whether a field of an org that has one of our names is what goodword needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from goodword_salesforce.names import Field

TYPES: Mapping[str, tuple[str, ...]] = {
    "Picklist": ("picklist",),
    "Number": ("double", "int"),
    "Text": ("string",),
    "Date": ("date",),
    "Checkbox": ("boolean",),
    "Lookup": ("reference",),
}
"""Type in metadata to what a description calls it."""
NOT_WRITABLE = "the integration user sees it, but may not write it: check its permission sets"


def conflict(field: Field, found: Mapping[str, Any]) -> str:
    """Return why a field that is there cannot be ours, or nothing (Any: as it is described)."""
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


def read_only(found: Mapping[str, Any]) -> bool:
    """Say whether the user may not write a field (Any: as it is described)."""
    return not (found.get("createable") and found.get("updateable"))
