"""The life of an ask: answered, left alone, deleted, expired, withdrawn, moved to another rep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from firm_in_memory import TODAY, House, happy, new_tasks, open_house, person, planned

from goodword.model import Plan

ANSWERS: dict[str, dict[str, Any]] = {
    "silent": {},
    "no_answer": {"outcome": "no answer"},
    "agreed": {"outcome": "yes", "name": "Sam Field"},
    "soon": {"outcome": "later", "until": TODAY + timedelta(days=21)},
    "sometime": {"outcome": "later"},
    "refused": {"outcome": "no"},
    "final": {"outcome": "never"},
    "stranger": {"outcome": "wrong person"},
    "upset": {"outcome": "unhappy"},
}
OTHERS = ("deleted", "edited", "untouched")
RESTS = {
    "silent": 90,
    "no_answer": 90,
    "agreed": 90,
    "soon": 20,
    "sometime": 60,
    "refused": 180,
    "upset": 90,
    "deleted": 90,
    "untouched": 59,
}
"""Days from the answer until the person may be asked again; nobody else ever is.

The untouched one expires between the days checked, and leaves no rest behind.
"""
CHECKED = (0, 19, 20, 59, 60, 89, 90, 179, 180)


@dataclass(repr=False)
class Year:
    """What the plans of half a year held, by days since the answers."""

    house: House
    before: list[dict[str, object]]
    plans: dict[int, Plan] = field(default_factory=dict)

    def asked_again(self, who: str) -> int | None:
        """The first of the checked days on which *who* is asked again."""
        days = [day for day, plan in self.plans.items() if "ask" in planned(plan).get(who, ())]
        return min(days, default=None)

    def plays(self, who: str, day: int) -> set[str]:
        """What a plan of that day gives *who*."""
        return planned(self.plans[day]).get(who, set())


def reached(who: str, at: date) -> dict[str, object]:
    """A milestone: a moment to ask that is no survey."""
    return {"activity_id": f"m-{who}-{at}", "contact_id": who, "kind": "milestone", "at": at}


def generous(who: str) -> list[dict[str, object]]:
    """Many things given, so that an ask never has to be balanced first."""
    days = [TODAY - timedelta(days=100 + number) for number in range(9)]
    kind = {"contact_id": who, "kind": "article"}
    return [{"activity_id": f"g-{who}-{day:%j}", "at": day, **kind} for day in days]


@pytest.fixture(scope="module")
def year() -> Iterator[Year]:
    people = [*ANSWERS, *OTHERS]
    with TemporaryDirectory() as folder:
        house = open_house(
            Path(folder),
            contacts=[person(who) for who in people],
            activities=[row for who in people for row in [*generous(who), reached(who, TODAY)]],
        )
        house.sync()
        assert house.open_plays() == {who: ["ask"] for who in people}
        house.later(1)
        for who, answer in ANSWERS.items():
            house.host.complete(house.task_of(who), **answer)
        house.host.delete(house.task_of("deleted"))
        house.host.edit(house.task_of("edited"))
        told = Year(house, house.host.tasks())
        answered = house.today
        for day in CHECKED:
            house.later((answered + timedelta(days=day) - house.today).days)
            house.host.put(activities=[reached(who, house.today) for who in people if day])
            told.plans[day] = house.plan()
        yield told


@pytest.mark.parametrize("who", [*ANSWERS, *OTHERS])
@pytest.mark.promise(
    "ask.done-silent",
    "ask.deleted",
    "outcome.yes",
    "outcome.later",
    "outcome.no",
    "outcome.never",
    "outcome.wrong-person",
    "outcome.no-answer",
)
def test_an_ask_rests_as_long_as_its_answer_says(year: Year, who: str) -> None:
    assert year.asked_again(who) == RESTS.get(who)


@pytest.mark.promise("rep.not-again")
def test_what_a_rep_did_is_never_overwritten_or_done_again(year: Year) -> None:
    assert year.house.host.tasks() == year.before
    keys = {task["task_key"] for task in year.before}
    for plan in year.plans.values():
        assert not keys & {task.key for task in new_tasks(plan)}


@pytest.mark.promise(
    "outcome.yes", "referral.name-only", "referral.customer-forwards", "thanks.task"
)
def test_a_yes_leads_to_a_thank_you_and_a_name_that_is_not_yet_a_contact(year: Year) -> None:
    tasks = {t.play: t for t in new_tasks(year.plans[0]) if t.contact_id == "agreed"}
    assert tasks.keys() == {"thank_you"}  # one call carries the thanks and the note
    assert "I will not get in touch before Sam Field agrees." in tasks["thank_you"].body
    assert "ask them whether they would like to hear from us" in tasks["thank_you"].body
    assert len(year.house.host.rows("contacts")) == len(ANSWERS) + len(OTHERS)


@pytest.mark.long
def test_a_name_is_thanked_for_though_the_rep_deleted_the_task_it_was_given_on(
    tmp_path: Path,
) -> None:
    happened = {"activities": [*generous("ada"), reached("ada", TODAY)]}
    house = open_house(tmp_path / "firm", contacts=[person("ada")], **happened)
    house.sync()
    house.later(1)
    house.host.complete(house.task_of("ada"), outcome="yes", name="Sam Field")
    assert "Sam Field" in new_tasks(house.plan())[0].body
    house.host.delete(house.task_of("ada"))
    (task,) = new_tasks(house.sync())
    assert (task.play, "Sam Field" in task.body) == ("thank_you", True)


@pytest.mark.promise("outcome.unhappy")
def test_an_unhappy_answer_starts_recovery_before_anything_else(year: Year) -> None:
    assert year.plays("upset", 0) == {"recover"}
    (task,) = [task for task in new_tasks(year.plans[0]) if task.contact_id == "upset"]
    assert task.cycle == year.house.task_of("upset")


@pytest.mark.parametrize("who", ["final", "stranger"])
@pytest.mark.promise("outcome.never", "outcome.wrong-person")
def test_who_said_never_is_left_in_peace_for_good(year: Year, who: str) -> None:
    assert [year.plays(who, day) for day in CHECKED] == [set()] * len(CHECKED)


@pytest.mark.promise("rep.not-overwritten")
def test_only_the_untouched_task_expires(year: Year) -> None:
    closed = [(a.contact_id, a.state) for a in year.plans[59].actions if a.kind == "close_task"]
    assert closed == [("untouched", "expired")]


# ---------------------------------------------------------------------- expiry, withdrawal, owners


@pytest.mark.long
@pytest.mark.promise("ask.expired")
def test_an_expired_ask_leaves_no_rest_behind(tmp_path: Path) -> None:
    moment = {"feedback": [happy("ada", TODAY - timedelta(days=1))]}
    gifts = {"activities": generous("ada")}
    house = open_house(tmp_path / "firm", contacts=[person("ada")], **moment, **gifts)
    (task,) = new_tasks(house.sync())
    house.later((task.due - house.today).days + 29)
    house.sync()
    assert house.host.task(task.key)["state"] == "open"
    house.later(2)
    house.host.put(feedback=[happy("ada", house.today)])
    house.sync()
    assert house.host.task(task.key)["state"] == "expired"
    again = house.sync()
    assert house.open_plays() == {"ada": ["ask"]}
    assert house.task_of("ada") != task.key, again


TROUBLES: dict[str, dict[str, dict[str, object]]] = {
    "open_ticket": {"tickets": {"ticket_id": "t", "kind": "ticket", "status": "open"}},
    "complaint": {"tickets": {"ticket_id": "c", "kind": "complaint", "status": "closed"}},
    "detractor": {"feedback": {"feedback_id": "f", "kind": "nps", "score": 2}},
    "opt_out": {"contacts": {"consent": "no"}},
    "do_not_ask": {"contacts": {"do_not_ask": True}},
}


@pytest.mark.long
@pytest.mark.promise("ask.withdrawn", "ask.edited-flagged", "rep.not-overwritten")
def test_trouble_withdraws_an_untouched_ask_and_flags_an_edited_one(tmp_path: Path) -> None:
    people = [f"{state}_{name}" for name in TROUBLES for state in ("untouched", "edited")]
    house = open_house(
        tmp_path / "firm",
        contacts=[person(who) for who in people],
        feedback=[happy(who, TODAY - timedelta(days=1)) for who in people],
    )
    house.sync()
    house.later(1)
    for who in people:
        state, _, name = who.partition("_")
        if state == "edited":
            house.host.edit(house.task_of(who))
        for table, row in TROUBLES[name].items():
            trouble = {"contact_id": who, **row}
            if table == "contacts":
                trouble = person(who, **row)
            elif table == "tickets":
                trouble |= {"ticket_id": f"t-{who}", "opened_at": house.today}
                trouble |= {"closed_at": house.today} if row["status"] == "closed" else {}
            else:
                trouble |= {"feedback_id": f"f-{who}", "at": house.today}
            house.host.put(**{table: [trouble]})
    plan = house.sync()
    reasons = {a.contact_id: a.reason for a in plan.actions if a.kind == "close_task"}
    assert reasons.keys() == {who for who in people if who.startswith("untouched")}
    assert reasons["untouched_opt_out"] == "opt_out"
    for who in people:
        task = house.host.task(house.task_of(who))
        assert task["state"] == ("open" if who.startswith("edited") else "withdrawn")
    assert any("edited by the rep" in line for line in house.why("edited_opt_out").tasks)
    assert house.plan().actions == ()


@pytest.mark.long
@pytest.mark.promise("owner.moves", "owner.inactive", "rep.not-overwritten")
def test_an_owner_change_moves_untouched_tasks_only_and_never_to_who_has_left(
    tmp_path: Path,
) -> None:
    people = ["moved", "edited", "left", "alone"]
    accounts = {"left": "acorn", "alone": None}
    reps = [*(f"rep-{who}" for who in people), "new", "boss", "desk"]
    active = {"owners": [{"owner_id": rep, "name": rep, "active": True} for rep in reps]}
    house = open_house(
        tmp_path / "firm",
        settings='[firm]\nfallback_owner = "desk"\n',
        contacts=[person(who, account_id=accounts.get(who)) for who in people],
        accounts=[{"account_id": "acorn", "name": "Acorn", "owner_id": "boss"}],
        feedback=[happy(who, TODAY - timedelta(days=1)) for who in people],
        **active,
    )
    house.sync()
    house.host.edit(house.task_of("edited"))
    for who in ("moved", "edited"):
        house.host.put(contacts=[person(who) | {"owner_id": "new"}])
    for who in ("left", "alone"):
        house.host.put(owners=[{"owner_id": f"rep-{who}", "name": who, "active": False}])
    house.sync()
    owners = {str(t["contact_id"]): t["owner_id"] for t in house.host.tasks("open")}
    assert owners == {"moved": "new", "edited": "rep-edited", "left": "boss", "alone": "desk"}
    assert house.plan().actions == ()


def test_the_words_never_promise_a_rep_who_has_left(tmp_path: Path) -> None:
    house = open_house(
        tmp_path / "firm",
        settings='[firm]\nname = "Acorn"\ncaller = "Uma Field"\nfallback_owner = "desk"\n',
        contacts=[person("ada"), person("bo")],
        owners=[
            {"owner_id": "rep-ada", "name": "Rita Gone", "active": False},
            {"owner_id": "rep-bo", "name": "Sam Here", "active": True},
            {"owner_id": "desk", "name": "Front Desk", "active": True},
        ],
        feedback=[happy(who, TODAY) for who in ("ada", "bo")],
    )
    said = {task.contact_id: task.body for task in new_tasks(house.plan())}
    assert "Rita Gone" not in said["ada"]
    assert "introduce you to Uma Field at Acorn" in said["ada"]
    assert "introduce you to Sam Here at Acorn" in said["bo"]


@pytest.mark.long
@pytest.mark.promise("caps.rep", "caps.backlog")
def test_tasks_moved_to_a_rep_count_towards_that_reps_week(tmp_path: Path) -> None:
    people = [f"p{number}" for number in range(5)]
    house = open_house(
        tmp_path / "firm",
        contacts=[person(who, account_id=who) for who in people],
        feedback=[happy(who, TODAY) for who in people],
    )
    house.sync()
    moved = {"owner_id": "new"}
    house.host.put(contacts=[person(who, account_id=who) | moved for who in people])
    house.host.put(contacts=[person("last") | moved], feedback=[happy("last", TODAY)])
    plan = house.sync()
    assert {(w.contact_id, w.reason) for w in plan.backlog} == {("last", "rep_full")}
    assert len(house.host.tasks("open")) == 5


@pytest.mark.promise("due.working-days", "lead.due", "thanks.due")
def test_due_dates_skip_weekends_and_holidays(tmp_path: Path) -> None:
    referral = {"referral_id": "r", "referrer_id": "ada", "referred_id": "kit", "at": TODAY}
    house = open_house(
        tmp_path / "firm",
        settings="[calendar]\nholidays = [2026-11-23]\n",
        contacts=[person("ada"), person("kit", status="lead"), person("bo")],
        feedback=[happy("bo", TODAY)],
        referrals=[referral],
    )
    due = {task.play: task.due for task in new_tasks(house.plan())}
    assert due == {
        "fast_lane": date(2026, 11, 24),
        "thank_you": date(2026, 11, 25),
        "ask": date(2026, 11, 25),
    }


@pytest.mark.long
@pytest.mark.promise("thanks.after-it-was-given", "thanks.that-day", "thanks.never-twice")
def test_a_thank_you_is_noted_when_it_was_given_and_never_asked_for_twice(tmp_path: Path) -> None:
    referral = {"referral_id": "r", "referrer_id": "ada", "referred_id": "kit", "at": TODAY}
    house = open_house(
        tmp_path / "firm",
        contacts=[person("ada"), person("kit", status="lead")],
        referrals=[referral | {"status": "received"}],
    )
    house.sync()
    assert house.host.rows("activities") == []
    house.later(3)
    house.host.complete(house.task_of("ada", "thank_you"))
    house.later(1).sync()
    (note,) = house.host.rows("activities")
    assert (note["kind"], note["contact_id"]) == ("thank_you", "ada")
    assert note["at"] == house.host.task(house.task_of("ada", "thank_you"))["done_at"]
    assert house.plan().actions == ()
    house.later(1).host.put(referrals=[referral | {"status": "won", "won_at": house.today}])
    assert planned(house.sync()) == {"ada": {"thank_you"}}  # once more, for the next event


@pytest.mark.long
@pytest.mark.promise("thanks.never-twice", "identity.merged")
def test_two_contacts_that_became_one_are_not_thanked_twice(tmp_path: Path) -> None:
    referral = {"referral_id": "r", "referrer_id": "ada", "referred_name": "Kit", "at": TODAY}
    house = open_house(
        tmp_path / "firm",
        contacts=[person("ada"), person("ada_new")],
        referrals=[referral],
        aliases=[],
    )
    assert planned(house.sync()) == {"ada": {"thank_you"}}
    house.host.merge("ada", "ada_new")
    assert planned(house.sync()) == {}
