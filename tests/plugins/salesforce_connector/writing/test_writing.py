"""Tasks as reps find them, and what becomes of those the org refuses."""

from __future__ import annotations

from typing import Any

import pytest

from goodword import CloseTask, SetFields
from goodword_salesforce.fake import RowFault, by_hand
from goodword_salesforce.fake.new_org import add_user
from goodword_salesforce.marks import mark_in
from goodword_salesforce.names import (
    MARK,
    SCORE,
)

HARD = 'O\'Neil \\ "quoted" 🙂 <b>\nsecond line'
LONDON_8 = "2026-11-27T08:00:00"


def fields(person: str, key: str = "", **values: Any) -> SetFields:
    key = key or f"fields {person} {sorted(values)}"
    return SetFields(key=key, contact_id=person, values=values, before={})


def stored(moment: object) -> str:
    return str(moment)[:19]


# -- tasks


def test_a_task_is_as_a_rep_needs_it(firm: Any, a_task: Any) -> None:
    task = a_task(subject=HARD, body=HARD)
    (result,) = firm.ready().write([task])
    assert result.ok
    row = firm.task(task.key)
    assert row["Id"] == result.remote_id
    assert row["Subject"] == 'O\'Neil \\ "quoted" 🙂 <b> second line'
    assert row["Description"].startswith(HARD)
    assert row["Description"].endswith(
        "\n\nIn Salesforce: choose 'Outcome of the referral ask' on this task ('Ask again on' or "
        "'Name they gave' beside it, where it fits), then complete it."
    )
    assert (row["WhoId"], row["OwnerId"]) == (task.contact_id, task.owner_id)
    assert (row["ActivityDate"], row["Status"], row["Priority"]) == (
        "2026-11-27",
        "Not Started",
        "Normal",
    )
    assert row["IsReminderSet"] is True
    assert stored(row["ReminderDateTime"]) == LONDON_8
    mark = mark_in(row[MARK])
    assert mark is not None
    assert (mark.play, mark.cycle, mark.run, mark.asks) == (
        "ask_referral",
        "one",
        "contract",
        "1",
    )


def test_the_reminder_comes_in_the_morning_of_the_rep(firm: Any, a_task: Any) -> None:
    rep = firm.reps()[0]
    firm.edit("User", rep, TimeZoneSidKey="America/New_York")
    task = a_task(owner_id=rep)
    firm.ready().write([task])
    assert stored(firm.task(task.key)["ReminderDateTime"]) == "2026-11-27T13:00:00"


def test_a_task_due_in_the_past_reminds_nobody(firm: Any, a_task: Any) -> None:
    task = a_task(due="2026-11-02")
    firm.ready().write([task])
    assert firm.task(task.key)["IsReminderSet"] is False


def test_status_and_priority_are_the_words_of_the_org(firm: Any, a_task: Any) -> None:
    store = firm.fake.store
    for row in store.rows("TaskStatus"):
        row["ApiName"] = row["MasterLabel"] = f"{row['ApiName']} (de)"
    for row in store.rows("TaskPriority"):
        row["ApiName"] = row["MasterLabel"] = f"{row['ApiName']} (de)"
    task = a_task()
    assert firm.ready().write([task])[0].ok
    assert firm.task(task.key)["Status"] == "Not Started (de)"
    assert firm.task(task.key)["Priority"] == "Normal (de)"
    common = {"task_key": task.key, "contact_id": task.contact_id}
    closing = CloseTask(key="close", state="expired", reason="overdue", **common)
    (closed,) = firm.open().write([closing])
    assert closed.ok
    assert firm.task(task.key)["Status"] == "Completed (de)"
    assert firm.task(task.key)["IsClosed"] is True


def test_the_deal_that_set_a_task_off_is_beside_it_but_not_for_a_lead(
    firm: Any, a_task: Any
) -> None:
    deal = str(firm.rows("Opportunity")[0]["Id"])
    lead = firm.people("Lead")[0]
    of_contact, of_lead = a_task(0, deal), a_task(lead, deal)
    short = a_task(1, deal[:15])
    assert all(result.ok for result in firm.ready().write([of_contact, of_lead, short]))
    assert firm.task(of_contact.key)["WhatId"] == deal
    assert firm.task(short.key)["WhatId"] == deal
    assert firm.task(of_lead.key)["WhatId"] is None


def test_a_deal_that_is_gone_costs_nobody_the_task(firm: Any, a_task: Any) -> None:
    deal = str(firm.rows("Opportunity")[0]["Id"])
    by_hand.delete(firm.fake.org, "Opportunity", deal)
    task = a_task(0, deal)
    assert firm.ready().write([task])[0].ok
    assert firm.task(task.key)["WhatId"] is None


def test_texts_too_long_are_cut_and_still_say_where_to_answer(firm: Any, a_task: Any) -> None:
    task = a_task(subject="Ask " * 200, body="Say this. " * 5_000)
    assert firm.ready().write([task])[0].ok
    row = firm.task(task.key)
    assert len(row["Subject"]) <= 255
    assert row["Subject"].endswith("…")
    assert len(row["Description"]) <= 32_000
    assert row["Description"].endswith("then complete it.")
    assert not firm.open().find([task.key])[task.key].edited


def test_an_id_of_fifteen_characters_is_the_same_person(firm: Any, a_task: Any) -> None:
    person = firm.people()[0]
    task = a_task(person[:15], owner_id=firm.reps()[0][:15])
    results = firm.ready().write([task, fields(person[:15], score=70)])
    assert all(result.ok for result in results)
    assert firm.task(task.key)["WhoId"] == person
    assert firm.row("Contact", person)[SCORE] == 70


# -- owners


def test_a_task_of_a_rep_who_left_goes_to_the_accounts_owner(firm: Any, a_task: Any) -> None:
    contact = next(row for row in firm.rows("Contact") if row["AccountId"] and row["FirstName"])
    owner, other = firm.reps()[:2]
    firm.edit("Account", contact["AccountId"], OwnerId=other)
    connector = firm.ready()
    by_hand.deactivate(firm.fake.org, owner)  # after the pull: nobody has told us yet
    task = a_task(contact["Id"], owner_id=owner)
    assert connector.write([task])[0].ok
    assert firm.task(task.key)["OwnerId"] == other


def test_a_task_nobody_else_can_have_goes_to_the_fallback(firm: Any, a_task: Any) -> None:
    lead = firm.people("Lead")[0]
    owner = firm.reps()[0]
    add_user(firm.fake.org, "desk@brightroof.example", "The", "Desk")
    by_hand.deactivate(firm.fake.org, owner)
    task, nobodys = a_task(lead, owner_id=owner), a_task(lead, "two", owner_id=None)
    results = firm.ready().write([task, nobodys])
    assert [result.ok for result in results] == [False, False]
    assert "fallback_owner" in results[0].error
    assert firm.tasks() == []
    firm.options["fallback_owner"] = "Desk@brightroof.example"
    assert all(result.ok for result in firm.open().write([task, nobodys]))
    desk = firm.fake.org.user_id("desk@brightroof.example")
    assert {row["OwnerId"] for row in firm.tasks()} == {desk}


# -- failures of single records


def test_of_two_hundred_tasks_three_are_refused_and_named_and_the_others_written(
    firm: Any, a_task: Any
) -> None:
    tasks = [a_task(0, f"c{place}", subject=f"Ask Xanthe {place}") for place in range(200)]
    bad = {tasks[place].subject for place in (7, 99, 199)}
    firm.fake.faults.on_rows(
        RowFault(
            kind="Task",
            names=bad,
            code="FIELD_CUSTOM_VALIDATION_EXCEPTION",
            message="Xanthe Quill may not be called",
        )
    )
    connector = firm.ready()
    results = connector.write(tasks)
    assert [place for place, result in enumerate(results) if not result.ok] == [7, 99, 199]
    assert [result.key for result in results] == [task.key for task in tasks]
    assert len(firm.tasks()) == 197
    assert len(firm.fake.calls.counted()) == 1
    for place in (7, 99, 199):
        assert "FIELD_CUSTOM_VALIDATION_EXCEPTION" in results[place].error
        assert "validation rule" in results[place].error
        assert "Xanthe" not in results[place].error


def test_records_that_met_a_lock_are_sent_again_and_only_they(
    firm: Any, a_task: Any, clock: Any
) -> None:
    people = firm.people()[:10]
    firm.fake.faults.on_rows(RowFault(kind="Contact", ids={people[3], people[5]}, times=4))
    connector = firm.ready()
    task = a_task(0)
    results = connector.write([task, *(fields(person, score=10) for person in people)])
    assert all(result.ok for result in results)
    assert firm.fake.calls.by_part()["collections update"] == 3
    assert firm.fake.calls.by_part()["collections create"] == 1
    assert [firm.row("Contact", person)[SCORE] for person in people] == [10] * 10


def test_a_lock_that_never_opens_is_told_and_the_others_are_written(firm: Any) -> None:
    people = firm.people()[:4]
    firm.fake.faults.on_rows(RowFault(kind="Contact", ids={people[1]}))
    results = firm.ready().write([fields(person, score=10) for person in people])
    assert [result.ok for result in results] == [True, False, True, True]
    assert "UNABLE_TO_LOCK_ROW" in results[1].error


@pytest.mark.promise("salesforce.calls")
def test_a_thousand_write_backs_are_one_call(firm: Any, a_task: Any) -> None:
    connector = firm.ready()
    people = [*firm.people(), *firm.people("Lead")]
    tasks = [a_task(0, f"c{place}") for place in range(1_000 - 40)]
    batch = [*tasks, *(fields(person, score=10) for person in people[:40])]
    assert len(batch) == 1_000
    assert all(result.ok for result in connector.write(batch[:800] + batch[960:]))
    assert len(firm.fake.calls.counted()) == 1
    firm.fake.calls.reset()
    assert all(result.ok for result in connector.write(tasks[800:]))
    assert len(firm.fake.calls.counted()) == 1


# -- people who changed between plan and apply


@pytest.mark.promise("salesforce.converted")
def test_a_lead_converted_meanwhile_gets_the_task_on_its_contact(firm: Any, a_task: Any) -> None:
    lead = firm.people("Lead")[0]
    connector = firm.ready()
    _, contact = by_hand.convert(firm.fake.org, lead)
    task, tags = a_task(lead), fields(lead, stage="like")
    made, told = connector.write([task, tags])
    assert made.ok
    assert firm.task(task.key)["WhoId"] == contact
    assert (told.ok, "converted" in told.error) == (False, True)


@pytest.mark.promise("salesforce.merged")
def test_a_contact_merged_meanwhile_gets_the_task_on_who_stayed(firm: Any, a_task: Any) -> None:
    kept, lost, last = firm.people()[:3]
    connector = firm.ready()
    by_hand.merge(firm.fake.org, "Contact", kept, lost)
    by_hand.merge(firm.fake.org, "Contact", last, kept)
    task, tags = a_task(lost), fields(lost, stage="like")
    made, told = connector.write([task, tags])
    assert made.ok
    assert firm.task(task.key)["WhoId"] == last
    assert (told.ok, "merged" in told.error) == (False, True)
    assert firm.open().find([task.key])[task.key].remote_id == made.remote_id


def test_a_contact_deleted_meanwhile_is_told(firm: Any, a_task: Any) -> None:
    gone = firm.people()[0]
    task = a_task(gone)
    connector = firm.ready()
    by_hand.delete(firm.fake.org, "Contact", gone)
    results = connector.write([task, fields(gone, stage="like")])
    assert [result.ok for result in results] == [False, False]
    assert all("no such contact" in result.error for result in results)
