"""``goodword demo``: the whole way on the sample workbook, in a folder of its own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from goodword.cli.demo_folder import lay_out
from goodword.cli.file_connectors import connector_with
from goodword.settings_file import load_settings

if TYPE_CHECKING:
    from conftest import CommandLine

pytestmark = pytest.mark.usefixtures("spreadsheets")


def test_the_demo_plans_applies_and_leaves_nothing_to_do_twice(here: CommandLine) -> None:
    seen = here("demo")
    assert seen.exit_code == 0, seen.stderr
    settings = load_settings(here.folder / "goodword-demo")
    assert settings.firm.name == "Harbour Heating"
    assert (settings.rollout.mode, settings.rollout.start_date) == ("live", date(2026, 9, 20))
    assert "Nothing was written yet" in seen.stdout
    assert "To take it back: goodword undo" in seen.stdout
    assert "0 actions: what is written is not written again." in seen.stdout
    command = next(line for line in seen.stdout.splitlines() if "goodword why" in line)
    assert command.endswith("--today 2026-11-20")
    name = command.split('"')[1]
    assert here("demo").exit_code == 0, "a second demo starts afresh"
    told = here("why", name, "--folder", "goodword-demo")
    assert told.exit_code == 0
    assert told.stdout.startswith(name)
    left = next(line for line in seen.stdout.splitlines() if line.strip().startswith("open "))
    assert (here.folder / left.split()[1]).is_file()


def test_the_demo_starts_afresh_in_its_own_folder_only(here: CommandLine) -> None:
    demo = here.folder / "goodword-demo"
    demo.mkdir()
    (demo / "letter.txt").write_text("mine", encoding="utf-8")
    seen = here("demo")
    assert seen.exit_code == 1
    assert "files that are not of a demo" in seen.stderr
    assert (demo / "letter.txt").read_text(encoding="utf-8") == "mine"
    (demo / "letter.txt").unlink()
    sample = lay_out(demo, connector_with("demo", "csv"))
    (demo / "letter.txt").write_text("mine", encoding="utf-8")
    (demo / ".goodword").mkdir()
    (demo / ".goodword" / "old").touch()
    lay_out(demo, connector_with("demo", "csv"))
    assert (demo / "letter.txt").read_text(encoding="utf-8") == "mine"
    assert not (demo / ".goodword" / "old").exists()
    assert (demo / "goodword.toml").is_file()
    book = sample.leaves[0]
    book.write_bytes(b"mine")
    seen = here("demo")
    assert seen.exit_code == 1
    assert f"{book.name} was changed since the demo wrote it" in seen.stderr.replace("\n", " ")
    assert "--folder" in seen.stderr
    assert book.read_bytes() == b"mine"


def test_without_the_connector_the_demo_says_which_ones_are_installed(here: CommandLine) -> None:
    seen = here("demo", "--connector", "pipedrive")
    assert seen.exit_code == 2
    assert "No plugin for 'pipedrive' is installed" in seen.stderr
    assert "salesforce" in seen.stderr
