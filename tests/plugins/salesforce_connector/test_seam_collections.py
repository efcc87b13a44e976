"""Records written many at a time: each has its own result, and locks are waited for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from goodword import RetryableError
from goodword_salesforce.seam.collections import Change, delete, insert, save, update, upsert

PERSON = "ada@lovelace.example"
DUPLICATE = "duplicate value found: Goodword_Key__c duplicates value on record with id: {}"


def tasks(number: int) -> list[Change]:
    return [Change("Task", {"Subject": f"Call {each}"}) for each in range(number)]


def fail(code: str, message: str = "", *fields: str) -> dict[str, Any]:
    error = {"statusCode": code, "message": message, "fields": list(fields)}
    return {"success": False, "errors": [error]}


def saves(stub: Any, result: Callable[[dict[str, Any], int], dict[str, Any] | None]) -> None:
    """Let the server answer each record; None saves it. It is told the record and the call."""
    counted = [0]

    def script(call: Any) -> Any:
        counted[0] += 1
        parts = []
        for part in call.json["compositeRequest"]:
            rows = [
                result(record, counted[0])
                or {"id": record.get("id", "00T000000000001"), "success": True, "errors": []}
                for record in part["body"]["records"]
            ]
            parts.append({"httpStatusCode": 200, "body": rows, "referenceId": part["referenceId"]})
        return stub.said(200, {"compositeResponse": parts})

    stub.script = script


def sent(stub: Any) -> list[list[int]]:
    """Return for each call how many records each of its collections had."""
    return [
        [len(part["body"]["records"]) for part in call.json["compositeRequest"]]
        for call in stub.data
    ]


def test_a_thousand_records_are_one_call(org: Any, stub: Any) -> None:
    saves(stub, lambda _record, _call: None)
    saved = insert(org, tasks(1_000), once=True)
    assert sent(stub) == [[200] * 5]
    assert all(each.ok and each.id == "00T000000000001EAA" for each in saved)
    part = stub.data[0].json["compositeRequest"][0]
    assert part["body"]["allOrNone"] is False
    assert part["body"]["records"][0] == {"attributes": {"type": "Task"}, "Subject": "Call 0"}
    assert part["httpHeaders"]["Sforce-Auto-Assign"] == "FALSE"


@pytest.mark.promise("salesforce.one-bad")
def test_three_bad_records_of_two_hundred_are_named_and_the_others_written(
    org: Any, stub: Any
) -> None:
    bad = {"Call 7", "Call 99", "Call 199"}
    trouble = fail("FIELD_CUSTOM_VALIDATION_EXCEPTION", f"not for {PERSON}", "Subject", PERSON)
    saves(stub, lambda record, _call: trouble if record["Subject"] in bad else None)
    saved = insert(org, tasks(200), once=True)
    assert [place for place, each in enumerate(saved) if not each.ok] == [7, 99, 199]
    assert saved[7].trouble.reason == "FIELD_CUSTOM_VALIDATION_EXCEPTION about Subject"
    assert "validation rule" in saved[7].trouble.hint
    assert PERSON not in repr(saved)
    assert sent(stub) == [[200]]


def test_a_record_that_is_there_already_is_named(org: Any, stub: Any) -> None:
    trouble = fail("DUPLICATE_VALUE", DUPLICATE.format("00T5g00000AbCdE"), "Goodword_Key__c")
    saves(stub, lambda _record, _call: trouble)
    saved = insert(org, tasks(1), once=True)[0]
    assert saved.there_already
    assert saved.trouble.record == "00T5g00000AbCdEEAV"


@pytest.mark.promise("salesforce.locks")
def test_only_records_that_met_a_lock_are_sent_again(org: Any, stub: Any, clock: Any) -> None:
    lock = fail("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access")
    locked = {"Call 3", "Call 5"}

    def result(record: dict[str, Any], call: int) -> dict[str, Any] | None:
        return lock if record["Subject"] in locked and call < 3 else None

    saves(stub, result)
    saved = insert(org, tasks(10), once=False)
    assert all(each.ok for each in saved)
    assert sent(stub) == [[10], [2], [2]]
    assert clock.waited == [1.5, 3.0]


def test_a_lock_that_never_opens_is_told_and_the_others_stay_written(org: Any, stub: Any) -> None:
    lock = fail("UNABLE_TO_LOCK_ROW")
    saves(stub, lambda record, _call: lock if record["Subject"] == "Call 3" else None)
    saved = insert(org, tasks(5), once=True)
    assert [each.ok for each in saved] == [True, True, True, False, True]
    assert "UNABLE_TO_LOCK_ROW" in saved[3].trouble.codes
    assert sent(stub) == [[5], [1], [1], [1], [1]]


def test_what_is_made_and_what_is_changed_share_a_call_and_only_what_was_locked_goes_again(
    org: Any, stub: Any
) -> None:
    lock = fail("UNABLE_TO_LOCK_ROW")
    changes = [Change("Contact", {"Title": str(each)}, f"00300000000000{each}") for each in "123"]

    def result(record: dict[str, Any], call: int) -> dict[str, Any] | None:
        locked = record.get("Title") == "2" or record.get("Subject") == "Call 1"
        return lock if locked and call == 1 else None

    saves(stub, result)
    made, changed = save(org, tasks(2), changes)
    assert [each.ok for each in (*made, *changed)] == [True] * 5
    assert sent(stub) == [[2, 3], [1, 1]]
    methods = [part["method"] for part in stub.data[0].json["compositeRequest"]]
    assert methods == ["POST", "PATCH"]


def test_records_of_one_account_are_sent_together(org: Any, stub: Any) -> None:
    saves(stub, lambda _record, _call: None)
    changes = [
        Change("Contact", {"Title": account}, f"0030000000000{place:02}", account)
        for place, account in enumerate("bacba")
    ]
    saved = update(org, changes)
    records = stub.data[0].json["compositeRequest"][0]["body"]["records"]
    assert "".join(record["Title"] for record in records) == "aabbc"
    assert [each.id[13:15] for each in saved] == ["00", "01", "02", "03", "04"]


def test_an_org_that_goes_away_while_a_lock_is_waited_for_loses_no_result(
    org: Any, stub: Any
) -> None:
    lock = fail("UNABLE_TO_LOCK_ROW")
    saves(stub, lambda record, _call: lock if record["Subject"] == "Call 0" else None)
    first = stub.script
    stub.script = lambda call: first(call) if len(stub.data) == 1 else stub.refused(400, "X_Y")
    saved = insert(org, tasks(2), once=True)
    assert [each.ok for each in saved] == [False, True]


def test_records_of_one_account_are_sent_next_to_each_other(org: Any, stub: Any) -> None:
    saves(stub, lambda _record, _call: None)
    changes = [
        Change("Contact", {"Title": str(n)}, id=f"003{n:012}", beside=f"001{n % 3}")
        for n in range(9)
    ]
    saved = update(org, changes)
    rows = stub.data[0].json["compositeRequest"][0]["body"]["records"]
    assert [int(row["Title"]) % 3 for row in rows] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert [each.id[:15] for each in saved] == [change.id for change in changes]


def test_a_collection_that_is_refused_as_a_whole_fails_each_of_its_records(
    org: Any, stub: Any
) -> None:
    def script(call: Any) -> Any:
        parts = call.json["compositeRequest"]
        refused = [{"errorCode": "JSON_PARSER_ERROR", "message": "no"}]
        row = {"success": True, "id": "00T000000000001"}
        answers = [
            {"httpStatusCode": 400, "body": refused, "referenceId": parts[0]["referenceId"]},
            {"httpStatusCode": 200, "body": [row] * 50, "referenceId": parts[1]["referenceId"]},
        ]
        return stub.said(200, {"compositeResponse": answers})

    stub.script = script
    saved = insert(org, tasks(250), once=True)
    assert [each.ok for each in saved] == [False] * 200 + [True] * 50
    assert saved[0].trouble.codes == ("JSON_PARSER_ERROR",)


def test_a_lost_answer_is_asked_for_again_only_where_a_key_keeps_records_apart(
    org: Any, stub: Any
) -> None:
    trouble = fail("DUPLICATE_VALUE", DUPLICATE.format("00T5g00000AbCdEEAV"))
    saves(stub, lambda _record, call: trouble if call == 1 else None)
    answers = stub.script
    stub.script = lambda call: answers(call) if len(stub.data) > 1 else stub.said(0)
    assert insert(org, tasks(1), once=True)[0].there_already
    stub.says(stub.said(0))
    before = len(stub.data)
    with pytest.raises(RetryableError):
        insert(org, tasks(1), once=False)
    assert len(stub.data) == before + 1


def test_values_are_sent_by_their_type(org: Any, stub: Any) -> None:
    saves(stub, lambda _record, _call: None)
    values = {
        "Amount__c": Decimal("12.50"),
        "Next__c": date(2026, 11, 22),
        "Text__c": "O'Neil \\ 🎉\nnext",
        "Empty__c": None,
        "Yes__c": True,
    }
    update(org, [Change("Contact", values, id="003000000000001AAA")])
    record = stub.data[0].json["compositeRequest"][0]["body"]["records"][0]
    assert record == {
        "attributes": {"type": "Contact"},
        "id": "003000000000001AAA",
        "Amount__c": 12.5,
        "Next__c": "2026-11-22",
        "Text__c": "O'Neil \\ 🎉\nnext",
        "Empty__c": None,
        "Yes__c": True,
    }


def test_records_are_found_by_a_unique_field(org: Any, stub: Any) -> None:
    saves(stub, lambda _record, _call: {"id": "00T000000000001", "success": True, "created": True})
    saved = upsert(org, "Goodword_Key__c", [Change("Task", {"Goodword_Key__c": "a b/c?"})])
    part = stub.data[0].json["compositeRequest"][0]
    assert part["url"].endswith("composite/sobjects/Task/Goodword_Key__c")
    assert (part["method"], saved[0].created) == ("PATCH", True)
    assert upsert(org, "Goodword_Key__c", []) == []


def test_only_what_was_locked_is_deleted_again(org: Any, stub: Any) -> None:
    first = [{"success": True, "id": "00T5g00000AbCdE"}, fail("UNABLE_TO_LOCK_ROW")]
    answers = [first, [{"success": True, "id": "00T5g00000AbCdF"}]]
    parts = [{"httpStatusCode": 200, "body": rows, "referenceId": "part0"} for rows in answers]
    stub.says(*(stub.said(200, {"compositeResponse": [part]}) for part in parts))
    assert all(each.ok for each in delete(org, ["00T5g00000AbCdE", "00T5g00000AbCdF"]))
    urls = [call.json["compositeRequest"][0]["url"] for call in stub.data]
    assert [url.count("00T5g00000AbCd") for url in urls] == [2, 1]


def test_what_is_gone_is_deleted(org: Any, stub: Any) -> None:
    rows = [{"success": True, "id": "00T5g00000AbCdE"}, fail("ENTITY_IS_DELETED"), fail("OTHER_X")]
    part = {"httpStatusCode": 200, "body": rows, "referenceId": "part0"}
    stub.says(stub.said(200, {"compositeResponse": [part]}))
    saved = delete(org, ["00T5g00000AbCdE", "00T5g00000AbCdF", "00T5g00000AbCdG"])
    assert [each.ok for each in saved] == [True, True, False]
    url = stub.data[0].json["compositeRequest"][0]["url"]
    assert "ids=00T5g00000AbCdEEAV,00T5g00000AbCdFEAV," in url
    with pytest.raises(ValueError, match="no id"):
        delete(org, ["00T5g00000AbCdE&x=1"])
    assert delete(org, []) == []
