"""Ids of records: the sheet's own, or made from what the row says, never from where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from goodword_csv.rows.identity import digest


class RecordIds:
    """The ids of one canonical table, over all sheets that fill it."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._owners: dict[str, str] = {}

    def of(self, prefix: str, own: str | None, content: Iterable[object], where: str) -> str:
        """Return the id of a record.

        Args:
            prefix: Marks ids we make.
            own: The id in the sheet; two sheets may use the same one for different records.
            content: What the row says; equal rows are numbered, so sorting changes nothing.
            where: The sheet.
        """
        if own is not None:
            owner = self._owners.setdefault(own, where)
            return own if owner == where else f"{own}~{digest(where, size=6)}"
        made = f"{prefix}-{digest(*content)}"
        self._times[made] += 1
        times = self._times[made]
        return made if times == 1 else f"{made}-{times}"
