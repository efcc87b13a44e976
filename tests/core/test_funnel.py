"""What came of asking: asked, said yes, referred, won; each person once, since the first day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.engines.polars_engine import PolarsEngine
from goodword.funnel import Funnel, funnel
from goodword.tables import TABLES

ENGINE = PolarsEngine()
START = date(2026, 3, 2)
TODAY = date(2026, 11, 20)
PEOPLE = {"ada": "Ada Vale", "bo": "Bo Lind", "cy": "Cy Moss", "zoe": "Zoe Lang"}


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)


def ask(number: int, contact: str = "ada", **values: Any) -> dict[str, Any]:
    """A completed ask of ours without an answer."""
    usual = {
        "task_key": f"t{number}",
        "contact_id": contact,
        "play": "ask",
        "state": "done",
        "created_at": datetime(2026, 5, 1),
        "done_at": datetime(2026, 5, 4),
        "outcome": None,
        "outcome_name": None,
        "asking": True,
    }
    return {**usual, **values}


def referral(number: int, referrer: str | None = "ada", **values: Any) -> dict[str, Any]:
    """A referral that was received in June."""
    usual = {"referral_id": f"r{number}", "referrer_id": referrer, "at": datetime(2026, 6, 1)}
    return {**dict.fromkeys(TABLES["referrals"].types), "status": "received", **usual, **values}


def counted(
    asks: Sequence[Mapping[str, Any]] = (),
    referrals: Sequence[Mapping[str, Any]] = (),
    since: date | None = START,
) -> Funnel:
    people = [
        {**dict.fromkeys(TABLES["contacts"].types), "contact_id": one, "name": name}
        for one, name in PEOPLE.items()
    ]
    tables = {
        "contacts": ENGINE.rows(people, TABLES["contacts"].types),
        "referrals": ENGINE.rows(referrals, TABLES["referrals"].types),
    }
    return funnel(tables, asks, since, TODAY, midnight, ENGINE)


def test_asks_count_once_they_are_done_or_answered() -> None:
    asks = [
        ask(1),
        ask(2, outcome="yes"),
        ask(3, outcome="no"),
        ask(4, state="open", done_at=None),
        ask(5, state="deleted"),
        ask(6, asking=False),
        ask(7, state="deleted", outcome="no"),
    ]
    assert counted(asks) == Funnel(since=START, asked=4, yes=1)


def test_a_name_given_on_a_task_of_any_kind_is_somebody_sent_to_us() -> None:
    named = {"outcome": "yes", "outcome_name": "Sam Field", "asking": False}
    asks = [ask(1, play="quiet", **named), ask(2, play="thank_you", **named)]
    assert counted(asks) == Funnel(since=START, referred=1)


def test_what_was_before_the_first_day_or_is_after_today_is_not_counted() -> None:
    asks = [ask(1, done_at=datetime(2026, 2, 1)), ask(2, done_at=datetime(2026, 11, 21))]
    sent = [
        referral(1, referred_id="bo", at=datetime(2026, 3, 1)),
        referral(2, referred_id="cy", at=datetime(2026, 3, 2)),
        referral(3, referred_id="zoe", at=datetime(2026, 11, 21)),
        referral(4, referred_name="Somebody", at=None),
    ]
    assert counted(asks, sent) == Funnel(since=START, referred=1, before=2)


def test_nothing_adds_up_before_anything_was_written() -> None:
    assert counted([], [referral(1, referred_id="bo")], since=None) == Funnel(since=None, before=1)


def test_a_referral_is_won_by_its_status_or_its_day() -> None:
    sent = [
        referral(1, referred_id="bo", status="won"),
        referral(2, referred_id="cy", won_at=datetime(2026, 9, 1)),
        referral(3, referred_id="zoe", won_at=datetime(2026, 12, 1)),
    ]
    assert (counted([], sent).referred, counted([], sent).won) == (3, 2)


def test_a_person_sent_twice_counts_once_for_whoever_came_first() -> None:
    sent = [
        referral(1, "ada", referred_id="zoe", at=datetime(2026, 2, 1)),
        referral(2, "bo", referred_id="zoe", at=datetime(2026, 6, 1), status="won"),
        referral(3, "zoe", referred_id="zoe"),
    ]
    assert counted([], sent) == Funnel(since=START, before=1)


def test_a_referral_that_nobody_is_known_to_have_made_is_nobodys_good_word() -> None:
    assert counted([], [referral(1, None, referred_id="zoe", status="won")]) == Funnel(since=START)


def test_a_name_given_with_a_yes_counts_at_once_and_stays_one_person_in_the_list() -> None:
    said = [ask(1, outcome="yes", outcome_name=" zoe lang ")]
    assert counted(said).referred == 1
    dateless = [referral(1, referred_id="zoe", at=None, status="won")]
    assert counted(said, dateless) == Funnel(since=START, asked=1, yes=1, referred=1, won=1)
    by_name = [referral(1, referred_name="Zoe Lang", at=None)]
    assert counted(said, by_name).referred == 1
    twice = [*said, ask(2, outcome="yes", outcome_name="Zoe Lang", done_at=datetime(2026, 8, 1))]
    assert counted(twice).referred == 1


def test_referrals_that_name_nobody_count_one_by_one() -> None:
    assert counted([], [referral(1), referral(2)]).referred == 2


DAYS = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31))
ASKS = st.builds(
    dict,
    contact=st.sampled_from(sorted(PEOPLE)),
    state=st.sampled_from(["open", "done", "deleted", "expired"]),
    done_at=DAYS,
    outcome=st.sampled_from([None, "yes", "no"]),
    outcome_name=st.sampled_from([None, "", "Bo Lind", "New One"]),
)
SENT = st.builds(
    dict,
    referrer=st.sampled_from(sorted(PEOPLE)),
    referred_id=st.none() | st.sampled_from(sorted(PEOPLE)),
    referred_name=st.sampled_from([None, "New One", "bo lind"]),
    at=DAYS,
    won_at=DAYS,
)


@settings(max_examples=60)
@given(st.lists(ASKS, max_size=6), st.lists(SENT, max_size=6), st.randoms())
def test_each_step_is_within_the_one_before_and_the_order_of_rows_does_not_matter(
    asks: list[dict[str, Any]], sent: list[dict[str, Any]], luck: Any
) -> None:
    tasks = [ask(number, **values) for number, values in enumerate(asks)]
    links = [referral(number, **values) for number, values in enumerate(sent)]
    first = counted(tasks, links)
    assert 0 <= first.yes <= first.asked <= len(tasks)
    assert 0 <= first.won <= first.referred <= len(tasks) + len(links)
    luck.shuffle(tasks)
    luck.shuffle(links)
    assert counted(tasks, links) == first


def test_a_name_the_host_took_over_counts_once_however_it_is_written_there() -> None:
    asks = [ask(1, outcome="yes", outcome_name="Bo"), ask(2, outcome="yes", outcome_name="Al Roe")]
    sent = [referral(1, referral_id="t1", referred_id="bo", status="won")]
    assert counted(asks, sent) == Funnel(since=START, asked=2, yes=2, referred=2, won=1)


def thank_you(number: int, state: str, contact: str = "ada", month: int = 5) -> dict[str, Any]:
    written, done = datetime(2026, month, 1), datetime(2026, month, 4)
    changes = {"created_at": written, "done_at": done if state == "done" else None}
    return ask(number, contact, play="thank_you", asking=False, state=state, **changes)


def test_a_thank_you_that_expired_was_not_given() -> None:
    asks = [thank_you(1, "open"), thank_you(2, "expired", "bo"), thank_you(3, "done", "cy")]
    assert counted(asks) == Funnel(since=START, owed=1, lapsed=1)
    assert counted([thank_you(1, "deleted")]) == Funnel(since=START)


def test_a_thank_you_given_later_is_for_all_that_was_before() -> None:
    expired = thank_you(1, "expired")
    assert counted([expired, thank_you(2, "done", month=8)]).lapsed == 0
    assert counted([expired, thank_you(2, "open", month=8)]) == Funnel(since=START, owed=1)
    assert counted([thank_you(1, "expired", month=8), thank_you(2, "done")]).lapsed == 1
    assert counted([expired, thank_you(2, "done", "bo", month=8)]).lapsed == 1
