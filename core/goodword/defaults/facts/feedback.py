"""Facts about feedback: survey answers and reviews.

Promoters answer 9-10, passives 7-8, detractors 0-6. A detractor is one until a newer 9-10; a 7-8
lifts nothing. So it is with satisfaction (1-2 of 5, until a 5) and reviews (1-2 stars, until 4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword import last, newest
from goodword.defaults.facts.listing import listed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from goodword import Fact
    from goodword.defaults.facts.listing import Frame, Tables

PROMOTER = 9
DETRACTOR = 6
CSAT_TOP = 5
CSAT_GOOD = 4
REVIEW_GOOD = 4
CSAT_LOW = REVIEW_LOW = 2
"""The two answers below the middle of five (convention)."""
BOUNDS = {
    "nps": (DETRACTOR, PROMOTER),
    "csat": (CSAT_LOW, CSAT_TOP),
    "review": (REVIEW_LOW, REVIEW_GOOD),
}
"""Up to which answer somebody is unhappy, and from which happy, by kind."""


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
            detractor_at time Latest unhappy answer (NPS 0-6, rating or review 1-2) that stands.
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
    """Return who is unhappy by one of their answers, with the latest that says so.

    Each kind of answer is lifted by a happy one of its own kind alone; one in the middle lifts
    nothing.
    """
    import narwhals.stable.v2 as nw

    low = [_unhappy(kind, *bounds)(tables, as_of) for kind, bounds in BOUNDS.items()]
    told = nw.concat([frame.filter(nw.col("low").fill_null(value=False)) for frame in low])
    found = newest(told, per=["contact_id"], by=["detractor_at", "detractor_id"])
    return found.select("contact_id", "detractor_at", "detractor_id")


def _unhappy(kind: str, unhappy: int, happy: int) -> Callable[[Tables, date], Frame]:
    """Return what finds the latest answer of a kind that is not in the middle, and its side."""
    spoke = last(
        "feedback",
        by="at",
        take={"score": "score", "detractor_at": "at", "detractor_id": "feedback_id"},
        where=f"kind == '{kind}' and (score <= {unhappy} or score >= {happy})",
        ahead=1,
    )

    def build(tables: Tables, as_of: date) -> Frame:
        import narwhals.stable.v2 as nw

        return spoke(tables, as_of).with_columns((nw.col("score") <= unhappy).alias("low"))

    return build
