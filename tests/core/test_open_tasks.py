"""The life of an open task: expired, withdrawn, moved; and thanks that were really given."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from goodword import Facts, Play, Suppressor, Trigger
from goodword.budget import Team
from goodword.decisions import Decisions, held_back
from goodword.engines.polars_engine import PolarsEngine
from goodword.open_tasks import closing, moving, thanks_given
from goodword.rulebook import Rulebook
from goodword.testing import fact_types_in
from goodword.testing.decisions import decided_frame

ENGINE = PolarsEngine()
TODAY = date(2026, 11, 20)
NAMED: dict[str, object] = {
    "contact_id": "c9",
    "name": "Someone",
    "owner_id": "o1",
    "account_id": "a1",
    "at": TODAY,
    "record": "r",
    "tickets": 0,
    "asked_at": TODAY,
}
TYPES = fact_types_in([NAMED])
C = Facts(TYPES)
RULES: list[Any] = [
    Trigger("moment", since=C.at, record=C.record, because="a moment"),
    Suppressor("ticket", when=C.tickets > 0, because="a ticket", withdraws=True, verdict="recover"),
    Suppressor("cooldown", since=C.asked_at, days=90, because="asked before"),
    Play("ask", "Ask.", verdict="ask", asks=True, renamed_from=("ask_old",)),
    Play("hello", "Greet.", verdict="warm_up"),
]
TEAM = Team(frozenset({"o1", "o2"}), frozenset({"gone"}), {"a1": "boss"}, None)


def situation(**contact: object) -> tuple[Decisions, Rulebook]:
    """One contact "c1" as the rules see it."""
    row = NAMED | {"contact_id": "c1", "asked_at": None} | contact
    book, frame = decided_frame(RULES, [row], TODAY, types=TYPES)
    return Decisions(frame), book


def task(**values: object) -> dict[str, Any]:
    usual: dict[str, object] = {
        "task_key": "k1",
        "contact_id": "c1",
        "owner_id": "o1",
        "play": "ask",
        "state": "open",
        "edited": False,
        "due_at": datetime(2026, 11, 24),
        "done_at": None,
        "outcome": None,
    }
    return usual | values


def closed(open_task: dict[str, Any], **contact: object) -> list[tuple[str, str]]:
    decisions, book = situation(**contact)
    withdrawing = [rule for rule in book.suppressors if rule.withdraws]
    holding = held_back(decisions.whole, ["c1"], withdrawing, TODAY, ENGINE)
    found = closing([open_task], holding, book.asking, TODAY, 30, "acct")
    assert [action.task_key for action in found] in ([], ["k1"])
    return [(action.state, action.reason) for action in found]


# ------------------------------------------------------------------ closing


def test_an_open_ask_stays_open_while_nothing_speaks_against_it() -> None:
    assert closed(task()) == []


@pytest.mark.promise("ask.withdrawn")
def test_an_ask_is_withdrawn_when_a_suppressor_that_withdraws_arises() -> None:
    assert closed(task(), tickets=1) == [("withdrawn", "ticket")]
    assert closed(task(play="ask_old"), tickets=1) == [("withdrawn", "ticket")]


@pytest.mark.promise("ask.only-prevent")
def test_other_suppressors_only_prevent_new_asks() -> None:
    assert closed(task(), asked_at=TODAY) == []


def test_a_task_that_asks_for_nothing_is_not_withdrawn() -> None:
    assert closed(task(play="hello"), tickets=1) == []


@pytest.mark.parametrize(("late", "state"), [(29, []), (30, [("expired", "overdue")])])
@pytest.mark.promise("ask.expired")
def test_a_task_long_overdue_expires(late: int, state: list[tuple[str, str]]) -> None:
    due = datetime(2026, 11, 20) - timedelta(days=late)
    assert closed(task(due_at=due)) == state
    assert closed(task(due_at=due, play="hello")) == state


def test_a_task_without_a_due_date_does_not_expire() -> None:
    assert closed(task(due_at=None)) == []


@pytest.mark.promise("rep.not-overwritten")
def test_what_a_rep_edited_is_left_alone() -> None:
    assert closed(task(edited=True, due_at=datetime(2026, 1, 5)), tickets=1) == []


def test_the_task_of_someone_we_no_longer_see_still_expires() -> None:
    assert closed(task(contact_id="gone")) == []
    assert closed(task(contact_id="gone", due_at=datetime(2026, 1, 5))) == [("expired", "overdue")]


def test_closing_the_same_task_twice_has_one_key() -> None:
    holding = {"c1": ("ticket",)}
    one, two = (closing([task()], holding, {"ask"}, TODAY, 30, "acct") for _ in range(2))
    assert one == two


# ------------------------------------------------------------------ moving


@pytest.mark.promise("owner.moves")
def test_a_task_follows_its_contact_to_another_rep() -> None:
    decisions, _ = situation(owner_id="o2")
    (move,) = moving([task()], decisions, TEAM, {}, "acct")
    assert (move.task_key, move.owner_id, dict(move.before)) == ("k1", "o2", {"owner_id": "o1"})


@pytest.mark.promise("owner.inactive")
def test_a_task_of_a_rep_who_left_goes_to_the_account_owner() -> None:
    decisions, _ = situation(owner_id="gone")
    assert [
        move.owner_id for move in moving([task(owner_id="gone")], decisions, TEAM, {}, "a")
    ] == ["boss"]


@pytest.mark.parametrize(
    ("open_task", "contact"),
    [
        (task(), {}),
        (task(edited=True), {"owner_id": "o2"}),
        (task(contact_id="gone"), {}),
        (task(), {"owner_id": None, "account_id": None}),
    ],
    ids=["same-rep", "edited", "unknown-contact", "nobody-else"],
)
def test_other_tasks_stay_where_they_are(
    open_task: dict[str, Any], contact: dict[str, object]
) -> None:
    decisions, _ = situation(**contact)
    assert moving([open_task], decisions, TEAM, {}, "acct") == []


# ------------------------------------------------------------------ thank-yous


def given(**values: object) -> dict[str, Any]:
    done = {"play": "thank_you", "state": "done", "done_at": datetime(2026, 11, 19, 15)}
    return task(**(done | values))


@pytest.mark.promise("thanks.that-day")
def test_a_thank_you_is_noted_on_the_day_the_rep_gave_it() -> None:
    (note,) = thanks_given([given()], "acct", frozenset[str]().intersection)
    assert (note.contact_id, note.owner_id, note.activity) == ("c1", "o1", "thank_you")
    assert note.at == date(2026, 11, 19)


@pytest.mark.parametrize(
    "values",
    [
        {"play": "ask"},
        {"done_at": None},
        {"outcome": "no answer"},
        {"outcome": "wrong person"},
        {"outcome": "later"},
    ],
)
@pytest.mark.promise("thanks.after-it-was-given")
def test_a_thank_you_that_was_not_given_is_not_noted(values: dict[str, object]) -> None:
    assert thanks_given([given(**values)], "acct", frozenset[str]().intersection) == []


@pytest.mark.promise("thanks.never-twice")
def test_a_thank_you_is_noted_once_also_after_its_contact_was_merged() -> None:
    (note,) = thanks_given([given()], "acct", frozenset[str]().intersection)
    known = frozenset({note.key})
    assert thanks_given([given()], "acct", known.intersection) == []
    assert thanks_given([given(contact_id="c2")], "acct", known.intersection) == []
    assert len(thanks_given([given(task_key="k2")], "acct", known.intersection)) == 1


def test_a_task_a_rep_handed_to_a_colleague_stays_there() -> None:
    decisions, _ = situation(owner_id="o1")
    handed_on = task(owner_id="o2")
    given = {str(handed_on["task_key"]): "o1"}
    assert moving([handed_on], decisions, TEAM, given, "acct") == []
