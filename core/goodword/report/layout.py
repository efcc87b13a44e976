"""The few shapes all pages are made of: a heading, a list, a table that fits narrow terminals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from goodword.report.phrases import clean

NARROW = 60
"""Below this many columns a table of more than three columns is written as paragraphs."""
FEW = 3


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


@dataclass(frozen=True)
class Rows:
    """A table without lines; where the terminal is narrow, one short paragraph a row.

    Args:
        rows: Cells as text.
        headers: Column titles; none for a plain list.
        numbers: Columns set to the right.
        quiet: Columns shown dimmed.
        whole: Columns that are never broken into two lines.
    """

    rows: Sequence[Sequence[str]]
    headers: Sequence[str] = ()
    numbers: Sequence[int] = ()
    quiet: Sequence[int] = ()
    whole: Sequence[int] = ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Choose the shape that fits the width."""
        columns = max((len(row) for row in self.rows), default=len(self.headers))
        narrow = options.max_width < NARROW and columns > FEW
        shape = self._paragraphs() if narrow else self._grid(columns)
        yield Padding(shape, (0, 0, 0, 2), expand=False)

    def _grid(self, columns: int) -> RenderableType:
        grid = Table(
            box=None, show_header=bool(self.headers), header_style="dim", padding=(0, 2, 0, 0)
        )
        for number in range(columns):
            grid.add_column(
                self.headers[number] if self.headers else "",
                justify="right" if number in self.numbers else "left",
                style="dim" if number in self.quiet else "",
                no_wrap=number in self.whole,
                overflow="fold",
            )
        for row in self.rows:
            grid.add_row(*(Text(cell) for cell in row))
        return grid

    def _paragraphs(self) -> RenderableType:
        texts = [" · ".join(cell.strip() for cell in row if cell.strip()) for row in self.rows]
        return Group(*(Text(text) for text in texts))


def table(
    rows: Iterable[Sequence[str]],
    *,
    headers: Sequence[str] = (),
    numbers: Sequence[int] = (),
    quiet: Sequence[int] = (),
    whole: Sequence[int] = (),
) -> Rows:
    """Return *rows*, made safe to print, as a table (see ``Rows``)."""
    return Rows([[clean(cell) for cell in row] for row in rows], headers, numbers, quiet, whole)


def page(parts: Iterable[RenderableType | None]) -> Group:
    """Return the parts that are there, as one page."""
    return Group(*(part for part in parts if part is not None))


GAP = Text("")
"""An empty line between parts."""
