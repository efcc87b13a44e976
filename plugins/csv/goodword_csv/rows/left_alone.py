"""Who is left alone because of a status or a name: blocked, dead, not to be used, nobody at all."""

from __future__ import annotations

from collections.abc import Sequence

from goodword_csv.headers.columns import OWN_HEADERS
from goodword_csv.headers.refusals import names_refusing, status_refuses
from goodword_csv.headers.remarks import remark_refuses
from goodword_csv.rows.linking import full_names
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.values.answers import Answer
from goodword_csv.values.plain import read_once

_SAYING = {"status": status_refuses, "kind": status_refuses, "remark": remark_refuses}
_NAMED = (
    "whose name says that it is not to be used (such as DO NOT USE, deceased or TEST), not asked;"
    f' where it is a name all the same, write no into "{OWN_HEADERS[-1]}"'
)


def left_alone(
    rows: TypedRows, notices: Notices, said: Sequence[Answer] | None = None
) -> list[bool]:
    """Say of each row whether a status, or what stands in the place of a name, forbids to ask.

    Args:
        rows: A list of people.
        notices: Hears how many, and in which lines.
        said: What our "do not ask" column says; a no there outweighs a name, never a status.
    """
    found = [False] * len(rows)
    for field, says in _SAYING.items():
        for index in rows.sheet.columns.get(field, ()):
            refuses = read_once(rows.sheet.grid.column(index), says)
            _tell(rows, notices, refuses, _by_status(rows.sheet.grid.header[index]))
            found = [one or other for one, other in zip(found, refuses, strict=True)]
    named = _by_name(rows)
    if said is not None:
        named = [one and answer != "no" for one, answer in zip(named, said, strict=True)]
    _tell(rows, notices, named, _NAMED)
    return [one or other for one, other in zip(found, named, strict=True)]


def _by_status(header: str) -> str:
    return f'where "{header}" says to leave them alone (blocked, died and the like), not asked'


def _by_name(rows: TypedRows) -> list[bool]:
    names, companies = full_names(rows), rows.texts("company")
    people = names_refusing(name for name in names if name)
    bare = [firm for name, firm in zip(names, companies, strict=True) if firm and not name]
    firms = names_refusing(bare, of_companies=True)
    if not people and not firms:
        return [False] * len(rows)
    return [
        name in people if name else firm in firms
        for name, firm in zip(names, companies, strict=True)
    ]


def _tell(rows: TypedRows, notices: Notices, flags: Sequence[bool], what: str) -> None:
    lines = [line for line, flag in zip(rows.lines, flags, strict=True) if flag]
    notices.rows("left_alone", rows.sheet.where, what, lines)
