"""Our fields as the org describes them, and as a plan names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from goodword import RecordError
from goodword_salesforce.names import FIELDS, SHOWN_ON, Field, ObjectName

if TYPE_CHECKING:
    from goodword_salesforce.installing.host import Answer, Host

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


def shape(field: Field) -> str:
    """Return what a field would be, as an admin calls it."""
    size = field.length or field.digits
    return f"{field.label}, {field.type}" + (f"({size})" if size else "")
