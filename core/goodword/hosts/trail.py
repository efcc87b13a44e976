"""The way through the pages of a list: a host that leads in a circle is not followed for ever."""

from __future__ import annotations

EMPTY = 100
"""Pages without any record, one after the other, after which a list counts as endless."""


class Trail:
    """The way through the pages of one list: it must come to an end.

    Args:
        endless: What is raised where it does not.
    """

    def __init__(self, endless: Exception) -> None:
        self._endless = endless
        self._seen: set[str] = set()
        self._empty = 0

    def go(self, after: str, records: int) -> str:
        """Return *after*, where the next page begins, if it is a new one.

        Args:
            after: What the page named; empty at the end.
            records: How many records the page had.

        Raises:
            Exception: The one given: it was named before, or nothing comes any more.
        """
        self._empty = 0 if records else self._empty + 1
        if after and (after in self._seen or self._empty > EMPTY):
            raise self._endless
        self._seen.add(after)
        return after
