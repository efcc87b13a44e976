"""Outcomes, names and numbers as people type them: read with care, and told by row."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goodword import OUTCOMES, CreateTask
from goodword_csv.tasks.headline import HOW_TO
from goodword_csv.tasks.outcomes import DIED, read_outcome
from goodword_csv.tasks.task_sheet import DONE, DROPDOWNS, KEY, NAME, OUTCOME, PHONE, STATUS

PEOPLE = "Customer no,Name,Email,Phone\n007,Nora Quill,n@x.example,+44 117 496 0101\n008,Ida,,\n"
Lay = Callable[..., Any]
Task = Callable[..., CreateTask]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("no, never ask me again", "never"),
        ("No - please don't ask me again", "never"),
        ("yes but later, after Christmas", "later"),
        ("No anser", "no answer"),
        ("no answer", "no answer"),
        ("unhapy", "unhappy"),
        ("not happy at all", "unhappy"),
        ("she isn't very happy, yes later", "unhappy"),
        ("she is UNHAPPY about the leak", "unhappy"),
        ("sadly the wrong preson", "wrong person"),
        ("yes, no problem", "yes"),
        ("yes: Tilda, no. 12 Mill Lane", "yes"),
        ("no, not yes", "no"),
        ("he died", "never"),
        ("leave me alone!!", "never"),
        ("Sie lebt nicht mehr", "never"),
        ("tot", "never"),
        ("yes, but never again", "never"),
    ],
)
def test_the_most_careful_word_of_an_outcome_counts(said: str, outcome: str) -> None:
    assert read_outcome(said) == outcome


@pytest.mark.parametrize(
    "said",
    [
        *("", "not now", "nk", "on", "nor", "noted", "perhaps", "happy", "no problem"),
        *("wants a newer boiler", "there is water on the floor", "yesterday", "we had to answer"),
        *("not sure, happy to help", "not unhappy", "do not call before nine", "boiler died"),
    ],
)
def test_what_only_looks_like_an_outcome_is_none(said: str) -> None:
    assert read_outcome(said) is None


FORMULAS = (
    '=HYPERLINK("http://x.example","yes")',
    ' =IF(1,"never","yes")',
    '\'="yes"',
    '+HYPERLINK("http://x.example","yes")',
    '-T("no")',
    '@SUM("later")',
)


@pytest.mark.parametrize("said", FORMULAS)
def test_a_formula_is_no_outcome_whatever_it_would_show(desk: Lay, a_task: Task, said: str) -> None:
    firm = desk({"people.csv": PEOPLE})
    task = a_task("007")
    firm.open().write([task])
    fill(firm.folder, task.key, outcome=said)
    heard = firm.pull()
    (row,) = heard.tables["asks"]
    assert (row["outcome"], row["state"]) == (None, "open")
    (told,) = (text for text in heard.notices if text.startswith("outcome"))
    assert "we do not know" in told
    assert "x.example" not in told


@pytest.mark.parametrize("said", ["- yes", "+ yes", "-no", "yes (=Tilda)"])
def test_a_sign_before_a_word_makes_no_formula(said: str) -> None:
    assert read_outcome(said) in {"yes", "no"}


def test_that_a_customer_has_died_can_be_chosen_and_means_never(desk: Lay, a_task: Task) -> None:
    assert DIED in DROPDOWNS[1]
    firm = desk({"people.csv": PEOPLE})
    task = a_task("007")
    firm.open().write([task])
    fill(firm.folder, task.key, outcome="Has died")
    heard = firm.pull()
    (row,) = heard.tables["asks"]
    assert (row["outcome"], row["state"]) == ("never", "done")
    assert [text for text in heard.notices if text.startswith("outcome")] == []


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_our_own_words_mean_themselves(outcome: str) -> None:
    assert read_outcome(outcome.upper().replace(" ", " - ")) == outcome


def lists(folder: Path) -> tuple[list[str], list[list[str]]]:
    with (folder / "people.tasks.csv").open(newline="", encoding="utf-8-sig") as file:
        header, *rows = csv.reader(file)
    return header, rows


def fill(folder: Path, key: str, **cells: str) -> None:
    header, rows = lists(folder)
    titles = {"done": DONE, "outcome": OUTCOME, "name": NAME, "status": STATUS}
    for row in rows:
        if row[header.index(KEY)] == f"gw-{key}":
            for name, value in cells.items():
                row[header.index(titles[name])] = value
    path = folder / "people.tasks.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([header, *rows])


def statuses(folder: Path) -> dict[str, str]:
    header, rows = lists(folder)
    return {row[header.index(KEY)].removeprefix("gw-"): row[header.index(STATUS)] for row in rows}


def test_an_outcome_in_other_words_is_told_by_its_row(desk: Lay, a_task: Task) -> None:
    firm = desk({"people.csv": PEOPLE})
    first, second = a_task("007"), a_task("008")
    firm.open().write([first, second])
    fill(firm.folder, first.key, outcome="Yes")
    fill(firm.folder, second.key, outcome="no, never ask me again")
    told = [text for text in firm.pull().notices if "read as" in text]
    (notice,) = told
    assert 'read as "never"' in notice
    assert "row 3" in notice
    assert "ask me" not in notice


@pytest.mark.promise("rep.not-overwritten")
def test_the_status_says_what_became_of_a_task_once_the_list_is_written(
    desk: Lay, a_task: Task
) -> None:
    firm = desk({"people.csv": PEOPLE})
    ticked, answered, unread, both, mine = (a_task("007", cycle) for cycle in "abcde")
    tasks = [ticked, answered, unread, both, mine]
    firm.open().write(tasks)
    fill(firm.folder, ticked.key, done="x")
    fill(firm.folder, answered.key, outcome="no")
    fill(firm.folder, unread.key, outcome="perhaps")
    fill(firm.folder, both.key, done="x", outcome="perhaps")
    fill(firm.folder, mine.key, done="x", status="rang twice")
    before = (firm.folder / "people.tasks.csv").read_bytes()
    asks = {row["task_key"]: row["state"] for row in firm.pull().tables["asks"]}
    assert all(result.ok for result in firm.open("20261121-090000-bbbb").write(tasks))
    assert (firm.folder / "people.tasks.csv").read_bytes() == before, "nothing to write"
    new = a_task("008", "new")
    firm.open("20261122-090000-cccc").write([new])
    assert statuses(firm.folder) == {
        ticked.key: "Done",
        answered.key: "Done",
        unread.key: "Outcome not understood",
        both.key: "Outcome not understood",
        mine.key: "rang twice",
        new.key: "Open",
    }
    header, rows = lists(firm.folder)
    order = [row[header.index(KEY)].removeprefix("gw-") for row in rows]
    assert set(order[:3]) == {unread.key, both.key, new.key}, "what nobody understood stays open"
    after = {row["task_key"]: row["state"] for row in firm.pull().tables["asks"]}
    assert after == {**asks, new.key: "open"}
    assert firm.open().restore("20261122-090000-cccc")
    assert (firm.folder / "people.tasks.csv").read_bytes() == before


def test_a_tick_taken_away_again_opens_the_task(desk: Lay, a_task: Task) -> None:
    firm = desk({"people.csv": PEOPLE})
    task = a_task("007")
    firm.open().write([task])
    fill(firm.folder, task.key, done="x")
    firm.open("20261121-090000-bbbb").write([a_task("008", "b")])
    assert statuses(firm.folder)[task.key] == "Done"
    fill(firm.folder, task.key, done="")
    firm.open("20261122-090000-cccc").write([a_task("008", "c")])
    assert statuses(firm.folder)[task.key] == "Open"


def test_a_number_we_cannot_check_is_shown_as_the_firm_wrote_it(desk: Lay, a_task: Task) -> None:
    people = (
        "Customer no,Name,Email,Phone\n"
        "1,Nora Quill,n@x.example,+44 117 496 0101\n"
        "2,Ida Brandt,i@x.example,0117  9\n"
        "3,Max Stone,m@x.example,555 01234 99 99 99 99 99 9\n"
        "4,Pat Doe,p@x.example,4.41E+11\n"
    )
    firm = desk({"people.csv": people})
    firm.open().write([a_task(one, f"c{one}") for one in "1234"])
    header, rows = lists(firm.folder)
    shown = {row[header.index("Contact id")].lstrip("'"): row[header.index(PHONE)] for row in rows}
    assert shown["1"].replace("'", "") == "+441174960101"
    assert (shown["2"], shown["3"], shown["4"]) == ("0117 9", "555 01234 99 99 99 99 99 9", "")
    assert firm.pull().people()["Max Stone"]["phone"] is None


@pytest.mark.parametrize("name", ["Tilda 0117 496", "Tilda, next door", "T" * 61])
def test_a_name_with_more_than_a_name_is_told(desk: Lay, a_task: Task, name: str) -> None:
    firm = desk({"people.csv": PEOPLE})
    task = a_task("007")
    firm.open().write([task])
    fill(firm.folder, task.key, outcome="yes", name="Tilda Grayson")
    said = "only the name belongs there"
    assert not any(said in text for text in firm.pull().notices)
    fill(firm.folder, task.key, name=name)
    (notice,) = (text for text in firm.pull().notices if said in text)
    assert "row 2" in notice
    assert name not in notice
    assert "only the name" in HOW_TO
