"""Our fields on the contact: written when they changed, and quietly."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import SetFields
from goodword.engines.polars_engine import PolarsEngine
from goodword.own_fields import FIELDS, SCORE_BAND, changed_fields
from goodword.tables import TABLES, ColumnType
from goodword.testing.decisions import midnight_of as plain

ENGINE = PolarsEngine()
ALL = frozenset(FIELDS)
TYPES: dict[str, ColumnType] = {
    "contact_id": "text",
    "stage": "text",
    "segment": "text",
    "score": "int",
    "next_ask": "time",
    "why": "text",
    "clv": "int",
    "crv": "int",
}
DECIDED: dict[str, object] = {
    "contact_id": "c1",
    "stage": "buy",
    "segment": "Champion",
    "score": 60,
    "next_ask": date(2026, 12, 1),
    "why": "Wait until 2026-12-01: asked on 2026-09-02",
    "clv": 125_049,
    "crv": 33_950,
}
"""Decided in cents, held in whole units."""
HELD: dict[str, object] = {**DECIDED, "next_ask": "2026-12-01", "clv": 1250, "crv": 340}


def changes(
    decided: list[dict[str, object]],
    host: list[dict[str, object]],
    writable: frozenset[str] = ALL,
) -> list[SetFields]:
    rows = [{name: plain(value) for name, value in row.items()} for row in decided]
    frame = ENGINE.rows(rows, TYPES)
    own = ENGINE.rows(host, TABLES["own_fields"].types)
    return changed_fields(frame, own, writable, "acct", ENGINE)


def change(decided: dict[str, Any], host: dict[str, Any]) -> dict[str, Any]:
    """What is written when DECIDED with *decided* meets HELD with *host*."""
    found = changes([DECIDED | decided], [HELD | host])
    return dict(found[0].values) if found else {}


def test_a_new_contact_gets_every_field() -> None:
    (action,) = changes([DECIDED], [])
    assert action.values == {
        "stage": "buy",
        "segment": "Champion",
        "score": 60,
        "next_ask": "2026-12-01",
        "why": "Wait until 2026-12-01: asked on 2026-09-02",
        "clv": 1250,
        "crv": 340,
    }
    assert set(action.before.values()) == {None}


def test_what_is_there_already_is_not_written() -> None:
    assert changes([DECIDED], [HELD]) == []


def test_only_what_changed_is_written_with_what_it_replaces() -> None:
    (action,) = changes([DECIDED | {"stage": "repeat"}], [HELD])
    assert (action.values, action.before) == ({"stage": "repeat"}, {"stage": "buy"})


@pytest.mark.parametrize(("points", "written"), [(4, {}), (-4, {}), (5, 65), (-5, 55)])
@pytest.mark.promise("quiet.bands")
def test_a_score_is_written_when_it_left_its_band(points: int, written: object) -> None:
    expected = {"score": written} if isinstance(written, int) else {}
    assert change({"score": 60 + points}, {}) == expected


@pytest.mark.promise("quiet.bands")
@pytest.mark.parametrize(
    ("cents", "written"), [(149_900, None), (100_100, None), (150_000, 1500), (100_000, 1000)]
)
def test_a_value_is_written_when_it_moved_by_a_fifth(cents: int, written: int | None) -> None:
    assert change({"clv": cents}, {}) == ({} if written is None else {"clv": written})


def test_a_value_that_is_lost_or_found_is_written() -> None:
    assert change({"crv": None}, {}) == {"crv": None}
    assert change({"crv": 0}, {}) == {"crv": 0}
    assert change({"crv": 0}, {"crv": None}) == {"crv": 0}
    assert change({"crv": 100}, {"crv": 0}) == {"crv": 1}


@pytest.mark.promise("quiet.bands")
def test_a_small_move_is_written_along_with_a_new_stage_or_segment() -> None:
    assert change({"score": 61, "stage": "refer"}, {}) == {"score": 61, "stage": "refer"}
    assert change({"score": 61, "segment": "Nurture"}, {}) == {"score": 61, "segment": "Nurture"}


def test_a_host_without_a_stage_field_still_has_its_bands() -> None:
    held = {"contact_id": "c1", "score": 60}
    assert changes([DECIDED | {"score": 61}], [held], frozenset({"score"})) == []
    (action,) = changes([DECIDED | {"score": 70}], [held], frozenset({"score"}))
    assert action.values == {"score": 70}


def test_an_empty_cell_equals_no_value() -> None:
    assert change({"segment": "", "next_ask": None}, {"segment": None, "next_ask": ""}) == {}


def test_what_no_longer_holds_is_emptied() -> None:
    gone = {"segment": "", "score": None, "next_ask": None}
    assert change(gone, {}) == {"segment": None, "score": None, "next_ask": None}


def test_a_score_of_nothing_is_a_value() -> None:
    assert change({"score": 0}, {"score": None}) == {"score": 0}
    assert change({"score": None}, {"score": 0}) == {"score": None}


def test_a_host_is_given_only_fields_it_can_hold() -> None:
    (action,) = changes([DECIDED], [], frozenset({"why"}))
    assert list(action.values) == ["why"]
    assert changes([DECIDED], [], frozenset()) == []


def test_the_same_change_has_the_same_key_and_another_one_another() -> None:
    one, same = changes([DECIDED], []), changes([DECIDED], [])
    other = changes([DECIDED | {"stage": "try"}], [])
    assert one[0].key == same[0].key != other[0].key


SCORES = st.none() | st.integers(0, 100)
TEXTS = st.sampled_from(["", "a", "b"]) | st.none()


@pytest.mark.long
@given(SCORES, SCORES, TEXTS, TEXTS)
@pytest.mark.promise("quiet.bands")
def test_writing_a_change_leaves_nothing_to_write(
    score: int | None, held: int | None, stage: str | None, shown: str | None
) -> None:
    decided = DECIDED | {"score": score, "stage": stage}
    host = HELD | {"score": held, "stage": shown, "crv": held}
    for action in changes([decided], [host]):
        host |= action.values
    assert changes([decided], [host]) == []
    if score is not None and isinstance(host["score"], int):
        assert abs(score - host["score"]) < SCORE_BAND
