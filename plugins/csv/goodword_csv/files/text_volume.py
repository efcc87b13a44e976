"""How much text the cells of a workbook hold: a text is stored once and may stand in any cell.

A million cells that point at one text of a megabyte make a small file and fill any memory, because
a reader gives every cell a copy of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from xml.parsers import expat

from goodword import SourceError

MOST_TEXT = 1024**3
"""Bytes of text in all cells; a list of 100,000 people with 20 columns holds some 20 million."""

Pieces = Callable[[], Iterator[bytes]]
"""Gives the content of a part, piece by piece, each time anew."""

_DISTRUST = "Do not open it unless you know who made it."


def refuse_flood(texts: Pieces, sheets: Sequence[Pieces], name: str) -> None:
    """Refuse a workbook whose cells would hold far more text than its file.

    The cells are read one by one, which takes seconds, only where the longest text in every one
    of them would be too much.

    Args:
        texts: The table of shared texts.
        sheets: The sheets, and whatever else might be one.
        name: The file, for messages.

    Raises:
        SourceError: The texts of all cells are more than ``MOST_TEXT`` bytes.
    """
    cells = sum(piece.count(b"<v") + piece.count(b":v") for sheet in sheets for piece in sheet())
    if _longest(texts()) * cells <= MOST_TEXT:
        return
    sizes = list(_sizes(texts()))
    total = 0
    for sheet in sheets:
        total += sum(sizes[n] for n in _shared(sheet()) if n < len(sizes))
        if total > MOST_TEXT:
            size = f"{total / 1024**2:,.0f} MB of text"
            msg = f"{name} would unpack to {size}, far more than a list of people holds."
            raise SourceError(msg, hint=_DISTRUST)


def _longest(pieces: Iterator[bytes]) -> int:
    """Return at least the length of the longest text; of all texts, where signs may mislead."""
    longest = size = whole = 0
    misleads = False
    for piece in pieces:
        whole += len(piece)
        misleads |= b"<!" in piece  # a comment may look like the begin of many texts
        before, *texts = piece.split(b"<si")
        size += len(before)
        for text in texts:
            longest, size = max(longest, size), len(text)
    return whole if misleads else max(longest, size)


def _sizes(pieces: Iterator[bytes]) -> Iterator[int]:
    """Give the length of each shared text in bytes of UTF-8."""
    found: list[int] = []
    parser = expat.ParserCreate()

    def start(tag: str, _attributes: object) -> None:
        if tag.rpartition(":")[2] == "si":
            found.append(0)

    def text(data: str) -> None:
        if found:
            found[-1] += len(data.encode())

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    return _parsed(parser, pieces, found)


def _shared(pieces: Iterator[bytes]) -> Iterator[int]:
    """Give the number of the shared text of every cell that has one."""
    found: list[int] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True
    is_shared = is_value = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal is_shared, is_value
        kind = tag.rpartition(":")[2]
        if kind == "c":
            is_shared = attributes.get("t") == "s"
        is_value = kind == "v"

    def text(data: str) -> None:
        if is_shared and is_value and data.strip().isdecimal():
            found.append(int(data))

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    return _parsed(parser, pieces, found)


def _parsed(
    parser: expat.XMLParserType, pieces: Iterator[bytes], found: list[int]
) -> Iterator[int]:
    """Parse the pieces and give what the handlers found; the last may grow until the end."""
    try:
        for piece in pieces:
            parser.Parse(piece)
            yield from found[:-1]
            del found[:-1]
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        msg = "A part of the workbook is damaged: it is not the XML it should be."
        raise SourceError(msg, hint=_DISTRUST) from error
    yield from found
