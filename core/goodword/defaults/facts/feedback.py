"""Facts about feedback: survey answers and reviews.

Promoters answer 9-10, passives 7-8, detractors 0-6. A detractor is one until a newer 9-10; a 7-8
lifts nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword import last
from goodword.defaults.facts.listing import listed

if TYPE_CHECKING:
    from datetime import date

    from goodword import Fact
    from goodword.defaults.facts.listing import Frame, Tables

PROMOTER = 9
DETRACTOR = 6
CSAT_TOP = 5
CSAT_GOOD = 4
REVIEW_GOOD = 4


def facts() -> list[Fact]:
    """Return the facts of this topic."""
    return [
        *_answers("nps", "Net Promoter Score, 0-10"),
        *_answers("csat", "satisfaction, 1-5"),
        *_answers("review", "review, 1-5 stars"),
        *listed(
            last(
                "feedback",
                by="at",
                take={"survey_last_at": "at", "survey_last_id": "feedback_id"},
                where="kind in ('nps', 'csat')",
            ),
            "feedback",
            """
            survey_last_at time Latest answer to one of our surveys.
            survey_last_id text Record of that answer.
            """,
        ),
        *listed(
            detractors,
            "feedback",
            """
            detractor_at time Latest NPS of 0-6, unless a newer 9-10 lifted it.
            detractor_id text Record of that answer.
            """,
        ),
    ]


def _answers(kind: str, what: str) -> list[Fact]:
    take = {f"{kind}_last": "score", f"{kind}_last_at": "at", f"{kind}_last_id": "feedback_id"}
    build = last("feedback", by="at", take=take, where=f"kind == '{kind}' and score is not None")
    lines = f"""
    {kind}_last int Latest {what}.
    {kind}_last_at time When it was given.
    {kind}_last_id text Record of that answer.
    """
    return listed(build, "feedback", lines)


def detractors(tables: Tables, as_of: date) -> Frame:
    """Return whose latest NPS that is not passive was 0-6."""
    import narwhals.stable.v2 as nw

    spoke = last(
        "feedback",
        by="at",
        take={"score": "score", "detractor_at": "at", "detractor_id": "feedback_id"},
        where=f"kind == 'nps' and (score <= {DETRACTOR} or score >= {PROMOTER})",
        ahead=1,
    )
    unhappy = spoke(tables, as_of).filter(nw.col("score") <= DETRACTOR)
    return unhappy.select("contact_id", "detractor_at", "detractor_id")
