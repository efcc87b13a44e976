"""A month of a plumbing firm: corrections, a fresh export, and the way back, as typed."""

from __future__ import annotations

import csv
import io
import tomllib
from typing import TYPE_CHECKING

import pytest

from goodword.cli.section_edit import with_section
from goodword.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import CommandLine, Terminal

pytestmark = pytest.mark.usefixtures("spreadsheets")
DAY = ("--today", "2026-11-20")
PEOPLE = """\
Name,Email,Phone,Town,Last job,NPS
Nora Quill,nora@x.example,+44 117 496 0101,Leeds,2026-11-02,10
Ida Brandt,ida@x.example,+44 117 496 0102,Bonn,2026-06-20,
Tom Reyes,tom@x.example,+44 117 496 0103,York,2026-11-10,10
Eva Lund,eva@x.example,+44 117 496 0104,York,2026-11-12,
Nils Berg,nils@x.example,+44 117 496 0105,York,2026-05-12,
"""


@pytest.fixture
def firm(here: CommandLine) -> CommandLine:
    """A firm that writes: its tasks for the week are in its list."""
    path = here.folder / "customers.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    assert here("init", "customers.csv", "--firm", "Marsh Street", "--yes").exit_code == 0
    settings = here.folder / "goodword.toml"
    text = settings.read_text("utf-8").replace('mode = "shadow"', 'mode = "live"')
    settings.write_text(text + "\n# the end, and my own note\n", "utf-8")
    seen = here("sync", *DAY)
    assert seen.exit_code == 0, seen.output
    assert who(here.folder / "customers.tasks.csv") >= {"Eva Lund", "Nora Quill", "Tom Reyes"}
    return here


def tasks(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def who(path: Path) -> set[str]:
    """Whom there is a task about; nobody is in the list twice."""
    names = [row["Customer"] for row in tasks(path)]
    assert len(set(names)) == len(names)
    return set(names)


def contents(firm: CommandLine) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in firm.folder.iterdir() if path.is_file()}


def settings(firm: CommandLine) -> dict[str, object]:
    return tomllib.loads((firm.folder / "goodword.toml").read_text("utf-8"))


def fresh(firm: CommandLine, *gone: str, name: str = "december.csv") -> Path:
    """A fresh export: newest first, one corrected address, without those who are gone."""
    header, *lines = PEOPLE.splitlines()
    kept = [line for line in lines if not line.startswith(gone)] if gone else lines
    text = "\n".join([header, *kept[::-1], ""]).replace("nora@x", "nora.quill@x")
    path = firm.folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("nora@x.example,+", "nora.quill@x.example,+"),
        ("Nora Quill", "Nora Brandt"),
        ("+44 117 496 0101", "+44 117 496 0199"),
    ],
)
def test_a_correction_makes_no_second_task(firm: CommandLine, before: str, after: str) -> None:
    path = firm.folder / "customers.csv"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    assert "nothing" in firm("sync", *DAY).output.lower()
    assert who(firm.folder / "customers.tasks.csv")


def test_a_fresh_export_saved_over_the_list_makes_no_second_task(firm: CommandLine) -> None:
    fresh(firm, name="customers.csv")
    seen = firm("sync", *DAY)
    assert "5 people are known, 0 new, 0 missing" in " ".join(seen.output.split())
    assert who(firm.folder / "customers.tasks.csv")
    assert "Goodword stage" in (firm.folder / "customers.csv").read_text("utf-8")


def test_a_fresh_export_takes_the_place_of_the_list(firm: CommandLine) -> None:
    new = fresh(firm, "Ida")
    old = (firm.folder / "customers.csv").read_bytes()
    account = settings(firm)["connector"]
    seen = firm("replace", str(new), "--yes")
    assert seen.exit_code == 0, seen.output
    assert [line.split() for line in seen.output.splitlines()[1:4]] == [
        ["known", "4"],
        ["new", "0"],
        ["missing", "1"],
    ]
    assert "Ida Brandt" in seen.output
    assert (firm.folder / "customers.csv").read_bytes() == old
    text = (firm.folder / "goodword.toml").read_text("utf-8")
    assert 'file = "december.csv"' in text
    assert "# as your customers know it" in text
    assert "# the end, and my own note" in text
    assert settings(firm)["connector"] == account
    assert tasks(firm.folder / "december.tasks.csv") == tasks(firm.folder / "customers.tasks.csv")
    assert "nothing" in firm("sync", *DAY).output.lower()
    assert who(firm.folder / "december.tasks.csv")


def test_the_way_back_is_the_old_settings(firm: CommandLine) -> None:
    new = fresh(firm, "Ida")
    before = (firm.folder / "goodword.toml").read_bytes()
    seen = firm("replace", str(new), "--yes")
    assert "rename goodword.toml.old to goodword.toml" in seen.output
    (firm.folder / "goodword.toml.old").replace(firm.folder / "goodword.toml")
    assert (firm.folder / "goodword.toml").read_bytes() == before
    assert "nothing" in firm("sync", *DAY).output.lower()


def test_a_list_that_shrank_needs_a_word_of_its_own(firm: CommandLine) -> None:
    new = fresh(firm, "Ida", "Nora")
    before = contents(firm)
    refused = firm("replace", str(new), "--yes")
    assert refused.exit_code == 1
    assert "2 of 5 customers are missing" in refused.output
    assert "--missing-ok" in refused.output
    assert contents(firm) == before
    assert firm("replace", str(new), "--yes", "--missing-ok").exit_code == 0
    assert "december.csv" in str(settings(firm))


def test_nobody_answering_or_a_no_leaves_everything_as_it_is(firm: CommandLine) -> None:
    new = fresh(firm)
    before = contents(firm)
    assert "--yes" in firm("replace", str(new)).output
    assert "Nothing was done" in firm("replace", str(new), typed="n\n").output
    assert contents(firm) == before
    assert firm("replace", str(new), typed="y\n").exit_code == 0
    assert "december.csv" in str(settings(firm))


@pytest.mark.long
def test_settings_that_cannot_be_written_are_by_the_same_command_later(firm: CommandLine) -> None:
    new = fresh(firm, "Ida")
    before = (firm.folder / "goodword.toml").read_bytes()
    in_the_way = firm.folder / "goodword.toml.new"
    in_the_way.mkdir()
    failed = firm("replace", str(new), "--yes")
    in_the_way.rmdir()
    assert failed.exit_code == 1
    assert f'then run: goodword replace "{new}"' in failed.output
    assert (firm.folder / "goodword.toml").read_bytes() == before
    assert "nothing" in firm("sync", *DAY).output.lower()
    assert firm("replace", str(new), "--yes").exit_code == 0
    assert "nothing" in firm("sync", *DAY).output.lower()
    assert who(firm.folder / "december.tasks.csv")


def elsewhere(firm: CommandLine, new: Path) -> Path:
    """Put an export where a browser does."""
    downloads = firm.folder.parent / "downloads"
    downloads.mkdir(exist_ok=True)
    return new.rename(downloads / new.name)


def test_an_export_from_elsewhere_is_copied_into_the_firms_folder_first(firm: CommandLine) -> None:
    new = elsewhere(firm, fresh(firm, "Ida"))
    as_it_came = new.read_bytes()
    seen = firm("replace", str(new), "--yes")
    assert seen.exit_code == 0, seen.output
    assert "is copied into" in seen.output
    assert [one["file"] for one in settings(firm)["plugin"]["csv"]["sources"]] == ["december.csv"]  # type: ignore[index]
    assert new.read_bytes() == as_it_came
    assert [path.name for path in new.parent.iterdir()] == ["december.csv"]
    assert "Goodword stage" in (firm.folder / "december.csv").read_text("utf-8")
    assert "nothing" in firm("sync", *DAY).output.lower()


def test_a_no_takes_the_copy_away_again(firm: CommandLine) -> None:
    new = elsewhere(firm, fresh(firm, "Ida"))
    before = contents(firm)
    assert "Nothing was done" in firm("replace", str(new), typed="n\n").output
    assert contents(firm) == before


def test_no_file_of_the_firm_is_overwritten_by_one_from_elsewhere(firm: CommandLine) -> None:
    new = elsewhere(firm, fresh(firm, "Ida", name="customers.csv.new"))
    new = new.rename(new.with_name("customers.csv"))
    before = contents(firm)
    seen = firm("replace", str(new), "--yes")
    assert seen.exit_code == 1
    assert "customers.csv already" in seen.output
    assert "another name" in seen.output
    assert contents(firm) == before


def test_a_copy_that_a_cut_off_run_left_is_used(firm: CommandLine) -> None:
    new = elsewhere(firm, fresh(firm, "Ida"))
    (firm.folder / "december.csv").write_bytes(new.read_bytes())
    assert firm("replace", str(new), "--yes").exit_code == 0
    assert "december.csv" in str(settings(firm))


def test_settings_changed_while_the_question_stands_are_not_overwritten(
    firm: CommandLine, terminal: Terminal
) -> None:
    new = fresh(firm)
    path = firm.folder / "goodword.toml"
    before = contents(firm)

    def answers() -> Iterator[tuple[str, str]]:
        yield "Go on with the new file?", "perhaps"
        path.write_text(path.read_text("utf-8") + "# while you waited\n", "utf-8")
        yield "Go on with the new file?", "y"

    seen = terminal.goodword("replace", new.name, answers=answers())
    assert seen.exit_code == 1, seen.text
    assert "was changed meanwhile" in seen.text
    assert contents(firm) == before | {path: before[path] + b"# while you waited\n"}


@pytest.mark.parametrize(
    ("text", "where", "values"),
    [
        ('[plugin]\ncsv.region = "DE"\n[firm]\n', ["plugin", "csv"], {"more": {"x": 1}}),
        ('[connector.x]\n[firm]\n[connector]\nname = "a"\n', ["connector"], {"name": "b"}),
    ],
)
def test_a_section_that_cannot_be_changed_says_what_to_write_by_hand(
    text: str, where: list[str], values: dict[str, object]
) -> None:
    with pytest.raises(SettingsError) as failed:
        with_section(text.encode(), where, values, by_hand="Write it so.")
    assert failed.value.hint == "Write it so."


def test_a_file_that_is_not_there_or_a_profile_is_refused(firm: CommandLine) -> None:
    assert "There is no file" in firm("replace", "nothing.csv").output
    assert "profile" in firm("--profile", "trial", "replace", "customers.csv").output


def test_a_copy_of_a_cloud_drive_is_named(firm: CommandLine) -> None:
    copy = firm.folder / "customers (Ana's conflicted copy 2026-11-20).csv"
    copy.write_text(PEOPLE, "utf-8")
    for command in (("doctor",), ("pull",)):
        assert "conflicted copy" in " ".join(firm(*command).output.split())
    (firm.folder / "goodword.toml").unlink()
    for path in firm.folder.glob("*.tasks.csv"):
        path.unlink()
    seen = firm("init", ".", "--yes")
    assert "is left out: it looks like a copy of customers.csv" in " ".join(seen.output.split())
    assert [one["file"] for one in settings(firm)["plugin"]["csv"]["sources"]] == ["customers.csv"]  # type: ignore[index]


def in_mode(firm: CommandLine, mode: str) -> None:
    path = firm.folder / "goodword.toml"
    path.write_text(path.read_text("utf-8").replace('mode = "live"', f'mode = "{mode}"'), "utf-8")


@pytest.mark.promise("modes.shadow-writes-nothing")
def test_in_shadow_mode_only_the_settings_name_the_new_file(here: CommandLine) -> None:
    path = here.folder / "customers.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    assert here("init", "customers.csv", "--firm", "Marsh Street", "--yes").exit_code == 0
    assert here("plan", *DAY).exit_code == 0
    new = fresh(here)
    before = contents(here)
    seen = here("replace", new.name, "--yes")
    assert seen.exit_code == 0, seen.output
    assert "shadow mode" in seen.output
    toml = here.folder / "goodword.toml"
    assert contents(here) == before | {
        toml: toml.read_bytes(),
        here.folder / "goodword.toml.old": before[toml],
    }
    assert "december.csv" in str(settings(here))


@pytest.mark.promise("modes.shadow-writes-nothing")
def test_in_shadow_mode_a_list_we_wrote_to_stays_until_we_may_write_again(
    firm: CommandLine,
) -> None:
    in_mode(firm, "shadow")
    new = elsewhere(firm, fresh(firm))
    before = contents(firm)
    seen = firm("replace", str(new), "--yes")
    assert seen.exit_code == 1
    assert "shadow mode" in seen.output
    assert "goodword rollout live" in seen.output
    assert contents(firm) == before
    in_mode(firm, "live")


def test_while_everything_is_paused_nothing_is_replaced(firm: CommandLine) -> None:
    new = elsewhere(firm, fresh(firm))
    (firm.folder / "PAUSE").touch()
    before = contents(firm)
    seen = firm("replace", str(new), "--yes")
    assert seen.exit_code == 1
    assert "goodword resume" in seen.output
    assert contents(firm) == before
    assert firm("resume").exit_code == 0
    assert firm("replace", str(new), "--yes").exit_code == 0


def test_a_list_that_was_renamed_away_leaves_its_tasks_for_the_new_one(firm: CommandLine) -> None:
    path = firm.folder / "customers.tasks.csv"
    text = path.read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    rows[1][rows[0].index("Outcome")] = "never"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    about = rows[1][rows[0].index("Customer")]
    before = path.read_bytes()
    (firm.folder / "customers.csv").rename(firm.folder / "old.csv")
    seen = firm("replace", fresh(firm).name, "--yes")
    assert seen.exit_code == 0, seen.output
    assert "customers.csv stays as it is" not in seen.output
    assert path.read_bytes() == before
    moved = {row["Customer"]: row["Outcome"] for row in tasks(firm.folder / "december.tasks.csv")}
    assert moved.keys() == {row[rows[0].index("Customer")] for row in rows[1:]}
    assert moved[about] == "never"
    assert firm("sync", *DAY).exit_code == 0
    assert who(firm.folder / "december.tasks.csv")


@pytest.mark.promise("undo.fields")
@pytest.mark.promise("undo.tasks")
def test_undo_after_a_fresh_export_takes_back_what_went_into_it(firm: CommandLine) -> None:
    assert firm("replace", fresh(firm).name, "--yes").exit_code == 0
    old = {path: data for path, data in contents(firm).items() if "customers" in path.name}
    assert len(old) >= 2
    seen = firm("undo")
    assert seen.exit_code == 0, seen.output
    assert {path: path.read_bytes() for path in old} == old
    open_tasks = [
        row for row in tasks(firm.folder / "december.tasks.csv") if row["Done"] in {"", "no"}
    ]
    assert open_tasks == []
    rows = csv.DictReader(io.StringIO((firm.folder / "december.csv").read_text("utf-8-sig")))
    assert {row["Goodword stage"] for row in rows} == {""}


def test_no_sign_of_a_list_steers_the_terminal(firm: CommandLine) -> None:
    path = firm.folder / "customers.csv"
    text = path.read_text("utf-8").replace("Ida Brandt", "Ida \x1b[31m\u202eBrandt")
    path.write_text(text, "utf-8")
    new = fresh(firm, "Ida", name="dec\u202e\x1b[2Jember.csv")
    seen = firm("replace", new.name, "--yes")
    assert seen.exit_code == 0, seen.output
    assert "Ida" in seen.output
    assert not {"\x1b", "\u202e"} & set(seen.output)


def test_said_again_it_is_done_already(firm: CommandLine) -> None:
    new = elsewhere(firm, fresh(firm))
    assert firm("replace", str(new), "--yes").exit_code == 0
    before = contents(firm)
    for name in ("december.csv", str(new)):
        again = firm("replace", name, "--yes")
        assert again.exit_code == 0, again.output
        assert "already" in again.output
        assert contents(firm) == before


def test_a_list_of_the_firm_is_never_taken_away_as_a_copy(firm: CommandLine) -> None:
    new = elsewhere(firm, fresh(firm))
    copy = firm.folder / "december.csv"
    copy.write_bytes(new.read_bytes())
    assert "Nothing was done" in firm("replace", str(new), typed="n\n").output
    assert copy.read_bytes() == new.read_bytes()


def test_the_history_says_who_replaced_what_with_which_counts(firm: CommandLine) -> None:
    fresh(firm, "Ida")
    assert firm("replace", "december.csv", "--yes").exit_code == 0
    lines = list(csv.DictReader(io.StringIO(firm("history", "--csv").stdout)))
    told = lines[-1]
    assert told["change"] == "customers.csv -> december.csv; 4 known, 0 new, 1 missing"
    assert (told["rule"], told["result"], told["contact_id"]) == ("replace", "done", "")
    assert told["os_user"]
    page = " ".join(firm("history", "--run", told["run"]).stdout.split())
    assert "new list" in page
    assert "4 known, 0 new, 1 missing" in page
    assert firm("undo").exit_code in {0, 3}  # takes back the week before, not the new list
    assert "december.csv" in (firm.folder / "goodword.toml").read_text("utf-8")


@pytest.mark.long
def test_in_a_pilot_a_lost_refusal_is_put_back_only_for_whom_it_is_about(
    firm: CommandLine,
) -> None:
    path = firm.folder / "customers.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    at = rows[0].index("Goodword do not ask")
    for row in rows[1:3]:  # Nora and Ida
        row[at] = "x"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert firm("sync", *DAY).exit_code == 0
    path.write_text(PEOPLE, encoding="utf-8")
    assert firm("rollout", "pilot", "--contact", "Nora Quill").exit_code == 0
    assert firm("sync", *DAY).exit_code == 0
    marked = {row["Name"] for row in tasks(path) if row["Goodword do not ask"]}
    assert marked == {"Nora Quill"}
    assert firm("rollout", "live").exit_code == 0
    assert firm("sync", *DAY).exit_code == 0
    marked = {row["Name"] for row in tasks(path) if row["Goodword do not ask"]}
    assert marked == {"Nora Quill", "Ida Brandt"}
