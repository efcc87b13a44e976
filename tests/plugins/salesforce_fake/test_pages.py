"""Pages of 2,000 rows, groups without a second page, and rows only queryAll shows."""

# ruff: noqa: S608  # SOQL of a test is no SQL
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simple_salesforce import Salesforce

from goodword_salesforce.fake import Account, Fake, by_hand
from goodword_salesforce.fake.new_org import put
from goodword_salesforce.fake.times import DAY

Call = Callable[..., Any]
Query = Callable[..., Any]


def many(fake: Fake, count: int) -> None:
    for number in range(count):
        put(fake.org, "Contact", {"LastName": f"Nr {number}"})


def test_the_library_pages_through_4500_rows(fake: Fake, client: Salesforce) -> None:
    many(fake, 4500)
    rows = list(client.query_all_iter("SELECT Id, LastName FROM Contact ORDER BY Id"))
    assert [row["LastName"] for row in rows] == [f"Nr {number}" for number in range(4500)]
    assert fake.calls.by_kind() == {"query": 1, "query more": 2}


def test_a_smaller_page_can_be_asked_and_a_wrong_locator_is_refused(fake: Fake, call: Call) -> None:
    many(fake, 450)
    headers = {"Sforce-Query-Options": "batchSize=200"}
    path = "/query?q=SELECT+Id+FROM+Contact"
    sizes = []
    while path:
        answer = call("GET", path, headers=headers).json()
        sizes.append(len(answer["records"]))
        path = answer.get("nextRecordsUrl", "")
    assert (sizes, answer["totalSize"]) == ([200, 200, 50], 450)
    wrong = call("GET", "/query/01g5g0000000009AAA-2000").json()
    assert wrong[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_more_than_2000_groups_have_no_second_page(fake: Fake, query: Query) -> None:
    many(fake, 2001)
    grouped = "SELECT LastName, COUNT(Id) FROM Contact GROUP BY LastName"
    assert query(grouped) == "EXCEEDED_ID_LIMIT"
    first = query(f"{grouped} ORDER BY LastName LIMIT 2000")
    last = first[-1]["LastName"]
    rest = query(
        "SELECT LastName, COUNT(Id) FROM Contact "
        f"WHERE LastName > '{last}' GROUP BY LastName ORDER BY LastName LIMIT 2000"
    )
    assert len({row["LastName"] for row in first + rest}) == 2001


def test_an_address_of_more_than_16384_bytes_is_refused(fake: Fake, call: Call) -> None:
    long = "SELECT Id FROM Contact WHERE LastName IN ('" + "', '".join(["x" * 90] * 180) + "')"
    assert call("GET", "/query", params={"q": long}).status_code == 414
    inside = {"method": "GET", "referenceId": "q"}
    body = {"compositeRequest": [{**inside, "url": f"/services/data/v67.0/query?q={long}"}]}
    part = call("POST", "/composite", json=body).json()["compositeResponse"][0]
    assert part["httpStatusCode"] == 200


def test_deleted_and_merged_rows_are_seen_by_queryall_only(fake: Fake, query: Query) -> None:
    first, second, third = (
        by_hand.add(fake.org, "Contact", {"LastName": name}) for name in ("A", "B", "C")
    )
    by_hand.merge(fake.org, "Contact", first, second)
    by_hand.delete(fake.org, "Contact", third)
    asked = "SELECT Id, MasterRecordId FROM Contact WHERE IsDeleted = true ORDER BY Id"
    assert query(asked) == []
    rows = query(asked, everything=True)
    assert [(row["Id"], row["MasterRecordId"]) for row in rows] == [(second, first), (third, None)]


def test_a_task_closed_a_year_ago_is_put_away(fake: Fake, query: Query, clock: Any) -> None:
    done = {"Subject": "Thanks", "Status": "Completed", "ActivityDate": "2026-11-18"}
    by_hand.add(fake.org, "Task", done)
    by_hand.add(fake.org, "Task", {**done, "Status": "Not Started"})
    clock.tick(365 * DAY)
    asked = "SELECT Status, IsArchived FROM Task"
    assert [row["Status"] for row in query(asked)] == ["Not Started"]
    assert len(query(asked, everything=True)) == 2
    archived = query(f"{asked} WHERE IsArchived = true", everything=True)
    assert [row["Status"] for row in archived] == ["Completed"]


def test_a_role_deleted_directly_is_only_in_the_log(
    fake: Fake, query: Query, call: Call, clock: Any
) -> None:
    contact = by_hand.add(fake.org, "Contact", {"LastName": "Kitto"})
    deal = {"Name": "Roof", "CloseDate": "2026-11-01", "StageName": "Closed Won"}
    whole = {"OpportunityId": by_hand.add(fake.org, "Opportunity", deal), "ContactId": contact}
    role = by_hand.add(fake.org, "OpportunityContactRole", whole)
    by_hand.delete(fake.org, "OpportunityContactRole", role)
    assert query("SELECT Id FROM OpportunityContactRole", everything=True) == []
    clock.tick(60)
    span = {"start": "2026-11-18T00:00:00+00:00", "end": "2026-11-18T23:00:00+00:00"}
    found = call("GET", "/sobjects/OpportunityContactRole/deleted/", params=span).json()
    assert [one["id"] for one in found["deletedRecords"]] == [role]


def test_the_log_of_deletions_reaches_back_15_days_and_of_changes_30(
    fake: Fake, call: Call
) -> None:
    number = by_hand.add(fake.org, "Contact", {"LastName": "Kitto"})
    end = "2026-11-19T00:00:00Z"

    def ask(which: str, start: str) -> Any:
        path = f"/sobjects/Contact/{which}/"
        return call("GET", path, params={"start": start, "end": end})

    assert ask("updated", "2026-10-20T00:00:00Z").json()["ids"] == [number]
    assert ask("updated", "2026-10-01T00:00:00Z").status_code == 400
    assert ask("deleted", "2026-11-04T00:00:00Z").json()["deletedRecords"] == []
    late = ask("deleted", "2026-11-01T00:00:00Z").json()
    assert late[0]["errorCode"] == "INVALID_REPLICATION_DATE"
    assert ask("deleted", "2026-11-04T00:00:").status_code == 400


def test_sums_come_in_the_currency_of_the_org() -> None:
    with Fake(Account(multi_currency=True)) as fake:
        for code in ("GBP", "EUR"):
            deal = {"Name": "Roof", "CloseDate": "2026-11-01", "StageName": "Closed Won"}
            by_hand.add(fake.org, "Opportunity", {**deal, "Amount": 100, "CurrencyIsoCode": code})
        from goodword_salesforce.fake.access import Actor
        from goodword_salesforce.fake.soql.run import run

        actor = Actor(fake.org.user_id(fake.account.username))
        found = run(fake.org, actor, "SELECT SUM(Amount) total FROM Opportunity")
        assert found.records[0]["total"] == 185.0
