"""The rulebook: who may say what, who has the last word, and how a mistake is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from goodword import Fact, Facts, Play, RuleError, StageRule, Suppressor, Trigger, Weight, last
from goodword.hookspecs import StageModel
from goodword.model import STAGES
from goodword.rulebook import Override, Rulebook, assemble
from goodword.rules import Rule
from goodword.tables import ColumnType
from goodword.testing import decide

TYPES: dict[str, ColumnType] = {
    "nps_last": "int",
    "nps_last_at": "time",
    "nps_last_id": "text",
    "tickets_open": "int",
    "asked_last_at": "time",
    "rest_until": "time",
    "opted_out": "bool",
    "extra.tier": "text",
}
C = Facts(TYPES)
PROMOTER = Trigger(
    "promoter",
    since=C.nps_last_at,
    record=C.nps_last_id,
    when=C.nps_last >= 9,
    points=30,
    because="rated us {nps_last}/10",
)
COOLDOWN = Suppressor(
    "cooldown", since=C.asked_last_at, days=90, because="asked on {asked_last_at}"
)
TICKET = Suppressor(
    "open_ticket",
    when=C.tickets_open > 0,
    verdict="recover",
    hard=True,
    because="{tickets_open} open",
)
CONSENT = Suppressor(
    "opt_out", when=C.opted_out, verdict="never", hard=True, locked=True, because="opted out"
)
KEEN = Weight("keen", points=C.nps_last * 2, because="keen")
ASK = Play("ask", "Ask for a referral.", verdict="ask", asks=True)
STAGE = StageRule("rated", "trust", C.nps_last.is_known())


def book(
    *rules: Trigger | Suppressor | Weight | Play,
    overrides: Sequence[Override] = (),
    other: Sequence[Trigger | Suppressor | Weight | Play] = (),
    facts: Sequence[tuple[str, Fact]] = (),
    stages: Sequence[StageRule] = (STAGE,),
) -> Rulebook:
    """A rulebook of *rules* of plugin "ours" and *other* of plugin "theirs"."""
    answers = [*(("ours", rule) for rule in rules), *(("theirs", rule) for rule in other)]
    model = StageModel(STAGES, tuple(stages), {})
    return assemble(("ours", model), facts, answers, overrides, TYPES)


def only(found: Rulebook, name: str) -> Any:
    rules: list[Rule] = [*found.triggers, *found.suppressors, *found.weights, *found.plays]
    return next(rule for rule in rules if rule.name == name)


# ------------------------------------------------------------------ order and hash


def test_rules_are_numbered_the_same_whatever_order_plugins_load_in() -> None:
    rules = [PROMOTER, COOLDOWN, TICKET, CONSENT, KEEN, ASK]
    one, other = book(*rules), book(*reversed(rules))
    assert one.suppressors == other.suppressors
    assert [rule.name for rule in one.suppressors] == ["opt_out", "open_ticket", "cooldown"]
    assert one.hash == other.hash


@pytest.mark.parametrize(
    "changed",
    [
        replace(PROMOTER, points=31),
        replace(PROMOTER, when=C.nps_last >= 8),
        replace(PROMOTER, because="rated us well"),
        replace(PROMOTER, exempt=("cooldown",)),
    ],
)
def test_any_change_of_a_rule_changes_the_hash(changed: Trigger) -> None:
    assert book(changed, COOLDOWN).hash != book(PROMOTER, COOLDOWN).hash


def test_each_rule_knows_its_plugin() -> None:
    found = book(PROMOTER, COOLDOWN, other=[KEEN])
    assert (found.sources["promoter"], found.sources["keen"]) == ("ours", "theirs")


def test_a_fact_and_a_rule_may_share_a_name_and_keep_their_own_plugin() -> None:
    fact = Fact("cooldown", "int", "Days of rest.", last("asks", by="done_at", take={}))
    found = book(COOLDOWN, facts=[("counting", fact)])
    assert (found.sources["cooldown"], found.fact_sources["cooldown"]) == ("ours", "counting")


# ------------------------------------------------------------------ names


def test_two_plugins_with_one_rule_name_are_both_named() -> None:
    with pytest.raises(RuleError, match=r"'theirs': rule 'cooldown' is already one of 'ours'"):
        book(COOLDOWN, other=[replace(COOLDOWN, days=30)])


def test_names_are_unique_across_kinds() -> None:
    with pytest.raises(RuleError, match="rule 'cooldown' is already"):
        book(COOLDOWN, other=[replace(KEEN, name="cooldown")])
    with pytest.raises(RuleError, match="rule 'rated' is already"):
        book(replace(COOLDOWN, name="rated"))


def test_two_facts_of_one_name_are_refused() -> None:
    fact = Fact("visits", "int", "Visits.", last("activities", by="at", take={}), fill=0)
    with pytest.raises(RuleError, match=r"'b': fact 'visits' is already one of 'a'"):
        book(facts=[("a", fact), ("b", fact)])


@pytest.mark.parametrize(
    "name", ["when", "days_since", "doublings", "extra", "stage", "clv", "score"]
)
def test_a_fact_may_not_take_a_name_of_the_core(name: str) -> None:
    fact = Fact(name, "int", "Doc.", last("activities", by="at", take={}))
    with pytest.raises(RuleError, match=f"fact {name!r} is already one of 'the core'"):
        book(facts=[("a", fact)])


# ------------------------------------------------------------------ facts and types


def test_a_misspelt_fact_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(RuleError, match=r"Unknown fact 'nps_lst'.*Did you mean 'nps_last'"):
        _ = C.nps_lst


def test_a_fact_another_plugin_misspelt_names_plugin_and_rule() -> None:
    theirs = Facts({**TYPES, "nps_lasts": "int"})
    rule = replace(PROMOTER, name="fans", when=theirs.nps_lasts >= 9)
    with pytest.raises(RuleError) as refused:
        book(other=[rule])
    assert refused.value.message == "Plugin 'theirs', trigger 'fans': unknown fact 'nps_lasts'."
    assert refused.value.hint == "Did you mean 'nps_last'?"
    assert refused.value.plugin == "theirs"


def test_a_sentence_may_only_name_known_facts() -> None:
    with pytest.raises(RuleError, match=r"trigger 'promoter': unknown fact 'nps'"):
        book(replace(PROMOTER, because="rated {nps}"))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (replace(PROMOTER, since=C.nps_last), "its since is int, not time"),
        (replace(PROMOTER, record=C.nps_last), "its record is int, not text"),
        (replace(PROMOTER, when=C.nps_last), "its when is int, not bool"),
        (replace(PROMOTER, when=C.nps_last >= "9"), "does not work on int and text"),
        (replace(COOLDOWN, days=C.nps_last_id), "its days is text, not int"),
        (replace(COOLDOWN, until=C.opted_out), "its until is bool, not time"),
        (replace(KEEN, points=C.opted_out), "its points is bool, not int"),
        (replace(KEEN, points=2.5), "its points is not a whole number"),
        (replace(PROMOTER, wait_days=-1), "its wait_days is negative"),
        (replace(COOLDOWN, days=True), "its days is not a whole number"),
        (replace(COOLDOWN, since=None), "neither when nor since"),
        (replace(COOLDOWN, days=None), "since and days belong together"),
        (replace(COOLDOWN, verdict="perhaps"), "verdict 'perhaps' is not known"),
        (replace(ASK, verdict=None), "it never fires"),
        (replace(ASK, verdict="asking"), "verdict 'asking' is not known"),
        (replace(ASK, verdict=None, when=C.opted_out), "it has no cycle"),
        (replace(ASK, every="day"), "every 'day' is not a period"),
        (replace(PROMOTER, when=True), "its when is a bool, not an expression"),
        (replace(PROMOTER, since="nps_last_at"), "its since is a str, not an expression"),
        (replace(PROMOTER, since=None), "its since is None, not an expression"),
        (replace(COOLDOWN, until=3), "its until is an int, not an expression"),
        (replace(STAGE, when=True), "its when is a bool, not an expression"),
        (replace(ASK, events=[1]), "its events is a list, not a function"),
        (replace(PROMOTER, because="rated {nps_last"), "a brace without its partner"),
        (replace(PROMOTER, because="rated nps_last}"), "a brace without its partner"),
        (replace(PROMOTER, because="rated {}"), "empty braces"),
        (replace(KEEN, because=None), "its because is None, not a text"),
        (replace(ASK, expires_days=9), "since and expires_days belong together"),
        (replace(ASK, since=C.nps_last_at), "since and expires_days belong together"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_rule_of_the_wrong_shape_says_what_is_wrong(rule: Any, message: str) -> None:
    rules, stages = ([], [rule]) if isinstance(rule, StageRule) else ([rule], [STAGE])
    with pytest.raises(RuleError) as refused:
        book(*rules, stages=stages)
    assert message in refused.value.message
    assert refused.value.message.startswith("Plugin 'ours', ")
    assert repr(rule.name) in refused.value.message
    assert refused.value.hint


def test_a_hint_says_how_to_write_it() -> None:
    for rule, hint in [
        (replace(PROMOTER, when=C.nps_last), "Compare it, for example c.nps_last > 0."),
        (replace(PROMOTER, when=C.nps_last_id), "Compare it, for example c.visits > 0."),
        (replace(PROMOTER, since="nps_last_at"), "Write it with c, for example c.nps_last_at."),
    ]:
        with pytest.raises(RuleError) as refused:
            book(rule)
        assert refused.value.hint == hint


def test_a_play_of_events_may_expire_by_the_time_of_the_event() -> None:
    made = book(replace(ASK, verdict=None, asks=False, events=print, expires_days=9))
    assert only(made, "ask").expires_days == 9


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (Fact("a", "float", "Doc.", print), "there is no type 'float'"),  # type: ignore[arg-type]
        (Fact("a", "int", "Doc.", print, reads=("ticket",)), "there is no table 'ticket'"),  # type: ignore[arg-type]
        (Fact("a", "int", "Doc.", print, fill="0"), "its fill is not of type int"),  # type: ignore[arg-type]
        (Fact("a", "int", "Doc.", print, fill=False), "its fill is not of type int"),  # type: ignore[arg-type]
    ],
    ids=["type", "table", "fill", "fill-bool"],
)
def test_a_fact_of_the_wrong_shape_says_what_is_wrong(fact: Fact, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        book(facts=[("ours", fact)])


def test_stage_rules_see_base_facts_only() -> None:
    rule = StageRule("rich", "buy", Facts({"clv": "int"}).clv > 0)
    with pytest.raises(RuleError, match="unknown fact 'clv'"):
        book(stages=[rule])


def test_a_stage_rule_for_a_stage_that_is_not_there_is_refused() -> None:
    with pytest.raises(RuleError, match="there is no stage 'bought'"):
        book(stages=[StageRule("bought", "bought", C.opted_out)])


def test_ask_rules_see_stage_and_scores() -> None:
    c = Facts({"stage": "text", "crv": "int"})
    rule = Suppressor("early", when=(c.stage == "know") & (c.crv < 100), because="stage {stage}")
    assert only(book(rule), "early") == rule


# ------------------------------------------------------------------ what the firm says


def test_the_firm_changes_a_rule_key_by_key() -> None:
    changed = book(PROMOTER, overrides=[Override("trigger", "promoter", {"points": 55})])
    assert only(changed, "promoter") == replace(PROMOTER, points=55)
    assert changed.sources["promoter"] == "goodword.toml"


def test_a_new_condition_replaces_when_since_days_and_until_together() -> None:
    rule = replace(COOLDOWN, until=C.rest_until)
    days = {"since": "asked_last_at", "days": "60 if extra.tier == 'gold' else 90"}
    changed = only(book(rule, overrides=[Override("suppressor", "cooldown", days)]), "cooldown")
    assert str(changed.days) == "(60 if (extra.tier == 'gold') else 90)"
    assert (changed.when, changed.until) == (None, None)
    assert changed.because == rule.because
    condition = [Override("suppressor", "cooldown", {"when": "tickets_open > 2"})]
    changed = only(book(rule, overrides=condition), "cooldown")
    assert str(changed.when) == "(tickets_open > 2)"
    assert (changed.since, changed.days, changed.until) == (None, None, None)


def test_another_sentence_keeps_the_condition() -> None:
    changed = book(COOLDOWN, overrides=[Override("suppressor", "cooldown", {"because": "resting"})])
    assert only(changed, "cooldown") == replace(COOLDOWN, because="resting")


def test_the_firm_switches_a_rule_off() -> None:
    off = [Override("suppressor", "cooldown", {"enabled": False})]
    assert book(PROMOTER, COOLDOWN, overrides=off).suppressors == ()


def test_the_firm_adds_a_rule_of_its_own() -> None:
    keys = {"when": "extra.tier == 'prospect'", "because": "not a customer yet"}
    found = book(overrides=[Override("suppressor", "prospects", keys)])
    assert found.suppressors[0].name == "prospects"
    assert found.sources["prospects"] == "goodword.toml"


def test_a_rule_of_the_firm_decides_like_any_other() -> None:
    row = {
        "nps_last": 9,
        "nps_last_at": date(2026, 11, 18),
        "nps_last_id": "f1",
        "extra.tier": "gold",
    }
    rest = {
        "since": "nps_last_at",
        "days": "5 if extra.tier == 'gold' else 90",
        "because": "tier {extra.tier}",
    }
    found = decide(
        [PROMOTER], [row], date(2026, 11, 20), overrides=[Override("suppressor", "rest", rest)]
    )
    assert (found[0]["code"], found[0]["next_ask"]) == ("rest", date(2026, 11, 23))
    assert found[0]["because"] == "tier gold"


@pytest.mark.parametrize(
    ("override", "message", "hint"),
    [
        (
            Override("suppressor", "cooldwn", {"days": 60}),
            "goodword.toml, suppressor 'cooldwn': there is no rule of this name, and a new one",
            "Did you mean 'cooldown'?",
        ),
        (
            Override("trigger", "promoters", {"enabled": False}),
            "goodword.toml, trigger 'promoters': there is no rule of this name",
            "Did you mean 'promoter'?",
        ),
        (
            Override("weight", "cooldown", {"points": 3}),
            "goodword.toml, weight 'cooldown': 'cooldown' is a suppressor",
            "Put it under the section of a suppressor.",
        ),
        (
            Override("suppressor", "cooldown", {"when": "ticketsopen > 0"}),
            "goodword.toml, suppressor 'cooldown': unknown fact 'ticketsopen'",
            "Did you mean 'tickets_open'?",
        ),
        (
            Override("suppressor", "cooldown", {"when": "tickets_open"}),
            "goodword.toml, suppressor 'cooldown': its when is int, not bool",
            "Compare it, for example tickets_open > 0.",
        ),
        (
            Override("suppressor", "cooldown", {"when": "tickets_open >"}),
            "goodword.toml, suppressor 'cooldown', key 'when': The condition",
            "Write it like",
        ),
        (
            Override("suppressor", "cooldown", {"until": "rest_until"}),
            "goodword.toml, suppressor 'cooldown': it has neither when nor since + days",
            "Say when it applies.",
        ),
        (
            Override("trigger", "mine", {"since": "nps_last_at", "because": "why not"}),
            "goodword.toml, trigger 'mine': there is no rule of this name, "
            "and a new one also needs record",
            "Add what it needs.",
        ),
    ],
    ids=["name", "off", "kind", "fact", "type", "text", "until", "incomplete"],
)
def test_a_mistake_of_the_firm_names_the_file_and_the_rule(
    override: Override, message: str, hint: str
) -> None:
    with pytest.raises(RuleError) as refused:
        book(PROMOTER, COOLDOWN, overrides=[override])
    assert refused.value.message.startswith(message)
    assert hint in refused.value.hint
    assert refused.value.plugin == ""


# ------------------------------------------------------------------ protected rules


@pytest.mark.parametrize("keys", [{"enabled": False}, {"when": "tickets_open > 5"}])
def test_a_hard_rule_changes_only_with_a_reason_that_plans_print(keys: dict[str, object]) -> None:
    with pytest.raises(RuleError, match="hard rule; changing it needs a reason"):
        book(TICKET, overrides=[Override("suppressor", "open_ticket", keys)])
    reasoned = Override("suppressor", "open_ticket", keys, "our tickets are feature wishes")
    found = book(TICKET, overrides=[reasoned])
    assert len(found.exceptions) == 1
    assert found.exceptions[0].endswith("in goodword.toml: our tickets are feature wishes")


def test_consent_is_never_changed() -> None:
    for keys in ({"enabled": False}, {"because": "fine"}):
        override = Override("suppressor", "opt_out", keys, "we really want to")
        with pytest.raises(RuleError, match="protects consent and cannot be changed"):
            book(CONSENT, overrides=[override])


def test_a_plugin_may_not_exempt_its_moments_from_another_ones_hard_rule() -> None:
    sly = replace(PROMOTER, name="sly", exempt=("open_ticket",))
    with pytest.raises(RuleError, match=r"'theirs', trigger 'sly': it may not be exempt"):
        book(TICKET, other=[sly])
    soft = replace(PROMOTER, name="soft", exempt=("cooldown",))
    assert only(book(COOLDOWN, other=[soft]), "soft") == soft


def test_a_plugin_may_exempt_its_moments_from_its_own_rules() -> None:
    own = replace(PROMOTER, exempt=("open_ticket",))
    points = [Override("trigger", "promoter", {"points": 1})]
    assert only(book(TICKET, own, overrides=points), "promoter").exempt == ("open_ticket",)


def test_the_firm_exempts_a_moment_from_a_hard_rule_only_with_a_reason() -> None:
    keys = {"exempt": ["open_ticket"]}
    with pytest.raises(RuleError, match="may not be exempt from the protected rule"):
        book(TICKET, PROMOTER, overrides=[Override("trigger", "promoter", keys)])
    found = book(TICKET, PROMOTER, overrides=[Override("trigger", "promoter", keys, "they agreed")])
    assert found.exceptions == ("promoter exempt from open_ticket in goodword.toml: they agreed",)


def test_no_reason_exempts_from_consent() -> None:
    keys = {"exempt": ["opt_out"]}
    with pytest.raises(RuleError, match="may not be exempt from the protected rule"):
        book(CONSENT, PROMOTER, overrides=[Override("trigger", "promoter", keys, "please")])


def test_a_misspelt_exemption_is_refused_but_one_from_a_rule_taken_out_is_not() -> None:
    with pytest.raises(RuleError, match=r"exempt from 'cooldwn', which is no suppressor"):
        book(COOLDOWN, replace(PROMOTER, exempt=("cooldwn",)))
    off = [Override("suppressor", "cooldown", {"enabled": False})]
    assert book(COOLDOWN, replace(PROMOTER, exempt=("cooldown",)), overrides=off).triggers
