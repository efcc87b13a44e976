"""Who only looks like somebody known is somebody new; nobody is taken for them by chance."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from goodword_csv.rows.contact_rows import read_list
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.register import Register
from goodword_csv.rows.roll_call import Roll
from goodword_csv.rows.sources import read_sheets
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.settings import CsvSettings

HEADER = ("Name", "Email", "Phone", "Town", "Goodword id", "Goodword do not ask")
FIELDS = {"name": "Name", "email": "Email", "phone": "Phone", "city": "Town"}
SOURCE = {"file": "people.csv", "kind": "contacts", "write": True, "columns": FIELDS}
SETTINGS = CsvSettings.model_validate({"region": "GB", "sources": [SOURCE]})
NORA = ("Nora Quill", "nora@x.example", "0117 496 0101", "Leeds")
LAST = ("Last Of All", "last@x.example", "0117 496 0999", "Hull")


def read(folder: Path, rows: Sequence[Sequence[str]], known: Register | None = None) -> Roll:
    """Read a list after another one; *rows* may be longer with our columns in them."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADER[: len(rows[0])], *rows])
    (folder / "people.csv").write_text(out.getvalue(), "utf-8", newline="")
    (sheet,) = read_sheets(SETTINGS, folder)
    today = date(2026, 11, 20)
    return read_list(TypedRows(sheet, SETTINGS, Notices()), Notices(), known, today).roll


def becomes(folder: Path, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether somebody of the first list is taken for somebody of the next one."""
    first = read(folder, [before, LAST])
    return read(folder, [after, LAST], first.register).ids[0] == first.ids[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            ("Maria Garcia", "m1@x.example", "", "Madrid"),
            ("Maria Garcia", "m2@x.example", "", "Berlin"),
        ),
        (
            ("Maria Garcia", "", "0117 496 0101", "Madrid"),
            ("Maria Garcia", "m2@x.example", "", "Berlin"),
        ),
        (
            ("Alice Marsh", "", "0117 496 0100", "Leeds"),
            ("Bob Stone", "", "0117 496 0100", "Leeds"),
        ),
        (
            ("Alice Marsh", "a@x.example", "0117 496 0100", ""),
            ("Bob Stone", "", "0117 496 0100", ""),
        ),
        (("Dr Alice Marsh", "", "0117 496 0100", ""), ("Dr. Bob Stone", "", "0117 496 0100", "")),
        (
            ("Ann van der Aa", "", "0117 496 0100", ""),
            ("Bob van der Berg", "", "0117 496 0100", ""),
        ),
        (("Alice Marsh", "", "0117 496 0100", ""), ("", "", "0117 496 0100", "")),
        (
            ("Nora Quill", "", "0117 496 0101", "Leeds"),
            ("Nora Brandt", "", "0117 496 0101", "Hull"),
        ),
    ],
)
def test_somebody_else_of_the_same_name_or_number_is_somebody_new(
    tmp_path: Path, before: Sequence[str], after: Sequence[str]
) -> None:
    assert not becomes(tmp_path, before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            ("Maria Garcia", "m1@x.example", "", "Madrid"),
            ("Maria Garcia", "m2@x.example", "", "Madrid"),
        ),
        (("Maria Garcia", "m1@x.example", "", ""), ("Maria Garcia", "m2@x.example", "", "Madrid")),
        (
            ("Maria Garcia", "m1@x.example", "", "Madrid"),
            ("Marta Garcia", "m1@x.example", "", "Berlin"),
        ),
        (
            ("Nora Quill", "", "0117 496 0101", "Leeds"),
            ("Nora Brandt", "", "0117 496 0101", "Leeds"),
        ),
        (("Nora Quill", "", "0117 496 0101", ""), ("QUILL, N.", "", "0117 496 0101", "")),
        (("Nora Quill", "", "0117 496 0101", "Leeds"), ("Nora Quill", "", "0117 496 0101", "Hull")),
        (("", "", "0117 496 0101", ""), ("Nora Quill", "", "0117 496 0101", "")),
        (("", "n1@x.example", "0117 496 0101", ""), ("", "n2@x.example", "0117 496 0101", "")),
    ],
)
def test_one_thing_corrected_is_the_same_person(
    tmp_path: Path, before: Sequence[str], after: Sequence[str]
) -> None:
    assert becomes(tmp_path, before, after)


def test_our_id_cell_lets_a_number_be_enough(tmp_path: Path) -> None:
    first = read(tmp_path, [("Alice Marsh", "", "0117 496 0100", "Leeds"), LAST])
    id_of, last = (str(one) for one in first.ids)
    after = [("Alicia Stone", "", "0117 496 0100", "Hull", id_of), (*LAST, last)]
    assert read(tmp_path, after, first.register).ids[0] == id_of


TWINS = [
    ("Nora Quill", "nora@x.example", "0117 496 0101", "Hull"),
    ("Nora Quill", "nora@x.example", "0117 496 0101", "York"),
]


def test_of_two_rows_that_fit_as_well_neither_is_the_person(tmp_path: Path) -> None:
    first = read(tmp_path, [NORA, LAST])
    for rows in (TWINS, TWINS[::-1]):
        after = read(tmp_path, [*rows, LAST], first.register)
        assert first.ids[0] not in after.ids
        assert after.ids[2] == first.ids[1]
        assert len(set(after.ids)) == 3


def test_of_two_rows_that_fit_as_well_the_one_with_our_id_is_the_person(tmp_path: Path) -> None:
    first = read(tmp_path, [NORA, LAST])
    nora = str(first.ids[0])
    for number, twin in enumerate(TWINS):
        rows = [(*each, nora if each is twin else "") for each in TWINS]
        assert read(tmp_path, rows, first.register).ids[number] == nora


def test_of_two_rows_that_fit_as_well_the_one_with_the_address_is_the_person(
    tmp_path: Path,
) -> None:
    nora = ("Nora Quill", "nora@x.example", "0117 496 0101", "Leeds")
    first = read(tmp_path, [nora, LAST])
    by_address = ("Eva Lund", "nora@x.example", "", "")
    by_rest = ("Nora Lund", "", "0117 496 0101", "Leeds")
    for rows in ([by_address, by_rest], [by_rest, by_address]):
        after = read(tmp_path, rows, first.register)
        assert after.ids[rows.index(by_address)] == first.ids[0]
        assert after.ids[rows.index(by_rest)] != first.ids[0]


@pytest.mark.promise("ours.do-not-ask")
def test_where_nobody_can_tell_who_refused_none_of_them_is_asked(tmp_path: Path) -> None:
    first = read(tmp_path, [(*NORA, "", "x"), (*LAST, "", "")])
    register = first.register
    for _ in range(2):
        after = read(tmp_path, [*TWINS, LAST], register)
        assert after.remembered == {after.ids[0], after.ids[1]}
        register = after.register


@pytest.mark.promise("ours.do-not-ask")
def test_who_may_be_one_of_two_that_refused_is_not_asked(tmp_path: Path) -> None:
    others = [
        ("Nora Quill", "a@x.example", "", "", "", "x"),
        ("Nora Quill", "b@x.example", "", "", "", ""),
    ]
    first = read(tmp_path, others)
    after = read(tmp_path, [("Nora Quill", "c@x.example", "", "")], first.register)
    assert after.ids[0] not in first.ids
    assert after.remembered == {after.ids[0]}


def test_twenty_thousand_rows_with_ids_that_are_not_known_are_read_at_once(tmp_path: Path) -> None:
    count = range(20_000)
    known = read(tmp_path, [(f"Ida Brandt {n}", f"i{n}@x.example", "", "Bonn") for n in count])
    rows = [(f"Nora Quill {n}", f"n{n}@x.example", "", "Leeds", f"old{n}@x.example") for n in count]
    assert read(tmp_path, rows, known.register).ids == [row[4] for row in rows]
