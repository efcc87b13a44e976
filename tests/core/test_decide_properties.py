"""What holds for every rulebook and every contact, checked against a plain reading of the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import Expr, Suppressor, Trigger
from goodword.rules import SEVERITY
from goodword.tables import ColumnType
from goodword.testing import decide
from goodword.testing.strategies import fact_rows, suppressors, triggers

TODAY = date(2026, 11, 20)
TYPES: dict[str, ColumnType] = {
    "number": "int",
    "other": "int",
    "text": "text",
    "moment": "time",
    "earlier": "time",
}

Row = Mapping[str, object]


@st.composite
def rulebooks(draw: st.DrawFn) -> list[Trigger | Suppressor]:
    held = draw(
        st.lists(suppressors(TYPES), min_size=1, max_size=4, unique_by=lambda rule: rule.name)
    )
    names = tuple(rule.name for rule in held)
    moments = st.lists(
        triggers(TYPES, names), min_size=1, max_size=3, unique_by=lambda rule: rule.name
    )
    return [*draw(moments), *held]


def value(expr: Expr | int | str | bool, row: Row) -> Any:
    """Read *expr* off *row* as a person would; None is unknown."""
    if not isinstance(expr, Expr):
        return expr
    if expr.op == "fact":
        return row[str(expr.args[0])]
    values = [value(arg, row) for arg in expr.args]
    match expr.op:
        case "lit":
            return values[0]
        case "known":
            return values[0] is not None
        case "ge":
            return None if None in values else values[0] >= values[1]
        case "not":
            return None if values[0] is None else not values[0]
        case "and":
            return False if False in values else None if None in values else True
    raise AssertionError(expr.op)


@dataclass
class Window:
    """A trigger as it stands for one contact."""

    rule: Trigger
    opens: date
    closes: date

    @property
    def is_open(self) -> bool:
        return self.opens <= TODAY <= self.closes


def window(rule: Trigger, row: Row) -> Window | None:
    since, record = value(rule.since, row), value(rule.record, row)
    holds = rule.when is None or value(rule.when, row)
    if since is None or record is None or not holds:
        return None
    opens = since + timedelta(days=rule.wait_days)
    return Window(rule, opens, opens + timedelta(days=rule.expires_days))


def failing(rule: Suppressor, row: Row) -> tuple[bool, date | None]:
    """Whether *rule* holds an ask back today, and until when."""
    ends: list[date] = []
    if rule.when is not None and not value(rule.when, row):
        return False, None
    if rule.since is not None and rule.days is not None:
        since, days = value(rule.since, row), value(rule.days, row)
        if since is None or days is None:
            return False, None
        ends.append(since + timedelta(days=days))
    if rule.until is not None:
        if value(rule.until, row) is None:
            return False, None
        ends.append(value(rule.until, row))
    return all(end > TODAY for end in ends), max(ends, default=None)


def plainly(rules: Sequence[Trigger | Suppressor], row: Row) -> dict[str, object]:
    """Decide for one contact, rule by rule."""
    moments = sorted(
        (rule for rule in rules if isinstance(rule, Trigger)), key=lambda r: (-r.points, r.name)
    )
    held = {
        rule: failing(rule, row)[1]
        for rule in sorted(
            (rule for rule in rules if isinstance(rule, Suppressor)),
            key=lambda r: (SEVERITY[r.verdict], r.name),
        )
        if failing(rule, row)[0]
    }
    windows = [found for rule in moments if (found := window(rule, row)) is not None]
    free = [w for w in windows if w.is_open and not _against(w, held)]
    open_ones = [w for w in windows if w.is_open]
    coming = sorted((w for w in windows if w.opens > TODAY), key=lambda w: w.opens)
    chosen = next(iter(free or open_ones), None)
    pick = chosen or next(iter(coming), None)
    against = _against(pick, held) if pick is not None else {}
    never = next((rule for rule in held if rule.verdict == "never"), None)
    first = next(iter(against), None)
    if never is not None:
        verdict, code = "never", never.name
    elif chosen is None:
        verdict, code = "wait", "no_trigger"
    else:
        verdict, code = (first.verdict, first.name) if first is not None else ("ask", "")
    next_ask, next_code = None, ""
    if never is None and pick is not None:
        untils = [until for until in against.values() if until is not None]
        latest = max([pick.opens, *untils])
        if untils and max(untils) > pick.closes:
            next_code = "window_closes"
        elif len(untils) < len(against):
            next_code = "open_end"
        else:
            next_ask = latest
    return {
        "verdict": verdict,
        "code": code,
        "trigger": pick.rule.name if pick is not None else None,
        "next_ask": next_ask,
        "next_code": next_code,
    }


def _against(
    window: Window, held: Mapping[Suppressor, date | None]
) -> dict[Suppressor, date | None]:
    return {rule: end for rule, end in held.items() if rule.name not in window.rule.exempt}


@pytest.mark.long
@settings(max_examples=50)  # six contacts each
@given(rulebooks(), st.lists(fact_rows(TYPES, TODAY), min_size=6, max_size=6))
@pytest.mark.promise("quiet.next-ask")
def test_the_decision_is_what_a_plain_reading_of_the_rules_says(
    rules: list[Trigger | Suppressor], rows: list[dict[str, object]]
) -> None:
    decisions = decide(rules, rows, TODAY, types=TYPES)
    for row, found in zip(rows, decisions, strict=True):
        expected = plainly(rules, row)
        assert {name: found[name] for name in expected} == expected


@settings(max_examples=25)  # each example decides twice
@given(rulebooks(), st.lists(fact_rows(TYPES, TODAY), min_size=6, max_size=6), st.randoms())
def test_the_order_of_rules_and_contacts_changes_nothing(
    rules: list[Trigger | Suppressor], rows: list[dict[str, object]], chance: Any
) -> None:
    named = [{**row, "contact_id": f"c{n}"} for n, row in enumerate(rows)]
    expected = decide(rules, named, TODAY, types=TYPES)
    shuffled = chance.sample(rules, len(rules))
    others = chance.sample(named, len(named))
    found = {row["contact_id"]: row for row in decide(shuffled, others, TODAY, types=TYPES)}
    assert [found[str(row["contact_id"])] for row in named] == expected


@pytest.mark.long
@settings(max_examples=50)  # six contacts each
@given(rulebooks(), st.lists(fact_rows(TYPES, TODAY), min_size=6, max_size=6))
def test_nobody_is_asked_while_something_speaks_against_it(
    rules: list[Trigger | Suppressor], rows: list[dict[str, object]]
) -> None:
    moments = {rule.name: rule for rule in rules if isinstance(rule, Trigger)}
    for row, found in zip(rows, decide(rules, rows, TODAY, types=TYPES), strict=True):
        if found["verdict"] == "ask":
            spared = moments[found["trigger"]].exempt
            held = [r for r in rules if isinstance(r, Suppressor) and failing(r, row)[0]]
            assert [r.name for r in held if r.name not in spared or r.verdict == "never"] == []
