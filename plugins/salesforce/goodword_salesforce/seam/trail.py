"""The way through the pages of a list: an org that leads in a circle is not followed for ever."""

from __future__ import annotations

from goodword_salesforce.seam.failures import endless

EMPTY = 100
"""Pages without any record, one after the other, after which a list counts as endless."""


class Trail:
    """The way through the pages of one list: it must come to an end.

    Args:
        what: The list, as the error names it.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._seen: set[str] = set()
        self._empty = 0

    def go(self, after: str, records: int) -> str:
        """Return *after*, where the next page begins, if it is a new one.

        Args:
            after: What the page named; empty at the end.
            records: How many records the page had.

        Raises:
            ConnectorError: It was named before, or nothing comes any more.
        """
        self._empty = 0 if records else self._empty + 1
        if after and (after in self._seen or self._empty > EMPTY):
            raise endless(self._what)
        self._seen.add(after)
        return after
