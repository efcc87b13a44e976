"""One call that asks what changed everywhere: five queries, and the lists of changed ids.

People, sales, roles and our own tasks are asked for with their content. Of everything else the ids
come first, for a list of ids is no query, and only five queries fit into a call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from goodword_salesforce.reading.asks import changed_tasks, reads_asks
from goodword_salesforce.reading.columns import (
    ACCOUNT,
    CASE,
    CONTACT,
    EVENT,
    INDIVIDUAL,
    LEAD,
    MEMBER,
    ROLE,
    SALE,
    TASK,
    columns_of,
    stamp_of,
)
from goodword_salesforce.reading.feeds import by_job
from goodword_salesforce.seam import bulk
from goodword_salesforce.seam.collections import chunks
from goodword_salesforce.seam.composite import Answer, send_all
from goodword_salesforce.seam.query import (
    Wanted,
    asked,
    changed_ask,
    changed_of,
    departed_ask,
    departed_of,
    page_in,
    rows_in,
)
from goodword_salesforce.seam.soql import PAGE, any_of, compare, filled, select

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk
    from goodword_salesforce.seam.values import Row

OURS = "ours"
"""Stands for our own tasks, among the names of objects."""
LISTED = (TASK, EVENT, CASE, MEMBER, ACCOUNT)
"""Objects of which the ids come first."""
DEPARTING = (*LISTED, CONTACT, LEAD, SALE, ROLE)
"""Objects of which deletions are asked for; a role that was taken away shows nowhere else."""


@dataclass(slots=True)
class Poll:
    """What changed.

    Args:
        desk: The org.
        changed: Object to the ids of its records that were changed.
        gone: Object to the ids of its records that were deleted.
        records: Ids of privacy records that were changed; who has them does not change with them.
        answers: Object to what was asked of it, and the first page of the answer.
    """

    desk: Desk
    changed: dict[str, Sequence[str]] = field(default_factory=dict)
    gone: dict[str, Sequence[str]] = field(default_factory=dict)
    records: Sequence[str] = ()
    answers: dict[str, tuple[Wanted, Answer]] = field(default_factory=dict)

    def pages(self, of: str) -> Iterator[Sequence[Row]]:
        """Yield the changed records of an object, page by page.

        A page is found by Salesforce's own mark in the answer, so that any number of records may
        have been changed in the same second.
        """
        if of not in self.answers:
            return
        org, (wanted, answer) = self.desk.org, self.answers[of]
        if by_job(page_in(org, answer).total):
            for rows in bulk.read(org, wanted):
                yield from chunks(rows, PAGE)
            return
        rows_of_all = rows_in(org, answer)
        while page := list(islice(rows_of_all, PAGE)):
            yield page


def poll(desk: Desk, since: datetime, now: datetime) -> Poll:
    """Ask what changed from one moment to another, in one call.

    Raises:
        ConnectorError: A part of it was refused.
    """
    queries = dict(_queries(desk, since))
    asks = [asked(desk.org, wanted) for wanted in queries.values()]
    listed = [of for of in LISTED if desk.described(of)]
    departing = [of for of in DEPARTING if desk.described(of)]
    asks += [changed_ask(of, since, now) for of in listed]
    asks += [departed_ask(of, since, now) for of in departing]
    records = [of for of in (INDIVIDUAL,) if desk.described(of)]
    asks += [changed_ask(of, since, now) for of in records]
    answers = iter(send_all(desk.org, asks))
    found = Poll(desk)
    for of, wanted in queries.items():
        answer = next(answers)
        answer.given()
        found.answers[of] = (wanted, answer)
    found.changed = {of: changed_of(next(answers).given()) for of in listed}
    found.gone = {of: departed_of(next(answers).given()).ids for of in departing}
    found.records = [each for _ in records for each in changed_of(next(answers).given())]
    return found


def _queries(desk: Desk, since: datetime) -> Iterator[tuple[str, Wanted]]:
    for of in (CONTACT, LEAD, SALE):
        if desk.described(of):
            changed = compare(stamp_of(desk, of), ">=", since)
            yield of, Wanted(select(of, *columns_of(desk, of)).where(changed), gone_too=True)
    if desk.described(ROLE) and desk.described(SALE):
        changed = any_of(
            compare(stamp_of(desk, ROLE), ">=", since),
            compare(f"Opportunity.{stamp_of(desk, SALE)}", ">=", since),
        )
        query = select(ROLE, *columns_of(desk, ROLE))
        yield ROLE, Wanted(query.where(filled("ContactId"), changed))
    if reads_asks(desk):
        yield OURS, changed_tasks(desk, since)
