"""The commands that only look: doctor, pull, why, words and plugins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import CommandLine, Site

BROKEN_PLUGIN = """\
from goodword import hookimpl

@hookimpl
def goodword_ask_rules(c, settings):
    raise ZeroDivisionError("Pat Doe")
"""


def test_doctor_says_that_all_is_well_and_what_to_do_next(firm: CommandLine) -> None:
    seen = firm("doctor")
    assert seen.exit_code == 0
    assert "6 contacts in memory" in seen.stdout
    assert "Run goodword plan" in seen.stdout


def test_doctor_fails_when_a_plugin_is_broken_and_names_it(firm: CommandLine, site: Site) -> None:
    site.install("broken", BROKEN_PLUGIN)
    firm.settings('[connector]\nname = "memory"\n[plugins]\nenabled = ["memory", "broken"]\n')
    seen = firm("doctor")
    assert seen.exit_code == 1
    assert "plugin broken" in seen.stdout
    assert "Pat Doe" not in seen.output


def test_pull_counts_what_it_read(firm: CommandLine) -> None:
    told = json.loads(firm("pull", "--json").stdout)
    assert told["rows"]["contacts"] == 6
    assert "6  contacts" in firm("pull").stdout


def test_why_begins_with_the_verdict_and_shows_every_rule(planned: CommandLine) -> None:
    page = planned("why", "Pat Doe").stdout.splitlines()
    assert page[0] == "Pat Doe (c1)"
    assert page[1] == "Ask: rated us 10 of 10 on 2026-11-12"
    assert page[2].strip() == "next possible ask: now (since 12 Nov 2026)"
    text = "\n".join(page)
    for rule in ("promoter", "first purchase", "cooldown", "open ticket", "overdue invoice"):
        assert rule in text
    assert "✓ exempt        survey rest" in text
    assert "? cannot check  overdue invoice" in text
    assert "number 3 of plan" in text or "number 1 of plan" in text


@pytest.mark.parametrize("query", ["c2", "kim@c2.example", "Kim Roe", "kim"])
def test_why_finds_a_customer_by_id_mail_name_or_part_of_it(
    planned: CommandLine, query: str
) -> None:
    told = json.loads(planned("why", query, "--json").stdout)
    assert told["matches"] == [{"contact_id": "c2", "name": "Kim Roe"}]
    assert told["explanation"]["verdict"] == "recover"
    held = [rule for rule in told["explanation"]["suppressors"] if rule["state"] == "holds"]
    assert [(rule["name"], rule["source"]) for rule in held] == [("open_ticket", "defaults")]


def test_why_lists_the_customers_when_the_name_means_several(planned: CommandLine) -> None:
    seen = planned("why", "pat")
    assert seen.exit_code == 0
    assert "Pat Doe" in seen.stdout
    assert "Pat Dorn" in seen.stdout
    assert "goodword why ID" in seen.stdout


def test_why_of_nobody_is_a_failure_that_says_what_to_try(planned: CommandLine) -> None:
    seen = planned("why", "Zoe")
    assert seen.exit_code == 1
    assert "No customer has that name" in seen.stderr
    assert "→" in seen.stderr


def test_why_before_the_first_pull_says_what_to_run(firm: CommandLine) -> None:
    seen = firm("why", "Pat Doe")
    assert seen.exit_code == 1
    assert "Run goodword plan first" in seen.stderr


def test_a_reading_command_goes_on_without_a_broken_plugin_and_says_so(
    planned: CommandLine, site: Site
) -> None:
    site.install("broken", BROKEN_PLUGIN)
    planned.settings('[connector]\nname = "memory"\n[plugins]\nenabled = ["memory", "broken"]\n')
    seen = planned("why", "Pat Doe", "--json")
    assert seen.exit_code == 0
    assert json.loads(seen.stdout)["explanation"]["name"] == "Pat Doe"
    assert "Left out: Plugin 'broken' failed in goodword_ask_rules" in seen.stderr


@pytest.mark.promise("words.preview", "words.files")
def test_words_are_listed_previewed_and_made_ones_own(planned: CommandLine) -> None:
    assert "thank_you" in planned("words", "list").stdout
    task = planned("words", "preview", "Pat Doe").stdout
    assert "rated us 10 of 10" in task
    assert "No task planned" not in task
    assert "Copied 7 files" in planned("words", "copy").stdout
    mine = planned.folder / "words" / "en" / "ask.txt"
    mine.write_text("Subject: Call {{ name }}\n\nJust ask.\n", encoding="utf-8")
    listed = json.loads(planned("words", "list", "--json").stdout)["words"]
    assert {"name": "ask", "language": "en", "from": "words/en/ask.txt"} in listed
    assert "Just ask." in planned("words", "preview", "Pat Doe").stdout
    mine.write_text("Subject: Call {{ nmae }}\n\nJust ask.\n", encoding="utf-8")
    broken = planned("words", "preview", "Pat Doe")
    assert broken.exit_code == 2
    assert "nmae" in broken.stderr


def test_copying_words_again_keeps_mine_and_with_force_sets_them_aside(firm: CommandLine) -> None:
    firm("words", "copy")
    mine = firm.folder / "words" / "en" / "ask.txt"
    mine.write_text("Subject: Mine\n\nMine.\n", encoding="utf-8")
    assert "left as they are" in firm("words", "copy").stdout
    assert "Mine." in mine.read_text(encoding="utf-8")
    firm("words", "copy", "--force")
    assert "Mine." not in mine.read_text(encoding="utf-8")
    assert "Mine." in mine.with_suffix(".txt.old").read_text(encoding="utf-8")


def test_a_preview_of_somebody_who_is_not_asked_says_why(planned: CommandLine) -> None:
    seen = planned("words", "preview", "Kim Roe", "--play", "quiet")
    assert seen.exit_code == 0
    assert seen.stdout.startswith("No task planned; this is how the task 'quiet' would read.")
    assert "Decided for now: Recover first: 1 open ticket(s)" in seen.stdout


@pytest.mark.long
def test_a_preview_shows_the_task_the_rep_has_before_anything_else(firm: CommandLine) -> None:
    firm.on_the_day("sync")
    firm.on_the_day("plan")
    told = json.loads(firm.on_the_day("words", "preview", "Max Stone", "--json").stdout)["task"]
    assert (told["play"], told["note"]) == ("thank_you", "")
    none = firm.on_the_day("words", "preview", "Kim Roe").stdout
    assert none.startswith("No task planned; this is how an ask would read.")


def test_a_preview_of_a_play_of_events_needs_an_event(firm: CommandLine) -> None:
    firm.on_the_day("sync")
    assert "Nina Park" in firm.on_the_day("words", "preview", "Max", "--play", "thank_you").stdout
    seen = firm.on_the_day("words", "preview", "Kim Roe", "--play", "thank_you")
    assert seen.exit_code == 1
    assert "Nothing happened lately" in seen.stderr


def test_a_preview_of_an_unknown_play_names_the_nearest(planned: CommandLine) -> None:
    seen = planned("words", "preview", "Kim Roe", "--play", "quite")
    assert seen.exit_code == 2
    assert "Did you mean 'quiet'?" in seen.stderr


def test_plugins_are_listed_without_a_firm(here: CommandLine) -> None:
    seen = here("plugins", "--json")
    assert seen.exit_code == 0
    names = [plugin["name"] for plugin in json.loads(seen.stdout)["plugins"]]
    assert names[0] == "defaults"


def test_plugins_facts_hooks_and_rules_are_listed(firm: CommandLine) -> None:
    told = json.loads(firm("plugins", "--facts", "--hooks", "--rules", "--json").stdout)
    facts = {fact["name"]: fact for fact in told["facts"]}
    assert facts["nps_last"]["type"] == "int"
    assert "feedback" in facts["nps_last"]["reads"]
    hooks = {hook["name"]: hook for hook in told["hooks"]}
    assert "memory" in hooks["goodword_connector"]["plugins"].split(", ")
    rules = {rule["name"]: rule for rule in told["rules"]}
    assert (rules["opt_out"]["kind"], rules["opt_out"]["what"]) == ("suppressor", "locked never")
    assert "opt_out" in firm("plugins", "--rules").stdout


def test_a_rule_changed_in_the_settings_shows_where_it_comes_from(firm: CommandLine) -> None:
    with (firm.folder / "goodword.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[ask.suppressor]]\nname = "tenure"\nsince = "first_purchase_at"\ndays = 5\n')
    rules = json.loads(firm("plugins", "--rules", "--json").stdout)["rules"]
    assert next(r for r in rules if r["name"] == "tenure")["plugin"] == "goodword.toml"
    firm.on_the_day("plan")
    told = json.loads(firm("why", "Pat Doe", "--json").stdout)["explanation"]
    tenure = next(rule for rule in told["suppressors"] if rule["name"] == "tenure")
    assert tenure["source"] == "goodword.toml"
