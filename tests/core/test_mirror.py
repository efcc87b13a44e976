"""The mirror: what a pull leaves behind, also when it dies half way."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import Cursor, RecordError
from goodword.engines.polars_engine import PolarsEngine
from goodword.mirror import KEEP, Mirror, Snapshot
from goodword.tables import TABLES, ColumnType

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
Rows = list[dict[str, Any]]


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    return opened(tmp_path / "mirror")


def opened(folder: Path, extra: Mapping[str, ColumnType] | None = None) -> Mirror:
    return Mirror(folder, PolarsEngine(), extra or {})


def pull(mirror: Mirror, whole: Sequence[str] = (), **tables: Rows) -> Snapshot:
    """One pull that delivers *tables*."""
    intake = mirror.intake()
    intake.whole(*whole)
    for table, rows in tables.items():
        intake.put(table, rows)
    return intake.commit(Cursor({"at": "1"}), NOW)


def rows(snapshot: Snapshot, table: str) -> Rows:
    native = snapshot.tables[table].collect("polars").to_native()
    found: Rows = native.to_dicts()
    return sorted(found, key=lambda row: tuple(str(row[name]) for name in TABLES[table].key))


def names(snapshot: Snapshot) -> dict[str, str]:
    return {row["contact_id"]: row["name"] for row in rows(snapshot, "contacts")}


def contact(number: int, name: str | None = None) -> dict[str, Any]:
    return {"contact_id": f"c{number}", "name": name or f"Person {number}"}


# ------------------------------------------------------------------ one pull


def test_before_the_first_pull_there_is_nothing(mirror: Mirror) -> None:
    assert mirror.load() is None
    assert mirror.current() is None


def test_a_pull_can_be_read_back(mirror: Mirror, tmp_path: Path) -> None:
    pull(mirror, contacts=[contact(1), contact(2)])
    snapshot = opened(tmp_path / "mirror").load()
    assert snapshot is not None
    assert names(snapshot) == {"c1": "Person 1", "c2": "Person 2"}
    assert snapshot.rows == {"contacts": 2}
    assert snapshot.pulled_at == NOW
    assert snapshot.cursor == Cursor({"at": "1"})


def test_a_table_nobody_delivered_is_empty_and_not_available(mirror: Mirror) -> None:
    snapshot = pull(mirror, whole=["tickets"], contacts=[contact(1)])
    assert snapshot.available == {"contacts", "tickets"}
    assert rows(snapshot, "tickets") == rows(snapshot, "invoices") == []
    schema = snapshot.tables["invoices"].collect_schema()
    assert schema.names() == list(TABLES["invoices"].types)


def test_times_become_utc_without_a_zone_and_dates_stay_that_date(mirror: Mirror) -> None:
    plus_two = timezone(timedelta(hours=2))
    snapshot = pull(
        mirror,
        activities=[
            {"activity_id": "a", "at": datetime(2026, 3, 1, 1, 30, tzinfo=plus_two)},
            {"activity_id": "b", "at": date(2026, 3, 1)},
        ],
    )
    assert [row["at"] for row in rows(snapshot, "activities")] == [
        datetime(2026, 2, 28, 23, 30),
        datetime(2026, 3, 1),
    ]


def test_a_snapshot_names_the_columns_that_hold_anything(mirror: Mirror) -> None:
    people = [contact(1), {"contact_id": "c2", "do_not_ask": False}]
    snapshot = pull(mirror, whole=["tickets"], contacts=people)
    assert snapshot.filled == {"contacts": ("contact_id", "name", "do_not_ask"), "tickets": ()}


def test_notices_are_kept(mirror: Mirror) -> None:
    intake = mirror.intake()
    intake.notice("no_owner", "2 contacts have no owner")
    assert intake.commit(Cursor(), NOW).notices == ("no_owner: 2 contacts have no owner",)


def test_the_firms_own_columns_are_kept_with_their_types(tmp_path: Path) -> None:
    mirror = opened(tmp_path / "mirror", {"tier": "text"})
    snapshot = pull(mirror, contacts=[{"contact_id": "c1", "extra.tier": "gold"}])
    assert rows(snapshot, "contacts")[0]["extra.tier"] == "gold"


def test_only_its_owner_may_read_the_mirror(mirror: Mirror, tmp_path: Path) -> None:
    pull(mirror, contacts=[contact(1)])
    folder = tmp_path / "mirror"
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_dir()}
    assert modes | {stat.S_IMODE(folder.stat().st_mode)} == {0o700}
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "current"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


# ------------------------------------------------------------------ pull after pull


def test_the_newest_row_of_a_key_wins(mirror: Mirror) -> None:
    pull(mirror, contacts=[contact(1), contact(2)])
    snapshot = pull(mirror, contacts=[contact(2, "Renamed"), contact(3)])
    assert names(snapshot) == {"c1": "Person 1", "c2": "Renamed", "c3": "Person 3"}


def test_within_one_pull_the_last_row_of_a_key_wins(mirror: Mirror) -> None:
    intake = mirror.intake()
    intake.put("contacts", [contact(1, "First"), contact(1, "Second")])
    intake.put("contacts", [contact(1, "Third")])
    assert names(intake.commit(Cursor(), NOW)) == {"c1": "Third"}


def test_a_page_written_early_is_overruled_by_a_later_one(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodword.intake.PAGE", 2)
    intake = mirror.intake()
    for name in ("early", "later", "latest"):
        intake.put("contacts", [contact(1, name), contact(2, name)])
    assert names(intake.commit(Cursor(), NOW)) == {"c1": "latest", "c2": "latest"}


def test_keys_of_two_columns_are_told_apart_by_both(mirror: Mirror) -> None:
    first = {"deal_id": "d1", "contact_id": "c1", "primary": True}
    pull(mirror, deal_contacts=[first, {**first, "contact_id": "c2", "primary": False}])
    snapshot = pull(mirror, deal_contacts=[{**first, "primary": False}])
    found = [(row["contact_id"], row["primary"]) for row in rows(snapshot, "deal_contacts")]
    assert found == [("c1", False), ("c2", False)]


def test_removed_rows_go(mirror: Mirror) -> None:
    pull(mirror, contacts=[contact(1), contact(2)])
    intake = mirror.intake()
    intake.remove("contacts", [{"contact_id": "c1"}, {"contact_id": "c9"}])
    assert names(intake.commit(Cursor(), NOW)) == {"c2": "Person 2"}


def test_of_putting_and_removing_the_last_word_counts(mirror: Mirror) -> None:
    pull(mirror, contacts=[contact(1), contact(2)])
    intake = mirror.intake()
    intake.remove("contacts", [{"contact_id": "c1"}])
    intake.put("contacts", [contact(1, "Back"), contact(2, "Going")])
    intake.remove("contacts", [{"contact_id": "c2"}])
    assert names(intake.commit(Cursor(), NOW)) == {"c1": "Back"}


def test_a_whole_table_replaces_the_old_one(mirror: Mirror) -> None:
    pull(mirror, contacts=[contact(1)], tickets=[{"ticket_id": "t1"}])
    snapshot = pull(mirror, whole=["tickets"], contacts=[contact(2)])
    assert rows(snapshot, "tickets") == []
    assert list(names(snapshot)) == ["c1", "c2"]


def test_a_table_stays_when_a_pull_has_no_news_of_it(mirror: Mirror) -> None:
    pull(mirror, contacts=[contact(1)])
    snapshot = pull(mirror)
    assert list(names(snapshot)) == ["c1"]
    assert snapshot.available == {"contacts"}


def test_old_snapshots_are_pruned(mirror: Mirror, tmp_path: Path) -> None:
    for number in range(1, KEEP + 3):
        pull(mirror, contacts=[contact(number)])
    kept = sorted(int(p.name) for p in (tmp_path / "mirror").iterdir() if p.name.isdigit())
    assert kept == list(range(3, KEEP + 3))
    assert not (tmp_path / "mirror" / "incoming").exists()


def test_other_columns_of_the_firm_make_the_next_pull_fetch_everything(tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    gold = {"contact_id": "c1", "extra.tier": "gold"}
    pull(opened(folder, {"tier": "text"}), contacts=[gold])
    changed = opened(folder, {"tier": "int", "since": "time"})
    snapshot = changed.load()
    assert snapshot is not None
    assert snapshot.cursor is None
    assert rows(snapshot, "contacts")[0]["extra.tier"] is None
    snapshot = pull(changed, contacts=[{"contact_id": "c2", "extra.tier": 3}])
    assert [row["extra.tier"] for row in rows(snapshot, "contacts")] == [None, 3]
    assert snapshot.cursor == Cursor({"at": "1"})


Change = tuple[str, list[tuple[int, int]]]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["put", "remove", "whole"]),
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), max_size=4),
    ),
    max_size=5,
)


@settings(max_examples=40)  # each example writes up to three snapshots
@given(pulls=st.lists(CHANGES, max_size=3))
def test_the_mirror_holds_what_the_pulls_said(
    pulls: list[list[Change]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    mirror = opened(tmp_path_factory.mktemp("mirror"))
    expected: dict[str, str] = {}
    for changes in pulls:
        intake = mirror.intake()
        if any(verb == "whole" for verb, _ in changes):
            intake.whole("contacts")
            expected = {}
        for verb, content in changes:
            people = [contact(number, f"Name {name}") for number, name in content]
            if verb == "remove":
                intake.remove("contacts", [{"contact_id": p["contact_id"]} for p in people])
                expected = {k: v for k, v in expected.items() if k not in _ids(people)}
            else:
                intake.put("contacts", people)
                expected |= {p["contact_id"]: p["name"] for p in people}
        snapshot = intake.commit(Cursor(), NOW)
        assert names(snapshot) == expected
        assert snapshot.rows.get("contacts", 0) == len(expected)


def _ids(people: Rows) -> set[str]:
    return {person["contact_id"] for person in people}


# ------------------------------------------------------------------ crashes


class Dead(BaseException):
    """The process was killed here."""


def dies(*_: object, **__: object) -> None:
    raise Dead


@pytest.mark.parametrize(
    ("moment", "broken"),
    [
        ("while pages arrive", "goodword.engines.polars_engine.PolarsEngine.write"),
        ("before the snapshot is moved", "goodword.mirror.Mirror.publish"),
        ("before the pointer moves", "pathlib.Path.replace"),
    ],
)
def test_a_crash_leaves_the_old_snapshot_whole(
    moment: str, broken: str, mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull(mirror, contacts=[contact(1)])
    with monkeypatch.context() as patched:
        patched.setattr(broken, dies)
        with pytest.raises(Dead):
            pull(mirror, whole=["contacts"], contacts=[contact(2)])
    after = opened(tmp_path / "mirror")
    snapshot = after.load()
    assert snapshot is not None, moment
    assert (snapshot.number, list(names(snapshot))) == (1, ["c1"])
    repaired = pull(after, contacts=[contact(3)])
    assert (repaired.number, list(names(repaired))) == (2, ["c1", "c3"])


def test_nothing_changes_for_readers_until_a_pull_is_complete(mirror: Mirror) -> None:
    pull(mirror, contacts=[contact(1)])
    intake = mirror.intake()
    intake.put("contacts", [contact(2)])
    during = mirror.load()
    assert during is not None
    assert list(names(during)) == ["c1"]
    intake.commit(Cursor(), NOW)
    assert list(names(during)) == ["c1"]


def test_a_pull_that_was_given_up_leaves_no_rows_behind(mirror: Mirror) -> None:
    mirror.intake().put("contacts", [contact(1)])
    assert list(names(pull(mirror, contacts=[contact(2)]))) == ["c2"]


# ------------------------------------------------------------------ faulty connectors


def unknown_column(mirror: Mirror) -> None:
    mirror.intake().put("contacts", [{"contact_id": "c1", "shoe_size": 44}])


def unknown_table(mirror: Mirror) -> None:
    mirror.intake().put("people", [{"contact_id": "c1"}])


def unknown_whole(mirror: Mirror) -> None:
    mirror.intake().whole("people")


def row_without_key(mirror: Mirror) -> None:
    pull(mirror, contacts=[{"name": "Ada Brook"}])


def wrong_type(mirror: Mirror) -> None:
    pull(mirror, deals=[{"deal_id": "d1", "amount_cents": "12,50 Ada Brook"}])


def wrong_types(mirror: Mirror) -> None:
    wrong: Rows = [{"deal_id": f"d{n}", "amount_cents": f"{n} Ada Brook"} for n in range(2, 8)]
    pull(mirror, deals=[{"deal_id": "d1", "amount_cents": 1}, *wrong])


def no_number(mirror: Mirror) -> None:
    pull(mirror, feedback=[{"feedback_id": "f1", "score": float("nan")}])


def text_for_a_time(mirror: Mirror) -> None:
    pull(mirror, deals=[{"deal_id": "d1", "closed_at": "tomorrow, Ada Brook"}])


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (unknown_column, r"unknown columns of contacts: \['shoe_size'\]"),
        (unknown_table, "a table 'people', which goodword does not know"),
        (unknown_whole, "a table 'people', which goodword does not know"),
        (row_without_key, "a row of contacts without contact_id"),
        (wrong_type, "'amount_cents' .* type int: 1 of the 1 rows of a page, first in row 1"),
        (wrong_types, "'amount_cents' .*: 6 of the 7 rows of a page, first in row 2, 3, 4, …"),
        (no_number, "'score' .* type int: 1 of the 1 rows"),
        (text_for_a_time, "'closed_at' .* type time: 1 of the 1 rows"),
    ],
)
def test_a_faulty_connector_is_told_what_is_wrong_without_anyones_data(
    fault: Callable[[Mirror], None], message: str, mirror: Mirror
) -> None:
    with pytest.raises(RecordError, match=message) as refused:
        fault(mirror)
    assert "Brook" not in str(refused.value)
    assert refused.value.hint


@pytest.mark.promise("versions.newer")
# ------------------------------------------------------------------ tables that end


def test_a_table_the_host_no_longer_has_is_forgotten(mirror: Mirror) -> None:
    pull(mirror, contacts=[contact(1)], tickets=[{"ticket_id": "t1", "contact_id": "c1"}])
    intake = mirror.intake()
    intake.absent("tickets")
    intake.put("contacts", [contact(2)])
    snapshot = intake.commit(Cursor({}), NOW)
    assert rows(snapshot, "tickets") == []
    assert "tickets" not in snapshot.available
    assert names(snapshot) == {"c1": "Person 1", "c2": "Person 2"}
