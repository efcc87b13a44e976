"""What the list held of ours when it was read or written last: how an older copy is noticed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from goodword import private_file
from goodword_csv.files.text_file import unprotected
from goodword_csv.layout.grid import Grid
from goodword_csv.rows.identity import digest, folded
from goodword_csv.rows.own_columns import FIELDS
from goodword_csv.rows.sources import Sheet, column_of
from goodword_csv.values.plain import text_of

FILE = "csv/last-seen.json"
"""The trail's place in the state folder."""
_VERSION = 1
KEPT = 64
"""People whose columns of ours are remembered, those written last first; one of them is enough."""
_NAMES = ("stage", "segment", "score", "why")
"""Fields that are compared; programs write dates their own way, so the next ask is not."""
_SLACK = 2 * 10**9
"""Nanoseconds: some disks keep the time of a change to two seconds only."""


@dataclass(frozen=True, slots=True)
class Trail:
    """The list as it was when it was read or written last.

    Attributes:
        name: Of its file.
        changed: When the file was changed, in nanoseconds since 1970; 0 where that is not known.
        fields: Contact id to a digest of our fields, of a few people.
    """

    name: str = ""
    changed: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)

    def is_newer_than(self, sheet: Sheet, ids: Sequence[str | None]) -> bool:
        """Say whether a list is older than what was read or written last.

        The file was changed before, or our fields stand otherwise than we left them: in an older
        copy, and where columns were sorted without ours.

        Args:
            sheet: The list.
            ids: Contact id of each row.
        """
        path, now = sheet.file.path.name, sheet.file.fingerprint.mtime_ns
        if path == self.name and self.changed and now < self.changed - _SLACK:
            return True
        here = _digests(sheet.grid, ids, self.fields)
        return any(self.fields[one] != mark for one, mark in here.items())

    def after(self, sheet: Sheet, ids: Sequence[str | None]) -> Trail:
        """Return the trail of a list that was read just now."""
        now = _digests(sheet.grid, ids, self.fields)
        return Trail(sheet.file.path.name, sheet.file.fingerprint.mtime_ns, {**self.fields, **now})

    def written(self, path: Path, values: Mapping[str, Mapping[str, str | int | None]]) -> Trail:
        """Return the trail once our fields of some people were written.

        Args:
            path: The list.
            values: Contact id to all fields as they stand now.
        """
        fresh = {one: _digest([own.get(name) for name in _NAMES]) for one, own in values.items()}
        latest = islice((fresh | _others(self.fields, fresh)).items(), KEPT)
        return Trail(path.name, path.stat().st_mtime_ns, dict(latest))

    def without(self, contact_id: str) -> Trail:
        """Return the trail after a person is forgotten."""
        return replace(self, fields=_others(self.fields, {contact_id: ""}))

    def elsewhere(self) -> Trail:
        """Return the trail for a list that another file took the place of."""
        return Trail(fields=self.fields)


def read_trail(state: Path) -> Trail:
    """Read the trail of a state folder; one that is damaged or gone says nothing."""
    try:
        said = json.loads((state / FILE).read_bytes())
        if said["version"] != _VERSION:
            return Trail()
        fields = {str(one): str(mark) for one, mark in said["fields"].items()}
        return Trail(str(said["name"]), int(said["changed"]), fields)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Trail()


def save_trail(state: Path, trail: Trail) -> None:
    """Write the trail whole or not at all, for its owner's eyes only.

    Raises:
        SourceError: The state folder cannot be written.
    """
    said = {
        "version": _VERSION,
        "name": trail.name,
        "changed": trail.changed,
        "fields": dict(trail.fields),
    }
    with private_file(state / FILE) as file:
        file.write(json.dumps(said).encode())


def _others(fields: Mapping[str, str], besides: Mapping[str, str]) -> dict[str, str]:
    return {one: mark for one, mark in fields.items() if one not in besides}


def _digests(grid: Grid, ids: Sequence[str | None], wanted: Mapping[str, str]) -> dict[str, str]:
    """Digest our fields of some people as they stand; of rows of one person the first counts."""
    places = [column_of(grid.header, FIELDS[name]) for name in _NAMES]
    if not wanted or all(at is None for at in places):
        return {}
    found: dict[str, str] = {}
    for one, row in zip(ids, grid.rows, strict=True):
        if one in wanted and one is not None and one not in found:
            found[one] = _digest(
                [None if at is None else unprotected(text_of(row.cells[at])) for at in places]
            )
    return found


def _digest(values: Sequence[str | int | None]) -> str:
    return digest(*(folded(str(value)) if value not in (None, "") else "" for value in values))
