"""Links: made twice and there once, both ways, labelled, paged, and not a change of the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.associations.v4 import (
    BatchInputPublicAssociationMultiPost,
    BatchInputPublicFetchAssociationsBatchRequest,
)
from hubspot.crm.associations.v4.schema import PublicAssociationDefinitionCreateRequest

from goodword_hubspot.fake import Account, Fake

Call = Callable[..., Any]
Make = Callable[..., str]
BATCH = "/crm/v4/associations/tasks/contacts/batch"


def pair(task: str, contact: str, number: int = 204, category: str = "HUBSPOT_DEFINED") -> Any:
    spec = {"associationCategory": category, "associationTypeId": number}
    return {"from": {"id": task}, "to": {"id": contact}, "types": [spec]}


def task(make: Make) -> str:
    return make("tasks", hs_timestamp="1795000000000")


def test_the_library_links_a_task_and_reads_it_from_either_end(sdk: HubSpot, make: Make) -> None:
    one, contact = task(make), make("contacts")
    api = sdk.crm.associations.v4.batch_api
    body = BatchInputPublicAssociationMultiPost(inputs=[pair(one, contact)])
    for _ in range(2):
        api.create("tasks", "contacts", body)
    asked = BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": contact}])
    (row,) = api.get_page("contacts", "tasks", asked).results
    assert [str(found.to_object_id) for found in row.to] == [one]
    assert [kind.type_id for kind in row.to[0].association_types] == [203]


def test_dated_addresses_link_as_well(call: Call, make: Make) -> None:
    one, contact = task(make), make("contacts")
    path = "/crm/associations/2026-09/tasks/contacts/batch/create"
    assert call("POST", path, json={"inputs": [pair(one, contact)]}).status_code == 201
    found = call("GET", f"/crm/objects/2026-09/tasks/{one}/associations/contacts").json()
    assert [row["toObjectId"] for row in found["results"]] == [int(contact)]


def test_a_record_without_links_is_listed_as_an_error(call: Call, make: Make) -> None:
    answer = call("POST", f"{BATCH}/read", json={"inputs": [{"id": task(make)}]})
    (error,) = answer.json()["errors"]
    assert answer.status_code == 207
    assert error["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"


def test_linking_is_no_change_of_either_record(clock: Any, call: Call, make: Make) -> None:
    one, contact = task(make), make("contacts")
    path = f"/crm/v3/objects/contacts/{contact}?properties=num_notes"
    before = call("GET", path).json()
    clock.tick(60)
    call("POST", f"{BATCH}/create", json={"inputs": [pair(one, contact)]}).raise_for_status()
    after = call("GET", path).json()
    stamps = [found["properties"]["lastmodifieddate"] for found in (before, after)]
    assert stamps[0] == stamps[1]
    assert after["properties"]["num_notes"] == "1"


@pytest.mark.parametrize(
    ("number", "category"), [(203, "HUBSPOT_DEFINED"), (3, "HUBSPOT_DEFINED"), (9, "USER_DEFINED")]
)
def test_a_type_of_another_pair_is_refused(
    number: int, category: str, call: Call, make: Make
) -> None:
    body = {"inputs": [pair(task(make), make("contacts"), number, category)]}
    assert call("POST", f"{BATCH}/create", json=body).status_code == 400


def test_a_missing_end_is_named_and_the_others_are_linked(call: Call, make: Make) -> None:
    one, contact = task(make), make("contacts")
    answer = call("POST", f"{BATCH}/create", json={"inputs": [pair(one, contact), pair(one, "9")]})
    assert (answer.status_code, len(answer.json()["results"])) == (207, 1)
    assert answer.json()["errors"][0]["context"]["toObjectId"] == ["9"]


@pytest.mark.parametrize(
    ("verb", "most", "body"),
    [
        ("read", 1000, {"id": "1"}),
        ("create", 2000, pair("1", "1")),
        ("archive", 100, {"from": {"id": "1"}, "to": [{"id": "1"}]}),
    ],
)
def test_batches_have_their_own_sizes(verb: str, most: int, body: Any, call: Call) -> None:
    answer = call("POST", f"{BATCH}/{verb}", json={"inputs": [body] * (most + 1)})
    assert (answer.status_code, str(most) in answer.json()["message"]) == (400, True)
    assert call("POST", f"{BATCH}/{verb}", json={"inputs": [body] * most}).status_code < 300


def test_a_paired_label_reads_both_ways(sdk: HubSpot, call: Call, make: Make) -> None:
    new = PublicAssociationDefinitionCreateRequest(
        name="referred", label="Referred", inverse_label="Referred by"
    )
    made = sdk.crm.associations.v4.schema.definitions_api.create("contacts", "contacts", new)
    numbers = {one.label: one.type_id for one in made.results}
    ada, bo = make("contacts"), make("contacts")
    body = {"inputs": [pair(ada, bo, numbers["Referred"], "USER_DEFINED")]}
    call("POST", "/crm/v4/associations/contacts/contacts/batch/create", json=body)

    def labels(number: str) -> list[str]:
        path = f"/crm/v4/objects/contacts/{number}/associations/contacts"
        (row,) = call("GET", path).json()["results"]
        return [one["label"] for one in row["associationTypes"] if one["label"]]

    assert (labels(ada), labels(bo)) == (["Referred"], ["Referred by"])
    again = call(
        "POST",
        "/crm/v4/associations/contacts/contacts/labels",
        json=new.to_dict() | {"inverseLabel": "Referred by"},
    )
    assert again.status_code in {400, 409}
    path = f"/crm/v4/associations/contacts/contacts/labels/{numbers['Referred']}"
    assert call("DELETE", path).status_code == 204
    assert (labels(ada), labels(bo)) == ([], [])


def test_a_primary_company_is_one_company(call: Call, make: Make) -> None:
    contact = make("contacts")
    firms = [make("companies", name=name) for name in ("Larch", "Lowe")]
    for firm in firms:
        body = {"inputs": [pair(contact, firm, 1)]}
        call("POST", "/crm/v4/associations/contacts/companies/batch/create", json=body)
    path = f"/crm/v4/objects/contacts/{contact}/associations/companies"
    primary = {
        str(row["toObjectId"]): any(one["typeId"] == 1 for one in row["associationTypes"])
        for row in call("GET", path).json()["results"]
    }
    assert primary == {firms[0]: False, firms[1]: True}


def test_embedded_links_stop_at_a_page_and_say_where_they_go_on(
    account: Account, call: Call, make: Make
) -> None:
    account.switches = replace(account.switches, embedded_page=2)
    deal = make("deals", dealname="Roof")
    people = [make("contacts") for _ in range(3)]
    body = {"inputs": [pair(deal, one, 3) for one in people]}
    call("POST", "/crm/v4/associations/deals/contacts/batch/create", json=body).raise_for_status()
    (row,) = call("GET", "/crm/v3/objects/deals?associations=contacts").json()["results"]
    embedded = row["associations"]["contacts"]
    assert [one["id"] for one in embedded["results"]] == people[:2]
    assert embedded["results"][0]["type"] == "deal_to_contact"
    after = embedded["paging"]["next"]["after"]
    path = f"/crm/v4/objects/deals/{deal}/associations/contacts?after={after}"
    rest = call("GET", path).json()["results"]
    assert [str(one["toObjectId"]) for one in rest] == people[2:]


def test_links_are_removed_from_both_ends(call: Call, make: Make) -> None:
    one, contact = task(make), make("contacts")
    body = {"inputs": [pair(one, contact)]}
    call("POST", f"{BATCH}/create", json=body).raise_for_status()
    gone = {"inputs": [{"from": {"id": one}, "to": [{"id": contact}]}]}
    assert call("POST", f"{BATCH}/archive", json=gone).status_code == 204
    path = f"/crm/v4/objects/contacts/{contact}/associations/tasks"
    assert call("GET", path).json()["results"] == []


def test_a_switch_says_whether_linking_needs_both_write_scopes(
    fake: Fake, account: Account, call: Call, make: Make
) -> None:
    one, deal = task(make), make("deals", dealname="Roof")
    fake.account.scopes.discard("crm.objects.deals.write")
    path = "/crm/v4/associations/tasks/deals/batch/create"
    body = {"inputs": [pair(one, deal, 216)]}
    assert call("POST", path, json=body).status_code == 201
    account.switches = replace(account.switches, links_need_both_writes=True)
    assert call("POST", path, json=body).status_code == 403
