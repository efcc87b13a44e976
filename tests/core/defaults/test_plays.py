"""The bundled plays: who is given what to do, on the real facts, rules and words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from goodword.decide import decide
from goodword.decisions import Decisions
from goodword.defaults.facts import facts as bundled_facts
from goodword.defaults.plays import plays
from goodword.defaults.stages import stage_model
from goodword.defaults.timing import ask_rules
from goodword.defaults.touchpoints import touchpoints
from goodword.engines.polars_engine import PolarsEngine
from goodword.expressions import Facts
from goodword.facts import build_facts, fact_types
from goodword.policy import Policy
from goodword.rulebook import DECISION_TYPES, Rulebook, assemble
from goodword.rules import Play
from goodword.shortlist import candidate_of, shortlist
from goodword.standing import add_scores, add_stage
from goodword.tables import TABLES
from goodword.words import check_words, compose

TODAY = date(2026, 11, 20)
ENGINE = PolarsEngine()
POLICY = Policy()
Rows = dict[str, list[dict[str, Any]]]


def day(number: int, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, number)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    facts = bundled_facts(POLICY, touchpoints())
    base = fact_types(facts, {})
    c = Facts(base | DECISION_TYPES)
    rules = [*ask_rules(c, POLICY), *plays(c, POLICY)]
    return assemble(
        ("defaults", stage_model(Facts(base), POLICY)),
        [("defaults", fact) for fact in facts],
        [("defaults", rule) for rule in rules],
        [],
        base,
    )


def tasks(book: Rulebook, rows: Rows, as_of: date = TODAY) -> dict[tuple[str, str], str]:
    """Return (play, contact) of everything on the shortlist with the whole text of its task."""
    tables = {name: ENGINE.rows(rows.get(name, []), t.types) for name, t in TABLES.items()}
    frame = build_facts(tables, book.facts, book.sources, {}, as_of, ENGINE)
    frame = add_stage(frame, book.stages, as_of)
    scores = ENGINE.rows([], SCORES)
    frame = add_scores(frame, scores, tables["own_fields"], 20)
    decisions = Decisions(ENGINE.collect(decide(frame, book, as_of)))
    places = shortlist(decisions, book, tables, as_of, "account", lambda _: frozenset(), ENGINE)
    found = {}
    for place in places:
        candidate = candidate_of(place, decisions, None)
        text = compose(candidate, place.play, POLICY, ())
        found[place.play.name, place.contact_id] = f"{text.subject}\n{text.body}"
    return found


SCORES: dict[str, Any] = {
    "contact_id": "text",
    "clv": "int",
    "crv": "int",
    "p_refer": "int",
    "n": "int",
    "model": "text",
    "confidence": "text",
}


def customer(**values: object) -> Rows:
    """A customer of two years' standing with a purchase and a talk this month."""
    person = {"contact_id": "pat", "name": "Pat Doe", "first_name": "Pat", "status": "customer"}
    return {
        "contacts": [person | values],
        "deals": [
            {"deal_id": "d1", "status": "won", "amount_cents": 9_00, "closed_at": day(1, 5, 2024)},
            {"deal_id": "d2", "status": "won", "amount_cents": 9_00, "closed_at": day(2)},
        ],
        "deal_contacts": [
            {"deal_id": "d1", "contact_id": "pat"},
            {"deal_id": "d2", "contact_id": "pat"},
        ],
        "activities": [
            {"activity_id": "a1", "contact_id": "pat", "kind": "call", "at": day(12)},
        ],
    }


PROMOTER: Rows = {
    "feedback": [
        {"feedback_id": "f1", "contact_id": "pat", "kind": "nps", "score": 10, "at": day(15)}
    ]
}
COMPLAINT: Rows = {
    "tickets": [
        {
            "ticket_id": "t1",
            "contact_id": "pat",
            "kind": "complaint",
            "status": "open",
            "opened_at": day(16),
        }
    ]
}
OLD_PURCHASE: Rows = {
    "deals": [
        {"deal_id": "d1", "status": "won", "amount_cents": 9_00, "closed_at": day(1, 5, 2025)}
    ],
    "activities": [],
}
LEAD = {"contact_id": "lee", "name": "Lee Moss", "first_name": "Lee", "status": "lead"}
SENT: Rows = {
    "referrals": [{"referral_id": "r1", "referrer_id": "pat", "referred_id": "lee", "at": day(17)}]
}


def test_the_plays_keep_their_names_and_order() -> None:
    c = Facts(fact_types(bundled_facts(POLICY, touchpoints()), {}) | DECISION_TYPES)
    found = {play.name: (play.tier, play.asks) for play in plays(c, POLICY)}
    assert found == {
        "fast_lane": (0, False),
        "thank_you": (0, False),
        "recover": (1, False),
        "ask": (2, True),
        "warm_up": (3, False),
        "quiet": (4, False),
    }


def test_every_play_has_its_words_and_they_name_only_known_facts(book: Rulebook) -> None:
    empty = {name: ENGINE.rows([], table.types) for name, table in TABLES.items()}
    for play in book.plays:
        known = [*book.types]
        if play.events is not None:
            known += play.events(empty, TODAY).collect_schema().names()
        check_words(play, language="en", folders=(), known=known)


def test_a_promoter_who_spoke_with_us_lately_is_asked(book: Rulebook) -> None:
    found = tasks(book, customer() | PROMOTER)
    assert list(found) == [("ask", "pat")]
    assert "Thank you for the 10 out of 10." in found["ask", "pat"]
    assert "- rated us 10 of 10 on 2026-11-15" in found["ask", "pat"]


def test_a_conversation_comes_before_the_ask(book: Rulebook) -> None:
    rows = customer() | PROMOTER
    rows["activities"] = [rows["activities"][0] | {"at": day(1, 8)}]
    assert list(tasks(book, rows)) == [("warm_up", "pat")]


def test_an_unhappy_customer_gets_service_and_nothing_else(book: Rulebook) -> None:
    found = tasks(book, customer() | PROMOTER | COMPLAINT)
    assert list(found) == [("recover", "pat")]
    assert "- complained on 16 November 2026" in found["recover", "pat"]


def test_an_old_incident_is_no_task(book: Rulebook) -> None:
    old = {"tickets": [COMPLAINT["tickets"][0] | {"opened_at": day(1, 10)}]}
    assert ("recover", "pat") not in tasks(book, customer() | old)


def test_a_customer_gone_quiet_is_greeted(book: Rulebook) -> None:
    found = tasks(book, customer() | OLD_PURCHASE)
    assert list(found) == [("quiet", "pat")]
    assert "last purchase on 2025-05-01" in found["quiet", "pat"]


@pytest.mark.parametrize(
    "values",
    [{"status": "lost"}, {"left_company": True}, {"kind": "partner"}],
    ids=str,
)
def test_only_customers_are_greeted(book: Rulebook, values: dict[str, Any]) -> None:
    assert tasks(book, customer(**values) | OLD_PURCHASE) == {}


def test_a_recent_contact_of_any_kind_breaks_the_silence(book: Rulebook) -> None:
    call = {"activity_id": "a", "contact_id": "pat", "kind": "call", "at": day(1, 9)}
    assert tasks(book, customer() | OLD_PURCHASE | {"activities": [call]}) == {}
    assert tasks(book, customer() | OLD_PURCHASE | {"activities": [call | {"at": day(1, 6)}]}) != {}


@pytest.mark.promise("lead.names-referrer", "lead.borrowed", "thanks.task")
def test_a_referral_gives_the_lead_the_fast_lane_and_the_referrer_thanks(book: Rulebook) -> None:
    rows = customer()
    rows["contacts"].append(LEAD)
    found = tasks(book, rows | SENT)
    assert sorted(found) == [("fast_lane", "lee"), ("thank_you", "pat")]
    assert "Pat Doe recommended us to them on 2026-11-17" in found["fast_lane", "lee"]
    assert "know, like and trust" in found["fast_lane", "lee"]
    assert "recommended us to Lee Moss on 2026-11-17" in found["thank_you", "pat"]


def test_old_referrals_are_evidence_and_no_task(book: Rulebook) -> None:
    rows = customer()
    rows["contacts"].append(LEAD)
    old = {"referrals": [SENT["referrals"][0] | {"at": day(20, 10)}]}
    last_day, too_late = date(2026, 11, 19), date(2026, 11, 20)
    assert sorted(tasks(book, rows | old, last_day)) == [("fast_lane", "lee"), ("thank_you", "pat")]
    assert {play for play, _ in tasks(book, rows | old, too_late)} <= {"ask"}


@pytest.mark.long
@pytest.mark.parametrize("values", [{"consent": "no"}, {"do_not_ask": True}], ids=str)
def test_who_opted_out_is_left_alone_except_to_put_things_right(
    book: Rulebook, values: dict[str, Any]
) -> None:
    rows = customer(**values) | PROMOTER
    rows["contacts"].append(LEAD | values)
    assert tasks(book, rows | SENT) == {}
    assert list(tasks(book, rows | SENT | COMPLAINT)) == [("recover", "pat")]
    assert tasks(book, customer(**values) | OLD_PURCHASE) == {}


def test_one_call_thanks_for_a_name_and_passes_on_the_note(book: Rulebook) -> None:
    name_only = {"referrals": [SENT["referrals"][0] | {"referred_id": None, "referred_name": "Jo"}]}
    found = tasks(book, customer() | name_only)
    assert sorted(found) == [("thank_you", "pat")]
    assert "gave us the name of Jo on 2026-11-17" in found["thank_you", "pat"]
    assert "I will not get in touch before Jo agrees." in found["thank_you", "pat"]
    assert "would like to hear from us" in found["thank_you", "pat"]
    thanked = {"activities": [{"activity_id": "x", "contact_id": "pat", "kind": "thank_you"}]}
    thanked["activities"][0]["at"] = day(17)  # by hand, before we could plan it
    assert list(tasks(book, customer() | name_only | thanked)) == [("fast_lane", "pat")]


def test_an_unhappy_referrer_is_not_troubled_with_a_note_to_pass_on(book: Rulebook) -> None:
    name_only = {"referrals": [SENT["referrals"][0] | {"referred_id": None, "referred_name": "Jo"}]}
    found = tasks(book, customer() | name_only | COMPLAINT)
    assert ("fast_lane", "pat") not in found
    assert "Speak about that first." in found["thank_you", "pat"]
    assert "would like to hear from us" not in found["thank_you", "pat"]


@pytest.mark.promise("lead.due", "thanks.due")
def test_a_play_of_events_is_due_sooner_than_anything_else(book: Rulebook) -> None:
    due = {play.name: play.due_days for play in book.plays}
    assert due["fast_lane"] == 1
    assert due["thank_you"] == 2
    assert all(isinstance(play, Play) and play.doc for play in book.plays)
