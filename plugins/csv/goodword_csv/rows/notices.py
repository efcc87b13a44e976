"""What a pull tells the user: one line a matter and sheet, with its rows counted and named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

SHOWN = 8
"""Line numbers named in one notice; the rest is counted."""


class Notices:
    """Gathers what is worth saying while sheets are read; never holds a value of a cell."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
        self._said: list[tuple[str, str]] = []

    def say(self, code: str, text: str) -> None:
        """Keep a sentence that is about no particular row."""
        if (code, text) not in self._said:
            self._said.append((code, text))

    def rows(
        self, code: str, where: str, what: str, lines: Iterable[int], *, unit: str = "line"
    ) -> None:
        """Keep rows of a sheet that have the same thing to be said about them.

        Args:
            code: Stable short name of the matter.
            where: The file or sheet.
            what: Completes "3 rows …", such as "without a customer we know".
            lines: Their line numbers.
            unit: What the numbers count: lines of a text, or rows of a sheet.
        """
        found = list(lines)
        if found:
            self._lines[code, where, what, unit] += found

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield ``(code, text)`` in the order things were noticed."""
        yield from self._said
        for (code, where, what, unit), lines in self._lines.items():
            count = len(lines)
            which = named(lines, unit=unit)
            yield code, f"{where}: {count:,} row{'s' if count > 1 else ''} {what} ({which})"


def named(lines: Iterable[int], *, unit: str = "line") -> str:
    """Name line numbers, the first few of many: ``lines 4, 9 and 12 more``."""
    numbers = sorted(set(lines))
    first = ", ".join(map(str, numbers[:SHOWN]))
    more = len(numbers) - SHOWN
    word = unit if len(numbers) == 1 else f"{unit}s"
    return f"{word} {first} and {more:,} more" if more > 0 else f"{word} {first}"
