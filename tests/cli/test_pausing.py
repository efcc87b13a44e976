"""``goodword pause`` and ``resume``, and the file PAUSE that does the same by hand."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from goodword.pauses import Pauses, read_pauses, write_pauses

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine

DAY = date(2026, 11, 20)
LATER = date(2026, 12, 1)


@pytest.mark.long
@pytest.mark.promise("pause.all", "pause.resume")
def test_a_pause_stops_apply_and_sync_until_somebody_resumes(planned: CommandLine) -> None:
    seen = planned("pause")
    assert seen.exit_code == 0
    assert "Everything is paused.\nTo go on: goodword resume" in seen.stdout
    refused = planned.on_the_day("apply")
    assert refused.exit_code == 1
    assert "goodword resume" in refused.stderr
    quiet = planned.on_the_day("sync", "--quiet")
    assert quiet.exit_code == 0
    assert "nothing written" in quiet.stdout
    assert "Paused: nothing was written." in quiet.stderr
    assert "Everything is paused." in planned("status").stdout
    assert planned.host.tasks() == []
    assert planned("resume").stdout.startswith("Nothing is paused.")
    assert not (planned.folder / "PAUSE").exists()
    assert planned.on_the_day("sync").exit_code == 0
    assert len(planned.host.tasks()) == 3
    assert planned("resume").stdout == "Nothing is paused.\n"


@pytest.mark.promise("pause.until")
def test_a_pause_ends_by_itself_on_the_day_named(planned: CommandLine) -> None:
    seen = planned.on_the_day("pause", "--until", "2026-11-21")
    assert "Everything is paused until 2026-11-21." in seen.stdout
    assert planned.on_the_day("apply").exit_code == 1
    assert planned("sync", "--today", "2026-11-21").exit_code == 0
    assert len(planned.host.tasks()) == 3
    past = planned("pause", "--until", "2026-11-20", "--today", "2026-11-20")
    assert past.exit_code == 2
    assert "not to come" in past.stderr


@pytest.mark.promise("pause.owner")
def test_one_rep_is_paused_by_name_and_the_others_go_on(firm: CommandLine) -> None:
    firm("pull")
    seen = firm.on_the_day("pause", "--owner", "ana", "--until", "2026-12-01")
    assert "ana is paused until 2026-12-01." in seen.stdout
    assert firm.on_the_day("sync").exit_code == 0
    assert {task["contact_id"] for task in firm.host.tasks()} == {"c4", "c5"}
    firm("pause", "--owner", "Ben Okafor")
    assert read_pauses(firm.folder).owners == {"ana": LATER, "ben": None}
    assert firm.on_the_day("resume", "--owner", "Ana").exit_code == 0
    assert read_pauses(firm.folder).owners == {"ben": None}
    assert firm("resume", "--owner", "ben").exit_code == 0
    assert not (firm.folder / "PAUSE").exists()
    unknown = firm("pause", "--owner", "Zoe Doe")
    assert unknown.exit_code == 1
    assert "Zoe" not in unknown.stderr


def test_the_pause_of_everything_ends_before_that_of_a_rep(firm: CommandLine) -> None:
    firm("pull")
    firm.on_the_day("pause", "--owner", "ana")
    seen = firm.on_the_day("pause")
    assert "Everything is paused.\nana is paused.\n" in seen.stdout
    refused = firm.on_the_day("resume", "--owner", "ana")
    assert refused.exit_code == 1
    assert "To go on with all: goodword resume" in refused.stderr
    assert firm.on_the_day("resume").stdout.startswith("ana is paused.")
    assert read_pauses(firm.folder) == Pauses(owners={"ana": None})
    assert firm.on_the_day("resume").stdout.startswith("Nothing is paused.")


def test_a_rep_cannot_be_paused_alone_while_everything_is(firm: CommandLine) -> None:
    firm("pull")
    firm("pause")
    before = (firm.folder / "PAUSE").read_bytes()
    seen = firm("pause", "--owner", "ana")
    assert seen.exit_code == 1
    assert "goodword resume" in seen.stderr
    assert (firm.folder / "PAUSE").read_bytes() == before
    firm.on_the_day("pause", "--until", "2026-12-01")
    assert firm.on_the_day("pause", "--owner", "ana").exit_code == 0
    assert read_pauses(firm.folder) == Pauses(everything=True, until=LATER, owners={"ana": None})


@pytest.mark.promise("pause.file")
def test_a_file_made_by_hand_pauses_and_keeps_what_its_author_wrote(planned: CommandLine) -> None:
    path = planned.folder / "Pause.txt"
    path.write_text("", encoding="utf-8")
    assert planned.on_the_day("apply").exit_code == 1
    assert planned.host.tasks() == []
    mine = "# Ben is at home with the twins\n\n[owner.ben]  # until he calls\nuntil = 2027-01-04\n"
    path.write_text(mine, encoding="utf-8")
    seen = planned.on_the_day("pause", "--owner", "ana")
    assert seen.exit_code == 0, seen.stderr
    assert path.read_text(encoding="utf-8").startswith(mine)
    assert read_pauses(planned.folder).owners == {"ben": date(2027, 1, 4), "ana": None}
    assert [p.name for p in planned.folder.iterdir() if "pause" in p.name.lower()] == ["Pause.txt"]
    planned.on_the_day("resume", "--owner", "ana")
    assert path.read_text(encoding="utf-8").strip() == mine.strip()


@pytest.mark.parametrize("text", ["on holiday", "reason = 'fire'\n", "until = 'soon'\n", "\udcff"])
def test_a_file_that_says_something_unknown_pauses_all_and_is_never_rewritten(
    planned: CommandLine, text: str
) -> None:
    path = planned.folder / "PAUSE"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    before = path.read_bytes()
    for line in (["pause", "--owner", "ana"], ["pause", "--until", "2027-01-01"]):
        seen = planned.on_the_day(*line)
        assert seen.exit_code == 1
        assert "by hand, or delete it" in seen.stderr
    assert planned.on_the_day("pause").exit_code == 0
    assert path.read_bytes() == before
    assert planned.on_the_day("apply").exit_code == 1
    assert planned("resume").exit_code == 0
    assert not path.exists()


@pytest.mark.promise("pause.close-open")
def test_open_asks_nobody_touched_are_closed_first_and_it_stands_in_history(
    firm: CommandLine,
) -> None:
    firm.on_the_day("sync")
    seen = firm.on_the_day("pause", "--close-open")
    assert seen.exit_code == 0, seen.stderr
    assert "1 task closed" in seen.stdout
    assert "Everything is paused." in seen.stdout
    states = {task["contact_id"]: task["state"] for task in firm.host.tasks()}
    assert states == {"c1": "withdrawn", "c4": "open", "c5": "open"}
    told = json.loads(firm("history", "--contact", "c1", "--json").stdout)["history"]
    assert (told[-1]["rule"], told[-1]["change"]) == ("paused", "withdrawn")
    again = firm.on_the_day("pause", "--close-open")
    assert again.exit_code == 0
    assert "Nothing was written." in again.stdout


def test_asks_of_another_rep_and_asks_somebody_edited_stay_open(firm: CommandLine) -> None:
    firm.on_the_day("sync")
    assert (
        "Nothing was written." in firm.on_the_day("pause", "--owner", "ben", "--close-open").stdout
    )
    firm("resume")
    ask = next(task for task in firm.host.tasks() if task["contact_id"] == "c1")
    firm.host.edit(str(ask["task_key"]))
    assert "Nothing was written." in firm.on_the_day("pause", "--close-open").stdout
    assert all(task["state"] == "open" for task in firm.host.tasks())


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    for pauses in (
        Pauses(everything=True),
        Pauses(everything=True, until=LATER, owners={"a b": None, 'c"\n': DAY}),
        Pauses(owners={"ana.lopez": LATER}),
        Pauses(),
    ):
        write_pauses(tmp_path, pauses)
        assert read_pauses(tmp_path) == pauses
