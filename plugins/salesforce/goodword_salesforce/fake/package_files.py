"""What is in a zip that is deployed: components by type and name, and what shall go."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from goodword_salesforce.fake.metadata_fields import local, told

LARGEST = 39 * 1024 * 1024
MOST_FILES = 10_000
MANIFEST = "package.xml"
DESTRUCTIVE = ("destructiveChangesPre.xml", "destructiveChanges.xml", "destructiveChangesPost.xml")
INSIDE = {"fields": "CustomField", "listViews": "ListView"}
"""Element in an object's file, and the type of what it defines."""
NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"
Name = tuple[str, str]
"""Type and full name of a component."""


class UnreadableError(Exception):
    """A package that cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package.

    Args:
        listed: What the manifest names.
        parts: The XML of each component, by type and name.
        going: What is to be deleted.
    """

    listed: list[Name]
    parts: dict[Name, Element] = field(default_factory=dict)
    going: list[Name] = field(default_factory=list)


def read(data: bytes) -> Package:
    """Return what is in the zip *data*.

    Raises:
        UnreadableError: It is no zip, too large, or lacks its manifest.
    """
    if len(data) > LARGEST:
        message = "Maximum size of request reached. Maximum size of request is 52428800 bytes"
        raise UnreadableError(message)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()[: MOST_FILES + 1]}
    except zipfile.BadZipFile:
        message = "Bad zip file"
        raise UnreadableError(message) from None
    if len(files) > MOST_FILES:
        message = f"Maximum number of files is {MOST_FILES}"
        raise UnreadableError(message)
    if MANIFEST not in files:
        message = f"No {MANIFEST} found"
        raise UnreadableError(message)
    package = Package(_members(_parsed(MANIFEST, files[MANIFEST])))
    for name in DESTRUCTIVE:
        if name in files:
            package.going.extend(_members(_parsed(name, files[name])))
    _collect(files, package)
    return package


def _collect(files: Mapping[str, bytes], package: Package) -> None:
    for path, content in files.items():
        folder, _, name = path.rpartition("/")
        if folder == "objects" and name.endswith(".object"):
            place = name.removesuffix(".object")
            for element in _parsed(path, content):
                type_ = INSIDE.get(local(element))
                if type_ is None:
                    message = f"{path}: this org deploys no {local(element)}"
                    raise UnreadableError(message)
                package.parts[(type_, f"{place}.{told(element, 'fullName')}")] = element
        elif folder == "permissionsets" and name.endswith(".permissionset"):
            own = name.removesuffix(".permissionset")
            package.parts[("PermissionSet", own)] = _parsed(path, content)
        elif path not in {MANIFEST, *DESTRUCTIVE} and not path.endswith("/"):
            message = f"{path}: this org does not know what to do with it"
            raise UnreadableError(message)


def _members(manifest: Element) -> list[Name]:
    if not told(manifest, "version"):
        message = "the manifest names no version"
        raise UnreadableError(message)
    found = []
    for types in manifest:
        if local(types) == "types":
            kind = told(types, "name")
            found += [(kind, (one.text or "").strip()) for one in types if local(one) == "members"]
    return found


def _parsed(path: str, content: bytes) -> Element:
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  # a zip of our own tests
    except ElementTree.ParseError as problem:
        message = f"{path}: Error parsing file: {problem}"
        raise UnreadableError(message) from None
    if not root.tag.startswith(NAMESPACE):
        message = f"{path}: Error parsing file: Element {local(root)} invalid at this location"
        raise UnreadableError(message)
    return root
