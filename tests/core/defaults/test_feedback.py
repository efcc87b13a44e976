"""Survey answers: the latest of each kind, and who is unhappy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest


def said(score: int | None, day: int, kind: str = "nps") -> dict[str, Any]:
    row = {"feedback_id": f"{kind}{day}", "contact_id": "ada", "kind": kind}
    return {**row, "score": score, "at": datetime(2026, 11, day)}


def test_the_latest_answer_of_each_kind_is_known(firm: Any) -> None:
    ada = firm.ada(feedback=[said(3, 1), said(9, 5), said(4, 6, "csat"), said(5, 7, "review")])

    assert (ada["nps_last"], ada["nps_last_id"]) == (9, "nps5")
    assert (ada["csat_last"], ada["csat_last_at"]) == (4, datetime(2026, 11, 6))
    assert ada["review_last"] == 5


def test_a_review_is_no_answer_to_a_survey(firm: Any) -> None:
    ada = firm.ada(feedback=[said(4, 6, "csat"), said(5, 7, "review")])

    assert (ada["survey_last_at"], ada["survey_last_id"]) == (datetime(2026, 11, 6), "csat6")


def test_somebody_who_never_answered_has_no_score(firm: Any) -> None:
    ada = firm.ada(feedback=[said(None, 2)])

    assert ada["nps_last"] is None
    assert ada["detractor_at"] is None


@pytest.mark.parametrize(
    ("scores", "since"),
    [
        ([6], 1),
        ([7], None),
        ([6, 8], 1),
        ([6, 9], None),
        ([9, 0], 2),
        ([2, 9, 7], None),
        ([2, 5], 2),
    ],
)
def test_a_detractor_is_one_until_a_newer_nine_or_ten(
    firm: Any, scores: list[int], since: int | None
) -> None:
    ada = firm.ada(feedback=[said(score, day) for day, score in enumerate(scores, start=1)])

    assert ada["detractor_at"] == (datetime(2026, 11, since) if since else None)
    assert ada["detractor_id"] == (f"nps{since}" if since else None)


@pytest.mark.parametrize(
    ("kind", "scores", "since"),
    [
        ("csat", [1], 1),
        ("csat", [2, 4], 1),
        ("csat", [3], None),
        ("csat", [2, 5], None),
        ("review", [5, 2], 2),
        ("review", [1, 4], None),
        ("review", [3], None),
    ],
)
def test_a_low_satisfaction_mark_or_review_counts_until_a_happy_one(
    firm: Any, kind: str, scores: list[int], since: int | None
) -> None:
    answers = [said(score, day, kind) for day, score in enumerate(scores, start=1)]
    ada = firm.ada(feedback=answers)

    assert ada["detractor_at"] == (datetime(2026, 11, since) if since else None)


def test_a_happy_answer_of_one_kind_lifts_no_unhappy_one_of_another(firm: Any) -> None:
    ada = firm.ada(feedback=[said(3, 1), said(1, 2, "csat"), said(5, 4, "review")])

    assert (ada["detractor_at"], ada["detractor_id"]) == (datetime(2026, 11, 2), "csat2")
