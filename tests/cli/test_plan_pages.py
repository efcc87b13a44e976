"""``plan --html``, ``apply --limit`` and ``--except``, and ``sync --quiet`` with its brakes."""

from __future__ import annotations

import json
import os
import re
import stat
from typing import TYPE_CHECKING

import pytest

from goodword.errors import RetryableError
from goodword.testing import MemoryConnector

if TYPE_CHECKING:
    from conftest import CommandLine

NAMES = ("Pat", "Kim", "Lee", "Max", "Nina", "Ana", "Ben")


@pytest.mark.long
@pytest.mark.promise("plan.html")
def test_a_plan_is_written_as_a_page_only_its_owner_can_read(firm: CommandLine) -> None:
    seen = firm.on_the_day("plan", "--html", "week.html")
    assert seen.exit_code == 0, seen.stderr
    path = firm.folder / "week.html"
    page = path.read_text(encoding="utf-8")
    assert "Pat Doe" in page
    assert "Harbour Heating" in page
    plan_id = json.loads(firm.on_the_day("plan", "--json").stdout)["plan_id"]
    assert f"goodword apply {plan_id}" in seen.stdout
    assert plan_id in page
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o644)
    assert firm.on_the_day("plan", "--html", "week.html").exit_code == 0, "ours is written anew"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    printed = firm.on_the_day("plan", "--html", "-").stdout
    assert printed.lstrip().startswith("<!DOCTYPE html>")
    assert printed.rstrip().endswith("</html>")
    assert [p.name for p in firm.folder.iterdir() if p.name.endswith(".new")] == []


def test_a_page_never_replaces_another_file(firm: CommandLine) -> None:
    (firm.folder / "folder").mkdir()
    texts = {"letter.html": "<!DOCTYPE html><title>Plan B</title>", "customers.csv": "Name\n"}
    for name, text in texts.items():
        (firm.folder / name).write_text(text, encoding="utf-8")
    for name in (*texts, "folder", "nowhere/x.html"):
        seen = firm.on_the_day("plan", "--html", name)
        assert seen.exit_code == 1, name
        assert "→" in seen.stderr
    assert {n: (firm.folder / n).read_text(encoding="utf-8") for n in texts} == texts
    both = firm.on_the_day("plan", "--html", "-", "--json")
    assert both.exit_code == 2


@pytest.mark.promise("modes.pilot-limit")
def test_a_limit_writes_about_the_first_customers_only(planned: CommandLine) -> None:
    seen = planned.on_the_day("apply", "--limit", "1")
    assert seen.exit_code == 0, seen.stderr
    assert len(planned.host.tasks()) == 1
    assert len(planned.host.rows("own_fields")) == 1
    assert "left out by --limit" in seen.stdout
    assert planned.on_the_day("apply", "--limit", "0").exit_code == 2


@pytest.mark.long
@pytest.mark.promise("plan.except")
def test_a_customer_can_be_struck_from_a_plan_by_name_or_id(planned: CommandLine) -> None:
    seen = planned.on_the_day("apply", "--except", "Pat Doe", "--except", "c4")
    assert seen.exit_code == 0, seen.stderr
    assert {task["contact_id"] for task in planned.host.tasks()} == {"c5"}
    assert {row["contact_id"] for row in planned.host.rows("own_fields")} & {"c1", "c4"} == set()
    assert "struck" in seen.stdout
    again = json.loads(planned.on_the_day("plan", "--json").stdout)["actions"]
    assert [a for a in again if a["kind"] == "create_task"] == []


def test_striking_somebody_who_is_not_meant_clearly_writes_nothing(planned: CommandLine) -> None:
    for who in ("pat", "Zoe Doe"):
        seen = planned.on_the_day("apply", "--except", who)
        assert seen.exit_code == 1
        assert "Doe" not in seen.stderr
    assert planned.host.tasks() == []


def test_a_log_line_holds_counts_and_no_names(firm: CommandLine) -> None:
    seen = firm.on_the_day("sync", "--quiet")
    assert seen.exit_code == 0
    assert re.fullmatch(
        r"\d{8}-\d{6}-[0-9a-f]{8,16} sync live plan \d{8}-[0-9a-f]{8}: "
        r"3 new tasks, 6 contacts with new tags\n",
        seen.stdout,
    )
    assert seen.stderr == ""
    again = firm.on_the_day("sync", "--quiet")
    assert "nothing written" in again.stdout


@pytest.mark.long
@pytest.mark.promise("brakes.left-for-a-person")
def test_a_brake_leaves_the_plan_for_a_person_who_reads_it_and_applies(firm: CommandLine) -> None:
    with (firm.folder / "goodword.toml").open("a", encoding="utf-8") as file:
        file.write("\n[brakes]\ntasks = 2\n")
    seen = firm.on_the_day("sync", "--quiet")
    assert seen.exit_code == 3
    assert "stopped: nothing written" in seen.stdout
    assert "3 new tasks, more than the 2" in seen.stderr
    assert [name for name in NAMES if name in seen.output] == []
    assert firm.host.tasks() == []
    page = firm.on_the_day("sync")
    assert page.exit_code == 3
    assert "A run nobody watches would stop here" in page.stdout
    assert "Read it; if it is right: goodword apply" in page.stdout
    status = firm.on_the_day("status")
    assert status.exit_code == 1
    assert "→ Read it with goodword plan, then: goodword apply" in status.stdout
    assert firm.on_the_day("apply").exit_code == 0
    assert len(firm.host.tasks()) == 3
    assert firm.on_the_day("status").exit_code == 0


@pytest.mark.promise("plan.calls")
def test_a_plan_shows_mode_and_estimated_calls(firm: CommandLine) -> None:
    assert "mode: live · about 1 call to your file or CRM" in firm.on_the_day("plan").stdout


def test_a_pilot_that_names_nobody_asks_for_a_limit(firm: CommandLine) -> None:
    path = firm.folder / "goodword.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('mode = "live"', 'mode = "pilot"'), encoding="utf-8")
    assert " --limit 10" in " ".join(firm.on_the_day("plan").stdout.split())
    refused = firm.on_the_day("apply")
    assert refused.exit_code == 1
    assert "--limit" in refused.stderr
    assert firm.on_the_day("apply", "--limit", "1").exit_code == 0
    assert len(firm.host.tasks()) == 1


def test_a_run_that_fails_leaves_a_dated_line_and_its_reason_in_the_log(
    firm: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        msg = "The host does not answer."
        raise RetryableError(msg, hint="Try again in a minute.")

    monkeypatch.setattr(MemoryConnector, "pull", away)
    seen = firm.on_the_day("sync", "--quiet")
    assert seen.exit_code == 1
    assert re.fullmatch(r"\d{8}-\d{6} sync: failed, see the next lines\n", seen.stdout)
    assert seen.stderr == "The host does not answer.\n→ Try again in a minute.\n"
