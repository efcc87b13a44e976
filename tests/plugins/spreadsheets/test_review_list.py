"""Who sent whom where a name does not fit exactly: linked when clear, else asked in a list."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword_csv.rows.identity import digest, folded
from goodword_csv.rows.name_book import NameBook, words_of
from goodword_csv.rows.reviewing import is_channel, means_nobody
from goodword_csv.tasks.review_list import ANSWER, HEADER, MOST_OPEN, REVIEW

Lay = Callable[..., Any]
PEOPLE = """\
Customer no,Name,Email,Phone,Town,Company,Total spent,Referred by
001,Nora Quillham,nora@x.example,,Leeds,Bright Roof Ltd,100,
002,Ida Brandt,ida@x.example,,Bonn,,90,Nora Quilham
003,Pat Doe,pat@x.example,,York,,80,nora
004,Pat Doe,,,Hull,,70,Pat Doe
005,Tilda Grayson,tilda@x.example,,York,,60,Grandma Rose
006,Sam Pike,sam@x.example,,York,,50,Google
007,Lena Fox,lena@x.example,,York,,40,"Quillham, Nora"
008,Mia Stone,mia@x.example,,York,,30,Bright Roof
"""
ALL = tuple(f"{number:03}" for number in range(1, 9))
BOOK = NameBook(
    {
        **{"1": "Nora Quillham", "2": "Ida Brandt", "3": "Hans Meyer", "4": "Maria Petersen"},
        **{"5": "Pat Doe", "6": "Pat Doe", "7": "Anna-Lena Müller", "8": "Siobhán O'Brien"},
    },
    {"5": ("pat@x.example",), "6": ("pat@x.example", "Hull")},
    (("Bright Roof Ltd", "1"),),
)


@pytest.mark.parametrize(
    ("written", "person"),
    [
        ("Quillham, Nora", "1"),
        ("Mrs. Nora Quillham", "1"),
        ("Nora Quilham", "1"),
        ("nora qiullham", "1"),
        ("Lena Anna Mueller", "7"),
        ("Siobhan OBrien", "8"),
    ],
)
def test_another_order_a_title_or_one_slip_is_clear(written: str, person: str) -> None:
    assert BOOK.meant(written) == person


@pytest.mark.promise("referral.unclear-asked")
@pytest.mark.parametrize(
    "written",
    [
        "Nora",  # many people are called so
        "N. Quillham",
        "Nora Quillham's mother",
        "Nora and Ida Quillham",
        "Ina Brandt",  # short names one letter apart are two people
        "Hans Meier",  # so are names with another vowel
        "Maria Peterson",
        "Mario Petersen",
        "Hanna Meyer",
        "Ida Petersen",  # both are names of the list
        "Pat Doe",  # two are called so
        "Somebody Else",
        "",
        "…",
    ],
)
def test_what_may_be_somebody_else_is_never_linked(written: str) -> None:
    assert BOOK.meant(written) is None


def test_two_people_as_near_as_each_other_are_asked_about() -> None:
    book = NameBook({"1": "Nora Quillham", "2": "Nora Quillhams"})
    assert book.meant("Nora Quilllham") is None


def test_suggestions_begin_with_the_likeliest_and_include_who_works_there() -> None:
    assert BOOK.nearest("Nora")[0] == "1"
    assert BOOK.nearest("Bright Roof") == ("1",)
    assert set(BOOK.nearest("pat")) == {"5", "6"}
    assert BOOK.nearest("Nora", besides="1") == ()
    assert BOOK.nearest("Xaver Zzz") == ()


def test_namesakes_are_told_apart_by_what_only_one_of_them_has() -> None:
    assert (BOOK.label("5"), BOOK.label("6")) == ("Pat Doe (5)", "Pat Doe (Hull)")
    assert BOOK.labelled("pat doe (HULL)") == "6"
    assert BOOK.labelled("Pat Doe") is None
    assert BOOK.label("1") == "Nora Quillham"


@pytest.mark.parametrize(
    "word",
    [
        *("Google", "google ads", "Website", "walk-in", "Zeitung", "Yell.com", "www.yell.com"),
        *("self", "Internet search", "Walk in", "Gelbe Seiten", "checkatrade.co.uk"),
    ],
)
def test_ways_to_be_found_are_nobodys_good_word(word: str) -> None:
    assert is_channel(word)
    assert not is_channel(f"{word} Nora")


@pytest.mark.parametrize("word", ["No one", "none", "Niemand", "personne", "nadie", "-", "–", "--"])
def test_nobody_in_any_language(word: str) -> None:
    assert means_nobody(word)


@given(st.text(max_size=40))
def test_any_text_is_read_without_a_word_too_many(text: str) -> None:
    assert all(word == word.strip() and word for word in words_of(text))
    assert BOOK.meant(text) in {None, *BOOK.names}
    assert len(BOOK.nearest(text)) <= 3


# ------------------------------------------------------------------ the list itself


def workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "People"
    for row in csv.reader(io.StringIO(text)):
        book.worksheets[0].append([cell or None for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture(params=["csv", "xlsx"])
def firm(request: pytest.FixtureRequest, desk: Lay) -> Any:
    if request.param == "csv":
        return desk({"people.csv": PEOPLE})
    return desk({"people.xlsx": workbook(PEOPLE)})


def rows_of(folder: Path) -> list[dict[str, str]]:
    """The review list as people see it; empty while there is none."""
    path = folder / "people.review.csv"
    if path.exists():
        return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    if not (folder / "people.xlsx").exists():
        return []
    book = openpyxl.load_workbook(folder / "people.xlsx")
    if REVIEW not in book.sheetnames:
        return []
    first, *others = ([cell.value or "" for cell in row] for row in book[REVIEW].iter_rows())
    rows = [dict(zip(first, row, strict=True)) for row in others]
    return [row for row in rows if any(row.values())]


def answer(folder: Path, wrote: str, said: str) -> None:
    """Write an answer beside what a customer's row says."""
    path = folder / "people.review.csv"
    if path.exists():
        rows = rows_of(folder)
        for row in rows:
            row[ANSWER] = said if row["They wrote"] == wrote else row[ANSWER]
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, HEADER)
            writer.writeheader()
            writer.writerows(rows)
        return
    book = openpyxl.load_workbook(folder / "people.xlsx")
    for row in book[REVIEW].iter_rows(min_row=2):
        if row[HEADER.index("They wrote")].value == wrote:
            row[HEADER.index(ANSWER)].value = said
    book.save(folder / "people.xlsx")


def referrers(firm: Any) -> dict[str, str | None]:
    return {row["referred_id"]: row["referrer_id"] for row in firm.pull().tables["referrals"]}


def ask(firm: Any, a_task: Any, *contacts: str, run: int = 1) -> None:
    tasks = [a_task(contact, f"f-{run}") for contact in contacts]
    firm.open(f"2026112{run}-090000-aaaa").write(tasks)


def test_a_clear_name_is_linked_and_told_and_a_search_engine_is_no_referral(firm: Any) -> None:
    found = referrers(firm)
    assert found == {
        **{"002": "001", "003": None, "004": None, "005": None, "007": "001", "008": None}
    }
    told = [notice for notice in firm.pull().notices if notice.startswith("referrer:")]
    assert any("2 rows" in notice and "written a little differently" in notice for notice in told)
    assert any("4 rows" in notice and "review list asks" in notice for notice in told)


def test_reading_alone_asks_nothing_and_writes_nothing(firm: Any) -> None:
    before = {path.name: path.read_bytes() for path in firm.folder.iterdir() if path.is_file()}
    firm.pull()
    after = {path.name: path.read_bytes() for path in firm.folder.iterdir() if path.is_file()}
    assert after == before


@pytest.mark.promise("referral.unclear-asked")
def test_what_stays_open_is_asked_with_suggestions(firm: Any, a_task: Any) -> None:
    ask(firm, a_task, *ALL)
    asked = {row["They wrote"]: row for row in rows_of(firm.folder)}
    assert set(asked) == {"nora", "Pat Doe", "Grandma Rose", "Bright Roof"}
    assert asked["nora"]["Customer"] == "Pat Doe"
    assert asked["nora"]["Suggestion 1"] == asked["Bright Roof"]["Suggestion 1"] == "Nora Quillham"
    assert asked["Pat Doe"]["Suggestion 1"] == "Pat Doe (pat@x.example)"  # not the asked one
    assert {row["Or"] for row in asked.values()} == {"nobody"}


def test_a_pilot_asks_only_about_its_own_customers(firm: Any, a_task: Any) -> None:
    ask(firm, a_task, "005")
    assert [row["They wrote"] for row in rows_of(firm.folder)] == ["Grandma Rose"]


@pytest.mark.parametrize("said", ["Nora Quillham", "NORA@x.example", "001", " nora quillham "])
def test_an_answer_is_read_back_as_a_name_an_address_or_an_id(
    firm: Any, a_task: Any, said: str
) -> None:
    ask(firm, a_task, *ALL)
    answer(firm.folder, "Grandma Rose", said)
    assert referrers(firm)["005"] == "001"
    ask(firm, a_task, *ALL, run=2)
    assert sum(row["They wrote"] == "Grandma Rose" for row in rows_of(firm.folder)) == 1


def test_a_suggestion_chosen_for_a_namesake_finds_that_one(firm: Any, a_task: Any) -> None:
    ask(firm, a_task, *ALL)
    answer(firm.folder, "Pat Doe", "Pat Doe (pat@x.example)")
    assert referrers(firm)["004"] == "003"


def test_nobody_is_never_asked_about_again(firm: Any, a_task: Any) -> None:
    ask(firm, a_task, *ALL)
    answer(firm.folder, "Grandma Rose", "nobody")
    assert referrers(firm)["005"] is None
    told = [notice for notice in firm.pull().notices if "review list asks" in notice]
    assert any("3 rows" in notice for notice in told)
    ask(firm, a_task, *ALL, run=2)
    assert len(rows_of(firm.folder)) == 4


def test_an_answer_that_names_nobody_is_told_and_links_nobody(firm: Any, a_task: Any) -> None:
    ask(firm, a_task, *ALL)
    answer(firm.folder, "Grandma Rose", "her neighbour")
    assert referrers(firm)["005"] is None
    (told,) = (notice for notice in firm.pull().notices if '"Answer"' in notice)
    row = next(i for i, one in enumerate(rows_of(firm.folder), 2) if one[ANSWER])
    assert f"(row {row})" in told
    assert "review" in told.partition(":")[2].partition(":")[0]
    assert '"nobody"' in told
    assert "People" not in told


def test_a_first_name_that_only_one_has_is_an_answer(firm: Any, a_task: Any) -> None:
    ask(firm, a_task, *ALL)
    answer(firm.folder, "Grandma Rose", "Lena")
    assert referrers(firm)["005"] == "007"
    answer(firm.folder, "Grandma Rose", "Pat")  # two are called so
    assert referrers(firm)["005"] is None


@pytest.mark.parametrize(("said", "open_ones"), [("-", 3), ("none", 3), ("?", 4)])
def test_a_dash_is_nobody_and_a_question_mark_is_no_answer_yet(
    firm: Any, a_task: Any, said: str, open_ones: int
) -> None:
    ask(firm, a_task, *ALL)
    answer(firm.folder, "Grandma Rose", said)
    assert referrers(firm)["005"] is None
    notices = firm.pull().notices
    assert not any('"Answer"' in notice for notice in notices)
    assert any(f"{open_ones} rows" in one for one in notices if "review list asks" in one)


def test_names_in_a_sheet_of_referrals_are_asked_about_too(desk: Lay, a_task: Any) -> None:
    sent = "Date,Referred by,Who,Status\n2026-11-01,Noah Quillham,Ida Brandt,received\n"
    firm = desk({"people.csv": PEOPLE, "referrals.csv": sent})
    ask(firm, a_task, "002")
    (row,) = rows_of(firm.folder)
    assert (row["Customer"], row["They wrote"]) == ("Ida Brandt", "Noah Quillham")
    answer(firm.folder, "Noah Quillham", "Nora Quillham")
    sheet = [row for row in firm.pull().tables["referrals"] if row["source"] == "sheet"]
    assert [(row["referrer_id"], row["referred_id"]) for row in sheet] == [("001", "002")]


def test_the_same_words_are_asked_about_once_and_a_first_name_for_each(
    desk: Lay, a_task: Any
) -> None:
    people = "Customer no,Name,Email,Referred by\n1,Nora Quillham,nora@x.example,\n" + "".join(
        f"{number},Person {letter},{letter}@x.example,{said}\n"
        for number, letter, said in [
            *((2, "a", "nora"), (3, "b", "nora")),
            *((4, "c", "Mr Xu"), (5, "d", "Mr Xu")),
        ]
    )
    firm = desk({"people.csv": people})
    ask(firm, a_task, "1", "2", "3", "4", "5")
    assert sorted(row["They wrote"] for row in rows_of(firm.folder)) == ["Mr Xu", "nora", "nora"]


def test_only_so_many_questions_wait_at_one_time(desk: Lay, a_task: Any) -> None:
    people = "Customer no,Name,Email,Referred by\n" + "".join(
        f"{number},Person{number} Some{number},p{number}@x.example,Aunt X{number} Y{number}\n"
        for number in range(1, 81)
    )
    firm = desk({"people.csv": people})
    everybody = [str(number) for number in range(1, 81)]
    ask(firm, a_task, *everybody)
    assert len(rows_of(firm.folder)) == MOST_OPEN
    answer(firm.folder, "Aunt X1 Y1", "nobody")
    ask(firm, a_task, *everybody, run=2)
    assert len(rows_of(firm.folder)) == MOST_OPEN + 1


def test_undo_takes_the_questions_back_with_the_rest(firm: Any, a_task: Any) -> None:
    before = {path.name: path.read_bytes() for path in firm.folder.iterdir() if path.is_file()}
    ask(firm, a_task, *ALL)
    assert firm.open().restore("20261121-090000-aaaa")
    after = {path.name: path.read_bytes() for path in firm.folder.iterdir() if path.is_file()}
    assert after == before


def test_who_is_forgotten_is_in_no_question_any_more(firm: Any, a_task: Any) -> None:
    ask(firm, a_task, *ALL)
    firm.open().forget("001")
    firm.open().forget("005")
    rows = rows_of(firm.folder)
    texts = [text for row in rows for text in row.values()]
    assert "nora" in texts  # the row of Pat is still there, without the suggestion
    assert not [text for text in texts if "Quillham" in text or "Grayson" in text]


def test_the_answer_column_of_a_workbook_offers_the_row_s_suggestions(
    desk: Lay, a_task: Any
) -> None:
    firm = desk({"people.xlsx": workbook(PEOPLE)})
    ask(firm, a_task, *ALL)
    page = openpyxl.load_workbook(firm.folder / "people.xlsx")[REVIEW]
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert rules == {"D2:D1048576": "$E2:$H2"}


def told(firm: Any, code: str) -> str:
    return "\n".join(one for one in firm.pull().notices if one.startswith(f"{code}:"))


def lay_stray(folder: Path, rows: list[list[str]]) -> None:
    """Put something of the name of our review list where it would be."""
    if (folder / "people.xlsx").exists():
        book = openpyxl.load_workbook(folder / "people.xlsx")
        page = book.create_sheet(REVIEW)
        for row in rows:
            page.append(row)
        book.save(folder / "people.xlsx")
        return
    with (folder / "people.review.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def stray(folder: Path) -> list[list[str]]:
    if (folder / "people.xlsx").exists():
        page = openpyxl.load_workbook(folder / "people.xlsx")[REVIEW]
        return [[cell.value or "" for cell in row] for row in page.iter_rows()]
    return list(csv.reader(io.StringIO((folder / "people.review.csv").read_text("utf-8"))))


def second_list(folder: Path) -> list[list[str]]:
    if (folder / "people.xlsx").exists():
        page = openpyxl.load_workbook(folder / "people.xlsx")[f"{REVIEW} 2"]
        return [[str(cell.value or "") for cell in row] for row in page.iter_rows()]
    text = (folder / "people.review-2.csv").read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


FORGED = [
    [*HEADER],
    ["Who?", "Tilda Grayson", "Grandma Rose", "Ida Brandt", "", "", "", "nobody", "gwq-{key}"],
]


@pytest.mark.parametrize("theirs", [[["Name", "Stars"], ["Nora Quillham", "5"]], FORGED])
def test_a_list_of_that_name_that_is_not_ours_is_told_and_left_alone(
    firm: Any, a_task: Any, theirs: list[list[str]]
) -> None:
    key = digest(folded("Grandma Rose"))
    rows = [[cell.format(key=key) for cell in row] for row in theirs]
    lay_stray(firm.folder, rows)
    assert referrers(firm)["005"] is None
    assert "is not the review list" in told(firm, "review")
    ask(firm, a_task, *ALL)
    assert stray(firm.folder) == rows
    assert "Grandma Rose" in {cell for row in second_list(firm.folder) for cell in row}
    assert [check.ok for check in firm.open().check() if "review" in check.name]
    assert firm.open().restore("20261121-090000-aaaa")
    assert stray(firm.folder) == rows


def test_rows_put_into_our_list_by_somebody_else_say_nothing(desk: Lay, a_task: Any) -> None:
    firm = desk({"people.csv": PEOPLE})
    ask(firm, a_task, "008")
    path = firm.folder / "people.review.csv"
    forged = [cell.format(key=digest(folded("Grandma Rose"))) for cell in FORGED[1]]
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(forged)
    assert referrers(firm)["005"] is None
    assert "(row 3)" in told(firm, "review")
    ask(firm, a_task, *ALL, run=2)
    mine = [row for row in rows_of(firm.folder) if row["They wrote"] == "Grandma Rose"]
    assert len(mine) == 2  # theirs, and ours that can be answered


def test_an_answer_that_names_the_customer_is_told_with_the_reason(firm: Any, a_task: Any) -> None:
    ask(firm, a_task, *ALL)
    answer(firm.folder, "Grandma Rose", "Tilda Grayson")
    assert referrers(firm)["005"] is None
    assert "nobody sends themself" in told(firm, "referrer")


def test_forgetting_keeps_what_the_firm_wrote_beside_a_question(firm: Any, a_task: Any) -> None:
    ask(firm, a_task, *ALL)
    notes = {"Grandma Rose": "look into the old book", "nora": "ask Tilda Grayson about it"}
    if (firm.folder / "people.review.csv").exists():
        path = firm.folder / "people.review.csv"
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
        for row in rows:
            row.append("Note" if row[0] == "Question" else notes.get(row[2], ""))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
    else:
        book = openpyxl.load_workbook(firm.folder / "people.xlsx")
        for line in book[REVIEW].iter_rows():
            said = "Note" if line[0].value == "Question" else notes.get(str(line[2].value))
            book[REVIEW].cell(line[0].row, len(HEADER) + 1, said)
        book.save(firm.folder / "people.xlsx")
    left = firm.open().forget("005")
    cells = {text for row in rows_of(firm.folder) for text in row.values()}
    assert "look into the old book" in cells
    assert not {cell for cell in cells if "Tilda" in cell or "Grandma" in cell}
    assert any("of the review list: notes in columns of your own" in line for line in left)
