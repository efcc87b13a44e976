"""The signs of money in the number formats of a workbook: its amounts are plain numbers."""

from __future__ import annotations

import re
from html import unescape

from goodword_csv.files.package import open_package

_STYLES = "xl/styles.xml"
_CODE = re.compile(rb"<(?:\w+:)?numFmt\b[^>]*\bformatCode\s*=\s*(\"[^\"]*\"|'[^']*')")
_LOCAL = re.compile(r"\[\$([^\]-]+)(?:-[^\]]*)?\]")
_QUOTED = re.compile(r'"([^"]*)"')


def signs_of_money(data: bytes, name: str) -> frozenset[str]:
    """Return what number formats of a workbook write beside a number, such as ``£`` or ``CHF``.

    Raises:
        SourceError: The file is no workbook, or damaged.
    """
    package = open_package(data, name)
    if not package.has(_STYLES):
        return frozenset()
    found: set[str] = set()
    for match in _CODE.finditer(package.read(_STYLES)):
        code = unescape(match[1][1:-1].decode("utf-8", "replace"))
        found.update(_LOCAL.findall(code))
        rest = _LOCAL.sub("", code)
        found.update(_QUOTED.findall(rest))
        found.update(sign for sign in "£€" if sign in _QUOTED.sub("", rest))
    return frozenset(text.strip() for text in found if text.strip())
