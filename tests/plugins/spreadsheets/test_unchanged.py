"""A pull of what has not changed hands nothing over; whatever may have changed is read again."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from goodword import SourceError

PEOPLE = """\
Customer no,Name,Email,Phone,Score
007,Nora Quill,n@x.example,not a number,3
008,Ida Brandt,i@x.example,+44 117 496 0102,10
"""
Lay = Callable[..., Any]
Task = Callable[..., Any]


@pytest.fixture
def firm(desk: Lay) -> Any:
    return desk({"people.csv": PEOPLE})


def test_what_has_not_changed_is_not_handed_over_again_and_tells_the_same(firm: Any) -> None:
    first = firm.pull()
    again = firm.pull(first.cursor)
    assert first.tables["contacts"]
    assert (again.tables, again.complete) == ({}, set())
    assert again.notices == first.notices != []
    assert again.cursor == first.cursor
    assert firm.pull(again.cursor).tables == {}


def test_without_a_cursor_everything_is_read(firm: Any) -> None:
    firm.pull()
    assert firm.pull().tables["contacts"]


def change_the_list(firm: Any) -> None:
    path = firm.folder / "people.csv"
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Nora", b"Dora"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # as some programs do


def change_the_settings(firm: Any) -> None:
    firm.set_settings(region="US")


def wait_a_day(firm: Any) -> None:
    firm.today = date(2026, 11, 21)


def lose_the_register(firm: Any) -> None:
    (firm.folder / ".goodword/csv/people.txt").unlink()


def lay_a_list_of_our_name_beside(firm: Any) -> None:
    (firm.folder / "people.review.csv").write_text("Colour,Shape\nred,round\n", encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        change_the_list,
        change_the_settings,
        wait_a_day,
        lose_the_register,
        lay_a_list_of_our_name_beside,
    ],
)
def test_whatever_may_have_changed_is_read_again(firm: Any, change: Callable[[Any], None]) -> None:
    first = firm.pull()
    change(firm)
    assert firm.pull(first.cursor).tables["contacts"]


def test_an_updated_program_reads_again(firm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = firm.pull()
    monkeypatch.setattr("goodword_csv.rows.unchanged._PACKAGE", firm.folder)
    assert firm.pull(first.cursor).tables["contacts"]


def test_an_answer_in_the_task_list_is_read_again(firm: Any, a_task: Task) -> None:
    firm.open().write([a_task("007")])
    first = firm.pull()
    assert firm.pull(first.cursor).tables == {}
    path = firm.folder / "people.tasks.csv"
    path.write_bytes(path.read_bytes().replace(b"Open", b"open"))
    assert firm.pull(first.cursor).tables["asks"]


def test_a_copy_laid_beside_is_told_though_nothing_else_changed(firm: Any) -> None:
    first = firm.pull()
    (firm.folder / "people (1).csv").write_text(PEOPLE, encoding="utf-8")
    again = firm.pull(first.cursor)
    assert again.tables == {}
    (told,) = set(again.notices) - set(first.notices)
    assert told.startswith("copies")
    (firm.folder / "people (1).csv").unlink()
    assert firm.pull(again.cursor).notices == first.notices


def test_a_run_that_read_nothing_writes_all_the_same(firm: Any, a_task: Task, fields: Lay) -> None:
    first = firm.pull()
    run = firm.open()
    run.pull(first.cursor, first)
    batch = [a_task("007"), fields("007", stage="buy")]
    assert all(result.ok for result in run.write(batch))
    after = firm.pull(first.cursor)
    assert len(after.tables["asks"]) == 1
    assert [row["stage"] for row in after.tables["own_fields"]] == ["buy"]


def test_a_change_after_a_pull_that_read_nothing_is_not_written_over(
    firm: Any, a_task: Task
) -> None:
    first = firm.pull()
    run = firm.open()
    run.pull(first.cursor, first)
    change_the_list(firm)
    with pytest.raises(SourceError, match="changed since it was read"):
        run.write([a_task("007")])
    assert not (firm.folder / "people.tasks.csv").exists()
    run.pull(None, firm.pull())
    assert all(result.ok for result in run.write([a_task("007")]))
