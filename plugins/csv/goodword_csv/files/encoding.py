"""Bytes to text: which encoding a file is in, and when we refuse it."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from goodword import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MAX_LINE = 4 * 1024**2
"""Bytes of the longest line: a hundred cells as full as a spreadsheet program allows."""
_PIECE = 1024**2
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")
_SAVE_AS_UTF8 = 'Save it from the spreadsheet program as "CSV UTF-8", or as XLSX, and try again.'


class Text(Protocol):
    """The text of a file, line by line, and how it is written down."""

    @property
    def encoding(self) -> str:
        """Python's name of the encoding."""
        ...

    @property
    def bom(self) -> bool:
        """Whether a byte order mark stands before it."""
        ...

    def lines(self) -> Iterator[str]:
        """Give the lines with their ends, each time from the first on."""
        ...


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file without its byte order mark."""

    text: str
    encoding: str
    bom: bool

    def lines(self) -> Iterator[str]:
        """Give the lines with their ends; a file object would hold the text once more, in UCS-4."""
        return (found[0] for found in _LINE.finditer(self.text))


@dataclass(frozen=True, slots=True)
class Encoded:
    """The bytes of a file that are known to be text; they are decoded line by line, as it is read.

    As one text a list of 100,000 people takes two or four times the room of its bytes.
    """

    data: bytes
    encoding: str
    bom: bool

    def lines(self) -> Iterator[str]:
        """Give the lines with their ends."""
        file = io.BytesIO(self.data)
        file.seek(len(_mark(self.encoding)) if self.bom else 0)
        return io.TextIOWrapper(file, encoding=self.encoding, newline="")


def decode(data: bytes, *, where: str, encoding: str | None = None) -> Decoded:
    """Decode a whole file at once; see ``encoded``, which a large file needs."""
    known = encoded(data, where=where, encoding=encoding)
    mark = len(_mark(known.encoding)) if known.bom else 0
    return Decoded(data[mark:].decode(known.encoding), known.encoding, known.bom)


def encoded(data: bytes, *, where: str, encoding: str | None = None) -> Encoded:
    """Find out what a file is written in: its mark, else strict UTF-8, else cp1252, else latin-1.

    UTF-8 is checked over all of the file: a foreign byte may come after tens of kilobytes.

    Args:
        data: The file.
        where: Its name, for messages.
        encoding: What the settings say, which beats the guess (not the byte order mark).

    Raises:
        SourceError: The file is empty, holds NUL characters or a line without end, or contradicts
            its own mark.
    """
    _refuse_endless_line(data, where)
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        message = f"{where} is in UTF-32, which spreadsheet programs do not write."
        raise SourceError(message, hint=_SAVE_AS_UTF8)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _checked(data, name, bom=True, where=where)
    if encoding is not None:
        return _checked(data, encoding, bom=False, where=where)
    for name in ("utf-8", "cp1252"):
        if _fits(data, name):
            return _checked(data, name, bom=False, where=where)
    return _checked(data, "latin-1", bom=False, where=where)


def encode(decoded: Decoded) -> bytes:
    """Turn decoded text back into the bytes it came from."""
    mark = _mark(decoded.encoding) if decoded.bom else b""
    return mark + decoded.text.encode(decoded.encoding)


def encode_pieces(pieces: Iterable[str], encoding: str, *, bom: bool) -> bytes:
    """Turn text that comes in pieces into bytes; all of it at once would take thrice the room."""
    encoder = codecs.getincrementalencoder(encoding)()
    whole = io.BytesIO()
    whole.write(_mark(encoding) if bom else b"")
    for piece in pieces:
        whole.write(encoder.encode(piece))
    whole.write(encoder.encode("", final=True))
    return whole.getvalue()


def _mark(encoding: str) -> bytes:
    return next((mark for mark, name in _MARKS if name == encoding), b"")


def _refuse_endless_line(data: bytes, where: str) -> None:
    """Refuse a line that would be one huge row; found by jumps, before anything is decoded."""
    at = 0
    while len(data) - at > MAX_LINE:
        end = max(data.rfind(sign, at, at + MAX_LINE) for sign in (b"\n", b"\r"))
        if end < 0:
            line = len(data[:at].splitlines()) + 1
            message = (
                f"{where}, line {line}: longer than {MAX_LINE // 1024**2} MB, so it is no row."
            )
            raise SourceError(message, hint="Export the list again, with one row a person.")
        at = end + 1


def _fits(data: bytes, encoding: str) -> bool:
    try:
        for _ in _decoded(memoryview(data), encoding):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: memoryview, encoding: str) -> Iterator[str]:
    """Decode in pieces, so that the text is never there as a whole."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for at in range(0, len(data), _PIECE):
        yield decoder.decode(data[at : at + _PIECE])
    yield decoder.decode(b"", final=True)


def _strict(data: memoryview, encoding: str, where: str) -> Iterator[str]:
    """Decode in pieces, and say where the file is not in its encoding."""
    try:
        b"".decode(encoding)
        yield from _decoded(data, encoding)
    except LookupError as error:
        message = f"{where}: there is no encoding called {encoding!r}."
        raise SourceError(message, hint='Use a name such as "utf-8" or "cp1252".') from error
    except UnicodeDecodeError as error:
        message = f"{where} is not in {encoding} throughout (byte {_wrong_byte(data, error)})."
        raise SourceError(message, hint=_SAVE_AS_UTF8) from error


def _wrong_byte(data: memoryview, error: UnicodeDecodeError) -> int:
    """The place in the file of what could not be decoded in one of its pieces."""
    try:
        bytes(data).decode(error.encoding)
    except UnicodeDecodeError as whole:
        return whole.start
    return error.start


def _checked(data: bytes, encoding: str, *, bom: bool, where: str) -> Encoded:
    found = Encoded(data, encoding, bom)
    body = memoryview(data)[len(_mark(encoding)) if bom else 0 :]
    line, filled = 1, False
    for piece in _strict(body, encoding, where):
        if "\x00" in piece:
            line += piece.count("\n", 0, piece.index("\x00"))
            message = f"{where}, line {line}: NUL characters, which no CSV file holds."
            raise SourceError(message, hint=_SAVE_AS_UTF8)
        line += piece.count("\n")
        filled = filled or bool(piece.strip())
    if not filled:
        message = f"{where} is empty."
        raise SourceError(message, hint="Export it again, or point goodword at another file.")
    return found
