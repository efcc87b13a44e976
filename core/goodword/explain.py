"""Why, and why not: one contact's decision with every rule, read from what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from goodword.facts import blind_facts
from goodword.model import Plan, Value
from goodword.rules import facts_read
from goodword.shortlist import fill
from goodword.standing import DETAIL, DETAIL_TYPES

if TYPE_CHECKING:
    from goodword.engines import Engine
    from goodword.rulebook import Rulebook
    from goodword.rules import Suppressor, Trigger
    from goodword.tables import Frame


class RuleLine(Value):
    """One rule for one contact.

    ``state`` is open, coming, closed or absent for a trigger; holds, exempt (not against the
    trigger that speaks), passes or cannot check for a suppressor. ``since`` and ``until`` are the
    dates that matter for it.
    """

    name: str
    source: str
    state: str
    sentence: str
    since: date | None = None
    until: date | None = None


class Explanation(Value):
    """Everything that led to one contact's decision.

    ``points`` and ``factors`` are what each weight adds to the priority, and its sentence.
    ``currency`` is that of all amounts; purchases are counted ``horizon_months`` ahead, 0 where
    there is no such limit.
    """

    contact_id: str
    name: str
    verdict: str
    code: str
    why: str
    next_ask: date | None
    stage: str
    stage_rule: str
    borrowed: bool
    triggers: tuple[RuleLine, ...]
    suppressors: tuple[RuleLine, ...]
    points: Mapping[str, int]
    factors: Mapping[str, str]
    priority: int
    scores: Mapping[str, str | int | None]
    budget: str
    tasks: tuple[str, ...]
    currency: str = ""
    horizon_months: int = 0


FEW_DIGITS = 6
"""Fewer digits are no phone number; those of the shortest in use."""


def find_contacts(frame: Frame, query: str, engine: Engine) -> list[tuple[str, str]]:
    """Return ``(contact_id, name)`` of the contacts *query* means.

    An exact id, then an exact e-mail, name or phone number win; else every name holding the text.

    Args:
        frame: The canonical contacts.
        query: What a person typed.
        engine: Where frames are computed.
    """
    rows = engine.collect(frame.select("contact_id", "name", "email", "phone")).rows()
    wanted = query.strip().casefold()
    exact = [row for row in rows if str(row[0]) == query.strip()]
    exact = exact or [row for row in rows if str(row[0]).casefold() == wanted]
    exact = exact or [row for row in rows if (row[2] or "").casefold() == wanted]
    exact = exact or [row for row in rows if (row[1] or "").casefold() == wanted]
    number = _number(query)
    exact = exact or [row for row in rows if number and _same_number(number, _number(row[3]))]
    found = exact or [row for row in rows if wanted and wanted in (row[1] or "").casefold()]
    return [(str(row[0]), str(row[1] or row[2] or row[3] or row[0])) for row in found]


def _number(text: str | None) -> str:
    """Return the digits of what looks like a phone number, without the zeros in front."""
    digits = "".join(sign for sign in text or "" if sign.isdecimal())
    if len(digits) < FEW_DIGITS or any(sign.isalpha() for sign in text or ""):
        return ""
    return digits.lstrip("0")


def _same_number(one: str, other: str) -> bool:
    """Say whether two numbers are one, written with or without the code of the country."""
    if min(len(one), len(other)) < FEW_DIGITS:
        return False
    return one.endswith(other) or other.endswith(one)


def explain(
    row: Mapping[str, Any],
    book: Rulebook,
    available: frozenset[str],
    plan: Plan | None,
    tasks: Iterable[Mapping[str, Any]],
    as_of: date,
    *,
    currency: str = "",
    horizon_months: int = 0,
) -> Explanation:
    """Return the explanation for one decided contact.

    Args:
        row: Every column of the contact's decision, and what each rule says (``flagged``).
        book: The rules it was decided under.
        available: Tables the host delivered, for "cannot check".
        plan: The latest plan, for the place in the budget.
        tasks: The contact's rows of ``asks``.
        as_of: Day of the decision.
        currency: The firm's currency.
        horizon_months: How far ahead purchases are counted; 0 without a limit.
    """
    contact_id = str(row["contact_id"])
    blind = blind_facts(book.facts, available)
    exempt = {t.name: t.exempt for t in book.triggers}.get(row["trigger"], ())
    return Explanation(
        contact_id=contact_id,
        name=str(row["name"] or contact_id),
        verdict=row["verdict"],
        code=row["code"],
        why=row["why"],
        next_ask=_day(row["next_ask"]),
        stage=row["stage"],
        stage_rule=row["stage_rule"],
        borrowed=row["borrowed"],
        triggers=tuple(_trigger(rule, row, book, as_of) for rule in book.triggers),
        suppressors=tuple(_suppressor(rule, row, book, blind, exempt) for rule in book.suppressors),
        points={w.name: p for w in book.weights if (p := int(row[f"points:{w.name}"]))},
        priority=int(row["priority"]),
        factors={
            w.name: fill(w.because, row) for w in book.weights if int(row[f"points:{w.name}"])
        },
        scores={name: row.get(name) for name in (*_SCORES, ACCOUNT_SALES)}
        | {name: row.get(DETAIL + name) for name in DETAIL_TYPES},
        budget=_budget(contact_id, plan),
        tasks=tuple(_task(task) for task in tasks),
        currency=currency,
        horizon_months=horizon_months,
    )


ACCOUNT_SALES = "account_spent_cents"
"""Fact of what the contact's company bought without naming a person; told apart from their own."""
_SCORES = ("score", "segment", "clv", "crv", "p_refer", "n", "model", "confidence")


def _trigger(rule: Trigger, row: Mapping[str, Any], book: Rulebook, as_of: date) -> RuleLine:
    opens, closes = _day(row[f"opens:{rule.name}"]), _day(row[f"closes:{rule.name}"])
    state = "absent"
    if row[f"open:{rule.name}"]:
        state = "open"
    elif opens is not None:
        state = "coming" if opens > as_of else "closed"
    sentence = fill(rule.because, row) if opens is not None else ""
    return RuleLine(
        name=rule.name,
        source=book.sources[rule.name],
        state=state,
        sentence=sentence,
        since=opens,
        until=closes,
    )


def _suppressor(
    rule: Suppressor,
    row: Mapping[str, Any],
    book: Rulebook,
    blind: Mapping[str, str],
    exempt: tuple[str, ...],
) -> RuleLine:
    holds = bool(row[f"fails:{rule.name}"])
    missing = sorted(facts_read(rule) & blind.keys())
    state = "passes" if not holds else "exempt" if rule.name in exempt else "holds"
    sentence = fill(rule.because, row) if holds else ""
    if missing and not holds:
        state, sentence = "cannot check", f"no {blind[missing[0]]} data"
    return RuleLine(
        name=rule.name,
        source=book.sources[rule.name],
        state=state,
        sentence=sentence,
        until=_day(row[f"until:{rule.name}"]),
    )


def _budget(contact_id: str, plan: Plan | None) -> str:
    """Return the contact's place in the latest plan's budget, in words."""
    if plan is None:
        return "no plan yet"
    for action in plan.actions:
        if action.kind == "create_task" and action.contact_id == contact_id:
            return f"number {action.rank} of plan {plan.plan_id}: {action.play}, due {action.due}"
    for number, waiting in enumerate(plan.backlog, start=1):
        if waiting.contact_id == contact_id:
            return f"number {number} of the backlog of plan {plan.plan_id} ({waiting.reason})"
    return f"no task in plan {plan.plan_id}"


def _task(task: Mapping[str, Any]) -> str:
    outcome = f", outcome {task['outcome']}" if task["outcome"] else ""
    edited = ", edited by the rep, so left alone" if task["edited"] else ""
    due = f", due {task['due_at']:%Y-%m-%d}" if task["due_at"] else ""
    return f"{task['play']}: {task['state']}{due}{outcome}{edited}"


def _day(value: datetime | None) -> date | None:
    return None if value is None else value.date()
