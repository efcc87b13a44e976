"""A "do not ask" stays with the person it is about, whatever is done to the list."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from goodword import Cursor
from goodword_csv.rows.register import FILE, SPARE

Lay = Callable[..., Any]
Make = Callable[..., Any]
Rows = list[list[str]]
MARK = "Goodword do not ask"
WITH_IDS = """\
Customer no,Name,Email,Phone,Town
101,Nora Quill,nora@x.example,0117 496 0101,Leeds
102,Ida Brandt,ida@x.example,0117 496 0102,Bonn
103,Tom Reyes,tom@x.example,0117 496 0103,York
104,Eva Lund,eva@x.example,0117 496 0104,Hull
105,Nils Berg,nils@x.example,0117 496 0105,Bath
"""
WITHOUT_IDS = "\n".join(line.split(",", 1)[1] for line in WITH_IDS.splitlines()) + "\n"
THEIRS = 5
"""Columns of the firm's own; ours stand to their right."""


def refused(heard: Any) -> set[str]:
    return {str(row["name"]) for row in heard.tables["contacts"] if row["do_not_ask"]}


def told(heard: Any, code: str) -> str:
    return "\n".join(each for each in heard.notices if each.startswith(f"{code}:"))


def rows_of(firm: Any) -> Rows:
    return list(csv.reader(io.StringIO((firm.folder / "people.csv").read_text("utf-8"))))


def save(firm: Any, rows: Rows) -> None:
    with (firm.folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def mark(firm: Any, name: str, word: str = "x") -> None:
    rows = rows_of(firm)
    at = rows[0].index(MARK)
    next(row for row in rows if name in row)[at] = word
    save(firm, rows)


def marked(firm: Any) -> set[str]:
    rows = rows_of(firm)
    at, name = rows[0].index(MARK), rows[0].index("Name")
    return {row[name] for row in rows[1:] if row[at]}


def written(desk: Lay, fields: Make, text: str) -> Any:
    """A firm in whose list our columns stand, each person's with other values."""
    firm = desk({"people.csv": text})
    everybody = firm.pull().tables["contacts"]
    batch = [fields(str(r["contact_id"]), stage="buy", why=f"about {r['name']}") for r in everybody]
    firm.open().write(batch)
    firm.pull()
    return firm


@pytest.fixture
def with_ids(desk: Lay, fields: Make) -> Any:
    """A firm with ids of its own, where Ida refused and goodword has read it."""
    firm = written(desk, fields, WITH_IDS)
    mark(firm, "Ida Brandt")
    assert refused(firm.pull()) == {"Ida Brandt"}
    return firm


@pytest.mark.promise("ours.do-not-ask")
def test_sorting_only_the_firms_own_columns_loses_no_refusal(with_ids: Any, fields: Make) -> None:
    header, *rows = rows_of(with_ids)
    theirs = sorted((row[:THEIRS] for row in rows), key=lambda row: row[3], reverse=True)
    save(with_ids, [header, *(new + old[THEIRS:] for new, old in zip(theirs, rows, strict=True))])
    assert "Ida Brandt" not in marked(with_ids)
    heard = with_ids.pull()
    assert "Ida Brandt" in refused(heard)
    assert refused(heard) == {"Ida Brandt"} | marked(with_ids)
    assert "still counts" in told(heard, "refused")
    with_ids.open("20261121-090000-aaaa").write([fields("101", stage="try")])
    assert "Ida Brandt" in marked(with_ids)
    assert "Ida Brandt" in refused(with_ids.pull())


def test_a_no_that_was_sorted_there_takes_nothing_back(desk: Lay, fields: Make) -> None:
    firm = written(desk, fields, WITH_IDS)
    for name in ("Nora Quill", "Tom Reyes", "Eva Lund", "Nils Berg"):
        mark(firm, name, "no")
    mark(firm, "Ida Brandt", "yes")
    assert refused(firm.pull()) == {"Ida Brandt"}
    header, *rows = rows_of(firm)
    theirs = sorted((row[:THEIRS] for row in rows), key=lambda row: row[3], reverse=True)
    save(firm, [header, *(new + old[THEIRS:] for new, old in zip(theirs, rows, strict=True))])
    for _ in range(2):
        assert "Ida Brandt" in refused(firm.pull())
    firm.open("20261121-090000-aaaa").write([fields("101", stage="try")])
    assert "Ida Brandt" in refused(firm.pull())
    mark(firm, "Ida Brandt", "no")
    assert "Ida Brandt" not in refused(firm.pull())


def test_sorting_names_without_the_ids_keeps_the_refusal_for_both(with_ids: Any) -> None:
    header, *rows = rows_of(with_ids)
    names = sorted((row[1:THEIRS] for row in rows), key=lambda row: row[2], reverse=True)
    mixed = [[r[0], *n, *r[THEIRS:]] for r, n in zip(rows, names, strict=True)]
    save(with_ids, [header, *mixed])
    heard = with_ids.pull()
    by_id = {str(row["contact_id"]): str(row["name"]) for row in heard.tables["contacts"]}
    assert refused(heard) == {"Ida Brandt", by_id["102"]}
    assert "id" in told(heard, "refused")


@pytest.mark.parametrize("whole", [True, False])
def test_renumbering_all_ids_loses_no_refusal(with_ids: Any, whole: bool) -> None:
    """Whether our columns are still there (whole) or the export is fresh."""
    rows = rows_of(with_ids) if whole else [line.split(",") for line in WITH_IDS.splitlines()]
    for row, new in zip(rows[1:], ("105", "104", "102", "101", "103"), strict=True):
        row[0] = new
    save(with_ids, rows)
    heard = with_ids.pull()
    assert "Ida Brandt" in refused(heard)
    if whole:  # the mark went with her row, and so it is not Tom's who has her number now
        assert refused(heard) == {"Ida Brandt"}
    again = with_ids.pull()
    assert refused(again) == refused(heard)


@pytest.mark.parametrize("whole", [True, False])
def test_new_ids_nobody_had_lose_no_refusal_and_an_emptied_cell_takes_it_back(
    with_ids: Any, fields: Make, whole: bool
) -> None:
    rows = rows_of(with_ids) if whole else [line.split(",") for line in WITH_IDS.splitlines()]
    for row in rows[1:]:
        row[0] = f"N{row[0]}"
    save(with_ids, rows)
    assert refused(with_ids.pull()) == {"Ida Brandt"}
    with_ids.open("20261121-090000-aaaa").write([fields("N101", stage="try")])
    assert marked(with_ids) == {"Ida Brandt"}
    assert refused(with_ids.pull()) == {"Ida Brandt"}
    mark(with_ids, "Ida Brandt", "")
    assert refused(with_ids.pull()) == set()
    assert refused(with_ids.pull()) == set()


@pytest.mark.promise("ours.do-not-ask")
@pytest.mark.parametrize("text", [WITH_IDS, WITHOUT_IDS])
def test_an_older_copy_put_back_takes_no_refusal_back(desk: Lay, fields: Make, text: str) -> None:
    firm = written(desk, fields, text)
    older = (firm.folder / "people.csv").read_bytes()
    mark(firm, "Ida Brandt")
    mark(firm, "Tom Reyes")
    heard = firm.pull()
    ids = [str(row["contact_id"]) for row in heard.tables["contacts"]]
    firm.open("20261121-090000-aaaa").write([fields(ids[1], why="said never")])
    (firm.folder / "people.csv").write_bytes(older)
    heard = firm.pull()
    assert refused(heard) == {"Ida Brandt", "Tom Reyes"}
    assert "2 people" in told(heard, "refused")
    assert "older" in told(heard, "refused")
    firm.open("20261122-090000-aaaa").write([fields(ids[0], stage="try")])
    assert marked(firm) == {"Ida Brandt", "Tom Reyes"}
    mark(firm, "Tom Reyes", "")
    assert refused(firm.pull()) == {"Ida Brandt"}


def test_a_copy_that_is_older_by_its_date_takes_no_refusal_back(desk: Lay, fields: Make) -> None:
    firm = written(desk, fields, WITH_IDS)
    path = firm.folder / "people.csv"
    older, day = path.read_bytes(), path.stat().st_mtime
    mark(firm, "Ida Brandt")
    os.utime(path, (day + 60, day + 60))
    assert refused(firm.pull()) == {"Ida Brandt"}
    path.write_bytes(older)
    os.utime(path, (day, day))
    assert refused(firm.pull()) == {"Ida Brandt"}
    assert refused(firm.pull()) == {"Ida Brandt"}


def test_emptying_a_cell_still_takes_it_back(with_ids: Any) -> None:
    mark(with_ids, "Ida Brandt", "")
    heard = with_ids.pull()
    assert refused(heard) == set()
    assert told(heard, "refused") == ""


def test_one_mark_taken_out_and_another_set_at_once_count_both(with_ids: Any) -> None:
    mark(with_ids, "Ida Brandt", "")
    mark(with_ids, "Tom Reyes")
    heard = with_ids.pull()
    assert refused(heard) == {"Ida Brandt", "Tom Reyes"}
    assert '"no"' in told(heard, "refused")
    mark(with_ids, "Ida Brandt", "no")
    assert refused(with_ids.pull()) == {"Tom Reyes"}


@pytest.mark.parametrize("text", [WITH_IDS, WITHOUT_IDS])
def test_the_corrected_and_the_old_row_of_one_who_refused_both_count(
    desk: Lay, fields: Make, text: str
) -> None:
    firm = written(desk, fields, text)
    mark(firm, "Ida Brandt")
    firm.pull()
    rows = rows_of(firm)
    old = next(row for row in rows if "Ida Brandt" in row)
    new = [cell.replace("ida@", "ida.brandt@") for cell in old]
    new[rows[0].index(MARK)] = ""
    if text == WITH_IDS:
        new[0] = "201"
    else:
        new[rows[0].index("Goodword id")] = ""
    save(firm, [*rows, new])
    heard = firm.pull()
    both = [row for row in heard.tables["contacts"] if row["name"] == "Ida Brandt"]
    assert [row["do_not_ask"] for row in both] == [True, True]


def test_a_couple_with_one_mailbox_refuses_one_by_one(desk: Lay, fields: Make) -> None:
    text = WITH_IDS + "106,Paul Brandt,ida@x.example,0117 496 0199,Bonn\n"
    firm = written(desk, fields, text)
    mark(firm, "Ida Brandt")
    assert refused(firm.pull()) == {"Ida Brandt"}
    assert refused(firm.pull()) == {"Ida Brandt"}


def test_a_register_deleted_whole_is_told(with_ids: Any) -> None:
    cursor = with_ids.pull().cursor
    for name in (FILE, SPARE):
        (with_ids.folder / ".goodword" / name).unlink()
    heard = with_ids.pull(cursor)
    assert refused(heard) == {"Ida Brandt"}
    assert "is missing" in told(heard, "register")
    assert "stands in the list" in told(heard, "register")
    assert told(with_ids.pull(heard.cursor), "register") == ""


def test_a_first_reading_and_an_upgrade_miss_no_register(desk: Lay) -> None:
    firm = desk({"people.csv": WITH_IDS})
    assert told(firm.pull(), "register") == ""
    for name in (FILE, SPARE):
        (firm.folder / ".goodword" / name).unlink()
    assert told(firm.pull(Cursor({"done:abc": "2026-10-01"})), "register") == ""


def test_a_fresh_export_without_somebody_who_refused_says_so(with_ids: Any) -> None:
    lines = [line for line in WITH_IDS.splitlines() if "Ida" not in line]
    (with_ids.folder / "people.csv").write_text("\n".join([*lines, ""]), "utf-8")
    said = told(with_ids.pull(), "fresh")
    assert "1 of those who refused is not in it" in said


def test_in_a_workbook_an_emptied_cell_takes_it_back_after_a_write(desk: Lay, fields: Make) -> None:
    book = openpyxl.Workbook()
    for line in WITH_IDS.splitlines():
        book.worksheets[0].append(line.split(","))
    data = io.BytesIO()
    book.save(data)
    firm = desk({"people.xlsx": data.getvalue()})
    path = firm.folder / "people.xlsx"
    everybody = [str(row["contact_id"]) for row in firm.pull().tables["contacts"]]
    batch = [fields(one, stage="buy", score=61, why="said: “yes”…") for one in everybody]

    def type_in(word: str | None) -> None:
        mine = openpyxl.load_workbook(path)
        page = mine.worksheets[0]
        at = next(cell.column for cell in page[1] if cell.value == MARK)
        page.cell(3, at, "x").value = word
        mine.save(path)

    firm.open().write(batch)
    type_in("x")
    assert refused(firm.pull()) == {"Ida Brandt"}
    firm.open("20261121-090000-aaaa").write([fields("101", stage="try", score=62)])
    type_in(None)
    assert refused(firm.pull()) == set()


def test_taking_back_the_run_that_put_a_mark_back_takes_no_refusal_back(
    with_ids: Any, fields: Make
) -> None:
    mark(with_ids, "Ida Brandt", "")
    mark(with_ids, "Tom Reyes")
    assert refused(with_ids.pull()) == {"Ida Brandt", "Tom Reyes"}
    with_ids.open("20261121-090000-aaaa").write([fields("101", stage="try")])
    assert marked(with_ids) == {"Ida Brandt", "Tom Reyes"}
    with_ids.pull()
    assert with_ids.open("20261122-090000-aaaa").restore("20261121-090000-aaaa")
    assert marked(with_ids) == {"Tom Reyes"}
    for _ in range(2):
        assert refused(with_ids.pull()) == {"Ida Brandt", "Tom Reyes"}
