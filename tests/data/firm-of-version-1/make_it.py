"""Make the two firms of this folder with the version before; README.md says how it was run."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl

from goodword import run
from goodword.cli.firm_file import write_firm
from goodword.firm import Firm
from goodword_csv.demo import WORKBOOK, lay_out

FIRST, ANSWERED, REGRETTED, LAST = (date(2026, 11, day) for day in (12, 16, 17, 20))
"""A run on each: all is new; reps have answered; that run is taken back; the last one."""
LARGE = 90_000
PEOPLE = ["Nora Quill", "Ida Brandt", "Otto Lind", "Vera Moss", "Hugo Stein", "Lena Falk"]
PEOPLE += ["Emil Roth", "Tilda Berg", "Arne Holm", "Signe Dahl"]
REPS = ["Sam Rowe", "Mia Kent"]


def mail(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@example.com"


def table(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def lists(folder: Path) -> None:
    """Three plain lists, set up by the command a user gives."""
    customers = [
        (f"K-{100 + number}", name, mail(name), REPS[number % 2], "2026-02-03")
        for number, name in enumerate(PEOPLE)
    ]
    head = ("Customer no", "Name", "Email", "Account manager", "First order")
    table(folder / "customers.csv", head, customers)
    survey = [("2026-11-10", mail(name), 10) for name in PEOPLE[:5]]
    survey += [("2026-11-09", mail(PEOPLE[8]), 3)]
    table(folder / "survey.csv", ("Date", "E-mail", "NPS score"), survey)
    referrals = [("2026-11-11", PEOPLE[5], "Karl Frost", "received")]
    table(folder / "referrals.csv", ("Date", "Referred by", "Who", "Status"), referrals)
    names = ["customers.csv", "survey.csv", "referrals.csv"]
    command = [sys.executable, "-m", "goodword", "init", *names]
    command += ["--yes", "--firm", "Quill and Rowe"]
    subprocess.run(command, cwd=folder, check=True)


def answer_in_lists(folder: Path) -> None:
    """One said yes, one no, one task is crossed out; three more people answered the survey."""
    path = next(folder.glob("*tasks*.csv"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    asks = [row for row in rows if row["Play"] == "ask"]
    asks[0] |= {"Done": "x", "Outcome": "yes"}
    asks[1] |= {"Done": "x", "Outcome": "no"}
    rows.remove(asks[2])
    table(path, rows[0], [row.values() for row in rows])
    with (folder / "survey.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("2026-11-16", mail(name), 9) for name in PEOPLE[6:8]])


def news_in_lists(folder: Path) -> None:
    with (folder / "survey.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(("2026-11-19", mail(PEOPLE[9]), 10))


def workbook(folder: Path) -> None:
    """The sample workbook with half its customers, set up as ``goodword demo`` does."""
    settings = lay_out(folder).settings
    book = openpyxl.load_workbook(folder / WORKBOOK)
    book["Customers"].delete_rows(34, 30)
    book.save(folder / WORKBOOK)
    write_firm(folder, settings)


def answer_in_workbook(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / WORKBOOK)
    page = book["Referral tasks"]
    header = [cell.value for cell in page[1]]
    rows = list(page.iter_rows(min_row=2))
    asks = [row for row in rows if row[header.index("Play")].value == "ask"]
    for row, outcome in zip(asks, ("yes", "later"), strict=False):
        row[header.index("Done")].value = "x"
        row[header.index("Outcome")].value = outcome
    page.delete_rows(asks[2][0].row)
    survey = book["Survey"]
    last = max(row[0].row for row in survey.iter_rows(min_row=2) if row[0].value)
    for step, customer in enumerate((30, 31), start=1):
        line = book["Customers"][customer]
        email = next(cell.value for cell in line if "@" in str(cell.value))
        for column, value in enumerate((date(2026, 11, 15), email, 10), start=1):
            survey.cell(last + step, column).value = value
    book.save(folder / WORKBOOK)


def news_in_workbook(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / WORKBOOK)
    book["Customers"]["B4"].value = "Fiona MacLeish-Brown"
    book.save(folder / WORKBOOK)


def live(
    folder: Path,
    set_up: Callable[[Path], None],
    answer: Callable[[Path], None],
    news: Callable[[Path], None],
    *,
    worked_in: bool,
) -> None:
    """Let the firm plan and apply, answer, plan and apply, regret that, and go on.

    Where somebody has *worked_in* the file since, that run is taken back cell by cell.
    """
    folder.mkdir(parents=True)
    set_up(folder)

    def at(day: date) -> Firm:
        began = datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC)
        ticks = count()
        return Firm(folder, today=day, clock=lambda: began + timedelta(seconds=next(ticks)))

    def week(day: date) -> Any:
        made = run.plan(at(day))
        report = run.apply(at(day))
        assert report.exit_code == 0, report
        tasks = [action for action in made.actions if action.kind == "create_task"]
        sys.stdout.write(f"{folder.name} {day}: {len(tasks)} tasks of {len(made.actions)}\n")
        assert tasks
        return report

    week(FIRST)
    answer(folder)
    second = week(ANSWERED)
    if worked_in:
        news(folder)
    taken = run.undo(at(REGRETTED), second.run_id)
    sys.stdout.write(f"{folder.name} undone: {taken.applied} {taken.dropped}\n")
    if not worked_in:
        news(folder)
    week(LAST)
    keep_the_latest(folder / ".goodword")


def keep_the_latest(state: Path) -> None:
    """Drop what newer files have replaced, and large decided facts, so that the folder is small."""
    current = (state / "mirror" / "current").read_text(encoding="utf-8")
    for snapshot in (state / "mirror").iterdir():
        if snapshot.is_dir() and snapshot.name != current:
            shutil.rmtree(snapshot)
    latest = (state / "plans" / "latest").read_text(encoding="utf-8")
    for frame in (state / "plans").glob("*.parquet"):
        if frame.stem != latest or frame.stat().st_size > LARGE:
            frame.unlink()


if __name__ == "__main__":
    target = Path(sys.argv[1]).resolve()
    live(target / "lists", lists, answer_in_lists, news_in_lists, worked_in=False)
    live(target / "workbook", workbook, answer_in_workbook, news_in_workbook, worked_in=True)
