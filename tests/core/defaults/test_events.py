"""Referral events: each owes one thank-you, and a new lead is nobody's twice."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.defaults.events import COLUMNS, referral_events, referred_leads
from goodword.engines.polars_engine import PolarsEngine
from goodword.tables import TABLES

TODAY = date(2026, 11, 20)
PEOPLE = [
    {"contact_id": "pat", "name": "Pat Doe", "status": "customer"},
    {"contact_id": "kim", "name": "Kim Park", "status": "customer"},
    {"contact_id": "lee", "name": "Lee Moss", "status": "lead"},
]
Rows = dict[str, list[dict[str, Any]]]


def day(number: int, month: int = 11) -> datetime:
    return datetime(2026, month, number)


def tables(rows: Rows) -> dict[str, Any]:
    rows = {"contacts": PEOPLE} | rows
    engine = PolarsEngine()
    return {name: engine.rows(rows.get(name, []), table.types) for name, table in TABLES.items()}


def thanks(rows: Rows, as_of: date = TODAY) -> list[tuple[str, str]]:
    frame = referral_events(tables(rows), as_of).collect()
    assert tuple(frame.columns) == COLUMNS
    return sorted(zip(frame["contact_id"].to_list(), frame["cycle"].to_list(), strict=True))


def leads(rows: Rows, as_of: date = TODAY) -> list[dict[str, Any]]:
    frame = referred_leads(tables(rows), as_of).collect()
    assert tuple(frame.columns) == COLUMNS
    return sorted(frame.rows(named=True), key=lambda row: (row["contact_id"], row["cycle"]))


def referral(**values: object) -> dict[str, object]:
    received = {"referral_id": "r1", "referrer_id": "pat", "referred_id": "lee", "at": day(10)}
    return received | values


def said_yes(**values: object) -> dict[str, object]:
    task = {"task_key": "t1", "contact_id": "pat", "play": "ask", "cycle": "nps-1"}
    answer = {"state": "done", "done_at": day(11), "outcome": "yes", "outcome_name": "Sam Field"}
    return task | answer | values


def thanked(cycle: str, state: str = "done") -> dict[str, object]:
    task = {"task_key": f"k-{cycle}", "contact_id": "pat", "play": "thank_you", "cycle": cycle}
    return task | {"state": state}


@pytest.mark.promise("thanks.each-event", "identity.cycle-thanks")
def test_each_event_of_a_referral_is_one_event() -> None:
    rows: Rows = {"referrals": [referral(met_at=day(12), won_at=day(18), status="won")]}
    assert thanks(rows, date(2026, 11, 11)) == [("pat", "r1:received")]
    assert thanks(rows, date(2026, 11, 12)) == [("pat", "r1:met")]
    assert thanks(rows, date(2026, 11, 18)) == [("pat", "r1:won")]
    assert thanks({"referrals": [referral(lost_at=day(15))]}) == [("pat", "r1:lost")]


@pytest.mark.promise("thanks.each-event")
def test_nobody_is_called_twice_on_one_day_about_the_same_person() -> None:
    one_day = referral(at=day(20), met_at=day(20), won_at=day(20), status="won")
    other = referral(referral_id="r2", referred_id="kim", at=day(20))
    rows = {"referrals": [one_day, other]}
    assert thanks(rows) == [("pat", "r1:won"), ("pat", "r2:received")]
    assert thanks(rows | {"asks": [thanked("r1:won", "open")]})[0] == ("pat", "r1:won")


def test_an_event_names_both_people_and_its_day() -> None:
    frame = referral_events(tables({"referrals": [referral()]}), TODAY).collect()
    (row,) = frame.rows(named=True)
    assert row["referrer_name"] == "Pat Doe"
    assert row["referred_name"] == "Lee Moss"
    assert row["news"] == "recommended us to Lee Moss"
    assert row["at"] == day(10)


def test_an_event_without_a_date_or_in_the_future_is_none() -> None:
    assert thanks({"referrals": [referral(at=None)]}) == []
    assert thanks({"referrals": [referral(met_at=day(21))]}) == [("pat", "r1:received")]


def test_nobody_is_thanked_for_themselves() -> None:
    assert thanks({"referrals": [referral(referrer_id="lee")]}) == []


def test_a_referrer_the_crm_does_not_know_cannot_be_thanked() -> None:
    assert thanks({"referrals": [referral(referrer_id="gone")]}) == []
    assert thanks({"referrals": [referral(referrer_id=None)]}) == []


@pytest.mark.promise("thanks.never-twice")
def test_a_thank_you_on_the_timeline_settles_what_happened_up_to_its_day() -> None:
    row = referral(met_at=day(14))
    note = {"activity_id": "a", "contact_id": "pat", "kind": "thank_you", "at": day(10)}
    assert thanks({"referrals": [row], "activities": [note]}) == [("pat", "r1:met")]
    assert thanks({"referrals": [row], "activities": [note | {"at": day(16)}]}) == []
    call = note | {"kind": "call", "at": day(16)}
    assert thanks({"referrals": [row], "activities": [call]}) == [("pat", "r1:met")]
    kim = note | {"contact_id": "kim", "at": day(16)}
    assert thanks({"referrals": [row], "activities": [kim]}) == [("pat", "r1:met")]


def test_a_name_given_with_a_yes_is_a_referral() -> None:
    assert thanks({"asks": [said_yes()]}) == [("pat", "t1:received")]
    assert thanks({"asks": [said_yes(outcome_name=None)]}) == []
    assert thanks({"asks": [said_yes(outcome="later")]}) == []


def test_a_name_given_over_a_greeting_or_a_thank_you_is_thanked_for_once() -> None:
    greeted, thanked_for = said_yes(play="quiet"), said_yes(task_key="t2", play="thank_you")
    assert thanks({"asks": [greeted]}) == [("pat", "t1:received")]
    both = [greeted, thanked("t1:received"), thanked_for]
    assert thanks({"asks": both}) == []


@pytest.mark.promise("thanks.never-twice")
def test_a_name_that_later_gets_its_own_record_is_thanked_for_once() -> None:
    recorded = referral(referral_id="r9", referred_id=None, referred_name=" SAM field", at=day(12))
    rows: Rows = {"asks": [said_yes()], "referrals": [recorded]}
    assert thanks(rows) == [("pat", "r9:received")]
    for state in ("open", "done", "deleted"):
        already = rows | {"asks": [said_yes(), thanked("t1:received", state)]}
        assert thanks(already) == []
        won = referral(
            referral_id="r9", referred_name="Sam Field", referred_id=None, won_at=day(19)
        )
        assert thanks(already | {"referrals": [won]}) == [("pat", "r9:won")]


@pytest.mark.promise("lead.names-referrer")
def test_a_new_lead_is_called_and_told_who_sent_them() -> None:
    (row,) = leads({"referrals": [referral()]})
    assert (row["contact_id"], row["cycle"], row["event"]) == ("lee", "r1", "contact")
    assert row["referrer_name"] == "Pat Doe"
    assert row["news"] == "Pat Doe recommended us to them"


def test_a_lead_sent_by_two_people_is_called_once() -> None:
    second = referral(referral_id="r2", referrer_id="kim", at=day(12))
    assert [row["cycle"] for row in leads({"referrals": [second, referral()]})] == ["r1"]


@pytest.mark.promise("referral.name-only")
def test_a_lead_known_by_name_only_is_reached_through_the_referrer() -> None:
    note = {"activity_id": "n", "contact_id": "pat", "kind": "thank_you", "at": day(11)}
    (row,) = leads({"asks": [said_yes()], "activities": [note]})
    assert (row["contact_id"], row["cycle"], row["event"]) == ("pat", "t1", "name_only")
    assert row["referred_name"] == "Sam Field"


@pytest.mark.parametrize("state", [None, "open", "done", "deleted"])
def test_a_thank_you_for_a_name_carries_the_note_to_pass_on(state: str | None) -> None:
    thank_you = {"task_key": "t2", "contact_id": "pat", "play": "thank_you", "state": state}
    task = thank_you | {"cycle": "t1:received", "done_at": day(12) if state == "done" else None}
    assert leads({"asks": [said_yes(), *([task] if state else [])]}) == []


@pytest.mark.parametrize(
    "progress",
    [
        {"status": "met"},
        {"status": "lost"},
        {"met_at": day(12)},
        {"won_at": day(12)},
        {"lost_at": day(12)},
        {"at": None},
        {"at": day(21)},
    ],
    ids=str,
)
def test_a_lead_that_is_on_its_way_is_left_alone(progress: dict[str, Any]) -> None:
    assert leads({"referrals": [referral(**progress)]}) == []


def test_a_meeting_still_to_come_does_not_stop_the_fast_lane() -> None:
    assert len(leads({"referrals": [referral(met_at=day(25))]})) == 1


def test_somebody_who_buys_already_is_no_lead() -> None:
    deal = {"deal_id": "d", "status": "won", "amount_cents": 900, "closed_at": day(2)}
    credit = {"deal_id": "d", "contact_id": "lee"}
    bought: Rows = {"deals": [deal], "deal_contacts": [credit]}
    assert leads(bought | {"referrals": [referral()]}) == []
    summed: Rows = {"deal_rollups": [{"contact_id": "lee", "purchase_days": 1}]}
    assert leads(summed | {"referrals": [referral()]}) == []
    customer: Rows = {"contacts": [*PEOPLE[:2], PEOPLE[2] | {"status": "customer"}]}
    assert leads(customer | {"referrals": [referral()]}) == []


ANY_ROW = st.fixed_dictionaries(
    {
        "referral_id": st.sampled_from(["r1", "r2", "r3", "r4"]),
        "referrer_id": st.sampled_from([None, "pat", "kim", "lee", "gone"]),
        "referred_id": st.sampled_from([None, "pat", "kim", "lee", "gone"]),
        "referred_name": st.sampled_from([None, "Sam Field", "Pat Doe"]),
        "status": st.sampled_from([None, "received", "met", "won", "lost"]),
        **{
            name: st.none() | st.integers(1, 28).map(day)
            for name in ("at", "met_at", "won_at", "lost_at")
        },
    }
)


def any_rows() -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(ANY_ROW, max_size=4, unique_by=lambda row: str(row["referral_id"]))


@pytest.mark.long
@settings(max_examples=25)
@given(any_rows(), st.booleans())
@pytest.mark.promise("thanks.never-twice")
def test_no_event_comes_twice_whatever_the_crm_holds(
    rows: list[dict[str, Any]], answered: bool
) -> None:
    asks = [said_yes()] if answered else []
    found = thanks({"referrals": rows, "asks": asks})
    assert len(found) == len(set(found))
    called = [(row["contact_id"], row["cycle"]) for row in leads({"referrals": rows, "asks": asks})]
    assert len(called) == len(set(called))
    for contact, cycle in found:
        by_id = {row["referral_id"]: row for row in rows}
        row = by_id.get(cycle.split(":")[0])
        assert row is None or (contact == row["referrer_id"] != row["referred_id"])


@pytest.mark.duckdb
def test_duckdb_gives_the_same_events(tmp_path: Path) -> None:
    import duckdb

    late = referral(referral_id="r2", referrer_id="kim", referred_id=None, referred_name="Jo")
    note = {"activity_id": "a", "contact_id": "kim", "kind": "thank_you", "at": day(9)}
    rows: Rows = {
        "referrals": [referral(met_at=day(12)), late],
        "asks": [said_yes(), thanked("t1:received")],
        "activities": [note],
    }
    frames = tables(rows)
    connection = duckdb.connect()
    other = {}
    for name, frame in frames.items():
        path = tmp_path / f"{name}.parquet"
        frame.collect().to_native().write_parquet(path)
        other[name] = nw.from_native(connection.read_parquet(str(path)))
    for build in (referral_events, referred_leads):
        expected = build(frames, TODAY).collect().to_native()
        found = pl.DataFrame(
            build(other, TODAY).to_native().fetchall(), schema=COLUMNS, orient="row"
        )
        key = ["contact_id", "cycle"]
        assert found.sort(key).rows() == expected.sort(key).rows()
    connection.close()
