"""The zip that Salesforce deploys, made from parts of the package, and the one that takes them out.

In the source tree each field has a file of its own; Salesforce's metadata API wants one file an
object, with a list of everything in it (``package.xml``).
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from goodword_salesforce.package.parts import NAMESPACE, ORDER, Part

MANIFEST, DESTRUCTIVE = "package.xml", "destructiveChanges.xml"
_INSIDE = {"CustomField": "fields", "ListView": "listViews"}
"""Element of an object's file that holds a part, in the order Salesforce wants them."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""Date of each file in a zip, so that the same parts give the same bytes."""


def deploying(parts: Iterable[Part], version: str) -> Mapping[str, bytes]:
    """Return the files that make *parts*, by path.

    Args:
        parts: Parts of the package.
        version: Version of the API, such as ``64.0``.
    """
    chosen = list(parts)
    objects: dict[str, list[Part]] = defaultdict(list)
    found: dict[str, bytes] = {}
    for part in chosen:
        if part.object:
            objects[part.object].append(part)
        else:
            found[part.path.removesuffix("-meta.xml")] = part.xml
    for name, inside in sorted(objects.items()):
        found[f"objects/{name}.object"] = _object_file(inside)
    return {MANIFEST: _manifest(chosen, version), **found}


def removing(parts: Iterable[Part], version: str) -> Mapping[str, bytes]:
    """Return the files that take *parts* out of an org, by path."""
    return {MANIFEST: _manifest([], version), DESTRUCTIVE: _manifest(list(parts), version)}


def zipped(found: Mapping[str, bytes]) -> bytes:
    """Return files as a zip; the same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in found.items():
            entry = zipfile.ZipInfo(path, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()


def _object_file(inside: Sequence[Part]) -> bytes:
    """Return the file of one object with the parts that are defined on it, and nothing else of it.

    What a file of an object does not name stays in the org as it is.
    """
    root = ET.Element(_tag("CustomObject"))
    for kind, tag in _INSIDE.items():
        for part in inside:
            if part.type == kind:
                element = ET.fromstring(part.xml)  # noqa: S314 - a file of this package
                element.tag = _tag(tag)
                element.tail = None
                root.append(element)
    return _text(root)


def _manifest(parts: Sequence[Part], version: str) -> bytes:
    """Return a list of parts by type."""
    root = ET.Element(_tag("Package"))
    for kind in ORDER:
        names = [part.name for part in parts if part.type == kind]
        if not names:
            continue
        types = ET.SubElement(root, _tag("types"))
        for name in names:
            ET.SubElement(types, _tag("members")).text = name
        ET.SubElement(types, _tag("name")).text = kind
    ET.SubElement(root, _tag("version")).text = version
    return _text(root)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _text(root: ET.Element) -> bytes:
    ET.indent(root, "    ")
    text: bytes = ET.tostring(
        root, encoding="UTF-8", xml_declaration=True, default_namespace=NAMESPACE
    )
    return text + b"\n"
