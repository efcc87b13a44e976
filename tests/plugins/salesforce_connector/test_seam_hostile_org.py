"""An org that is broken or means harm: lists come to an end, nonsense is never believed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from goodword import ConnectorError, RetryableError
from goodword_salesforce.fake import Fault
from goodword_salesforce.org_facts import OBJECTS, look_up
from goodword_salesforce.seam.bulk import read as read_by_job
from goodword_salesforce.seam.collections import Change, insert, update
from goodword_salesforce.seam.composite import Ask, send_all
from goodword_salesforce.seam.query import (
    Wanted,
    asked,
    changed_of,
    departed_of,
    each_group,
    each_page,
    each_page_of,
    rows_in,
)
from goodword_salesforce.seam.ranges import Table, each_row_between
from goodword_salesforce.seam.soql import PAGE, Term, select

ROOT = "/services/data/v66.0/"
ID = "0035g00000AbCdEAAV"
JOB = "7505g00000AbCdEAAV"
CONTACTS = select("Contact", "Id")
UNUSUAL = r"did not come from|is not as Salesforce's API gives it"
NONSENSE: Mapping[str, Any] = {
    "an empty object": {},
    "an empty list": [],
    "a list": [1, 2],
    "a text": "hi",
    "a number": 7,
    "a null": None,
    "records of nothing": {"records": [None, 1, "x"], "done": True, "totalSize": "x"},
    "records of text": {"records": "abc", "done": True},
    "records by name": {"records": {}, "done": True},
    "an id of an object": {"records": [{"Id": {"a": 1}}], "done": True, "totalSize": 1},
    "no page to go to": {"records": [], "done": False, "nextRecordsUrl": 7},
    "a size without end": {"records": [], "done": True, "totalSize": [1]},
    "fields without names": {"fields": [{"type": "string"}, None, 7], "ids": [7], "id": []},
    "fields of text": {"fields": "abc", "ids": "abc", "id": "abc", "state": {}},
    "fields by name": {"fields": {}, "ids": {}, "deletedRecords": {}, "state": 7},
}
DEEP = "[" * 200_000


def page(records: list[Any], after: str = "") -> dict[str, Any]:
    more = {"nextRecordsUrl": f"{ROOT}query/{after}"} if after else {}
    return {"totalSize": 9, "done": not after, "records": records, **more}


def within(call: Any, body: Any, status: Any = 200) -> dict[str, Any]:
    """Give every part of a composite call the same answer."""
    parts = call.json["compositeRequest"]
    return {
        "compositeResponse": [
            {"body": body, "httpStatusCode": status, "referenceId": part["referenceId"]}
            for part in parts
        ]
    }


def everywhere(stub: Any, body: Any) -> None:
    """Answer every call and every part of a call alike."""

    def script(call: Any) -> Any:
        if call.path.endswith("/composite"):
            return stub.said(200, within(call, body))
        return stub.said(200, json.dumps(body))

    stub.script = script


def wide(org: Any) -> list[Any]:
    return list(each_page_of(org, [Wanted(CONTACTS)]))


READS: Mapping[str, Callable[[Any], object]] = {
    "a query": lambda org: list(each_page(org, Wanted(CONTACTS))),
    "queries": wide,
    "a query sent with others": lambda org: list(
        rows_in(org, send_all(org, [asked(org, Wanted(CONTACTS))])[0])
    ),
    "groups": lambda org: list(each_group(org, select("Task", "WhoId").group_by("WhoId"), "WhoId")),
    "a job": lambda org: list(read_by_job(org, Wanted(CONTACTS))),
    "changes": lambda org: changed_of(send_all(org, [Ask("GET", "updated")])[0].given()),
    "deletions": lambda org: departed_of(send_all(org, [Ask("GET", "deleted")])[0].given()),
    "the org": look_up,
    "a collection": lambda org: insert(org, [Change("Task", {"Subject": "Call"})], once=True),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_is_no_answer(
    org: Any, stub: Any, body: Any, read: Callable[[Any], object]
) -> None:
    everywhere(stub, body)
    with pytest.raises(RetryableError, match=UNUSUAL) as caught:
        read(org)
    assert caught.value.hint


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
@pytest.mark.parametrize("text", [DEEP, '{"records":[1e99999999999999999999]}', "\0", "<html>"])
def test_what_no_program_can_read_is_no_answer(
    org: Any, stub: Any, text: str, read: Callable[[Any], object]
) -> None:
    stub.script = lambda _: stub.said(200, text)
    with pytest.raises(RetryableError, match=UNUSUAL):
        read(org)


@pytest.mark.parametrize(
    "parts",
    [
        None,
        7,
        {},
        [None],
        [7],
        [{"referenceId": ["part0"]}],
        [{"referenceId": "part0"}],
        [{"referenceId": "part0", "httpStatusCode": "many", "body": {}}],
        [{"referenceId": "part0", "httpStatusCode": None, "body": {}}],
        [{"referenceId": "part0", "httpStatusCode": -1, "body": {}}],
        [{"referenceId": "part0", "httpStatusCode": 200, "body": {}, "httpHeaders": 7}],
        [{"referenceId": "part0", "httpStatusCode": 200}] * 2,
    ],
)
def test_parts_of_a_call_that_are_none_are_no_answers(org: Any, stub: Any, parts: Any) -> None:
    stub.script = lambda _: stub.said(200, {"compositeResponse": parts})
    with pytest.raises(RetryableError, match=UNUSUAL):
        send_all(org, [Ask("GET", "limits")])


@pytest.mark.parametrize(
    "result",
    [
        None,
        {},
        {"success": "no", "id": ID, "errors": []},
        {"success": True, "errors": []},
        {"success": True, "id": "nobody", "errors": []},
    ],
)
def test_a_record_counts_as_written_only_where_salesforce_says_so(
    org: Any, stub: Any, result: Any
) -> None:
    everywhere(stub, [result])
    with pytest.raises(RetryableError, match=UNUSUAL):
        update(org, [Change("Contact", {"LastName": "Eddy"}, ID)])


@pytest.mark.parametrize("errors", [None, 7, [None], [[]], [{"statusCode": {}, "fields": 7}]])
def test_a_refusal_without_sense_is_a_refusal(org: Any, stub: Any, errors: Any) -> None:
    everywhere(stub, [{"success": False, "errors": errors}])
    (saved,) = update(org, [Change("Contact", {"LastName": "Eddy"}, ID)])
    assert not saved.ok
    stub.script = lambda _: stub.said(400, errors)
    with pytest.raises(ConnectorError, match="no reason given"):
        org.transport.send("GET", "limits")


@pytest.mark.parametrize("header", ["api-usage=²/5", f"api-usage={'9' * 20}/{'9' * 20}"])
def test_headers_that_are_no_numbers_are_left_aside(org: Any, stub: Any, header: str) -> None:
    stub.script = lambda _: stub.said(200, {"ok": 1}, Sforce_Limit_Info=header)
    assert org.transport.send("GET", "limits").data == {"ok": 1}


@pytest.mark.parametrize("records", [[{"Id": ID}], []])
@pytest.mark.parametrize("name", ["a query", "queries", "a query sent with others"])
def test_a_page_that_names_itself_as_the_next_comes_to_an_end(
    org: Any, stub: Any, name: str, records: list[Any]
) -> None:
    everywhere(stub, page(records, "01g-2000"))
    with pytest.raises(RetryableError, match="comes to no end") as caught:
        READS[name](org)
    assert caught.value.hint
    assert len(stub.data) < 5


def test_groups_that_come_again_and_again_come_to_an_end(org: Any, stub: Any) -> None:
    """The next query begins after the last group of the one before; this org does not care."""
    stub.script = lambda _: stub.said(200, page([{"WhoId": ID, "number": 1}] * PAGE))
    query = select("Task", "WhoId", Term("COUNT", "Id", "number")).group_by("WhoId")
    with pytest.raises(RetryableError, match="comes to no end"):
        list(each_group(org, query, "WhoId"))
    assert len(stub.data) < 5


def test_ranges_that_never_get_further_come_to_an_end(org: Any, stub: Any) -> None:
    low, high = "0035g00000AAAAA", "0035g00000zzzzz"
    everywhere(stub, page([{"Id": low}] * PAGE))
    table = Table(Wanted(CONTACTS), "Id")
    first = [{"Id": "0035g00000AAAAAAA"[:15]}, {"Id": "0035g00000AAAAB"}]
    with pytest.raises(RetryableError, match="comes to no end"):
        list(each_row_between(org, [table], [(first, [{"Id": high}])]))
    assert len(stub.data) < 20


@pytest.mark.parametrize("done", ["JobComplete"])
def test_results_of_a_job_that_lead_to_themselves_come_to_an_end(
    org: Any, stub: Any, done: str
) -> None:
    def script(call: Any) -> Any:
        if call.path.endswith(("results", "Results")):
            return stub.said(200, f'"Id","sf__Id"\n"{ID}","{ID}"\n', Sforce_Locator="MTAw")
        return stub.said(200, {"id": JOB, "state": done})

    stub.script = script
    with pytest.raises(RetryableError, match="comes to no end"):
        list(read_by_job(org, Wanted(CONTACTS)))
    assert len(stub.data) < 20


@pytest.mark.parametrize(
    "sheet", ["<html>no job here</html>", '"' + "x" * 200_000 + '"', "a,b\n", '{"Id":"x"}']
)
def test_results_of_a_job_that_are_no_sheet_are_no_answer(org: Any, stub: Any, sheet: str) -> None:
    def script(call: Any) -> Any:
        if call.path.endswith(("results", "Results")):
            return stub.said(200, sheet, Sforce_Locator="null")
        return stub.said(200, {"id": JOB, "state": "JobComplete"})

    stub.script = script
    with pytest.raises(RetryableError, match=UNUSUAL):
        list(read_by_job(org, Wanted(CONTACTS)))


def test_a_record_that_lacks_what_was_asked_for_is_no_record(org: Any, stub: Any) -> None:
    everywhere(stub, page([{"attributes": {"type": "Contact"}, "Email": "ada@brook.example"}]))
    ((row,),) = each_page(org, Wanted(CONTACTS))
    with pytest.raises(RetryableError, match=UNUSUAL):
        row["Id"]
    assert "Id" not in row


def test_a_number_longer_than_any_field_is_no_number(org: Any, stub: Any) -> None:
    from goodword_salesforce.seam.values import number

    stub.script = lambda _: stub.said(
        200, f'{{"totalSize":1,"done":true,"records":[{{"Id":"{ID}","Amount":1.0e999999}}]}}'
    )
    ((row,),) = each_page(org, Wanted(CONTACTS))
    assert number(row, "Amount") is None


ORG = [{"Id": "00D5g00000AbCdEAAV", "IsSandbox": False, "TimeZoneSidKey": "Europe/London"}]
LISTS = [{"ApiName": "Open", "IsClosed": False}, {"ApiName": "Done", "IsClosed": True}]
FIELD = {"name": "Id", "type": "id"}


@pytest.mark.parametrize(
    ("of", "body"),
    [
        ("Organization", page([{"IsSandbox": False}])),
        ("Organization", page([])),
        ("User", page([{"Name": "Ada Brook"}])),
        ("TaskStatus", page([{"IsClosed": True}])),
        ("TaskStatus", page([])),
        ("TaskPriority", page([])),
        ("Contact", {"fields": [{"type": "string"}]}),
        ("Contact", {"fields": [{"name": 7, "type": "string"}]}),
        ("Contact", {"fields": [{"name": "Id"}]}),
        ("Contact", {"fields": [{"name": "Goodword_Score__c", "type": "double", "scale": "x"}]}),
        ("Contact", {"fields": [{"name": "Goodword_Stage__c", "type": "picklist"}], "x": DEEP[:9]}),
    ],
)
def test_an_org_that_says_nonsense_of_itself_is_not_believed(
    org: Any, stub: Any, of: str, body: Any
) -> None:
    said: dict[str, Any] = {
        "Organization": page(ORG),
        "User": page([{"Id": "0055g00000AbCdEAAV", "Name": "Ada Brook"}]),
        "TaskStatus": page(LISTS),
        "TaskPriority": page(LISTS),
        **{each: {"fields": [FIELD]} for each in OBJECTS},
    }

    def script(call: Any) -> Any:
        def body_of(url: str) -> Any:
            if "/sobjects/" in url:
                return said[url.split("/sobjects/")[1].split("/")[0]]
            return said[url.split("FROM%20")[1].split("%20")[0]]

        answers = [
            {
                "body": body_of(part["url"]),
                "httpStatusCode": 200,
                "referenceId": part["referenceId"],
            }
            for part in call.json["compositeRequest"]
        ]
        return stub.said(200, {"compositeResponse": answers})

    stub.script = script
    assert look_up(org)
    if body.get("x"):
        body["fields"][0]["picklistValues"] = [7]
    said[of] = body
    with pytest.raises(RetryableError, match=UNUSUAL):
        look_up(org)


def test_what_a_broken_org_said_is_not_kept_for_the_day(
    fake: Any, at_fake: Any, tmp_path: Path
) -> None:
    from datetime import date

    from goodword import Workplace
    from goodword_salesforce.desk import Desk
    from goodword_salesforce.settings import SalesforceSettings

    org = at_fake()
    settings = SalesforceSettings.model_validate({"instance_url": fake.url})

    def desk() -> Desk:
        return Desk(settings, Workplace(tmp_path, tmp_path, "run", date(2026, 11, 18)), org)

    fake.faults.add(Fault(path="/composite", status=200, html=True, times=0))
    with pytest.raises(ConnectorError):
        _ = desk().organization
    assert not list(tmp_path.glob("salesforce-lookups*"))
    fake.faults.clear()
    assert desk().organization.id
    assert desk().owners


def test_moments_that_are_none_are_no_answer() -> None:
    at = "2026-11-18T10:00:00.000+0000"
    whole = {"deletedRecords": [], "earliestDateAvailable": at, "latestDateCovered": at}
    assert departed_of(whole).upto == datetime(2026, 11, 18, 10)  # naive UTC
    for broken in ({"latestDateCovered": 7}, {"deletedRecords": [{"id": "x"}]}):
        with pytest.raises(RetryableError, match=UNUSUAL):
            departed_of({**whole, **broken})
