"""The shortlist: which plays fire for whom, under which key, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import narwhals.stable.v2 as nw
import pytest

from goodword import Facts, Play, Trigger, Weight
from goodword.decisions import Decisions
from goodword.engines.polars_engine import PolarsEngine
from goodword.model import task_key
from goodword.shortlist import Place, candidate_of, fill, shortlist
from goodword.tables import TABLES, Frame
from goodword.testing import fact_types_in
from goodword.testing.decisions import decided_frame

TODAY = date(2026, 11, 20)
ENGINE = PolarsEngine()


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def person(name: str, **values: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "contact_id": name,
        "name": name.title(),
        "owner_id": "o1",
        "account_id": None,
        "survey_at": day(-2),
        "survey_id": f"survey of {name}",
        "score": 9,
        "seen_at": day(-200),
    }
    return usual | values


TYPES = fact_types_in([person("known", account_id="a")])
C = Facts(TYPES)
SURVEY = Trigger("survey", since=C.survey_at, record=C.survey_id, because="rated us {score}/10")
KEEN = Weight("keen", points=C.score, because="keen")
ASK = Play("ask", "Ask for a referral.", verdict="ask", asks=True)
QUIET = Play("quiet", "Say hello.", when=C.seen_at < C.survey_at, every="quarter")


def listed(
    plays: Sequence[Play],
    people: Sequence[dict[str, object]],
    known: frozenset[str] = frozenset(),
    tables: Mapping[str, Frame] | None = None,
) -> tuple[list[Place], Decisions]:
    book, frame = decided_frame([SURVEY, KEEN, *plays], people, TODAY, types=TYPES)
    decisions = Decisions(frame)
    seen = known.intersection
    return shortlist(decisions, book, tables or {}, TODAY, "acct", seen, ENGINE), decisions


def shown(places: Sequence[Place]) -> list[tuple[str, str, str]]:
    return [(place.contact_id, place.play.name, place.cycle) for place in places]


@pytest.mark.promise("identity.cycle-ask")
def test_a_play_of_a_verdict_takes_its_cycle_from_the_moment() -> None:
    places, _ = listed([ASK], [person("ada"), person("ben", survey_id=None)])
    assert shown(places) == [("ada", "ask", "survey of ada")]
    assert places[0].key == task_key("acct", "ada", "ask", "survey of ada")


@pytest.mark.promise("identity.cycle-period")
def test_a_play_with_a_cadence_takes_its_cycle_from_the_calendar() -> None:
    places, _ = listed([QUIET], [person("ada"), person("ben", seen_at=TODAY)])
    assert shown(places) == [("ada", "quiet", "2026-Q4")]


def test_a_play_with_a_record_takes_its_cycle_from_it() -> None:
    play = Play("look", "Look in.", when=C.score > 5, record=C.survey_id)
    places, _ = listed([play], [person("ada"), person("ben", score=3)])
    assert shown(places) == [("ada", "look", "survey of ada")]
    places, _ = listed([play], [person("cleo", survey_id=None)])
    assert places == []


def test_a_condition_narrows_a_verdict() -> None:
    play = Play("ask", "Ask.", verdict="ask", when=C.score > 5)
    places, _ = listed([play], [person("ada"), person("ben", score=4), person("cy", score=None)])
    assert [place.contact_id for place in places] == ["ada"]


def test_what_is_too_old_is_left_alone() -> None:
    play = Play("look", "Look in.", when=C.score > 5, record=C.survey_id)
    recent = Play(
        "recent", "Look in.", when=C.score > 5, record=C.survey_id, since=C.seen_at, expires_days=10
    )
    ages = {"ada": -10, "ben": -11}
    people = [person(name, seen_at=day(age)) for name, age in ages.items()]
    people.append(person("cy", seen_at=None))
    assert [p.contact_id for p in listed([recent], people)[0]] == ["ada"]
    assert [p.contact_id for p in listed([play], people)[0]] == ["ada", "ben", "cy"]


# ------------------------------------------------------------------ once


def test_a_task_that_exists_or_existed_is_not_listed() -> None:
    key = task_key("acct", "ada", "ask", "survey of ada")
    places, _ = listed([ASK], [person("ada"), person("ben")], frozenset({key}))
    assert [place.contact_id for place in places] == ["ben"]


@pytest.mark.promise("identity.renamed-play")
def test_a_renamed_play_knows_its_old_tasks() -> None:
    renamed = Play("ask_kindly", "Ask.", verdict="ask", renamed_from=("ask_old", "ask"))
    old = task_key("acct", "ada", "ask", "survey of ada")
    places, _ = listed([renamed], [person("ada"), person("ben")], frozenset({old}))
    assert [place.contact_id for place in places] == ["ben"]


# ------------------------------------------------------------------ order


@pytest.mark.promise("caps.order")
def test_tiers_come_first_then_priority_then_the_lowest_id() -> None:
    first = Play("first", "First.", verdict="ask", tier=0)
    people = [person("cy"), person("ada", score=8), person("ben")]
    places, _ = listed([ASK, first], people)
    assert [(p.play.name, p.contact_id) for p in places] == [
        ("first", "ben"),
        ("first", "cy"),
        ("first", "ada"),
        ("ask", "ben"),
        ("ask", "cy"),
        ("ask", "ada"),
    ]


# ------------------------------------------------------------------ events


def arrivals(tables: Mapping[str, Frame], as_of: date) -> Frame:
    """Every referral that arrived, as an event of its referrer."""
    return tables["referrals"].select(
        nw.col("referrer_id").alias("contact_id"),
        nw.col("referral_id").alias("cycle"),
        "at",
        nw.col("referred_name").alias("friend"),
    )


def referrals(*rows: tuple[str, str, datetime | None]) -> dict[str, Frame]:
    columns = ("referral_id", "referrer_id", "at")
    found = [dict(zip(columns, row, strict=True)) | {"referred_name": "Dov Elm"} for row in rows]
    return {"referrals": ENGINE.rows(found, TABLES["referrals"].types)}


THANKS = Play(
    "thanks",
    "Say thank you.",
    events=arrivals,
    because="{name} sent us {friend} on {at}",
    expires_days=30,
    tier=0,
)


def test_each_event_is_a_task_of_its_own() -> None:
    tables = referrals(
        ("r1", "ada", datetime(2026, 11, 18, 14)),
        ("r2", "ada", datetime(2026, 11, 20, 8)),
        ("r3", "stranger", datetime(2026, 11, 18)),
    )
    places, _ = listed([THANKS], [person("ada", survey_id=None)], tables=tables)
    assert shown(places) == [("ada", "thanks", "r1"), ("ada", "thanks", "r2")]


@pytest.mark.parametrize(
    ("at", "fires"),
    [
        (datetime(2026, 10, 20, 23), False),
        (datetime(2026, 10, 21), True),
        (datetime(2026, 11, 20, 23, 59), True),
        (datetime(2026, 11, 21), False),
        (None, False),
    ],
)
def test_old_coming_and_undated_events_are_evidence_never_tasks(
    at: datetime | None, *, fires: bool
) -> None:
    places, _ = listed([THANKS], [person("ada")], tables=referrals(("r1", "ada", at)))
    assert bool(places) is fires


def test_one_event_reported_twice_is_one_task() -> None:
    def twice(tables: Mapping[str, Frame], as_of: date) -> Frame:
        once = arrivals(tables, as_of)
        return nw.concat([once, once])

    play = Play("thanks", "Say thank you.", events=twice)
    tables = referrals(("r1", "ada", datetime(2026, 11, 18)))
    places, _ = listed([play], [person("ada")], tables=tables)
    assert shown(places) == [("ada", "thanks", "r1")]


# ------------------------------------------------------------------ candidates


def test_a_candidate_carries_what_hooks_and_words_need() -> None:
    places, decisions = listed([ASK], [person("ada", account_id="acme")])
    found = candidate_of(places[0], decisions, "o7")
    assert (found.name, found.account_id, found.owner_id) == ("Ada", "acme", "o7")
    assert (found.trigger, found.play, found.cycle) == ("survey", "ask", "survey of ada")
    assert found.because == ("rated us 9/10",)
    assert found.facts["score"] == 9
    assert found.facts["stage"] is None


def test_working_values_of_the_decision_stay_out_of_the_facts() -> None:
    places, decisions = listed([ASK], [person("ada")])
    names = candidate_of(places[0], decisions, None).facts
    assert [name for name in names if ":" in name] == []


def test_the_columns_of_an_event_speak_in_its_sentence() -> None:
    tables = referrals(("r1", "ada", datetime(2026, 11, 18, 14)))
    play = Play("thanks", "Thank.", events=arrivals, because="{name} sent us {friend} on {at}")
    places, decisions = listed([play], [person("ada")], tables=tables)
    found = candidate_of(places[0], decisions, None)
    assert found.because == ("Ada sent us Dov Elm on 2026-11-18",)
    assert found.trigger == ""
    assert found.facts["friend"] == "Dov Elm"


def test_an_unknown_value_reads_unknown() -> None:
    facts: dict[str, Any] = {"at": None, "n": 0, "on": datetime(2026, 11, 18, 7)}
    assert fill("{at}, {n}, {on}, {missing}", facts) == "unknown, 0, 2026-11-18, unknown"
