"""A name given with a "yes" that later stands in the customer list is a referral."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

import pytest

from goodword import came_of

Lay = Callable[..., Any]
HEAD = "Customer no,Name,Email,Customer since,Total spent,Referred by\n"
PEOPLE = f"""{HEAD}\
001,Nora Quill,nora@x.example,2020-01-02,100,
002,Ida Brandt,ida@x.example,2021-01-02,90,
"""


def say_yes(firm: Any, a_task: Any, name: str, contact: str = "001", cycle: str = "f-1") -> None:
    """Have a contact asked, and a name given with a "yes" on 21 November."""
    firm.open(f"20261116-090000-{cycle}").write([a_task(contact, cycle)])
    path = firm.folder / "people.tasks.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    for row in rows:
        if row["Cycle"] == cycle:
            row |= {"Outcome": "yes", "Name given": name, "Outcome date": "2026-11-21"}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def add(firm: Any, *lines: str) -> None:
    path = firm.folder / "people.csv"
    text = path.read_text("utf-8")
    width = len(next(csv.reader(io.StringIO(text))))
    full = (line + "," * (width - 1 - line.count(",")) for line in lines)
    path.write_text("\n".join([text.rstrip(), *full, ""]), "utf-8")


def sent(firm: Any) -> list[Mapping[str, Any]]:
    rows = firm.pull().tables["referrals"]
    return [row for row in rows if row["source"] == "named"]


@pytest.mark.parametrize("written", ["Tilda Grayson", "Mrs. Tilda Grayson", "TILDA GRAYSON"])
def test_a_new_customer_of_that_name_is_credited_to_who_named_them(
    desk: Lay, a_task: Any, written: str
) -> None:
    firm = desk({"people.csv": PEOPLE})
    say_yes(firm, a_task, "Tilda Grayson")
    assert sent(firm) == []
    add(firm, f"003,{written},tilda@x.example,2026-11-25,40")
    (row,) = sent(firm)
    key = firm.pull().tables["asks"][0]["task_key"]
    assert (row["referral_id"], row["referrer_id"], row["referred_id"]) == (key, "001", "003")
    assert (row["status"], row["at"]) == ("won", datetime(2026, 11, 21))


def test_a_lead_of_that_name_is_received(desk: Lay, a_task: Any) -> None:
    firm = desk({"people.csv": PEOPLE})
    say_yes(firm, a_task, "Tilda Grayson")
    add(firm, "003,Tilda Grayson,tilda@x.example,,")
    assert [row["status"] for row in sent(firm)] == ["received"]


def test_nobody_is_credited_where_it_may_be_somebody_else(desk: Lay, a_task: Any) -> None:
    firm = desk({"people.csv": PEOPLE})
    say_yes(firm, a_task, "Tilda Grayson")
    add(firm, "003,Tilda Grayson,t@x.example,,", "004,Tilda Grayson,u@x.example,,")
    assert sent(firm) == []


@pytest.mark.parametrize("name", ["Ida Brandt", "Nora Quill"])
def test_neither_a_customer_of_old_nor_oneself_is_sent(desk: Lay, a_task: Any, name: str) -> None:
    firm = desk({"people.csv": PEOPLE})
    say_yes(firm, a_task, name)
    assert sent(firm) == []


def test_what_the_list_says_itself_counts(desk: Lay, a_task: Any) -> None:
    firm = desk({"people.csv": PEOPLE})
    say_yes(firm, a_task, "Tilda Grayson")
    add(firm, "003,Tilda Grayson,tilda@x.example,,,Ida Brandt")
    (row,) = firm.pull().tables["referrals"]
    assert (row["source"], row["referrer_id"], row["referred_id"]) == ("list", "002", "003")


def test_who_was_named_twice_is_credited_once(desk: Lay, a_task: Any) -> None:
    firm = desk({"people.csv": PEOPLE})
    say_yes(firm, a_task, "Tilda Grayson")
    say_yes(firm, a_task, "tilda grayson", contact="002", cycle="f-2")
    add(firm, "003,Tilda Grayson,tilda@x.example,,")
    assert len(sent(firm)) == 1


@pytest.mark.parametrize("written", ["Tilda Grayson", "Mrs. Tilda Grayson"])
def test_they_count_once_in_what_came_of_asking(desk: Lay, a_task: Any, written: str) -> None:
    firm = desk({"people.csv": PEOPLE})
    say_yes(firm, a_task, "Tilda Grayson")
    add(firm, f"003,{written},tilda@x.example,2026-11-25,40")
    heard = firm.pull()
    names = {row["contact_id"]: row["name"] for row in heard.tables["contacts"]}
    told = came_of(
        [{**ask, "asking": True} for ask in heard.tables["asks"]],
        [{**row, "called": names[row["referred_id"]]} for row in heard.tables["referrals"]],
        date(2026, 11, 1),
        date(2026, 11, 30),
        lambda day: datetime.combine(day, time.min),
    )
    assert (told.yes, told.referred, told.won) == (1, 1, 1)
