"""The few shapes all pages are made of: a heading, a list, a table that fits narrow terminals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from goodword.report.phrases import clean


def heading(text: str, note: str = "") -> Text:
    """Return a line that opens a part of a page."""
    line = Text(clean(text), style="bold")
    if note:
        line.append(f"  {clean(note)}", style="dim not bold")
    return line


def lines(texts: Iterable[str], *, style: str = "") -> RenderableType:
    """Return indented lines; a long one wraps below its own start."""
    group = Group(*(Text(clean(text), style=style) for text in texts))
    return Padding(group, (0, 0, 0, 2), expand=False)


def table(
    rows: Iterable[Sequence[str]],
    *,
    headers: Sequence[str] = (),
    numbers: Sequence[int] = (),
    quiet: Sequence[int] = (),
    whole: Sequence[int] = (),
) -> RenderableType:
    """Return an indented table without lines.

    Args:
        rows: Cells as text.
        headers: Column titles; none for a plain list.
        numbers: Columns set to the right.
        quiet: Columns shown dimmed.
        whole: Columns that are never broken into two lines.
    """
    kept = [[clean(cell) for cell in row] for row in rows]
    width = max((len(row) for row in kept), default=len(headers))
    grid = Table(box=None, show_header=bool(headers), header_style="dim", padding=(0, 2, 0, 0))
    for number in range(width):
        grid.add_column(
            headers[number] if headers else "",
            justify="right" if number in numbers else "left",
            style="dim" if number in quiet else "",
            no_wrap=number in whole,
            overflow="fold",
        )
    for row in kept:
        grid.add_row(*(Text(cell) for cell in row))
    return Padding(grid, (0, 0, 0, 2), expand=False)


def page(parts: Iterable[RenderableType | None]) -> Group:
    """Return the parts that are there, as one page."""
    return Group(*(part for part in parts if part is not None))


GAP = Text("")
"""An empty line between parts."""
