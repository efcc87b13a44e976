"""What holds for every hook: names on answers and errors, one answer, settings handed over."""

from __future__ import annotations

import logging

import pytest
from plugin_house import EXAMPLES, House, code_of, loaded, why

from goodword import run
from goodword.errors import PluginError, RuleError, SettingsError
from goodword.plugins import DEFAULTS

# ---------------------------------------------------------------- what holds for all of them

FAILING = """\
from goodword import hookimpl

@hookimpl
def HOOK(ARGUMENTS):
    raise ValueError("secret of a customer")
"""


def failing(hook: str, arguments: str = "") -> str:
    """Return a plugin whose answer to *hook* is an error."""
    return FAILING.replace("HOOK", hook).replace("ARGUMENTS", arguments)


def with_veto(source: str) -> str:
    """Return *source* with a second hook that works."""
    veto = (EXAMPLES / "goodword_veto.py").read_text(encoding="utf-8")
    return veto + source.replace("from goodword import hookimpl", "")


def test_a_plugin_that_is_not_enabled_is_never_loaded(house: House) -> None:
    house.install("noisy", "raise SystemExit('loaded')")
    house.enabled.remove("noisy")
    assert loaded(house.firm()) == [DEFAULTS, "memory"]


def test_an_enabled_plugin_that_is_not_installed_is_named(house: House) -> None:
    house.enabled.append("loyalty")
    with pytest.raises(SettingsError, match="'loyalty', which is not installed"):
        _ = house.firm().plugins


def test_answers_carry_the_name_of_their_plugin_and_the_bundled_one_comes_first(
    house: House,
) -> None:
    house.example("goodword_ask_rules", "zeta")
    house.example("goodword_facts", "alpha")
    firm = house.firm()
    assert [a.plugin for a in firm.plugins.call("goodword_facts", touchpoints=())] == [
        DEFAULTS,
        "alpha",
    ]
    assert (firm.book.sources["neighbour"], firm.book.sources["promoter"]) == ("zeta", DEFAULTS)


@pytest.mark.parametrize(
    "hook", ["goodword_facts", "goodword_ask_rules", "goodword_plays", "goodword_stage_model"]
)
def test_a_plugin_that_fails_is_named_and_out_as_a_whole(house: House, hook: str) -> None:
    house.install("broken", with_veto(failing(hook)))
    firm = house.firm()
    _ = firm.book
    assert loaded(firm) == [DEFAULTS, "memory"]
    assert firm.plugins.hooks_of("broken") == []  # its veto is out, too
    with pytest.raises(PluginError) as error:
        firm.require_sound()
    assert f"'broken' failed in {hook}" in code_of(error)
    assert "secret of a customer" not in code_of(error)


@pytest.mark.long
def test_without_a_broken_plugin_reading_goes_on_and_writing_refuses(house: House) -> None:
    run.plan(house.firm())
    house.install("broken", with_veto(failing("goodword_ask_rules")))
    assert why(house.firm(), "ida").name == "Ida Marsh"
    for verb in (run.plan, run.apply, run.sync):
        with pytest.raises(PluginError, match="'broken'"):
            verb(house.firm())


def test_a_plugin_that_does_not_import_is_named_and_the_others_load(house: House) -> None:
    house.install("broken", "import a_module_nobody_has")
    house.example("goodword_ask_rules")
    firm = house.firm()
    assert loaded(firm) == [DEFAULTS, "example", "memory"]
    assert "'broken'" in str(firm.plugins.broken["broken"])
    with pytest.raises(PluginError, match="'broken'"):
        run.plan(firm)


def test_a_rule_that_reads_an_unknown_fact_names_plugin_and_nearest_fact(house: House) -> None:
    source = (EXAMPLES / "goodword_ask_rules.py").read_text(encoding="utf-8")
    house.install("typo", source.replace("c.city", "c.cityy"))
    firm = house.firm()
    _ = firm.book
    error = firm.plugins.broken["typo"]
    assert isinstance(error, RuleError)
    assert "'typo'" in str(error)
    assert "Did you mean 'city'?" in str(error)


def test_a_hook_wrapper_is_refused(house: House) -> None:
    house.install(
        "wrapping",
        "from goodword import hookimpl\n"
        "@hookimpl(wrapper=True)\n"
        "def goodword_facts():\n"
        "    return (yield)\n",
    )
    firm = house.firm()
    assert "goodword_facts is a hook wrapper" in str(firm.plugins.broken["wrapping"])
    assert "wrapping" not in firm.plugins.names()


def test_a_hook_that_does_not_exist_is_refused(house: House) -> None:
    house.install("future", failing("goodword_send_mails"))
    assert "no hook 'goodword_send_mails'" in str(house.firm().plugins.broken["future"])


def test_a_hook_may_leave_out_arguments_and_gets_the_firms_numbers_as_settings(
    house: House,
) -> None:
    house.install(
        "curious",
        "from goodword import Weight, hookimpl\n"
        "@hookimpl\n"
        "def goodword_ask_rules(settings, c):\n"
        "    rest = settings.ask.cooldown_days\n"
        "    return [Weight('rest', c.when(c.city == 'Leith', rest, otherwise=0), because='r')]\n",
    )
    firm = house.firm("[ask]\ncooldown_days = 77")
    run.plan(firm)
    assert why(firm, "ida").points["rest"] == 77


def test_two_answers_to_a_hook_that_one_may_answer_are_an_error_until_chosen(house: House) -> None:
    house.example("goodword_stage_model", "one")
    house.example("goodword_stage_model", "two")
    with pytest.raises(PluginError, match="'one' and 'two' both answer goodword_stage_model"):
        _ = house.firm().book
    choose = 'choose = { goodword_stage_model = "two" }'
    firm = house.firm(choose=choose)
    assert firm.book.sources["has_joined"] == "two"
    back = house.firm(choose=f'choose = {{ goodword_stage_model = "{DEFAULTS}" }}')
    assert back.book.sources["bought"] == DEFAULTS


def test_two_connectors_of_one_name_are_an_error_that_names_both(house: House) -> None:
    house.example("goodword_connector", "east")
    house.example("goodword_connector", "west")
    with pytest.raises(PluginError, match="'east' and 'west' both announce 'club'"):
        house.firm(connector="club").plugins.connectors()


def test_two_rules_of_one_name_are_an_error_that_names_both_plugins(house: House) -> None:
    house.example("goodword_ask_rules", "one")
    house.example("goodword_ask_rules", "two")
    firm = house.firm()
    _ = firm.book
    assert "'two'" in str(firm.plugins.broken["two"])
    assert "'one'" in str(firm.plugins.broken["two"])


def test_an_error_after_the_run_becomes_a_notice_and_the_others_still_hear(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.install("clumsy", failing("goodword_applied", "report"))
    house.example("goodword_applied", "diary")
    firm = house.firm()
    run.plan(firm)
    with caplog.at_level(logging.INFO, logger="diary"):
        report = run.apply(firm)
    assert report.applied["create_task"] > 0
    assert any("'clumsy'" in notice for notice in report.notices)
    assert report.run_id in caplog.text
