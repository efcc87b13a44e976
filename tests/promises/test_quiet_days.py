"""A plan that was applied leaves nothing to write, and a day later next to nothing.

The firm has four hundred customers with pasts as they are in real firms: a sale now and then, a
survey, a call, a ticket that was solved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from firm_in_memory import TODAY, House, fields_set, new_tasks, open_house

from goodword.model import Plan, RunReport

CUSTOMERS = 400
RARE = 0.01
"""Share of customers that may be rewritten on an ordinary day."""


def years(chance: Random, rows: int, most: int = 1300) -> list[Any]:
    """Days spread over the last three and a half years."""
    return [TODAY - timedelta(days=chance.randrange(1, most)) for _ in range(rows)]


def customers(seed: int) -> dict[str, list[dict[str, object]]]:
    chance = Random(seed)  # noqa: S311 - a firm, not a secret
    firm: dict[str, list[dict[str, object]]] = {
        name: []
        for name in ("contacts", "deals", "deal_contacts", "feedback", "activities", "tickets")
    }
    for number in range(CUSTOMERS):
        who = f"c{number:03}"
        page = {"contact_id": who, "name": f"Pat {number}", "account_id": f"a{number // 2}"}
        firm["contacts"].append(page | {"owner_id": f"o{number % 9}", "status": "customer"})
        for at in years(chance, chance.randrange(1, 5)):
            deal = f"d{len(firm['deals'])}"
            amount = chance.randrange(5_000, 900_000)
            row = {"deal_id": deal, "status": "won", "amount_cents": amount, "closed_at": at}
            firm["deals"].append(row)
            firm["deal_contacts"].append({"deal_id": deal, "contact_id": who})
        for at in years(chance, chance.randrange(2)):
            row = {"feedback_id": f"f{len(firm['feedback'])}", "contact_id": who, "kind": "nps"}
            firm["feedback"].append(row | {"score": chance.randrange(3, 11), "at": at})
        for at in years(chance, chance.randrange(3)):
            row = {"activity_id": f"v{len(firm['activities'])}", "contact_id": who, "at": at}
            firm["activities"].append(row | {"kind": chance.choice(["call", "email", "gift"])})
        if chance.random() < 0.1:
            (at,) = years(chance, 1)
            row = {"ticket_id": f"t{number}", "contact_id": who, "kind": "ticket"}
            closed = {"status": "closed", "opened_at": at, "closed_at": at}
            firm["tickets"].append(row | closed)
    return firm


@dataclass(repr=False)
class Week:
    """What was planned and written on one Friday, and what the plans after it held."""

    first: Plan
    written: RunReport
    version: int
    again: RunReport
    version_again: int
    second: Plan
    saturday: Plan
    house: House


@pytest.fixture(scope="module")
def week() -> Iterator[Week]:
    with TemporaryDirectory() as folder:
        house = open_house(Path(folder), **customers(7))
        first = house.plan()
        written = house.apply(first.plan_id)
        version = house.host.host.version
        again = house.apply(first.plan_id)
        version_again = house.host.host.version
        second = house.plan()
        saturday = house.later(1).plan()
        yield Week(first, written, version, again, version_again, second, saturday, house)


def test_a_plan_is_written_as_it_was_read(week: Week) -> None:
    assert len(new_tasks(week.first)) > 10
    assert len(fields_set(week.first)) == CUSTOMERS
    assert sum(week.written.applied.values()) == len(week.first.actions)
    assert week.written.exit_code == 0


def test_after_apply_there_is_nothing_left_to_write(week: Week) -> None:
    assert week.second.actions == ()


@pytest.mark.promise("apply.own-writes")
def test_applying_a_plan_twice_is_applying_it_once(week: Week) -> None:
    assert week.again.applied == {}
    assert week.again.exit_code == 0
    assert week.version_again == week.version


@pytest.mark.promise("quiet.next-day", "quiet.only-dates")
def test_a_day_later_only_dates_move_and_hardly_anybody_is_rewritten(week: Week) -> None:
    rewritten = fields_set(week.saturday)
    assert len(rewritten) <= RARE * CUSTOMERS, [(a.before, a.values) for a in rewritten]
    assert len(new_tasks(week.saturday)) <= RARE * CUSTOMERS
    others = {action.kind for action in week.saturday.actions} - {"set_fields", "create_task"}
    assert others == set()
    for action in rewritten:
        assert set(action.values) <= {"why", "next_ask", "score", "segment"}
    for task in new_tasks(week.saturday):
        assert task.cycle not in {earlier.cycle for earlier in new_tasks(week.first)}
