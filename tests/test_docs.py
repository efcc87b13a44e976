"""The pages: what users and plugin authors can reach is written down, and every link leads on."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

import pytest
from pydantic import BaseModel

from goodword.defaults import goodword_facts
from goodword.errors import GoodwordError
from goodword.hookspecs import PROJECT
from goodword.plugins import hook_names
from goodword.policy import Policy
from goodword.settings import RULE_ENTRIES, Settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("plugins/*/README.md")])
LINK = re.compile(r"\[[^\]]*\]\((?!https?://|mailto:|#)([^)#\s]+)")


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every command by its full name, as the generator of the pages walks them."""
    monkeypatch.syspath_prepend(str(DOCS))
    names = import_module("reference.commands").names()
    for module in [name for name in sys.modules if name.split(".")[0] == "reference"]:
        del sys.modules[module]
    return list(names)


@pytest.mark.parametrize("hook", hook_names())
def test_every_hook_is_documented_with_a_plugin_that_answers_it(
    hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"## {hook}" in page("hooks.md").splitlines()
    monkeypatch.syspath_prepend(str(DOCS / "examples"))
    example = import_module(hook)
    del sys.modules[hook]
    assert hasattr(getattr(example, hook), f"{PROJECT}_impl")


def test_every_command_is_documented(commands: list[str]) -> None:
    headings = set(page("cli.md").splitlines())
    assert {"goodword plan", "goodword words preview", "goodword plugins new"} <= set(commands)
    assert [name for name in commands if f"## {name}" not in headings] == []


def keys_of(model: type[BaseModel]) -> list[str]:
    """Names of every setting of *model*, its sections' included."""
    names: list[str] = []
    for name, field in model.model_fields.items():
        names.append(name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            names += keys_of(field.annotation)
    return names


def test_every_setting_is_documented() -> None:
    text = page("settings.md")
    names = [
        *keys_of(Settings),
        *(key for model in RULE_ENTRIES.values() for key in keys_of(model)),
    ]
    assert [name for name in dict.fromkeys(names) if not re.search(rf"\b{name}\b", text)] == []


def test_every_bundled_fact_is_documented() -> None:
    text = page("facts.md")
    assert [f.name for f in goodword_facts(Policy()) if f"`{f.name}`" not in text] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    links = LINK.findall(path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def errors_below(kind: type[GoodwordError]) -> list[type[GoodwordError]]:
    return [kind, *(found for child in kind.__subclasses__() for found in errors_below(child))]


def test_every_error_stands_in_the_tree_drawn_beside_it() -> None:
    drawn = import_module("goodword.errors").__doc__ or ""
    known = [kind for kind in errors_below(GoodwordError) if kind.__module__ == "goodword.errors"]
    assert [kind.__name__ for kind in known if kind.__name__ not in drawn] == []
