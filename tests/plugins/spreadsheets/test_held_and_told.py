"""What is told loudly rather than guessed: lost lists, missing names, consents nobody can read."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from goodword import SourceError
from goodword_csv.guessing.proposal import propose
from goodword_csv.headers.vocabulary import role_of
from goodword_csv.tasks.task_sheet import CUSTOMER, HEADER

PEOPLE = "Customer no,Name,Email,Phone\n007,Nora Quill,n@x.example,+44 117 496 0101\n008,Ida,,\n"
RUN = "20261120-090000-aaaa"
Lay = Callable[..., Any]
Task = Callable[..., Any]


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file))


def save(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)


def test_a_yes_without_a_name_is_asked_for_by_the_row_the_sheet_shows(
    desk: Lay, a_task: Task
) -> None:
    firm = desk({"people.csv": PEOPLE})
    firm.open().write([a_task("007"), a_task("008")])
    path = firm.folder / "people.tasks.csv"
    rows = read(path)
    rows[2][rows[0].index("Outcome")] = "yes"
    save(path, rows)
    (notice,) = (text for text in firm.pull().notices if "yes without a name" in text)
    assert notice.endswith(
        '1 yes without a name: fill in "Name given" (row 3);'
        " no thank-you can be planned before that"
    )
    rows[2][rows[0].index("Name given")] = "Tilda Grayson"
    save(path, rows)
    assert not any("without a name" in text for text in firm.pull().notices)


def test_a_name_without_an_outcome_is_told_once_the_task_is_done(desk: Lay, a_task: Task) -> None:
    firm = desk({"people.csv": PEOPLE})
    firm.open().write([a_task("007"), a_task("008")])
    path = firm.folder / "people.tasks.csv"
    rows = read(path)
    rows[2][rows[0].index("Name given")] = "Tilda Grayson"
    save(path, rows)
    assert not any("no outcome" in text for text in firm.pull().notices)
    rows[2][rows[0].index("Done")] = "x"
    save(path, rows)
    (notice,) = (text for text in firm.pull().notices if "no outcome" in text)
    assert notice.endswith("but no outcome; write yes, and the name counts (row 3)")
    assert "Tilda" not in notice


def test_an_unknown_outcome_is_named_by_its_row_not_by_its_line_of_text(
    desk: Lay, a_task: Task
) -> None:
    firm = desk({"people.csv": PEOPLE})
    firm.open().write([a_task("007"), a_task("008")])
    path = firm.folder / "people.tasks.csv"
    rows = read(path)
    rows[2][rows[0].index("Outcome")] = "perhaps"
    save(path, rows)
    assert any("outcome we do not know" in t and "(row 3)" in t for t in firm.pull().notices)


def test_a_task_list_that_is_gone_is_told_until_it_is_back(desk: Lay, a_task: Task) -> None:
    firm = desk({"people.csv": PEOPLE})
    firm.open().write([a_task("007"), a_task("008")])
    before = firm.pull()
    path = firm.folder / "people.tasks.csv"
    data = path.read_bytes()
    path.unlink()
    said = 'lost: Task list "people.tasks.csv" is missing; it held 2 tasks, which now count as'
    once = firm.pull(before.cursor)
    again = firm.pull(once.cursor)
    assert all(any(text.startswith(said) for text in heard.notices) for heard in (once, again))
    path.write_bytes(data)
    assert not any("lost" in text for text in firm.pull(again.cursor).notices)


def test_a_deleted_task_sheet_is_told(desk: Lay, sample_workbook: Path, a_task: Task) -> None:
    firm = desk(sample_workbook)
    firm.open().write([a_task("C-1001")])
    before = firm.pull()
    path = firm.folder / sample_workbook.name
    book = openpyxl.load_workbook(path)
    del book["Referral tasks"]
    book.save(path)
    notices = firm.pull(before.cursor).notices
    assert any(
        '"Referral tasks" is missing; it held 1 task, which now counts' in t for t in notices
    )


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_copy_that_still_holds_a_lost_list_is_named(
    desk: Lay, sample_workbook: Path, a_task: Task, kind: str
) -> None:
    in_book = kind == "xlsx"
    firm = desk(sample_workbook if in_book else {"people.csv": PEOPLE})
    one = "C-1001" if in_book else "007"
    firm.open(RUN).write([a_task(one)])
    once = firm.pull()

    def lose() -> None:
        if not in_book:
            (firm.folder / "people.tasks.csv").unlink()
            return
        path = firm.folder / sample_workbook.name
        book = openpyxl.load_workbook(path)
        del book["Referral tasks"]
        book.save(path)

    def told(cursor: Any) -> str:
        (said,) = (text for text in firm.pull(cursor).notices if text.startswith("lost"))
        return str(said)

    held = {path: path.read_bytes() for path in firm.folder.iterdir() if path.is_file()}
    lose()
    assert "No backup holds it yet" in told(once.cursor)
    for path, data in held.items():
        path.write_bytes(data)
    firm.open("20261121-090000-bbbb").write([a_task(one, "b")])
    twice = firm.pull()
    lose()
    said = told(twice.cursor)
    folder = firm.folder / ".goodword" / "backups" / "20261121-090000-bbbb"
    (copy,) = (path for path in folder.iterdir() if path.name != "run.json")
    assert f"the newest copy is {copy.name} in {folder}" in said
    assert "since goodword last read it" in said


def test_a_task_list_that_an_undo_took_away_is_not_lost(desk: Lay, a_task: Task) -> None:
    firm = desk({"people.csv": PEOPLE})
    firm.open(RUN).write([a_task("007")])
    before = firm.pull()
    assert firm.open().restore(RUN)
    after = firm.pull(before.cursor)
    assert not any("missing" in text for text in after.notices)
    firm.open("20261121-090000-bbbb").write([a_task("007")])
    again = firm.pull(after.cursor)
    (firm.folder / "people.tasks.csv").unlink()
    assert any("missing" in text for text in firm.pull(again.cursor).notices)


@pytest.mark.parametrize(
    "header", ["Werbung erlaubt", "Kontakt erlaubt", "Anruf erlaubt", "Kontakt gewünscht"]
)
def test_german_words_for_consent_are_known(header: str) -> None:
    assert role_of(header) == "consent"


def test_an_unused_column_of_yes_and_no_is_pointed_out(desk: Lay) -> None:
    people = "Name,Email,Dabei,Pet,Goodword do not ask\nNora,n@x.example,ja,cat,no\n"
    notices = desk({"people.csv": people + "Ida,i@x.example,nein,yes,no\n"}).guess.notices
    told = [text for text in notices if "only yes/no" in text]
    assert told == [
        'people.csv: column "Dabei" holds only yes/no and is not used; if it says who may be'
        ' contacted, write consent = "Dabei"; if it says whom to leave alone, write'
        ' do_not_contact = "Dabei"'
    ]


@pytest.mark.parametrize("header", ["Consent", "Newsletter", "Do not contact"])
def test_a_consent_nobody_can_read_is_held_and_told(desk: Lay, header: str) -> None:
    people = f"Name,Email,{header}\nNora,n@x.example,ask first\nIda,i@x.example,\n"
    firm = desk({"people.csv": people})
    field = {"Consent": "consent", "Newsletter": "mail_consent"}.get(header, "do_not_contact")
    source = dict(firm.guess.settings["sources"][0])
    columns = {**source["columns"], field: header}
    firm.set_settings(sources=[source | {"columns": columns}])
    heard = firm.pull()
    assert heard.people()["Nora"]["consent"] == "no"
    assert heard.people()["Ida"]["consent"] == "unknown"
    assert any("counts as a refusal" in text and "line 2" in text for text in heard.notices)


def test_who_may_read_the_list_may_read_the_tasks_beside_it(desk: Lay, a_task: Task) -> None:
    firm = desk({"people.csv": PEOPLE})
    (firm.folder / "people.csv").chmod(0o664)
    firm.open().write([a_task("007")])
    assert (firm.folder / "people.tasks.csv").stat().st_mode & 0o777 == 0o664


def test_where_to_write_currency_and_region_is_said_exactly(desk: Lay) -> None:
    people = "Name,Phone,Total spent\nNora,0117 496 0101,12\nIda,0117 496 0102,£90.00\n"
    firm = desk({"people.csv": people})
    firm.guess.settings.pop("currency", None)  # as in a file somebody wrote by hand
    firm.guess.settings.pop("region", None)
    notices = firm.pull().notices
    where = "in goodword.toml, right below the line [plugin.csv] (the one in [firm] is not read)"
    assert any(f'currency = "GBP" {where}' in text for text in notices)
    assert any("region" in text and where in text for text in notices)


def test_without_any_sign_of_a_country_setting_up_asks_for_it(desk: Lay) -> None:
    guess = desk({"people.csv": "Name,Phone\nNora,0117 496 0101\n"}).guess
    assert "region" not in guess.settings
    assert any('write region = "GB", say, in goodword.toml' in text for text in guess.notices)


def test_a_task_says_how_to_reach_the_customer(desk: Lay, a_task: Task) -> None:
    firm = desk({"people.csv": PEOPLE})
    firm.open().write([a_task("007"), a_task("008")])
    header, first, second = read(firm.folder / "people.tasks.csv")
    at = header.index(CUSTOMER)
    assert header[at + 1 : at + 3] == ["Phone", "E-mail"]
    assert first[at + 1 : at + 3] == ["'+441174960101", "n@x.example"]
    assert second[at + 1 : at + 3] == ["", ""]


def test_a_task_list_without_these_columns_goes_on_as_it_is(desk: Lay, a_task: Task) -> None:
    firm = desk({"people.csv": PEOPLE})
    firm.open().write([a_task("007")])
    path = firm.folder / "people.tasks.csv"
    at = HEADER.index(CUSTOMER) + 1
    save(path, [row[:at] + row[at + 2 :] for row in read(path)])
    firm.open("20261121-090000-bbbb").write([a_task("008")])
    rows = read(path)
    assert "Phone" not in rows[0]
    assert {len(row) for row in rows} == {len(HEADER) - 2}
    asks = firm.pull().tables["asks"]
    assert {(row["contact_id"], row["edited"]) for row in asks} == {("007", False), ("008", False)}


def test_text_under_the_name_of_a_workbook_is_called_that(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_text(PEOPLE)
    with pytest.raises(SourceError, match=r"list\.xlsx is not a workbook") as refused:
        propose([path], tmp_path)
    assert ".csv" in (refused.value.hint or "")
