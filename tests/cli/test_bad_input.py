"""What a user sees when something is wrong: what, where, what to do next; never a traceback."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from goodword import looking
from goodword.cli import main

if TYPE_CHECKING:
    from conftest import CommandLine, Site

ROOT = Path(__file__).parents[2]


def goodword(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the real program in *folder*."""
    return subprocess.run(
        [sys.executable, "-c", "from goodword.cli import main; main()", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "core"), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_without_settings_the_way_to_start_is_named(here: CommandLine) -> None:
    seen = here("plan")
    assert seen.exit_code == 2
    assert "There is no goodword.toml" in seen.stderr
    assert "→ Run goodword init" in seen.stderr


def test_an_unknown_setting_names_the_nearest_one(firm: CommandLine) -> None:
    firm.settings("[ask]\ncooldown_day = 30\n")
    seen = firm("plan")
    assert seen.exit_code == 2
    assert "unknown setting 'ask.cooldown_day'" in seen.stderr
    assert "Did you mean 'cooldown_days'?" in seen.stderr


def test_a_line_that_is_no_toml_is_named_by_its_number(firm: CommandLine) -> None:
    firm.settings('[firm]\nname = "Harbour\n')
    seen = firm("doctor")
    assert seen.exit_code == 2
    assert "line 2" in seen.stderr


def test_a_misspelt_fact_in_a_rule_names_rule_and_nearest_fact(firm: CommandLine) -> None:
    firm.settings('[[ask.suppressor]]\nname = "big"\nwhen = "nps_lst > 3"\nbecause = "big"\n')
    seen = firm("plan")
    assert seen.exit_code == 2
    assert "suppressor 'big'" in seen.stderr
    assert "nps_last" in seen.stderr


def test_a_broken_plugin_stops_what_writes_and_is_named(firm: CommandLine, site: Site) -> None:
    site.install("broken", "raise ImportError('Pat Doe')\n")
    firm.settings('[connector]\nname = "memory"\n[plugins]\nenabled = ["memory", "broken"]\n')
    for command in ("plan", "apply", "sync"):
        seen = firm(command)
        assert seen.exit_code == 1
        assert (
            "Plugin 'broken': it does not load (ImportError, at goodword_broken.py:1)"
            in seen.stderr
        )
        assert "take 'broken' out of [plugins] enabled" in seen.stderr
        assert "Pat Doe" not in seen.output


def test_a_plugin_that_is_not_installed_is_named(firm: CommandLine) -> None:
    firm.settings('[plugins]\nenabled = ["loyalty"]\n')
    seen = firm("doctor")
    assert seen.exit_code == 2
    assert "'loyalty', which is not installed" in seen.stderr


def test_an_error_in_the_words_names_play_and_line(firm: CommandLine) -> None:
    words = firm.folder / "words" / "en"
    words.mkdir(parents=True)
    (words / "ask.txt").write_text("Subject: Hello\n\nDear {{ frist_name }},\n", encoding="utf-8")
    seen = firm.on_the_day("plan")
    assert seen.exit_code == 2
    assert "ask.txt" in seen.stderr
    assert "play 'ask'" in seen.stderr
    assert "line 3" in seen.stderr
    assert "first_name" in seen.stderr


def test_a_plan_that_does_not_exist_is_refused(firm: CommandLine) -> None:
    seen = firm("apply", "nope")
    assert seen.exit_code == 1
    assert "There is no plan 'nope'" in seen.stderr


def test_a_command_that_does_not_exist_is_a_usage_error(here: CommandLine) -> None:
    seen = here("plann")
    assert seen.exit_code == 2
    assert "plann" in seen.stderr


def test_a_folder_that_does_not_exist_is_named(here: CommandLine) -> None:
    for line in (["-C", "nowhere", "plan"], ["plan", "--folder", "nowhere"]):
        seen = here(*line)
        assert seen.exit_code == 2
        assert "There is no folder 'nowhere'" in seen.stderr


def test_a_day_that_is_none_is_refused(firm: CommandLine) -> None:
    seen = firm("plan", "--today", "20.11.2026")
    assert seen.exit_code == 2
    assert "write the day as 2026-11-20" in seen.stderr


def test_the_settings_are_found_from_a_folder_below(
    firm: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = firm.folder / "letters" / "2026"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert firm("doctor").exit_code == 0


@pytest.fixture
def read_only(firm: CommandLine) -> Iterator[Path]:
    """The firm's folder while nobody may write into it."""
    if os.name != "posix" or os.geteuid() == 0:
        (firm.folder / ".goodword").write_text("a file where the folder would go\n")
        yield firm.folder
        return
    mode = firm.folder.stat().st_mode
    firm.folder.chmod(mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    yield firm.folder
    firm.folder.chmod(mode)


def test_a_folder_that_cannot_be_written_is_a_clear_message(
    firm: CommandLine, read_only: Path
) -> None:
    seen = firm("plan")
    assert seen.exit_code == 1
    assert "cannot be made" in seen.stderr
    assert "a folder you may write to" in seen.stderr


def test_a_fault_of_ours_is_told_without_its_text(
    firm: CommandLine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        msg = "Pat Doe, pat@c1.example"
        raise KeyError(msg)

    monkeypatch.setattr(looking, "doctor", fail)
    monkeypatch.setattr(sys, "argv", ["goodword", "doctor"])
    with pytest.raises(SystemExit) as left:
        main()
    told = capsys.readouterr()
    assert left.value.code == 1
    assert "KeyError" in told.err
    assert "doctor.py:" in told.err or "test_bad_input.py:" in told.err
    assert "Pat" not in told.out + told.err


def test_stopping_by_hand_leaves_with_its_own_code(
    firm: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(looking, "doctor", stop)
    seen = firm("doctor")
    assert seen.exit_code == 130
    assert "Nothing is half-written" in seen.stderr


def test_names_cannot_steer_the_terminal(firm: CommandLine) -> None:
    firm.host.put(contacts=[{"contact_id": "c9", "name": "\x1b[2J[red]Zed\x07"}])
    firm("pull")
    seen = firm("why", "c9")
    assert seen.exit_code == 0
    assert "\x1b" not in seen.stdout
    assert "[red]Zed" in seen.stdout


def test_a_terminal_without_utf8_gets_plain_signs(tmp_path: Path) -> None:
    seen = goodword("plan", folder=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert seen.returncode == 2
    assert "-> Run goodword init" in seen.stderr


def test_a_reader_that_leaves_early_is_no_fault(tmp_path: Path) -> None:
    script = "from goodword.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", script, "plugins", "--rules"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "core")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
        code = process.wait(timeout=60)
    assert code == 141
    assert told == ""


def test_no_colour_is_sent_where_none_is_wanted(tmp_path: Path) -> None:
    seen = goodword("plan", folder=tmp_path, NO_COLOR="1", FORCE_COLOR="1", TERM="xterm")
    assert "\x1b[31m" not in seen.stderr


def test_a_narrow_terminal_still_reads(tmp_path: Path) -> None:
    seen = goodword("plugins", "--rules", folder=tmp_path, COLUMNS="40")
    assert seen.returncode == 0
    assert "opt_out" in seen.stdout
    assert all(len(line) <= 40 for line in seen.stdout.splitlines())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            '[caps]\nrep_open_tasks = "five"',
            "caps.rep_open_tasks must be a whole number, such as 5",
        ),
        ("[caps]\nrep_open_tasks = 2.5", "caps.rep_open_tasks must be a whole number, such as 5"),
        ("[firm]\nname = 5", "firm.name must be text in quotes"),
        ('[[play]]\nname = "quiet"\nenabled = "maybe"', "play.0.enabled must be true or false"),
    ],
)
def test_a_setting_of_the_wrong_kind_says_what_it_must_be(
    here: CommandLine, line: str, told: str
) -> None:
    here.settings(line)
    seen = here("plan")
    assert seen.exit_code == 2
    assert told in " ".join(seen.stderr.split())
