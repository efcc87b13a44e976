"""The kinds of rule: what a plugin or ``goodword.toml`` may say about stages, asks and plays.

Every rule is a frozen value with a name, conditions over facts (``Expr``) and a sentence for the
rep. Names are unique across all kinds. ``{fact}`` in a sentence is filled with the contact's value.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal, TypeAlias

from goodword.expressions import Expr, reads, text_of
from goodword.tables import ColumnType, Frame

Verdict: TypeAlias = Literal["ask", "warm_up", "recover", "wait", "never"]
Withheld: TypeAlias = Literal["warm_up", "wait", "recover", "never"]

SEVERITY: dict[str, int] = {"never": 0, "recover": 1, "wait": 2, "warm_up": 3}
"""Order in which failing suppressors speak: the most severe verdict gives the reason."""

Build: TypeAlias = Callable[[Mapping[str, Frame], date], Frame]
"""``build(tables, as_of)`` returns a frame with ``contact_id`` and the columns it promises."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One typed column of the facts frame.

    Args:
        name: Column name rules use, as ``c.name``.
        type: text, int, bool or time.
        doc: One sentence for ``goodword plugins --facts``.
        build: Callable that returns ``contact_id`` plus this column; facts naming the same
            callable are built once.
        reads: Canonical tables the fact is computed from; when one is unavailable the fact is
            null and everything that depends on it is listed as "cannot check".
        fill: Value for contacts without a row (0 for counts); None leaves it unknown.
        unit: Unit shown in the docs, e.g. "cents" or "days".
    """

    name: str
    type: ColumnType
    doc: str
    build: Build
    reads: tuple[str, ...] = ()
    fill: int | bool | str | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class StageRule:
    """Evidence that a contact has reached *stage*; *borrowed* marks trust lent by a referrer."""

    name: str
    stage: str
    when: Expr
    borrowed: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """A moment that opens a window for an ask.

    Args:
        name: Name of the rule.
        since: Time fact the window counts from.
        record: Text fact with the id of the triggering record; it names the cycle, so the same
            event never leads to two asks.
        because: Sentence for the rep, dates and facts in braces.
        when: Condition; None means "whenever *since* is known".
        wait_days: Days from *since* until the window opens.
        expires_days: Days the window stays open.
        points: Weight of the moment; the open trigger with most points supplies cycle and words.
        exempt: Suppressors that do not apply to this trigger (a survey must not close the window
            its own answer opened).
    """

    name: str
    since: Expr
    record: Expr
    because: str
    when: Expr | None = None
    wait_days: int = 0
    expires_days: int = 30
    points: int = 0
    exempt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suppressor:
    """A reason not to ask now.

    Either *when* (a condition), or *since* + *days* (a rest period, which gives both the condition
    and its end), or both (the rest period counts only where the condition holds). *until* names a
    time fact at which a condition ends by itself.

    Args:
        name: Name of the rule and reason code.
        because: Sentence for the rep.
        when: Condition under which it applies.
        since: Time fact a rest period counts from.
        days: Length of the rest period in days; a number or an expression.
        until: Time fact with the end of the condition.
        verdict: What to do instead of asking.
        hard: Only ``goodword.toml`` may change it, with a reason that every plan prints.
        locked: May never be changed or removed (consent).
        withdraws: Also closes an ask that is already open.
        pending: It only mirrors open tasks of ours. What is written on the contact leaves it out,
            so that giving a rep a task does not rewrite the fields of everybody it holds back.
    """

    name: str
    because: str
    when: Expr | None = None
    since: Expr | None = None
    days: Expr | int | None = None
    until: Expr | None = None
    verdict: Withheld = "wait"
    hard: bool = False
    locked: bool = False
    withdraws: bool = False
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Weight:
    """Points (whole numbers) added to the priority of an ask; null counts as 0."""

    name: str
    points: Expr
    because: str


@dataclass(frozen=True, slots=True)
class Play:
    """What a rep is given to do, with which words.

    A play fires for a verdict, for a condition, or for events. Its cycle (what makes one task
    different from the next) is the record of the trigger, the event's id, or the ISO period.

    Args:
        name: Name of the play; part of every task key.
        doc: One sentence for the docs.
        verdict: Fires for contacts with this verdict of the ask rules.
        when: Condition over facts; with *verdict* or *events* it narrows them.
        record: Text fact with the id that names the cycle; plays of a verdict use the trigger's.
        every: Cadence instead of a record: the cycle is the ISO period.
        events: ``events(tables, as_of)`` returns one row an event: ``contact_id``, ``cycle``,
            ``at`` (time) and any further columns, which the words and *because* may use.
        because: Sentence for the rep; plays of a verdict use the trigger's or suppressor's.
        words: Name of the words file; None means the play's own name.
        due_days: Working days from today until the task is due.
        tier: Budget order; lower tiers are served first whatever their priority.
        since: Time fact or event column ``at``; with *expires_days* old events are left alone.
        expires_days: Events older than this many days are evidence, never tasks.
        asks: True when the task asks for a referral, so ask caps and cooldown count it.
        renamed_from: Earlier names of the play, so that its old tasks are still known.
    """

    name: str
    doc: str
    verdict: Verdict | None = None
    when: Expr | None = None
    record: Expr | None = None
    every: Literal["week", "month", "quarter", "year"] | None = None
    events: Build | None = None
    because: str = ""
    words: str | None = None
    due_days: int = 2
    tier: int = 2
    since: Expr | None = None
    expires_days: int | None = None
    asks: bool = False
    renamed_from: tuple[str, ...] = ()


AskRule: TypeAlias = Trigger | Suppressor | Weight
Deciding: TypeAlias = Trigger | Suppressor | Weight
"""A rule that has a say in whether to ask today."""
Rule: TypeAlias = StageRule | Trigger | Suppressor | Weight | Play | Fact


def fields_of(sentence: str) -> tuple[str, ...]:
    """Return the fact names in the braces of *sentence*, in order."""
    return tuple(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def expressions_of(rule: Rule) -> dict[str, Expr]:
    """Return the expressions of *rule* by field name; a plain *days* number is none."""
    values = ((field.name, getattr(rule, field.name)) for field in fields(rule))
    return {name: value for name, value in values if isinstance(value, Expr)}


def facts_read(rule: Rule) -> frozenset[str]:
    """Return every fact *rule* reads in its conditions and its sentence."""
    found = frozenset[str]().union(*(reads(expr) for expr in expressions_of(rule).values()))
    if isinstance(rule, Play) and rule.events is not None:
        return found  # its sentence also reads the columns of the event
    return found | set(fields_of(getattr(rule, "because", "")))


def canonical_text(rule: Rule) -> str:
    """Return the stable text the rules hash is made of; callables count by qualified name."""
    parts = [type(rule).__name__]
    for field in fields(rule):
        value = getattr(rule, field.name)
        if isinstance(value, Expr):
            value = text_of(value)
        elif callable(value):
            value = f"{value.__module__}.{value.__qualname__}"
        parts.append(f"{field.name}={value!r}")
    return "|".join(parts)
