"""Taking people out of the canonical tables: every row that is about somebody to be forgotten.

A row is about a person when one of its columns holds the person's id, whatever the table. Merged
contacts are one person, so forgetting one id forgets those it was merged with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from goodword.tables import TABLES, Frame

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

    from goodword.engines import Engine

PERSON_COLUMNS = ("contact_id", "referrer_id", "referred_id", "alias_id")
"""Columns of any table that hold a contact's id, present or former."""


def people_in(tables: Iterable[tuple[str, Frame]], engine: Engine) -> Iterator[str]:
    """Yield the ids of everybody in *tables*, some more than once.

    A table is only computed when its turn comes: who forgets nobody need not look.

    Args:
        tables: Names of canonical tables with their rows; a name may come several times.
        engine: What computes them.
    """
    for name, frame in tables:
        for column in _columns(name):
            ids = engine.collect(frame.select(column).unique())[column]
            yield from (str(contact) for contact in ids.drop_nulls())


def same_people(contacts: Collection[str], aliases: Frame, engine: Engine) -> frozenset[str]:
    """Return *contacts* and every id that was merged with one of them.

    Args:
        contacts: Ids of contacts.
        aliases: The canonical table of merged ids.
        engine: What computes it.
    """
    one_person: dict[str, set[str]] = {}
    for alias, contact in engine.collect(aliases.select("alias_id", "contact_id")).rows():
        if alias is not None and contact is not None:
            one_person.setdefault(str(alias), set()).add(str(contact))
            one_person.setdefault(str(contact), set()).add(str(alias))
    found, waiting = set(contacts), list(contacts)
    while waiting:
        new = one_person.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return frozenset(found)


def without(tables: Mapping[str, Frame], contacts: Collection[str]) -> dict[str, Frame]:
    """Return *tables* without the rows about *contacts*.

    A deal credited to nobody else goes with them: left alone, it would be credited to the account
    and with that to their colleagues.
    """
    import narwhals.stable.v2 as nw

    rows = {
        name: frame.filter(~_about(name, contacts)) if _columns(name) else frame
        for name, frame in tables.items()
    }
    if tables.keys() >= {"deals", "deal_contacts"}:
        theirs = tables["deal_contacts"].filter(_about("deal_contacts", contacts))
        shared = rows["deal_contacts"].select(nw.col("deal_id")).unique()
        alone = theirs.select("deal_id").unique().join(shared, on="deal_id", how="anti")
        rows["deals"] = rows["deals"].join(alone, on="deal_id", how="anti")
    return rows


def _about(table: str, contacts: Collection[str]) -> nw.Expr:
    import narwhals.stable.v2 as nw

    ids = list(contacts)
    named = (nw.col(column).is_in(ids).fill_null(value=False) for column in _columns(table))
    return nw.any_horizontal(*named, ignore_nulls=False)


def _columns(table: str) -> list[str]:
    return [name for name in PERSON_COLUMNS if name in TABLES[table].types]
