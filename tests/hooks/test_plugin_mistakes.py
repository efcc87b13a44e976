"""Ordinary mistakes of a plugin author are named, with plugin, rule and place."""

from __future__ import annotations

import pytest
from plugin_house import House

from goodword import run
from goodword.errors import PluginError

# ---------------------------------------------------------------- ordinary mistakes


def hook(head: str, body: str, imports: str = "") -> str:
    """Return a plugin of one hook; line 6 of its file is the first of *body*."""
    names = "Fact, Play, StageModel, Suppressor, TaskText, Touchpoint, hookimpl"
    lines = ["import narwhals.stable.v2 as nw", f"from goodword import {names}", imports]
    return "\n".join([*lines, "@hookimpl", f"def {head}:", f"    {body}"]) + "\n"


@pytest.mark.parametrize(
    ("head", "body", "message"),
    [
        ("goodword_veto(candidate)", "return False", "a bool; return a reason or None."),
        ("goodword_veto(candidate)", "return ''", "an empty text; return a reason or None."),
        (
            "goodword_compose(candidate)",
            "return 'Call them'",
            "a str; return TaskText(...) or None.",
        ),
    ],
    ids=["veto", "empty", "compose"],
)
def test_an_answer_of_another_kind_than_the_hook_promises_names_the_plugin(
    house: House, head: str, body: str, message: str
) -> None:
    house.install("odd", hook(head, body))
    with pytest.raises(PluginError) as error:
        run.plan(house.firm())
    name = head.partition("(")[0]
    assert error.value.message == f"Plugin 'odd': {name} returned {message}"
    assert error.value.plugin == "odd"


@pytest.mark.parametrize(
    ("head", "body", "message"),
    [
        (
            "goodword_ask_rules(c)",
            "return Suppressor('s', because='b', when=c.referrals_given > 0)",
            "goodword_ask_rules returned a Suppressor. Return a list of rules.",
        ),
        ("goodword_ask_rules(c)", "return ['no']", "returned a str in its list."),
        (
            "goodword_facts()",
            "return Fact('visits', 'int', 'Visits.', print)",
            "goodword_facts returned a Fact. Return a list of Fact(...).",
        ),
        (
            "goodword_touchpoints()",
            "return Touchpoint('open_day', 'like', 'Open day.')",
            "goodword_touchpoints returned a Touchpoint.",
        ),
        ("goodword_stage_model(c)", "return ('a', 'b')", "returned a tuple; return StageModel"),
        ("goodword_stage_model(c)", "return StageModel(('a',), ('b',), {})", "returned a str in"),
        ("goodword_plays(c)", "return [c.nope]", "unknown fact 'nope'"),
    ],
    ids=["rule", "text", "fact", "touchpoint", "stages", "stage-rule", "fact-name"],
)
def test_rules_of_another_kind_than_the_hook_promises_name_the_plugin(
    house: House, head: str, body: str, message: str
) -> None:
    house.install("odd", hook(head, body))
    firm = house.firm()
    _ = firm.book
    told = str(firm.plugins.broken["odd"])
    assert "Plugin 'odd'" in told
    assert message.lower() in told.lower()


SCORES = """\
rows = facts.select("contact_id", clv=nw.col("margin_cents"), crv=nw.col("margin_cents"),
        p_refer=nw.col("margin_cents"), n=nw.col("margin_cents"), model=nw.lit("m"),
        confidence=nw.lit("low"))
    return """


@pytest.mark.parametrize(
    ("end", "message"),
    [
        ("rows.drop('crv')", "has no column 'crv'"),
        ("rows.with_columns(n=nw.lit('many'))", "column 'n' is String, not int"),
        ("nw.concat([rows, rows])", "holds a contact more than once"),
        ("rows.collect()", "is a DataFrame"),
        ("rows.with_columns(nw.col('nope'))", "does not compute"),
    ],
    ids=["missing", "type", "twice", "eager", "lazy"],
)
def test_scores_that_are_not_what_the_hook_promises_name_the_plugin(
    house: House, end: str, message: str
) -> None:
    house.install("odd", hook("goodword_champion_score(facts)", SCORES + end))
    with pytest.raises(PluginError) as error:
        run.plan(house.firm())
    assert "Plugin 'odd': " in error.value.message
    assert message in error.value.message


@pytest.mark.parametrize(
    ("end", "message"),
    [
        ("1 / 0", "its events failed (ZeroDivisionError, at goodword_odd.py:3)"),
        ("t['contacts'].select('contact_id', cycle='contact_id')", "have no column 'at'"),
        ("t['contacts'].select('contact_id', cycle='name', at='city')", "'at' of its events is"),
        ("[]", "its events are a list, not a LazyFrame"),
    ],
    ids=["raises", "missing", "type", "list"],
)
def test_events_that_are_not_what_a_play_promises_name_plugin_and_play(
    house: House, end: str, message: str
) -> None:
    body = "return [Play('greet', doc='Hi.', events=arrived)]"
    house.install("odd", hook("goodword_plays()", body, f"def arrived(t, as_of): return {end}"))
    with pytest.raises(PluginError) as error:
        run.plan(house.firm())
    assert error.value.message.startswith("Plugin 'odd', play 'greet': ")
    assert message in error.value.message
    assert error.value.plugin == "odd"


def test_a_failure_names_the_place_in_the_plugins_own_file(house: House) -> None:
    house.install("one", hook("goodword_ask_rules()", "return int('secret of a customer')"))
    house.install("two", "import narwhals\nimport a_module_nobody_has\n")
    house.install("three", "def broken(:\n")
    firm = house.firm()
    _ = firm.book
    told = {name: str(error) for name, error in firm.plugins.broken.items()}
    assert "failed in goodword_ask_rules (ValueError, at goodword_one.py:6)" in told["one"]
    assert "secret" not in told["one"]
    assert "does not load (ModuleNotFoundError, at goodword_two.py:2)" in told["two"]
    assert "does not load (SyntaxError, at goodword_three.py:1)" in told["three"]


def test_a_fact_that_fails_names_the_place_in_the_plugins_own_file(house: House) -> None:
    body = "return [Fact('visits', 'int', 'Visits.', count)]"
    house.install("odd", hook("goodword_facts()", body, "def count(t, as_of): return t['visits']"))
    with pytest.raises(PluginError, match=r"building visits failed \(KeyError, at goodword_odd"):
        run.plan(house.firm())


def test_hooks_that_would_never_be_asked_are_refused(house: House) -> None:
    bare = hook("goodword_veto(candidate)", "return 'no'").replace("@hookimpl", "")
    house.install("bare", bare)
    house.install("typo", hook("goodword_vetoes(candidate)", "return 'no'"))
    house.install("stray", hook("goodword_veto(candidates)", "return 'no'"))
    broken = {name: str(error) for name, error in house.firm().plugins.broken.items()}
    assert "goodword_veto lacks @hookimpl" in broken["bare"]
    assert "Did you mean 'goodword_veto'?" in broken["typo"]
    assert (
        "goodword_veto has no argument 'candidates'. Did you mean 'candidate'?" in (broken["stray"])
    )


def test_a_refusal_to_write_gives_its_advice_once(house: House) -> None:
    house.install("odd", hook("goodword_ask_rules(c)", "return 'no'"))
    house.install("bad", hook("goodword_veto()", "return").replace("veto", "vetoes"))
    with pytest.raises(PluginError) as error:
        house.firm().require_sound()
    assert str(error.value).count("[plugins] enabled") == 1
