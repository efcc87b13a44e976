"""Batches: all or nothing, part by part with trace ids, keys, and results in no promised order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.objects.tasks import (
    BatchInputSimplePublicObjectBatchInputUpsert,
    SimplePublicObjectBatchInputUpsert,
)

from goodword_hubspot.fake import Account, Fake

Call = Callable[..., Any]
Make = Callable[..., str]
PATH = "/crm/v3/objects/contacts/batch"
KEY_PROPERTY = {
    "name": "ref_key",
    "label": "Key",
    "type": "string",
    "fieldType": "text",
    "groupName": "taskinformation",
    "hasUniqueValue": True,
}


def contact(email: str, trace: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"properties": {"email": email}, "associations": []}
    return found | ({"objectWriteTraceId": trace} if trace else {})


def count(fake: Fake, kind: str = "contacts") -> int:
    return len(list(fake.store.all(kind)))


def test_one_bad_input_fails_the_whole_batch(fake: Fake, call: Call) -> None:
    inputs = [contact("a@b.example"), contact("nonsense")]
    assert call("POST", f"{PATH}/create", json={"inputs": inputs}).status_code == 400
    assert count(fake) == 0


def test_with_trace_ids_the_others_are_made_and_the_failure_is_named(
    fake: Fake, call: Call
) -> None:
    inputs = [contact("a@b.example", "one"), contact("nonsense", "two")]
    answer = call("POST", f"{PATH}/create", json={"inputs": inputs})
    body = answer.json()
    assert (answer.status_code, count(fake), body["numErrors"]) == (207, 1, 1)
    assert body["results"][0]["objectWriteTraceId"] == "one"
    assert body["errors"][0]["context"]["objectWriteTraceId"] == ["two"]


def test_sharing_a_trace_id_does_not_allow_partial_failure(fake: Fake, call: Call) -> None:
    inputs = [contact("a@b.example", "one"), contact("nonsense", "one")]
    assert call("POST", f"{PATH}/create", json={"inputs": inputs}).status_code == 400
    assert count(fake) == 0


def test_version_2026_09_keeps_the_status_and_lists_errors_in_the_body(call: Call) -> None:
    inputs = [contact("a@b.example", "one"), contact("nonsense", "two")]
    path = "/crm/objects/2026-09/contacts/batch/create"
    answer = call("POST", path, json={"inputs": inputs})
    assert (answer.status_code, answer.json()["numErrors"]) == (201, 1)


@pytest.mark.parametrize("verb", ["create", "update", "upsert", "archive", "read"])
def test_a_batch_takes_100_inputs(verb: str, call: Call) -> None:
    extra = {"propertiesWithHistory": [], "properties": []} if verb == "read" else {}
    one: dict[str, Any] = {"id": "1", "properties": {}, "idProperty": "email"}
    if verb == "create":
        one = contact("")
    elif verb in {"archive", "read"}:
        one = {"id": "1"}
    answer = call("POST", f"{PATH}/{verb}", json={"inputs": [one] * 101, **extra})
    assert answer.status_code == 400
    assert "maximum number of inputs" in answer.json()["message"]


def test_results_come_in_no_promised_order(call: Call) -> None:
    emails = [f"{number}@b.example" for number in range(5)]
    answer = call("POST", f"{PATH}/create", json={"inputs": [contact(one) for one in emails]})
    found = [one["properties"]["email"] for one in answer.json()["results"]]
    assert found != emails
    assert sorted(found) == emails


def test_reading_names_who_is_missing(call: Call, make: Make) -> None:
    number = make("contacts", firstname="Ada")
    body = {"inputs": [{"id": number}, {"id": "9"}], "properties": [], "propertiesWithHistory": []}
    answer = call("POST", f"{PATH}/read", json=body)
    assert answer.status_code == 207
    assert [one["id"] for one in answer.json()["results"]] == [number]
    assert answer.json()["errors"][0]["context"]["ids"] == ["9"]


def test_reading_by_email_finds_the_contact(call: Call, make: Make) -> None:
    number = make("contacts", email="ada@b.example")
    body = {
        "inputs": [{"id": "Ada@b.example"}],
        "idProperty": "email",
        "properties": [],
        "propertiesWithHistory": [],
    }
    assert call("POST", f"{PATH}/read", json=body).json()["results"][0]["id"] == number


def test_updating_names_who_is_missing_and_changes_the_others(call: Call, make: Make) -> None:
    number = make("contacts")
    inputs = [{"id": one, "properties": {"city": "Truro"}} for one in (number, "9")]
    answer = call("POST", f"{PATH}/update", json={"inputs": inputs})
    assert (answer.status_code, answer.json()["errors"][0]["context"]) == (207, {"ids": ["9"]})
    assert answer.json()["results"][0]["properties"]["city"] == "Truro"


@pytest.mark.parametrize("verb", ["update", "upsert"])
def test_the_same_id_twice_fails_the_batch(verb: str, call: Call, make: Make) -> None:
    make("contacts", email="ada@b.example")
    one = {"id": "ada@b.example", "idProperty": "email", "properties": {}}
    answer = call("POST", f"{PATH}/{verb}", json={"inputs": [one, one]})
    assert answer.status_code == 400
    assert "Duplicate IDs found in batch input" in answer.json()["message"]


def test_an_object_id_is_no_key_to_upsert_by(call: Call, make: Make) -> None:
    one = {"id": make("contacts"), "idProperty": "hs_object_id", "properties": {}}
    assert call("POST", f"{PATH}/upsert", json={"inputs": [one]}).status_code == 400
    del one["idProperty"]
    assert call("POST", f"{PATH}/upsert", json={"inputs": [one]}).status_code == 400


def test_the_library_upserts_tasks_by_an_own_unique_property(
    fake: Fake, call: Call, sdk: HubSpot
) -> None:
    call("POST", "/crm/v3/properties/tasks", json=KEY_PROPERTY).raise_for_status()
    inputs = [
        SimplePublicObjectBatchInputUpsert(
            id=f"ref-{number}",
            id_property="ref_key",
            properties={"hs_timestamp": "1795000000000", "hs_task_subject": "Ask"},
        )
        for number in range(20)
    ]
    body = BatchInputSimplePublicObjectBatchInputUpsert(inputs=inputs)
    first = sdk.crm.objects.tasks.batch_api.upsert(body)
    again = sdk.crm.objects.tasks.batch_api.upsert(body)
    assert [{one.new for one in answer.results} for answer in (first, again)] == [{True}, {False}]
    assert count(fake, "tasks") == 20


def test_an_upsert_takes_no_associations(call: Call) -> None:
    one = {"id": "a@b.example", "idProperty": "email", "properties": {}, "associations": []}
    answer = call("POST", f"{PATH}/upsert", json={"inputs": [one]})
    assert "unknown field: associations" in answer.json()["message"]


@pytest.mark.parametrize("whole", [True, False])
def test_a_conflict_fails_the_whole_upsert_or_only_its_row(
    whole: bool, account: Account, call: Call, make: Make
) -> None:
    account.switches = replace(account.switches, conflicts_fail_the_batch=whole)
    body = KEY_PROPERTY | {"groupName": "contactinformation"}
    call("POST", "/crm/v3/properties/contacts", json=body).raise_for_status()
    make("contacts", email="ada@b.example")
    inputs = [
        {
            "id": f"ref-{email}",
            "idProperty": "ref_key",
            "properties": {"email": email},
            "objectWriteTraceId": email,
        }
        for email in ("ada@b.example", "bo@b.example")
    ]
    answer = call("POST", f"{PATH}/upsert", json={"inputs": inputs})
    assert answer.status_code == (409 if whole else 207)
    if not whole:
        assert answer.json()["errors"][0]["context"]["objectWriteTraceId"] == ["ada@b.example"]


def test_archiving_ignores_who_is_not_there(fake: Fake, call: Call, make: Make) -> None:
    inputs = [{"id": make("contacts")}, {"id": "9"}]
    assert call("POST", f"{PATH}/archive", json={"inputs": inputs}).status_code == 204
    assert count(fake) == 0
