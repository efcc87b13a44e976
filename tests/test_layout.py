"""The shape of the repository: nothing shadows, nothing sprawls, nothing hides an import."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
CORE_FILES = sorted((ROOT / "core" / "goodword").rglob("*.py"))
PYTHON_FILES = sorted(
    path
    for folder in ("core", "plugins", "tests", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)
SDK_NAMES = {"hubspot", "simple_salesforce", "salesforce"}
SHAPELESS_NAMES = {"utils", "util", "helpers", "common", "base", "misc", "manager", "processor"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_init_file_turns_a_plain_folder_into_a_package() -> None:
    plain = [ROOT / "core", ROOT / "plugins", *(ROOT / "plugins").iterdir()]
    plain += [ROOT / "tests", *(path for path in (ROOT / "tests").rglob("*") if path.is_dir())]
    found = [relative(path / "__init__.py") for path in plain if (path / "__init__.py").exists()]
    # A plugin made for a test is a distribution of its own, and its package may be one.
    found = [name for name in found if "goodword_" not in name]
    assert found == []


def test_no_test_folder_carries_the_name_of_something_the_plugins_import() -> None:
    folders = {path.name for path in (ROOT / "tests").rglob("*") if path.is_dir()}
    assert sorted(folders & ({"csv"} | SDK_NAMES)) == []


def test_no_package_hides_a_standard_module_or_a_vendor_sdk() -> None:
    taken = set(sys.stdlib_module_names) | SDK_NAMES
    importable = {path.name for path in (ROOT / "core").iterdir() if path.is_dir()}
    for plugin in PLUGINS:
        built = tomllib.loads((plugin / "pyproject.toml").read_text(encoding="utf-8"))
        importable |= set(built["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert importable & taken == set()


@pytest.mark.parametrize("path", PYTHON_FILES, ids=relative)
def test_a_file_stays_short_enough_to_read(path: Path) -> None:
    limit = 400 if path in CORE_FILES else 500
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= limit, f"{relative(path)} has {lines} lines; split it by idea"


def test_no_file_has_a_name_that_says_nothing() -> None:
    shapeless = [relative(path) for path in PYTHON_FILES if path.stem in SHAPELESS_NAMES]
    assert shapeless == []


def dynamic_imports(path: Path) -> list[str]:
    """Lines of *path* that import by a computed name, out of sight of the import contracts."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            hidden = any(alias.name in {"importlib", "importlib.util"} for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            harmless = {"metadata", "resources"}
            hidden = node.module in {"importlib.util", "importlib.machinery"} or (
                node.module == "importlib" and not {a.name for a in node.names} <= harmless
            )
        else:
            hidden = isinstance(node, ast.Name) and node.id == "__import__"
        if hidden:
            found.append(f"{relative(path)}:{getattr(node, 'lineno', 0)}")
    return found


def test_only_the_facade_and_the_plugin_loader_import_by_name() -> None:
    allowed = {"core/goodword/__init__.py", "core/goodword/plugins.py"}
    watched = [path for path in CORE_FILES if relative(path) not in allowed]
    assert [line for path in watched for line in dynamic_imports(path)] == []


@pytest.mark.parametrize("path", PYTHON_FILES, ids=relative)
def test_a_file_begins_by_saying_what_is_in_it(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
