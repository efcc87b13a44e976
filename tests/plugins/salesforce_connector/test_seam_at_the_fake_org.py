"""The seam and an org that keeps what it is told, refuses what Salesforce refuses, and breaks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from goodword import AuthError, RetryableError
from goodword_salesforce.fake import CONSUMER_SECRET, DOMAIN, Fault, RowFault, by_hand
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.fake.new_org import put
from goodword_salesforce.reading.feeds import Feed, read_feeds
from goodword_salesforce.seam.bulk import read
from goodword_salesforce.seam.collections import Change, delete, insert, update, upsert
from goodword_salesforce.seam.composite import Ask, send_all
from goodword_salesforce.seam.failures import RefusedError
from goodword_salesforce.seam.query import (
    Wanted,
    departed,
    each_group,
    each_page,
    each_page_of,
)
from goodword_salesforce.seam.ranges import Table, each_row_between
from goodword_salesforce.seam.soql import Term, equal, one_of, select

CONTACTS = select("Contact", "Id")
KEY = "Goodword_Key__c"
NAMES = ["O'Neil", "back\\slash", "two\nlines", "Zoë 🎉", 'a "quoted" one', "100% & more+#"]


@pytest.fixture
def keyed(fake: Any) -> Any:
    """Give tasks a unique key, as the package of goodword does."""
    field = Field(KEY, length=80, unique=True, external_id=True, case_sensitive=True, custom=True)
    by_hand.add_field(fake.org, "Activity", field)
    by_hand.grant(fake.org, fake.account.username, [("Task", KEY)])
    return fake


def contacts(fake: Any, *names: str) -> list[str]:
    return [by_hand.add(fake.org, "Contact", {"LastName": name}) for name in names]


def tasks(number: int, **more: str) -> list[Change]:
    return [Change("Task", {"Subject": f"Call {n}", KEY: f"k{n}", **more}) for n in range(number)]


def subjects(fake: Any) -> list[str]:
    return sorted(row["Subject"] for row in fake.store.rows("Task"))


def rows_of(org: Any, wanted: Wanted) -> list[Any]:
    return [row for page in each_page(org, wanted) for row in page]


def read_whole(org: Any, *tables: Wanted) -> list[list[Any]]:
    """Read tables as a pull does, their ends together."""
    found: list[list[Any]] = [[] for _ in tables]
    feeds = [Feed(each, rows.extend, long=True) for each, rows in zip(tables, found, strict=True)]
    read_feeds(org, feeds)
    return found


def test_all_ways_to_sign_in_reach_the_org(fake: Any, at_fake: Any) -> None:
    ways: list[dict[str, Any]] = [
        {},
        {
            "flow": "client_credentials",
            "domain": DOMAIN,
            "secret": lambda: CONSUMER_SECRET,
        },
        {"flow": "session", "secret": fake.session},
    ]
    for way in ways:
        assert rows_of(at_fake(**way), Wanted(select("Organization", "Name")))
    fake.account.public_key = ""
    with pytest.raises(AuthError, match="invalid_grant"):
        rows_of(at_fake(), Wanted(select("Organization", "Name")))


def test_every_text_is_found_by_what_was_typed(fake: Any, at_fake: Any) -> None:
    ids = contacts(fake, *NAMES)
    org = at_fake()
    for number, name in zip(ids, NAMES, strict=True):
        found = rows_of(org, Wanted(select("Contact", "Id").where(equal("LastName", name))))
        assert [row["Id"] for row in found] == [number]
    asked = select("Contact", "Id", "LastName").where(one_of("LastName", NAMES)).order_by("Id")
    assert [row["LastName"] for row in rows_of(org, Wanted(asked))] == NAMES


@pytest.mark.promise("salesforce.sessions")
def test_a_session_that_ends_between_pages_is_survived(fake: Any, at_fake: Any) -> None:
    contacts(fake, *(f"Person {n}" for n in range(4_500)))
    for nth in (1, 3):  # before the second page, and before the third
        fake.faults.add(Fault("GET", "/query/*", nth=nth, meanwhile=fake.expire_sessions))
    org = at_fake()
    rows = rows_of(org, Wanted(select("Contact", "Id")))
    assert len({row["Id"] for row in rows}) == 4_500
    assert org.transport.telemetry.sign_ins == 3
    by_two = list(each_page_of(org, [Wanted(select("Contact", "Id"))] * 2))
    assert [(place, len(page)) for place, page in by_two] == [
        (0, 2_000),
        (1, 2_000),
        (0, 2_000),
        (1, 2_000),
        (0, 500),
        (1, 500),
    ]


@pytest.mark.promise("salesforce.sums")
def test_four_and_a_half_thousand_groups_are_summed_right(fake: Any, at_fake: Any) -> None:
    account = by_hand.add(fake.org, "Account", {"Name": "Acme"})
    people = contacts(fake, *(f"Person {n}" for n in range(4_500)))
    for place, person in enumerate(people):
        deal = {"Name": "Roof", "StageName": "Closed Won", "CloseDate": "2026-01-05"}
        sale = by_hand.add(
            fake.org, "Opportunity", {**deal, "Amount": place + 0.5, "AccountId": account}
        )
        by_hand.add(
            fake.org, "OpportunityContactRole", {"OpportunityId": sale, "ContactId": person}
        )
    query = (
        select("OpportunityContactRole", "ContactId", Term("SUM", "Opportunity.Amount", "won"))
        .where(equal("Opportunity.IsWon", True))
        .group_by("ContactId")
    )
    org = at_fake()
    rows = [row for page in each_group(org, query, "ContactId") for row in page]
    assert {row["ContactId"]: row["won"] for row in rows} == {
        person: f"{place}.5" for place, person in enumerate(people)
    }
    assert org.transport.telemetry.total == 3
    (packed,) = read_whole(org, Wanted(query))
    assert {row["ContactId"]: row["won"] for row in packed} == {
        row["ContactId"]: row["won"] for row in rows
    }
    assert org.transport.telemetry.total == 5


@pytest.mark.promise("salesforce.lost-answer")
@pytest.mark.parametrize("lost", [{"drop": True}, {"status": 502, "html": True}])
def test_tasks_whose_answer_was_lost_are_there_once(
    keyed: Any, at_fake: Any, lost: dict[str, Any]
) -> None:
    keyed.faults.add(Fault("POST", "/composite*", apply=True, **lost))
    saved = insert(at_fake(), tasks(30), once=True)
    assert all(each.there_already and each.trouble.record for each in saved)
    assert len(subjects(keyed)) == 30
    assert {each.trouble.record for each in saved} == {
        row["Id"] for row in keyed.store.rows("Task")
    }


@pytest.mark.promise("salesforce.calls")
def test_a_thousand_tasks_are_one_call_and_a_second_time_none_is_made(
    keyed: Any, at_fake: Any
) -> None:
    org = at_fake()
    first = insert(org, tasks(1_000), once=True)
    assert all(each.ok for each in first)
    assert len(keyed.calls.counted()) == 1
    again = insert(org, tasks(1_000), once=True)
    assert [each.trouble.record for each in again] == [each.id for each in first]
    assert len(subjects(keyed)) == 1_000


@pytest.mark.promise("salesforce.locks")
def test_locked_rows_are_tried_again_and_nothing_else_is(
    keyed: Any, at_fake: Any, clock: Any
) -> None:
    fault = keyed.faults.on_rows(RowFault("Task", names={"Call 3", "Call 7"}, times=4))
    saved = insert(at_fake(), tasks(10), once=True)
    assert all(each.ok for each in saved)
    assert fault.struck == 4
    assert clock.waited == [1.5, 3.0]
    assert len(keyed.calls.counted()) == 3


@pytest.mark.promise("salesforce.one-bad")
def test_bad_rows_are_named_and_the_others_written(keyed: Any, at_fake: Any) -> None:
    changes = tasks(200)
    for place in (5, 50, 150):
        changes[place] = Change("Task", {"Subject": "x" * 300, KEY: f"k{place}"})
    saved = insert(at_fake(), changes, once=True)
    assert [place for place, each in enumerate(saved) if not each.ok] == [5, 50, 150]
    assert saved[5].trouble.codes == ("STRING_TOO_LONG",)
    assert saved[5].trouble.fields == ("Subject",)
    assert len(subjects(keyed)) == 197


def test_values_are_changed_emptied_and_deleted(keyed: Any, at_fake: Any) -> None:
    org = at_fake()
    [number] = contacts(keyed, "Lovelace")
    text = "O'Neil \\ 🎉\nnext"
    assert update(org, [Change("Contact", {"Title": "Poet", "Description": text}, number)])[0].ok
    wanted = Wanted(select("Contact", "Title", "Description").where(equal("Id", number[:15])))
    assert rows_of(org, wanted) == [{"Title": "Poet", "Description": text}]
    assert update(org, [Change("Contact", {"Title": None}, number)])[0].ok
    assert rows_of(org, wanted) == [{"Description": text}]
    one = Change("Task", {KEY: "k", "Subject": "Call"})
    assert [each.created for each in (*upsert(org, KEY, [one]), *upsert(org, KEY, [one]))] == [
        True,
        False,
    ]
    assert [each.ok for each in delete(org, [number, number])] == [True, True]
    gone = Wanted(select("Contact", "Id", "IsDeleted").where(equal("Id", number)), gone_too=True)
    assert rows_of(org, gone) == [{"Id": number, "IsDeleted": "true"}]


@pytest.mark.promise("salesforce.owners")
def test_a_lead_keeps_its_owner_whatever_rule_assigns_it_also_after_a_renewal(
    fake: Any, at_fake: Any
) -> None:
    lead = by_hand.add(fake.org, "Lead", {"LastName": "Lovelace", "Company": "Acme"})
    owner = next(row["OwnerId"] for row in fake.store.rows("Lead"))
    fake.account.assignment["Lead"] = next(
        row["Id"] for row in fake.store.rows("User") if row["Id"] != owner
    )
    org = at_fake()
    for title in ("Poet", "Baker"):
        assert update(org, [Change("Lead", {"Title": title}, lead)])[0].ok
        fake.expire_sessions()
    [row] = rows_of(org, Wanted(select("Lead", "OwnerId", "Title")))
    assert row == {"OwnerId": owner, "Title": "Baker"}


def test_a_hidden_field_is_named_and_costs_no_other_query(fake: Any, at_fake: Any) -> None:
    fake.account.hidden.add(("Contact", "HasOptedOutOfEmail"))
    contacts(fake, "Lovelace")
    org = at_fake()
    asks = [
        Ask("GET", "query?q=SELECT%20Id,HasOptedOutOfEmail%20FROM%20Contact", heavy=True),
        Ask("GET", "query?q=SELECT%20Id%20FROM%20Contact", heavy=True),
        Ask("GET", "sobjects/Contact/describe"),
    ]
    hidden, seen, described = send_all(org, asks)
    with pytest.raises(RefusedError, match="INVALID_FIELD about HasOptedOutOfEmail"):
        hidden.given()
    assert len(seen.given()["records"]) == 1
    names = {field["name"] for field in described.given()["fields"]}
    assert "HasOptedOutOfEmail" not in names


def test_deleted_roles_are_known_by_their_ids(fake: Any, at_fake: Any, clock: Any) -> None:
    [person] = contacts(fake, "Lovelace")
    deal = {"Name": "Roof", "StageName": "Prospecting", "CloseDate": "2026-01-05"}
    sale = by_hand.add(fake.org, "Opportunity", deal)
    role = by_hand.add(
        fake.org, "OpportunityContactRole", {"OpportunityId": sale, "ContactId": person}
    )
    clock.now += 60
    by_hand.delete(fake.org, "OpportunityContactRole", role)
    clock.now += 60
    now = datetime.fromtimestamp(clock.now, UTC).replace(tzinfo=None)
    found = departed(at_fake(), "OpportunityContactRole", now.replace(hour=0), now)
    assert found.ids == (role,)
    assert found.earliest < now


@pytest.mark.promise("salesforce.reserve")
def test_a_run_stops_before_the_orgs_calls_are_gone(fake: Any, at_fake: Any) -> None:
    fake.account.daily_calls = 50
    org = at_fake()
    for _ in range(45):
        rows_of(org, Wanted(select("Organization", "Id")))
    with pytest.raises(RetryableError, match="nearly used up"):
        rows_of(org, Wanted(select("Organization", "Id")))
    assert len(fake.calls.counted()) == 45


def test_too_many_long_calls_are_waited_out(fake: Any, at_fake: Any, clock: Any) -> None:
    fake.faults.add(Fault(path="/query*", status=403, limit="concurrent", times=2))
    assert rows_of(at_fake(), Wanted(select("Organization", "Id")))
    assert clock.waited == [4.0, 8.0]
    fake.faults.add(Fault(path="/query*", status=403, limit="daily"))
    with pytest.raises(RetryableError, match="calls of the day"):
        rows_of(at_fake(), Wanted(select("Organization", "Id")))


def test_what_is_counted_is_what_the_org_counts(fake: Any, at_fake: Any) -> None:
    contacts(fake, *(f"Person {n}" for n in range(2_001)))
    org = at_fake()
    rows_of(org, Wanted(select("Contact", "Id")))
    send_all(org, [Ask("GET", "sobjects/Contact/describe"), Ask("GET", "sobjects/Task/describe")])
    assert org.transport.telemetry.total == len(fake.calls.counted()) == 3
    assert org.transport.quota.used == 3
    assert fake.org.queries == list(org.transport.telemetry.queries)
    assert org.transport.server_time == pytest.approx(fake.org.clock(), abs=1)


def test_a_large_table_is_read_five_pages_a_call(fake: Any, at_fake: Any) -> None:
    people = contacts(fake, *(f"Person {n}" for n in range(20_000)))
    org = at_fake()
    (rows,) = read_whole(org, Wanted(CONTACTS))
    assert sorted(row["Id"] for row in rows) == people
    assert org.transport.telemetry.total == 3


def test_tables_with_holes_and_ends_are_read_whole_and_once(fake: Any, at_fake: Any) -> None:
    people = contacts(fake, *(f"Person {n}" for n in range(9_000)))
    for number in people[3_000:6_500]:
        by_hand.delete(fake.org, "Contact", number)
    left = [*people[:3_000], *people[6_500:]]
    by_hand.add(fake.org, "Account", {"Name": "Acme"})
    org = at_fake()
    there, all_of_them, accounts, leads = read_whole(
        org,
        Wanted(CONTACTS),
        Wanted(CONTACTS, gone_too=True),
        Wanted(select("Account", "Id")),
        Wanted(select("Lead", "Id")),
    )
    assert sorted(row["Id"] for row in there) == left
    assert sorted(row["Id"] for row in all_of_them) == people
    assert (len(accounts), leads) == (1, [])


@pytest.mark.promise("salesforce.calls")
@pytest.mark.long
def test_fifty_thousand_and_twelve_thousand_records_are_seven_calls(
    fake: Any, at_fake: Any
) -> None:
    for kind, number in (("Contact", 50_000), ("Lead", 12_000)):
        for place in range(number):
            put(fake.org, kind, {"LastName": f"Person {place}"})
    org = at_fake()
    tables = read_whole(org, Wanted(CONTACTS), Wanted(select("Lead", "Id")))
    ids = [row["Id"] for rows in tables for row in rows]
    assert len(ids) == len(set(ids)) == 62_000
    assert org.transport.telemetry.total == len(fake.calls.counted()) == 7


def test_an_org_that_orders_ids_in_its_own_way_is_read_page_by_page(org: Any, stub: Any) -> None:
    ids = [f"003{number:012}" for number in range(2_500)]

    def script(call: Any) -> Any:
        body = {"records": [{"Id": each} for each in ids], "done": True}
        (part,) = call.json["compositeRequest"]
        answer = {"httpStatusCode": 200, "body": body, "referenceId": part["referenceId"]}
        return stub.said(200, {"compositeResponse": [answer]})

    stub.script = script
    first = [{"Id": each} for each in reversed(ids[:2_000])]
    left = each_row_between(org, [Table(Wanted(CONTACTS))], [(first, first)])
    rows = [*first, *(row for _, page in left for row in page)]
    assert sorted(row["Id"] for row in rows) == ids
    assert len(stub.data) == 1


def test_what_was_written_is_read_by_a_large_job_as_it_is(keyed: Any, at_fake: Any) -> None:
    org = at_fake()
    changes = [Change("Task", {KEY: f"k{n}", "Subject": name}) for n, name in enumerate(NAMES)]
    saved = insert(org, changes, once=True)
    keyed.faults.add(Fault("GET", "/jobs/query/*", nth=2, meanwhile=keyed.expire_sessions))
    rows = [row for page in read(org, Wanted(select("Task", "Id", "Subject"))) for row in page]
    assert {row["Id"]: row["Subject"] for row in rows} == {
        each.id: name for each, name in zip(saved, NAMES, strict=True)
    }
