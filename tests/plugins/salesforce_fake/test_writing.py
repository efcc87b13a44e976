"""Writing: one record, 200 records, and what is refused for which reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goodword_salesforce.fake import USERNAME, Fake, Switches, by_hand

Call = Callable[..., Any]
Query = Callable[..., Any]


def task(**values: object) -> dict[str, object]:
    return {"attributes": {"type": "Task"}, **values}


def codes(rows: Any) -> list[str]:
    return ["" if row["success"] else row["errors"][0]["statusCode"] for row in rows]


def test_a_record_is_made_changed_and_deleted(fake: Fake, call: Call, clock: Any) -> None:
    made = call("POST", "/sobjects/Contact", json={"LastName": "  Kitto ", "Email": ""})
    assert (made.status_code, made.json()["success"]) == (201, True)
    path = f"/sobjects/Contact/{made.json()['id']}"
    clock.tick(60)
    assert call("PATCH", path, json={"FirstName": "Isla"}).status_code == 204
    row = call("GET", path).json()
    assert (row["Name"], row["Email"]) == ("Isla Kitto", None)
    assert row["SystemModstamp"] == "2026-11-18T11:07:40.000+0000" > row["CreatedDate"]
    assert row["OwnerId"] == fake.org.user_id(USERNAME)
    assert call("DELETE", path).status_code == 204
    assert call("GET", path).json()[0]["errorCode"] == "ENTITY_IS_DELETED"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "REQUIRED_FIELD_MISSING"),
        ({"LastName": "x" * 81}, "STRING_TOO_LONG"),
        ({"LastName": "x", "Email": "no address"}, "INVALID_EMAIL_ADDRESS"),
        ({"LastName": "x", "Stage__c": "love"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"LastName": "x", "Score__c": 1000}, "NUMBER_OUTSIDE_VALID_RANGE"),
        ({"LastName": "x", "Score__c": "seven"}, "JSON_PARSER_ERROR"),
        ({"LastName": "x", "Birthdate": "01.02.1980"}, "JSON_PARSER_ERROR"),
        ({"LastName": "x", "DoNotCall": "true"}, "JSON_PARSER_ERROR"),
        ({"LastName": "x", "OwnerId": "nobody"}, "MALFORMED_ID"),
        ({"LastName": "x", "AccountId": "0015g0000000009AAA"}, "INVALID_CROSS_REFERENCE_KEY"),
        ({"LastName": "x", "AccountId": "0055g0000000001AAA"}, "FIELD_INTEGRITY_EXCEPTION"),
        ({"LastName": "x", "Name": "y"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"LastName": "x", "Id": "0035g0000000001AAA"}, "INVALID_FIELD"),
        ({"LastName": "x", "Nonsense": 1}, "INVALID_FIELD"),
    ],
)
def test_values_that_do_not_fit_are_refused(
    call: Call, ours: None, values: dict[str, object], code: str
) -> None:
    answer = call("POST", "/sobjects/Contact", json=values)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_a_second_task_with_the_same_key_names_the_first(
    fake: Fake, call: Call, query: Query, ours: None
) -> None:
    body = {"records": [task(Subject="Thank", Ref_Key__c="Ab"), task(Ref_Key__c="ab")]}
    first = call("POST", "/composite/sobjects", json=body).json()
    again = call("POST", "/composite/sobjects", json=body).json()
    assert codes(first) == ["", ""]
    assert codes(again) == ["DUPLICATE_VALUE"] * 2
    assert again[0]["errors"][0]["message"] == (
        "duplicate value found: Ref_Key__c duplicates value on record with id: "
        f"{first[0]['id'][:15]}"
    )
    assert len(query("SELECT Id FROM Task")) == 2


@pytest.mark.parametrize(("keeps", "code"), [(True, "DUPLICATE_VALUE"), (False, "")])
def test_whether_a_deleted_task_blocks_its_key_is_a_switch(
    fake: Fake, call: Call, ours: None, keeps: bool, code: str
) -> None:
    fake.account.switches = Switches(bin_keeps_unique=keeps)
    body = {"records": [task(Ref_Key__c="a")]}
    first = call("POST", "/composite/sobjects", json=body).json()[0]["id"]
    by_hand.delete(fake.org, "Task", first)
    assert codes(call("POST", "/composite/sobjects", json=body).json()) == [code]


def test_three_bad_rows_of_200_fail_alone_and_in_place(call: Call, query: Query) -> None:
    records = [task(Subject=f"Nr {number}") for number in range(200)]
    for place in (3, 77, 199):
        records[place] = task(Subject="x" * 256)
    rows = call("POST", "/composite/sobjects", json={"records": records}).json()
    assert [place for place, row in enumerate(rows) if not row["success"]] == [3, 77, 199]
    assert len(query("SELECT Id FROM Task")) == 197
    whole = {"records": records, "allOrNone": True}
    rows = call("POST", "/composite/sobjects", json=whole).json()
    assert codes(rows).count("ALL_OR_NONE_OPERATION_ROLLED_BACK") == 197
    assert len(query("SELECT Id FROM Task")) == 197


def test_201_records_are_too_many(call: Call, query: Query) -> None:
    answer = call("POST", "/composite/sobjects", json={"records": [task()] * 201})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "EXCEEDED_ID_LIMIT")
    assert query("SELECT Id FROM Task") == []


def test_records_are_updated_upserted_read_and_deleted_together(
    call: Call, query: Query, ours: None
) -> None:
    key = "/composite/sobjects/Task/Ref_Key__c"
    rows = [task(Ref_Key__c="a", Subject="One"), task(Ref_Key__c="b", Subject="Two")]
    made = call("PATCH", key, json={"records": rows}).json()
    assert [row["created"] for row in made] == [True, True]
    made = call("PATCH", key, json={"records": rows}).json()
    assert [row["created"] for row in made] == [False, False]
    ids = [row["id"] for row in made]
    changes = [task(id=ids[0], Subject="Changed"), task(Subject="No id")]
    changed = call("PATCH", "/composite/sobjects", json={"records": changes}).json()
    assert codes(changed) == ["", "MISSING_ARGUMENT"]
    asked = {"ids": [ids[0], "00T5g0000000099AAA"], "fields": ["Subject"]}
    read = call("POST", "/composite/sobjects/Task", json=asked).json()
    assert (read[0]["Subject"], read[1]) == ("Changed", None)
    gone = call("DELETE", "/composite/sobjects", params={"ids": ",".join(ids)}).json()
    assert codes(gone) == ["", ""]
    assert query("SELECT Id FROM Task") == []


def test_one_record_is_upserted_by_its_key_in_the_address(call: Call, ours: None) -> None:
    path = "/sobjects/Task/Ref_Key__c/a%2Fb%20%3F"
    first, second = (call("PATCH", path, json={"Subject": "One"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    wrong = call("PATCH", path, json={"Ref_Key__c": "a"})
    assert wrong.json()[0]["errorCode"] == "INVALID_FIELD"
    assert call("PATCH", "/sobjects/Task/Subject/x", json={}).status_code == 400


def test_a_lead_is_given_away_unless_the_header_says_no(fake: Fake, call: Call) -> None:
    admin = fake.org.user_id(fake.account.admin)
    fake.account.assignment["Lead"] = admin
    body = {"LastName": "Nance", "Company": "Nance"}
    kept = call("POST", "/sobjects/Lead", json=body, headers={"Sforce-Auto-Assign": "FALSE"})
    path = f"/sobjects/Lead/{kept.json()['id']}"
    assert call("GET", path).json()["OwnerId"] == fake.org.user_id(USERNAME)
    call("PATCH", path, json={"Title": "Owner"})
    assert call("GET", path).json()["OwnerId"] == admin


@pytest.mark.parametrize(("rule", "code"), [("alert", ""), ("block", "DUPLICATES_DETECTED")])
def test_the_header_passes_alerts_and_nothing_else(
    fake: Fake, call: Call, rule: Any, code: str
) -> None:
    fake.account.duplicate_rules["Contact"] = rule
    body = {"LastName": "Kitto", "Email": "k@b.example"}
    assert call("POST", "/sobjects/Contact", json=body).status_code == 201
    again = call("POST", "/sobjects/Contact", json=body).json()
    assert again[0]["errorCode"] == "DUPLICATES_DETECTED"
    headers = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
    found = call("POST", "/sobjects/Contact", json=body, headers=headers).json()
    assert (found[0]["errorCode"] if isinstance(found, list) else "") == code


def test_somebody_who_left_gets_no_tasks(fake: Fake, call: Call) -> None:
    former = fake.org.user_id(fake.account.admin)
    fake.org.live(former)["IsActive"] = False  # type: ignore[index]  # it is there
    answer = call("POST", "/sobjects/Task", json={"Subject": "Ring", "OwnerId": former})
    assert answer.json()[0]["errorCode"] == "INACTIVE_OWNER_OR_USER"


def test_a_converted_lead_cannot_be_changed_or_given_tasks(
    fake: Fake, call: Call, query: Query
) -> None:
    lead = by_hand.add(fake.org, "Lead", {"LastName": "Nance", "Company": "Nance"})
    _, contact = by_hand.convert(fake.org, lead, opportunity="Roof")
    answer = call("PATCH", f"/sobjects/Lead/{lead}", json={"Title": "x"}).json()
    assert answer[0]["errorCode"] == "CANNOT_UPDATE_CONVERTED_LEAD"
    answer = call("POST", "/sobjects/Task", json={"WhoId": lead}).json()
    assert answer[0]["errorCode"] == "CANNOT_UPDATE_CONVERTED_LEAD"
    row = query("SELECT ConvertedContactId, ConvertedOpportunity.Name, Status FROM Lead")[0]
    assert (row["ConvertedContactId"], row["Status"]) == (contact, "Closed - Converted")
    assert row["ConvertedOpportunity"]["Name"] == "Roof"


def test_a_task_with_a_lead_is_about_nothing_else(fake: Fake, call: Call) -> None:
    lead = by_hand.add(fake.org, "Lead", {"LastName": "Nance", "Company": "Nance"})
    account = by_hand.add(fake.org, "Account", {"Name": "Polmear"})
    answer = call("POST", "/sobjects/Task", json={"WhoId": lead, "WhatId": account}).json()
    assert answer[0]["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"


def test_a_task_takes_the_lists_of_the_org(fake: Fake, call: Call, query: Query) -> None:
    contact = by_hand.add(fake.org, "Contact", {"LastName": "Kitto"})
    made = call("POST", "/sobjects/Task", json={"WhoId": contact}).json()["id"]
    row = query("SELECT Status, Priority, IsClosed FROM Task")[0]
    assert (row["Status"], row["Priority"], row["IsClosed"]) == ("Not Started", "Normal", False)
    path = f"/sobjects/Task/{made}"
    answer = call("PATCH", path, json={"Status": "Done"}).json()
    assert answer[0]["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    answer = call("PATCH", path, json={"TaskSubtype": "Call"}).json()
    assert answer[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    done = {"Status": "Completed", "ActivityDate": "2026-11-17"}
    assert call("PATCH", path, json=done).status_code == 204
    assert query("SELECT IsClosed FROM Task")[0]["IsClosed"] is True
    assert query("SELECT LastActivityDate FROM Contact")[0]["LastActivityDate"] == "2026-11-17"


def test_a_person_account_takes_custom_fields_of_its_contact_only(
    fake: Fake, call: Call, ours: None
) -> None:
    account, contact = by_hand.person_account(fake.org, {"LastName": "Kitto"})
    for path, body in (
        (f"/sobjects/Account/{account}", {"Name": "Other"}),
        (f"/sobjects/Account/{account}", {"Stage__pc": "like"}),
        (f"/sobjects/Contact/{contact}", {"LastName": "Other"}),
    ):
        answer = call("PATCH", path, json=body).json()
        assert answer[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    own = call("PATCH", f"/sobjects/Contact/{contact}", json={"Stage__c": "like"})
    assert own.status_code == 204


def test_xml_is_not_json(call: Call) -> None:
    answer = call(
        "POST", "/sobjects/Contact", data='{"LastName": "x"}', headers={"Content-Type": "text/xml"}
    )
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert call("POST", "/sobjects/Contact", data="{").status_code == 400


@pytest.mark.parametrize("text", ["O'Neil", "back\\slash", "🌻 emoji", "two\nlines", 'a "b", c'])
def test_any_text_comes_back_as_it_went(call: Call, text: str) -> None:
    made = call("POST", "/sobjects/Task", json={"Subject": "x", "Description": text}).json()["id"]
    row = call("GET", f"/sobjects/Task/{made}?fields=Description").json()
    assert row["Description"] == text
