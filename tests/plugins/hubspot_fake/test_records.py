"""Single records: made, read, changed, archived, listed, under either family of addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.contacts import SimplePublicObjectInput, SimplePublicObjectInputForCreate

from goodword_hubspot.fake import Fake

FAMILIES = ["/crm/v3/objects", "/crm/objects/2026-03", "/crm/objects/2026-09"]
Call = Callable[..., Any]
Make = Callable[..., str]


def test_the_library_makes_reads_changes_and_archives_a_contact(sdk: HubSpot) -> None:
    api = sdk.crm.contacts.basic_api
    new = SimplePublicObjectInputForCreate(properties={"email": "a@b.example"}, associations=[])
    number = api.create(new).id
    api.update(number, SimplePublicObjectInput(properties={"firstname": "Ada"}))
    assert api.get_by_id(number, properties=["firstname"]).properties["firstname"] == "Ada"
    api.archive(number)
    assert api.get_page().results == []
    assert [one.id for one in api.get_page(archived=True).results] == [number]


@pytest.mark.parametrize("family", FAMILIES)
def test_both_address_families_reach_the_same_records(family: str, call: Call, make: Make) -> None:
    number = make("contacts", firstname="Ada")
    assert call("GET", f"{family}/contacts/{number}").json()["properties"]["firstname"] == "Ada"
    changed = call("PATCH", f"{family}/contacts/{number}", json={"properties": {"city": "Truro"}})
    assert changed.json()["properties"]["city"] == "Truro"
    assert call("DELETE", f"{family}/contacts/{number}").status_code == 204
    assert call("GET", f"{family}/contacts/{number}").status_code == 404


def test_a_list_is_paged_by_id_and_a_page_holds_100_or_50_with_history(
    call: Call, make: Make
) -> None:
    for number in range(3):
        make("contacts", firstname=str(number))
    first = call("GET", "/crm/v3/objects/contacts?limit=2").json()
    after = first["paging"]["next"]["after"]
    assert after == first["results"][-1]["id"]
    rest = call("GET", f"/crm/v3/objects/contacts?limit=2&after={after}").json()
    assert [len(first["results"]), len(rest["results"]), "paging" in rest] == [2, 1, False]
    assert call("GET", "/crm/v3/objects/contacts?limit=101").status_code == 400
    history = "/crm/v3/objects/contacts?limit=51&propertiesWithHistory=city"
    assert call("GET", history).status_code == 400


def test_history_is_listed_newest_first_with_who_set_it(
    fake: Fake, clock: Any, call: Call, make: Make
) -> None:
    number = make("contacts", city="Truro")
    clock.tick(60)
    call("PATCH", f"/crm/v3/objects/contacts/{number}", json={"properties": {"city": "Penryn"}})
    found = call("GET", f"/crm/v3/objects/contacts/{number}?propertiesWithHistory=city").json()
    entries = found["propertiesWithHistory"]["city"]
    assert [entry["value"] for entry in entries] == ["Penryn", "Truro"]
    assert entries[0]["timestamp"] > entries[1]["timestamp"]
    assert {entry["sourceType"] for entry in entries} == {"INTEGRATION"}


def test_unset_properties_are_null_and_unknown_ones_left_out(call: Call, make: Make) -> None:
    number = make("contacts", firstname="Ada")
    found = call("GET", f"/crm/v3/objects/contacts/{number}?properties=city,nonsense").json()
    assert found["properties"]["city"] is None
    assert "nonsense" not in found["properties"]


def test_a_write_moves_the_modified_stamp_of_its_object(clock: Any, call: Call, make: Make) -> None:
    contact, deal = make("contacts"), make("deals", dealname="Roof")
    clock.tick(5)
    for kind, number, stamp in (
        ("contacts", contact, "lastmodifieddate"),
        ("deals", deal, "hs_lastmodifieddate"),
    ):
        path = f"/crm/v3/objects/{kind}/{number}"
        before = call("GET", path).json()["properties"][stamp]
        call("PATCH", path, json={"properties": {}})
        assert call("GET", path).json()["properties"][stamp] > before


def test_a_completed_task_says_when_and_a_reopened_one_does_not(call: Call, make: Make) -> None:
    number = make("tasks", hs_timestamp="1795000000000", hs_task_subject="Ask")
    path = f"/crm/v3/objects/tasks/{number}"
    asked = f"{path}?properties=hs_task_is_completed,hs_task_completion_date,hs_task_status"
    assert call("GET", asked).json()["properties"]["hs_task_status"] == "NOT_STARTED"
    call("PATCH", path, json={"properties": {"hs_task_status": "COMPLETED"}})
    done = call("GET", asked).json()["properties"]
    assert (done["hs_task_is_completed"], bool(done["hs_task_completion_date"])) == ("true", True)
    call("PATCH", path, json={"properties": {"hs_task_status": "NOT_STARTED"}})
    assert call("GET", asked).json()["properties"]["hs_task_completion_date"] is None


def test_a_won_deal_is_flagged_and_worth_its_amount_at_home(call: Call, make: Make) -> None:
    number = make("deals", dealstage="closedwon", amount="100", deal_currency_code="EUR")
    asked = "hs_is_closed_won,amount_in_home_currency"
    found = call("GET", f"/crm/v3/objects/deals/{number}?properties={asked}").json()["properties"]
    assert (found["hs_is_closed_won"], found["amount_in_home_currency"]) == ("true", "85.00")


def test_the_lifecycle_stage_only_moves_forward_unless_it_was_cleared(
    call: Call, make: Make
) -> None:
    path = f"/crm/v3/objects/contacts/{make('contacts', lifecyclestage='customer')}"

    def stage_after(stage: str) -> str:
        answer = call("PATCH", path, json={"properties": {"lifecyclestage": stage}})
        return str(answer.json()["properties"].get("lifecyclestage", ""))

    assert [stage_after(stage) for stage in ("lead", "evangelist")] == ["customer", "evangelist"]
    assert [stage_after(stage) for stage in ("", "lead")] == ["", "lead"]
