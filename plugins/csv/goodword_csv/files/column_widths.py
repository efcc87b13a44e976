"""Widths of columns that are new in a sheet; those that have one keep it."""

from __future__ import annotations

from collections.abc import Mapping

from goodword_csv.files.xml_part import (
    Splice,
    closing,
    first_tag,
    prove,
    root_prefix,
    spliced,
    tags,
)


def with_widths(part: bytes, widths: Mapping[int, float], name: str) -> bytes:
    """Give columns a width where the sheet says nothing about them.

    Args:
        part: The worksheet part.
        widths: 0-based column to its width in characters.
        name: The sheet as a person would call it, for messages.

    Raises:
        SourceError: The part is damaged.
    """
    mask = prove(part, name)
    p = root_prefix(mask, b"worksheet")
    data = first_tag(mask, p + b"sheetData")
    if data is None:
        return part
    known = [
        (tag.start, int(tag.attributes[b"min"]) - 1, int(tag.attributes[b"max"]))
        for tag in tags(mask, p + b"col", 0, data.start)
        if tag.attributes.keys() >= {b"min", b"max"}
    ]
    free = sorted(at for at in widths if not any(low <= at < high for _, low, high in known))
    if not free:
        return part
    new = {at: _column(p, at, widths[at]) for at in free}
    group = first_tag(mask, p + b"cols", 0, data.start)
    if group is None or group.is_empty:
        whole = b"<%bcols>%b</%bcols>" % (p, b"".join(new.values()), p)
        span = (data.start, data.start) if group is None else (group.start, group.end)
        return spliced(part, [(*span, whole)])
    end = closing(mask, p + b"cols", group.end)[0]
    places: dict[int, bytes] = {}
    for at in free:
        place = next((start for start, low, _ in known if low > at), end)
        places[place] = places.get(place, b"") + new[at]
    splices: list[Splice] = [(place, place, text) for place, text in sorted(places.items())]
    return spliced(part, splices)


def _column(prefix: bytes, at: int, width: float) -> bytes:
    text = f'col min="{at + 1}" max="{at + 1}" width="{width:g}" customWidth="1"/>'
    return b"<%b%b" % (prefix, text.encode())
