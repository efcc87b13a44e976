"""Answers count wherever a rep gave them: on what they made themselves, in words of the firm."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from goodword_salesforce.fake import by_hand
from goodword_salesforce.marks import Mark
from goodword_salesforce.names import KEY, LATER, MARK, NAME, OUTCOME

ABOUT_THE_PERSON = ["never", "wrong person", "unhappy"]


def own_task(firm: Any, who: str | None, **values: Any) -> str:
    given = {"Subject": "Call", "WhoId": who, "Status": "Completed", "ActivityDate": "2026-11-16"}
    made: str = firm.add("Task", **{**given, **values})
    return made


def event(firm: Any, who: str | None, **values: Any) -> str:
    day = {"ActivityDate": "2026-11-16", "StartDateTime": "2026-11-16T10:00:00Z"}
    made: str = firm.add("Event", Subject="Visit", WhoId=who, **{**day, **values})
    return made


MADE = {"Task": own_task, "Event": event}


# -- on what a rep made


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("outcome", ABOUT_THE_PERSON)
def test_what_is_said_of_the_person_counts_on_a_rep_s_own(
    firm: Any, kind: str, outcome: str
) -> None:
    before, later = firm.contact(), firm.contact()
    first = MADE[kind](firm, before, **{OUTCOME: outcome})
    told = firm.pull()
    row = told.row("asks", f"answer-{first}")
    assert (row["contact_id"], row["outcome"], row["state"]) == (before, outcome, "done")
    assert row.get("play") is None
    assert not told.notices["answers"]
    firm.clock.now += 60
    second = MADE[kind](firm, later)
    firm.later()
    firm.clock.now += 60
    firm.edit(kind, second, **{OUTCOME: outcome})
    told = firm.later()
    assert told.row("asks", f"answer-{second}")["contact_id"] == later
    assert told.row("asks", f"answer-{first}")
    assert {row["activity_id"] for row in told.rows("activities")} == {first, second}
    assert firm.calls <= 2


@pytest.mark.parametrize("kind", MADE)
def test_it_counts_also_where_it_was_archived_or_deleted(firm: Any, kind: str) -> None:
    old, gone = firm.contact(), firm.contact()
    past = {"ActivityDate": "2024-05-01"}
    past |= {"StartDateTime": "2024-05-01T10:00:00Z"} if kind == "Event" else {}
    first = MADE[kind](firm, old, **{OUTCOME: "never", **past})
    second = MADE[kind](firm, gone)
    firm.pull()
    firm.clock.now += 60
    firm.edit(kind, second, **{OUTCOME: "never"})
    by_hand.delete(firm.fake.org, kind, second)
    for told in (firm.later(), firm.pull(anew=True)):
        keys = {row["task_key"] for row in told.rows("asks")}
        assert keys == {f"answer-{first}", f"answer-{second}"}
        assert second not in {row["activity_id"] for row in told.rows("activities")}


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("outcome", ["no", "later", None])
def test_a_slip_that_was_put_right_does_not_count(
    firm: Any, kind: str, outcome: str | None
) -> None:
    made = MADE[kind](firm, firm.contact(), **{OUTCOME: "never"})
    firm.pull()
    firm.clock.now += 60
    firm.edit(kind, made, **{OUTCOME: outcome})
    told = firm.later()
    assert not told.rows("asks")
    assert bool(told.notices["answers"]) == (outcome is not None)


@pytest.mark.parametrize("kind", MADE)
def test_an_answer_that_does_not_count_is_told(firm: Any, kind: str) -> None:
    made = MADE[kind](firm, firm.contact(), **{OUTCOME: "no"})
    nobody = MADE[kind](firm, None, **{OUTCOME: "never"})
    told = firm.pull()
    texts = " ".join(told.notices["answers"])
    assert made in texts
    assert nobody in texts or "whom they are about" in texts
    assert not [row for row in told.rows("asks") if row["contact_id"]]


def test_events_whose_outcome_is_hidden_are_told(firm: Any) -> None:
    firm.our_task(firm.contact())
    firm.fake.account.hidden.add(("Event", OUTCOME))
    told = firm.pull()
    assert any("on events" in text for text in told.notices["permission"])


def test_reading_them_costs_no_call_more(firm: Any) -> None:
    for kind in MADE:
        MADE[kind](firm, firm.contact(), **{OUTCOME: "never"})
    firm.our_task(firm.contact())
    firm.pull()
    assert firm.calls <= 6
    firm.later()
    assert firm.calls == 2
    firm.later()
    assert firm.calls == 1


# -- on a task of ours that lost all it had


@pytest.mark.parametrize("outcome", ["never", "no", "yes"])
@pytest.mark.parametrize("whole", [True, False])
def test_an_answer_counts_though_key_and_mark_were_emptied(
    firm: Any, outcome: str, whole: bool
) -> None:
    who = firm.contact()
    task = firm.our_task(who)
    firm.pull()
    firm.clock.now += 60
    by_hand.complete(firm.fake.org, task, {OUTCOME: outcome, KEY: None, MARK: None})
    told = firm.pull(anew=True) if whole else firm.later()
    (row,) = told.rows("asks")
    assert (row["task_key"], row["contact_id"], row["outcome"]) == ("k1", who, outcome)
    assert (row["play"], row["state"]) == ("ask_referral", "done")


# -- a day without an outcome, or with another one


@pytest.mark.parametrize(
    ("chosen", "said"), [(None, "later"), ("no", "no"), ("no answer", "no answer")]
)
@pytest.mark.parametrize("deleted", [True, False])
def test_the_day_to_ask_again_counts_whatever_the_outcome(
    firm: Any, chosen: str | None, said: str, deleted: bool
) -> None:
    task = firm.our_task(firm.contact())
    firm.pull()
    firm.clock.now += 60
    by_hand.complete(firm.fake.org, task, {OUTCOME: chosen, LATER: "2027-12-01"})
    if deleted:
        by_hand.delete(firm.fake.org, "Task", task)
    firm.later()
    row = firm.told.row("asks", "k1")
    assert (row["outcome"], row["outcome_at"]) == (said, datetime(2027, 12, 1))
    assert row["state"] == "done"


def test_a_day_on_a_task_that_we_closed_counts_too(firm: Any) -> None:
    mark = Mark("ask_referral", "one", "run", closed="expired").text
    firm.our_task(firm.contact(), Status="Completed", **{MARK: mark, LATER: "2027-12-01"})
    row = firm.pull().row("asks", "k1")
    assert (row["state"], row["outcome"]) == ("expired", "later")


def test_a_day_on_an_open_task_is_no_answer_yet(firm: Any) -> None:
    firm.our_task(firm.contact(), **{LATER: "2027-12-01"})
    row = firm.pull().row("asks", "k1")
    assert (row["state"], row["outcome"], row["edited"]) == ("open", None, True)


# -- words of the firm's own


def test_an_outcome_that_the_firm_added_is_at_least_a_no_and_is_told(firm: Any) -> None:
    unrestricted(firm)
    task = firm.our_task(firm.contact(), Status="Completed", **{OUTCOME: "declined for good"})
    firm.our_task(firm.contact(), "k2", Status="Completed", **{OUTCOME: " Never ask again"})
    told = firm.pull()
    assert told.row("asks", "k1")["outcome"] == "no"
    assert told.row("asks", "k2")["outcome"] == "never"
    (text,) = told.notices["answers"]
    assert task in text
    assert "declined" not in text


def test_a_word_of_the_firm_s_own_on_a_rep_s_own_task_is_told(firm: Any) -> None:
    unrestricted(firm)
    task = own_task(firm, firm.contact(), **{OUTCOME: "declined for good"})
    told = firm.pull()
    assert any(task in text for text in told.notices["answers"])
    assert not told.rows("asks")


def test_a_name_with_a_word_of_the_firm_s_own_is_no_name_given(firm: Any) -> None:
    unrestricted(firm)
    words = {OUTCOME: "declined for good", NAME: "Gwen Pask"}
    firm.our_task(firm.contact(), Status="Completed", **words)
    assert firm.pull().row("asks", "k1")["outcome_name"] is None


def unrestricted(firm: Any) -> None:
    """Let the list of outcomes take any word, as an admin can."""
    org, places = firm.fake.org, ("Task", "Event")
    (field,) = {org.schema.fields(org.kind(of))[OUTCOME.lower()] for of in places}
    by_hand.add_field(org, "Activity", replace(field, restricted=False))
