"""Merging a small pull into a large mirror: by its keys alone, whole or not at all, at any step."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from merged_pulls import NOW, every_body_is_large, first_pull, held, news, opened, people

from goodword import Cursor, SourceError
from goodword.intake import PAGE, Intake
from goodword.mirror import KEEP, Snapshot

MANY = 2 * PAGE + 10
"""Enough rows for three part files."""


class Dead(BaseException):
    """The process died here."""


# ------------------------------------------------------------------ death at any step

STEPS: list[tuple[object, str]] = [
    (pl.LazyFrame, "sink_parquet"),
    (shutil, "copyfile"),
    (shutil, "rmtree"),
    (os, "link"),
    (os, "fsync"),
    (Path, "rename"),
    (Path, "replace"),
    (Path, "unlink"),
    (Path, "write_text"),
    (Path, "chmod"),
]
"""Everything a merge does to the disk."""


def dying_at(step: int, patched: pytest.MonkeyPatch) -> list[str]:
    """Let the process die right before the n-th step; return the steps that were reached."""
    reached: list[str] = []

    def watched(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if len(reached) == step:
                raise Dead
            reached.append(name)
            return function(*arguments, **named)

        return call

    for owner, name in STEPS:
        patched.setattr(owner, name, watched(name, getattr(owner, name)))
    return reached


def linkless(*_: object) -> None:
    raise PermissionError(1, "no second names here")


@pytest.mark.parametrize(
    ("body", "links", "expected"),
    [
        ("small", "known", "link"),
        ("large", "known", "link"),
        ("large", "unknown", "copyfile"),
    ],
)
def test_a_merge_that_dies_at_any_step_leaves_a_whole_mirror_and_is_made_good_by_the_next(
    body: str, links: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if body == "large":
        every_body_is_large(monkeypatch)
    if links == "unknown":
        monkeypatch.setattr(os, "link", linkless)
    start = tmp_path / "start"
    before = held(first_pull(opened(start)))
    done = tmp_path / "done"
    shutil.copytree(start, done)
    after = held(news(opened(done)))
    for step in count():
        folder = tmp_path / f"died-{step}"
        shutil.copytree(start, folder)
        with pytest.MonkeyPatch.context() as patched:
            reached = dying_at(step, patched)
            died = True
            try:
                news(opened(folder))
                died = False
            except Dead:
                pass
        found = held(opened(folder).load())  # compares every sum
        assert found in (before, after), (step, reached[-1:])
        assert held(news(opened(folder))) == after
        shutil.rmtree(folder)
        if not died:
            break
    assert {"sink_parquet", "rename", "replace", "fsync", expected} <= set(reached)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond *size* bytes, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("body", ["small", "large"])
@pytest.mark.parametrize("size", [0, 500, 1500, 2500])
def test_a_disk_that_fills_up_while_merging_is_said_and_leaves_the_mirror_as_it_was(
    size: int, body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if body == "large":
        every_body_is_large(monkeypatch)
    folder = tmp_path / "mirror"
    before = held(first_pull(opened(folder)))
    with room_for(size), pytest.raises(SourceError, match="cannot be written") as refused:
        news(opened(folder))
    assert "room" in refused.value.hint
    assert not (folder / "incoming").exists()
    assert held(opened(folder).load()) == before
    assert news(opened(folder)).number == 2


# ------------------------------------------------------------------ only what is new


def test_a_table_without_news_is_taken_over_as_it_is(tmp_path: Path) -> None:
    mirror = opened(tmp_path)
    first_pull(mirror)
    written = (tmp_path / "1" / "owners.parquet").read_bytes()
    second = news(mirror)
    assert (tmp_path / "2" / "owners.parquet").read_bytes() == written
    assert second.rows["owners"] == 1
    assert second.filled["owners"] == ("owner_id", "name", "active")


def test_a_table_taken_over_is_not_lost_with_the_snapshot_it_came_from(tmp_path: Path) -> None:
    mirror = opened(tmp_path)
    first_pull(mirror)
    for _ in range(KEEP + 1):
        news(mirror)
    folders = sorted(int(path.name) for path in tmp_path.iterdir() if path.name.isdigit())
    assert folders == [3, 4, 5]
    assert held(opened(tmp_path).load())["owners"] == [("o1", "Rep")]


def test_forgetting_somebody_leaves_no_table_as_it_was(tmp_path: Path) -> None:
    mirror = opened(tmp_path)
    first_pull(mirror)
    intake = mirror.intake(lambda ids: frozenset(ids) & {"c7"})
    intake.put("activities", [{"activity_id": "v3", "kind": "visit"}])
    snapshot = intake.commit(Cursor({"at": "2"}), NOW)
    assert "c7" not in dict(held(snapshot)["contacts"])


# ------------------------------------------------------------------ repeated keys, many pages


def test_of_rows_that_come_again_pages_later_the_last_one_stays(tmp_path: Path) -> None:
    intake = opened(tmp_path).intake()
    intake.put("contacts", people(range(MANY)))
    intake.put("contacts", people(range(3), "Again"))
    intake.put("contacts", people(range(PAGE, 2 * PAGE), "Second"))
    intake.put("contacts", people(range(1, 2), "Last"))
    snapshot = intake.commit(Cursor(), NOW)
    names = dict(held_names(snapshot))
    assert len(names) == snapshot.rows["contacts"] == MANY
    assert [names[f"c{n}"] for n in range(4)] == ["Again 0", "Last 1", "Again 2", "Person 3"]
    assert names[f"c{PAGE}"] == f"Second {PAGE}"


def held_names(snapshot: Snapshot) -> list[tuple[Any, ...]]:
    frame = snapshot.tables["contacts"].select("contact_id", "name").collect("polars")
    return frame.rows()


def test_two_keys_of_one_sum_are_both_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goodword.part_keys.hash", lambda _: 1, raising=False)
    monkeypatch.setattr("goodword.arrivals.hash", lambda _: 1, raising=False)
    intake: Intake = opened(tmp_path).intake()
    intake.put("contacts", people(range(PAGE)))
    intake.put("contacts", people(range(PAGE, PAGE + 2)))
    intake.put("contacts", people(range(2), "Again"))
    assert intake.commit(Cursor(), NOW).rows["contacts"] == PAGE + 2
