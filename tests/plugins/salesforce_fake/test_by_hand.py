"""People in the org: what they complete, delete, merge, convert and erase shows in the API."""

# ruff: noqa: S608  # SOQL of a test is no SQL
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goodword_salesforce.fake import Fake, by_hand
from goodword_salesforce.fake.answers import RefusedError

Call = Callable[..., Any]
Query = Callable[..., Any]


def contact(fake: Fake, name: str = "Kitto", **values: object) -> str:
    return by_hand.add(fake.org, "Contact", {"LastName": name, **values})


def test_a_rep_completes_a_task_with_what_came_of_it(
    fake: Fake, query: Query, clock: Any, ours: None
) -> None:
    task = by_hand.add(fake.org, "Task", {"Subject": "Ask", "WhoId": contact(fake)})
    clock.tick(3600)
    by_hand.complete(fake.org, task, {"Description": "Will think about it"})
    row = query("SELECT Status, IsClosed, CompletedDateTime, Description, SystemModstamp FROM Task")
    assert (row[0]["Status"], row[0]["IsClosed"]) == ("Completed", True)
    assert row[0]["CompletedDateTime"] == "2026-11-18T12:06:40.000+0000"
    assert row[0]["SystemModstamp"] == row[0]["CompletedDateTime"]
    assert len(fake.calls) == 1


def test_a_value_is_checked_by_hand_too(fake: Fake) -> None:
    with pytest.raises(RefusedError, match="INVALID_FIELD"):
        by_hand.edit(fake.org, "Contact", contact(fake), {"Nonsense": 1})
    with pytest.raises(RefusedError, match="STRING_TOO_LONG"):
        contact(fake, "x" * 81)


def test_a_merge_hands_everything_over(fake: Fake, query: Query) -> None:
    winner, loser = contact(fake), contact(fake, "Kito", Email="k@b.example")
    task = by_hand.add(fake.org, "Task", {"Subject": "Ask", "WhoId": loser})
    deal = {"Name": "Roof", "CloseDate": "2026-11-01", "StageName": "Closed Won"}
    number = by_hand.add(fake.org, "Opportunity", deal)
    role = {"OpportunityId": number, "ContactId": loser}
    by_hand.add(fake.org, "OpportunityContactRole", role)
    by_hand.merge(fake.org, "Contact", winner, loser)
    assert query(f"SELECT WhoId FROM Task WHERE Id = '{task}'")[0]["WhoId"] == winner
    assert query("SELECT ContactId FROM OpportunityContactRole")[0]["ContactId"] == winner
    assert query("SELECT Id, Email FROM Contact")[0]["Email"] == "k@b.example"
    with pytest.raises(RefusedError, match="ENTITY_IS_DELETED"):
        by_hand.edit(fake.org, "Contact", loser, {"Title": "x"})


def test_a_deleted_person_takes_roles_along_and_can_be_taken_back(
    fake: Fake, query: Query, call: Call, clock: Any
) -> None:
    number = contact(fake)
    by_hand.delete(fake.org, "Contact", number)
    clock.tick(60)
    span = "?start=2026-11-18T00:00:00Z&end=2026-11-18T23:00:00Z"
    deleted = call("GET", f"/sobjects/Contact/deleted/{span}").json()["deletedRecords"]
    assert [one["id"] for one in deleted] == [number]
    by_hand.restore(fake.org, "Contact", number)
    assert len(query("SELECT Id FROM Contact")) == 1
    assert call("GET", f"/sobjects/Contact/deleted/{span}").json()["deletedRecords"] == []


def test_somebody_who_is_erased_is_nowhere(fake: Fake, query: Query) -> None:
    by_hand.erase(fake.org, "Contact", contact(fake))
    assert query("SELECT Id FROM Contact", everything=True) == []


def test_tasks_of_a_lead_follow_it_to_its_contact(fake: Fake, query: Query) -> None:
    lead = by_hand.add(fake.org, "Lead", {"LastName": "Nance", "Company": "Nance"})
    by_hand.add(fake.org, "Task", {"Subject": "Ask", "WhoId": lead})
    account, person = by_hand.convert(fake.org, lead)
    row = query("SELECT WhoId, Who.Type FROM Task")[0]
    assert (row["WhoId"], row["Who"]["Type"]) == (person, "Contact")
    assert query("SELECT AccountId FROM Contact")[0]["AccountId"] == account


def test_a_person_who_left_is_told_with_the_record(fake: Fake, query: Query) -> None:
    rep = by_hand.add(
        fake.org,
        "User",
        {"Username": "r@b.example", "LastName": "Vale", "Email": "r@b.example", "IsActive": True},
    )
    contact(fake, OwnerId=rep)
    by_hand.deactivate(fake.org, rep)
    assert query("SELECT Owner.IsActive FROM Contact")[0]["Owner"]["IsActive"] is False
