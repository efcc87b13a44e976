"""What was done and how things stand: history, status, forget and adopt."""

from __future__ import annotations

import csv
import inspect
import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from goodword import looking
from goodword.cli.history import COLUMNS, write_csv
from goodword.errors import RetryableError
from goodword.ledger import HistoryRow
from goodword.report.status_page import WAYS_OUT
from goodword.testing import MemoryConnector

if TYPE_CHECKING:
    from conftest import CommandLine


@pytest.mark.promise("history.each-write", "history.filters")
def test_history_tells_of_every_write_and_can_be_narrowed(firm: CommandLine) -> None:
    assert "Nothing was written yet." in firm("history").stdout
    assert not (firm.folder / ".goodword").exists(), "looking makes nothing"
    told = json.loads(firm.on_the_day("sync", "--json").stdout)
    run_id, plan_id = told["run"]["run_id"], told["plan"]["plan_id"]
    page = firm("history").stdout
    assert f"Run {run_id}" in page
    assert "promoter" in page
    for name in ("Pat", "Max", "Nina"):
        assert name not in page
    rows = list(csv.DictReader(io.StringIO(firm("history", "--csv").stdout)))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 9
    assert {row["plan"] for row in rows} == {plan_id}
    assert {row["result"] for row in rows} == {"done"}
    ask = next(row for row in rows if row["rule"] == "promoter")
    assert ask["contact_id"] == "c1"
    assert ask["change"] == "ask due 2026-11-24"
    assert "goodword=" in ask["versions"]
    assert ask["os_user"]
    assert datetime.strptime(ask["time_utc"], "%Y-%m-%dT%H:%M:%SZ")  # as printed
    mine = list(
        csv.DictReader(io.StringIO(firm("history", "--csv", "--contact", "Pat Doe").stdout))
    )
    assert {row["contact_id"] for row in mine} == {"c1"}
    firm("undo")
    firsts = json.loads(firm("history", "--json", "--run", run_id).stdout)["history"]
    assert len(firsts) == 9
    assert len(json.loads(firm("history", "--json").stdout)["history"]) == 18


def test_history_of_nothing_says_so(planned: CommandLine) -> None:
    seen = planned("history", "--run", "20260101-000000-abcdef00")
    assert seen.exit_code == 1
    assert "No such run" in seen.stderr
    assert planned("history", "--contact", "Zoe").exit_code == 1


def test_no_cell_of_the_csv_is_a_formula(capsys: pytest.CaptureFixture[str]) -> None:
    nasty = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\uff1d1", "fine", '=HYPERLINK("x")']
    now = datetime(2026, 11, 20, tzinfo=UTC)
    write_csv(
        HistoryRow(now, text, text, text, {}, "k", "set_fields", text, text, text, text)
        for text in nasty
    )
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))[1:]
    for text, row in zip(nasty, rows, strict=True):
        assert all(not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t")) for cell in row)
        assert row[1] == (text if text == "fine" else f"'{text}")


@pytest.mark.promise("status.shown")
def test_status_tells_how_things_stand(firm: CommandLine) -> None:
    seen = firm("status")
    assert seen.exit_code == 0
    assert "Nothing was pulled yet" in seen.stdout
    firm.on_the_day("sync")
    seen = firm.on_the_day("status")
    assert seen.exit_code == 0
    text = " ".join(seen.stdout.split())
    assert text.startswith("All is well. mode live paused no account memory")
    assert "open tasks 3, 0 of them overdue" in text
    assert "overdue_invoice (needs invoices)" in text
    told = json.loads(firm("status", "--today", "2026-11-27", "--json").stdout)
    assert (told["mode"], told["open_tasks"], told["overdue"]) == ("live", 3, 3)
    assert told["unhealthy"] == []


@pytest.mark.long
@pytest.mark.promise("status.unhealthy")
def test_each_reason_to_worry_comes_with_what_to_do(
    firm: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        msg = "The host does not answer."
        raise RetryableError(msg, hint="Try again in a minute.")

    firm.on_the_day("plan")
    firm.host.put(tickets=[{"ticket_id": "t2", "contact_id": "c1", "status": "open"}])
    assert firm.on_the_day("apply").exit_code == 3
    seen = firm.on_the_day("status")
    assert seen.exit_code == 1
    assert "wrote a part of its plan only" in seen.stdout
    assert "→ goodword plan plans again what is missing." in seen.stdout
    firm.host.remove("tickets", "t2")
    with monkeypatch.context() as patch:
        patch.setattr(MemoryConnector, "write", away)
        assert firm.on_the_day("sync").exit_code == 1
    seen = firm.on_the_day("status")
    assert seen.exit_code == 1
    assert "The last run failed: The host does not answer." in seen.stdout
    assert "→ Put that right, then: goodword plan" in seen.stdout
    assert firm.on_the_day("sync").exit_code == 0
    assert firm.on_the_day("status").exit_code == 0


def test_every_sentence_of_the_status_has_a_way_out_of_its_own() -> None:
    source = inspect.getsource(looking)
    assert [part for part in WAYS_OUT if part not in source] == []


@pytest.mark.long
@pytest.mark.promise("forget.backups")
def test_a_customer_is_forgotten_after_a_question_that_shows_who_is_meant(
    firm: CommandLine,
) -> None:
    firm.on_the_day("sync")
    several = firm("forget", "pat")
    assert several.exit_code == 1
    assert "goodword forget ID" in several.stdout
    no = firm("forget", "Max Stone", typed="n\n")
    assert no.exit_code == 1
    assert "This is Max Stone (c4)" in no.stdout
    assert "Nothing was done." in no.stdout
    silent = firm("forget", "Max Stone", typed="")
    assert silent.exit_code == 1
    assert "Add --yes" in silent.stderr
    assert firm("why", "Max Stone").exit_code == 0
    seen = firm("forget", "max@c4.example", "--yes")
    assert seen.exit_code == 0, seen.stderr
    assert "Forgotten." in seen.stdout
    assert "Max" not in seen.stdout
    assert "own backups" in seen.stdout
    assert firm("why", "Max Stone").exit_code == 1
    assert ",c4\n" not in firm("history", "--csv").stdout
    gone = firm("forget", "Max Stone", "--yes")
    assert gone.exit_code == 1
    assert "Max" not in gone.stderr
    plan = json.loads(firm.on_the_day("plan", "--json").stdout)
    assert "c4" not in {action["contact_id"] for action in plan["actions"]}


@pytest.mark.long
@pytest.mark.promise("runs.one-machine")
def test_a_copy_on_another_computer_writes_nothing_until_it_is_put_in_charge(
    firm: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOODWORD_MACHINE", "counter")
    firm.on_the_day("sync")
    monkeypatch.setenv("GOODWORD_MACHINE", "laptop")
    stopped = firm.on_the_day("plan")
    assert stopped.exit_code == 1
    assert "goodword adopt" in stopped.stderr
    no = firm("adopt", typed="n\n")
    assert no.exit_code == 1
    assert "One computer writes for an account" in no.stdout
    assert firm.on_the_day("plan").exit_code == 1
    seen = firm("adopt", "--yes")
    assert seen.exit_code == 0, seen.stderr
    assert "This computer is in charge. Next: goodword plan" in seen.stdout
    assert json.loads(firm.on_the_day("plan", "--json").stdout)["actions"] == []
    monkeypatch.setenv("GOODWORD_MACHINE", "counter")
    assert firm.on_the_day("plan").exit_code == 1
