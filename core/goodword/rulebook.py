"""The rulebook: every rule of a firm in one value, layered, checked and hashed.

Defaults come first, plugins may add rules, ``goodword.toml`` has the last word, key by key. Names
are unique across kinds; a hard suppressor changes only with a written reason; a locked one never.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from goodword.conditions import parse
from goodword.errors import RuleError
from goodword.hookspecs import StageModel
from goodword.rule_checks import TOML as TOML
from goodword.rule_checks import check_names, check_rule, check_stages, nearest
from goodword.rules import (
    SEVERITY,
    Deciding,
    Fact,
    Play,
    Rule,
    Suppressor,
    Trigger,
    Weight,
    canonical_text,
)
from goodword.tables import ColumnType

R = TypeVar("R", Trigger, Suppressor, Weight, Play)
Named: TypeAlias = Trigger | Suppressor | Weight | Play
"""A rule that ``goodword.toml`` may change by its name."""

DECISION_TYPES: dict[str, ColumnType] = {
    "stage": "text",
    "clv": "int",
    "crv": "int",
    "p_refer": "int",
    "referral_worth": "int",
    "segment": "text",
    "score": "int",
}
"""Facts the core adds after stages and scores; ask rules and plays may read them."""

KINDS: dict[str, type[Trigger] | type[Suppressor] | type[Weight] | type[Play]] = {
    "trigger": Trigger,
    "suppressor": Suppressor,
    "weight": Weight,
    "play": Play,
}
_CONDITIONS = {"when", "since", "days", "until"}


@dataclass(frozen=True, slots=True)
class Override:
    """One ``[[ask.…]]`` or ``[[play]]`` entry of the settings: a kind, a name and its keys."""

    kind: str
    name: str
    keys: Mapping[str, object]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Every rule of a firm, in the order they are numbered.

    ``sources`` names the plugin (or ``goodword.toml``) of each rule, and of each fact whose name no
    rule has; ``fact_sources`` that of each fact. ``exceptions`` are the hard suppressors the firm
    changed, with its reasons, printed in every plan.
    """

    stages: StageModel
    facts: tuple[Fact, ...]
    triggers: tuple[Trigger, ...]
    suppressors: tuple[Suppressor, ...]
    weights: tuple[Weight, ...]
    plays: tuple[Play, ...]
    types: Mapping[str, ColumnType]
    sources: Mapping[str, str]
    fact_sources: Mapping[str, str]
    exceptions: tuple[str, ...]

    @property
    def deciding(self) -> tuple[Deciding, ...]:
        """Every rule that has a say in whether to ask today, in the order they are numbered."""
        return (*self.triggers, *self.suppressors, *self.weights)

    @property
    def asking(self) -> frozenset[str]:
        """Names, earlier ones too, of the plays whose tasks ask for a referral."""
        plays = (play for play in self.plays if play.asks)
        return frozenset(name for play in plays for name in (play.name, *play.renamed_from))

    def with_suppressors(self, rules: Sequence[Suppressor]) -> Rulebook:
        """Return the book with more reasons not to ask, which no trigger is exempt from.

        They come from the core itself, for one run; a plan carries the hash of the firm's rules.
        """
        suppressors = sorted([*self.suppressors, *rules], key=_by_severity)
        sources = {**self.sources, **{rule.name: "goodword" for rule in rules}}
        return replace(self, suppressors=tuple(suppressors), sources=sources)

    @property
    def hash(self) -> str:
        """Hash over the text of every rule; a plan made under other rules is refused."""
        rules: list[Rule] = [*self.stages.rules, *self.facts, *self.triggers, *self.suppressors]
        rules += [*self.weights, *self.plays]
        texts = "\n".join([*self.stages.stages, *sorted(canonical_text(rule) for rule in rules)])
        return hashlib.sha256(texts.encode()).hexdigest()[:16]


def assemble(
    stages: tuple[str, StageModel],
    facts: Sequence[tuple[str, Fact]],
    answers: Sequence[tuple[str, Named]],
    overrides: Sequence[Override],
    types: Mapping[str, ColumnType],
) -> Rulebook:
    """Layer and check all rules.

    Args:
        stages: The stage model with the plugin it came from.
        facts: Facts with their plugins.
        answers: Rules with their plugins, bundled plugin first.
        overrides: Entries of ``goodword.toml``.
        types: Every base fact, with its type.

    Raises:
        RuleError: Two rules of one name, an unknown fact, a wrong type, a forbidden change; the
            message names plugin and rule.
    """
    source, model = stages
    stage_rules: list[tuple[str, Rule]] = [(source, rule) for rule in model.rules]
    check_names(facts, [*answers, *stage_rules], DECISION_TYPES)
    fact_sources = {fact.name: plugin for plugin, fact in facts}
    for plugin, fact in facts:
        check_rule(fact, plugin, types)
    rules: dict[str, Named] = {rule.name: rule for _, rule in answers}
    sources = fact_sources | {rule.name: plugin for plugin, rule in [*answers, *stage_rules]}
    origins = dict(sources)
    exceptions: list[str] = []
    for override in overrides:
        _apply(override, rules, sources, exceptions)
    check_stages(model, source, types)
    seen = {**types, **DECISION_TYPES}
    for rule in rules.values():
        check_rule(rule, sources[rule.name], seen)
        _check_asks(rule, sources[rule.name])
    exceptions += _exempted(rules, origins, overrides)
    return Rulebook(
        stages=model,
        facts=tuple(fact for _, fact in facts),
        triggers=tuple(sorted(_of(Trigger, rules), key=lambda t: (-t.points, t.name))),
        suppressors=tuple(sorted(_of(Suppressor, rules), key=_by_severity)),
        weights=tuple(sorted(_of(Weight, rules), key=lambda w: w.name)),
        plays=tuple(sorted(_of(Play, rules), key=lambda p: (p.tier, p.name))),
        types=seen,
        sources=sources,
        fact_sources=fact_sources,
        exceptions=tuple(exceptions),
    )


def _by_severity(rule: Suppressor) -> tuple[int, str]:
    return (SEVERITY[rule.verdict], rule.name)


def _check_asks(rule: Trigger | Suppressor | Weight | Play, source: str) -> None:
    """Refuse a play that asks past the verdict: every reason not to ask must have been heard."""
    if isinstance(rule, Play) and rule.asks and rule.verdict != "ask":
        where = TOML if source == TOML else f"Plugin {source!r}"
        msg = f"{where}, play {rule.name!r}: a play that asks must fire for the verdict ask."
        hint = 'Give it verdict = "ask"; narrow it with when.'
        raise RuleError(msg, hint=hint, plugin="" if source == TOML else source)


def _of(kind: type[R], rules: Mapping[str, Named]) -> list[R]:
    return [rule for rule in rules.values() if isinstance(rule, kind)]


def _exempted(
    rules: Mapping[str, Named], origins: Mapping[str, str], overrides: Sequence[Override]
) -> list[str]:
    """Refuse triggers that step around a protected rule; return those the firm gave a reason for.

    A plugin may exempt its triggers from its own hard suppressors and from any soft one.

    Args:
        rules: All rules as they stand.
        origins: Plugin of each rule before the settings spoke.
        overrides: Entries of ``goodword.toml``.
    """
    rewritten = {o.name: o.reason for o in overrides if "exempt" in o.keys}
    exceptions: list[str] = []
    for trigger in _of(Trigger, rules):
        ours = trigger.name in rewritten
        source = TOML if ours else origins.get(trigger.name, TOML)
        where = f"{TOML if ours else f'Plugin {source!r}'}, trigger {trigger.name!r}"
        for name in trigger.exempt:
            rule = rules.get(name)
            if (name not in origins and rule is None) or not isinstance(rule, Suppressor | None):
                msg = f"{where}: it is exempt from {name!r}, which is no suppressor."
                hint = nearest(name, [r.name for r in _of(Suppressor, rules)], "Take it out.")
                raise RuleError(msg, hint=hint, plugin="" if ours else source)
            protected = rule is not None and (rule.hard or rule.locked)
            if not protected or source == origins.get(name, TOML):
                continue
            if (rule is not None and rule.locked) or not rewritten.get(trigger.name):
                msg = f"{where}: it may not be exempt from the protected rule {name!r}."
                hint = "Take it out of exempt; only goodword.toml may, with a reason."
                raise RuleError(msg, hint=hint, plugin="" if ours else source)
            reason = rewritten[trigger.name]
            exceptions.append(f"{trigger.name} exempt from {name} in {TOML}: {reason}")
    return exceptions


def _apply(
    override: Override,
    rules: dict[str, Named],
    sources: dict[str, str],
    exceptions: list[str],
) -> None:
    """Change, remove or add one rule as the settings say."""
    where = f"{TOML}, {override.kind} {override.name!r}"
    cls = KINDS[override.kind]
    rule = rules.get(override.name)
    keys = dict(override.keys)
    enabled = keys.pop("enabled", True)
    if isinstance(rule, Suppressor) and rule.locked:
        msg = f"{where}: this rule protects consent and cannot be changed."
        raise RuleError(msg, hint="Take the entry out.")
    if isinstance(rule, Suppressor) and rule.hard:
        if not override.reason:
            msg = f"{where}: this is a hard rule; changing it needs a reason."
            raise RuleError(msg, hint='Add reason = "…"; every plan will print it.')
        verb = "changed" if enabled else "switched off"
        exceptions.append(f"{override.name} {verb} in {TOML}: {override.reason}")
    if rule is not None and not isinstance(rule, cls):
        msg = f"{where}: {override.name!r} is a {type(rule).__name__.lower()}."
        raise RuleError(msg, hint=f"Put it under the section of a {type(rule).__name__.lower()}.")
    if not enabled:
        if rule is None:
            raise _unknown(where, override.name, rules)
        del rules[override.name]
        return
    values = {key: _value(where, key, value) for key, value in keys.items()}
    sources[override.name] = TOML
    if rule is None:
        rules[override.name] = _new(cls, override.name, values, where, rules)
        return
    if values.keys() & _CONDITIONS and isinstance(rule, Suppressor):
        values = dict.fromkeys(_CONDITIONS) | values
    rules[override.name] = replace(rule, **values)  # type: ignore[arg-type]  # keys were checked


def _new(
    cls: type[Trigger] | type[Suppressor] | type[Weight] | type[Play],
    name: str,
    values: Mapping[str, object],
    where: str,
    rules: Mapping[str, object],
) -> Named:
    needed = {
        Trigger: {"since", "record", "because"},
        Suppressor: {"because"},
        Weight: {"points", "because"},
        Play: {"doc"},
    }[cls]
    if needed - values.keys():
        lacks = ", ".join(sorted(needed - values.keys()))
        msg = f"{where}: there is no rule of this name, and a new one also needs {lacks}."
        raise RuleError(msg, hint=nearest(name, rules, "Add what it needs."))
    return cls(name=name, **values)  # type: ignore[arg-type]  # keys were checked by the settings


def _unknown(where: str, name: str, rules: Mapping[str, object]) -> RuleError:
    hint = nearest(name, rules, "See goodword plugins for the names of rules.")
    return RuleError(f"{where}: there is no rule of this name.", hint=hint)


def _value(where: str, key: str, value: object) -> object:
    """Turn condition texts into trees; other keys stay as they are."""
    if key in {*_CONDITIONS, "record", "points"} and isinstance(value, str | int | bool):
        if key == "points" and isinstance(value, int):
            return value
        try:
            return parse(value)
        except RuleError as error:
            msg = f"{where}, key {key!r}: {error.message}"
            raise RuleError(msg, hint=error.hint) from error
    return tuple(value) if isinstance(value, list) else value
