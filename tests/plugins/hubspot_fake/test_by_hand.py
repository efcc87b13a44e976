"""People in the portal: what they edit, delete, restore and merge shows in the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goodword_hubspot.fake import Fake, by_hand
from goodword_hubspot.fake.answers import RefusedError

Call = Callable[..., Any]
PATH = "/crm/v3/objects/contacts"


def test_history_tells_a_person_from_an_integration(fake: Fake, clock: Any, call: Call) -> None:
    number = by_hand.add(fake.portal, "contacts", {"city": "Truro"})
    clock.tick(60)
    call("PATCH", f"{PATH}/{number}", json={"properties": {"city": "Penryn"}})
    found = call("GET", f"{PATH}/{number}?propertiesWithHistory=city").json()
    sources = [one["sourceType"] for one in found["propertiesWithHistory"]["city"]]
    assert sources == ["INTEGRATION", "CRM_UI"]
    assert fake.calls.by_kind() == {"contacts update": 1, "contacts read": 1}


def test_a_person_can_opt_out_and_an_unknown_field_is_refused(fake: Fake, call: Call) -> None:
    number = by_hand.add(fake.portal, "contacts", {})
    by_hand.edit(fake.portal, "contacts", number, {"hs_email_optout": "true"})
    found = call("GET", f"{PATH}/{number}?properties=hs_email_optout").json()
    assert found["properties"]["hs_email_optout"] == "true"
    with pytest.raises(RefusedError, match="does not exist"):
        by_hand.edit(fake.portal, "contacts", number, {"nonsense": "1"})


def test_a_task_deleted_by_hand_is_linked_to_nobody_until_it_is_restored(
    fake: Fake, call: Call
) -> None:
    contact = by_hand.add(fake.portal, "contacts", {"email": "ada@b.example"})
    task = by_hand.add(fake.portal, "tasks", {"hs_timestamp": "1"}, {"contacts": contact})
    path = f"/crm/v4/objects/contacts/{contact}/associations/tasks"
    counts = [len(call("GET", path).json()["results"])]
    for change in (by_hand.delete, by_hand.restore):
        change(fake.portal, "tasks", task)
        counts.append(len(call("GET", path).json()["results"]))
    assert counts == [1, 0, 1]


def test_a_restored_contact_holds_its_email_again(fake: Fake, call: Call) -> None:
    number = by_hand.add(fake.portal, "contacts", {"email": "ada@b.example"})
    by_hand.delete(fake.portal, "contacts", number)
    by_hand.restore(fake.portal, "contacts", number)
    answer = call("POST", PATH, json={"properties": {"email": "ada@b.example"}})
    assert answer.status_code == 409


def test_emails_of_earlier_merges_stay_taken(fake: Fake, call: Call) -> None:
    ids = [
        by_hand.add(fake.portal, "contacts", {"email": f"{name}@b.example"})
        for name in ("one", "two", "three")
    ]
    first = by_hand.merge(fake.portal, "contacts", ids[0], ids[1])
    last = by_hand.merge(fake.portal, "contacts", first, ids[2])
    for name in ("one", "two", "three"):
        answer = call("GET", f"{PATH}/{name}@b.example?idProperty=email")
        assert answer.json()["id"] == last
