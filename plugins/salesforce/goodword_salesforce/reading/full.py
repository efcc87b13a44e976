"""A whole pull: everything the integration user may see, page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from goodword_salesforce.reading.absent import needs_contacts, tell_absent
from goodword_salesforce.reading.accounts import put_accounts
from goodword_salesforce.reading.activities import (
    counts,
    put_activities,
    put_counts,
    recent_events,
    recent_tasks,
    responses,
)
from goodword_salesforce.reading.asks import all_tasks, put_asks, reads_asks, tell_unread
from goodword_salesforce.reading.cases import put_cases
from goodword_salesforce.reading.columns import (
    ACCOUNT,
    CASE,
    CONTACT,
    EVENT,
    LEAD,
    MEMBER,
    ROLE,
    SALE,
    TASK,
    columns_of,
    shape_of,
)
from goodword_salesforce.reading.cursor import Position
from goodword_salesforce.reading.deals import TABLES as SALES
from goodword_salesforce.reading.deals import (
    Deals,
    dated_deals,
    dated_roles,
    deals_by_id,
    put_roles,
    roles_of,
)
from goodword_salesforce.reading.elsewhere import answered_events, put_answers_of_events
from goodword_salesforce.reading.feeds import Feed, read_feeds
from goodword_salesforce.reading.owners import put_owners
from goodword_salesforce.reading.people import TABLES as PEOPLE
from goodword_salesforce.reading.people import people_of, there
from goodword_salesforce.reading.referrals import Referrals, everybody_in_referrals
from goodword_salesforce.reading.sums import (
    Shared,
    put_sums,
    sum_in,
    sums_of_accounts,
    sums_of_people,
    tell_currency,
)
from goodword_salesforce.seam.failures import RefusedError
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import filled, select

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk
    from goodword_salesforce.seam.values import Row

CHANGED_UNDER_US = frozenset({"INVALID_FIELD", "INVALID_TYPE"})
"""Error codes of an object or a field that was there when it was looked up."""


def pull_everything(desk: Desk, sink: Sink) -> Position:
    """Hand over the whole org; return where the next pull goes on.

    Where an object or a field was hidden since it was looked up, it is looked up again, once.

    Raises:
        ConnectorError: The org cannot be read, or shows no contacts.
    """
    try:
        return _pull(desk, sink)
    except RefusedError as refused:
        if CHANGED_UNDER_US.isdisjoint(refused.trouble.codes):
            raise
    desk.look_again()
    return _pull(desk, sink)


def _pull(desk: Desk, sink: Sink) -> Position:
    start = desk.now()
    needs_contacts(desk)
    desk.memory.echoes.clear()
    tell_absent(desk, sink)
    put_owners(desk, sink)
    shared = _sales(desk, sink)
    known = read_people(desk, sink, shared)
    put_deals_of(desk, sink, known)
    return Position(min(start, desk.server_now()), shape_of(desk), desk.work.today)


def read_sales(desk: Desk, sink: Sink) -> None:
    """Hand over all that is told of sales anew, after roles were taken away without a trace."""
    shared = _sales(desk, sink)
    concerned = bool(shared.sums or shared.deals) and desk.has(CONTACT, "AccountId")
    feeds = [_people_of_accounts(desk, shared)] if concerned else []
    read_feeds(desk.org, feeds)
    read_feeds(desk.org, _sum_feeds(desk, sink, shared))
    _shares(desk, sink, shared)
    put_deals_of(desk, sink, everybody_in_referrals(desk))


def _sales(desk: Desk, sink: Sink) -> Shared:
    """Hand over deals that matter with their dates; return what is shared within accounts."""
    shared, deals = Shared(), Deals(desk)
    accounts: dict[str, str] = {}
    named: set[str] = set()
    if not desk.described(SALE):
        return shared

    def put_deals(rows: Sequence[Row]) -> None:
        deals.put(sink, rows)
        accounts.update({row["Id"]: row.get("AccountId", "") for row in rows})

    def put_people(rows: Sequence[Row]) -> None:
        put_roles(sink, rows)
        named.update(row["OpportunityId"] for row in rows)

    def keep(rows: Sequence[Row]) -> None:
        shared.sums |= {row["AccountId"]: sum_in(desk, row) for row in rows}

    feeds = [Feed(dated_deals(desk), put_deals)]
    if desk.described(ROLE):
        feeds.append(Feed(dated_roles(desk), put_people))
    if wanted := sums_of_accounts(desk):
        feeds.append(Feed(wanted, keep))
    read_feeds(desk.org, feeds)
    for deal, account in accounts.items():
        if account and deal not in named:
            shared.deals.setdefault(account, []).append(deal)
    deals.tell(sink)
    tell_currency(desk, sink)
    return shared


def read_people(desk: Desk, sink: Sink, shared: Shared) -> set[str]:
    """Hand over people and all that is not sales; return those who sent somebody or were sent."""
    people, referrals = people_of(desk), Referrals(desk)

    def put_people(of: str, rows: Sequence[Row]) -> None:
        people.put(sink, of, rows)
        here = there(rows)
        referrals.notice(of, here)
        shared.notice(here)

    objects = [of for of in (CONTACT, LEAD) if desk.described(of)]
    asked = [Wanted(select(of, *columns_of(desk, of)), gone_too=True) for of in objects]
    feeds = [
        Feed(each, partial(put_people, of), long=of == CONTACT)
        for of, each in zip(objects, asked, strict=True)
    ]
    alone = not (shared.sums or shared.deals)  # nobody shares: sums need not wait for accounts
    sums = _sum_feeds(desk, sink, shared) if alone else []
    read_feeds(desk.org, [*feeds, *sums, *_others(desk, sink)])
    people.put_late(sink)
    people.tell(sink)
    known = referrals.put(sink)
    sink.whole(*PEOPLE, "referrals")
    _whole(desk, sink)
    if not alone:
        read_feeds(desk.org, _sum_feeds(desk, sink, shared))
    _shares(desk, sink, shared)
    return known


def _others(desk: Desk, sink: Sink) -> list[Feed]:
    """Return what is read besides people and sales."""
    feeds: list[Feed] = []

    def add(wanted: Wanted | None, put: Callable[[Sequence[Row]], object]) -> None:
        if wanted is not None:
            feeds.append(Feed(wanted, put))

    if desk.described(ACCOUNT):
        add(Wanted(select(ACCOUNT, *columns_of(desk, ACCOUNT))), partial(put_accounts, sink))
    if desk.has(CASE, "ContactId"):
        query = select(CASE, *columns_of(desk, CASE)).where(filled("ContactId"))
        add(Wanted(query), partial(put_cases, sink))
    if desk.described(MEMBER):
        add(responses(desk), partial(put_activities, desk, sink, MEMBER))
    if desk.described(TASK):
        add(recent_tasks(desk), partial(put_activities, desk, sink, TASK))
    if desk.described(EVENT):
        add(recent_events(desk), partial(put_activities, desk, sink, EVENT))
    for kind, wanted in counts(desk).items():
        add(wanted, partial(put_counts, sink, kind))
    add(answered_events(desk), partial(put_answers_of_events, desk, sink))
    if reads_asks(desk):
        desk.memory.open_tasks.clear()
        add(all_tasks(desk), partial(put_asks, desk, sink))
    return feeds


def _whole(desk: Desk, sink: Sink) -> None:
    """Say which tables were read completely."""
    if desk.described(ACCOUNT):
        sink.whole("accounts")
    if desk.has(CASE, "ContactId"):
        sink.whole("tickets")
    if any(map(desk.described, (TASK, EVENT, MEMBER))):
        sink.whole("activities", "touches")
    if desk.settings.fields.nps:
        sink.whole("feedback")
    if not tell_unread(desk, sink):
        sink.whole("asks")


def _people_of_accounts(desk: Desk, shared: Shared) -> Feed:
    query = select(CONTACT, "Id", "AccountId").where(filled("AccountId"))
    return Feed(Wanted(query), shared.notice)


def _sum_feeds(desk: Desk, sink: Sink, shared: Shared) -> list[Feed]:
    """Return what everybody bought by their roles, with their shares in what names nobody."""
    taken = shared.taken

    def put(rows: Sequence[Row]) -> None:
        shares = shared.shares
        found = {}
        for row in rows:
            person, own = row["ContactId"], sum_in(desk, row)
            share = shares.get(person)
            found[person] = own.with_share(share, 1) if share else own
        taken.update(person for person in found if person in shares)
        put_sums(sink, found)

    wanted = sums_of_people(desk)
    return [Feed(wanted, put, long=True)] if wanted and desk.described(SALE) else []


def _shares(desk: Desk, sink: Sink, shared: Shared) -> None:
    """Hand over the shares of people who have no role of their own."""
    if desk.described(SALE):
        left = {who: each for who, each in shared.shares.items() if who not in shared.taken}
        put_sums(sink, left)
        shared.put_deals(sink)
        sink.whole(*SALES, "deal_rollups")


def put_deals_of(desk: Desk, sink: Sink, known: set[str]) -> None:
    """Hand over the deals of people who sent somebody or were sent, however old."""
    if not known or not (desk.described(ROLE) and desk.described(SALE)):
        return
    roles = [r for _, page in each_page_of(desk.org, roles_of(desk, sorted(known))) for r in page]
    put_roles(sink, roles)
    deals = Deals(desk)
    ids = sorted({row["OpportunityId"] for row in roles})
    for _, rows in each_page_of(desk.org, deals_by_id(desk, ids)) if ids else ():
        deals.put(sink, rows)
    deals.tell(sink)
