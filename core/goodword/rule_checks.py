"""What makes a rule usable: known facts, right types, a shape that can be decided.

Every refusal names the plugin (or ``goodword.toml``), the kind and the name of the rule.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from string import Formatter
from typing import get_args

from goodword.errors import RuleError
from goodword.expressions import RESERVED, Expr, type_of
from goodword.hookspecs import StageModel, Touchpoint
from goodword.rules import (
    SEVERITY,
    Fact,
    Play,
    Rule,
    StageRule,
    Suppressor,
    Trigger,
    Verdict,
    Weight,
    expressions_of,
    fields_of,
)
from goodword.tables import TABLES, ColumnType

TOML = "goodword.toml"
"""Source of the rules the firm wrote itself."""
PERIODS = ("week", "month", "quarter", "year")
_EXPECTED: dict[tuple[type, str], ColumnType] = {
    (Trigger, "since"): "time",
    (Trigger, "record"): "text",
    (Suppressor, "since"): "time",
    (Suppressor, "until"): "time",
    (Suppressor, "days"): "int",
    (Weight, "points"): "int",
    (Play, "record"): "text",
    (Play, "since"): "time",
}
_CONDITIONS = frozenset({"when", "since", "record", "until"})
_NEEDED = frozenset({(StageRule, "when"), (Trigger, "since"), (Trigger, "record")})
_WHOLE = ("wait_days", "expires_days", "points", "days", "due_days", "tier")


def check_rule(rule: Rule, source: str, types: Mapping[str, ColumnType]) -> None:
    """Refuse *rule* unless it fits the facts of *types*.

    Args:
        rule: The rule.
        source: Its plugin, or ``goodword.toml``.
        types: Every fact it may read.

    Raises:
        RuleError: What is wrong, with plugin, kind and name.
    """
    try:
        _check_kinds(rule)
        for name, expr in expressions_of(rule).items():
            found = type_of(expr, types)
            expected = _EXPECTED.get((type(rule), name), "bool")
            if found != expected:
                msg = f"its {name} is {found}, not {expected}."
                raise RuleError(msg, hint=_typed(expr, found, expected, source))
        has_events = isinstance(rule, Play) and rule.events is not None
        for name in fields_of(getattr(rule, "because", "")) if not has_events else ():
            type_of(Expr("fact", (name,)), types)
        _check_shape(rule)
    except RuleError as error:
        where = source if source == TOML else f"Plugin {source!r}"
        kind = type(rule).__name__.lower()
        msg = f"{where}, {kind} {rule.name!r}: {_continued(error.message)}"
        plugin = "" if source == TOML else source
        raise RuleError(msg, hint=error.hint, plugin=plugin) from error


def check_stages(model: StageModel, source: str, types: Mapping[str, ColumnType]) -> None:
    """Refuse a stage model whose rules name a stage it lacks, or do not fit the facts."""
    for rule in model.rules:
        check_rule(rule, source, types)
        if rule.stage not in model.stages:
            msg = f"Plugin {source!r}, stagerule {rule.name!r}: there is no stage {rule.stage!r}."
            hint = f"Stages of the model: {', '.join(model.stages)}."
            raise RuleError(msg, hint=hint, plugin=source)


def check_names(
    facts: Iterable[tuple[str, Fact]], rules: Iterable[tuple[str, Rule]], taken: Iterable[str]
) -> None:
    """Refuse two facts of one name, two rules of one name, and a fact with a name of the core's.

    Args:
        facts: Facts with their plugins.
        rules: Rules of every kind, stage rules included, with their plugins.
        taken: Names of facts the core adds itself.
    """
    core = {**dict.fromkeys(taken, "the core"), **dict.fromkeys(RESERVED, "the core")}
    for kind, entries, first in (("fact", facts, core), ("rule", rules, {})):
        owners = {name: f"{source}" for name, source in first.items()}
        for plugin, entry in entries:
            if entry.name in owners:
                other = owners[entry.name]
                msg = f"Plugin {plugin!r}: {kind} {entry.name!r} is already one of {other!r}."
                hint = "Rename one, or take one plugin out of [plugins] enabled."
                raise RuleError(msg, hint=hint, plugin=plugin)
            owners[entry.name] = plugin


def check_touchpoints(
    points: Iterable[tuple[str, Touchpoint]], stages: Sequence[str], bundled: str
) -> None:
    """Refuse two touchpoints of one id, and one of a stage the model does not have.

    Args:
        points: Touchpoints with their plugins.
        stages: The stages of the firm's model.
        bundled: Plugin whose catalogue may name stages that another stage model left out.
    """
    owners: dict[str, str] = {}
    for plugin, point in points:
        where = f"Plugin {plugin!r}, touchpoint {point.id!r}"
        if point.id in owners:
            msg = f"{where}: plugin {owners[point.id]!r} has one of this id."
            raise RuleError(msg, hint="Rename one.", plugin=plugin)
        if point.stage not in stages and plugin != bundled:
            msg = f"{where}: there is no stage {point.stage!r}."
            hint = nearest(point.stage, stages, f"Stages: {', '.join(stages)}.")
            raise RuleError(msg, hint=hint, plugin=plugin)
        owners[point.id] = plugin


def _check_kinds(rule: Rule) -> None:
    """Refuse what no type checker saw: a text for a condition, a list for a function, braces."""
    for field in fields(rule):
        value = getattr(rule, field.name)
        needed = (type(rule), field.name) in _NEEDED
        wanted = field.name in _CONDITIONS and (value is not None or needed)
        if wanted and not isinstance(value, Expr):
            msg = f"its {field.name} is {a_kind(value)}, not an expression over facts."
            near = value if isinstance(value, str) and value.isidentifier() else "visits"
            example = f"c.{near} > 0" if field.name == "when" else f"c.{near}"
            raise RuleError(msg, hint=f"Write it with c, for example {example}.")
        if field.name in {"build", "events"} and value is not None and not callable(value):
            msg = f"its {field.name} is {a_kind(value)}, not a function."
            raise RuleError(msg, hint=f"Give {field.name}=name_of_the_function, not its result.")
        if field.name in {"name", "because"} and not isinstance(value, str):
            msg = f"its {field.name} is {a_kind(value)}, not a text."
            raise RuleError(msg, hint="Write a text.")
    _check_braces(getattr(rule, "because", ""))


def _check_braces(sentence: str) -> None:
    """Refuse a sentence whose braces do not each hold the name of a fact."""
    hint = "Put one name in each pair of braces: {visits}. For a plain brace write it twice."
    try:
        names = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
    except ValueError as error:
        msg = "its because has a brace without its partner."
        raise RuleError(msg, hint=hint) from error
    if "" in names:
        msg = "its because has empty braces."
        raise RuleError(msg, hint=hint)


def a_kind(value: object) -> str:
    """Return the type of *value* with its article, for a message that keeps the value out."""
    name = "None" if value is None else type(value).__name__
    article = "" if value is None else "an " if name[0].lower() in "aeiou" else "a "
    return article + name


def _typed(expr: Expr, found: ColumnType, expected: ColumnType, source: str) -> str:
    """Return the hint for an expression of another type than its field needs."""
    if expected != "bool":
        return f"Give a fact or an expression of type {expected}."
    name = str(expr.args[0]) if expr.op == "fact" and found == "int" else "visits"
    return f"Compare it, for example {'' if source == TOML else 'c.'}{name} > 0."


def nearest(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return the hint that names the known name most like *name*."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else otherwise


def _check_shape(rule: Rule) -> None:
    for name in _WHOLE:
        value = getattr(rule, name, None)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | Expr)):
            msg = f"its {name} is not a whole number."
            raise RuleError(msg, hint="Use whole numbers.")
        if name != "points" and isinstance(value, int) and value < 0:
            msg = f"its {name} is negative."
            raise RuleError(msg, hint="Use 0 or more.")
    if isinstance(rule, Suppressor):
        _check_suppressor(rule)
    if isinstance(rule, Play):
        _check_play(rule)
    if isinstance(rule, Fact):
        _check_fact(rule)


def _check_suppressor(rule: Suppressor) -> None:
    if rule.when is None and rule.since is None:
        msg = "it has neither when nor since + days."
        raise RuleError(msg, hint="Say when it applies.")
    if (rule.since is None) != (rule.days is None):
        msg = "since and days belong together."
        raise RuleError(msg, hint="Give both, or neither.")
    if rule.verdict not in SEVERITY:
        msg = f"verdict {rule.verdict!r} is not known."
        raise RuleError(msg, hint=f"Use one of: {', '.join(SEVERITY)}.")


def _check_play(rule: Play) -> None:
    if rule.verdict is None and rule.when is None and rule.events is None:
        msg = "it never fires."
        raise RuleError(msg, hint="Give it a verdict, a when or events.")
    if rule.verdict is not None and rule.verdict not in get_args(Verdict):
        msg = f"verdict {rule.verdict!r} is not known."
        raise RuleError(msg, hint=f"Use one of: {', '.join(get_args(Verdict))}.")
    if rule.every is not None and rule.every not in PERIODS:
        msg = f"every {rule.every!r} is not a period."
        raise RuleError(msg, hint=f"Use one of: {', '.join(PERIODS)}.")
    if rule.verdict is None and rule.events is None and rule.every is None and rule.record is None:
        msg = "it has no cycle, so it could be written only once or for ever."
        raise RuleError(msg, hint="Give it record= (an id) or every= (a period).")
    dated = rule.since is not None or rule.events is not None
    if (rule.expires_days is not None and not dated) or (
        rule.since is not None and rule.expires_days is None
    ):
        msg = "since and expires_days belong together."
        raise RuleError(msg, hint="Give both, or neither; events carry their own time.")


def _check_fact(rule: Fact) -> None:
    if rule.type not in get_args(ColumnType):
        msg = f"there is no type {rule.type!r}."
        raise RuleError(msg, hint=f"Use one of: {', '.join(get_args(ColumnType))}.")
    for table in rule.reads:
        if table not in TABLES:
            msg = f"there is no table {table!r}."
            raise RuleError(msg, hint=nearest(table, TABLES, f"Tables: {', '.join(TABLES)}."))
    fills: dict[ColumnType, type] = {"text": str, "int": int, "bool": bool}
    if rule.fill is not None and type(rule.fill) is not fills.get(rule.type):
        msg = f"its fill is not of type {rule.type}."
        raise RuleError(msg, hint="Fill a count with 0; leave a measurement unknown (None).")


def _continued(message: str) -> str:
    """Return *message* as the second half of a sentence."""
    return message[:1].lower() + message[1:]
