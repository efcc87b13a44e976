"""Rows handed over as columns: the same snapshot, whatever the rows are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import Columns, Cursor, RecordError
from goodword.engines.polars_engine import PolarsEngine
from goodword.mirror import Mirror

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EAST = timezone(timedelta(hours=5))
MOMENTS = st.sampled_from(
    [
        None,
        datetime(2026, 1, 5, 12),
        datetime(2026, 1, 5, 12, tzinfo=UTC),
        datetime(2026, 1, 5, 1, tzinfo=EAST),
        date(2026, 1, 6),
    ]
)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "contact_id": st.sampled_from([f"c{n}" for n in range(8)]),
            "name": st.sampled_from([None, "", "Ada Brook", "Łukasz Müller"]),
            "do_not_ask": st.sampled_from([None, True, False]),
            "created_at": MOMENTS,
        }
    ),
    max_size=12,
)


def columns_of(rows: Sequence[Mapping[str, Any]]) -> Columns:
    names = ["contact_id", "name", "do_not_ask", "created_at"]
    return Columns({name: [row[name] for row in rows] for name in names})


def pulled(folder: Path, *pages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Pull the pages in turn and return the contacts of the snapshot."""
    intake = Mirror(folder, PolarsEngine(), {}).intake()
    for page in pages:
        intake.put("contacts", page)
    found = intake.commit(Cursor(), NOW).tables["contacts"].collect("polars").to_native()
    return sorted(found.to_dicts(), key=lambda row: str(row["contact_id"]))


@pytest.mark.long
@settings(max_examples=30)  # each example writes two snapshots
@given(PEOPLE, PEOPLE)
def test_columns_give_the_snapshot_that_their_rows_give(
    first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    with TemporaryDirectory() as folder:
        expected = pulled(Path(folder, "rows"), first, second)
        one, two = columns_of(first), columns_of(second)
        assert pulled(Path(folder, "columns"), one, two) == expected
        assert pulled(Path(folder, "mixed"), first, two) == expected
        assert pulled(Path(folder, "turned"), one, second) == expected


@given(PEOPLE)
def test_columns_are_a_sequence_of_their_rows(rows: list[dict[str, Any]]) -> None:
    columns = columns_of(rows)
    assert list(columns) == rows
    assert [columns[at] for at in range(len(rows))] == rows
    assert list(columns[1:3]) == rows[1:3]


def test_a_row_put_again_as_columns_stays(tmp_path: Path) -> None:
    mirror = Mirror(tmp_path / "mirror", PolarsEngine(), {})
    intake = mirror.intake()
    intake.put("contacts", Columns({"contact_id": ["c1", "c2"]}))
    intake.remove("contacts", [{"contact_id": "c1"}, {"contact_id": "c2"}])
    intake.put("contacts", Columns({"contact_id": ["c2"], "name": ["Back"]}))
    left = intake.commit(Cursor(), NOW).tables["contacts"].collect("polars")
    assert left.select("contact_id", "name").rows() == [("c2", "Back")]


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        Columns({"contact_id": ["c1", "c2"], "name": ["Ada Brook"]})


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"contact_id": ["c1"], "shoe_size": [44]}, "unknown columns of contacts: .*shoe_size"),
        ({"name": ["Ada Brook"]}, "a row of contacts without contact_id"),
        ({"contact_id": ["c1", None]}, "a row of contacts without contact_id"),
        ({"contact_id": ["c1"], "created_at": ["Ada Brook"]}, "'created_at' has a value that is"),
        ({"contact_id": ["c1"], "name": [7]}, "Column 'name' has a value that is not of type text"),
    ],
)
def test_a_faulty_column_is_named_but_never_its_values(
    columns: Mapping[str, Sequence[object]], message: str, tmp_path: Path
) -> None:
    intake = Mirror(tmp_path / "mirror", PolarsEngine(), {}).intake()
    with pytest.raises(RecordError, match=message) as caught:
        intake.put("contacts", Columns(columns))
    assert "Ada Brook" not in str(caught.value)
