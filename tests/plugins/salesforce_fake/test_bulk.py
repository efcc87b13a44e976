"""Bulk jobs: a table in, results out; and a query answered as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from simple_salesforce import Salesforce

from goodword_salesforce.fake import Fake, Fault, Switches, by_hand
from goodword_salesforce.fake.new_org import put

Call = Callable[..., Any]
Query = Callable[..., Any]


def job(call: Call, table: str, **more: str) -> dict[str, Any]:
    """Run an ingest job to its end and return what it says then."""
    whole = {"object": "Contact", "operation": "insert", "contentType": "CSV", "lineEnding": "LF"}
    made = call("POST", "/jobs/ingest", json={**whole, **more}).json()
    path = f"/jobs/ingest/{made['id']}"
    headers = {"Content-Type": "text/csv; charset=UTF-8"}
    assert call("PUT", f"{path}/batches", data=table.encode(), headers=headers).status_code == 201
    closed = call("PATCH", path, json={"state": "UploadComplete"}).json()
    assert closed["state"] in {"UploadComplete", "Failed"}
    while not closed["state"].startswith(("Job", "Failed")):
        closed = call("GET", path).json()
    return dict(closed)


def results(call: Call, number: str, which: str) -> list[dict[str, str]]:
    text = call("GET", f"/jobs/ingest/{number}/{which}").content.decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_row_is_written_for_itself(call: Call, query: Query) -> None:
    ended = job(call, 'LastName,Description\nKitto,"two\nlines, ""quoted"""\n,nobody\nDyer,🌻\n')
    assert (ended["state"], ended["numberRecordsProcessed"], ended["numberRecordsFailed"]) == (
        "JobComplete",
        3,
        1,
    )
    good, bad = (
        results(call, ended["id"], which) for which in ("successfulResults", "failedResults")
    )
    assert [row["LastName"] for row in good] == ["Kitto", "Dyer"]
    assert good[0]["Description"] == 'two\nlines, "quoted"'
    assert bad[0]["sf__Error"].startswith("REQUIRED_FIELD_MISSING:Required fields are missing:")
    assert (bad[0]["sf__Id"], bad[0]["Description"]) == ("", "nobody")
    rows = query("SELECT Id, Description FROM Contact ORDER BY Id")
    assert [row["Id"] for row in rows] == [row["sf__Id"] for row in good]


def test_a_word_clears_a_field_and_an_empty_cell_leaves_it(
    fake: Fake, call: Call, query: Query
) -> None:
    values = {"LastName": "Kitto", "Title": "Owner", "Phone": "1", "DoNotCall": True}
    number = by_hand.add(fake.org, "Contact", values)
    table = f"Id,Title,Phone,DoNotCall\n{number},#N/A,,false\n"
    assert job(call, table, operation="update")["numberRecordsFailed"] == 0
    row = query("SELECT Title, Phone, DoNotCall FROM Contact")[0]
    assert (row["Title"], row["Phone"], row["DoNotCall"]) == (None, "1", False)


def test_tasks_are_upserted_and_deleted(call: Call, query: Query, ours: None) -> None:
    words = {"object": "Task", "operation": "upsert", "externalIdFieldName": "Ref_Key__c"}
    for created in ("true", "false"):
        ended = job(call, "Ref_Key__c,Subject\na,One\n", **words)
        done = results(call, ended["id"], "successfulResults")
        assert done[0]["sf__Created"] == created
    gone = job(call, f"Id\n{done[0]['sf__Id']}\n", object="Task", operation="delete")
    assert gone["numberRecordsFailed"] == 0
    assert query("SELECT Id FROM Task") == []


@pytest.mark.parametrize(
    "table",
    ["LastName,Nonsense\nx,1\n", "LastName,IndividualId\nx,1\n", "LastName\r\nx\r\n"],
)
def test_a_table_that_cannot_be_read_fails_whole(call: Call, query: Query, table: str) -> None:
    ended = job(call, table)
    assert ended["state"] == "Failed"
    assert ended["errorMessage"].startswith("InvalidBatch")
    assert query("SELECT Id FROM Contact") == []


def test_a_job_is_asked_about_until_it_is_done(fake: Fake, call: Call) -> None:
    fake.account.switches = Switches(bulk_polls=3)
    job(call, "LastName\nKitto\n")
    assert fake.calls.by_kind()["bulk state"] == 4


def test_a_job_goes_on_while_the_session_ends(fake: Fake, call: Call, query: Query) -> None:
    fake.faults.add(Fault(method="GET", path="/jobs/ingest/*", status=401))
    made = call("POST", "/jobs/ingest", json={"object": "Contact", "operation": "insert"}).json()
    path = f"/jobs/ingest/{made['id']}"
    early = call("PATCH", path, json={"state": "Open"})
    assert early.json()[0]["errorCode"] == "INVALIDJOBSTATE"
    call("PUT", f"{path}/batches", data="LastName\nKitto\n", headers={"Content-Type": "text/csv"})
    call("PATCH", path, json={"state": "UploadComplete"})
    assert [call("GET", path).status_code for _ in range(3)] == [401, 200, 200]
    assert len(query("SELECT Id FROM Contact")) == 1


def test_a_query_is_answered_as_a_table_in_pages(fake: Fake, call: Call) -> None:
    for number in range(250):
        put(fake.org, "Contact", {"LastName": f"Nr {number}", "DoNotCall": number == 0})
    soql = "SELECT Id, LastName, Account.Name, DoNotCall, CreatedDate FROM Contact"
    made = call("POST", "/jobs/query", json={"operation": "query", "query": soql}).json()
    path = f"/jobs/query/{made['id']}"
    assert call("GET", f"{path}/results").json()[0]["errorCode"] == "INVALIDJOBSTATE"
    assert [call("GET", path).json()["state"] for _ in range(2)] == ["InProgress", "JobComplete"]
    rows: list[dict[str, str]] = []
    locator = ""
    while locator != "null":
        asked = {"maxRecords": "100", **({"locator": locator} if locator else {})}
        page = call("GET", f"{path}/results", params=asked)
        rows += csv.DictReader(io.StringIO(page.content.decode()))
        locator = page.headers["Sforce-Locator"]
    assert [row["LastName"] for row in rows] == [f"Nr {number}" for number in range(250)]
    assert (rows[0]["DoNotCall"], rows[1]["DoNotCall"], rows[0]["Account.Name"]) == (
        "true",
        "false",
        "",
    )
    assert rows[0]["CreatedDate"] == "2026-11-18T11:06:40.000Z"


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("SELECT COUNT(Id) FROM Contact", "INVALIDJOB"),
        ("SELECT AccountId FROM Contact GROUP BY AccountId", "INVALIDJOB"),
        ("SELECT Id FROM Contact OFFSET 5", "INVALIDJOB"),
        ("SELECT Nonsense FROM Contact", "INVALID_FIELD"),
        ("SELECT IndividualId FROM Contact", "INVALID_FIELD"),
    ],
)
def test_what_a_bulk_query_cannot_do(call: Call, soql: str, code: str) -> None:
    answer = call("POST", "/jobs/query", json={"operation": "query", "query": soql}).json()
    assert answer[0]["errorCode"] == code


def test_the_library_writes_and_reads_in_bulk(fake: Fake, client: Salesforce) -> None:
    records = [{"LastName": name} for name in ("O'Neil", "Zażółć 🌻")]
    told = client.bulk2.Contact.insert(records=records, wait=0)
    assert [(one["numberRecordsTotal"], one["numberRecordsFailed"]) for one in told] == [(2, 0)]
    pages = list(client.bulk2.Contact.query("SELECT LastName FROM Contact", wait=0))
    assert pages == ['"LastName"\n"O\'Neil"\n"Zażółć 🌻"\n']
