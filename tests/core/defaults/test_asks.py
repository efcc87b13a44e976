"""What our past tasks and their outcomes say: rests, caps, and people who are never asked again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

NOON = datetime(2026, 11, 20, 12)
MIDNIGHT = datetime(2026, 11, 20)


def before(days: int) -> datetime:
    return NOON - timedelta(days=days)


def ask(ago: int = 10, outcome: str | None = None, **more: Any) -> dict[str, Any]:
    row = {"task_key": f"t{ago}", "contact_id": "ada", "play": "ask", "state": "done"}
    times = {"created_at": before(ago + 3), "due_at": before(ago + 1), "done_at": before(ago)}
    return {**row, **times, "outcome": outcome, **more}


def open_task(play: str = "ask", **more: Any) -> dict[str, Any]:
    row = {"task_key": play, "contact_id": "ada", "play": play, "state": "open"}
    return {**row, "created_at": before(2), **more}


def rest_days(firm: Any, *asks: dict[str, Any]) -> int | None:
    """Days from today to the end of the rest; None without one."""
    until = firm.ada(asks=list(asks))["rest_until"]
    return None if until is None else (until - MIDNIGHT).days


def test_open_tasks_are_counted_and_asks_apart(firm: Any) -> None:
    ada = firm.ada(asks=[open_task(), open_task("thank_you")])

    assert (ada["ask_open"], ada["tasks_open"]) == (1, 2)


def test_a_task_with_an_outcome_is_no_longer_open(firm: Any) -> None:
    ada = firm.ada(asks=[open_task(outcome="no")])

    assert (ada["ask_open"], ada["asks_done"]) == (0, 1)


def test_other_plays_are_no_asks(firm: Any) -> None:
    ada = firm.ada(asks=[ask(play="thank_you"), ask(20, play="warm_up")])

    assert (ada["asks_done"], ada["asked_last_at"], ada["rest_until"]) == (0, None, None)


@pytest.mark.promise("outcome.completion-day")
def test_the_day_of_asking_is_the_day_the_rep_completed_it(firm: Any) -> None:
    assert firm.ada(asks=[ask(40), ask(10)])["asked_last_at"] == before(10)


@pytest.mark.parametrize("state", ["open", "deleted", "expired", "withdrawn"])
def test_a_task_that_was_never_completed_asked_nobody(firm: Any, state: str) -> None:
    ada = firm.ada(asks=[ask(state=state, done_at=None)])

    assert (ada["asks_done"], ada["asks_365"], ada["asked_last_at"]) == (0, 0, None)


@pytest.mark.parametrize(
    ("outcome", "days"),
    [
        (None, 80),
        ("no answer", 80),
        ("yes", 80),
        ("unhappy", 80),
        ("no", 170),
        ("later", 50),
    ],
)
@pytest.mark.promise(
    "ask.done-silent", "outcome.yes", "outcome.later", "outcome.no", "outcome.no-answer"
)
def test_how_long_to_rest_after_each_outcome(firm: Any, outcome: str | None, days: int) -> None:
    assert rest_days(firm, ask(10, outcome)) == days


@pytest.mark.parametrize("outcome", ["no", "no answer", "yes"])
def test_nobody_is_asked_before_the_day_that_was_named(firm: Any, outcome: str) -> None:
    far, near = datetime(2027, 12, 1), datetime(2026, 11, 25)
    named = firm.ada(asks=[ask(10, outcome, outcome_at=far)])
    assert (named["rest_until"], named["later_at"]) == (far, None)
    without = firm.ada(asks=[ask(10, outcome)])["rest_until"]
    assert firm.ada(asks=[ask(10, outcome, outcome_at=near)])["rest_until"] == without > near


def test_a_day_without_an_outcome_is_a_later(firm: Any) -> None:
    named = datetime(2027, 12, 1)
    ada = firm.ada(asks=[ask(10, None, outcome_at=named)])
    assert ada["rest_until"] == ada["later_at"] == named


@pytest.mark.promise("outcome.later")
def test_later_ends_on_the_day_the_person_named(firm: Any) -> None:
    named = ask(10, "later", outcome_at=datetime(2026, 12, 1))
    ada = firm.ada(asks=[named])

    assert ada["rest_until"] == ada["later_at"] == datetime(2026, 12, 1)
    assert ada["later_id"] == "t10:later"


def test_a_newer_answer_replaces_a_named_day(firm: Any) -> None:
    named = ask(30, "later", outcome_at=datetime(2026, 12, 1))

    assert firm.ada(asks=[named, ask(10, "no")])["later_at"] is None


@pytest.mark.promise("ask.deleted")
def test_a_task_the_rep_deleted_counts_as_a_rest(firm: Any) -> None:
    assert rest_days(firm, ask(10, state="deleted")) == 80


@pytest.mark.parametrize("state", ["expired", "withdrawn"])
@pytest.mark.promise("ask.expired")
def test_a_task_that_expired_or_was_withdrawn_needs_no_rest(firm: Any, state: str) -> None:
    assert rest_days(firm, ask(10, state=state)) is None


def test_a_deleted_task_does_not_shorten_the_rest_after_a_no(firm: Any) -> None:
    assert rest_days(firm, ask(20, "no"), ask(5, state="deleted")) == 160


def test_the_latest_answer_says_how_long_to_rest(firm: Any) -> None:
    invited = ask(5, "later", outcome_at=datetime(2026, 11, 25))

    assert rest_days(firm, ask(100, "no"), invited) == 5


@pytest.mark.promise("caps.contact-year")
def test_asks_of_the_last_365_days_fill_the_year(firm: Any) -> None:
    ada = firm.ada(asks=[ask(days) for days in (1, 100, 200, 364, 365)])

    assert (ada["asks_done"], ada["asks_365"]) == (5, 4)
    assert ada["asks_cap_until"] == MIDNIGHT + timedelta(days=1)


def test_unanswered_asks_in_a_row_start_again_with_an_answer(firm: Any) -> None:
    ada = firm.ada(asks=[ask(300), ask(200, "no"), ask(100, "no answer"), ask(10)])

    assert (ada["unanswered_row"], ada["unanswered_365"]) == (2, 3)
    assert ada["unanswered_last_at"] == before(10)


@pytest.mark.promise("outcome.never")
def test_somebody_who_said_never_said_it_for_ever(firm: Any) -> None:
    ada = firm.ada(asks=[ask(900, "never"), ask(10, "yes")])

    assert ada["said_never"] is True
    assert firm.ada()["said_never"] is False


def test_the_wrong_person_is_known(firm: Any) -> None:
    assert firm.ada(asks=[ask(10, "wrong person")])["wrong_person"] is True


def test_answers_with_a_yes_are_counted(firm: Any) -> None:
    ada = firm.ada(asks=[ask(400, "yes"), ask(100, "yes"), ask(10, "no")])

    assert (ada["asks_yes"], ada["asks_done"]) == (2, 3)


PEOPLE = [
    {"contact_id": "ada", "account_id": "quist"},
    {"contact_id": "bo", "account_id": "quist"},
    {"contact_id": "cy", "account_id": "quist"},
    {"contact_id": "eve"},
    {"contact_id": "fay"},
]


def test_a_colleague_was_asked(firm: Any) -> None:
    asks = [ask(10), ask(30, contact_id="bo"), ask(5, contact_id="eve")]
    rows = firm.rows(contacts=PEOPLE, asks=asks)

    assert rows["ada"]["account_asked_at"] == before(30)
    assert rows["bo"]["account_asked_at"] == rows["cy"]["account_asked_at"] == before(10)


def test_people_without_a_company_are_no_colleagues(firm: Any) -> None:
    rows = firm.rows(contacts=PEOPLE, asks=[ask(5, contact_id="eve"), open_task(contact_id="eve")])

    assert rows["fay"]["account_asked_at"] is None
    assert rows["fay"]["account_ask_open"] == 0


def test_open_asks_of_colleagues_do_not_count_the_persons_own(firm: Any) -> None:
    rows = firm.rows(contacts=PEOPLE, asks=[open_task()])

    assert (rows["ada"]["account_ask_open"], rows["bo"]["account_ask_open"]) == (0, 1)
