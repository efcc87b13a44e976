"""The facts frame: one typed row a contact, whatever merges and plugins do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import narwhals.stable.v2 as nw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import Fact, PluginError, last, total
from goodword.engines.polars_engine import PolarsEngine
from goodword.facts import blind_facts, build_facts, canonical, fact_types
from goodword.tables import TABLES, Frame

TODAY = date(2026, 11, 20)
ENGINE = PolarsEngine()
Rows = list[dict[str, Any]]


def tables(**rows: Rows) -> dict[str, Frame]:
    return {name: ENGINE.rows(rows.get(name, []), t.types) for name, t in TABLES.items()}


def people(*ids: str) -> Rows:
    return [{"contact_id": contact, "name": contact.upper()} for contact in ids]


def alias(**pairs: str | None) -> Rows:
    return [{"alias_id": old, "contact_id": new} for old, new in pairs.items()]


def read(frame: Frame) -> Rows:
    found: Rows = frame.collect("polars").to_native().to_dicts()
    return sorted(found, key=lambda row: tuple(str(value) for value in row.values()))


# ------------------------------------------------------------------ merged contacts


@pytest.mark.promise("identity.merged")
def test_a_merged_contact_is_one_person_with_one_history() -> None:
    merged = canonical(
        tables(
            contacts=people("a", "b"),
            aliases=alias(a="b"),
            tickets=[{"ticket_id": "t1", "contact_id": "a"}, {"ticket_id": "t2"}],
            referrals=[{"referral_id": "r", "referrer_id": "a", "referred_id": "b"}],
        ),
        ENGINE,
    )
    assert [row["contact_id"] for row in read(merged["contacts"])] == ["b"]
    assert [row["contact_id"] for row in read(merged["tickets"])] == ["b", None]
    referral = read(merged["referrals"])[0]
    assert (referral["referrer_id"], referral["referred_id"]) == ("b", "b")


def test_columns_stay_in_their_order() -> None:
    merged = canonical(tables(contacts=people("a", "b"), aliases=alias(a="b")), ENGINE)
    for name, table in TABLES.items():
        assert merged[name].collect_schema().names() == list(table.types)


@pytest.mark.promise("identity.merged")
def test_an_alias_of_an_alias_is_followed_to_its_end() -> None:
    merged = canonical(
        tables(
            contacts=people("d"),
            aliases=alias(a="b", b="c", c="d"),
            deals=[],
            tickets=[{"ticket_id": t, "contact_id": t} for t in "abcd"],
        ),
        ENGINE,
    )
    assert {row["contact_id"] for row in read(merged["tickets"])} == {"d"}


def test_a_ring_of_aliases_ends_at_its_smallest_id_also_for_those_outside_it() -> None:
    merged = canonical(
        tables(
            contacts=people("a", "b", "c"),
            aliases=alias(a="c", b="c", c="b"),
            tickets=[{"ticket_id": t, "contact_id": t} for t in "abc"],
        ),
        ENGINE,
    )
    assert {row["contact_id"] for row in read(merged["tickets"])} == {"b"}
    assert [row["contact_id"] for row in read(merged["contacts"])] == ["b"]


def test_an_alias_that_leads_nowhere_changes_nothing() -> None:
    merged = canonical(tables(contacts=people("a", "b"), aliases=alias(a=None, b="b")), ENGINE)
    assert [row["contact_id"] for row in read(merged["contacts"])] == ["a", "b"]


def test_our_fields_of_the_page_that_went_do_not_double_the_one_that_stayed() -> None:
    merged = canonical(
        tables(
            contacts=people("a", "b"),
            aliases=alias(a="b"),
            own_fields=[{"contact_id": "a", "stage": "try"}, {"contact_id": "b", "stage": "buy"}],
            deal_rollups=[{"contact_id": "a", "sum_cents": 5}, {"contact_id": "b", "sum_cents": 9}],
        ),
        ENGINE,
    )
    assert [(row["contact_id"], row["stage"]) for row in read(merged["own_fields"])] == [
        ("b", "buy")
    ]
    assert [row["sum_cents"] for row in read(merged["deal_rollups"])] == [9]


def test_a_deal_both_halves_of_a_person_were_on_is_credited_once() -> None:
    deal = {"deal_id": "d", "primary": False}
    merged = canonical(
        tables(
            contacts=people("a", "b", "c"),
            aliases=alias(a="b"),
            deal_contacts=[
                {**deal, "contact_id": "a", "primary": True},
                {**deal, "contact_id": "b"},
                {**deal, "contact_id": "c", "primary": None},
            ],
        ),
        ENGINE,
    )
    found = [(row["contact_id"], row["primary"]) for row in read(merged["deal_contacts"])]
    assert found == [("b", True), ("c", False)]


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef")))
@pytest.mark.promise("identity.merged")
def test_whatever_was_merged_into_whatever_nobody_keeps_an_id_that_went(
    pairs: dict[str, str],
) -> None:
    tickets = [{"ticket_id": name, "contact_id": name} for name in "abcdef"]
    merged = canonical(
        tables(contacts=people(*"abcdef"), aliases=alias(**pairs), tickets=tickets), ENGINE
    )
    left = {row["contact_id"] for row in read(merged["contacts"])}
    after = {row["ticket_id"]: row["contact_id"] for row in read(merged["tickets"])}
    assert set(after.values()) == left
    assert all(after[old] == after[new] for old, new in pairs.items())
    assert all(after[name] == name for name in left)


# ------------------------------------------------------------------ building


TICKETS = Fact(
    "tickets_all", "int", "Tickets.", total("tickets", count="tickets_all"), ("tickets",), 0
)
NPS = last("feedback", by="at", take={"nps": "score", "nps_at": "at"})
SCORE = Fact("nps", "int", "Latest answer.", NPS, ("feedback",))
SCORE_AT = Fact("nps_at", "time", "Its date.", NPS, ("feedback",))


def built(
    facts: Sequence[Fact], source: Mapping[str, Frame], plugin: str = "theirs"
) -> dict[str, dict[str, Any]]:
    sources = {fact.name: plugin for fact in facts}
    frame = build_facts(source, facts, sources, {}, TODAY, ENGINE)
    return {row["contact_id"]: row for row in read(frame)}


def test_every_contact_has_one_row_with_every_fact() -> None:
    at = datetime(2026, 11, 2)
    source = tables(
        contacts=people("a", "b"),
        tickets=[{"ticket_id": "t", "contact_id": "a"}],
        feedback=[{"feedback_id": "f", "contact_id": "a", "score": 9, "at": at}],
    )
    assert built([TICKETS, SCORE, SCORE_AT], source) == {
        "a": {"contact_id": "a", "tickets_all": 1, "nps": 9, "nps_at": at},
        "b": {"contact_id": "b", "tickets_all": 0, "nps": None, "nps_at": None},
    }


def test_rows_about_nobody_we_know_are_left_out() -> None:
    source = tables(contacts=people("a"), tickets=[{"ticket_id": "t", "contact_id": "zz"}])
    assert list(built([TICKETS], source)) == ["a"]


def test_the_firms_own_columns_are_facts() -> None:
    types = {**TABLES["contacts"].types, "extra.tier": "text"}
    source = tables() | {
        "contacts": ENGINE.rows([{"contact_id": "a", "extra.tier": "gold"}], types)  # type: ignore[arg-type]
    }
    frame = build_facts(source, [], {}, {"tier": "text"}, TODAY, ENGINE)
    assert read(frame) == [{"contact_id": "a", "extra.tier": "gold"}]
    assert fact_types([SCORE], {"tier": "text"}) == {"nps": "int", "extra.tier": "text"}


def test_facts_of_one_build_are_computed_once() -> None:
    calls: list[date] = []

    def build(source: Mapping[str, Frame], as_of: date) -> Frame:
        calls.append(as_of)
        one, two = nw.lit(1).cast(nw.Int64).alias("one"), nw.lit("x").alias("two")
        return source["contacts"].select("contact_id", one, two)

    facts = [Fact("one", "int", "One.", build), Fact("two", "text", "Two.", build)]
    assert built(facts, tables(contacts=people("a")))["a"] == {
        "contact_id": "a",
        "one": 1,
        "two": "x",
    }
    assert calls == [TODAY]


def test_a_fact_that_holds_a_contact_twice_is_refused_naming_its_plugin() -> None:
    def build(source: Mapping[str, Frame], as_of: date) -> Frame:
        return source["tickets"].select("contact_id", nw.lit("x").alias("visits"))

    source = tables(
        contacts=people("a"), tickets=[{"ticket_id": t, "contact_id": "a"} for t in "xy"]
    )
    with pytest.raises(PluginError) as refused:
        built([Fact("visits", "text", "Visits.", build)], source)
    assert refused.value.plugin == "theirs"
    assert refused.value.message == (
        "Plugin 'theirs': the frame of visits holds a contact more than once."
    )


def test_a_fact_without_its_column_is_refused() -> None:
    def build(source: Mapping[str, Frame], as_of: date) -> Frame:
        return source["contacts"].select("contact_id")

    with pytest.raises(PluginError, match="'theirs': the frame of visits has no column 'visits'"):
        built([Fact("visits", "int", "Visits.", build)], tables(contacts=people("a")))


def test_a_fact_of_another_type_than_it_declares_is_refused() -> None:
    def build(source: Mapping[str, Frame], as_of: date) -> Frame:
        return source["contacts"].select("contact_id", nw.lit("3").alias("visits"))

    with pytest.raises(PluginError, match="'theirs': fact 'visits' is String, not int"):
        built([Fact("visits", "int", "Visits.", build)], tables(contacts=people("a")))


def test_facts_of_tables_nobody_delivered_are_blind() -> None:
    either = Fact("either", "int", "From either.", NPS, ("feedback", "tickets"))
    assert blind_facts([TICKETS, SCORE, either], frozenset({"tickets"})) == {"nps": "feedback"}
    assert blind_facts([either], frozenset()) == {"either": "feedback"}
    assert blind_facts([Fact("free", "int", "Reads nothing.", NPS)], frozenset()) == {}
