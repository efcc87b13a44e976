"""Sources without end, or that are no files at all: a plain sentence each, and at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goodword import SourceError
from goodword_csv.files.atomic import MAX_FILE
from goodword_csv.files.cells import MAX_COLUMNS
from goodword_csv.files.encoding import MAX_LINE
from goodword_csv.guessing.proposal import propose

PEOPLE = b"Name,Email\nNora Quill,n@x.example\n"
Lay = Callable[..., Any]


def refused(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        propose([path], path.parent)
    assert caught.value.hint
    assert "Quill" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("sign", [b"a", b",", b'"', b"a,", b"\0", b"\xff"])
def test_a_line_without_end_is_refused_before_it_is_decoded(tmp_path: Path, sign: bytes) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(PEOPLE + sign * (MAX_LINE + 1))
    assert "people.csv, line 3: longer than 4 MB" in refused(path).message


@pytest.mark.long
def test_a_line_of_500_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    with path.open("wb") as file:
        file.write(PEOPLE)
        file.truncate(500 * 1024**2)  # a file full of zeros that takes no room on the disk
    assert "line 3: longer than" in refused(path).message


def test_a_row_over_many_lines_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    cell = b'"' + b"so it goes on\n" * 5_000 + b'",'
    path.write_bytes(PEOPLE + cell * 80 + b"\n")
    assert "longer than a row can be" in refused(path).message


def test_a_row_wider_than_a_sheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(PEOPLE + b"," * MAX_COLUMNS + b"\n")
    assert "16,385 cells" in refused(path).message


def test_long_lists_with_ordinary_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    note = b"x" * 30_000
    rows = b"".join(b"Nora %d,n%d@x.example,%b\r" % (n, n, note) for n in range(300))
    path.write_bytes(b"Name,Email,Notes\r" + rows)
    assert path.stat().st_size > 2 * MAX_LINE
    assert propose([path], tmp_path).settings["sources"]


def test_a_file_larger_than_any_list_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    with path.open("wb") as file:
        file.truncate(MAX_FILE + 1)
    assert "larger than 1,024 MB" in refused(path).message


@pytest.mark.parametrize("data", [b"\0" * 1000, b"Name,Email\nNora\0,x\n", b"N\0a\0m\0e\0"])
def test_nul_signs_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(data)
    assert "NUL" in refused(path).message


@pytest.mark.parametrize("name", ["people.csv", "people.xlsx"])
def test_a_pipe_a_device_or_a_link_to_one_is_no_list(tmp_path: Path, name: str) -> None:
    pipe = tmp_path / name
    os.mkfifo(pipe)
    link = tmp_path / f"link-{name}"
    link.symlink_to(pipe)
    zero = tmp_path / f"zero-{name}"
    zero.symlink_to("/dev/zero")
    for path in (pipe, link, zero):
        assert "not an ordinary file" in refused(path).message


def test_a_link_to_nothing_or_to_itself_says_so(tmp_path: Path) -> None:
    gone, loop = tmp_path / "gone.csv", tmp_path / "loop.csv"
    gone.symlink_to(tmp_path / "nowhere.csv")
    loop.symlink_to(loop)
    assert "does not exist" in refused(gone).message
    assert "could not be read" in refused(loop).message


def test_a_list_that_became_a_pipe_is_refused_when_it_is_read_and_written(desk: Lay) -> None:
    firm = desk({"people.csv": PEOPLE})
    connector = firm.open()
    connector.write([])
    path = firm.folder / "people.csv"
    path.unlink()
    os.mkfifo(path)
    for door in (firm.pull, lambda: firm.open().write([]), lambda: firm.open().find(["k"])):
        with pytest.raises(SourceError, match="not an ordinary file"):
            door()


@pytest.mark.parametrize("kind", ["pipe", "loop"])
def test_a_task_list_that_is_no_file_is_refused(
    desk: Lay, a_task: Callable[..., Any], kind: str
) -> None:
    firm = desk({"people.csv": PEOPLE})
    tasks = firm.folder / "people.tasks.csv"
    if kind == "pipe":
        os.mkfifo(tasks)
    else:
        tasks.symlink_to(tasks)
    with pytest.raises(SourceError):
        firm.open().write([a_task("n@x.example")])
    assert (firm.folder / "people.csv").read_bytes() == PEOPLE


def test_a_link_to_a_list_is_followed(
    desk: Lay, tmp_path: Path, fields: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": PEOPLE})
    shared = tmp_path / "shared.csv"
    path = firm.folder / "people.csv"
    path.rename(shared)
    path.symlink_to(shared)
    assert firm.open().write([fields("n@x.example", stage="buy")])[0].ok
    assert path.is_symlink()
    assert b"buy" in shared.read_bytes()
