"""Every default suppressor: what alone holds back an ask that was otherwise open, and until when.

Each has a person for whom it holds today, and one with the same past so much earlier that its end
is today: that person is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from firm_in_memory import TODAY, House, happy, new_tasks, open_house, person

from goodword.explain import Explanation
from goodword.rules import facts_read
from goodword.tables import TABLES

Row = dict[str, Any]
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class Case:
    """What holds somebody back.

    Args:
        past: Rows that hold back *who* from the day given on.
        days: How long; None for as long as the rows stand.
        page: Columns of the contact.
        mends: Rows that end it, where days alone do not.
    """

    past: Callable[[str, date], Rows] = lambda who, at: {}
    days: int | None = None
    page: Row | None = None
    mends: Callable[[str], Rows] | None = None


def ticket(who: str, at: date, **more: object) -> Rows:
    row = {"ticket_id": f"t-{who}", "contact_id": who, "kind": "ticket", "opened_at": at}
    return {"tickets": [row | {"status": "open"} | more]}


def score(who: str, at: date, points: int, kind: str = "nps") -> Rows:
    row = {"feedback_id": f"s-{who}", "contact_id": who, "kind": kind, "score": points, "at": at}
    return {"feedback": [row]}


def task(who: str, at: date, number: int = 0, **more: object) -> Rows:
    row = {"task_key": f"k{number}-{who}", "remote_id": f"k{number}-{who}", "contact_id": who}
    row |= {"owner_id": f"rep-{who}", "play": "ask", "cycle": f"old-{number}", "state": "done"}
    row |= {"created_at": at, "due_at": at, "done_at": at}
    return {"asks": [row | more]}


def touch(who: str, at: date, kind: str) -> Rows:
    name = f"{kind}-{who}-{at:%j}"
    return {"activities": [{"activity_id": name, "contact_id": who, "kind": kind, "at": at}]}


def deal(who: str, at: date, **more: object) -> Rows:
    row = {"deal_id": f"d-{who}", "status": "won", "amount_cents": 100, "closed_at": at} | more
    return {"deals": [row], "deal_contacts": [{"deal_id": f"d-{who}", "contact_id": who}]}


def gifts(who: str, number: int) -> Rows:
    """As much given as asked, long ago, so that only what the case is about holds back."""
    old = [TODAY - timedelta(days=200 + 30 * n) for n in range(number)]
    return together(*(touch(who, day, "article") for day in old))


def together(*parts: Rows) -> Rows:
    rows: Rows = {}
    for part in parts:
        for table, more in part.items():
            rows.setdefault(table, []).extend(more)
    return rows


def complaint(who: str, at: date) -> Rows:
    """Solved on the same day, without a good sign since."""
    return ticket(who, at, kind="complaint", status="closed", closed_at=at)


def said_unhappy(who: str, at: date) -> Rows:
    """On a task that asked for nothing; we have talked since, and nothing was put right."""
    talked = touch(who, TODAY - timedelta(days=1), "call")
    return together(talked, task(who, at, play="quiet", outcome="unhappy"))


def referral(who: str, at: date) -> Rows:
    row = {"referral_id": f"r-{who}", "referrer_id": who, "referred_name": "Kit Lane", "at": at}
    return {"referrals": [row | {"status": "met"}]}


def invoice(who: str, at: date) -> Rows:
    return {"invoices": [{"invoice_id": f"i-{who}", "contact_id": who, "due_at": at}]}


def asked_often(who: str, at: date) -> Rows:
    """Four asks within the year before *at* plus a year; answered, so that nothing else rests."""
    days = [at + timedelta(days=30 * number) for number in range(4)]
    said = {"outcome": "yes"}
    return together(gifts(who, 5), *(task(who, d, n, **said) for n, d in enumerate(days)))


def never_answered(who: str, at: date) -> Rows:
    days = [at - timedelta(days=100 * number) for number in range(3)]
    return together(gifts(who, 5), *(task(who, day, n) for n, day in enumerate(days)))


def colleague(**life: object) -> Callable[[str, date], Rows]:
    def rows(who: str, at: date) -> Rows:
        other = person(f"colleague_of_{who}", account_id=f"at-{who}")
        return together({"contacts": [other]}, task(str(other["contact_id"]), at, **life))

    return rows


def only_news(who: str, at: date) -> Rows:
    """A last conversation on *at*; since then nobody spoke."""
    return touch(who, at, "call")


CASES: dict[str, Case] = {
    "opt_out": Case(page={"consent": "no"}),
    "do_not_ask": Case(page={"do_not_ask": True}),
    "said_never": Case(lambda who, at: task(who, at, play="warm_up", outcome="never")),
    "wrong_person": Case(lambda who, at: task(who, at, play="warm_up", outcome="wrong person")),
    "left_company": Case(page={"left_company": True}),
    "lost": Case(page={"status": "lost"}),
    "employee": Case(page={"kind": "employee"}),
    "open_ticket": Case(ticket, mends=lambda who: ticket(who, TODAY, status="closed")),
    "complaint": Case(complaint, days=60),
    "detractor": Case(lambda who, at: score(who, at, 3), days=180),
    "recovery": Case(said_unhappy, days=60),
    "overdue_invoice": Case(invoice, mends=lambda who: {"invoices": []}),
    "renewal_open": Case(
        lambda who, at: deal(who, at, status="open", kind="renewal", created_at=at)
    ),
    "tenure": Case(deal, days=90),
    "thanks_owed": Case(referral, days=31),
    "ask_open": Case(lambda who, at: task(who, at, state="open", done_at=None, edited=True)),
    "cooldown": Case(lambda who, at: together(gifts(who, 1), task(who, at)), days=90),
    "asks_per_year": Case(asked_often, days=365),
    "unanswered": Case(never_answered, days=365),
    "survey_rest": Case(lambda who, at: score(who, at, 4, "csat"), days=30),
    "favour_rest": Case(lambda who, at: touch(who, at, "favour"), days=14),
    "account_rest": Case(colleague(), days=30),
    "account_ask_open": Case(colleague(state="open", done_at=None, edited=True)),
    "conversation_first": Case(only_news),
    "give_first": Case(lambda who, at: task(who, at)),
}
LONG_AGO = {
    "conversation_first": 50,
    "detractor": 40,
    "give_first": 120,
    "unanswered": 110,
    "asks_per_year": 210,
}
"""Days since the past of a case began, where a day is too short."""
ALSO = {"complaint": {"recovery"}, "detractor": {"recovery"}}
"""Two names for one unhappiness: while it is not mended, both hold."""


def history(name: str, who: str, began: date, *, mended: bool = False) -> Rows:
    """Everything about one person: the open window and what holds it back."""
    case = CASES[name]
    page = person(who, **({} if mended else case.page or {}))
    if name.startswith("account"):
        page["account_id"] = f"at-{who}"
    yesterday = TODAY - timedelta(days=1)
    moment = touch(who, yesterday, "milestone")
    if name == "tenure":  # a milestone is exempt from it
        moment = {"feedback": [happy(who, yesterday)]}
    past = case.past(who, began)
    if mended and case.days is None:
        past = case.mends(who) if case.mends is not None else {}
    return together({"contacts": [page]}, moment, past)


@dataclass(repr=False)
class Told:
    """The firm of all cases, after one plan."""

    house: House
    asked: set[str]
    whys: dict[str, Explanation]


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    rows: Rows = {table: [] for table in TABLES}
    for name, case in CASES.items():
        began = TODAY - timedelta(days=LONG_AGO.get(name, 1))
        rows = together(rows, history(name, f"{name}_holds", began))
        ended = TODAY - timedelta(days=case.days) if case.days is not None else TODAY
        rows = together(rows, history(name, f"{name}_ended", ended, mended=True))
    with TemporaryDirectory() as folder:
        house = open_house(Path(folder), **rows)
        plan = house.plan()
        asked = {task.contact_id for task in new_tasks(plan) if task.asks}
        whys = {who: house.why(who) for who in everybody()}
        yield Told(house, asked, whys)


def everybody() -> list[str]:
    return [f"{name}_{state}" for name in CASES for state in ("holds", "ended")]


def test_every_suppressor_has_its_case(told: Told) -> None:
    assert {rule.name for rule in told.house.firm().book.suppressors} == CASES.keys()


@pytest.mark.parametrize("name", CASES)
@pytest.mark.promise("caps.contact-year", "caps.account")
def test_it_alone_holds_back_an_ask(told: Told, name: str) -> None:
    why = told.whys[f"{name}_holds"]
    holding = {line.name for line in why.suppressors if line.state == "holds"}
    assert holding == {name} | ALSO.get(name, set())
    assert why.code == name
    assert f"{name}_holds" not in told.asked
    assert [line.name for line in why.triggers if line.state == "open"]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.promise("together.reads")
def test_it_says_what_it_rests_on(told: Told, name: str) -> None:
    rule = next(rule for rule in told.house.firm().book.suppressors if rule.name == name)
    types = told.house.firm().book.types
    assert facts_read(rule)
    assert facts_read(rule) <= types.keys()
    (line,) = [line for line in told.whys[f"{name}_holds"].suppressors if line.name == name]
    assert line.sentence
    assert "unknown" not in line.sentence


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.days is not None])
@pytest.mark.promise("caps.contact-year", "caps.account", "together.complaint")
def test_it_ends_by_itself_on_the_day_it_names(told: Told, name: str) -> None:
    (line,) = [line for line in told.whys[f"{name}_holds"].suppressors if line.name == name]
    began = TODAY - timedelta(days=LONG_AGO.get(name, 1))
    days = CASES[name].days
    if name != "thanks_owed":  # a debt has no end of its own; the event just grows too old
        assert line.until == began + timedelta(days=days or 0)
    assert f"{name}_ended" in told.asked, told.whys[f"{name}_ended"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.days is None])
def test_it_ends_when_its_reason_is_gone(told: Told, name: str) -> None:
    assert f"{name}_ended" in told.asked, told.whys[f"{name}_ended"]
