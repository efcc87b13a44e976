"""A pull of what changed: one call to learn of it, a second one for what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from goodword_salesforce.names import KEY, OUTCOME
from goodword_salesforce.reading.absent import tell_absent
from goodword_salesforce.reading.accounts import put_accounts
from goodword_salesforce.reading.activities import put_activities
from goodword_salesforce.reading.asks import put_asks, reads_asks, tell_taken_back, tell_unread
from goodword_salesforce.reading.cases import put_cases
from goodword_salesforce.reading.columns import (
    ACCOUNT,
    CASE,
    CONTACT,
    EVENT,
    LEAD,
    LINK,
    MEMBER,
    ROLE,
    SALE,
    TASK,
    columns_of,
    shape_of,
)
from goodword_salesforce.reading.departures import settle_departed
from goodword_salesforce.reading.echoes import news_among
from goodword_salesforce.reading.elsewhere import put_answers_of_events, withdraw
from goodword_salesforce.reading.full import (
    CHANGED_UNDER_US,
    pull_everything,
    put_deals_of,
    read_sales,
)
from goodword_salesforce.reading.owners import put_owners
from goodword_salesforce.reading.people import people_of, there
from goodword_salesforce.reading.poll import OURS, Poll, poll
from goodword_salesforce.reading.referrals import Referrals
from goodword_salesforce.reading.sales import Sales
from goodword_salesforce.seam.collections import chunks
from goodword_salesforce.seam.failures import RefusedError, RightsError
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import equal, one_of, select

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk
    from goodword_salesforce.reading.cursor import Position
    from goodword_salesforce.seam.values import Row

AT_ONCE = 500
"""Ids of one query."""
HIDDEN = CHANGED_UNDER_US | {"NOT_FOUND"}
"""Error codes of what was there when it was looked up; a list of ids says it in another way."""
_GONE = "-"
"""What stands before the id of a deletion that was heard of."""
_TABLES = {
    TASK: ("activities", "activity_id"),
    EVENT: ("activities", "activity_id"),
    MEMBER: ("activities", "activity_id"),
    CASE: ("tickets", "ticket_id"),
    ACCOUNT: ("accounts", "account_id"),
    SALE: ("deals", "deal_id"),
}


def pull_changes(desk: Desk, sink: Sink, position: Position) -> Position:
    """Hand over what changed since *position*; return where the next pull goes on.

    Everything is read anew where changes would not be enough: other fields can be seen now, or the
    last pull was too long ago for Salesforce to know all deletions since.

    Raises:
        ConnectorError: The org cannot be read.
    """
    start = desk.now()
    if not position.serves(start, desk.work.today, shape_of(desk)):
        return pull_everything(desk, sink)
    try:
        found = poll(desk, position.since, start)
        reached = max(position.at, min(start, desk.server_now()))
        tell_absent(desk, sink)
        tell_unread(desk, sink)
        put_owners(desk, sink)
        _put(desk, sink, found)
    except (RefusedError, RightsError) as refused:
        if isinstance(refused, RefusedError) and HIDDEN.isdisjoint(refused.trouble.codes):
            raise
        desk.look_again()
        return pull_everything(desk, sink)
    return replace(position, at=reached)


def _put(desk: Desk, sink: Sink, found: Poll) -> None:
    """Hand over what was found, and what follows from it."""
    known = _people(desk, sink, found)
    ours: set[str] = set()
    answered: set[str] = set()
    for rows in found.pages(OURS):
        put_asks(desk, sink, rows)
        answered.update(row["Id"] for row in rows)
        ours.update(row["Id"] for row in rows if KEY in row)
    for of, (table, key) in _TABLES.items():
        sink.remove(table, [{key: each} for each in found.gone.get(of, ())])
    sales = Sales(desk)
    if _lost(desk, found):
        read_sales(desk, sink)
    else:
        sales.notice(sink, found)
    follow = [
        (of, wanted)
        for of in found.changed
        if (ids := _theirs(found, of, ours))
        for wanted in _by_id(desk, of, ids)
    ]
    follow += [(SALE, wanted) for wanted in sales.wanted()]
    answers = each_page_of(desk.org, [wanted for _, wanted in follow]) if follow else ()
    for place, rows in answers:
        of, wanted = follow[place]
        if of == SALE:
            sales.take(sink, wanted, rows)
        else:
            _put_listed(desk, sink, of, rows)
            if of == TASK and reads_asks(desk):
                withdraw(sink, (row["Id"] for row in rows if row["Id"] not in answered))
    sales.put(sink)
    put_deals_of(desk, sink, known)
    tell_taken_back(desk, sink)


def _people(desk: Desk, sink: Sink, found: Poll) -> set[str]:
    """Hand over people; return those who sent somebody or were sent, as far as that is news."""
    people, referrals = people_of(desk), Referrals(desk)
    here: set[str] = set()
    for of in (LEAD, CONTACT):  # a lead's mark counts for the contact it became
        for rows in chain(found.pages(of), _with_records(desk, of, found.records)):
            new = news_among(desk, rows)
            said = {row["Id"] for row in new}
            people.put(sink, of, new)
            people.put_own(sink, of, there([row for row in rows if row["Id"] not in said]))
            referrals.notice(of, there(new))
            here.update(row["Id"] for row in rows)
    people.put_late(sink)
    people.tell(sink)
    settle_departed(desk, sink, {of: found.gone.get(of, ()) for of in (CONTACT, LEAD)}, here)
    return referrals.put(sink)


def _with_records(desk: Desk, of: str, records: Sequence[str]) -> Iterator[Sequence[Row]]:
    """Yield those people, page by page, whose privacy records were changed."""
    if not desk.has(of, LINK):
        return
    query = select(of, *columns_of(desk, of))
    wanted = [Wanted(query.where(one_of(LINK, part))) for part in chunks(records, AT_ONCE)]
    for _, rows in each_page_of(desk.org, wanted) if wanted else ():
        yield rows


def _lost(desk: Desk, found: Poll) -> bool:
    """Say whether sales or roles were deleted: whose they were, nothing tells any more."""
    echoes = desk.memory.echoes
    marks = [f"{_GONE}{each}" for of in (ROLE, SALE) for each in found.gone.get(of, ())]
    new = [each for each in marks if each not in echoes]
    echoes |= dict.fromkeys(new, "")
    return bool(new)


def _theirs(found: Poll, of: str, ours: Collection[str]) -> list[str]:
    """Return the changed ids of an object that were not deleted since, nor read already.

    Deleted events are read as well: somebody may have answered on them before.
    """
    gone = found.gone.get(of, ())
    if of == EVENT and found.desk.has(EVENT, OUTCOME):
        return list(dict.fromkeys((*found.changed.get(of, ()), *gone)))
    known = {*gone, *ours}
    return [each for each in found.changed.get(of, ()) if each not in known]


def _by_id(desk: Desk, of: str, ids: Sequence[str]) -> list[Wanted]:
    """Return the queries for single records; our own tasks were read already."""
    query = select(of, *columns_of(desk, of))
    if of == TASK and desk.has(TASK, KEY):
        query = query.where(equal(KEY, None))
    return [Wanted(query.where(one_of("Id", part)), gone_too=True) for part in chunks(ids, AT_ONCE)]


def _put_listed(desk: Desk, sink: Sink, of: str, rows: Sequence[Row]) -> None:
    if of == ACCOUNT:
        put_accounts(sink, rows)
    elif of == CASE:
        put_cases(sink, rows)
    else:
        put_activities(desk, sink, of, rows)
    if of == EVENT:
        put_answers_of_events(desk, sink, rows)
