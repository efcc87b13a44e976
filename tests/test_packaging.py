"""What a user installs: the right files, no surprise dependency, no slow start."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
PROJECTS = [ROOT, *sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))]
PLUGINS = PROJECTS[1:]
ENGINES = {"duckdb", "pyspark", "py4j", "pyarrow", "pandas"}
HEAVY = {"polars", "narwhals", "pydantic", "requests", "hubspot", *ENGINES}
HEAVY |= {"simple_salesforce", "zeep", "lxml", "jwt", "cryptography"}


def project_of(folder: Path) -> dict[str, Any]:
    read = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(read["project"])


def wheel_files(folder: Path) -> set[str]:
    """Paths the wheel of *folder* would hold, as its build backend chooses them."""
    builder = WheelBuilder(str(folder))
    with builder.config.set_build_data({"artifacts": [], "force_include": {}}):
        files = builder.recurse_included_files()
        return {Path(file.distribution_path).as_posix() for file in files}


def requirement_names(lines: list[str]) -> set[str]:
    names = (re.match(r"[A-Za-z0-9][\w.-]*", line) for line in lines)
    return {match[0].lower().replace("_", "-") for match in names if match}


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda folder: folder.name)
def test_a_plugin_is_a_distribution_found_through_the_goodword_entry_point(folder: Path) -> None:
    project = project_of(folder)
    package = f"goodword_{folder.name}"
    assert project["name"] == f"goodword-{folder.name}"
    assert project["entry-points"] == {"goodword": {folder.name: package}}
    assert (folder / package / "__init__.py").exists()


def test_all_distributions_carry_the_same_version() -> None:
    assert len({project_of(folder)["version"] for folder in PROJECTS}) == 1


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_a_wheel_holds_every_file_of_its_package(folder: Path) -> None:
    source = folder / ("core" if folder == ROOT else "")
    package = source / ("goodword" if folder == ROOT else f"goodword_{folder.name}")
    on_disk = {
        path.relative_to(source).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wheel_files(folder) == on_disk


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_a_wheel_tells_type_checkers_that_it_is_typed(folder: Path) -> None:
    assert any(name.endswith("/py.typed") for name in wheel_files(folder))


def test_the_core_ships_its_words_and_the_csv_plugin_its_sample() -> None:
    assert any("/words/en/" in name for name in wheel_files(ROOT))
    sample = wheel_files(ROOT / "plugins" / "csv")
    assert "goodword_csv/sample/harbour-heating.xlsx" in sample


def test_constraints_name_versions_and_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    loose = [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[0-9][\w.]*( ; .+)?", pin)]
    assert loose == []


def test_every_dependency_is_pinned_in_the_constraints() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wanted: set[str] = set()
    for folder in PROJECTS:
        project = project_of(folder)
        wanted |= requirement_names(project["dependencies"])
        for extra in project.get("optional-dependencies", {}).values():
            wanted |= requirement_names(extra)
    wanted |= requirement_names((ROOT / "requirements-dev.txt").read_text("utf-8").splitlines())
    ours = {project_of(folder)["name"] for folder in PROJECTS}
    assert sorted(wanted - ours - requirement_names(pins)) == []


def test_no_lock_file_records_where_packages_came_from() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--cached"],  # noqa: S607 - whichever git the developer uses
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    lock = re.compile(r"(^|/)(uv|poetry|pdm)\.lock$|(^|/)pylock[^/]*\.toml$|(^|/)Pipfile\.lock$")
    assert [name for name in tracked if lock.search(name)] == []


def modules_after(arguments: list[str], folder: Path) -> set[str]:
    """What a process has imported once our command line has run in *folder*."""
    script = (
        "import json, sys\n"
        "from goodword.cli import main\n"
        f"sys.argv = ['goodword', *{arguments!r}]\n"
        "code = 0\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as stop:\n"
        "    code = stop.code or 0\n"
        "print()\n"
        "print(json.dumps([code, sorted(sys.modules)]))\n"
    )
    here = [ROOT / "core", *sorted(ROOT.glob("plugins/*"))]
    given = os.environ.get("PYTHONPATH", "")
    paths = os.pathsep.join(filter(None, [*map(str, here), given]))
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    return set(modules)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]], ids=lambda words: words[0])
def test_help_and_version_start_without_engine_or_sdk(arguments: list[str], tmp_path: Path) -> None:
    assert sorted(HEAVY & modules_after(arguments, tmp_path)) == []


SDKS = {"hubspot", "simple_salesforce", "requests", "urllib3"}
FILES = {"python_calamine", "openpyxl", "xlsxwriter", "rapidfuzz", "phonenumbers"}
"""What reads and matches lists of customers."""
ARRAYS = {"numpy", "scipy"}
NEEDLESS = {
    "plugins": {"polars", "narwhals", "jinja2", *ARRAYS, *FILES, *ENGINES, *SDKS},
    "why Rajiv": {*ARRAYS, *FILES, *ENGINES, *SDKS},
    "plan --today 2026-11-20": {"openpyxl", "xlsxwriter", *ENGINES, *SDKS},
}
"""What a command has no use for, on a firm of a spreadsheet."""


@pytest.fixture(scope="module")
def sample_firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample firm, planned once."""
    folder = tmp_path_factory.mktemp("sample") / "firm"
    modules_after(["demo", "--folder", str(folder)], folder.parent)
    return folder


@pytest.mark.parametrize("command", NEEDLESS)
def test_a_command_imports_only_what_it_needs(command: str, sample_firm: Path) -> None:
    modules = modules_after(command.split(), sample_firm)

    assert sorted(NEEDLESS[command] & modules) == []


def test_a_look_at_one_customer_starts_no_other_engine(sample_firm: Path) -> None:
    settings = sample_firm / "goodword.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before + '\n[engine]\nname = "duckdb"\n', encoding="utf-8")
    try:
        modules = modules_after(["why", "Rajiv"], sample_firm)
    finally:
        settings.write_text(before, encoding="utf-8")

    assert sorted(ENGINES & modules) == []


@pytest.mark.parametrize("command", ["plugins", "why Rajiv"])
def test_a_firm_with_a_crm_needs_its_sdk_only_to_talk_to_it(
    command: str, sample_firm: Path
) -> None:
    settings = sample_firm / "goodword.toml"
    before = settings.read_text(encoding="utf-8")
    assert 'name = "csv"' in before
    crm = before.replace('name = "csv"', 'name = "hubspot"')
    settings.write_text(crm, encoding="utf-8")
    try:
        modules = modules_after(command.split(), sample_firm)
    finally:
        settings.write_text(before, encoding="utf-8")

    assert "goodword_hubspot" in modules
    assert sorted(SDKS & modules) == []
