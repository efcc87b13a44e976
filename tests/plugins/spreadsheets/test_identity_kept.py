"""People stay who they are: over corrections, sorted columns, copied rows and fresh exports."""

from __future__ import annotations

import csv
import io
import stat
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword_csv.rows.contact_rows import read_list
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.register import FILE, Register, read_register
from goodword_csv.rows.sources import read_sheets
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.settings import CsvSettings

Lay = Callable[..., Any]
Make = Callable[..., Any]
TODAY = date(2026, 11, 20)
PEOPLE = """\
Name,Email,Phone,Town
Nora Quill,nora@x.example,0117 496 0101,Leeds
Ida Brandt,ida@x.example,0117 496 0102,Bonn
Tom Reyes,tom@x.example,0117 496 0103,York
"""


def table(firm: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO((firm.folder / "people.csv").read_text("utf-8"))))


def save(firm: Any, rows: Sequence[Sequence[str]]) -> None:
    with (firm.folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def change(firm: Any, before: str, after: str) -> None:
    path = firm.folder / "people.csv"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def ids(heard: Any) -> dict[str, str]:
    return {str(row["name"]): str(row["contact_id"]) for row in heard.tables["contacts"]}


def refused(heard: Any) -> set[str]:
    return {str(row["name"]) for row in heard.tables["contacts"] if row["do_not_ask"]}


@pytest.fixture
def firm(desk: Lay) -> Any:
    return desk({"people.csv": PEOPLE})


@pytest.fixture
def written(firm: Any, fields: Make) -> Any:
    """The same firm after a first write: everybody has our columns."""
    heard = firm.pull()
    firm.open().write([fields(one, stage="buy", score=10) for one in ids(heard).values()])
    return firm


def test_our_id_is_the_first_of_our_columns_and_filled_where_we_write(
    firm: Any, fields: Make
) -> None:
    firm.open().write([fields("ida@x.example", stage="buy")])
    header, nora, ida, _ = table(firm)
    assert header[4:6] == ["Goodword id", "Goodword stage"]
    assert (nora[4], ida[4]) == ("", "ida@x.example")


def test_a_list_with_ids_of_its_own_gets_none_of_ours(desk: Lay, fields: Make) -> None:
    firm = desk({"people.csv": "Customer no,Name,Email\n7,Nora,n@x.example\n8,Ida,i@x.example\n"})
    firm.open().write([fields("7", stage="buy")])
    assert table(firm)[0][3] == "Goodword stage"


def test_our_id_goes_with_the_last_of_our_fields(written: Any, fields: Make) -> None:
    written.open("20261121-090000-aaaa").write([fields("ida@x.example", stage=None)])
    assert table(written)[2][4] == "ida@x.example"
    written.open("20261122-090000-aaaa").write([fields("ida@x.example", score=None)])
    assert table(written)[2][4] == ""


CORRECTIONS = [
    ("nora@x.example", "nora.quill@x.example"),
    ("0117 496 0101", "0117 496 0199"),
    ("Nora Quill", "Nora Brandt"),
    ("Leeds", "Hull"),
]


@pytest.mark.parametrize(("before", "after"), CORRECTIONS)
@pytest.mark.parametrize("shown", [True, False], ids=["with our id", "before the first write"])
def test_a_correction_keeps_the_person(
    firm: Any, fields: Make, before: str, after: str, shown: bool
) -> None:
    known = set(ids(firm.pull()).values())
    if shown:
        firm.open().write([fields(one, stage="buy") for one in known])
        rows = table(firm)
        rows = [[cell.replace(before, after) for cell in row[:4]] + row[4:] for row in rows]
        save(firm, rows)
    else:
        change(firm, before, after)
    assert set(ids(firm.pull()).values()) == known
    assert set(ids(firm.pull()).values()) == known


def test_one_correction_after_another_keeps_the_person(firm: Any) -> None:
    known = ids(firm.pull())["Nora Quill"]
    for before, after in CORRECTIONS:
        change(firm, before, after)
        heard = firm.pull()
        assert known in ids(heard).values()
    assert ids(heard)["Nora Brandt"] == known


def test_sorting_only_some_columns_hands_nobody_anothers_place(written: Any) -> None:
    before = ids(written.pull())
    rows = table(written)
    theirs = [row[:4] for row in rows[1:]][::-1]  # ours stay where they are
    save(written, [rows[0], *(a + b[4:] for a, b in zip(theirs, rows[1:], strict=True))])
    heard = written.pull()
    assert ids(heard) == before
    assert any("moved: people.csv: 2 rows" in notice for notice in heard.notices)


def test_a_refusal_that_sorting_moved_to_another_row_holds_for_both(
    written: Any, fields: Make
) -> None:
    rows = table(written)
    rows[1][-1] = "x"  # Nora
    save(written, rows)
    assert refused(written.pull()) == {"Nora Quill"}
    theirs = [row[:4] for row in rows[1:]][::-1]
    save(written, [rows[0], *(a + b[4:] for a, b in zip(theirs, rows[1:], strict=True))])
    assert refused(written.pull()) == {"Nora Quill", "Tom Reyes"}
    everybody = ids(written.pull()).values()
    written.open("20261121-090000-aaaa").write([fields(one, stage="stay") for one in everybody])
    heard = written.pull()
    assert refused(heard) == {"Nora Quill", "Tom Reyes"}
    assert not any(notice.startswith("moved") for notice in heard.notices)


def test_a_copied_row_with_another_name_is_another_person(written: Any) -> None:
    before = ids(written.pull())
    rows = table(written)
    copy = ["Nils Quill", "nils@x.example", "", "Leeds", *rows[1][4:]]
    save(written, [rows[0], copy, *rows[1:]])
    heard = written.pull()
    assert ids(heard) == before | {"Nils Quill": "nils@x.example"}
    assert any("copied: people.csv: 1 row" in n and "line 2" in n for n in heard.notices)


def test_a_copied_row_that_keeps_the_number_is_still_another_person(written: Any) -> None:
    before = ids(written.pull())
    rows = table(written)
    copy = ["Nils Quill", "nils@x.example", "0117 496 0101", "Leeds", *rows[1][4:]]
    save(written, [rows[0], copy, *rows[1:]])
    after = ids(written.pull())
    assert {name: after[name] for name in before} == before
    assert after["Nils Quill"] not in before.values()


def test_an_inserted_row_and_a_deleted_one_change_nobody_else(written: Any) -> None:
    before = ids(written.pull())
    rows = table(written)
    new = ["Ada Holm", "ada@x.example", "0117 496 0109", "Bonn", *[""] * 7]
    save(written, [rows[0], new, rows[1], rows[3]])
    after = ids(written.pull())
    assert after == {
        "Ada Holm": "ada@x.example",
        "Nora Quill": before["Nora Quill"],
        "Tom Reyes": before["Tom Reyes"],
    }


def test_who_comes_back_is_the_same_person(firm: Any) -> None:
    change(firm, "nora@x.example", "nora.quill@x.example")
    known = ids(firm.pull())["Nora Quill"]
    rows = table(firm)
    save(firm, [rows[0], *rows[2:]])
    assert "Nora Quill" not in ids(firm.pull())
    rows[1][1] = "nora@y.example"
    save(firm, rows)
    assert ids(firm.pull())["Nora Quill"] == known


def test_an_address_somebody_gave_up_does_not_make_the_next_one_them(firm: Any) -> None:
    known = ids(firm.pull())["Nora Quill"]
    change(firm, "nora@x.example", "nora.quill@x.example")
    assert ids(firm.pull())["Nora Quill"] == known == "nora@x.example"
    rows = [*table(firm), ["Nora Ames", "nora@x.example", "0117 496 0177", "Hull"]]
    save(firm, rows)
    after = ids(firm.pull())
    assert after["Nora Quill"] == known
    assert after["Nora Ames"] != known


def test_somebody_new_of_the_same_name_is_somebody_new(firm: Any) -> None:
    known = ids(firm.pull())["Nora Quill"]
    rows = table(firm)
    rows[1] = ["Nora Quill", "nq@y.example", "0161 496 0555", "Perth"]
    save(firm, rows)
    assert ids(firm.pull())["Nora Quill"] != known


@pytest.mark.promise("ours.do-not-ask")
def test_a_fresh_export_in_place_of_the_list_keeps_everybody_and_every_refusal(
    written: Any, fields: Make
) -> None:
    rows = table(written)
    rows[2][-1] = "never, please"  # Ida
    save(written, rows)
    assert refused(written.pull()) == {"Ida Brandt"}
    fresh = PEOPLE.replace("Tom Reyes,tom@x.example,0117 496 0103,York\n", "")
    fresh = (
        fresh.replace("ida@x.example", "ida.brandt@x.example") + "Ada Holm,ada@x.example,,Bonn\n"
    )
    (written.folder / "people.csv").write_text(fresh)
    heard = written.pull()
    assert refused(heard) == {"Ida Brandt"}
    assert ids(heard)["Ida Brandt"] == "ida@x.example"
    (told,) = [notice for notice in heard.notices if notice.startswith("fresh")]
    assert "2 people are known, 1 new, 1 missing" in told
    assert refused(written.pull()) == {"Ida Brandt"}
    written.open("20261121-090000-aaaa").write([fields("nora@x.example", stage="buy")])
    header, nora, ida, _ = table(written)
    at = header.index("Goodword do not ask")
    assert (nora[at], ida[at]) == ("", "x")
    assert refused(written.pull()) == {"Ida Brandt"}


@pytest.mark.parametrize(
    ("said", "asked"), [("never", False), ("unsubscribed", False), ("No", True)]
)
def test_only_a_plain_no_lets_somebody_be_asked(written: Any, said: str, asked: bool) -> None:
    rows = table(written)
    rows[2][-1] = said
    save(written, rows)
    assert refused(written.pull()) == (set() if asked else {"Ida Brandt"})


def test_a_refusal_taken_out_by_hand_is_out(written: Any) -> None:
    rows = table(written)
    rows[2][-1] = "x"
    save(written, rows)
    assert refused(written.pull()) == {"Ida Brandt"}
    rows[2][-1] = ""
    save(written, rows)
    assert refused(written.pull()) == set()


def test_who_comes_back_to_the_list_is_still_not_asked(written: Any) -> None:
    rows = table(written)
    rows[2][-1] = "x"
    save(written, rows)
    written.pull()
    save(written, [rows[0], rows[1], rows[3]])
    written.pull()
    save(written, [rows[0], rows[1], rows[3], [*rows[2][:4], *[""] * 7]])
    for _ in range(3):
        assert refused(written.pull()) == {"Ida Brandt"}


def test_a_lost_register_is_made_anew_from_the_list(written: Any) -> None:
    rows = table(written)
    rows[1][1] = "nora.quill@x.example"
    save(written, rows)
    before = ids(written.pull())
    for damage in (b"", b"{}\nx\n", b"\xff\xfe\0", None):
        path = written.folder / ".goodword" / FILE
        path.unlink() if damage is None else path.write_bytes(damage)
        assert ids(written.pull()) == before
        assert len(read_register(written.folder / ".goodword").people) == 3


def test_the_register_is_private_and_names_nobody(firm: Any) -> None:
    change(firm, "nora@x.example", "")
    firm.pull()
    path = firm.folder / ".goodword" / FILE
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text().lower()
    assert not [word for word in ("quill", "brandt", "4960101", "leeds") if word in text]


def test_who_was_forgotten_leaves_nothing_in_the_register_and_does_not_come_back(
    written: Any,
) -> None:
    rows = table(written)
    rows[1][1] = "nora.quill@x.example"
    save(written, rows)
    written.pull()
    written.open("20261121-090000-aaaa").forget("nora@x.example")
    register = written.folder / ".goodword" / FILE
    assert "nora" not in register.read_text()
    assert table(written)[1][4] == ""
    for email in ("nora.quill@x.example", "another@x.example"):
        rows = table(written)
        rows[1][1] = email
        save(written, rows)
        assert set(ids(written.pull())) == {"Ida Brandt", "Tom Reyes"}
    assert "nora" not in register.read_text()


NAMES = ("Nora Quill", "Ida Brandt", "Tom Reyes", "Ada Holm", "Nils Berg", "Eva Lund")
person = st.tuples(
    st.sampled_from(["n@x.example", "i@x.example", "t@x.example", "family@x.example", ""]),
    st.sampled_from(["", "0117 496 0101", "0117 496 0102", "0117 496 0103"]),
    st.sampled_from(["", "Leeds", "Bonn"]),
).filter(lambda keys: any(keys[:2]))
lists = st.lists(person, min_size=1, max_size=6).map(
    lambda rows: [[name, *keys] for name, keys in zip(NAMES, rows, strict=False)]
)
SETTINGS = CsvSettings.model_validate(
    {
        "region": "GB",
        "sources": [
            {
                "file": "people.csv",
                "kind": "contacts",
                "write": True,
                "columns": {"name": "Name", "email": "Email", "phone": "Phone", "city": "Town"},
            }
        ],
    }
)


def roll(
    folder: Path, rows: Sequence[Sequence[str]], known: Register | None = None
) -> tuple[list[str | None], Register]:
    """The ids of a list read after another one, and who is known then."""
    out = io.StringIO()
    header = ["Name", "Email", "Phone", "Town", "Goodword id"][: len(rows[0])]
    csv.writer(out).writerows([header, *rows])
    (folder / "people.csv").write_text(out.getvalue(), "utf-8", newline="")
    (sheet,) = read_sheets(SETTINGS, folder)
    found = read_list(TypedRows(sheet, SETTINGS, Notices()), Notices(), known, TODAY).roll
    return list(found.ids), found.register


@given(lists, st.data())
def test_one_changed_cell_and_any_order_keep_everybody(
    tmp_path: Path, rows: list[list[str]], data: Any
) -> None:
    ids, known = roll(tmp_path, rows)
    place = data.draw(st.integers(0, len(rows) - 1), "row")
    column, value = data.draw(
        st.sampled_from(
            [(0, "Zoe Frost"), (1, "z@x.example"), (1, "family@x.example"), (2, "0117 496 0999")]
        ),
        "change",
    )
    shown = data.draw(st.booleans(), "with our id")
    after = [[*row, str(one)] if shown else list(row) for row, one in zip(rows, ids, strict=True)]
    if column == 0 and not shown and not rows[place][1]:
        value = f"Zoe {rows[place][0].split()[1]}"  # a number alone says little of another name
    after[place][column] = value
    order = data.draw(st.permutations(range(len(rows))), "order")
    found, register = roll(tmp_path, [after[i] for i in order], known)
    assert found == [ids[i] for i in order]
    assert roll(tmp_path, [after[i] for i in order], register)[0] == found


@given(lists, st.data())
def test_our_columns_in_any_order_beside_theirs_change_nobody(
    tmp_path: Path, rows: list[list[str]], data: Any
) -> None:
    ids, known = roll(tmp_path, rows)
    cells = data.draw(st.permutations([str(one) for one in ids]))
    beside = [[*row, cell] for row, cell in zip(rows, cells, strict=True)]
    assert roll(tmp_path, beside, known)[0] == ids


@given(lists, lists)
def test_no_two_different_rows_are_ever_one_person(
    tmp_path: Path, before: list[list[str]], after: list[list[str]]
) -> None:
    _, known = roll(tmp_path, before)
    ids, _ = roll(tmp_path, after, known)
    assert len(set(ids)) == len(after)
