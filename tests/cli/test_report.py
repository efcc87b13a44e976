"""``goodword report``: how the week and the practice stand, as one page."""

from __future__ import annotations

import json
import os
import re
import stat
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from goodword import reporting
from goodword.ledger import Ledger

if TYPE_CHECKING:
    from conftest import CommandLine

HOSTILE = "<img src=x onerror=alert(1)>\u202eNora"


def told(firm: CommandLine, *options: str) -> dict[str, Any]:
    """What the report says, for another program."""
    seen = firm.on_the_day("report", "--json", *options)
    assert seen.exit_code == 0, seen.stderr
    answer: dict[str, Any] = json.loads(seen.stdout)
    return answer


def printed(firm: CommandLine) -> str:
    """The page itself."""
    seen = firm.on_the_day("report", "--to", "-")
    assert seen.exit_code == 0, seen.stderr
    return seen.stdout


def text_of(page: str) -> str:
    """What a person reads on the page."""
    body = re.sub(r"<[^>]*>", " ", page.split("</style>")[1])
    return " ".join(body.split())


def test_before_the_first_plan_it_says_what_to_run(firm: CommandLine) -> None:
    seen = firm.on_the_day("report")
    assert seen.exit_code == 1
    assert "goodword plan" in seen.stderr
    assert not (firm.folder / ".goodword").exists()


@pytest.mark.promise("report.page")
def test_the_page_is_kept_for_its_owner_only_and_says_where(planned: CommandLine) -> None:
    seen = planned.on_the_day("report")
    assert seen.exit_code == 0, seen.stderr
    path = planned.folder / ".goodword" / "reports" / "2026-11-20.html"
    assert str(path) in seen.stdout
    page = path.read_text(encoding="utf-8")
    assert "Harbour Heating" in page
    assert "Pat Doe" in page
    for outside in ("<script", "<link", "<img", "src=", "http:", "https:", "url(", "@import"):
        assert outside not in page, outside
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.promise("report.page")
def test_it_asks_nobody_and_changes_nothing(planned: CommandLine) -> None:
    host = (planned.folder / "host.json").read_bytes()
    state = planned.folder / ".goodword"
    (planned.folder / "host.json").unlink()  # a report needs no host
    before = {p: p.read_bytes() for p in state.rglob("*") if p.is_file() and "ledger" not in p.name}
    with_runs = told(planned)
    assert planned.on_the_day("report", "--to", "-").exit_code == 0
    after = {p: p.read_bytes() for p in state.rglob("*") if p.is_file() and "ledger" not in p.name}
    after = {p: data for p, data in after.items() if p.parent.name != "reports"}
    assert after == before
    (planned.folder / "host.json").write_bytes(host)
    assert told(planned) == with_runs
    with_ledger = Ledger(state / "ledger.sqlite")
    assert with_ledger.count_runs() == 0
    with_ledger.close()


@pytest.mark.promise("report.page")
def test_the_same_data_makes_the_same_page(planned: CommandLine) -> None:
    assert printed(planned) == printed(planned)


@pytest.mark.long
def test_planned_and_open_tasks_stand_apart_by_rep(planned: CommandLine) -> None:
    weeks = {week["name"]: week for week in told(planned)["weeks"]}
    assert all(week["open"] == [] for week in weeks.values())
    assert {task["contact_name"] for task in weeks["Ana Lopez"]["planned"]} == {"Pat Doe"}
    assert "Planned, not written yet: 1 task" in text_of(printed(planned))
    assert planned.on_the_day("apply").exit_code == 0
    weeks = {week["name"]: week for week in told(planned)["weeks"]}
    assert all(week["planned"] == [] for week in weeks.values())
    assert [task["contact_name"] for task in weeks["Ana Lopez"]["open"]] == ["Pat Doe"]
    page = text_of(printed(planned))
    assert "Open now: 1 task" in page
    assert "Planned, not written" not in page


@pytest.mark.long
def test_an_overdue_task_is_named(planned: CommandLine) -> None:
    assert planned.on_the_day("apply").exit_code == 0
    seen = planned("report", "--json", "--today", "2026-12-04")
    assert all(
        task["overdue"] for week in json.loads(seen.stdout)["weeks"] for task in week["open"]
    )
    page = planned("report", "--to", "-", "--today", "2026-12-04").stdout
    assert "The week of 30 November to 6 December 2026" in page
    assert "overdue" in text_of(page)


@pytest.mark.long
def test_every_overdue_task_is_counted_though_not_every_one_is_shown(
    planned: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert planned.on_the_day("apply").exit_code == 0
    monkeypatch.setattr(reporting, "MOST_TASKS", 1)
    answer = json.loads(planned("report", "--json", "--today", "2027-03-05").stdout)
    shown = [task for week in answer["weeks"] for task in week["open"]]
    hidden = sum(week["more_open"] for week in answer["weeks"])
    assert (len(shown), hidden > 0, answer["overdue"]) == (1, True, 1 + hidden)
    page = planned("report", "--to", "-", "--today", "2027-03-05").stdout
    assert f"{1 + hidden} overdue" in text_of(page)


@pytest.mark.long
def test_a_plan_is_offered_as_long_as_it_can_be_applied(planned: CommandLine) -> None:
    for day, is_old in (("2026-11-27", False), ("2026-11-28", True)):
        page = text_of(planned("report", "--to", "-", "--today", day).stdout)
        assert ("too old to be written" in page) == is_old
        assert ("goodword apply" in page) != is_old


@pytest.mark.long
@pytest.mark.promise("report.funnel")
def test_asked_yes_referred_and_won_add_up_since_goodword_began(planned: CommandLine) -> None:
    assert told(planned)["funnel"] == {
        "since": "2026-09-01",
        "asked": 0,
        "yes": 0,
        "referred": 1,
        "won": 0,
        "before": 0,
        "owed": 0,
        "lapsed": 0,
    }
    assert planned.on_the_day("apply").exit_code == 0
    host = planned.host
    (ask,) = [task for task in host.tasks() if task["play"] == "ask"]
    host.complete(str(ask["task_key"]), "yes", name="Zoe Lang", on=date(2026, 11, 24))
    later = ("--today", "2026-11-27")
    assert planned("plan", *later).exit_code == 0
    funnel = json.loads(planned("report", "--json", *later).stdout)["funnel"]
    assert (funnel["asked"], funnel["yes"], funnel["referred"], funnel["won"]) == (1, 1, 2, 0)
    host.put(
        contacts=[{"contact_id": "z", "name": "Zoe Lang", "status": "customer"}],
        referrals=[
            {
                "referral_id": "r2",
                "referrer_id": ask["contact_id"],
                "referred_id": "z",
                "status": "won",
            }
        ],
    )
    assert planned("plan", *later).exit_code == 0
    funnel = json.loads(planned("report", "--json", *later).stdout)["funnel"]
    assert (funnel["referred"], funnel["won"], funnel["before"]) == (2, 1, 0), "one person, once"


@pytest.mark.long
@pytest.mark.promise("report.funnel")
def test_the_headline_of_the_task_list_and_the_report_count_the_same(
    here: CommandLine, spreadsheets: None
) -> None:
    path = here.folder / "people.xlsx"
    book = openpyxl.Workbook()
    customers, referrals = book.worksheets[0], book.create_sheet("Referrals")
    customers.title = "Customers"
    for row in (
        ["Customer no", "Name", "Email", "Phone", "Last purchase", "Total spent", "Purchases"],
        ["1", "Nora Quill", "n@x.example", "+44 117 496 0101", date(2026, 11, 2), 1960, 6],
        ["2", "Ida Brandt", "i@x.example", "+44 117 496 0102", date(2026, 11, 3), 1500, 4],
        ["3", "Tilda Grayson", "t@x.example", "+44 117 496 0103", date(2026, 11, 23), 80, 1],
        ["4", "Old Pal", "o@x.example", "+44 117 496 0105", date(2024, 4, 1), 80, 1],
    ):
        customers.append(row)
    for row in (
        ["Referrer", "Referred", "Date", "Status"],
        ["Nora Quill", "Old Pal", date(2024, 3, 1), "won"],
    ):
        referrals.append(row)
    book.save(path)
    for line in (("init", "people.xlsx", "--yes"), ("rollout", "live")):
        assert here(*line).exit_code == 0
    assert here("sync", "--today", "2026-11-20").exit_code == 0
    book = openpyxl.load_workbook(path)
    tasks = [row for row in book["Referral tasks"].iter_rows(min_row=4) if row[0].row > 3]
    titles = [cell.value for cell in book["Referral tasks"][3]]
    asks = [row for row in tasks if row[titles.index("Play")].value == "ask"]
    assert len(asks) == 2, "otherwise this shows nothing"
    for row, answer, name in zip(asks, ("yes", "no"), ("Walter Reed", None), strict=True):
        row[0].value, row[1].value, row[3].value = "x", answer, name
    for fresh in (
        ["Nora Quill", "Tilda Grayson", date(2026, 11, 21), "won"],
        ["Nora Quill", "Tilda Grayson", date(2026, 11, 22), "won"],
        ["Ida Brandt", "Tilda Grayson", date(2026, 11, 22), "won"],
        ["Nora Quill", "Nora Quill", date(2026, 11, 22), "won"],
        ["Somebody Else", "Jo Hart", date(2026, 11, 22), "won"],
        ["Nora Quill", "Kim Park", date(2026, 11, 23), "received"],
        ["Nora Quill", "Lee Shaw", date(2026, 12, 24), "received"],
    ):
        book["Referrals"].append(fresh)
    book.save(path)
    later = ("--today", "2026-11-27")
    assert here("sync", *later).exit_code == 0
    assert here("plan", *later).exit_code == 0
    told = json.loads(here("report", "--json", *later).stdout)["funnel"]
    headline = openpyxl.load_workbook(path)["Referral tasks"]["A1"].value
    assert headline.startswith(
        f"Since 20 November 2026: {told['asked']} asked, {told['yes']} yes,"
        f" {told['referred']} referred, {told['won']} won · {told['owed']} thank-yous owed"
    )
    assert told == {
        "since": "2026-11-20",
        "asked": 2,
        "yes": 1,
        "referred": 3,
        "won": 1,
        "before": 1,
        "owed": 3,
        "lapsed": 0,
    }


def test_older_referrals_are_told_apart(planned: CommandLine) -> None:
    planned.settings(
        (planned.folder / "goodword.toml")
        .read_text(encoding="utf-8")
        .replace("2026-09-01", "2026-11-19")
    )
    funnel = told(planned)["funnel"]
    assert (funnel["referred"], funnel["before"]) == (0, 1)
    assert "On record from before, or without a date: 1 referral." in text_of(printed(planned))


def test_a_firm_that_has_asked_nobody_yet_reads_a_friendly_page(
    here: CommandLine, spreadsheets: None
) -> None:
    (here.folder / "people.csv").write_text("Name,Phone\nNora Quill,0117 496 0101\n")
    assert here("init", "people.csv", "--yes").exit_code == 0
    assert here.on_the_day("plan").exit_code == 0
    page = text_of(printed(here))
    assert "Nobody has been asked yet" in page
    assert "Rather ask nobody than ask at the wrong time" in page
    assert "What would help" in page


@pytest.mark.long
@pytest.mark.promise("report.page")
def test_a_name_cannot_become_part_of_the_page(firm: CommandLine) -> None:
    plain = {"contact_id": "c4", "owner_id": "ben", "status": "customer", "consent": "yes"}
    firm.host.put(contacts=[{**plain, "name": HOSTILE}])
    assert firm.on_the_day("plan").exit_code == 0
    page = printed(firm)
    assert "<img" not in page
    assert "\u202e" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_thank_yous_owed_are_named(planned: CommandLine) -> None:
    answer = told(planned)
    assert (answer["thanks_owed"], answer["thanks_without_task"]) == (0, 1)
    assert [one["name"] for one in answer["owed"]] == ["Max Stone"]
    page = text_of(printed(planned))
    assert "0 thank-yous on the lists, 1 more without a task yet, to 1 person" in page


@pytest.mark.long
def test_a_thank_you_counts_until_it_is_given_as_in_the_headline_of_the_list(
    here: CommandLine, spreadsheets: None
) -> None:
    path = here.folder / "people.xlsx"
    book = openpyxl.Workbook()
    customers, referrals = book.worksheets[0], book.create_sheet("Referrals")
    customers.append(["Customer no", "Name", "Email", "Last purchase", "Total spent", "Purchases"])
    customers.append(["1", "Nora Quill", "n@x.example", date(2026, 11, 2), 1960, 6])
    customers.append(["2", "Ida Brandt", "i@x.example", date(2026, 11, 3), 1500, 4])
    referrals.append(["Referrer", "Referred", "Date", "Status"])
    referrals.append(["Nora Quill", "Old Pal", date(2024, 3, 1), "won"])
    book.save(path)
    for line in (("init", "people.xlsx", "--yes"), ("rollout", "live")):
        assert here(*line).exit_code == 0
    assert here("sync", "--today", "2026-11-20").exit_code == 0
    book = openpyxl.load_workbook(path)
    for fresh in (
        ["Nora Quill", "Kim Park", date(2026, 11, 21), "received"],
        ["Ida Brandt", "Lee Shaw", date(2026, 11, 21), "received"],
    ):
        book["Referrals"].append(fresh)
    book.save(path)
    assert here("plan", "--today", "2026-11-22").exit_code == 0

    def owed(day: str) -> tuple[int, int, list[str]]:
        answer = json.loads(here("report", "--json", "--today", day).stdout)
        names = sorted(one["name"] for one in answer["owed"])
        return answer["thanks_owed"], answer["thanks_without_task"], names

    names = ["Ida Brandt", "Nora Quill"]
    assert owed("2026-11-22") == (0, 2, names), "events without a task yet"
    assert here("sync", "--today", "2026-11-22").exit_code == 0
    book = openpyxl.load_workbook(path)
    page = book["Referral tasks"]
    assert page["A1"].value.endswith(" 2 thank-yous owed")
    assert owed("2026-11-22") == (2, 0, names), "the same number in both places"
    titles = [cell.value for cell in page[3]]
    rows = [row for row in page.iter_rows(min_row=4) if row[0].row > 3]
    thanks = {
        row[titles.index("Customer")].value: row
        for row in rows
        if row[titles.index("Play")].value == "thank_you"
    }
    assert owed("2026-12-24") == (2, 0, names), "overdue"
    thanks["Ida Brandt"][0].value = "x"
    book.save(path)
    assert here("sync", "--today", "2026-12-29").exit_code == 0
    headline = openpyxl.load_workbook(path)["Referral tasks"]["A1"].value
    assert headline.endswith(" 0 thank-yous owed, 1 lapsed"), "expired is not given"
    assert here("plan", "--today", "2026-12-29").exit_code == 0
    assert owed("2026-12-29") == (0, 0, [])
    page = text_of(here("report", "--to", "-", "--today", "2026-12-29").stdout)
    assert "1 thank-you lapsed" in page


def test_stages_reasons_and_blind_spots_are_on_the_page(planned: CommandLine) -> None:
    page = text_of(printed(planned))
    answer = told(planned)
    assert sum(number for _, number in answer["stages"]) == answer["contacts"] == 6
    for part in (
        "Where your customers stand",
        "Why not the others",
        "Cannot check",
        "unpaid invoices",
    ):
        assert part in page


def test_forgetting_somebody_removes_the_reports_that_may_name_them(planned: CommandLine) -> None:
    assert planned.on_the_day("report").exit_code == 0
    assert planned("forget", "c1", "--yes").exit_code == 0
    assert not (planned.folder / ".goodword" / "reports").exists()


@pytest.mark.long
def test_ten_reports_are_kept(planned: CommandLine) -> None:
    for day in range(1, 13):
        assert planned("report", "--today", f"2026-12-{day:02}").exit_code == 0
    kept = sorted(path.name for path in (planned.folder / ".goodword" / "reports").iterdir())
    assert kept == [f"2026-12-{day:02}.html" for day in range(3, 13)]


def test_it_goes_to_a_file_of_the_users_choice_but_never_over_another(planned: CommandLine) -> None:
    assert planned.on_the_day("report", "--to", "week.html").exit_code == 0
    assert planned.on_the_day("report", "--to", "week.html").exit_code == 0, "ours is written anew"
    assert not (planned.folder / ".goodword" / "reports").exists()
    (planned.folder / "letter.html").write_text("<!DOCTYPE html><title>Plan B</title>")
    seen = planned.on_the_day("report", "--to", "letter.html")
    assert seen.exit_code == 1
    assert "Plan B" in (planned.folder / "letter.html").read_text()
    assert planned.on_the_day("report", "--to", "-", "--json").exit_code == 2
