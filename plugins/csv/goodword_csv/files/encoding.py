"""Bytes to text: which encoding a file is in, and when we refuse it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from goodword import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MAX_LINE = 4 * 1024**2
"""Bytes of the longest line: a hundred cells as full as a spreadsheet program allows."""
_SAVE_AS_UTF8 = 'Save it from the spreadsheet program as "CSV UTF-8", or as XLSX, and try again.'


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file without its byte order mark."""

    text: str
    encoding: str
    bom: bool


def decode(data: bytes, *, where: str, encoding: str | None = None) -> Decoded:
    """Decode a whole file: byte order mark, else strict UTF-8, else cp1252, else latin-1.

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
            return _checked(_strict(data[len(mark) :], name, where), name, bom=True, where=where)
    if encoding is not None:
        return _checked(_strict(data, encoding, where), encoding, bom=False, where=where)
    for name in ("utf-8", "cp1252"):
        try:
            return _checked(data.decode(name), name, bom=False, where=where)
        except UnicodeDecodeError:
            continue
    return _checked(data.decode("latin-1"), "latin-1", bom=False, where=where)


def encode(decoded: Decoded) -> bytes:
    """Turn decoded text back into the bytes it came from."""
    mark = next((m for m, name in _MARKS if name == decoded.encoding), b"") if decoded.bom else b""
    return mark + decoded.text.encode(decoded.encoding)


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


def _strict(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        message = f"{where}: there is no encoding called {encoding!r}."
        raise SourceError(message, hint='Use a name such as "utf-8" or "cp1252".') from error
    except UnicodeDecodeError as error:
        message = f"{where} is not in {encoding} throughout (byte {error.start})."
        raise SourceError(message, hint=_SAVE_AS_UTF8) from error


def _checked(text: str, encoding: str, *, bom: bool, where: str) -> Decoded:
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        message = f"{where}, line {line}: NUL characters, which no CSV file holds."
        raise SourceError(message, hint=_SAVE_AS_UTF8)
    if not text.strip():
        message = f"{where} is empty."
        raise SourceError(message, hint="Export it again, or point goodword at another file.")
    return Decoded(text, encoding, bom)
