"""A workbook's zip, unpacked on trial: nothing in it may lie about its size, place or kind.

Every entry is unpacked once, a piece at a time, and thrown away again. So a bomb is found in a few
megabytes of memory, before any program that believes the zip reads it.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain

from goodword import SourceError
from goodword_csv.files.text_volume import refuse_flood
from goodword_csv.files.xml_trial import refuse_xml

MAX_BYTES = 2 * 1024**3  # unpacked, all parts together
MAX_RATIO = 500  # unpacked to packed, for what is large at all; real sheets stay below 100
_LARGE = 64 * 1024**2
_MAX_ENTRIES = 20_000
_PIECE = 1024**2
_LOCAL = struct.Struct("<4s5H3I2H")  # PKWARE appnote 4.3.7, a local file header without its name
_UTF8_NAME = 0x800
_XML = (".xml", ".rels")
_SHEET = b"sheetData"
_TEXTS = "sharedstrings.xml"
_DRIVE = re.compile(r"[A-Za-z]:")
_UNREAD = ("customxml/", "docprops/")
"""Folders of parts that nobody here reads; they may hold XML of any kind."""
_DISTRUST = "Do not open it unless you know who made it."
_SAVE_AS = "Save it as .xlsx in your spreadsheet program and use that file."


def part_name(entry: zipfile.ZipInfo) -> str:
    """Return the name of a part as links use it."""
    return entry.filename.replace("\\", "/")


def refuse_harm(data: bytes, archive: zipfile.ZipFile, name: str) -> None:
    """Refuse an archive that is ambiguous, encrypted, or would do harm when it is unpacked.

    Args:
        data: The bytes of the file.
        archive: The same, opened.
        name: The file, for messages.

    Raises:
        SourceError: Says what is wrong with which part.
    """
    entries = archive.infolist()
    _refuse_sizes(name, entries, len(data))
    _refuse_names(name, entries)
    view = memoryview(data)
    places = [
        (entry, view[start : start + entry.compress_size])
        for entry, start in _places(name, view, entries, archive)
    ]
    for entry, packed in places:
        _refuse_content(name, entry, packed)
    _refuse_texts(name, places)


def _refuse_texts(name: str, places: Sequence[tuple[zipfile.ZipInfo, memoryview]]) -> None:
    """Refuse shared texts that would fill the memory where cells point at them."""
    parts = {
        part_name(entry).casefold(): partial(_unpacked, name, entry, packed)
        for entry, packed in places
    }
    texts = [pieces for part, pieces in parts.items() if part.endswith(_TEXTS)]
    sheets = [pieces for part, pieces in parts.items() if not part.endswith(_TEXTS)]
    for pieces in texts:
        refuse_flood(pieces, sheets, name)


def _refuse_sizes(name: str, entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    total = sum(entry.file_size for entry in entries)
    stuffed = total > _LARGE and total > MAX_RATIO * size
    stuffed |= any(
        entry.file_size > _LARGE and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    if total > MAX_BYTES or stuffed or len(entries) > _MAX_ENTRIES:
        msg = f"{name} would unpack to {total / 1024**2:,.0f} MB, far more than a workbook does."
        raise SourceError(msg, hint=_DISTRUST)


def _refuse_names(name: str, entries: Sequence[zipfile.ZipInfo]) -> None:
    names = [part_name(entry) for entry in entries]
    if len({each.strip("/").casefold() for each in names}) != len(names):
        msg = f"{name} holds two parts of one name, so programs may disagree about its content."
        raise SourceError(msg, hint=_SAVE_AS)
    for each, entry in zip(names, entries, strict=True):
        if each.startswith("/") or _DRIVE.match(each) or {"..", "."} & set(each.split("/")):
            msg = f"{name} holds a part that points out of the file."
            raise SourceError(msg, hint=_DISTRUST)
        if "\0" in entry.orig_filename:
            msg = f"{name} holds a part with two names."
            raise SourceError(msg, hint=_DISTRUST)
        if entry.flag_bits & 0x1:
            msg = f"{name} is protected by a password."
            raise SourceError(msg, hint=f"Remove the password. {_SAVE_AS}")
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            msg = f"{name} is packed in a way that no spreadsheet program uses."
            raise SourceError(msg, hint=_SAVE_AS)


def _places(
    name: str, data: memoryview, entries: Sequence[zipfile.ZipInfo], archive: zipfile.ZipFile
) -> Iterator[tuple[zipfile.ZipInfo, int]]:
    """Give each entry with the place of its bytes, and refuse two that share some.

    A file inside a file, put before or behind this one, is refused too: which of the two a program
    opens is anybody's guess.
    """
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end or (end == 0 and entry.header_offset != 0):
            msg = f"{name} holds parts inside of other parts, or another file before its own."
            raise SourceError(msg, hint=_DISTRUST)
        start = _start(name, data, entry)
        end = start + entry.compress_size
        yield entry, start
    if end > archive.start_dir or b"PK" in archive.comment:
        msg = f"{name} holds another file inside or behind its own."
        raise SourceError(msg, hint=_DISTRUST)


def _start(name: str, data: memoryview, entry: zipfile.ZipInfo) -> int:
    """Return where the packed bytes of an entry begin; both its headers must name it alike."""
    at = entry.header_offset
    if at + _LOCAL.size > len(data):
        raise _damaged(name, entry)
    sign, _, flags, *_, length, extra = _LOCAL.unpack_from(data, at)
    begin = at + _LOCAL.size
    said = bytes(data[begin : begin + length])
    try:
        same = said.decode("utf-8" if flags & _UTF8_NAME else "cp437") == entry.orig_filename
    except UnicodeDecodeError:
        same = False
    start: int = begin + length + extra
    if sign != b"PK\x03\x04" or not same or start + entry.compress_size > len(data):
        raise _damaged(name, entry)
    return start


def _refuse_content(name: str, entry: zipfile.ZipInfo, packed: memoryview) -> None:
    """Unpack one entry on trial, and look into it where it is XML that somebody will read."""
    pieces = _unpacked(name, entry, packed)
    first = next(pieces, b"")
    head = first.removeprefix(b"\xef\xbb\xbf").lstrip()[:64]
    part = part_name(entry)
    where = f"{name}: {part}"
    called_xml = part.casefold().endswith(_XML)
    if part.casefold().startswith(_UNREAD):
        _run_through(pieces)
    elif called_xml and (first[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in head[:4]):
        msg = f"{where} is not stored as UTF-8."
        raise SourceError(msg, hint=_SAVE_AS)
    elif called_xml or head.startswith(b"<") or not head:
        again = _unpacked(name, entry, packed)
        refuse_xml(chain([first], pieces), again, name=name, part=where)
    elif _run_through(chain([first], pieces)):
        msg = f"{where} is a sheet in disguise."
        raise SourceError(msg, hint=_DISTRUST)


def _run_through(pieces: Iterator[bytes]) -> bool:
    """Unpack a part to its end; say whether a reader would find the cells of a sheet in it."""
    found, rest = False, b""
    for piece in pieces:
        text = rest + piece
        found |= _SHEET in text
        rest = text[-len(_SHEET) :]
    return found


def _unpacked(name: str, entry: zipfile.ZipInfo, packed: memoryview) -> Iterator[bytes]:
    """Give the content of an entry in pieces; at its end size and checksum must be as stated."""
    size = crc = 0
    for piece in _pieces(name, entry, packed):
        size += len(piece)
        if size > entry.file_size:
            break
        crc = zlib.crc32(piece, crc)
        yield piece
    if size > entry.file_size:
        msg = f"{name} was made to do harm: {part_name(entry)} is larger than it says."
        raise SourceError(msg, hint=_DISTRUST)
    if size < entry.file_size or crc != entry.CRC:
        raise _damaged(name, entry)


def _pieces(name: str, entry: zipfile.ZipInfo, packed: memoryview) -> Iterator[bytes]:
    if entry.compress_type == zipfile.ZIP_STORED:
        for at in range(0, len(packed), _PIECE):
            yield bytes(packed[at : at + _PIECE])
        return
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(packed), _PIECE):
            piece = unpack.decompress(packed[at : at + _PIECE], _PIECE)
            while piece:
                yield piece
                piece = unpack.decompress(unpack.unconsumed_tail, _PIECE)
    except zlib.error as error:
        raise _damaged(name, entry) from error
    if not unpack.eof or unpack.unused_data:
        raise _damaged(name, entry)


def _damaged(name: str, entry: zipfile.ZipInfo) -> SourceError:
    msg = f"{name} is damaged: {part_name(entry)} cannot be unpacked."
    return SourceError(msg, hint=_SAVE_AS)
