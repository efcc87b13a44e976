"""A damaged mirror: found before anything is decided on it, said, and never built over."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import Cursor, GoodwordError, SourceError
from goodword.engines.polars_engine import PolarsEngine
from goodword.errors import DamagedSnapshot
from goodword.mirror import Mirror, Snapshot
from goodword.snapshots import VERSION

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
Damage = Callable[[Path], object]


def opened(home: Path) -> Mirror:
    return Mirror(home / "mirror", PolarsEngine(), {})


def pull(mirror: Mirror, *names: str) -> Snapshot:
    """One complete pull of people with these names."""
    intake = mirror.intake()
    intake.whole("contacts")
    intake.put("contacts", [{"contact_id": f"c-{name}", "name": name} for name in names])
    return intake.commit(Cursor({"at": "1"}), NOW)


def names(snapshot: Snapshot | None) -> list[str]:
    assert snapshot is not None
    found: list[str] = snapshot.tables["contacts"].collect("polars")["name"].to_list()
    return sorted(found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The mirror of a firm that pulled twice."""
    mirror = opened(tmp_path)
    pull(mirror, "Ada Brook")
    pull(mirror, "Ada Brook", "Bo Lind")
    return tmp_path / "mirror"


def flip_a_bit(path: Path, at: int = 40) -> None:
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1
    path.write_bytes(content)


def change_the_manifest(folder: Path, **values: object) -> None:
    path = folder / "2" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def remove_the_folder(folder: Path) -> None:
    (folder / "2").rename(folder.parent / "elsewhere")


def folder_for_a_table(folder: Path) -> None:
    path = folder / "2" / "contacts.parquet"
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Damage] = {
    "a table is gone": lambda f: (f / "2" / "contacts.parquet").unlink(),
    "a table is a folder": folder_for_a_table,
    "a table is cut short": lambda f: (f / "2" / "contacts.parquet").write_bytes(b"PAR1"),
    "a table is of another pull": lambda f: (f / "1" / "contacts.parquet").replace(
        f / "2" / "contacts.parquet"
    ),
    "one bit of a table": lambda f: flip_a_bit(f / "2" / "contacts.parquet"),
    "the manifest is gone": lambda f: (f / "2" / "manifest.json").unlink(),
    "the manifest is no text": lambda f: (f / "2" / "manifest.json").write_bytes(b"\xff\xfe"),
    "the manifest is a list": lambda f: (f / "2" / "manifest.json").write_text("[1]"),
    "the manifest was edited": lambda f: change_the_manifest(f, rows={"contacts": 1}),
    "the version was edited": lambda f: change_the_manifest(f, version="two"),
    "the folder is gone": remove_the_folder,
    "the pointer is no number": lambda f: (f / "current").write_text("xyz"),
    "the pointer is empty": lambda f: (f / "current").write_text(""),
    "the pointer is gone": lambda f: (f / "current").unlink(),
}


# ------------------------------------------------------------------ finding it


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_said_with_the_number_and_the_way_out(folder: Path, damage: Damage) -> None:
    damage(folder)
    with pytest.raises(DamagedSnapshot, match=r"Snapshot 2 of the mirror is damaged") as found:
        opened(folder.parent).load()
    assert found.value.number == 2
    assert "goodword pull" in found.value.hint
    assert "Brook" not in str(found.value)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_pull_never_builds_over_a_damaged_snapshot(folder: Path, damage: Damage) -> None:
    damage(folder)
    with pytest.raises(DamagedSnapshot):
        pull(opened(folder.parent), "Cy Marsh")


def test_a_pointer_to_a_snapshot_that_never_was_is_damage(folder: Path) -> None:
    (folder / "current").write_text("9")
    with pytest.raises(DamagedSnapshot, match="Snapshot 9"):
        opened(folder.parent).load()


@settings(max_examples=30)  # each example writes a snapshot
@given(at=st.integers(0, 100_000), of=st.sampled_from(["contacts.parquet", "manifest.json"]))
def test_no_changed_bit_is_overlooked(
    at: int, of: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("firm")
    pull(opened(home), "Ada Brook")
    path = home / "mirror" / "1" / of
    before = path.read_bytes()
    flip_a_bit(path, at)
    try:
        found = opened(home).load()
    except GoodwordError:
        return
    assert of == "manifest.json"  # only blanks between its values may differ without a difference
    assert json.loads(path.read_bytes()) == json.loads(before)
    assert names(found) == ["Ada Brook"]


def test_the_sums_are_compared_once_for_each_snapshot(folder: Path) -> None:
    mirror = opened(folder.parent)
    mirror.load()
    flip_a_bit(folder / "2" / "contacts.parquet", at=8)
    assert mirror.load() is not None
    with pytest.raises(DamagedSnapshot):
        opened(folder.parent).load()


# ------------------------------------------------------------------ setting it aside


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_snapshot_set_aside_makes_the_next_pull_a_whole_one(
    folder: Path, damage: Damage
) -> None:
    damage(folder)
    mirror = opened(folder.parent)
    assert mirror.set_aside() == folder / "damaged-2"
    assert (folder / "damaged-2").is_dir()
    assert mirror.load() is None
    assert mirror.current() is None
    snapshot = pull(mirror, "Cy Marsh")
    assert (snapshot.number, names(opened(folder.parent).load())) == (3, ["Cy Marsh"])


def test_only_the_newest_damaged_snapshot_is_kept(folder: Path) -> None:
    mirror = opened(folder.parent)
    mirror.set_aside()
    pull(mirror, "Cy Marsh")
    mirror.set_aside()
    assert [path.name for path in folder.glob("damaged-*")] == ["damaged-3"]
    assert pull(mirror, "Di Fell").number == 4


def test_setting_aside_that_was_cut_off_keeps_the_damaged_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            opened(folder.parent).set_aside()
    with pytest.raises(DamagedSnapshot, match="Snapshot 2"):
        opened(folder.parent).load()
    opened(folder.parent).set_aside()
    assert (folder / "damaged-2" / "manifest.json").exists()
    assert opened(folder.parent).load() is None


def test_a_first_pull_that_died_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = opened(tmp_path)
    intake = mirror.intake()
    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            intake.commit(Cursor(), NOW)
    assert opened(tmp_path).load() is None
    assert pull(opened(tmp_path), "Ada Brook").number == 1


# ------------------------------------------------------------------ versions


def as_version_1(folder: Path) -> None:
    """Rewrite the manifest in use as goodword 0.1 wrote it: without sums and filled columns."""
    path = folder / "2" / "manifest.json"
    new: dict[str, Any] = json.loads(path.read_text())
    names = ("pulled_at", "available", "rows", "cursor", "extra", "notices")
    path.write_text(json.dumps({"version": 1} | {name: new[name] for name in names}, indent=1))


def test_a_snapshot_of_version_1_is_read_and_the_next_pull_writes_the_present_one(
    folder: Path,
) -> None:
    as_version_1(folder)
    mirror = opened(folder.parent)
    old = mirror.load()
    assert names(old) == ["Ada Brook", "Bo Lind"]
    assert old is not None
    assert (old.cursor, old.filled) == (Cursor({"at": "1"}), {})
    intake = mirror.intake()
    intake.put("contacts", [{"contact_id": "c-new", "name": "Cy Marsh"}])
    new = intake.commit(Cursor(), NOW)
    assert names(new) == ["Ada Brook", "Bo Lind", "Cy Marsh"]
    manifest = json.loads((folder / "3" / "manifest.json").read_text())
    assert manifest["version"] == VERSION == 3
    assert manifest["files"].keys() == {"contacts.parquet"}


@pytest.mark.parametrize("content", [None, b"not what it was"])
def test_a_snapshot_of_version_1_with_a_missing_or_unreadable_table_is_damaged(
    folder: Path, content: bytes | None
) -> None:
    as_version_1(folder)
    path = folder / "2" / "contacts.parquet"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(DamagedSnapshot, match="Snapshot 2"):
        opened(folder.parent).load()


@pytest.mark.promise("versions.newer")
def test_a_mirror_of_a_newer_goodword_is_refused(folder: Path) -> None:
    change_the_manifest(folder, version=VERSION + 1)
    with pytest.raises(GoodwordError, match="newer goodword") as refused:
        opened(folder.parent).load()
    assert not isinstance(refused.value, DamagedSnapshot)
    with pytest.raises(GoodwordError, match="newer goodword"):
        pull(opened(folder.parent), "Cy Marsh")


# ------------------------------------------------------------------ a disk without room


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond *size* bytes, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 400, 4000])
def test_a_full_disk_is_said_and_leaves_the_old_snapshot_whole(folder: Path, size: int) -> None:
    """The room ends at the pointer or the first table, at a table, at the manifest."""
    mirror = opened(folder.parent)
    intake = mirror.intake()
    intake.whole("contacts")
    intake.put("contacts", [{"contact_id": f"c{n}", "name": f"Person {n}"} for n in range(2000)])
    with room_for(size), pytest.raises(SourceError, match="cannot be written") as refused:
        intake.commit(Cursor(), NOW)
    assert "room" in refused.value.hint
    assert not (folder / "incoming").exists()
    assert names(opened(folder.parent).load()) == ["Ada Brook", "Bo Lind"]
    assert pull(opened(folder.parent), "Cy Marsh").number == 3


def test_a_full_disk_while_pages_arrive_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodword.intake.PAGE", 1)
    intake = opened(folder.parent).intake()
    with room_for(10), pytest.raises(SourceError, match=r"File too large|No space"):
        intake.put("contacts", [{"contact_id": "c1", "name": "Cy Marsh"}])
    assert names(opened(folder.parent).load()) == ["Ada Brook", "Bo Lind"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "mirror").write_text("a file stands where the folder belongs")
    with pytest.raises(SourceError, match=r"mirror cannot be (read|written)"):
        opened(tmp_path).intake()


def test_no_room_to_set_a_snapshot_aside_is_said(folder: Path) -> None:
    with room_for(0), pytest.raises(SourceError, match="cannot be written"):
        opened(folder.parent).set_aside()
