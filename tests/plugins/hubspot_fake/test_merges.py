"""Merges and erasure: new ids, two properties that each tell half, and nothing left behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hubspot import HubSpot
from hubspot.crm.contacts import PublicGdprDeleteInput, PublicMergeInput

from goodword_hubspot.fake import Account

Call = Callable[..., Any]
Make = Callable[..., str]
PATH = "/crm/v3/objects/contacts"
BOTH = "properties=hs_merged_object_ids,hs_calculated_merged_vids,email,city"


def merged(sdk: HubSpot, primary: str, other: str) -> str:
    body = PublicMergeInput(primary_object_id=primary, object_id_to_merge=other)
    return str(sdk.crm.contacts.basic_api.merge(body).id)


def test_a_merge_makes_a_new_id_and_the_old_ones_leave_the_list(
    sdk: HubSpot, call: Call, make: Make
) -> None:
    ada, double = make("contacts", email="a@b.example"), make("contacts", city="Truro")
    new = merged(sdk, ada, double)
    listed = [row["id"] for row in call("GET", PATH).json()["results"]]
    assert listed == [new]
    assert new not in {ada, double}
    found = call("GET", f"{PATH}/{double}?{BOTH}").json()
    assert (found["id"], found["properties"]["email"]) == (new, "a@b.example")
    assert found["properties"]["city"] == "Truro"


def test_neither_merge_property_names_every_old_id(sdk: HubSpot, call: Call, make: Make) -> None:
    ids = [make("contacts") for _ in range(3)]
    first = merged(sdk, ids[0], ids[1])
    new = merged(sdk, first, ids[2])
    values = call("GET", f"{PATH}/{new}?{BOTH}").json()["properties"]
    taken = set(values["hs_merged_object_ids"].split(";"))
    given_up = {one.split(":")[0] for one in values["hs_calculated_merged_vids"].split(";")}
    assert taken == {first, ids[2]}
    assert given_up == {ids[1], ids[2]}
    assert all(call("GET", f"{PATH}/{old}").json()["id"] == new for old in (*ids, first))


def test_the_links_of_both_lead_to_the_merged_contact(sdk: HubSpot, call: Call, make: Make) -> None:
    ids = [make("contacts") for _ in range(2)]
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}
    deals = [make("deals", [{"to": {"id": one}, "types": [spec]}], dealname="Roof") for one in ids]
    new = merged(sdk, *ids)
    path = f"/crm/v4/objects/contacts/{new}/associations/deals"
    found = [str(row["toObjectId"]) for row in call("GET", path).json()["results"]]
    assert found == deals
    linked = call("GET", "/crm/v3/objects/deals?associations=contacts").json()["results"]
    assert {row["associations"]["contacts"]["results"][0]["id"] for row in linked} == {new}


def test_the_other_email_stays_taken(sdk: HubSpot, call: Call, make: Make) -> None:
    ids = [make("contacts", email=f"{name}@b.example") for name in ("home", "work")]
    new = merged(sdk, *ids)
    for name in ("home", "work"):
        body = {"properties": {"email": f"{name}@b.example"}}
        answer = call("POST", PATH, json=body)
        assert answer.json()["message"] == f"Contact already exists. Existing ID: {new}"


def test_an_update_by_an_old_id_reaches_the_merged_contact(
    sdk: HubSpot, call: Call, make: Make
) -> None:
    ids = [make("contacts") for _ in range(2)]
    new = merged(sdk, *ids)
    inputs = [{"id": ids[1], "properties": {"city": "Truro"}}]
    answer = call("POST", f"{PATH}/batch/update", json={"inputs": inputs})
    assert [row["id"] for row in answer.json()["results"]] == [new]


def test_a_switch_lets_the_first_id_live_on(
    account: Account, sdk: HubSpot, call: Call, make: Make
) -> None:
    account.switches = replace(account.switches, keeps_primary_id=True)
    ada, double = make("contacts"), make("contacts")
    assert merged(sdk, ada, double) == ada
    assert call("GET", f"{PATH}/{double}").json()["id"] == ada


def test_an_erased_contact_is_in_no_list_bin_or_link(sdk: HubSpot, call: Call, make: Make) -> None:
    contact = make("contacts", email="ada@b.example")
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}
    task = make("tasks", [{"to": {"id": contact}, "types": [spec]}], hs_timestamp="1")
    body = PublicGdprDeleteInput(object_id="ada@b.example", id_property="email")
    sdk.crm.contacts.basic_api.purge(body)
    assert call("GET", PATH).json()["results"] == []
    assert call("GET", f"{PATH}?archived=true").json()["results"] == []
    path = f"/crm/v4/objects/tasks/{task}/associations/contacts"
    assert call("GET", path).json()["results"] == []
