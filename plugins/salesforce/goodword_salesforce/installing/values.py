"""The values in our fields, kept in a file of the firm before the fields are taken out.

Those on tasks and events that Salesforce has put away are among them; what lies in the bin is not.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from goodword import RecordError, SourceError
from goodword_salesforce.names import PEOPLE, SHOWN_ON, ObjectName
from goodword_salesforce.seam.soql import Condition, Term, any_of, equal, filled, select
from goodword_salesforce.seam.values import is_true, number

if TYPE_CHECKING:
    from pathlib import Path

    from goodword_salesforce.installing.fields import Described
    from goodword_salesforce.installing.host import Answer, Host
    from goodword_salesforce.installing.visit import Visit

HEADER = ("object", "id", "field", "value")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Signs with which a text would run as a formula in some spreadsheet program; the last four are
wide forms of the first."""
_NUMBERS = ("double", "int")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept before the fields are taken out.

    Args:
        file: Name of the file in the firm's folder.
        records: Records that had a value.
        unseen: Object to records that the integration user does not see, and of which the admin
            sees our fields no more; their values are not in the file.
    """

    file: str
    records: int
    unseen: Mapping[str, int]


def keep_values(visit: Visit, found: Described) -> Kept:
    """Write every value of our fields into a new file that only its owner may read.

    Args:
        visit: The org, as the integration user, who sees the fields, and as the admin, who sees
            every record.
        found: The fields whose values are kept.

    Raises:
        SourceError: The file cannot be written; nothing may be removed then.
    """
    text = io.StringIO()
    page = csv.writer(text)
    page.writerow(HEADER)
    records, unseen = 0, {}
    for owner in SHOWN_ON:
        fields = sorted(name for place, name in found if place == owner)
        for shown in SHOWN_ON[owner]:
            place, known = (owner, shown), set[str]()
            theirs = _seen(visit.worker, place, fields)
            looks = [(visit.worker, theirs)]
            if visit.admin is not visit.worker and theirs:
                looks.append((visit.admin, _seen(visit.admin, place, theirs, anew=True)))
                if looks[-1][1] != theirs and owner in PEOPLE:
                    unseen[shown] = _count(visit.admin, shown) - _count(visit.worker, shown)
            for host, names in looks:
                for values in _records(host, found, place, names):
                    if values[0][1] not in known:
                        known.add(values[0][1])
                        page.writerows(values)
                        records += 1
    name = _new_name(visit.folder, f"salesforce-values-{visit.today}")
    try:
        handle = os.open(visit.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text.getvalue())
    except OSError as error:
        msg = f"The file {name} with our values cannot be written ({error.strerror})."
        raise SourceError(msg, hint="Nothing was removed. Make room, then run it again.") from None
    return Kept(name, records, {of: many for of, many in unseen.items() if many > 0})


def _records(
    host: Host, found: Described, place: tuple[ObjectName, str], fields: Sequence[str]
) -> Iterator[list[tuple[str, str, str, str]]]:
    """Yield the values of each record that has any.

    Args:
        host: The org.
        found: Our fields.
        place: The object they are defined on, and the one whose records show them.
        fields: Those that the user of *host* sees there.
    """
    owner, shown = place
    if not fields:
        return
    put_away = owner == "Activity"
    query = select(shown, "Id", *fields, *(["IsDeleted"] if put_away else []))
    query = query.where(any_of(*_set(found, owner, fields)))
    for row in host.query(query, gone_too=put_away):
        if not is_true(row, "IsDeleted"):
            yield [
                (shown, row["Id"], name, _harmless(row[name], found[owner, name]))
                for name in fields
                if name in row and (is_true(row, name) or not _ticks(found, owner, name))
            ]


def _count(host: Host, of: str) -> int:
    """Return how many records of an object a user sees."""
    rows = list(host.query(select(of, Term("COUNT", "Id", "number"))))
    return int(number(rows[0], "number") or 0) if rows else 0


def _seen(
    host: Host, place: tuple[ObjectName, str], fields: Sequence[str], *, anew: bool = False
) -> Sequence[str]:
    """Return those of the fields that an object shows; none where it is hidden.

    The integration user was asked for the first of the objects that show them already.
    """
    owner, shown = place
    if not fields or (shown == SHOWN_ON[owner][0] and not anew):
        return fields
    try:
        listed = host.get(f"sobjects/{shown}/describe").get("fields", ())
    except RecordError:
        return []
    there = {each["name"] for each in listed}
    return [name for name in fields if name in there]


def _harmless(value: str, field: Answer) -> str:
    """Return a value so that no spreadsheet program takes it for a formula; a number is none."""
    text = field.get("type") not in _NUMBERS and value.lstrip(" ").startswith(_FORMULA)
    return f"'{value}" if text else value


def _ticks(found: Described, owner: ObjectName, name: str) -> bool:
    """Say whether a field is a checkbox; that is never empty."""
    return found[owner, name].get("type") == "boolean"


def _set(found: Described, owner: ObjectName, fields: Sequence[str]) -> Iterator[Condition]:
    """Yield the condition that a field holds something."""
    for name in fields:
        ticks = _ticks(found, owner, name)
        yield equal(name, value=True) if ticks else filled(name)


def _new_name(folder: Path, stem: str) -> str:
    """Return the name of a file that is not there yet."""
    which, name = 1, f"{stem}.csv"
    while (folder / name).exists():
        which += 1
        name = f"{stem}-{which}.csv"
    return name
