"""Every hook, answered by the very plugin its documentation shows, in a firm that really runs."""

from __future__ import annotations

import logging
from datetime import date

import pytest
from plugin_house import EXAMPLES, House, code_of, tasks, why

from goodword import run
from goodword.errors import SettingsError
from goodword.plugins import DEFAULTS, hook_names

# ---------------------------------------------------------------- one test a hook


def test_every_hook_has_an_example_and_a_test_here() -> None:
    examples = {path.stem for path in EXAMPLES.glob("*.py")}
    tested = {n.removeprefix("test_hook_") for n in globals() if n.startswith("test_hook_")}
    assert set(hook_names()) == examples == tested


def test_hook_goodword_connector(house: House) -> None:
    house.example("goodword_connector", "club")
    firm = house.firm("[plugin.club]\nmembers = ['Ada Quist', 'Bo Lind']", connector="club")
    snapshot, _ = run.pull(firm)
    names = firm.engine.collect(snapshot.tables["contacts"])["name"].to_list()
    assert names == ["Ada Quist", "Bo Lind"]
    assert [check.detail for check in firm.connect("a run").check()] == ["2 people"]


def test_hook_goodword_settings(house: House) -> None:
    house.example("goodword_settings")
    assert "workshop_full" not in house.firm().book.sources
    busy = run.plan(house.firm("[plugin.example]\nbusy = true"))
    assert busy.held == {"workshop_full": 2, "open_end": 2}
    with pytest.raises(SettingsError) as error:
        _ = house.firm("[plugin.example]\nbussy = true").plugins
    assert "'bussy'" in code_of(error)
    assert "Did you mean 'busy'?" in code_of(error)


def test_hook_goodword_stage_model(house: House) -> None:
    house.example("goodword_stage_model")
    firm = house.firm()
    run.plan(firm)
    assert why(firm, "tomas").stage == "host"
    assert why(firm, "ida").stage == "member"
    assert why(firm, "piet").stage == "guest"


def test_hook_goodword_touchpoints(house: House) -> None:
    house.example("goodword_touchpoints")
    firm = house.firm()
    run.plan(firm)
    assert why(firm, "uma").stage == "trust"
    answers = firm.plugins.call("goodword_touchpoints")
    assert [answer.plugin for answer in answers] == [DEFAULTS, "example"]


def test_without_the_plugin_its_touchpoint_is_no_evidence(house: House) -> None:
    firm = house.firm()
    run.plan(firm)
    assert why(firm, "uma").stage != "trust"


def test_hook_goodword_facts(house: House) -> None:
    house.example("goodword_facts")
    weight = "[[ask.weight]]\nname = 'pays'\npoints = 'invoices_paid * 3'\nbecause = 'pays'"
    firm = house.firm(weight)
    run.plan(firm)
    assert firm.book.fact_sources["invoices_paid"] == "example"
    assert why(firm, "ida").points["pays"] == 6
    assert "pays" not in why(firm, "noor").points


def test_hook_goodword_ask_rules(house: House) -> None:
    house.example("goodword_ask_rules")
    firm = house.firm()
    plan = run.plan(firm)
    assert why(firm, "ida").points["neighbour"] == 25
    assert plan.held["no_staff"] == 1
    told = next(rule for rule in why(firm, "noor").suppressors if rule.name == "no_staff")
    assert (told.state, told.source) == ("holds", "example")
    assert told.sentence == "we are short of staff in Perth"


def test_hook_goodword_champion_score(house: House) -> None:
    house.example("goodword_champion_score")
    firm = house.firm()
    run.plan(firm)
    assert why(firm, "ida").scores["model"] == "by hand"
    assert why(firm, "ida").scores["p_refer"] == 50
    assert why(firm, "tomas").scores["p_refer"] == 300
    assert why(firm, "piet").scores["clv"] is None


@pytest.mark.long
def test_the_margin_so_far_comes_with_goodword_for_a_firm_that_enables_it(house: House) -> None:
    firm = house.firm()
    run.plan(firm)
    told = why(firm, "ida")
    assert told.scores["model"] == "observed margin, shrunken"
    assert "fewer than 20 customers" in str(told.scores["reasons"])
    assert told.factors["likely"].startswith("chance of a referral")
    house.enabled.append("observed_margin")
    firm = house.firm()
    run.plan(firm)
    assert why(firm, "ida").scores["model"] == "observed margin"


def test_hook_goodword_plays(house: House) -> None:
    house.example("goodword_plays")
    plan = run.plan(house.firm())
    waiting = {(item.contact_id, item.play) for item in plan.backlog}
    assert ("ida", "anniversary") in tasks(plan).keys() | waiting
    assert not {("noor", "anniversary"), ("tomas", "anniversary")} & (tasks(plan).keys() | waiting)


def test_hook_goodword_veto(house: House) -> None:
    house.example("goodword_veto")
    plan = run.plan(house.firm())
    passed_over = {item.contact_id for item in plan.backlog if item.reason == "veto:dispute"}
    assert passed_over == {"ida"}
    assert ("noor", "ask") in tasks(plan)
    assert not any(contact == "ida" for contact, _ in tasks(plan))


def test_hook_goodword_compose(house: House) -> None:
    house.example("goodword_compose")
    plan = tasks(run.plan(house.firm()))
    thanks = plan["tomas", "thank_you"]
    assert thanks.subject == "Call Tomas Reed and say thank you"
    assert "recommended us to Piet Lang on 2026-11-18" in thanks.body
    assert thanks.due == date(2026, 11, 23)  # one working day, as the plugin says
    assert plan["noor", "ask"].subject == "Ask Noor Valdez for an introduction"


def test_hook_goodword_applied(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.example("goodword_applied")
    firm = house.firm()
    run.plan(firm)
    with caplog.at_level(logging.INFO, logger="diary"):
        report = run.apply(firm)
    assert f"run {report.run_id}" in caplog.text
    assert f"{report.applied['create_task']} create_task" in caplog.text
