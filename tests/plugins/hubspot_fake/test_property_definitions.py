"""Properties and groups: made, restored, archived, unique, and what only a switch can say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import pytest
from hubspot import HubSpot
from hubspot.crm.properties import PropertyCreate, PropertyGroupCreate

from goodword_hubspot.fake import Account, Fake, Switches

Call = Callable[..., Any]
Make = Callable[..., str]
CONTACTS = "/crm/v3/properties/contacts"
TASKS = "/crm/v3/properties/tasks"


def text(name: str, **more: Any) -> dict[str, Any]:
    basic = {"label": name, "type": "string", "fieldType": "text"}
    return {"name": name, "groupName": "contactinformation", **basic} | more


def key(**more: Any) -> dict[str, Any]:
    return text("ref_key", groupName="taskinformation", hasUniqueValue=True, **more)


def test_the_library_makes_a_group_and_an_enumeration(sdk: HubSpot) -> None:
    sdk.crm.properties.groups_api.create(
        "contacts", PropertyGroupCreate(name="referrals", label="Referrals", display_order=-1)
    )
    new = PropertyCreate(
        name="ref_stage",
        label="Stage",
        type="enumeration",
        field_type="select",
        group_name="referrals",
        options=[{"label": "Happy", "value": "happy", "displayOrder": 0, "hidden": False}],
    )
    sdk.crm.properties.core_api.create("contacts", new)
    made = sdk.crm.properties.core_api.get_by_name("contacts", "ref_stage")
    assert [option.value for option in made.options] == ["happy"]
    assert (made.hubspot_defined, made.modification_metadata.read_only_value) == (False, False)


def test_a_name_that_is_taken_is_a_conflict(call: Call) -> None:
    call("POST", CONTACTS, json=text("ref_why")).raise_for_status()
    answer = call("POST", CONTACTS, json=text("ref_why")).json()
    assert answer["category"] == "OBJECT_ALREADY_EXISTS"
    assert answer["subCategory"] == "Properties.PROPERTY_WITH_NAME_EXISTS"


def test_an_archived_property_hides_its_values_and_comes_back_with_them(
    call: Call, make: Make
) -> None:
    call("POST", CONTACTS, json=text("ref_why")).raise_for_status()
    path = f"/crm/v3/objects/contacts/{make('contacts', ref_why='kind words')}"
    assert call("DELETE", f"{CONTACTS}/ref_why").status_code == 204
    assert "ref_why" not in call("GET", f"{path}?properties=ref_why").json()["properties"]
    refused = call("PATCH", path, json={"properties": {"ref_why": "x"}})
    assert refused.json()["errors"][0]["code"] == "PROPERTY_DOESNT_EXIST"
    assert [one["name"] for one in call("GET", f"{CONTACTS}?archived=true").json()["results"]] == [
        "ref_why"
    ]
    assert call("POST", CONTACTS, json=text("ref_why")).status_code == 201
    found = call("GET", f"{path}?properties=ref_why").json()["properties"]
    assert found["ref_why"] == "kind words"


@pytest.mark.parametrize(
    "wrong",
    [
        text("Ref_Why"),
        text("1st"),
        text("ref_why", groupName="nowhere"),
        text("ref_why", type="number"),
        text("ref_why", type="colour"),
        text("ref_why", type="enumeration", fieldType="select"),
        text("ref_why", type="date", fieldType="date", hasUniqueValue=True),
        {"name": "ref_why"},
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(wrong: dict[str, Any], call: Call) -> None:
    assert call("POST", CONTACTS, json=wrong).status_code == 400


def test_a_picklist_value_that_was_deleted_is_refused_from_then_on(call: Call, make: Make) -> None:
    options = [{"label": one, "value": one, "hidden": False} for one in ("yes", "no")]
    new = text("ref_answer", type="enumeration", fieldType="select", options=options)
    call("POST", CONTACTS, json=new).raise_for_status()
    path = f"/crm/v3/objects/contacts/{make('contacts', ref_answer='yes')}"
    call("PATCH", f"{CONTACTS}/ref_answer", json={"options": options[1:]}).raise_for_status()
    answer = call("PATCH", path, json={"properties": {"ref_answer": "yes"}})
    assert answer.json()["errors"][0]["code"] == "INVALID_OPTION"


def test_uniqueness_is_decided_at_birth(call: Call) -> None:
    call("POST", CONTACTS, json=text("ref_why")).raise_for_status()
    answer = call("PATCH", f"{CONTACTS}/ref_why", json={"hasUniqueValue": True})
    assert (answer.status_code, answer.json()["hasUniqueValue"]) == (200, False)


def test_an_object_takes_ten_unique_properties(call: Call) -> None:
    for number in range(10):
        new = text(f"ref_{number}", hasUniqueValue=True)
        call("POST", CONTACTS, json=new).raise_for_status()
    assert call("POST", CONTACTS, json=text("ref_x", hasUniqueValue=True)).status_code == 400


def test_what_hubspot_defined_is_neither_changed_nor_archived(call: Call) -> None:
    assert call("PATCH", f"{CONTACTS}/email", json={"label": "Mail"}).status_code == 400
    assert call("DELETE", f"{CONTACTS}/email").status_code == 400


def test_a_group_with_properties_stays(call: Call) -> None:
    call("POST", f"{CONTACTS}/groups", json={"name": "ref", "label": "Ref"}).raise_for_status()
    call("POST", CONTACTS, json=text("ref_why", groupName="ref")).raise_for_status()
    assert call("DELETE", f"{CONTACTS}/groups/ref").status_code == 400
    call("DELETE", f"{CONTACTS}/ref_why")
    assert call("DELETE", f"{CONTACTS}/groups/ref").status_code == 204
    assert call("GET", f"{CONTACTS}/groups/ref").status_code == 404


def test_properties_are_made_and_read_in_batches(call: Call) -> None:
    inputs = [text("ref_why"), text("email")]
    made = call("POST", f"{CONTACTS}/batch/create", json={"inputs": inputs})
    assert (made.status_code, [one["name"] for one in made.json()["results"]]) == (207, ["ref_why"])
    asked = {"archived": False, "inputs": [{"name": "ref_why"}, {"name": "nonsense"}]}
    read = call("POST", f"{CONTACTS}/batch/read", json=asked)
    assert (read.status_code, len(read.json()["results"])) == (207, 1)


def test_custom_properties_are_counted(call: Call) -> None:
    call("POST", CONTACTS, json=text("ref_why")).raise_for_status()
    rows = call("GET", "/crm/v3/limits/custom-properties").json()["byObjectType"]
    (row,) = [row for row in rows if row["objectTypeId"] == "0-1"]
    assert (row["usage"], row["limit"]) == (1, 1000)


@pytest.mark.parametrize(("may", "status"), [(True, 201), (False, 400)])
def test_a_switch_says_whether_tasks_take_a_unique_property(
    may: bool, status: int, account: Account, call: Call
) -> None:
    account.switches = replace(account.switches, unique_task_property=may)
    assert call("POST", TASKS, json=key()).status_code == status
    plain = text("ref_mark", groupName="taskinformation")
    assert call("POST", TASKS, json=plain).status_code == 201


def test_a_switch_names_the_scope_that_task_properties_need(account: Account, call: Call) -> None:
    account.switches = replace(account.switches, task_schema_scope="crm.schemas.tasks.write")
    answer = call("POST", TASKS, json=key())
    needed = answer.json()["context"]["requiredGranularScopes"]
    assert (answer.status_code, needed) == (403, ["crm.schemas.tasks.write"])


@pytest.mark.parametrize("how", ["absent", "read-only", "writable"])
def test_a_switch_says_whether_the_built_in_key_takes_a_value(
    how: Literal["absent", "read-only", "writable"], clock: Any
) -> None:
    with Fake(Account(switches=Switches(creation_key=how)), clock) as fake:
        sdk = HubSpot(access_token=fake.account.key, host=fake.url)
        found = {one.name: one for one in sdk.crm.properties.core_api.get_all("tasks").results}
    assert ("hs_unique_creation_key" in found) is (how != "absent")
    if how != "absent":
        metadata = found["hs_unique_creation_key"].modification_metadata
        assert metadata.read_only_value is (how == "read-only")
