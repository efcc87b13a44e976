"""Forgetting people: no snapshot keeps a row about somebody who is to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import Cursor
from goodword.engines.polars_engine import PolarsEngine
from goodword.errors import DamagedSnapshot
from goodword.mirror import Mirror, Snapshot
from goodword.redaction import PERSON_COLUMNS
from goodword.tables import TABLES

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
Rows = list[dict[str, Any]]


def opened(home: Path) -> Mirror:
    return Mirror(home / "mirror", PolarsEngine(), {})


def pull(mirror: Mirror, forgotten: Iterable[str] = (), /, **tables: Rows) -> Snapshot:
    """One pull of these tables for a firm that forgot these people."""
    blocked = frozenset(forgotten)
    intake = mirror.intake(blocked.intersection)
    for table, rows in tables.items():
        intake.put(table, rows)
    return intake.commit(Cursor({"at": "1"}), NOW)


def ids(snapshot: Snapshot | None) -> set[str]:
    """Everybody any row of the snapshot is about."""
    assert snapshot is not None
    found: set[str] = set()
    for name, frame in snapshot.tables.items():
        rows = frame.collect("polars").to_native().to_dicts()
        columns = [column for column in PERSON_COLUMNS if column in TABLES[name].types]
        found |= {str(row[column]) for row in rows for column in columns if row[column]}
    return found


def a_row(table: str, number: int, **values: str) -> dict[str, Any]:
    """A row of *table* whose key is *number* where it is nobody's id."""
    key: dict[str, Any] = dict.fromkeys(TABLES[table].key, f"{number}")
    return key | values


def everywhere(contact: str, number: int) -> dict[str, Rows]:
    """Rows about *contact* in each table, in each column that names a person."""
    return {
        name: [a_row(name, number, **{column: contact}) for column in columns]
        for name, table in TABLES.items()
        if (columns := [c for c in PERSON_COLUMNS if c in table.types and c != "alias_id"])
    }


def both(first: dict[str, Rows], second: dict[str, Rows]) -> dict[str, Rows]:
    return {name: first.get(name, []) + second.get(name, []) for name in first | second}


# ------------------------------------------------------------------ while pulling


@pytest.mark.promise("forget.not-again")
def test_a_forgotten_person_does_not_come_back_in_any_table(tmp_path: Path) -> None:
    tables = both(everywhere("ada", 1), everywhere("bo", 2))
    tables["aliases"] = []
    snapshot = pull(opened(tmp_path), ["ada"], **tables)
    assert "ada" not in ids(snapshot)
    assert "bo" in ids(snapshot)
    assert snapshot.available == set(tables) - {"aliases"}


def test_rows_of_an_earlier_pull_go_too(tmp_path: Path) -> None:
    pull(opened(tmp_path), (), **both(everywhere("ada", 1), everywhere("bo", 2)))
    assert "ada" not in ids(pull(opened(tmp_path), ["ada"], contacts=[a_row("contacts", 3)]))


def test_a_row_about_nobody_stays(tmp_path: Path) -> None:
    nobody = [{"deal_id": "d1"}]
    referrals = [{"referral_id": "r1", "referrer_id": "bo", "referred_name": "Cy Marsh"}]
    snapshot = pull(opened(tmp_path), ["ada"], deals=nobody, referrals=referrals)
    assert (snapshot.rows["deals"], snapshot.rows["referrals"]) == (1, 1)


@pytest.mark.promise("forget.at-the-host")
def test_a_person_the_host_erased_goes_at_once_and_is_told_to_the_run(tmp_path: Path) -> None:
    pull(opened(tmp_path), contacts=[{"contact_id": "ada"}, {"contact_id": "bo"}])
    intake = opened(tmp_path).intake()
    intake.forgotten("ada")
    intake.put("activities", [{"activity_id": "a1", "contact_id": "ada"}])
    assert ids(intake.commit(Cursor(), NOW)) == {"bo"}
    assert intake.privacy_deleted == {"ada"}


def test_ids_merged_with_a_forgotten_one_are_the_same_person(tmp_path: Path) -> None:
    people: Rows = [{"contact_id": name} for name in ("ada", "older-ada", "ada-2", "bo")]
    merged = [
        {"alias_id": "older-ada", "contact_id": "ada"},
        {"alias_id": "ada-2", "contact_id": "older-ada"},
    ]
    intake = opened(tmp_path).intake(frozenset({"ada"}).intersection)
    intake.put("contacts", people)
    intake.put("aliases", merged)
    assert ids(intake.commit(Cursor(), NOW)) == {"bo"}
    assert intake.privacy_deleted == {"older-ada", "ada-2"}


def test_a_deal_of_forgotten_people_only_goes_and_a_shared_one_stays(tmp_path: Path) -> None:
    shares = [("d1", "ada"), ("d2", "ada"), ("d2", "bo")]
    snapshot = pull(
        opened(tmp_path),
        ["ada"],
        deals=[{"deal_id": "d1"}, {"deal_id": "d2"}, {"deal_id": "d3"}],
        deal_contacts=[{"deal_id": deal, "contact_id": who} for deal, who in shares],
    )
    deals = snapshot.tables["deals"].collect("polars")["deal_id"].to_list()
    assert sorted(deals) == ["d2", "d3"]


def test_a_firm_that_forgot_nobody_does_not_look_at_anybody(tmp_path: Path) -> None:
    looked: list[str] = []

    def nobody(contacts: Iterable[str]) -> frozenset[str]:
        looked.append(type(contacts).__name__)
        return frozenset()

    intake = opened(tmp_path).intake(nobody)
    intake.put("contacts", [{"contact_id": "ada"}])
    assert ids(intake.commit(Cursor(), NOW)) == {"ada"}
    assert looked == ["generator"]


def test_a_mirror_the_same_people_were_left_out_of_is_not_looked_through_again(
    tmp_path: Path,
) -> None:
    looked: list[set[str]] = []

    def pulled(contact: str, blocked: set[str], mark: str) -> set[str]:
        def forgotten(contacts: Iterable[str]) -> frozenset[str]:
            looked.append(set(contacts))
            return frozenset(looked[-1] & blocked)

        intake = opened(tmp_path).intake(forgotten, mark)
        intake.put("contacts", [{"contact_id": contact}])
        return ids(intake.commit(Cursor(), NOW))

    assert pulled("ada", {"cy"}, "cy only") == {"ada"}
    assert pulled("bo", {"cy"}, "cy only") == {"ada", "bo"}
    assert pulled("cy", {"cy"}, "cy only") == {"ada", "bo"}
    assert pulled("dee", {"ada", "cy"}, "ada, too") == {"bo", "dee"}
    assert pulled("eve", {"ada", "cy"}, "") == {"bo", "dee", "eve"}
    assert looked == [{"ada"}, {"bo"}, {"cy"}, {"ada", "bo", "dee"}, {"bo", "dee", "eve"}]


PEOPLE = st.sampled_from([f"c{number}" for number in range(6)])


@settings(max_examples=25)  # each example writes two snapshots
@given(
    merges=st.lists(st.tuples(PEOPLE, PEOPLE), max_size=4),
    blocked=st.sets(PEOPLE, max_size=3),
    erased=st.sets(PEOPLE, max_size=2),
)
def test_whoever_is_forgotten_or_merged_with_them_is_nowhere(
    merges: list[tuple[str, str]],
    blocked: set[str],
    erased: set[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    mirror = opened(tmp_path_factory.mktemp("firm"))
    everybody = [{"contact_id": f"c{number}"} for number in range(6)]
    pull(mirror, contacts=everybody)
    intake = mirror.intake(frozenset(blocked).intersection)
    intake.forgotten(*erased)
    intake.put("aliases", [{"alias_id": a, "contact_id": b} for a, b in merges])
    left = ids(intake.commit(Cursor(), NOW))
    known = dict(merges)  # the last row of a key wins
    gone = blocked | erased
    for _ in everybody:
        gone |= {a for a, b in known.items() if b in gone} | {known[a] for a in gone & known.keys()}
    assert left == {row["contact_id"] for row in everybody} - gone
    assert intake.privacy_deleted == (gone - blocked) | erased


# ------------------------------------------------------------------ purging


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A firm with two snapshots that know Ada, and a damaged one set aside."""
    mirror = opened(tmp_path)
    pull(mirror, contacts=[{"contact_id": "ada", "name": "Ada Brook"}])
    mirror.set_aside()
    pull(mirror, contacts=[{"contact_id": "ada", "name": "Ada Brook"}])
    pull(mirror, contacts=[{"contact_id": "bo", "name": "Bo Lind"}])
    return tmp_path


def holds(folder: Path, text: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and text in path.read_bytes()]


@pytest.mark.promise("forget.purged")
def test_a_purge_leaves_one_snapshot_without_the_person(home: Path) -> None:
    mirror = opened(home)
    before = mirror.load()
    assert holds(home, b"Ada Brook")
    fresh = mirror.purge(["ada"])
    assert ids(fresh) == ids(opened(home).load()) == {"bo"}
    assert not holds(home, b"Ada Brook")
    assert sorted(path.name for path in (home / "mirror").iterdir()) == ["4", "current"]
    assert before is not None
    assert fresh is not None
    assert (fresh.cursor, fresh.pulled_at) == (before.cursor, before.pulled_at)
    assert fresh.rows == {"contacts": 1}


@pytest.mark.parametrize(("before", "looked"), [("", {"new"}), ("others", {"new", "bo"})])
def test_after_a_purge_the_mirror_is_only_looked_through_if_others_were_forgotten_meanwhile(
    before: str, looked: set[str], tmp_path: Path
) -> None:
    pull(opened(tmp_path), (), contacts=[{"contact_id": "ada"}, {"contact_id": "bo"}])
    opened(tmp_path).purge(["ada"], (before, "with ada"))
    seen: list[set[str]] = []

    def nobody(contacts: Iterable[str]) -> frozenset[str]:
        seen.append(set(contacts))
        return frozenset()

    intake = opened(tmp_path).intake(nobody, "with ada")
    intake.put("contacts", [{"contact_id": "new"}])
    assert ids(intake.commit(Cursor(), NOW)) == {"bo", "new"}
    assert seen == [looked]


def test_after_a_purge_an_incremental_pull_goes_on(home: Path) -> None:
    opened(home).purge(["ada"])
    snapshot = pull(opened(home), ["ada"], contacts=[{"contact_id": "cy"}, {"contact_id": "ada"}])
    assert ids(snapshot) == {"bo", "cy"}


def test_a_purge_without_a_snapshot_in_use_deletes_what_is_left(home: Path) -> None:
    mirror = opened(home)
    mirror.set_aside()
    assert mirror.purge(["ada"]) is None
    assert not holds(home, b"Ada Brook")
    assert mirror.load() is None
    assert pull(mirror, contacts=[{"contact_id": "bo"}]).number == 4


def test_a_purge_before_the_first_pull_does_nothing(tmp_path: Path) -> None:
    assert opened(tmp_path).purge(["ada"]) is None
    assert list(tmp_path.iterdir()) == []


def test_a_purge_of_a_damaged_snapshot_is_refused_until_it_is_set_aside(home: Path) -> None:
    (home / "mirror" / "3" / "contacts.parquet").write_bytes(b"x")
    with pytest.raises(DamagedSnapshot):
        opened(home).purge(["ada"])
    opened(home).set_aside()
    assert opened(home).purge(["ada"]) is None
    assert not holds(home, b"Ada Brook")


@pytest.mark.parametrize("broken", ["pathlib.Path.rename", "pathlib.Path.replace", "shutil.rmtree"])
def test_a_purge_that_was_cut_off_is_finished_after_the_next_pull(
    home: Path, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(broken, dies)
        with pytest.raises(KeyboardInterrupt):
            opened(home).purge(["ada"])
    pull(opened(home), ["ada"], contacts=[{"contact_id": "cy"}])
    opened(home).finish_purge()
    assert ids(opened(home).load()) == {"bo", "cy"}
    assert not holds(home, b"Ada Brook")
    assert len(pull(opened(home), ["ada"]).tables) == len(TABLES)
    assert sum(path.name.isdigit() for path in (home / "mirror").iterdir()) == 2
