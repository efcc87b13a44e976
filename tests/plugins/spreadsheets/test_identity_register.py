"""What is known of people outlives a damaged, lost or newer register: above all a refusal."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import SourceError
from goodword_csv.rows.known import Known, People
from goodword_csv.rows.register import (
    FILE,
    SPARE,
    Register,
    new_register,
    read_register,
    save_register,
)

Lay = Callable[..., Any]
Make = Callable[..., Any]
PEOPLE = """\
Name,Email,Phone,Town
Nora Quill,nora@x.example,0117 496 0101,Leeds
Ida Brandt,ida@x.example,0117 496 0102,Bonn
Tom Reyes,tom@x.example,0117 496 0103,York
"""


def ids(heard: Any) -> dict[str, str]:
    return {str(row["name"]): str(row["contact_id"]) for row in heard.tables["contacts"]}


def refused(heard: Any) -> set[str]:
    return {str(row["name"]) for row in heard.tables["contacts"] if row["do_not_ask"]}


def told(heard: Any) -> list[str]:
    return [notice for notice in heard.notices if notice.startswith("register")]


@pytest.fixture
def overwritten(desk: Lay, fields: Make) -> Any:
    """A firm whose list, with Ida's refusal in it, was overwritten with a fresh export."""
    firm = desk({"people.csv": PEOPLE})
    firm.open().write([fields(one, stage="buy") for one in ids(firm.pull()).values()])
    path = firm.folder / "people.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    rows[2][rows[0].index("Goodword do not ask")] = "x"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert refused(firm.pull()) == {"Ida Brandt"}
    path.write_text(PEOPLE.replace("ida@x.example", "ida.brandt@x.example"))
    assert refused(firm.pull()) == {"Ida Brandt"}
    return firm


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def cut_off_between_lines(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\0")


def too_deep(path: Path) -> None:
    path.write_bytes(b"[" * 200_000)


DAMAGES = [cut_off, cut_off_between_lines, emptied, no_text, too_deep]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_register_loses_no_refusal_and_is_kept_aside(
    overwritten: Any, damage: Callable[[Path], None]
) -> None:
    path = overwritten.folder / ".goodword" / FILE
    damage(path)
    left = path.read_bytes()
    heard = overwritten.pull()
    assert refused(heard) == {"Ida Brandt"}
    assert ids(heard)["Ida Brandt"] == "ida@x.example"
    assert "people.txt.damaged" in told(heard)[0]
    assert path.with_name("people.txt.damaged").read_bytes() == left
    again = overwritten.pull()
    assert refused(again) == {"Ida Brandt"}
    assert told(again) == []
    assert ids(again) == ids(heard)


def test_looking_changes_nothing_of_a_damaged_register(overwritten: Any) -> None:
    path = overwritten.folder / ".goodword" / FILE
    cut_off(path)
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    checks = overwritten.open().check()
    assert any(check.name == "rows: register" for check in checks)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before


def test_a_register_that_was_deleted_loses_no_refusal(overwritten: Any) -> None:
    (overwritten.folder / ".goodword" / FILE).unlink()
    heard = overwritten.pull()
    assert refused(heard) == {"Ida Brandt"}
    assert len(told(heard)) == 1


def test_writing_in_the_same_run_keeps_the_good_register_and_the_damaged_one(
    overwritten: Any, fields: Make
) -> None:
    path = overwritten.folder / ".goodword" / FILE
    cut_off(path)
    left = path.read_bytes()
    firm = overwritten.open("20261121-090000-aaaa")
    firm.write([fields("ida@x.example", stage="buy")])
    overwritten.pull()
    assert path.with_name("people.txt.damaged").read_bytes() == left
    assert refused(overwritten.pull()) == {"Ida Brandt"}


@pytest.mark.parametrize("spare", [b"", None])
def test_where_nothing_is_left_of_it_nobody_is_asked_unnoticed(
    overwritten: Any, spare: bytes | None
) -> None:
    state = overwritten.folder / ".goodword"
    cut_off(state / FILE)
    (state / SPARE).write_bytes(spare) if spare is not None else (state / SPARE).unlink()
    left = (state / FILE).read_bytes()
    with pytest.raises(SourceError, match="damaged") as stopped:
        overwritten.pull()
    assert "do not ask" in stopped.value.hint
    assert (state / FILE).read_bytes() == left


@pytest.mark.promise("versions.newer")
@pytest.mark.parametrize("kept", [FILE, SPARE])
def test_a_register_of_a_newer_version_is_left_as_it_is(overwritten: Any, kept: str) -> None:
    state = overwritten.folder / ".goodword"
    newer = (state / kept).read_bytes().replace(b'"version": 2', b'"version": 3')
    assert b'"version": 3' in newer
    (state / FILE).unlink()
    (state / kept).write_bytes(newer)
    for _ in range(2):
        with pytest.raises(SourceError, match="newer goodword") as stopped:
            overwritten.pull()
    assert "Update" in stopped.value.hint
    assert (state / kept).read_bytes() == newer


def test_who_was_forgotten_is_in_no_register_and_stays_out_after_damage(overwritten: Any) -> None:
    folder = (overwritten.folder / ".goodword" / FILE).parent
    cut_off(overwritten.folder / ".goodword" / FILE)
    overwritten.pull()
    assert (folder / "people.txt.damaged").exists()
    overwritten.open("20261121-090000-aaaa").forget("ida@x.example")
    assert [each.name for each in folder.iterdir() if b"ida@" in each.read_bytes()] == []
    cut_off(overwritten.folder / ".goodword" / FILE)
    assert set(ids(overwritten.pull())) == {"Nora Quill", "Tom Reyes"}


texts = st.text(st.characters(codec=None), max_size=12)


@given(st.lists(texts.map(lambda text: f"id{text}"), unique=True, max_size=5), st.booleans())
def test_any_id_is_read_as_it_was_written(tmp_path: Path, given_ids: list[str], ours: bool) -> None:
    people = People.of(
        Known(one, f"{n:016x}", refused="x" * (n % 2)) for n, one in enumerate(given_ids)
    )
    assert list(people.ids()) == given_ids == list(people.by_id())
    register = Register(b"s" * 16, people, ours, "2026-11-20", frozenset({"aa"}))
    save_register(tmp_path, register)
    assert read_register(tmp_path) == register


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", "\t", '"', "\\", "\x85", "\u2028"])
def test_an_odd_sign_in_one_id_costs_nobody_else(tmp_path: Path, sign: str) -> None:
    people = People.of((Known(f"a{sign}b", "01"), Known("c", "02", refused="x")))
    save_register(tmp_path, Register(b"s" * 16, people))
    assert read_register(tmp_path).people == people


def test_people_are_counted_as_known_new_and_missing() -> None:
    people = People.of((Known("a", "1"), Known("b", "2"), Known("c", "3", gone="2026-01-01")))
    register = Register(b"s" * 16, people)
    assert register.compared(["a", "d"]) == (1, 1, 1)
    assert register.compared({"a", "b", "c"}) == (3, 0, 0)
    assert new_register().compared(["a"]) == (0, 1, 0)
