"""One XML part of a workbook as bytes: prove it harmless, find tags in it, splice bytes into it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape

from goodword import SourceError

Splice = tuple[int, int, bytes]
"""Replace ``part[start:end]`` by these bytes; ``start == end`` inserts."""

_ATTRIBUTE = re.compile(rb"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile('[^\n -~]|[&<>"]|_x')
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_RESAVE = "Open the file in your spreadsheet program, save it as a new .xlsx and use that one."


@dataclass(frozen=True, slots=True)
class Element:
    """A start tag as read: local name, attributes by local name, depth (root is 0)."""

    name: str
    attributes: dict[str, str]
    depth: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag in the bytes of a part.

    ``start`` and ``end`` enclose the tag itself; an empty element (``<a/>``) has no closing tag.
    """

    start: int
    end: int
    attributes: dict[bytes, bytes]
    is_empty: bool


def prove(part: bytes, name: str) -> bytes:
    """Check that a part is well-formed UTF-8 XML without DTD, and hide what only looks like tags.

    Args:
        part: The bytes of the part.
        name: The part as a person would call it, for the message.

    Returns:
        Bytes of the same length in which comments, CDATA sections and processing instructions are
        blanks, so every ``<`` begins a real tag and every offset is valid in the part too.
        It is the part itself when it holds none of these.

    Raises:
        SourceError: Not well-formed, not UTF-8, or with a DOCTYPE.
    """
    parser = _parser(part, name)
    hidden: list[tuple[int, bytes]] = []

    def note(ending: bytes) -> None:
        hidden.append((parser.CurrentByteIndex, ending))

    parser.CommentHandler = lambda _text: note(b"-->")
    parser.StartCdataSectionHandler = lambda: note(b"]]>")
    parser.ProcessingInstructionHandler = lambda _target, _data: note(b"?>")
    _parse(parser, part, name)
    if not hidden:
        return part
    mask = bytearray(part)
    for start, ending in hidden:
        end = part.index(ending, start) + len(ending)
        mask[start:end] = b" " * (end - start)
    return bytes(mask)


def elements(part: bytes, name: str) -> list[Element]:
    """Read every start tag of a small part, namespaces resolved and prefixes dropped.

    Raises:
        SourceError: As for ``prove``.
    """
    parser = _parser(part, name, namespaces=True)
    found: list[Element] = []
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        found.append(Element(tag.rpartition(" ")[2], plain, depth))
        depth += 1

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    _parse(parser, part, name)
    return found


@cache
def opening(name: bytes) -> re.Pattern[bytes]:
    """Return a pattern for a start tag; its groups are the attributes and the slash of ``<a/>``."""
    inside = rb"""((?:[^"'<>/]+|"[^"]*"|'[^']*')*)"""
    return re.compile(rb"<" + re.escape(name) + rb"(?=[\s/>])" + inside + rb"(/?)>")


@cache
def _ending(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"</" + re.escape(name) + rb"\s*>")


def root_prefix(mask: bytes, root: bytes) -> bytes:
    """Return the namespace prefix of the root element with its colon, ``b""`` when it has none.

    Raises:
        SourceError: The part has another root element.
    """
    found = re.search(rb"<([\w.-]+:)?([\w.-]+)", mask[mask.find(b"?>") + 1 :][:4096])
    if found is None or found[2] != root:
        msg = f"A part of the workbook is not the {root.decode()} it should be."
        raise SourceError(msg, hint=_RESAVE)
    return found[1] or b""


def tags(mask: bytes, name: bytes, start: int = 0, end: int | None = None) -> Iterator[Tag]:
    """Find the start tags called ``name`` (with prefix) in a proven part, in order."""
    for found in opening(name).finditer(mask, start, len(mask) if end is None else end):
        yield Tag(found.start(), found.end(), attributes(found[1]), bool(found[2]))


def first_tag(mask: bytes, name: bytes, start: int = 0, end: int | None = None) -> Tag | None:
    """Find the first start tag called ``name``, or None."""
    return next(tags(mask, name, start, end), None)


def attributes(raw: bytes) -> dict[bytes, bytes]:
    """Split the inside of a start tag into its attributes, values as they stand in the file."""
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(raw)}


def closing(mask: bytes, name: bytes, start: int) -> tuple[int, int]:
    """Return start and end of the next closing tag called ``name`` in a proven part."""
    found = _ending(name).search(mask, start)
    if found is None:
        msg = f"A part of the workbook has no end of {name.decode()}."
        raise SourceError(msg, hint=_RESAVE)
    return found.span()


def spliced(part: bytes, splices: Iterable[Splice]) -> bytes:
    """Apply splices given in ascending order and leave every other byte as it is."""
    view = memoryview(part)
    whole = BytesIO()  # a list of the pieces would take more memory than the part
    done = 0
    for start, end, new in splices:
        whole.write(view[done:start])
        whole.write(new)
        done = end
    whole.write(view[done:])
    return whole.getvalue()


def xml_text(value: str) -> str:
    """Escape text for an element or attribute of a workbook part.

    Characters XML cannot hold are dropped, line endings become line feeds, and an underscore that
    would start an escape such as ``_x0041_`` is escaped itself (ECMA-376 part 1, 22.9.2.19).
    """
    if not _SPECIAL.search(value):
        return value
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    clean = _LOOKS_ESCAPED.sub("_x005F_", _NOT_XML.sub("", lines))
    return escape(clean, {'"': "&quot;"})


def _parser(part: bytes, name: str, *, namespaces: bool = False) -> expat.XMLParserType:
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in part[:4]:
        _refuse_encoding(name)
    parser = expat.ParserCreate(namespace_separator=" " if namespaces else None)

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in {"utf-8", "utf8"}:
            _refuse_encoding(name)

    def doctype(_name: str, _system: str | None, _public: str | None, _internal: bool) -> None:
        msg = f"{name} holds a document type declaration, which no spreadsheet program writes."
        hint = "Do not use this file unless you know who made it. " + _RESAVE
        raise SourceError(msg, hint=hint)

    parser.XmlDeclHandler = declaration
    parser.StartDoctypeDeclHandler = doctype
    return parser


def _parse(parser: expat.XMLParserType, part: bytes, name: str) -> None:
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        what = expat.errors.messages[error.code]
        msg = f"{name} is damaged (line {error.lineno} of its XML: {what})."
        raise SourceError(msg, hint=_RESAVE) from None


def _refuse_encoding(name: str) -> NoReturn:
    msg = f"{name} is not stored as UTF-8."
    raise SourceError(msg, hint=_RESAVE)
