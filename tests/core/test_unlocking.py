"""What would help: which data nobody has, and for how many it would open a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.decide import decide
from goodword.engines.polars_engine import PolarsEngine
from goodword.expressions import Facts
from goodword.facts import fact_types
from goodword.hookspecs import StageModel
from goodword.model import Unlock
from goodword.rulebook import Rulebook, assemble
from goodword.rules import Fact, Play, StageRule, Suppressor, Trigger, Weight
from goodword.tables import Frame
from goodword.unlocking import SHOWN, unlocks

TODAY = date(2026, 11, 20)
ENGINE = PolarsEngine()
LATELY = datetime(2026, 11, 15)


def build(tables: Mapping[str, Frame], as_of: date) -> Frame:
    """Facts are laid out by hand here."""
    return tables["contacts"]


FACTS = (
    Fact("status", "text", "Lead or customer.", build, ("contacts",)),
    Fact("job_at", "time", "Latest job.", build, ("activities",)),
    Fact("job_id", "text", "Its record.", build, ("activities",)),
    Fact("score_at", "time", "Latest answer.", build, ("feedback",)),
    Fact("score_id", "text", "Its record.", build, ("feedback",)),
    Fact("mark_at", "time", "Latest mark.", build, ("feedback",)),
    Fact("asked_at", "time", "When we asked.", build, ("asks",)),
    Fact("days", "int", "Days with a purchase.", build, ("deals", "deal_rollups"), fill=0),
    Fact("sent", "int", "People sent to us.", build, ("referrals", "asks"), fill=0),
    Fact("opted_out", "bool", "Said no.", build, ("contacts",), fill=False),
    Fact("tired", "bool", "Was asked too often.", build, ("contacts",), fill=False),
)
TYPES = fact_types(FACTS, {})
C = Facts(TYPES)
JOB = Trigger("job", since=C.job_at, record=C.job_id, points=20, because="done")
SCORE = Trigger("score", since=C.score_at, record=C.score_id, points=90, because="liked us")
MARK = Trigger("mark", since=C.mark_at, record=C.score_id, points=80, because="liked us")
AGAIN = Trigger("again", since=C.asked_at, record=C.score_id, points=95, because="asked us")
BOUGHT = StageRule("bought", "buy", C.days > 0)
SENDS = StageRule("sends", "refer", C.sent > 0)
HARD = Suppressor("opt_out", when=C.opted_out, verdict="never", hard=True, because="no")
SOFT = Suppressor("tired", when=C.tired, because="tired")
HAVE = frozenset({"contacts", "activities", "deal_rollups"})


def book_of(*rules: Trigger | Suppressor | StageRule) -> Rulebook:
    """The rules of a firm with these and no others."""
    stages = tuple(rule for rule in rules if isinstance(rule, StageRule))
    model = StageModel(("know", "buy", "refer"), stages, {})
    others: list[tuple[str, Trigger | Suppressor | Weight | Play]] = []
    others += [("a-plugin", rule) for rule in rules if not isinstance(rule, StageRule)]
    facts = [("a-plugin", fact) for fact in FACTS]
    return assemble(("a-plugin", model), facts, others, [], TYPES)


def person(number: int, **values: object) -> dict[str, object]:
    """A customer without any news."""
    fills = {fact.name: fact.fill for fact in FACTS}
    usual = {"contact_id": f"c{number}", "stage": "buy", "status": "customer", "days": 1}
    return {**fills, **usual, **values}


def found(
    people: Sequence[Mapping[str, object]],
    *rules: Trigger | Suppressor | StageRule,
    have: frozenset[str] = HAVE,
    wishes: Mapping[str, str] | None = None,
) -> list[tuple[str, str, int]]:
    """What would help these people under these rules: the fact, what it opens, for how many."""
    return [
        (one.fact, one.opens, one.number) for one in told(people, *rules, have=have, wishes=wishes)
    ]


def told(
    people: Sequence[Mapping[str, object]],
    *rules: Trigger | Suppressor | StageRule,
    have: frozenset[str] = HAVE,
    wishes: Mapping[str, str] | None = None,
) -> tuple[Unlock, ...]:
    book = book_of(*rules)
    frame = ENGINE.rows(people, {"contact_id": "text", "stage": "text", **TYPES})
    return unlocks(decide(frame, book, TODAY), book, have, wishes or {}, ENGINE, TODAY)


def test_a_moment_nobody_has_data_for_is_told_with_how_many_it_could_open_for() -> None:
    people = [person(1), person(2), person(3, job_at=LATELY, job_id="j3")]
    assert found(people, JOB, SCORE) == [("score_at", "moment", 2)]


def test_whoever_may_not_be_asked_or_never_bought_is_not_counted() -> None:
    people = [person(1), person(2, opted_out=True), person(3, status="lead"), person(4, tired=True)]
    assert found(people, SCORE, HARD, SOFT) == [("score_at", "moment", 2)]


def test_what_somebody_has_is_not_wished_for() -> None:
    people = [person(1), person(2, score_at=datetime(2020, 1, 1), score_id="s2")]
    assert found(people, SCORE, have=HAVE | {"feedback"}) == []


def test_an_empty_column_of_a_table_that_is_there_is_wished_for() -> None:
    assert found([person(1)], SCORE, have=HAVE | {"feedback"}) == [("score_at", "moment", 1)]


def test_what_fills_by_itself_once_goodword_works_is_no_wish() -> None:
    assert found([person(1)], AGAIN, have=HAVE | {"feedback"}) == [("score_id", "moment", 1)]
    alone = Trigger("alone", since=C.asked_at, record=C.job_id, because="asked us")
    people = [person(1, job_id="j1")]
    assert found(people, alone) == []


def test_a_stage_that_no_rule_can_show_is_told_with_how_many_stand_below_it() -> None:
    people = [person(1), person(2, stage="refer"), person(3, stage="know")]
    assert found(people, BOUGHT, SENDS) == [("sent", "stage", 2)]
    other = StageRule("asked_for", "refer", C.asked_at.is_known())
    assert found(people, BOUGHT, SENDS, other) == []


def test_the_biggest_comes_first_then_moments_then_the_better_moment() -> None:
    people = [person(1), person(2, job_at=LATELY, job_id="j2")]
    assert found(people, JOB, MARK, SCORE, SENDS) == [
        ("sent", "stage", 2),
        ("score_at", "moment", 1),
    ], "both moments ask for the same table, which is told once"
    assert found(people[:1], MARK, SCORE, SENDS) == [
        ("score_at", "moment", 1),
        ("sent", "stage", 1),
    ]


def test_the_host_says_in_its_own_words_what_to_add() -> None:
    (named,) = told([person(1)], SCORE, wishes={"score_at": "a column with scores"})
    assert named.wish == "a column with scores"
    (plain,) = told([person(1)], SCORE)
    assert (plain.wish, plain.table) == ("data on survey answers and reviews", "feedback")
    (closer,) = told([person(1)], SCORE, have=HAVE | {"feedback"})
    assert closer.wish == "data such as “latest answer”"


def test_a_wish_that_several_facts_share_is_told_once_and_granted_by_any_of_them() -> None:
    wishes = dict.fromkeys(("score_at", "score_id", "mark_at"), "a column with scores")
    assert len(told([person(1)], SCORE, MARK, wishes=wishes)) == 1
    people = [person(1, mark_at=LATELY), person(2)]
    assert told(people, SCORE, MARK, have=HAVE | {"feedback"}, wishes=wishes) == ()


def test_a_firm_without_customers_is_told_nothing() -> None:
    assert found([], JOB, SCORE, SENDS) == []


@settings(max_examples=30)
@given(st.integers(0, 12), st.lists(st.integers(0, 3), max_size=12))
def test_there_are_never_more_than_five_and_never_more_people_than_there_are(
    rules: int, kinds: list[int]
) -> None:
    many = [
        Trigger(f"t{n}", since=C.score_at, record=C.score_id, points=n, because="x")
        for n in range(rules)
    ]
    people = [
        person(n, opted_out=kind == 1, status="lead" if kind == 2 else "customer")
        for n, kind in enumerate(kinds)
    ]
    lines = told(people, *many, SENDS, HARD)
    assert len(lines) <= SHOWN
    assert all(0 < line.number <= len(people) for line in lines)
    numbers = [line.number for line in lines]
    assert numbers == sorted(numbers, reverse=True)
