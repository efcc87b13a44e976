"""What the portal refuses, and how it says so: keys, scopes, addresses, bodies, values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from hubspot import HubSpot
from hubspot.crm.contacts.exceptions import ForbiddenException

from goodword_hubspot.fake import FREE, Account, Fake

Call = Callable[..., Any]
Make = Callable[..., str]


def test_a_wrong_or_revoked_key_is_refused(fake: Fake, call: Call) -> None:
    answer = requests.get(f"{fake.url}/crm/v3/objects/contacts", timeout=10)
    assert (answer.status_code, answer.json()["category"]) == (401, "INVALID_AUTHENTICATION")
    fake.account.key = "revoked"
    assert call("GET", "/crm/v3/objects/contacts").status_code == 401


def test_a_missing_scope_is_named(fake: Fake, call: Call, sdk: HubSpot) -> None:
    fake.account.scopes.discard("crm.objects.contacts.read")
    body = call("GET", "/crm/v3/objects/contacts").json()
    assert body["category"] == "MISSING_SCOPES"
    assert body["context"]["requiredGranularScopes"] == ["crm.objects.contacts.read"]
    with pytest.raises(ForbiddenException) as refused:
        sdk.crm.contacts.basic_api.get_page()
    assert refused.value.status == 403


def test_surveys_need_the_tier_and_nobody_writes_them(account: Account, call: Call) -> None:
    path = "/crm/v3/objects/feedback_submissions"
    assert call("GET", path).status_code == 200
    assert call("POST", path, json={"properties": {}}).status_code == 405
    assert call("POST", f"{path}/batch/update", json={"inputs": []}).status_code == 405
    account.tier = FREE
    assert call("GET", path).status_code == 403
    linked = "/crm/v4/objects/contacts/1/associations/feedback_submissions"
    assert call("GET", linked).status_code == 403


def test_an_unknown_object_is_refused(call: Call) -> None:
    answer = call("GET", "/crm/v3/objects/unicorns")
    assert answer.status_code == 400
    assert answer.json()["message"] == "Unable to infer object type from: unicorns"


@pytest.mark.parametrize("path", ["/crm/v3/unicorns", "/crm/objects/2019-01/contacts", "/nowhere"])
def test_an_unknown_address_is_answered_with_a_page(path: str, call: Call) -> None:
    answer = call("GET", path)
    assert (answer.status_code, answer.text[:6]) == (404, "<html>")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ({"properties": {"email": 1}}, "must be of type str"),
        ({"properties": {}, "colour": "red"}, "unknown field: colour"),
        ({}, "must not be `None`"),
        ([], "must be an object"),
    ],
)
def test_a_body_that_is_not_its_model_is_refused(body: object, what: str, call: Call) -> None:
    answer = call("POST", "/crm/v3/objects/contacts", json=body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert what in answer.json()["message"]


def test_a_body_that_is_no_json_is_refused(call: Call) -> None:
    path, headers = "/crm/v3/objects/contacts", {"Content-Type": "application/json"}
    assert call("POST", path, data="{", headers=headers).status_code == 400
    assert call("POST", path, data="a=b").status_code == 415


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        ("contacts", {"nonsense": "x"}, "PROPERTY_DOESNT_EXIST"),
        ("contacts", {"createdate": "1795000000000"}, "READ_ONLY_VALUE"),
        ("contacts", {"email": "ada"}, "INVALID_EMAIL"),
        ("contacts", {"lifecyclestage": "wizard"}, "INVALID_OPTION"),
        ("contacts", {"lifecyclestage": " lead"}, "INVALID_OPTION"),
        ("contacts", {"hubspot_owner_id": "99"}, "INVALID_OWNER_ID"),
        ("deals", {"amount": "much"}, "INVALID_INTEGER"),
        ("deals", {"closedate": "soon"}, "INVALID_LONG"),
        ("deals", {"dealstage": "4"}, "INVALID_OPTION"),
        ("deals", {"pipeline": "other"}, "INVALID_OPTION"),
        ("notes", {"hs_timestamp": "1", "hs_note_body": "x" * 65_537}, "INVALID_LENGTH"),
    ],
)
def test_a_bad_value_is_named_with_its_property(
    kind: str, values: dict[str, str], code: str, call: Call
) -> None:
    answer = call("POST", f"/crm/v3/objects/{kind}", json={"properties": values})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (400, code)
    assert error["context"]["propertyName"] == [list(values)[-1]]


def test_every_answer_can_be_traced(call: Call) -> None:
    answer = call("POST", "/crm/v3/objects/contacts", json={"properties": {"nonsense": ""}})
    assert answer.json()["correlationId"] == answer.headers["X-HubSpot-Correlation-Id"]


def test_an_email_is_taken_once_whatever_its_case(call: Call, make: Make) -> None:
    number = make("contacts", email="ada@b.example")
    answer = call(
        "POST", "/crm/v3/objects/contacts", json={"properties": {"email": "ADA@b.example"}}
    )
    assert (answer.status_code, answer.json()["category"]) == (409, "CONFLICT")
    assert answer.json()["message"] == f"Contact already exists. Existing ID: {number}"


def test_contacts_without_an_email_are_fine(make: Make) -> None:
    assert make("contacts", firstname="Ada") != make("contacts", firstname="Ada")


def test_an_archived_contact_gives_its_email_back(call: Call, make: Make) -> None:
    number = make("contacts", email="ada@b.example")
    call("DELETE", f"/crm/v3/objects/contacts/{number}")
    assert make("contacts", email="ada@b.example") != number


def test_a_task_or_note_needs_its_moment(call: Call) -> None:
    for kind in ("tasks", "notes", "calls", "meetings", "emails"):
        answer = call("POST", f"/crm/v3/objects/{kind}", json={"properties": {}})
        assert answer.status_code == 400
        assert answer.json()["context"]["properties"] == ["hs_timestamp"]


def test_a_task_update_ignores_unknown_and_read_only_names(call: Call, make: Make) -> None:
    path = f"/crm/v3/objects/tasks/{make('tasks', hs_timestamp='1795000000000')}"
    values = {"nonsense": "x", "hs_task_is_completed": "true", "hs_task_subject": "Ask"}
    answer = call("PATCH", path, json={"properties": values})
    assert answer.status_code == 200
    assert answer.json()["properties"]["hs_task_subject"] == "Ask"
    assert answer.json()["properties"]["hs_task_is_completed"] == "false"


def test_emoji_and_65536_characters_are_kept_as_sent(call: Call, make: Make) -> None:
    text = "🌞" + "é" * 65_535
    number = make("notes", hs_timestamp="1795000000000", hs_note_body=text)
    path = f"/crm/v3/objects/notes/{number}?properties=hs_note_body"
    assert call("GET", path).json()["properties"]["hs_note_body"] == text
