"""Four cell formats of ours, for title, note, header and text, spliced into the styles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from goodword_csv.files.xml_part import (
    Splice,
    Tag,
    closing,
    first_tag,
    prove,
    root_prefix,
    spliced,
    tags,
)

_COUNT = re.compile(rb"""(\scount\s*=\s*)(?:"[^"]*"|'[^']*')""")

_WRAP = b' wrapText="1"'


@dataclass(frozen=True, slots=True)
class SheetStyles:
    """Indexes into the workbook's cell formats; None leaves cells plain."""

    header: int | None = None
    wrapped: int | None = None
    title: int | None = None
    note: int | None = None


def with_sheet_styles(part: bytes, name: str) -> tuple[bytes, SheetStyles]:
    """Append our formats to a styles part; a part of unusual shape is left alone, and plain.

    The bold font is the workbook's own first font, made bold.

    Raises:
        SourceError: The part is damaged.
    """
    mask = prove(part, name)
    p = root_prefix(mask, b"styleSheet")
    fonts, formats = first_tag(mask, p + b"fonts"), first_tag(mask, p + b"cellXfs")
    if fonts is None or formats is None or fonts.is_empty or formats.is_empty:
        return part, SheetStyles()
    fonts_end = closing(mask, p + b"fonts", fonts.end)[0]
    formats_end = closing(mask, p + b"cellXfs", formats.end)[0]
    font = first_tag(mask, p + b"font", fonts.end, fonts_end)
    if font is None or formats.start < fonts_end:
        return part, SheetStyles()
    font_count = sum(1 for _ in tags(mask, p + b"font", fonts.end, fonts_end))
    format_count = sum(1 for _ in tags(mask, p + b"xf", formats.end, formats_end))
    inside = b"" if font.is_empty else part[font.end : closing(mask, p + b"font", font.end)[0]]
    if first_tag(inside, p + b"b") is None:
        inside = b"<%bb/>%b" % (p, inside)
    bold = b"<%bfont>%b</%bfont>" % (p, inside, p)
    new_formats = b"".join(
        b'<%bxf numFmtId="0" fontId="%d" fillId="0" borderId="0" xfId="0" applyFont="1"'
        b' applyAlignment="1"><%balignment vertical="top"%b/></%bxf>' % (p, font_id, p, wrap, p)
        for font_id, wrap in ((font_count, _WRAP), (0, _WRAP), (font_count, b""), (0, b""))
    )
    splices: list[Splice] = [
        *_counted(part, fonts, font_count + 1),
        (fonts_end, fonts_end, bold),
        *_counted(part, formats, format_count + 4),
        (formats_end, formats_end, new_formats),
    ]
    new = spliced(part, splices)
    prove(new, name)
    return new, SheetStyles(*range(format_count, format_count + 4))


def _counted(part: bytes, tag: Tag, count: int) -> list[Splice]:
    found = _COUNT.search(part, tag.start, tag.end)
    return [(*found.span(), b'%b"%d"' % (found[1], count))] if found else []
