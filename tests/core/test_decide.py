"""The decision: which moment speaks, what holds it back, and when the next ask is possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from goodword import Facts, StageRule, Suppressor, Trigger, Weight
from goodword.testing import decide, fact_types_in

TODAY = date(2026, 11, 20)


def day(offset: int) -> date:
    """The day *offset* days from today."""
    return TODAY + timedelta(days=offset)


def person(**values: object) -> dict[str, object]:
    """A contact about whom everything is known, unless a test says otherwise."""
    usual: dict[str, object] = {
        "survey_at": day(-2),
        "survey_id": "survey-1",
        "survey_score": 9,
        "job_at": day(-1),
        "job_id": "job-1",
        "asked_at": None,
        "tickets": 0,
        "opted_out": False,
        "resting_until": None,
        "tier": "standard",
    }
    return usual | values


TYPES = fact_types_in([person(asked_at=TODAY, resting_until=TODAY)])
C = Facts(TYPES)

SURVEY = Trigger(
    "survey",
    since=C.survey_at,
    record=C.survey_id,
    when=C.survey_score >= 9,
    points=30,
    because="rated us {survey_score}/10 on {survey_at}",
)
JOB = Trigger("job", since=C.job_at, record=C.job_id, points=20, because="finished on {job_at}")
TICKET = Suppressor("ticket", when=C.tickets > 0, verdict="recover", because="{tickets} open")
COOLDOWN = Suppressor("cooldown", since=C.asked_at, days=90, because="asked on {asked_at}")
OPTED_OUT = Suppressor("opted_out", when=C.opted_out, verdict="never", because="said never")
RESTING = Suppressor(
    "resting", when=C.resting_until.is_known(), until=C.resting_until, because="asked for rest"
)


def decided(
    rules: Sequence[Trigger | Suppressor | Weight | StageRule], **values: object
) -> dict[str, Any]:
    """The decision for one contact under *rules*."""
    return decide(rules, [person(**values)], TODAY, types=TYPES)[0]


# ------------------------------------------------------------------ the moment


def test_a_moment_opens_a_window_and_the_contact_is_asked() -> None:
    found = decided([SURVEY])
    assert (found["verdict"], found["code"]) == ("ask", "")
    assert (found["trigger"], found["cycle"]) == ("survey", "survey-1")
    assert found["because"] == "rated us 9/10 on 2026-11-18"
    assert found["why"] == "Ask: rated us 9/10 on 2026-11-18"
    assert (found["next_ask"], found["next_code"]) == (day(-2), "")


def test_without_a_moment_nobody_is_asked() -> None:
    found = decided([SURVEY], survey_score=8)
    assert (found["verdict"], found["code"]) == ("wait", "no_trigger")
    assert (found["trigger"], found["cycle"], found["next_ask"]) == (None, None, None)
    assert found["why"] == "Wait: nothing happened lately that makes a good moment to ask"


def test_a_rulebook_without_triggers_asks_nobody() -> None:
    found = decided([TICKET, COOLDOWN])
    assert (found["verdict"], found["code"], found["priority"]) == ("wait", "no_trigger", 0)


def test_no_rules_at_all_still_decide() -> None:
    assert decided([])["verdict"] == "wait"


@pytest.mark.parametrize(
    "unknown", [{"survey_at": None}, {"survey_id": None}, {"survey_score": None}]
)
def test_a_moment_we_know_too_little_about_does_not_count(unknown: dict[str, object]) -> None:
    assert decided([SURVEY], **unknown)["code"] == "no_trigger"


def test_the_window_is_open_from_its_first_day_to_its_last() -> None:
    waiting = Trigger(
        "waiting", since=C.job_at, record=C.job_id, wait_days=14, expires_days=30, because="done"
    )
    verdicts = {age: decided([waiting], job_at=day(-age))["verdict"] for age in (13, 14, 44, 45)}
    assert verdicts == {13: "wait", 14: "ask", 44: "ask", 45: "wait"}


def test_the_open_trigger_with_most_points_speaks() -> None:
    assert decided([JOB, SURVEY])["trigger"] == "survey"
    assert decided([JOB, SURVEY], survey_at=day(-40))["trigger"] == "job"


def test_triggers_with_equal_points_speak_in_the_order_of_their_names() -> None:
    first = Trigger("a", since=C.job_at, record=C.job_id, points=30, because="a")
    assert decided([SURVEY, first])["trigger"] == "a"


def test_a_window_that_opens_later_gives_the_date_of_the_next_ask() -> None:
    soon = Trigger("soon", since=C.job_at, record=C.job_id, wait_days=14, because="soon")
    later = Trigger(
        "later", since=C.job_at, record=C.job_id, wait_days=30, points=90, because="later"
    )
    found = decided([later, soon])
    assert (found["verdict"], found["code"]) == ("wait", "no_trigger")
    assert (found["trigger"], found["next_ask"]) == ("soon", day(13))
    assert found["why"].startswith("Wait until 2026-12-03: ")


# ------------------------------------------------------------------ what holds it back


def test_a_failing_suppressor_gives_verdict_code_and_sentence() -> None:
    found = decided([SURVEY, TICKET], tickets=2)
    assert (found["verdict"], found["code"]) == ("recover", "ticket")
    assert found["why"] == "Recover first: 2 open"
    assert found["trigger"] == "survey"


def test_a_condition_over_something_unknown_does_not_hold() -> None:
    assert decided([SURVEY, TICKET], tickets=None)["verdict"] == "ask"


def test_the_most_severe_suppressor_speaks_then_the_first_by_name() -> None:
    warm_up = Suppressor("a_warm_up", when=C.tickets > 0, verdict="warm_up", because="cold")
    wait = Suppressor("b_wait", when=C.tickets > 0, because="later")
    other = Suppressor("c_wait", when=C.tickets > 0, because="later still")
    assert decided([SURVEY, warm_up, other, wait], tickets=1)["code"] == "b_wait"
    assert decided([SURVEY, warm_up, other, wait, TICKET], tickets=1)["code"] == "ticket"


def test_never_beats_everything_even_without_a_moment() -> None:
    spared = Trigger(
        "spared", since=C.job_at, record=C.job_id, because="done", exempt=("opted_out",)
    )
    for rules in ([SURVEY, TICKET, OPTED_OUT], [OPTED_OUT], [spared, OPTED_OUT]):
        found = decided(rules, opted_out=True, tickets=1)
        assert (found["verdict"], found["code"], found["next_ask"]) == ("never", "opted_out", None)
        assert found["why"] == "Never: said never"


def test_a_trigger_is_exempt_only_from_what_it_names() -> None:
    spared = Trigger(
        "spared", since=C.job_at, record=C.job_id, because="done", exempt=("cooldown",)
    )
    assert decided([spared, COOLDOWN, TICKET], asked_at=day(-5))["verdict"] == "ask"
    found = decided([spared, COOLDOWN, TICKET], asked_at=day(-5), tickets=1)
    assert (found["verdict"], found["code"]) == ("recover", "ticket")


def test_an_exempt_moment_speaks_when_a_stronger_one_is_held_back() -> None:
    spared = Trigger(
        "spared", since=C.job_at, record=C.job_id, because="done", exempt=("cooldown",)
    )
    found = decided([SURVEY, spared, COOLDOWN], asked_at=day(-5))
    assert (found["verdict"], found["trigger"], found["cycle"]) == ("ask", "spared", "job-1")


def test_when_every_moment_is_held_back_the_strongest_is_told() -> None:
    found = decided([SURVEY, JOB, COOLDOWN], asked_at=day(-85))
    assert (found["verdict"], found["trigger"]) == ("wait", "survey")


# ------------------------------------------------------------------ the next possible ask


def test_a_rest_ends_on_the_day_it_says() -> None:
    assert decided([SURVEY, COOLDOWN], asked_at=day(-89))["verdict"] == "wait"
    assert decided([SURVEY, COOLDOWN], asked_at=day(-90))["verdict"] == "ask"


@pytest.mark.promise("quiet.next-ask")
def test_the_next_ask_is_the_latest_of_the_opening_and_every_rest() -> None:
    found = decided([SURVEY, COOLDOWN, RESTING], asked_at=day(-80), resting_until=day(15))
    assert (found["code"], found["next_ask"]) == ("cooldown", day(15))
    assert found["why"] == "Wait until 2026-12-05: asked on 2026-09-01"


@pytest.mark.promise("together.missed")
def test_an_ask_that_is_held_back_beyond_its_window_is_missed() -> None:
    found = decided([SURVEY, COOLDOWN], asked_at=day(-5))
    assert (found["verdict"], found["next_ask"]) == ("wait", None)
    assert found["next_code"] == "window_closes"


def test_a_rest_that_ends_on_the_last_day_of_the_window_is_not_missed() -> None:
    asked = day(-2) + timedelta(days=30 - 90)
    assert decided([SURVEY, COOLDOWN], asked_at=asked)["next_ask"] == day(28)
    late = decided([SURVEY, COOLDOWN], asked_at=asked + timedelta(days=1))
    assert late["next_code"] == "window_closes"


def test_what_has_no_end_of_its_own_gives_no_date() -> None:
    found = decided([SURVEY, TICKET, COOLDOWN], tickets=1, asked_at=day(-80))
    assert (found["next_ask"], found["next_code"]) == (None, "open_end")


def test_a_missed_window_is_missed_even_while_something_has_no_end() -> None:
    found = decided([SURVEY, TICKET, COOLDOWN], tickets=1, asked_at=day(-5))
    assert (found["code"], found["next_code"]) == ("ticket", "window_closes")


def test_a_condition_with_an_end_stops_by_itself() -> None:
    assert decided([SURVEY, RESTING], resting_until=day(1))["verdict"] == "wait"
    assert decided([SURVEY, RESTING], resting_until=TODAY)["verdict"] == "ask"


def test_a_rest_may_be_as_long_as_an_expression_says() -> None:
    longer = Suppressor(
        "cooldown",
        since=C.asked_at,
        days=C.when(C.tier == "gold", 60, otherwise=90),
        because="asked on {asked_at}",
    )
    assert decided([SURVEY, longer], asked_at=day(-61), tier="gold")["verdict"] == "ask"
    assert decided([SURVEY, longer], asked_at=day(-61))["verdict"] == "wait"


def test_a_rest_with_a_condition_counts_only_where_it_holds() -> None:
    rest = Suppressor(
        "rest", since=C.asked_at, days=90, when=C.tier == "gold", because="asked recently"
    )
    assert decided([SURVEY, rest], asked_at=day(-1), tier="gold")["verdict"] == "wait"
    assert decided([SURVEY, rest], asked_at=day(-1))["verdict"] == "ask"


# ------------------------------------------------------------------ rank, stage, sentences


def test_points_of_the_moment_and_weights_add_up_to_the_priority() -> None:
    by_score = Weight("score", points=C.survey_score * 2, because="keen")
    gold = Weight("gold", points=C.when(C.tier == "gold", 7, otherwise=0), because="gold")
    fixed = Weight("fixed", points=-4, because="always")
    assert decided([SURVEY, by_score, gold, fixed], tier="gold")["priority"] == 30 + 18 + 7 - 4


def test_an_unknown_weight_counts_nothing() -> None:
    by_tickets = Weight("tickets", points=C.tickets * 5, because="busy")
    assert decided([SURVEY, by_tickets], tickets=None)["priority"] == 30


def test_the_highest_stage_with_evidence_is_shown() -> None:
    stages = [
        StageRule("bought", "buy", C.job_at.is_known()),
        StageRule("surveyed", "trust", C.survey_at.is_known()),
    ]
    assert decided([SURVEY, *stages])["stage"] == "buy"
    assert decided([SURVEY, *stages], job_at=None)["stage"] == "trust"
    assert decided([SURVEY, *stages], job_at=None, survey_at=None)["stage"] == "know"


def test_ask_rules_may_read_the_stage() -> None:
    stage = StageRule("bought", "buy", C.tickets == 0)
    c = Facts({"stage": "text"})
    too_early = Suppressor("too_early", when=~c.stage.is_in(["buy"]), because="stage {stage}")
    assert decided([SURVEY, stage, too_early])["verdict"] == "ask"
    assert decided([SURVEY, stage, too_early], tickets=1)["why"] == "Wait: stage know"


def test_decisions_come_back_in_the_order_of_the_rows() -> None:
    rows = [{**person(), "contact_id": name, "tier": name} for name in ("z", "m", "a")]
    assert [row["contact_id"] for row in decide([SURVEY], rows, TODAY)] == ["z", "m", "a"]


def test_no_contacts_give_no_decisions() -> None:
    assert decide([], [], TODAY) == []


@pytest.mark.promise("quiet.no-ages")
def test_the_day_after_the_sentence_is_the_same() -> None:
    row = person(asked_at=day(-80), resting_until=day(-300))
    rules = [SURVEY, COOLDOWN]
    today, tomorrow = (decide(rules, [row], day(n))[0]["why"] for n in (0, 1))
    assert today == tomorrow
