"""Our own tasks, read back with what the rep made of them; and what else happened with people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from goodword_salesforce.fake import by_hand
from goodword_salesforce.marks import Mark, words_of
from goodword_salesforce.names import KEY, LATER, MARK, NAME, OUTCOME
from goodword_salesforce.reading.asks import tasks_by_key
from goodword_salesforce.seam.values import is_true


def ask(firm: Any, key: str = "k1") -> dict[str, Any]:
    row: dict[str, Any] = firm.told.row("asks", key)
    return row


def test_an_open_task_is_an_open_ask(firm: Any) -> None:
    who = firm.contact()
    task = firm.our_task(who)
    firm.pull()
    row = ask(firm)
    assert (row["remote_id"], row["contact_id"], row["state"]) == (task, who, "open")
    assert (row["play"], row["cycle"], row["run_id"]) == ("ask_referral", "one", "run")
    assert row["due_at"] == datetime(2026, 11, 20)
    assert not row["edited"]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({OUTCOME: "yes", NAME: "Gwen O'Neil"}, {"outcome_name": "Gwen O'Neil"}),
        ({OUTCOME: "later", LATER: "2027-02-01"}, {"outcome_at": datetime(2027, 2, 1)}),
        ({OUTCOME: "never"}, {"outcome_at": None, "outcome_name": None}),
    ],
)
def test_the_outcome_a_rep_chose_is_the_answer(
    firm: Any, values: dict[str, str], shown: dict[str, object]
) -> None:
    task = firm.our_task(firm.contact())
    firm.pull()
    firm.clock.now += 60
    by_hand.complete(firm.fake.org, task, values)
    firm.later()
    row = ask(firm)
    assert (row["state"], row["outcome"]) == ("done", values[OUTCOME])
    assert row["done_at"] is not None
    assert {name: row[name] for name in shown} == shown


def test_a_task_completed_without_an_outcome_is_done(firm: Any) -> None:
    task = firm.our_task(firm.contact())
    by_hand.complete(firm.fake.org, task)
    firm.pull()
    assert (ask(firm)["state"], ask(firm)["outcome"]) == ("done", None)


def test_a_name_without_an_outcome_is_told_and_counts_once_there_is_one(firm: Any) -> None:
    task = firm.our_task(firm.contact())
    firm.pull()
    firm.clock.now += 60
    by_hand.complete(firm.fake.org, task, {NAME: "Gwen Pask"})
    (text,) = firm.later().notices["answers"]
    assert task in text
    assert "Gwen" not in text
    assert (ask(firm)["outcome"], ask(firm)["outcome_name"]) == (None, None)
    firm.clock.now += 60
    firm.edit("Task", task, **{OUTCOME: "yes"})
    assert not firm.later().notices["answers"]
    assert (ask(firm)["outcome"], ask(firm)["outcome_name"]) == ("yes", "Gwen Pask")


def test_a_task_we_closed_is_no_answer(firm: Any) -> None:
    mark = Mark("ask_referral", "one", "run", closed="withdrawn").text
    task = firm.our_task(firm.contact(), **{MARK: mark})
    by_hand.complete(firm.fake.org, task)
    firm.pull()
    assert (ask(firm)["state"], ask(firm)["done_at"]) == ("withdrawn", None)


def test_a_task_the_rep_deleted_is_gone_and_still_found_by_its_key(firm: Any) -> None:
    task = firm.our_task(firm.contact())
    firm.pull()
    firm.clock.now += 60
    by_hand.delete(firm.fake.org, "Task", task)
    told = firm.later()
    assert not told.rows("asks")
    found = tasks_by_key(firm.desk(), ["k1", "k2"])
    assert found.keys() == {"k1"}
    assert is_true(found["k1"], "IsDeleted")


def test_an_archived_task_is_still_read(firm: Any) -> None:
    task = firm.our_task(firm.contact(), ActivityDate="2024-05-01")
    by_hand.complete(firm.fake.org, task, {OUTCOME: "no"})
    firm.pull()
    assert ask(firm)["outcome"] == "no"
    assert tasks_by_key(firm.desk(), ["k1"])["k1"]["Id"] == task


@pytest.mark.parametrize(
    "change",
    [
        {"Subject": "My own words"},
        {"Description": "Something else"},
        {"ActivityDate": "2026-12-24"},
        {"Status": "In Progress"},
        {LATER: "2026-12-24"},
    ],
)
def test_the_hand_of_a_rep_shows(firm: Any, change: dict[str, str]) -> None:
    words = words_of("Ask", "Say this.", datetime(2026, 11, 20).date())
    mark = Mark("ask_referral", "one", "run", words=words, asks="1").text
    task = firm.our_task(firm.contact(), Description="Say this.", **{MARK: mark})
    firm.pull()
    assert not ask(firm)["edited"]
    firm.clock.now += 60
    firm.edit("Task", task, **change)
    firm.later()
    assert ask(firm)["edited"]
    assert ask(firm)["state"] == "open"


def test_tasks_follow_a_contact_into_a_merge(firm: Any) -> None:
    winner, loser = firm.contact("Kitto"), firm.contact("Kito")
    firm.our_task(loser)
    firm.pull()
    firm.clock.now += 60
    by_hand.merge(firm.fake.org, "Contact", winner, loser)
    firm.pull(anew=True)
    assert ask(firm)["contact_id"] == winner


def test_calls_meetings_and_campaigns_of_late_are_activities(firm: Any) -> None:
    who = firm.contact()
    call = firm.add(
        "Task",
        ago=5,
        Subject="Hello",
        WhoId=who,
        Status="Completed",
        TaskSubtype="Call",
        ActivityDate="2026-11-10",
    )
    visit = firm.add(
        "Event",
        ago=5,
        Subject="Visit",
        WhoId=who,
        ActivityDate="2026-11-11",
        StartDateTime="2026-11-11T10:00:00Z",
    )
    campaign = firm.add("Campaign", Name="Open house", Type="Conference")
    member = firm.add("CampaignMember", CampaignId=campaign, ContactId=who, Status="Responded")
    firm.add("CampaignMember", CampaignId=campaign, ContactId=firm.contact(), Status="Sent")
    firm.add("Task", Subject="Still to do", WhoId=who)
    firm.our_task(who)
    told = firm.pull()
    rows = {row["activity_id"]: row for row in told.rows("activities")}
    assert {number: row["kind"] for number, row in rows.items()} == {
        call: "call",
        visit: "meeting",
        member: "event",
    }
    assert rows[member]["subject"] == "Open house"
    assert rows[visit]["at"] == datetime(2026, 11, 11, 10)


def test_touches_of_all_years_are_counted_archived_ones_too(firm: Any) -> None:
    who = firm.contact()
    for day in ("2023-04-01", "2025-06-01", "2026-11-01"):
        values = {"Status": "Completed", "TaskSubtype": "Call", "ActivityDate": day}
        firm.add("Task", ago=20, Subject="Hello", WhoId=who, **values)
    task = firm.our_task(who, TaskSubtype="Call")
    by_hand.complete(firm.fake.org, task)
    told = firm.pull()
    row = told.row("touches", who, "call")
    assert (row["count"], row["first_at"], row["last_at"]) == (
        3,
        datetime(2023, 4, 1),
        datetime(2026, 11, 1),
    )
    assert len(told.rows("activities")) == 1


def test_what_happened_since_is_an_activity_and_goes_when_it_is_deleted(firm: Any) -> None:
    who = firm.contact()
    task = firm.add("Task", Subject="Hello", WhoId=who, TaskSubtype="Email")
    firm.pull()
    firm.clock.now += 60
    by_hand.complete(firm.fake.org, task)
    told = firm.later()
    assert told.row("activities", task)["kind"] == "email"
    firm.clock.now += 60
    by_hand.delete(firm.fake.org, "Task", task)
    assert not firm.later().rows("activities")


def test_cases_tell_of_trouble_and_of_its_end(firm: Any) -> None:
    who = firm.contact()
    case = firm.add("Case", ContactId=who, Subject="No power", IsEscalated=True)
    told = firm.pull()
    assert (told.row("tickets", case)["status"], told.row("tickets", case)["kind"]) == (
        "open",
        "escalation",
    )
    firm.clock.now += 60
    firm.edit("Case", case, Status="Closed", IsEscalated=False)
    assert firm.later().row("tickets", case)["status"] == "closed"
    firm.clock.now += 60
    by_hand.delete(firm.fake.org, "Case", case)
    assert not firm.later().rows("tickets")


def test_hidden_fields_of_ours_leave_what_is_known_of_asks(firm: Any) -> None:
    firm.our_task(firm.contact())
    firm.pull()
    desk = firm.desk()
    desk.memory.attempt(["k1"], firm.clock())
    for name in (KEY, MARK):
        firm.fake.account.hidden.add(("Task", name))
    told = firm.later(25 * 3_600)
    assert told.row("asks", "k1")
    assert "asks" not in told.was_whole | told.was_absent
    assert any("Goodword_Integration" in text for text in told.notices["permission"])


def test_users_are_owners_those_who_left_too(firm: Any) -> None:
    from goodword_salesforce.fake.new_org import add_user

    there = add_user(firm.fake.org, "merryn@brightroof.example", "Merryn", "Vale")
    left = add_user(firm.fake.org, "lorne@brightroof.example", "Lorne", "Mast", active=False)
    told = firm.pull()
    assert told.row("owners", there)["active"]
    assert not told.row("owners", left)["active"]
    assert told.row("owners", there)["email"] == "merryn@brightroof.example"


def test_an_answer_on_a_task_left_open_counts_and_is_no_edit(firm: Any) -> None:
    task = firm.our_task(firm.contact())
    firm.pull()
    firm.clock.now += 60
    firm.edit("Task", task, **{OUTCOME: "never"})
    firm.later()
    row = ask(firm)
    assert (row["state"], row["outcome"], row["edited"]) == ("open", "never", False)


def test_a_task_we_closed_is_never_done_by_an_outcome(firm: Any) -> None:
    words = words_of("Ask", None, datetime(2026, 11, 20).date())
    mark = Mark("thank_you", "one", "run", words=words, closed="expired").text
    firm.our_task(firm.contact(), Status="Completed", **{MARK: mark, OUTCOME: "unhappy"})
    firm.pull()
    row = ask(firm)
    assert (row["state"], row["done_at"], row["outcome"]) == ("expired", None, "unhappy")
