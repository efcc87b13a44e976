"""Search: what the index has seen, filters, pages of 200, ten thousand deep, five a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.contacts import Filter, FilterGroup, PublicObjectSearchRequest

from goodword_hubspot.fake import Account, Fake
from goodword_hubspot.fake.object_types import CONTACTS
from goodword_hubspot.fake.records import make as put

Call = Callable[..., Any]
Make = Callable[..., str]
PATH = "/crm/v3/objects/contacts/search"
LAG = 3.0


def body(*filters: dict[str, Any], **more: Any) -> dict[str, Any]:
    groups = [{"filters": list(filters)}] if filters else []
    return {"filterGroups": groups, "properties": [], "sorts": [], "after": "0"} | more


def one(name: str, operator: str, **more: Any) -> dict[str, Any]:
    return {"propertyName": name, "operator": operator, **more}


def found(call: Call, sent: dict[str, Any]) -> list[str]:
    answer = call("POST", PATH, json=sent)
    assert answer.status_code == 200, answer.text
    return sorted(row["id"] for row in answer.json()["results"])


def test_a_new_contact_shows_once_the_index_has_caught_up(
    clock: Any, call: Call, make: Make
) -> None:
    number = make("contacts")
    assert found(call, body()) == []
    clock.tick(LAG)
    assert found(call, body()) == [number]


def test_until_then_a_change_is_not_seen_and_the_old_value_is_shown(
    clock: Any, call: Call, make: Make
) -> None:
    number = make("contacts", city="Truro")
    clock.tick(LAG)
    call("PATCH", f"/crm/v3/objects/contacts/{number}", json={"properties": {"city": "Penryn"}})
    asked = body(one("city", "EQ", value="Truro"), properties=["city"])
    rows = call("POST", PATH, json=asked).json()["results"]
    assert [row["properties"]["city"] for row in rows] == ["Truro"]
    clock.tick(LAG)
    assert found(call, asked) == []
    assert found(call, body(one("city", "EQ", value="Penryn"))) == [number]


def test_a_later_change_can_show_before_an_earlier_one(clock: Any, call: Call, make: Make) -> None:
    numbers = []
    for _ in range(20):
        numbers.append(make("contacts"))
        clock.tick(0.1)
    seen = found(call, body(limit=50))
    assert seen
    assert seen != numbers[: len(seen)]
    clock.tick(LAG)
    assert found(call, body(limit=50)) == numbers


def test_an_archived_contact_is_never_found(clock: Any, call: Call, make: Make) -> None:
    number = make("contacts")
    clock.tick(LAG)
    call("DELETE", f"/crm/v3/objects/contacts/{number}")
    assert found(call, body()) == []


@pytest.mark.parametrize(
    ("asked", "cities"),
    [
        (one("city", "EQ", value="truro"), ["Truro"]),
        (one("city", "NEQ", value="Truro"), ["", "Penryn"]),
        (one("city", "IN", values=["truro", "penryn"]), ["Penryn", "Truro"]),
        (one("city", "IN", values=["Truro"]), []),
        (one("city", "NOT_IN", values=["truro"]), ["Penryn"]),
        (one("city", "HAS_PROPERTY"), ["Penryn", "Truro"]),
        (one("city", "NOT_HAS_PROPERTY"), [""]),
        (one("city", "CONTAINS_TOKEN", value="tru*"), ["Truro"]),
        (one("city", "NOT_CONTAINS_TOKEN", value="tru*"), ["", "Penryn"]),
        (one("hs_object_id", "GT", value="1001"), ["", "Penryn"]),
        (one("hs_object_id", "BETWEEN", value="1001", highValue="1002"), ["Penryn", "Truro"]),
        (one("createdate", "LTE", value="1795000000000"), ["", "Penryn", "Truro"]),
        (one("createdate", "LT", value="2026-11-18T11:06:40Z"), []),
        (one("createdate", "GTE", value="1795000000000"), ["", "Penryn", "Truro"]),
    ],
)
def test_filters(
    asked: dict[str, Any], cities: list[str], clock: Any, call: Call, make: Make
) -> None:
    towns = {make("contacts", city=city): city for city in ("Truro", "Penryn", "")}
    clock.tick(LAG)
    assert sorted(towns[number] for number in found(call, body(asked))) == cities


def test_a_filter_can_go_by_what_a_record_is_linked_to(clock: Any, call: Call, make: Make) -> None:
    contact = make("contacts")
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}
    link = {"to": {"id": contact}, "types": [spec]}
    task = make("tasks", [link], hs_timestamp="1")
    make("tasks", hs_timestamp="1")
    clock.tick(LAG)
    asked = body(one("associations.contact", "EQ", value=contact))
    rows = call("POST", "/crm/v3/objects/tasks/search", json=asked).json()["results"]
    assert [row["id"] for row in rows] == [task]


@pytest.mark.parametrize(
    ("sent", "what"),
    [
        (body(limit=201), "limit"),
        (body(after="9801", limit=200), "10000"),
        (body(after="x"), "after"),
        (body(one("nonsense", "EQ", value="1")), "nonsense"),
        (body(one("city", "EQ")), "requires a value"),
        (body(one("city", "HAS_PROPERTY", value="1")), "takes no value"),
        (body(one("city", "IN", values=[])), "requires values"),
        (body(one("city", "LIKE", value="1")), "LIKE"),
        (body(sorts=["city", "email"]), "one sort"),
        (body(sorts=["nonsense"]), "nonsense"),
        (body(one("createdate", "GT", value="soon")), "soon"),
        (body(*[one("city", "HAS_PROPERTY")] * 7), "filters"),
        ({"filterGroups": [{"filters": [one("city", "HAS_PROPERTY")]}] * 6}, "filterGroups"),
        (body(one("email", "IN", values=[f"{n}@customers.example" for n in range(150)])), "3000"),
    ],
)
def test_a_search_that_asks_too_much_is_refused(
    sent: dict[str, Any], what: str, call: Call
) -> None:
    answer = call("POST", PATH, json=sent)
    assert answer.status_code == 400
    assert what in answer.json()["message"]


def test_the_library_searches_sorted_and_pages_on(clock: Any, sdk: HubSpot, make: Make) -> None:
    for city in ("Truro", "Penryn", "Redruth"):
        make("contacts", city=city)
    clock.tick(LAG)
    asked = PublicObjectSearchRequest(
        filter_groups=[FilterGroup([Filter(property_name="city", operator="HAS_PROPERTY")])],
        sorts=[{"propertyName": "city", "direction": "DESCENDING"}],
        properties=["city"],
        limit=2,
        after="0",
    )
    first = sdk.crm.contacts.search_api.do_search(asked)
    asked.after = first.paging.next.after
    rest = sdk.crm.contacts.search_api.do_search(asked)
    towns = [row.properties["city"] for row in [*first.results, *rest.results]]
    assert (first.total, towns, rest.paging) == (3, ["Truro", "Redruth", "Penryn"], None)


def test_ten_thousand_results_can_be_paged_through_and_no_more(
    fake: Fake, clock: Any, call: Call
) -> None:
    for number in range(10_050):
        put(fake.portal, CONTACTS, {"firstname": str(number)})
    clock.tick(60)
    last = call("POST", PATH, json=body(after="9800", limit=200)).json()
    assert (last["total"], len(last["results"]), last["paging"]) == (
        10_050,
        200,
        {"next": {"after": "10000"}},
    )
    assert call("POST", PATH, json=body(after="10000", limit=200)).status_code == 400


@pytest.mark.parametrize("by_id", [False, True])
def test_records_of_equal_value_come_in_no_promised_order(
    by_id: bool, account: Account, clock: Any, call: Call, make: Make
) -> None:
    account.switches = replace(account.switches, ties_by_id=by_id)
    numbers = [make("contacts") for _ in range(12)]
    clock.tick(LAG)
    rows = call("POST", PATH, json=body(sorts=["createdate"], limit=50)).json()["results"]
    assert ([row["id"] for row in rows] == numbers) is by_id
    assert {row["id"] for row in rows} == set(numbers)
