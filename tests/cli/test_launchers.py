"""The icons for people without a terminal: what they find, install once, and run."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from goodword.cli.launcher import BAT, COMMAND, DESKTOP, LAUNCHERS, text_of

if TYPE_CHECKING:
    from conftest import CommandLine, Terminal

KEPT = Path(__file__).parents[2] / "plugins" / "csv" / "launchers"
ENTER = ("Press Enter to close", "")
ODD = "Büro & Söhne's Liste"
NOTES = """\
import sys

if __name__ == "__main__":
    print("asked for:", sys.argv[1:])
    sys.exit(3 if "fail.csv" in sys.argv[-1] else 0)
"""


PROJECT = """\
[build-system]
requires = []
build-backend = "build_it"
backend-path = ["."]
"""
BUILDER = """\
import zipfile
from pathlib import Path

ABOUT = "Metadata-Version: 2.1\\nName: NAME\\nVersion: 1.0\\n"
TAG = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"


def build_wheel(folder, settings=None, metadata=None):
    name = "NAME-1.0-py3-none-any.whl"
    with zipfile.ZipFile(Path(folder) / name, "w") as wheel:
        wheel.writestr("NAME/__init__.py", "")
        wheel.write("notes.txt", "NAME/__main__.py")
        info = "NAME-1.0.dist-info"
        for part, text in {"METADATA": ABOUT, "WHEEL": TAG, "RECORD": ""}.items():
            wheel.writestr(f"{info}/{part}", text)
    return name
"""


@pytest.fixture
def office(terminal: Terminal) -> Terminal:
    """A terminal in a folder with spaces, an umlaut and an apostrophe, without our own code."""
    folder = terminal.folder / ODD
    folder.mkdir()
    shutil.copy(KEPT / COMMAND, folder)
    terminal.folder = folder
    del terminal.environment["PYTHONPATH"]
    return terminal


@pytest.fixture
def source(office: Terminal, tmp_path: Path) -> Path:
    """The folder of goodword with the icon in its place, and code that only tells of its call."""
    source = tmp_path / ODD
    for name, folder in (("goodword", source), ("goodword_csv", source / "plugins" / "csv")):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pyproject.toml").write_text(PROJECT)
        (folder / "build_it.py").write_text(BUILDER.replace("NAME", name))
        (folder / "notes.txt").write_text(NOTES)
    (source / "core" / "goodword").mkdir(parents=True)
    office.folder = source / "plugins" / "csv" / "launchers"
    office.folder.mkdir()
    shutil.copy(KEPT / COMMAND, office.folder)
    office.environment["PIP_NO_INDEX"] = "1"
    return source


@pytest.fixture
def installed(office: Terminal, tmp_path: Path) -> Terminal:
    """A terminal of somebody who has gone through the installation before."""
    packages = tmp_path / "packages"
    for name in ("goodword", "goodword_csv"):
        (packages / name).mkdir(parents=True)
        (packages / name / "__init__.py").touch()
        (packages / name / "__main__.py").write_text(NOTES)
    python = our_python(office) / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{packages}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return office


def our_python(office: Terminal) -> Path:
    return Path(office.environment["HOME"]) / ".local" / "share" / "goodword" / "python"


@pytest.mark.parametrize("name", LAUNCHERS)
def test_the_repository_keeps_each_launcher_as_it_is_written(name: str) -> None:
    assert (KEPT / name).read_bytes() == text_of(name)


@pytest.mark.long
def test_the_first_start_installs_for_this_person_alone_and_the_second_just_runs(
    office: Terminal, source: Path
) -> None:
    broken = our_python(office) / "bin" / "python"  # of a Python that was removed since
    broken.parent.mkdir(parents=True)
    broken.symlink_to("/nowhere/python3")
    dropped = str(office.folder / "Kunden März.xlsx")
    first = office.run("sh", COMMAND, dropped, answers=[ENTER])
    assert first.exit_code == 0, first.text
    assert "once, for you alone" in first.text
    assert "needs the internet" in first.text
    assert f"asked for: ['start', '--', {dropped!r}]" in first.text
    assert [path.name for path in office.folder.iterdir()] == [COMMAND]
    shutil.copytree(office.folder, office.folder.parents[3] / "elsewhere")
    shutil.rmtree(source)
    office.folder = office.folder.parents[3] / "elsewhere"
    second = office.run("sh", COMMAND, answers=[ENTER])
    assert second.exit_code == 0, second.text
    assert "internet" not in second.text
    assert "asked for: ['start']" in second.text


def test_an_icon_far_from_goodword_fetches_nothing_by_its_name(office: Terminal) -> None:
    seen = office.run("sh", COMMAND, answers=[ENTER])
    assert seen.exit_code == 1
    assert "Get its folder" in seen.text
    assert not our_python(office).exists()


def test_a_firm_beside_the_icon_is_the_one_that_is_meant(installed: Terminal) -> None:
    (installed.folder / "goodword.toml").touch()
    script = str(installed.folder / COMMAND)
    seen = installed.run("sh", script, "/x/new.csv", answers=[ENTER])
    wanted = ["-C", str(installed.folder), "start", "--", "/x/new.csv"]
    assert f"asked for: {wanted}" in seen.text


def test_what_went_wrong_stays_on_the_screen(installed: Terminal) -> None:
    seen = installed.run("sh", COMMAND, "fail.csv", answers=[ENTER])
    assert seen.exit_code == 3


@pytest.mark.long
def test_without_the_internet_nothing_half_installed_stays(office: Terminal, source: Path) -> None:
    needing = PROJECT.replace("[]", '["somepackage"]')
    (source / "pyproject.toml").write_text(needing)
    seen = office.run("sh", COMMAND, answers=[ENTER])
    assert seen.exit_code == 1
    assert "Check the internet connection" in seen.text
    assert not our_python(office).exists()


def test_without_python_the_one_step_is_named(
    office: Terminal, source: Path, tmp_path: Path
) -> None:
    assert source.is_dir()
    bare = tmp_path / "bare"
    bare.mkdir()
    for tool in ("sh", "uname", "dirname", "mkdir", "rm"):
        (bare / tool).symlink_to(shutil.which(tool) or tool)
    for old in ("python3", "python"):
        (bare / old).write_text("#!/bin/sh\nexit 1\n")  # as Python 3.9 answers: not new enough
        (bare / old).chmod(0o755)
    office.environment["PATH"] = str(bare)
    seen = office.run(str(shutil.which("sh")), COMMAND, answers=[ENTER])
    assert seen.exit_code == 1
    assert "https://www.python.org/downloads/" in seen.text
    assert not our_python(office).exists()


def test_the_written_launcher_uses_the_python_goodword_is_in(
    here: CommandLine, terminal: Terminal, spreadsheets: None
) -> None:
    home = here.folder / ODD
    home.mkdir()
    assert here("launcher", str(home)).exit_code == 0
    assert sorted(path.name for path in home.iterdir()) == sorted([COMMAND, DESKTOP])
    assert (home / COMMAND).stat().st_mode & 0o111
    terminal.folder = home
    answers = [("type where it is, and press Enter", "\x03"), ENTER]
    seen = terminal.run("sh", COMMAND, answers=answers)
    assert seen.exit_code == 130, seen.text
    assert not our_python(terminal).exists()


def test_no_code_of_the_lists_folder_is_run(
    here: CommandLine, terminal: Terminal, spreadsheets: None
) -> None:
    home = here.folder / ODD
    home.mkdir()
    assert here("launcher", str(home)).exit_code == 0
    trap = 'from pathlib import Path\nPath(__file__).with_suffix(".ran").touch()\n'
    for name in ("goodword", "goodword_csv", "encodings"):
        (home / name).mkdir()
        (home / name / "__init__.py").write_text(trap)
    for name in ("typer", "sys", "pip", "venv", "tomlkit"):
        (home / f"{name}.py").write_text(trap)
    terminal.folder = home
    answers = [("type where it is, and press Enter", "\x03"), ENTER]
    seen = terminal.run("sh", COMMAND, answers=answers)
    assert seen.exit_code == 130, seen.text
    assert [str(path) for path in home.rglob("*.ran")] == []


@pytest.mark.parametrize("name", LAUNCHERS)
def test_every_call_of_python_leaves_out_the_folder_it_is_made_in(name: str) -> None:
    text = text_of(name).decode()
    calls = re.findall(r'^.*(?:"| |~P|%)(?= -(?:P -)?[cm] ).*$', text, re.MULTILINE)
    calls = [line for line in calls if "sh -c" not in line]
    assert bool(calls) == (name != DESKTOP)
    assert [line for line in calls if " -P -c " not in line and " -P -m " not in line] == []
    assert len(calls) == {BAT: 9, COMMAND: 6, DESKTOP: 0}[name]
    if name == BAT:
        first = text.index('set "NoDefaultCurrentDirectoryInExePath=1"')
        assert first < text.index("chcp") < text.index("-P -c")


def test_all_of_them_are_written_on_demand_and_a_stranger_is_left_alone(here: CommandLine) -> None:
    assert here("launcher", "--all").exit_code == 0
    assert sorted(path.name for path in here.folder.iterdir()) == sorted(LAUNCHERS)
    assert here("launcher", "--all").exit_code == 0
    (here.folder / BAT).write_bytes(b"echo mine\r\n")
    seen = here("launcher", "--all")
    assert seen.exit_code == 1
    assert "is no launcher" in seen.stderr
    assert (here.folder / BAT).read_bytes() == b"echo mine\r\n"
    assert here("launcher", "nowhere").exit_code == 2


def test_the_desktop_entry_runs_the_script_beside_it_with_what_was_dropped(
    office: Terminal, tmp_path: Path
) -> None:
    (office.folder / COMMAND).write_text('printf "<%s>" "$@"\n')
    lines = dict(
        line.split("=", 1) for line in text_of(DESKTOP).decode().splitlines() if "=" in line
    )
    assert (lines["Type"], lines["Terminal"]) == ("Application", "true")
    # The value escapes backslashes once (a string of the file), quotes and $ once (an argument).
    arguments = shlex.split(lines["Exec"].replace("\\\\", "\\").replace("\\$", "$"))
    codes = {"%k": str(office.folder / DESKTOP), "%f": str(office.folder / "Kunden März.csv")}
    ran = subprocess.run(
        [codes.get(argument, argument) for argument in arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert ran.stdout == f"<{codes['%f']}>"
    known = {"Type", "Version", "Name", "Comment", "Exec", "Icon", "Terminal", "MimeType"}
    assert {name.partition("[")[0] for name in lines} <= {*known, "Categories"}


def test_the_batch_file_keeps_the_rules_it_cannot_be_run_for_here() -> None:
    data = text_of(BAT, r"C:\100%\Büro & Söhne\python.exe")
    text = data.decode("utf-8")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert r'set "KNOWN=C:\100%%\Büro & Söhne\python.exe"' in text
    lines = text.split("\r\n")
    for name in ("KNOWN", "OURS", "BESIDE", "SOURCE", "DROPPED", "PYTHON"):
        for line in lines:
            for found in re.finditer(f"%{name}%", line):
                before = line[: found.start()]
                assert before.count('"') % 2 == 1, f"a path outside quotes: {line}"
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert set(re.findall(r"goto (\w+)", text)) <= labels
    assert text.index("chcp 65001") < text.index("KNOWN=")
    assert lines[-3] == "pause >nul"
    depth = 0
    for line in lines:
        words = re.sub(r'"[^"]*"', "", line)
        if depth and words.strip().startswith("echo"):
            assert not set("()&|<>") & set(words), f"ends the block: {line}"
        depth += words.count("(") - words.count(")")
    assert depth == 0
    assert sys.platform != "win32", "on Windows it should be run"
