"""The zip around a workbook: opened with care, its parts found, copied entry by entry."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from goodword import SourceError
from goodword_csv.files.unpacking import part_name, refuse_harm
from goodword_csv.files.xml_part import elements

_LEVEL = 3  # for a large sheet half the time of the usual 6, and a tenth more bytes
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NEVER = (1980, 1, 1, 0, 0, 0)  # the date of parts we add, so that equal input gives equal bytes
_SAVE_AS = "Save it as .xlsx in your spreadsheet program and use that file."


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another: its id, the last word of its type, the part it leads to."""

    id: str
    kind: str
    type: str
    part: str


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook's zip as read; parts are named as in the package, without leading slash."""

    name: str
    archive: zipfile.ZipFile
    names: Mapping[str, str]

    def has(self, part: str) -> bool:
        """Say whether the part is there."""
        return part.casefold() in self.names

    def read(self, part: str) -> bytes:
        """Unpack one part.

        Raises:
            SourceError: It is missing or damaged.
        """
        entry = self.names.get(part.casefold())
        if entry is None:
            msg = f"{self.name} is incomplete: {part} is missing."
            raise SourceError(msg, hint=_SAVE_AS)
        try:
            return self.archive.read(entry)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            msg = f"{self.name} is damaged: {part} cannot be unpacked."
            raise SourceError(msg, hint=_SAVE_AS) from error

    def relations(self, part: str) -> list[Relation]:
        """List the parts this one links to; links out of the file are left out."""
        where = relations_part(part)
        if not self.has(where):
            return []
        folder = posixpath.dirname(part)
        return [
            Relation(
                known["Id"],
                known.get("Type", "").rpartition("/")[2],
                known.get("Type", ""),
                posixpath.normpath(posixpath.join("/", folder, known.get("Target", ""))).strip("/"),
            )
            for element in elements(self.read(where), f"{self.name}: {where}")
            if element.name == "Relationship"
            and "Id" in (known := element.attributes)
            and known.get("TargetMode") != "External"
        ]


def relations_part(part: str) -> str:
    """Name the part that holds the links of another; of the package itself for ``""``."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def open_package(data: bytes, name: str) -> Package:
    """Open the bytes of an .xlsx or .xlsm file, and refuse what is none or means harm.

    Raises:
        SourceError: An old, binary or password-protected workbook, no workbook at all, damaged,
            signed, or made to do harm (see ``refuse_harm``).
    """
    if data.startswith(_OLE):
        msg = f"{name} is protected by a password, or is an old .xls workbook."
        raise SourceError(msg, hint=f"Remove the password. {_SAVE_AS}")
    if not data:
        msg = f"{name} is empty."
        raise SourceError(msg, hint="Export it again, or point goodword at another file.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        msg = f"{name} is no Excel workbook, or it is damaged."
        raise SourceError(msg, hint=_SAVE_AS) from error
    refuse_harm(data, archive, name)
    names = {part_name(entry).casefold(): entry.filename for entry in archive.infolist()}
    if "xl/workbook.bin" in names:
        msg = f"{name} is a binary workbook (.xlsb)."
        raise SourceError(msg, hint=_SAVE_AS)
    if "[content_types].xml" not in names:
        msg = f"{name} is a zip file, but no Excel workbook."
        raise SourceError(msg, hint=_SAVE_AS)
    if any(part.startswith("_xmlsignatures/") for part in names):
        msg = f"{name} carries a digital signature, which any change would break."
        raise SourceError(msg, hint="Remove the signature, or use a copy without it.")
    return Package(name, archive, names)


def repacked(package: Package, changed: Mapping[str, bytes], added: Mapping[str, bytes]) -> bytes:
    """Write the zip again with some parts changed and some added at its end.

    All other entries keep content, order, date, attributes and kind of compression.
    """
    entry_of = {package.names[part.casefold()]: part for part in changed}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.comment = package.archive.comment
        for entry in package.archive.infolist():
            part = entry_of.get(entry.filename)
            new = changed[part] if part else package.read(part_name(entry))
            copy = zipfile.ZipInfo(entry.filename, entry.date_time)
            copy.compress_type = entry.compress_type
            copy.create_system = entry.create_system
            copy.external_attr = entry.external_attr
            copy.internal_attr = entry.internal_attr
            copy.comment = entry.comment
            archive.writestr(copy, new, compresslevel=_LEVEL if part else None)
        for part, new in added.items():
            extra = zipfile.ZipInfo(part, _NEVER)
            extra.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(extra, new)
    return target.getvalue()
