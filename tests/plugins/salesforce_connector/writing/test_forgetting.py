"""Forgetting a person: nothing of ours is left that can be removed, and the rest is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from goodword import RemoveTask, SetFields
from goodword_salesforce.fake import RowFault, by_hand
from goodword_salesforce.names import DO_NOT_ASK, KEY, MARK, NAME, REFERRED_BY, STAGE, WHY

WORDS = "Xanthe Quill"


def fields(person: str) -> SetFields:
    values = {"stage": "repeat", "why": f"{WORDS} " * 30}
    return SetFields(key=f"fields {person}", contact_id=person, values=values, before={})


def test_open_and_done_tasks_go_emptied_and_so_do_our_fields(firm: Any, a_task: Any) -> None:
    person, other = firm.people()[:2]
    tasks = [a_task(person, cycle, subject=f"Ask {WORDS}", body=WORDS) for cycle in "abc"]
    kept = a_task(other)
    connector = firm.ready()
    assert all(result.ok for result in connector.write([*tasks, kept, fields(person)]))
    firm.answer(tasks[0].key, "yes", **{NAME: WORDS})
    firm.answer(tasks[1].key, "no")
    firm.clock.now += 400 * 86_400  # the second one is put away by then
    left = firm.open().forget(person)
    assert firm.held() == {kept.key: 1}
    assert not firm.row("Contact", person)[STAGE]
    assert not firm.row("Contact", person)[WHY]
    assert WORDS not in json.dumps(firm.rows("Task"))
    state = "".join(p.read_text(encoding="utf-8") for p in (firm.folder / "state").iterdir())
    assert WORDS not in state
    assert person not in state
    assert [line for line in left if not line.endswith(".")] == []
    assert list(firm.open().forget(person)) == list(left)


def test_a_task_of_somebodys_own_with_a_key_stays_and_is_named(firm: Any, a_task: Any) -> None:
    person = firm.people()[0]
    task, damaged = a_task(person, "one"), a_task(person, "two")
    firm.ready().write([task, damaged])
    firm.edit("Task", firm.task(damaged.key)["Id"], **{MARK: "oops"})
    own = {"Subject": "My notes", "Description": WORDS, "WhoId": person, KEY: "hello"}
    number = by_hand.add(firm.fake.org, "Task", own)
    left = " ".join(firm.open().forget(person))
    kept = firm.row("Task", number)
    assert (kept["Description"], kept["WhoId"], kept["IsDeleted"]) == (WORDS, person, False)
    assert "did not write" in left
    assert firm.held() == {"hello": 1}


@pytest.mark.parametrize(
    "lost", [{KEY: None}, {MARK: None}, {KEY: None, MARK: None}, {KEY: None, "WhoId": None}]
)
def test_a_task_that_lost_what_it_is_known_by_goes_too(
    firm: Any, a_task: Any, lost: dict[str, None]
) -> None:
    person, other = firm.people()[:2]
    task, kept = a_task(person, subject=f"Ask {WORDS}", body=WORDS), a_task(other)
    firm.ready().write([task, kept])
    number = firm.task(task.key)["Id"]
    firm.ready()
    firm.edit("Task", number, **lost)
    firm.ready()
    firm.open().forget(person)
    row = firm.row("Task", number)
    assert row["IsDeleted"]
    assert WORDS not in json.dumps(row)
    state = "".join(p.read_text(encoding="utf-8") for p in (firm.folder / "state").iterdir())
    assert task.key not in state
    assert firm.held() == {kept.key: 1}


def test_a_task_that_is_about_somebody_else_now_stays(firm: Any, a_task: Any) -> None:
    person, other = firm.people()[:2]
    task = a_task(person)
    firm.ready().write([task])
    firm.ready()
    firm.edit("Task", firm.task(task.key)["Id"], WhoId=other)
    firm.open().forget(person)
    assert not firm.task(task.key)["IsDeleted"]


def test_a_task_that_an_undo_took_back_is_named(firm: Any, a_task: Any) -> None:
    task = a_task()
    connector = firm.ready()
    connector.write([task])
    removal = RemoveTask(key="r", contact_id=task.contact_id, task_key=task.key)
    assert connector.write([removal])[0].ok
    assert "undo" in " ".join(firm.open().forget(task.contact_id))


def test_what_was_written_under_an_earlier_id_goes_too(firm: Any, a_task: Any) -> None:
    lead, (kept, lost) = firm.people("Lead")[0], firm.people()[:2]
    of_lead, of_lost = a_task(lead), a_task(lost)
    firm.ready().write([of_lead, of_lost])
    _, contact = by_hand.convert(firm.fake.org, lead)
    by_hand.merge(firm.fake.org, "Contact", kept, lost)
    firm.open().forget(contact)
    firm.open().forget(lost)  # an old id stands for the same person
    assert firm.tasks() == []


def test_a_refusal_and_a_link_stay_and_are_named(firm: Any, a_task: Any) -> None:
    person, other = firm.people()[:2]
    firm.edit("Contact", person, **{DO_NOT_ASK: True})
    firm.edit("Contact", other, **{REFERRED_BY: person})
    left = " ".join(firm.ready().forget(person))
    assert firm.row("Contact", person)[DO_NOT_ASK] is True
    assert "Do not ask" in left
    assert "Referred by" in left


def test_a_task_that_the_org_does_not_let_go_is_named(firm: Any, a_task: Any) -> None:
    task, other = a_task(0, "one"), a_task(0, "two")
    firm.ready().write([task, other])
    firm.fake.faults.on_rows(
        RowFault(
            kind="Task",
            ids={firm.task(task.key)["Id"]},
            code="FIELD_CUSTOM_VALIDATION_EXCEPTION",
            message=WORDS,
        )
    )
    left = " ".join(firm.open().forget(task.contact_id))
    assert "1 of its tasks" in left
    assert "FIELD_CUSTOM_VALIDATION_EXCEPTION" in left
    assert WORDS not in left
    assert firm.held() == {task.key: 1}


def test_somebody_the_org_does_not_know_is_no_failure(firm: Any) -> None:
    gone = firm.people()[0]
    by_hand.delete(firm.fake.org, "Contact", gone)
    for stranger in ("nobody", "0035g00000ZZZZZAAA", gone):
        assert list(firm.open().forget(stranger)) == []
