"""Describe, and fields that are hidden: absent there, unknown everywhere else."""

# ruff: noqa: S608  # SOQL of a test is no SQL
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goodword_salesforce.fake import USERNAME, Account, Fake, Switches, by_hand

Call = Callable[..., Any]
Query = Callable[..., Any]


def names(call: Call, kind: str) -> dict[str, Any]:
    fields = call("GET", f"/sobjects/{kind}/describe").json()["fields"]
    return {field["name"]: field for field in fields}


def test_a_describe_says_what_may_be_done_with_a_field(call: Call, ours: None) -> None:
    found = names(call, "Task")
    key = found["Ref_Key__c"]
    assert (key["type"], key["length"]) == ("string", 80)
    assert all(key[word] for word in ("externalId", "unique", "caseSensitive", "updateable"))
    assert not found["TaskSubtype"]["updateable"]
    assert not found["Description"]["filterable"]
    closing = [one["value"] for one in found["Status"]["picklistValues"] if one["defaultValue"]]
    assert closing == ["Not Started"]
    assert found["WhoId"]["referenceTo"] == ["Contact", "Lead"]


def test_a_hidden_field_is_absent_and_unknown(fake: Fake, call: Call, query: Query) -> None:
    assert "HasOptedOutOfEmail" in names(call, "Contact")
    fake.account.hidden.add(("Contact", "HasOptedOutOfEmail"))
    assert "HasOptedOutOfEmail" not in names(call, "Contact")
    assert query("SELECT HasOptedOutOfEmail FROM Contact") == "INVALID_FIELD"
    body = {"LastName": "Kitto", "HasOptedOutOfEmail": True}
    answer = call("POST", "/sobjects/Contact", json=body).json()[0]
    assert answer["errorCode"] == "INVALID_FIELD"
    assert answer["message"] == "No such column 'HasOptedOutOfEmail' on sobject of type Contact"


def test_a_new_field_is_hidden_from_everybody_until_it_is_granted(
    fake: Fake, call: Call, query: Query, ours: None
) -> None:
    assert query("SELECT Stage__c FROM Contact") == []
    by_hand.revoke(fake.org, "Granted_goodword", USERNAME)
    assert query("SELECT Stage__c FROM Contact") == "INVALID_FIELD"
    assert "Stage__c" not in names(call, "Contact")


def test_a_field_that_is_only_granted_for_reading_cannot_be_written(fake: Fake, call: Call) -> None:
    fake.account.read_only.add(("Contact", "Phone"))
    assert names(call, "Contact")["Phone"]["updateable"] is False
    body = {"LastName": "Kitto", "Phone": "1"}
    answer = call("POST", "/sobjects/Contact", json=body).json()[0]
    assert (answer["errorCode"], answer["fields"]) == (
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        ["Phone"],
    )


def test_contact_fields_show_on_person_accounts(fake: Fake, query: Query, ours: None) -> None:
    values = {"LastName": "Kitto", "FirstName": "Isla", "Email": "i@b.example", "Stage__c": "like"}
    account, contact = by_hand.person_account(fake.org, values)
    row = query("SELECT Id, IsPersonAccount, PersonContactId, PersonEmail, Stage__pc FROM Account")
    assert (row[0]["PersonContactId"], row[0]["Stage__pc"]) == (contact, "like")
    assert row[0]["PersonEmail"] == "i@b.example"
    shown = query(f"SELECT Account.PersonEmail FROM Contact WHERE AccountId = '{account}'")
    assert shown[0]["Account"]["PersonEmail"] == "i@b.example"


@pytest.mark.parametrize("account", [Account(person_accounts=False)])
def test_an_org_without_person_accounts_does_not_know_the_word(query: Query) -> None:
    assert query("SELECT IsPersonAccount FROM Account") == "INVALID_FIELD"


@pytest.mark.parametrize("account", [Account(switches=Switches(stamp_filterable=False))])
def test_in_some_orgs_the_stamp_cannot_be_filtered(call: Call, query: Query) -> None:
    assert names(call, "Contact")["SystemModstamp"]["filterable"] is False
    asked = "SELECT Id FROM Contact WHERE SystemModstamp > 2026-01-01T00:00:00Z"
    assert query(asked) == "INVALID_FIELD"


def test_an_unchanged_describe_is_304_also_inside_a_composite_call(
    fake: Fake, call: Call, clock: Any, ours: None
) -> None:
    clock.tick(60)
    path = "/sobjects/Contact/describe"
    since = call("GET", path).headers["Last-Modified"]
    part = {"method": "GET", "url": f"/services/data/v67.0{path}", "referenceId": "d"}
    body = {"compositeRequest": [{**part, "httpHeaders": {"If-Modified-Since": since}}]}
    answer = call("POST", "/composite", json=body).json()["compositeResponse"][0]
    assert (answer["httpStatusCode"], answer["body"]) == (304, None)
    by_hand.add_field(fake.org, "Contact", fake.org.schema.fields(fake.org.kind("Task"))["type"])
    answer = call("POST", "/composite", json=body).json()["compositeResponse"][0]
    assert answer["httpStatusCode"] == 200


def test_all_objects_are_listed_and_others_do_not_exist(call: Call) -> None:
    listed = {one["name"] for one in call("GET", "/sobjects").json()["sobjects"]}
    assert {"Contact", "Lead", "Task", "PermissionSetAssignment", "Individual"} <= listed
    assert call("GET", "/sobjects/Nonsense/describe").status_code == 404
