"""``goodword plugins new``: what it makes installs, passes its test and adds its rule."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import CommandLine, Site

ROOT = Path(__file__).parents[2]


def test_a_new_plugin_passes_its_own_test(here: CommandLine) -> None:
    seen = here("plugins", "new", "loyalty")
    assert seen.exit_code == 0
    made = here.folder / "goodword-loyalty"
    assert str(made.name) in seen.stdout
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=made,
        env={**os.environ, "PYTHONPATH": str(ROOT / "core")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_a_new_plugin_is_a_distribution_that_adds_its_rule(firm: CommandLine, site: Site) -> None:
    assert firm("plugins", "new", "loyalty").exit_code == 0
    made = firm.folder / "goodword-loyalty"
    build = "import hatchling.build as b, sys; b.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(site.folder)], cwd=made, check=True)
    wheel = next(site.folder.glob("goodword_loyalty-*.whl"))
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site.folder)
    firm.settings('[connector]\nname = "memory"\n[plugins]\nenabled = ["memory", "loyalty"]\n')
    rules = json.loads(firm("plugins", "--rules", "--json").stdout)["rules"]
    mine = next(rule for rule in rules if rule["name"] == "loyalty_settling_in")
    assert (mine["plugin"], mine["what"]) == ("loyalty", "wait")


@pytest.mark.parametrize("name", ["Loyalty", "my-plugin", "1st", "class", "../x", ""])
def test_a_name_that_python_cannot_import_is_refused(here: CommandLine, name: str) -> None:
    seen = here("plugins", "new", name)
    assert seen.exit_code == 2
    assert "cannot be called" in seen.stderr
    assert list(here.folder.iterdir()) == []


def test_a_folder_that_is_there_already_is_left_alone(here: CommandLine) -> None:
    here("plugins", "new", "loyalty")
    mine = here.folder / "goodword-loyalty" / "goodword_loyalty.py"
    mine.write_text("mine\n", encoding="utf-8")
    seen = here("plugins", "new", "loyalty")
    assert seen.exit_code == 1
    assert "is there already" in seen.stderr
    assert mine.read_text(encoding="utf-8") == "mine\n"
