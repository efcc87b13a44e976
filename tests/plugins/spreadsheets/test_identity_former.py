"""What a list said of a person before still tells who they are: after a correction, and undone."""

from __future__ import annotations

import csv
import io
import json
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword_csv.rows.contact_rows import read_list
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.register import FILE, SPARE, Register, read_register, save_register
from goodword_csv.rows.roll_call import Roll
from goodword_csv.rows.sources import read_sheets
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.settings import CsvSettings

Lay = Callable[..., Any]
Make = Callable[..., Any]
TODAY = date(2026, 11, 20)
HEADER = ("Name", "Email", "Phone", "Town", "Goodword id", "Goodword do not ask")
FIELDS = {"name": "Name", "email": "Email", "phone": "Phone", "city": "Town"}
SOURCE = {"file": "people.csv", "kind": "contacts", "write": True, "columns": FIELDS}
SETTINGS = CsvSettings.model_validate({"region": "GB", "sources": [SOURCE]})
OSRIC = ("Osric Lindqvist", "osric@x.example", "0117 496 0101", "")
LATER = ("Osric Lindqvist", "osric@x.example", "0117 496 0777", "")
LAST = ("Osric Lindqvist", "o.lindqvist@y.example", "0117 496 0777", "Hull")
OTHER = ("Ida Brandt", "ida@x.example", "0117 496 0102", "Bonn")


def read(folder: Path, rows: Sequence[Sequence[str]], known: Register | None = None) -> Roll:
    """Read a list after another one; *rows* may be longer with our columns in them."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADER[: len(rows[0])], *rows])
    (folder / "people.csv").write_text(out.getvalue(), "utf-8", newline="")
    (sheet,) = read_sheets(SETTINGS, folder)
    return read_list(TypedRows(sheet, SETTINGS, Notices()), Notices(), known, TODAY).roll


def corrected(folder: Path, *after: Sequence[str]) -> Register:
    """Read Osric as he was, and then each correction of his row."""
    known = read(folder, [OSRIC, OTHER]).register
    for row in (LATER, LAST, *after):
        roll = read(folder, [row, OTHER], known)
        assert roll.ids[0] == OSRIC[1]
        known = roll.register
    return known


@pytest.mark.promise("ours.do-not-ask")
def test_who_refused_and_was_corrected_is_known_in_an_older_export(desk: Lay, fields: Make) -> None:
    def listed(row: Sequence[str]) -> str:
        return "\n".join(map(",".join, (HEADER[:4], row, OTHER))) + "\n"

    firm = desk({"people.csv": listed(OSRIC)})
    path = firm.folder / "people.csv"
    firm.pull()
    firm.open().write([fields(one, stage="buy") for one in (OSRIC[1], OTHER[1])])
    for column, value in ((-1, "never"), (2, LAST[2]), (1, LAST[1])):
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
        rows[1][column] = value
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        assert firm.pull().people()["Osric Lindqvist"]["do_not_ask"] is True
    path.write_text(listed(OSRIC))
    heard = firm.pull()
    assert heard.contact("Osric Lindqvist") == OSRIC[1]
    assert heard.people()["Osric Lindqvist"]["do_not_ask"] is True
    (told,) = [notice for notice in heard.notices if notice.startswith("fresh")]
    assert "2 people are known, 0 new, 0 missing" in told


@pytest.mark.parametrize(
    "back",
    [
        OSRIC,
        ("Osric Lindqvist", "osric@x.example", "", ""),
        ("osric LINDQVIST", "", "0117 496 0101", "York"),
        ("Osric Lindqvist", "osric@x.example", "0117 496 0555", "York"),
    ],
)
def test_the_name_with_a_former_address_or_number_is_the_person(
    tmp_path: Path, back: Sequence[str]
) -> None:
    known = corrected(tmp_path)
    for rows in ([back, OTHER], [OTHER, back]):
        roll = read(tmp_path, rows, known)
        assert roll.ids[rows.index(back)] == OSRIC[1]
        assert read(tmp_path, rows, roll.register).ids == roll.ids


@pytest.mark.parametrize(
    "other",
    [
        ("Bea Holm", "osric@x.example", "0117 496 0101", ""),
        ("Osric Holm", "osric@x.example", "", ""),
        ("", "osric@x.example", "0117 496 0101", ""),
        ("Osric Lindqvist", "another@z.example", "0161 496 0999", "York"),
    ],
)
def test_a_former_address_without_the_name_is_somebody_new(
    tmp_path: Path, other: Sequence[str]
) -> None:
    assert read(tmp_path, [other, OTHER], corrected(tmp_path)).ids[0] != OSRIC[1]


def test_the_name_and_former_marks_say_more_than_who_has_them_now(tmp_path: Path) -> None:
    heir = ("Bea Holm", "osric@x.example", "0117 496 0101", "")
    roll = read(tmp_path, [LAST, heir, OTHER], corrected(tmp_path))
    back = read(tmp_path, [OSRIC, OTHER], roll.register)
    assert back.ids[0] == roll.ids[0] == OSRIC[1]


def test_of_two_of_one_name_who_has_the_address_now_is_meant(tmp_path: Path) -> None:
    namesake = ("Osric Lindqvist", "osric@x.example", "", "")
    roll = read(tmp_path, [LAST, namesake, OTHER], corrected(tmp_path))
    assert roll.ids[1] != roll.ids[0] == OSRIC[1]
    moved = ("Osric Lindqvist", "osric@x.example", "", "Perth")
    assert read(tmp_path, [moved, OTHER], roll.register).ids[0] == roll.ids[1]


def test_of_two_rows_that_were_the_person_once_neither_is(tmp_path: Path) -> None:
    known = corrected(tmp_path)
    twins = [("Osric Lindqvist", "osric@x.example", "", town) for town in ("Perth", "York")]
    for rows in (twins, twins[::-1]):
        assert OSRIC[1] not in read(tmp_path, [*rows, OTHER], known).ids


def test_a_former_address_is_found_among_many_of_one_name(tmp_path: Path) -> None:
    first = [("Ann Lee", f"a{n}@x.example", f"0117 496 01{n}", "") for n in range(10, 50)]
    roll = read(tmp_path, first)
    later = [(name, email.replace("a", "b"), number, "") for name, email, number, _ in first]
    after = read(tmp_path, later, roll.register)
    assert after.ids == roll.ids
    back = [(name, email, "", "") for name, email, *_ in first]
    assert read(tmp_path, back, after.register).ids == roll.ids


def test_only_a_few_former_marks_are_kept_and_none_of_what_holds_now(tmp_path: Path) -> None:
    known = corrected(tmp_path, OSRIC, LAST, OSRIC, LAST)
    (osric,) = [one for one in known.people if one.id == OSRIC[1]]
    assert [len(osric.emails.split()), len(osric.phones.split())] == [1, 1]
    assert len(set(osric.reached())) == 4
    many = [(OSRIC[0], f"o{n}@x.example", LAST[2], "Hull") for n in range(20)]
    known = corrected(tmp_path, *many)
    (osric,) = [one for one in known.people if one.id == OSRIC[1]]
    assert len(osric.emails.split()) == 5
    assert read(tmp_path, [(*many[-3][:2], "", "Oslo"), OTHER], known).ids[0] == OSRIC[1]
    assert read(tmp_path, [(*many[0][:2], "", "Oslo"), OTHER], known).ids[0] != OSRIC[1]


def test_many_addresses_do_not_push_out_the_one_number(tmp_path: Path) -> None:
    many = [(OSRIC[0], f"o{n}@x.example", LAST[2], "Hull") for n in range(20)]
    known = corrected(tmp_path, *many)
    back = (OSRIC[0], "new@z.example", OSRIC[2], "Oslo")
    assert read(tmp_path, [back, OTHER], known).ids[0] == OSRIC[1]


def test_who_was_forgotten_stays_out_of_an_older_export_and_leaves_no_former_mark(
    tmp_path: Path,
) -> None:
    known = corrected(tmp_path)
    (osric,) = [one for one in known.people if one.id == OSRIC[1]]
    save_register(tmp_path, known.without(OSRIC[1]))
    for kept in (FILE, SPARE):
        text = (tmp_path / kept).read_text()
        assert not [mark for mark in osric.reached() if mark in text]
    roll = read(tmp_path, [OSRIC, OTHER], read_register(tmp_path))
    assert roll.ids == [None, OTHER[1]]


def as_before(path: Path) -> bytes:
    """Write a register the way goodword did before it knew former marks."""
    head, _, body = path.read_bytes().partition(b"\n")
    lines = body.decode().split("\n")[:-1]
    body = "".join("\t".join(line.split("\t")[:9]) + "\n" for line in lines).encode()
    said = json.loads(head) | {"version": 1, "crc32": zlib.crc32(body)}
    path.write_bytes(json.dumps(said).encode() + b"\n" + body)
    return path.read_bytes()


@pytest.mark.promise("versions.upgrade")
def test_a_register_of_the_version_before_is_read_as_it_is(tmp_path: Path) -> None:
    rows = [(*OSRIC, "", "x"), (*OTHER, "", "")]
    known = read(tmp_path, rows).register
    save_register(tmp_path, known)
    old = [as_before(tmp_path / kept) for kept in (FILE, SPARE)]
    assert read_register(tmp_path) == known
    assert read_register(tmp_path).lost == ""
    assert [(tmp_path / kept).read_bytes() for kept in (FILE, SPARE)] == old
    (tmp_path / FILE).unlink()
    assert [one.id for one in read_register(tmp_path).people] == [OSRIC[1]]


def test_a_register_with_former_marks_is_no_damage_to_the_version_before(tmp_path: Path) -> None:
    save_register(tmp_path, corrected(tmp_path))
    for kept in (FILE, SPARE):
        head = json.loads((tmp_path / kept).read_bytes().partition(b"\n")[0])
        assert head["version"] == 2  # so an older goodword asks for an update


CELLS = [
    ("Nora Quill", "nora@x.example", "", "Leeds"),
    ("Nils Berg", "nils@x.example", "", "Hull"),
]


def test_an_unknown_id_that_two_rows_show_is_nobodys(tmp_path: Path) -> None:
    for rows in (CELLS, CELLS[::-1]):
        roll = read(tmp_path, [(*row, "old@x.example") for row in rows])
        assert roll.ids == [row[1] for row in rows]


def test_an_unknown_id_that_two_rows_show_is_theirs_who_have_the_address(tmp_path: Path) -> None:
    for rows in (CELLS, CELLS[::-1]):
        roll = read(tmp_path, [(*row, "nils@x.example") for row in rows])
        assert roll.ids == [row[1] for row in rows]


def test_two_rows_that_share_an_address_and_show_it_as_id_get_theirs_in_any_order(
    tmp_path: Path,
) -> None:
    rows = [(name, "us@x.example", "", town, "us@x.example") for name, _, _, town in CELLS]
    one = read(tmp_path, rows).ids
    assert read(tmp_path, rows[::-1]).ids == one[::-1]
    assert len(set(one)) == 2


NAMES = ("Nora Quill", "Ida Brandt", "Tom Reyes", "Ada Holm", "Nils Berg", "Eva Lund")
person = st.tuples(
    st.sampled_from(["n@x.example", "i@x.example", "t@x.example", "family@x.example", ""]),
    st.sampled_from(["", "0117 496 0101", "0117 496 0102", "0117 496 0103"]),
    st.sampled_from(["", "Leeds", "Bonn"]),
).filter(lambda keys: any(keys[:2]))
lists = st.lists(person, min_size=1, max_size=6).map(
    lambda rows: [[name, *keys] for name, keys in zip(NAMES, rows, strict=False)]
)


@given(lists, st.permutations([1, 2]), st.data())
def test_correcting_address_and_number_and_taking_it_back_keeps_everybody(
    tmp_path: Path, rows: list[list[str]], columns: list[int], data: Any
) -> None:
    roll = read(tmp_path, rows)
    whose = data.draw(st.sets(st.sampled_from(range(len(rows))), min_size=1), "corrected")
    now, known = [list(row) for row in rows], roll.register
    for column in columns:
        for place in whose:
            now[place][column] = (f"new{place}@x.example", f"0161 496 099{place}")[column - 1]
        after = read(tmp_path, now, known)
        assert after.ids == roll.ids
        known = after.register
    order = data.draw(st.permutations(range(len(rows))), "order")
    back = read(tmp_path, [rows[i] for i in order], known)
    assert list(back.ids) == [roll.ids[i] for i in order]
    assert read(tmp_path, now, back.register).ids == roll.ids


@pytest.mark.long
def test_twenty_thousand_people_are_known_by_their_former_marks_at_once(tmp_path: Path) -> None:
    count = range(20_000)
    first = [("Ann Lee", f"a{n}@x.example", f"0117 4{n:06}", f"Town {n}") for n in count]
    later = [("Ann Lee", f"b{n}@x.example", row[2], row[3]) for n, row in enumerate(first)]
    roll = read(tmp_path, first)
    known = read(tmp_path, later, roll.register).register
    start = time.process_time()
    back = [(name, email, "", "") for name, email, *_ in first]
    assert read(tmp_path, back, known).ids == roll.ids
    assert time.process_time() - start < 30
