"""Where a contact stands: stage, score and segment."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from goodword import Facts, StageRule
from goodword.engines.polars_engine import PolarsEngine
from goodword.hookspecs import StageModel
from goodword.model import STAGES
from goodword.standing import HYSTERESIS, SEGMENTS, add_scores, add_stage
from goodword.tables import TABLES, ColumnType

TODAY = date(2026, 11, 20)
ENGINE = PolarsEngine()
TYPES: dict[str, ColumnType] = {"contact_id": "text", "purchases": "int", "referrer_id": "text"}
C = Facts(TYPES)
MODEL = StageModel(
    STAGES,
    (
        StageRule("repeat", "repeat", C.purchases >= 2),
        StageRule("bought", "buy", C.purchases >= 1),
        StageRule("referred", "try", C.referrer_id.is_known(), borrowed=True),
        StageRule("sampled", "try", C.purchases >= 0),
    ),
    {},
)
SCORES: dict[str, ColumnType] = {
    "contact_id": "text",
    "clv": "int",
    "crv": "int",
    "p_refer": "int",
    "n": "int",
    "model": "text",
    "confidence": "text",
}
Rows = list[dict[str, Any]]


def staged(**facts: object) -> tuple[str, str, bool]:
    frame = add_stage(ENGINE.rows([{"contact_id": "c1", **facts}], TYPES), MODEL, TODAY)
    row = ENGINE.collect(frame.select("stage", "stage_rule", "borrowed")).row(0)
    return row[0], row[1], row[2]


def scored(
    values: dict[str, tuple[int | None, int | None]],
    before: dict[str, str] | None = None,
    segments_from: int = 1,
) -> dict[str, dict[str, Any]]:
    facts = ENGINE.rows([{"contact_id": name} for name in values], {"contact_id": "text"})
    scores = ENGINE.rows(
        [{"contact_id": n, "clv": clv, "crv": crv} for n, (clv, crv) in values.items()], SCORES
    )
    own = ENGINE.rows(
        [{"contact_id": n, "segment": segment} for n, segment in (before or {}).items()],
        TABLES["own_fields"].types,
    )
    found: Rows = (
        ENGINE.collect(add_scores(facts, scores, own, segments_from)).to_native().to_dicts()
    )
    assert len(found) == len(values)
    return {row["contact_id"]: row for row in found}


# ------------------------------------------------------------------ stage


def test_the_highest_stage_with_evidence_counts() -> None:
    assert staged(purchases=3) == ("repeat", "repeat", False)
    assert staged(purchases=1) == ("buy", "bought", False)


def test_without_evidence_a_contact_stands_at_the_first_stage() -> None:
    assert staged() == ("know", "", False)


def test_a_referred_contact_starts_with_borrowed_trust() -> None:
    assert staged(referrer_id="c9") == ("try", "referred", True)


def test_trust_of_its_own_is_not_borrowed() -> None:
    assert staged(referrer_id="c9", purchases=0) == ("try", "sampled", False)
    assert staged(referrer_id="c9", purchases=1) == ("buy", "bought", False)


# ------------------------------------------------------------------ score and segment


def test_the_score_is_where_a_customer_stands_among_all() -> None:
    rows = scored({"low": (100, 5), "middle": (200, 10), "high": (300, 20)})
    assert {name: row["score"] for name, row in rows.items()} == {
        "low": 0,
        "middle": 50,
        "high": 100,
    }


def test_segments_split_both_values_at_the_middle() -> None:
    rows = scored({"a": (9, 9), "b": (8, 1), "c": (1, 8), "d": (0, 0)})
    assert [rows[name]["segment"] for name in "abcd"] == list(SEGMENTS)


def test_equal_customers_stand_equal_and_low() -> None:
    rows = scored({"a": (5, 5), "b": (5, 5), "c": (5, 5)})
    assert {(row["score"], row["segment"]) for row in rows.values()} == {(0, "Nurture")}


def test_whoever_has_no_score_has_no_segment_and_moves_nobody() -> None:
    rows = scored({"a": (9, 9), "b": (1, 1), "lead": (None, None)})
    assert (rows["lead"]["score"], rows["lead"]["segment"], rows["lead"]["clv"]) == (None, "", None)
    assert (rows["a"]["score"], rows["b"]["score"]) == (100, 0)


def test_a_single_customer_can_be_scored() -> None:
    assert scored({"a": (9, 9)})["a"]["score"] == 0


def test_few_customers_are_not_split_into_segments() -> None:
    few = scored({"a": (9, 9), "b": (1, 1)}, segments_from=3)
    assert {row["segment"] for row in few.values()} == {""}
    assert few["a"]["score"] == 100


def test_a_segment_is_kept_until_the_middle_is_clearly_lost() -> None:
    crowd: dict[str, tuple[int | None, int | None]] = {f"c{n:03}": (n, n) for n in range(101)}
    inside, outside = f"c{50 - HYSTERESIS:03}", f"c{49 - HYSTERESIS:03}"
    kept = scored(crowd, {inside: "Champion", outside: "Champion"})
    assert (kept[inside]["segment"], kept[outside]["segment"]) == ("Champion", "Nurture")
    fresh = scored(crowd)
    assert fresh[inside]["segment"] == "Nurture"
    assert fresh["c050"]["segment"] == "Champion"


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=20))
def test_a_customer_worth_more_never_stands_lower(values: list[tuple[int, int]]) -> None:
    rows = scored({f"c{n}": pair for n, pair in enumerate(values)})
    for number, (clv, crv) in enumerate(values):
        score = rows[f"c{number}"]["score"]
        assert 0 <= score <= 100
        for other, (less_clv, less_crv) in enumerate(values):
            if less_clv <= clv and less_crv <= crv:
                assert rows[f"c{other}"]["score"] <= score
