"""Brakes: what makes a run nobody watches wait for a person, and what a lost table does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import narwhals.stable.v2 as nw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import Fact, Facts, GoodwordError, StageRule, Suppressor, Trigger
from goodword.brakes import OURS, SMALL, Baseline, blinding, lost_tables, reasons, tables_behind
from goodword.decide import decide, flagged
from goodword.engines.polars_engine import PolarsEngine
from goodword.explain import explain
from goodword.policy import Brakes
from goodword.rulebook import Rulebook
from goodword.rules import Rule
from goodword.tables import TABLES, Frame
from goodword.testing import rulebook

TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Pulled:
    """What a pull brought, in numbers."""

    rows: Mapping[str, int] = field(default_factory=dict)
    filled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    more: frozenset[str] = frozenset()

    @property
    def available(self) -> frozenset[str]:
        return frozenset(self.rows) | self.more


def _never_built(tables: Mapping[str, Frame], as_of: date) -> Frame:
    raise AssertionError


def _fact(name: str, kind: Any, *reads: str) -> Fact:
    return Fact(name, kind, "What a test decides on.", _never_built, reads)


FACTS = [
    _fact("survey_at", "time", "feedback"),
    _fact("survey_id", "text", "feedback"),
    _fact("tickets_open", "int", "tickets"),
    _fact("recovering", "bool", "tickets", "feedback", "asks"),
    _fact("invoices_overdue", "int", "invoices"),
    _fact("deals_won", "int", "deals", "deal_rollups"),
    _fact("friend_at", "time", "referrals"),
]
C = Facts({fact.name: fact.type for fact in FACTS} | {"stage": "text", "clv": "int"})
SURVEY = Trigger("survey", since=C.survey_at, record=C.survey_id, because="said so")
FRIEND = Trigger("friend", since=C.friend_at, record=C.survey_id, because="x", exempt=("ticket",))
TICKET = Suppressor("ticket", when=C.tickets_open > 0, hard=True, because="a ticket is open")
RECOVERY = Suppressor("recovery", when=C.recovering, verdict="recover", because="not well yet")
INVOICE = Suppressor("invoice", when=C.invoices_overdue > 0, because="an invoice is overdue")


def book_of(*rules: Rule) -> Rulebook:
    return rulebook([*FACTS, *rules], {fact.name: fact.type for fact in FACTS} | EXTRA)


EXTRA: dict[str, Any] = {"extra.tier": "text"}
BOOK = book_of(SURVEY, FRIEND, TICKET, RECOVERY, INVOICE)
DEFAULT = Brakes()


def why_not(
    before: Pulled, now: Pulled, limits: Brakes = DEFAULT, book: Rulebook = BOOK
) -> tuple[str, ...]:
    """Why a run on *now* waits for a person, after an accepted one on *before*."""
    found = reasons(0, 0, Baseline().after(before), now, limits, book)
    assert len({brake.code for brake in found}) == len(found)
    return tuple(brake.text for brake in found)


# ------------------------------------------------------------------ how much a plan changes


@pytest.mark.parametrize(
    ("tasks", "contacts", "stopped"), [(50, 500, 0), (51, 500, 1), (51, 501, 2)]
)
@pytest.mark.promise("brakes.tasks", "brakes.contacts")
def test_more_than_fifty_tasks_or_five_hundred_contacts_wait(
    tasks: int, contacts: int, stopped: int
) -> None:
    found = reasons(tasks, contacts, Baseline(), Pulled(), DEFAULT, BOOK)
    assert len(found) == stopped
    assert all("goodword apply" in brake.text for brake in found)
    assert [brake.code for brake in found] == ["many_tasks", "many_contacts"][:stopped]


def test_a_sentence_names_the_number_and_the_limit() -> None:
    (found,) = reasons(9, 0, None, Pulled(), Brakes(tasks=8), BOOK)
    assert found.text.startswith("9 new tasks, more than the 8 of brakes.tasks.")


def test_the_first_run_is_held_back_by_its_size_only() -> None:
    nothing = Pulled({}, {})
    assert reasons(0, 0, None, nothing, DEFAULT, BOOK) == ()
    assert reasons(0, 0, Baseline(), nothing, DEFAULT, BOOK) == ()
    assert len(reasons(51, 0, None, nothing, DEFAULT, BOOK)) == 1


# ------------------------------------------------------------------ sources that shrank


@pytest.mark.parametrize(("now", "stopped"), [(100, False), (80, False), (79, True), (0, True)])
@pytest.mark.promise("brakes.shrunk")
def test_a_table_that_lost_more_than_a_fifth_waits(now: int, stopped: bool) -> None:
    found = why_not(Pulled({"deals": 100}), Pulled({"deals": now}))
    assert bool(found) is stopped
    assert all(f"deals went from 100 rows to {now}" in sentence for sentence in found)


def test_the_firm_says_how_much_a_table_may_shrink() -> None:
    before, now = Pulled({"deals": 100}), Pulled({"deals": 60})
    assert why_not(before, now, Brakes(shrink_percent=40)) == ()
    assert len(why_not(before, now, Brakes(shrink_percent=39))) == 1
    assert len(why_not(before, Pulled({"deals": 99}), Brakes(shrink_percent=0))) == 1


def test_a_small_table_may_shrink() -> None:
    assert why_not(Pulled({"deals": SMALL - 1}), Pulled({"deals": 0})) == ()
    assert len(why_not(Pulled({"deals": SMALL}), Pulled({"deals": 0}))) == 1


def test_a_list_that_is_several_times_what_it_was_waits() -> None:
    before, now = Pulled({"contacts": 400}), Pulled({"contacts": 10_400})
    (found,) = why_not(before, now)
    assert "contacts went from 400 rows to 10400" in found
    assert "goodword apply" in found
    assert why_not(before, Pulled({"contacts": 1200})) == ()
    assert why_not(Pulled({"contacts": 4000}), Pulled({"contacts": 12_000})) == ()
    assert why_not(Pulled({"deals": 400}), Pulled({"deals": 10_400})) == ()


@pytest.mark.parametrize("table", sorted(OURS))
def test_what_we_write_ourselves_may_shrink(table: str) -> None:
    assert why_not(Pulled({table: 100}), Pulled({table: 1})) == ()


@given(before=st.integers(0, 5000), now=st.integers(0, 5000), percent=st.integers(0, 100))
def test_exactly_the_larger_losses_wait(before: int, now: int, percent: int) -> None:
    found = why_not(
        Pulled({"deals": before}), Pulled({"deals": now}), Brakes(shrink_percent=percent)
    )
    kept = now / before * 100 if before else 100
    clear = abs(kept - (100 - percent)) > 1e-6
    if clear:
        assert bool(found) is (before >= SMALL and kept < 100 - percent)
    else:
        assert not found


# ------------------------------------------------------------------ lost tables and columns


@pytest.mark.promise("brakes.blind")
def test_a_lost_table_waits_and_is_said_with_the_way_out() -> None:
    (found,) = why_not(Pulled({"tickets": 3}), Pulled({"deals": 5}))
    assert found.startswith("The table tickets used to come and is missing now.")
    assert "allow_blind" in found


@pytest.mark.promise("blind.allowed")
def test_a_table_the_firm_can_do_without_may_be_missing_shrink_or_be_empty() -> None:
    before = Pulled({"tickets": 100}, {"tickets": ("ticket_id",)})
    allowed = Brakes(allow_blind=("tickets",))
    assert why_not(before, Pulled(), allowed) == ()
    assert why_not(before, Pulled({"tickets": 0}, {"tickets": ()}), allowed) == ()


@pytest.mark.promise("brakes.blind")
def test_a_column_behind_a_hard_rule_that_is_empty_now_waits() -> None:
    before = Pulled({"tickets": 3}, {"tickets": ("kind", "status", "ticket_id")})
    now = Pulled({"tickets": 3}, {"tickets": ("ticket_id",)})
    (found,) = why_not(before, now)
    assert found.startswith("tickets: no value is left in kind, status")


def test_an_empty_column_behind_a_soft_rule_does_not_wait() -> None:
    before = Pulled({"invoices": 3}, {"invoices": ("due_at",)})
    assert why_not(before, Pulled({"invoices": 3}, {"invoices": ()})) == ()


def test_each_reason_has_a_name_of_its_own() -> None:
    before = Pulled(
        {"tickets": 30, "deals": 30, "invoices": 3}, {"tickets": ("kind", "status", "ticket_id")}
    )
    now = Pulled({"tickets": 30, "deals": 3}, {"tickets": ("ticket_id",)})
    found = reasons(0, 0, Baseline().after(before), now, DEFAULT, BOOK)
    codes = ["lost:invoices", "shrank:deals", "emptied:tickets.kind,status"]
    assert [brake.code for brake in found] == codes


def test_a_column_nobody_looked_at_is_not_called_empty() -> None:
    before = Pulled({"tickets": 3}, {"tickets": ("kind",)})
    assert why_not(before, Pulled({"tickets": 3})) == ()


# ------------------------------------------------------------------ the baseline

TABLE = st.sampled_from(sorted(TABLES))
PULLED = st.builds(
    Pulled,
    rows=st.dictionaries(TABLE, st.integers(0, 1000), max_size=5),
    filled=st.dictionaries(TABLE, st.just(("contact_id",)), max_size=3),
)
BASELINE = st.lists(PULLED, max_size=3).map(
    lambda pulls: Baseline() if not pulls else _after(Baseline(), pulls)
)


def _after(baseline: Baseline, pulls: list[Pulled]) -> Baseline:
    for pulled in pulls:
        baseline = baseline.after(pulled)
    return baseline


@given(baseline=BASELINE)
def test_a_baseline_comes_back_from_the_ledger_as_it_was(baseline: Baseline) -> None:
    assert Baseline.from_json(baseline.to_json()) == baseline


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"ever": 1, "rows": {}, "filled": {}}', "[" * 9999]
)
def test_an_unreadable_baseline_is_named(text: str) -> None:
    with pytest.raises(GoodwordError, match="last accepted run"):
        Baseline.from_json(text)


@given(baseline=BASELINE, pulled=PULLED)
def test_a_run_on_what_was_just_accepted_is_compared_with_itself(
    baseline: Baseline, pulled: Pulled
) -> None:
    accepted = baseline.after(pulled)
    found = reasons(0, 0, accepted, pulled, DEFAULT, BOOK)
    assert len(found) == len(baseline.ever - pulled.available)


@given(baseline=BASELINE, pulled=PULLED, allowed=st.sets(TABLE))
@pytest.mark.promise("blind.allowed")
def test_accepting_a_run_never_ends_being_blind(
    baseline: Baseline, pulled: Pulled, allowed: set[str]
) -> None:
    lost = lost_tables(baseline, pulled, allowed)
    assert lost_tables(baseline.after(pulled), pulled, allowed) == lost
    assert not lost & (pulled.available | allowed)
    assert lost_tables(baseline, pulled, TABLES) == frozenset()


def test_before_the_first_accepted_run_nothing_is_lost() -> None:
    assert lost_tables(None, Pulled(), ()) == frozenset()


def test_a_table_that_came_back_is_compared_with_what_it_had() -> None:
    gone = Baseline().after(Pulled({"tickets": 100})).after(Pulled({"deals": 5}))
    found = reasons(0, 0, gone, Pulled({"tickets": 50, "deals": 5}), DEFAULT, BOOK)
    assert [brake.code for brake in found] == ["shrank:tickets"]
    assert found[0].text.startswith("tickets went from 100 rows to 50,")


# ------------------------------------------------------------------ blind suppressors


def names(*lost: str, book: Rulebook = BOOK) -> list[str]:
    return [rule.name for rule in blinding(book, lost)]


def test_a_lost_table_some_suppressor_reads_blinds() -> None:
    assert names("tickets", "invoices") == ["blind:invoices", "blind:tickets"]
    assert names() == []


def test_a_lost_table_only_triggers_read_blinds_nobody() -> None:
    assert names("referrals", "deals") == []


def test_a_suppressor_of_several_tables_is_blind_when_one_is_lost() -> None:
    assert names("feedback", "asks", book=book_of(RECOVERY)) == ["blind:asks", "blind:feedback"]


def test_what_the_firms_own_columns_and_the_stage_stand_on_counts() -> None:
    tier = Suppressor("tier", when=Facts(EXTRA).extra.tier == "gold", because="x")
    stage = Suppressor("stage_rule", when=C.stage == "repeat", because="x")
    step = StageRule("repeat_buyer", "repeat", when=C.deals_won > 1)
    worth = Suppressor("worth", when=C.clv > 3, because="x")
    book = book_of(tier, stage, step, worth)
    assert tables_behind(tier, book) == {"contacts"}
    assert tables_behind(stage, book) == {"deals", "deal_rollups"}
    assert tables_behind(worth, book) == set(TABLES)


def test_words_alone_do_not_make_a_suppressor_blind() -> None:
    said = Suppressor("said", when=C.tickets_open > 0, because="overdue: {invoices_overdue}")
    assert tables_behind(said, book_of(said)) == {"tickets"}


def person(**values: object) -> dict[str, object]:
    usual: dict[str, object] = {fact.name: None for fact in FACTS}
    usual |= {"contact_id": "c1", "name": "Ada Brook", "survey_at": datetime(2026, 11, 18)}
    return usual | {"survey_id": "s1", "stage": "repeat", "extra.tier": None} | values


def decided(book: Rulebook, *people: dict[str, object]) -> list[dict[str, Any]]:
    engine = PolarsEngine()
    types = {"contact_id": "text", "name": "text", "stage": "text", **EXTRA}
    types |= {fact.name: fact.type for fact in FACTS}
    facts = engine.rows(people, types)
    scores = [nw.lit(0).alias(name) for name in ("clv", "crv", "p_refer", "score", "n")]
    texts = [nw.lit("").alias(name) for name in ("segment", "model", "confidence", "stage_rule")]
    facts = facts.with_columns(*scores, *texts, nw.lit(value=False).alias("borrowed"))
    told = engine.collect(flagged(decide(facts, book, TODAY), book.deciding, TODAY))
    found: list[dict[str, Any]] = told.to_native().to_dicts()
    return found


@pytest.mark.promise("blind.waits")
def test_nobody_is_asked_past_a_lost_table_whatever_the_moment() -> None:
    blind = BOOK.with_suppressors(blinding(BOOK, {"tickets"}))
    surveyed = person()
    invited = person(contact_id="c2", survey_at=None, friend_at=datetime(2026, 11, 18))
    assert [row["verdict"] for row in decided(BOOK, surveyed, invited)] == ["ask", "ask"]
    found = decided(blind, surveyed, invited)
    assert [(row["verdict"], row["code"]) for row in found] == [("wait", "blind:tickets")] * 2
    assert {row["next_ask"] for row in found} == {None}
    assert found[0]["why"].startswith("Wait: the table tickets used to come and is missing now")


def test_a_graver_reason_speaks_before_blindness() -> None:
    blind = BOOK.with_suppressors(blinding(BOOK, {"invoices"}))
    assert decided(blind, person(recovering=True))[0]["code"] == "recovery"


def test_why_shows_the_lost_table_as_what_holds() -> None:
    blind = BOOK.with_suppressors(blinding(BOOK, {"tickets"}))
    row = decided(blind, person())[0]
    found = explain(row, blind, frozenset({"feedback"}), None, [], TODAY)
    line = next(line for line in found.suppressors if line.name == "blind:tickets")
    assert line.state == "holds"
    assert "allow_blind" in line.sentence


@given(lost=st.sets(TABLE))
def test_a_blind_suppressor_stands_for_each_lost_table_that_is_read(lost: set[str]) -> None:
    rules = blinding(BOOK, lost)
    read = {"tickets", "feedback", "asks", "invoices"}
    assert {rule.name for rule in rules} == {f"blind:{table}" for table in lost & read}
    assert all((rule.verdict, rule.hard) == ("wait", True) for rule in rules)
