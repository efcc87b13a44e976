"""Try rules on a few rows: what would be decided for whom, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from goodword.decide import decide as decide_frame
from goodword.engines import open_engine
from goodword.errors import UsageError
from goodword.expressions import Facts
from goodword.hookspecs import StageModel
from goodword.model import STAGES
from goodword.rulebook import DECISION_TYPES, Override, Rulebook, assemble
from goodword.rules import Fact, Play, Rule, StageRule, Suppressor, Trigger, Weight
from goodword.standing import add_stage

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

    from goodword.tables import ColumnType

R = TypeVar("R")
Row = Mapping[str, object]

SHOWN = (
    *("contact_id", "stage", "verdict", "code", "trigger", "cycle", "opens", "closes"),
    *("next_ask", "next_code", "priority", "because", "why"),
)
"""What ``decide`` tells about each contact; times are days."""


def facts_in(rows: Iterable[Row], facts: Iterable[Fact] = ()) -> Facts:
    """Return the facts proxy ``c`` over the columns of *rows*, to build rules with.

    Args:
        rows: Facts of a few contacts, as plain values.
        facts: Facts of the plugin under test; their declared types come first.
    """
    return Facts(fact_types_in(rows, facts))


def fact_types_in(rows: Iterable[Row], facts: Iterable[Fact] = ()) -> dict[str, ColumnType]:
    """Return the facts *rows* and *facts* hold, with their types.

    Raises:
        UsageError: A value is of no fact type, or one column holds values of two types.
    """
    types: dict[str, ColumnType] = {}
    for row in rows:
        for name, value in row.items():
            if name == "contact_id" or value is None:
                continue
            kind = _type_of(name, value)
            if types.setdefault(name, kind) != kind:
                msg = f"Column {name!r} holds values of type {types[name]} and {kind}."
                raise UsageError(msg, hint="Give every row the same type.")
    return types | {fact.name: fact.type for fact in facts}


def rulebook(
    rules: Sequence[Rule],
    types: Mapping[str, ColumnType],
    overrides: Sequence[Override] = (),
    plugin: str = "plugin",
) -> Rulebook:
    """Return *rules* layered and checked as a firm's rulebook.

    Args:
        rules: Rules of any kind, in any order.
        types: Facts the rules may read.
        overrides: Entries of ``goodword.toml``.
        plugin: Name of the plugin in messages.

    Raises:
        RuleError: A rule does not fit; the message names it.
    """
    stage_rules = tuple(_of(StageRule, rules))
    named = {rule.stage for rule in stage_rules}
    stages = STAGES if named <= set(STAGES) else tuple(dict.fromkeys(r.stage for r in stage_rules))
    return assemble(
        stages=(plugin, StageModel(stages, stage_rules, {})),
        facts=[(plugin, fact) for fact in _of(Fact, rules)],
        answers=[
            (plugin, rule)
            for rule in rules
            if isinstance(rule, Trigger | Suppressor | Weight | Play)
        ],
        overrides=overrides,
        types={name: kind for name, kind in types.items() if name not in DECISION_TYPES},
    )


def decide(
    rules: Sequence[Rule],
    rows: Sequence[Row],
    as_of: date,
    overrides: Sequence[Override] = (),
    types: Mapping[str, ColumnType] | None = None,
) -> list[dict[str, Any]]:
    """Decide for each of *rows* and return the decisions in the same order.

    ```python
    rows = [{"nps_last": 9, "nps_last_at": date(2026, 11, 18), "nps_last_id": "f1"}]
    c = facts_in(rows)
    rule = Trigger("promoter", since=c.nps_last_at, record=c.nps_last_id, when=c.nps_last >= 9,
                   because="rated us {nps_last}/10")
    assert decide([rule], rows, date(2026, 11, 20))[0]["verdict"] == "ask"
    ```

    Args:
        rules: Triggers, suppressors, weights, stage rules and plays; facts among them declare the
            types and fills of columns that rows leave out.
        rows: One contact each: fact to value, None for unknown. ``contact_id`` may be left out.
        as_of: Day of the run.
        overrides: Entries of ``goodword.toml``.
        types: Types of facts that are unknown in every row.

    Raises:
        RuleError: A rule does not fit the facts.
    """
    import narwhals.stable.v2 as nw

    _, frame = decided_frame(rules, rows, as_of, overrides, types)
    days = [nw.col(name).dt.date() for name in ("opens", "closes", "next_ask")]
    shown = frame.with_columns(days).select(SHOWN)
    by_contact = {row["contact_id"]: row for row in shown.iter_rows(named=True)}
    return [by_contact[_contact_id(row, number)] for number, row in enumerate(rows, 1)]


def decided_frame(
    rules: Sequence[Rule],
    rows: Sequence[Row],
    as_of: date,
    overrides: Sequence[Override] = (),
    types: Mapping[str, ColumnType] | None = None,
) -> tuple[Rulebook, nw.DataFrame[Any]]:
    """Return the rulebook and the whole decided frame.

    Arguments as for ``decide``.
    """
    engine = open_engine("polars")
    facts = _of(Fact, rules)
    found = {**fact_types_in(rows, facts), **(types or {})}
    book = rulebook(rules, found, overrides)
    columns: dict[str, ColumnType] = {"contact_id": "text", **DECISION_TYPES, **found}
    fills = {fact.name: fact.fill for fact in facts if fact.fill is not None}
    frame = engine.rows([_filled(row, n, fills) for n, row in enumerate(rows, 1)], columns)
    if book.stages.rules:
        frame = add_stage(frame.drop("stage"), book.stages, as_of)
    return book, engine.collect(decide_frame(frame, book, as_of))


def _filled(row: Row, number: int, fills: Mapping[str, object]) -> dict[str, object]:
    values = {name: midnight_of(value) for name, value in row.items()}
    missing = {name: value for name, value in fills.items() if values.get(name) is None}
    return {**values, **missing, "contact_id": _contact_id(row, number)}


def _contact_id(row: Row, number: int) -> str:
    return str(row.get("contact_id") or f"contact {number}")


def midnight_of(value: object) -> object:
    """Return a plain day as its first instant, anything else as it is."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value


def _type_of(name: str, value: object) -> ColumnType:
    kinds: list[tuple[type, ColumnType]] = [
        (bool, "bool"),
        (int, "int"),
        (str, "text"),
        (date, "time"),
    ]
    for cls, kind in kinds:
        if isinstance(value, cls):
            return kind
    msg = f"Column {name!r} holds a value of type {type(value).__name__}."
    raise UsageError(msg, hint="Use texts, whole numbers, True/False, dates or None.")


def _of(kind: type[R], rules: Iterable[object]) -> list[R]:
    return [rule for rule in rules if isinstance(rule, kind)]
