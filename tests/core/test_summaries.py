"""Ready-made builds for fact authors: the newest row, totals and counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import narwhals.stable.v2 as nw
import pytest

from goodword.engines.polars_engine import PolarsEngine
from goodword.errors import RuleError
from goodword.rules import Build, Fact, canonical_text
from goodword.summaries import last, newest, total
from goodword.tables import TABLES

TODAY = date(2026, 11, 20)
ENGINE = PolarsEngine()


def built(build: Build, table: str, *rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What *build* says about each contact, given *rows* of one table."""
    types = TABLES[table].types
    filled = [{column: row.get(column) for column in types} for row in rows]
    frame = build({table: ENGINE.rows(filled, types)}, TODAY)
    return {row.pop("contact_id"): row for row in ENGINE.collect(frame).rows(named=True)}


def answer(feedback_id: str, day: int, score: int | None = 9, **more: Any) -> dict[str, Any]:
    row = {"contact_id": "ada", "kind": "nps", "score": score, "at": datetime(2026, 11, day)}
    return {"feedback_id": feedback_id, **row, **more}


LATEST = last("feedback", by="at", take={"nps_last": "score"}, where="kind == 'nps'")


def test_last_takes_the_newest_row_of_each_contact() -> None:
    rows = [answer("f1", 3, 4), answer("f2", 9, 8), answer("f3", 5, contact_id="bo")]

    assert built(LATEST, "feedback", *rows) == {"ada": {"nps_last": 8}, "bo": {"nps_last": 9}}


def test_of_two_rows_at_one_instant_the_highest_key_is_the_newest() -> None:
    assert built(LATEST, "feedback", answer("f2", 3, 4), answer("f1", 3, 8))["ada"] == {
        "nps_last": 4
    }


def test_last_leaves_out_other_rows_the_future_and_rows_without_a_date() -> None:
    rows = [
        answer("f1", 3, 4),
        answer("f2", 21, 5),
        answer("f3", 9, 6, kind="csat"),
        answer("f4", 9, 7, at=None),
        answer("f5", 9, 8, contact_id=None),
    ]

    assert built(LATEST, "feedback", *rows) == {"ada": {"nps_last": 4}}


def test_the_day_of_the_run_counts_to_its_end() -> None:
    rows = [answer("f1", 3, 4), answer("f2", 20, 5, at=datetime(2026, 11, 20, 23, 59))]

    assert built(LATEST, "feedback", *rows) == {"ada": {"nps_last": 5}}


def test_last_can_look_at_another_person_column() -> None:
    build = last("referrals", by="at", take={"sent_at": "at"}, contact="referrer_id")
    row = {"referral_id": "r1", "referrer_id": "bo", "at": datetime(2026, 1, 1)}

    assert built(build, "referrals", row) == {"bo": {"sent_at": datetime(2026, 1, 1)}}


def test_total_sums_and_counts() -> None:
    build = total(
        "invoices",
        take={"open_cents": "amount_cents"},
        count="open_invoices",
        where="paid_at is None",
    )
    rows = [
        {"invoice_id": "i1", "contact_id": "ada", "amount_cents": 100},
        {"invoice_id": "i2", "contact_id": "ada", "amount_cents": None},
        {
            "invoice_id": "i3",
            "contact_id": "ada",
            "amount_cents": 5,
            "paid_at": datetime(2026, 1, 1),
        },
        {"invoice_id": "i4", "contact_id": None, "amount_cents": 7},
    ]

    assert built(build, "invoices", *rows) == {"ada": {"open_cents": 100, "open_invoices": 2}}


def test_total_by_a_time_leaves_out_the_future() -> None:
    build = total("activities", count="calls", by="at", where="kind == 'call'")
    rows = [
        {"activity_id": "v1", "contact_id": "ada", "kind": "call", "at": datetime(2026, 11, 20)},
        {"activity_id": "v2", "contact_id": "ada", "kind": "call", "at": datetime(2026, 11, 21)},
        {"activity_id": "v3", "contact_id": "ada", "kind": "call", "at": None},
    ]

    assert built(build, "activities", *rows) == {"ada": {"calls": 1}}


def test_an_empty_table_gives_no_rows() -> None:
    assert built(LATEST, "feedback") == {}
    assert built(total("tickets", count="tickets"), "tickets") == {}


def test_equal_arguments_give_the_identical_callable() -> None:
    again = last("feedback", by="at", where="kind == 'nps'", take={"nps_last": "score"})
    other = last("feedback", by="at", where="kind == 'csat'", take={"nps_last": "score"})

    assert again is LATEST
    assert other is not LATEST
    assert total("tickets", count="n") is total("tickets", count="n")


def test_different_summaries_have_different_texts_in_the_rules_hash() -> None:
    other = last("feedback", by="at", take={"nps_last": "score"}, where="kind == 'csat'")
    texts = {canonical_text(Fact("f", "int", "", build)) for build in (LATEST, other)}

    assert len(texts) == 2


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: last("feedbak", by="at", take={}), "Did you mean 'feedback'"),
        (lambda: last("feedback", by="att", take={}), "Did you mean 'at'"),
        (lambda: last("feedback", by="score", take={}), "is int, not time"),
        (lambda: last("feedback", by="at", take={"x": "scor"}), "Did you mean 'score'"),
        (lambda: last("feedback", by="at", take={}, where="knd == 'nps'"), "Did you mean 'kind'"),
        (lambda: last("feedback", by="at", take={}, where="score + 1"), "not a yes or no"),
        (lambda: total("feedback", take={"x": "kind"}), "is text, not int"),
        (lambda: total("feedback", count="x", contact="who"), "no column of feedback"),
    ],
)
def test_a_summary_that_cannot_be_built_is_refused_when_it_is_written(
    write: Any, message: str
) -> None:
    with pytest.raises(RuleError, match=message):
        write()


def test_newest_keeps_the_columns_it_was_given() -> None:
    types = TABLES["feedback"].types
    rows = [answer("f1", 3), answer("f2", 4)]
    frame = newest(ENGINE.rows(rows, types), per=["contact_id"], by=["at"])

    assert ENGINE.collect(frame).rows(named=True) == [rows[1]]
    assert isinstance(frame, nw.LazyFrame)
