"""The commands that write: plan (its own file only), apply, sync, undo and release."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from goodword.errors import RetryableError
from goodword.model import Failure, RunReport
from goodword.report import run_page
from goodword.testing import MemoryConnector

if TYPE_CHECKING:
    from conftest import CommandLine, Site


@pytest.mark.promise("plan.tasks-per-rep", "plan.held-back", "blind.never-there")
def test_a_plan_shows_each_rep_what_to_do_and_the_command_that_writes_it(firm: CommandLine) -> None:
    before = (firm.folder / "host.json").read_bytes()
    seen = firm.on_the_day("plan")
    assert (firm.folder / "host.json").read_bytes() == before, "a plan writes nothing"
    assert seen.exit_code == 0
    text = seen.stdout
    ana, ben = text.index("Ana Lopez"), text.index("Ben Okafor")
    assert ana < text.index("Pat Doe") < ben < text.index("Max Stone")
    assert "rated us 10 of 10 on 2026-11-12" in text
    assert "Held back" in text
    assert re.search(r"1 +open ticket +… open ticket\(s\)", text)
    assert "overdue_invoice (needs invoices)" in text
    latest = (firm.folder / ".goodword" / "plans" / "latest").read_text(encoding="utf-8")
    assert f"goodword apply {latest}" in text


def test_signs_that_turn_letters_around_stand_as_escapes_in_json(firm: CommandLine) -> None:
    name = "Ada \u202eevil\u2066 \x9b31m\u200bB\u00f6hm"
    firm.host.put(contacts=[{"contact_id": "c1", "name": name}])
    said = firm.on_the_day("plan", "--json").stdout
    assert all(sign.isprintable() or sign == "\n" for sign in said)
    assert name in {each.get("contact_name") for each in json.loads(said)["actions"]}


def test_apply_writes_the_plan_and_says_how_to_take_it_back(planned: CommandLine) -> None:
    seen = planned.on_the_day("apply")
    assert seen.exit_code == 0
    assert "3 new tasks" in seen.stdout
    assert re.search(r"goodword undo \d{8}-\d{6}-[0-9a-f]{8,16}\b", seen.stdout)
    assert {task["contact_id"] for task in planned.host.tasks("open")} == {"c1", "c4", "c5"}


def test_a_second_plan_on_the_same_day_has_nothing_to_write(firm: CommandLine) -> None:
    firm.on_the_day("sync")
    seen = firm.on_the_day("plan")
    assert seen.exit_code == 0
    assert "nothing to write" in seen.stdout


@pytest.mark.promise("undo.released", "undo.tasks")
def test_undo_takes_a_run_back_until_it_is_released(firm: CommandLine) -> None:
    told = json.loads(firm.on_the_day("sync", "--json").stdout)
    run_id = told["run"]["run_id"]
    undone = firm("undo")
    assert undone.exit_code == 0
    assert f"goodword release {run_id}" in " ".join(undone.stdout.split())
    assert "6 contacts: our tags taken back" in undone.stdout
    assert "new tags" not in undone.stdout
    assert firm.host.tasks("open") == []
    assert json.loads(firm.on_the_day("plan", "--json").stdout)["actions"] == []
    page = firm.on_the_day("plan").stdout
    assert "Not planned, because it was taken back  3 tasks" in page
    assert f"To allow it: goodword release {run_id}" in page
    assert "as it should be" not in page
    assert "9 writes" in firm("release", run_id).stdout
    assert "taken back" not in firm.on_the_day("plan").stdout
    assert len(json.loads(firm.on_the_day("plan", "--json").stdout)["actions"]) == 9


def test_there_is_nothing_to_apply_undo_or_release_at_first(firm: CommandLine) -> None:
    assert "Run goodword plan" in firm("apply").stderr
    assert "no run to undo" in firm("undo").stderr
    assert "Nothing of a run 'x' was undone" in firm("release", "x").stderr
    assert {firm(*line).exit_code for line in (["apply"], ["undo"], ["release", "x"])} == {1}


@pytest.mark.promise("apply.other-rules")
def test_a_plan_made_under_other_settings_is_refused(planned: CommandLine) -> None:
    with (planned.folder / "goodword.toml").open("a", encoding="utf-8") as file:
        file.write("\n[caps]\nrep_open_tasks = 1\n")
    seen = planned.on_the_day("apply")
    assert seen.exit_code == 1
    assert "was made under other settings" in seen.stderr
    assert planned.host.tasks() == []


@pytest.mark.promise("apply.looks-again", "apply.dropped-named", "apply.rest")
def test_what_changed_since_the_plan_is_named_and_the_exit_code_says_partial(
    planned: CommandLine,
) -> None:
    planned.host.put(tickets=[{"ticket_id": "t2", "contact_id": "c1", "status": "open"}])
    seen = planned.on_the_day("apply")
    assert seen.exit_code == 3
    assert "Not written: things changed since the plan" in seen.stdout
    assert {task["contact_id"] for task in planned.host.tasks("open")} == {"c4", "c5"}


@pytest.mark.promise("plan.backlog", "caps.firm")
def test_a_full_week_is_shown_as_a_backlog(firm: CommandLine) -> None:
    with (firm.folder / "goodword.toml").open("a", encoding="utf-8") as file:
        file.write("\n[caps]\nfirm_tasks_per_run = 1\n")
    seen = firm.on_the_day("plan")
    assert "Waiting for room  2 tasks" in seen.stdout
    assert "the run's limit for the whole firm is reached" in seen.stdout


def test_a_host_that_is_away_is_a_failure_without_a_traceback(
    firm: CommandLine, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        msg = "The host does not answer."
        raise RetryableError(msg, hint="Try again in a minute.")

    monkeypatch.setattr(MemoryConnector, "pull", away)
    seen = firm.on_the_day("plan")
    assert seen.exit_code == 1
    assert seen.stderr == "The host does not answer.\n→ Try again in a minute.\n"


def test_a_contact_that_is_gone_is_named_and_the_exit_code_says_partial(
    planned: CommandLine,
) -> None:
    planned.host.remove("contacts", "c6")
    seen = planned.on_the_day("apply")
    assert seen.exit_code == 3
    assert "The tags of contact c6" in seen.stdout


def test_a_refused_write_is_listed_with_its_reason() -> None:
    refused = Failure(key="k", kind="create_task", contact_id="c1", error="The task list is full.")
    report = RunReport(
        run_id="20261120-080000-ab12",
        plan_id="20261120-c0179ec5",
        applied={"set_fields": 2},
        skipped=1,
        dropped=(),
        failures=(refused,),
        notices=(),
    )
    console = Console(file=io.StringIO(), width=100)
    with console.capture() as shown:
        console.print(run_page(report, "apply"))
    assert report.exit_code == 3
    assert "new task  c1       The task list is full." in shown.get()
    assert "1 write left out: a person changed the target" in shown.get()
    assert "goodword undo 20261120-080000-ab12" in shown.get()
