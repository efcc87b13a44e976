"""The parts of the package, read from the source tree that stands beside this file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
PartType = Literal["CustomField", "ListView", "PermissionSet"]
ORDER: tuple[PartType, ...] = ("CustomField", "ListView", "PermissionSet")
"""Types of parts, in the order in which one leans on another."""
_SUFFIXES: dict[str, PartType] = {
    ".field-meta.xml": "CustomField",
    ".listView-meta.xml": "ListView",
    ".permissionset-meta.xml": "PermissionSet",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the package, such as a field.

    Args:
        type: Its type, in the words of Salesforce's metadata.
        name: Its full name: ``Contact.Goodword_Stage__c``, or that of a permission set.
        path: Its file in the source tree, with slashes.
        xml: What the file holds.
    """

    type: PartType
    name: str
    path: str
    xml: bytes

    @property
    def object(self) -> str:
        """Object it is defined on; empty for a permission set."""
        return self.name.partition(".")[0] if "." in self.name else ""

    @property
    def own_name(self) -> str:
        """Its name without that of the object."""
        return self.name.rpartition(".")[2]


def parts() -> tuple[Part, ...]:
    """Return every part of the package, by type and name."""
    found = _below(files("goodword_salesforce.package") / "source", "")
    return tuple(sorted(found, key=lambda part: (ORDER.index(part.type), part.name)))


def _below(folder: Traversable, path: str) -> Iterator[Part]:
    for entry in folder.iterdir():
        where = f"{path}/{entry.name}" if path else entry.name
        if entry.is_dir():
            yield from _below(entry, where)
            continue
        stem, dot, rest = entry.name.partition(".")
        kind = _SUFFIXES.get(dot + rest)
        if kind is not None:
            steps = where.split("/")
            name = f"{steps[1]}.{stem}" if steps[0] == "objects" else stem
            yield Part(kind, name, where, entry.read_bytes())
