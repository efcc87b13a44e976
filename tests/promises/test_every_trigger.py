"""Every default trigger can fire: a history that holds only its own event ends in an ask.

Each history is told to one person for every day since the event, so that one plan walks the days
from the event until long after its window has closed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from firm_in_memory import TODAY, new_tasks, open_house, person

from goodword.tables import TABLES

Rows = dict[str, list[dict[str, Any]]]
LONGEST = 170
"""Days walked: longer than any wait and window together."""


def survey(who: str, at: date) -> Rows:
    return {
        "feedback": [
            {"feedback_id": f"f-{who}", "contact_id": who, "kind": "nps", "score": 9, "at": at}
        ]
    }


def top_mark(who: str, at: date) -> Rows:
    return {
        "feedback": [
            {"feedback_id": f"f-{who}", "contact_id": who, "kind": "csat", "score": 5, "at": at}
        ]
    }


def happened(kind: str) -> Callable[[str, date], Rows]:
    def rows(who: str, at: date) -> Rows:
        return {
            "activities": [{"activity_id": f"a-{who}", "contact_id": who, "kind": kind, "at": at}]
        }

    return rows


def sold(*days_before: int, kind: str | None = None) -> Callable[[str, date], Rows]:
    """Sales so many days before the event, the last one of this kind."""

    def rows(who: str, at: date) -> Rows:
        deals = [
            {
                "deal_id": f"d{number}-{who}",
                "status": "won",
                "kind": kind if before == 0 else "new",
                "amount_cents": 90_000,
                "closed_at": at - timedelta(days=before),
            }
            for number, before in enumerate(days_before)
        ]
        credit = [{"deal_id": deal["deal_id"], "contact_id": who} for deal in deals]
        return {"deals": deals, "deal_contacts": credit}

    return rows


def solved(who: str, at: date) -> Rows:
    ticket = {"ticket_id": f"t-{who}", "contact_id": who, "kind": "ticket", "status": "closed"}
    times = {"opened_at": at - timedelta(days=3), "closed_at": at, "positive": True}
    return {"tickets": [ticket | times]}


def later(who: str, at: date) -> Rows:
    """An ask, half a year ago, answered "later", with the day to ask again."""
    asked = at - timedelta(days=180)
    task = {
        "task_key": f"k-{who}",
        "contact_id": who,
        "play": "ask",
        "cycle": "nps",
        "remote_id": who,
    }
    life = {"cycle": "old", "state": "done", "created_at": asked, "due_at": asked, "done_at": asked}
    return {"asks": [task | life | {"outcome": "later", "outcome_at": at}]}


MONTH = [*range(31)]
HISTORIES: dict[str, tuple[Callable[[str, date], Rows], list[int]]] = {
    "promoter": (survey, MONTH),
    "delighted": (top_mark, MONTH),
    "results_review": (happened("results_review"), MONTH),
    "milestone": (happened("milestone"), MONTH),
    "delivery": (happened("delivery"), MONTH),
    "asked_for_later": (later, MONTH),
    # Alone, a renewal is also the first purchase, whose window comes later.
    "renewal": (sold(0, kind="renewal"), [*range(14, 60), *range(90, 151)]),
    "repeat_purchase": (sold(365, 0, kind="repeat"), [*range(14, 60)]),
    "resolved_ticket": (solved, [*range(14, 45)]),
    "first_purchase": (sold(0, kind="new"), [*range(90, 151)]),
}
"""Trigger: the rows of its event, and the days after it on which the person is asked."""


def walked(name: str) -> Rows:
    """One person for each number of days since the event."""
    event, _ = HISTORIES[name]
    rows: Rows = {"contacts": []}
    for days in range(LONGEST):
        who = f"{name}_{days}"
        rows["contacts"].append(person(who))
        for table, more in event(who, TODAY - timedelta(days=days)).items():
            rows.setdefault(table, []).extend(more)
    return rows


def days_asked(name: str, plan: Any) -> list[int]:
    asks = [task for task in new_tasks(plan) if task.asks and task.contact_id.startswith(name)]
    return sorted(int(task.contact_id.rpartition("_")[2]) for task in asks)


def test_every_trigger_has_its_history(tmp_path: Path) -> None:
    book = open_house(tmp_path / "firm").firm().book
    assert {trigger.name for trigger in book.triggers} == HISTORIES.keys()


@pytest.mark.parametrize("name", HISTORIES)
@pytest.mark.promise("together.every-trigger", "together.survey")
def test_an_event_alone_ends_in_an_ask_with_only_its_own_tables(name: str, tmp_path: Path) -> None:
    plan = open_house(tmp_path / "firm", **walked(name)).plan()
    assert days_asked(name, plan) == HISTORIES[name][1]
    assert {task.play for task in new_tasks(plan) if task.asks} == {"ask"}


@pytest.mark.long
@pytest.mark.promise("together.every-trigger", "together.survey")
def test_an_event_alone_ends_in_an_ask_when_all_other_tables_are_empty(tmp_path: Path) -> None:
    firm: Rows = {name: [] for name in TABLES}
    for name in HISTORIES:
        for table, rows in walked(name).items():
            firm[table].extend(rows)
    plan = open_house(tmp_path / "firm", **firm).plan()
    for name, (_, days) in HISTORIES.items():
        assert days_asked(name, plan) == days, name
    assert plan.cannot_check == ()


def test_the_words_of_an_ask_say_what_happened(tmp_path: Path) -> None:
    firm: Rows = {"contacts": []}
    for name, (event, days) in HISTORIES.items():
        firm["contacts"].append(person(name))
        for table, rows in event(name, TODAY - timedelta(days=days[0])).items():
            firm.setdefault(table, []).extend(rows)
    house = open_house(tmp_path / "firm", **firm)
    house.sync()
    said = {str(task["contact_id"]): str(task["body"]) for task in house.host.tasks("open")}
    sentences = {trigger.name: trigger.because for trigger in house.firm().book.triggers}
    for name in HISTORIES:
        assert sentences[name].split("{")[0].strip() in said[name]
        happened_at = TODAY - timedelta(days=HISTORIES[name][1][0])
        assert f"{happened_at:%Y-%m-%d}" in said[name]
