"""The documentation: nothing missing, nothing out of date, every example runs, every link leads."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pluggy
import pytest
import typer
from typer.main import get_command

from goodword import hookspecs
from goodword.cli import make_app
from goodword.expressions import Facts
from goodword.firm import Firm
from goodword.hookspecs import PROJECT
from goodword.plugins import DEFAULTS, hook_names, load_plugins
from goodword.rulebook import Rulebook
from goodword.rules import canonical_text
from goodword.settings import RULE_ENTRIES, Settings, validated
from goodword.tables import TABLES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
    + [path for path in DOCS.rglob("*.md") if "__pycache__" not in path.parts]
    + list(ROOT.glob("plugins/*/README.md"))
    + list(ROOT.glob("bench/*.md"))
)
GENERATED = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks_on(path: Path, language: str) -> list[str]:
    """Every block of code in *language* on a page."""
    found = FENCE.finditer(path.read_text(encoding="utf-8"))
    return [match[2] for match in found if match[1] == language]


def blocks(language: str) -> list[Any]:
    """Every block of code in *language* on every page, as a parameter of a test."""
    return [
        pytest.param(text, id=f"{name_of(path)}-{number}")
        for path in PAGES
        for number, text in enumerate(blocks_on(path, language), start=1)
    ]


def default_book(settings: Settings | None = None) -> Rulebook:
    """The rules of a firm with these settings and no plugin of others."""
    firm = Firm(Path("a-firm"))
    firm.settings = settings or Settings()
    firm.plugins = load_plugins((), firm.settings.policy, firm.settings.plugins.choose, {})
    return firm.book


# ---------------------------------------------------------------- nothing is out of date


@pytest.mark.long
def test_every_generated_part_is_what_the_code_says_today() -> None:
    paths = os.pathsep.join([str(ROOT / "core"), str(ROOT / "plugins" / "csv")])
    done = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "--diff", *map(name_of, GENERATED)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"run: make docs\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_page_speaks_of_the_place_it_was_written_in(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"/work/|/tmp/|/root/|\bshared/|TODO|FIXME", text) == []


# ---------------------------------------------------------------- nothing is missing


@pytest.mark.parametrize("hook", hook_names())
def test_a_hook_is_documented_with_its_exact_signature(hook: str) -> None:
    section = page("hooks.md").split(f"\n## {hook}\n")[1].split("\n## ")[0]
    shown = ast.parse(section.split("```python\n")[1].split("```")[0]).body[0]
    assert isinstance(shown, ast.FunctionDef)
    asked = inspect.signature(getattr(hookspecs, hook))
    arguments = {arg.arg: arg.annotation for arg in shown.args.args}
    assert {name: ast.unparse(kind) for name, kind in arguments.items() if kind} == {
        name: parameter.annotation for name, parameter in asked.parameters.items()
    }
    assert shown.returns is not None
    assert ast.unparse(shown.returns) == asked.return_annotation


def test_every_fact_is_documented() -> None:
    book = default_book()
    text = page("facts.md")
    assert [name for name in book.types if f"| `{name}` |" not in text] == []
    assert [fact.name for fact in book.facts if not fact.doc.endswith(".")] == []


def test_every_rule_and_reason_code_is_documented() -> None:
    book = default_book()
    text = page("how-it-decides.md")
    rules = {*book.sources} - {*book.fact_sources}
    assert len(rules) > 40
    assert [name for name in rules if f"`{name}`" not in text] == []
    source = (ROOT / "core" / "goodword").glob("*.py")
    codes = {
        code
        for path in source
        for code in re.findall(r'return "(\w+_(?:full|busy|turn))"', path.read_text("utf-8"))
    }
    assert len(codes) == 4  # the budget's reasons
    assert [code for code in codes if f"`{code}`" not in text] == []


def test_every_table_and_column_is_documented() -> None:
    text = page("tables.md")
    for table in TABLES.values():
        section = text.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        assert [c.name for c in table.columns if f"| `{c.name}` |" not in section] == []


def settings_keys(model: Any, section: str = "") -> Iterator[tuple[str, str]]:
    """Every key of the settings with the heading it belongs below."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and hasattr(inner, "model_fields"):
            yield from settings_keys(inner, f"[{name}]")
        elif name not in {*RULE_ENTRIES, "plugin"}:
            yield section or "Top of the file", name


def test_every_setting_is_documented_with_a_reason() -> None:
    parts = page("settings.md").split("\n## ")[1:]
    sections = {part.partition("\n")[0]: part for part in parts}
    rules = [
        ("[[play]]" if kind == "play" else f"[[ask.{kind}]]", name)
        for kind, model in RULE_ENTRIES.items()
        for name in model.model_fields
    ]
    for section, key in [*settings_keys(Settings), *rules]:
        row = re.search(rf"^\| `{key}` \|.*\| (.*) \|$", sections[section], re.MULTILINE)
        assert row is not None, f"{section} {key}"
        assert row[1].strip().endswith("."), f"{section} {key} has no meaning"


def command_names(command: Any, name: str) -> Iterator[str]:
    """Every command as a user types it."""
    yield name
    for child, inner in getattr(command, "commands", {}).items():
        yield from command_names(inner, f"{name} {child}")


def test_every_command_and_option_is_documented() -> None:
    program = get_command(make_app())
    text = page("cli.md")
    names = list(command_names(program, "goodword"))
    assert len(names) > 12
    assert [name for name in names if f"\n## {name}\n" not in text] == []
    options = re.findall(r"--[a-z-]+", program.get_help(typer.Context(program)))
    assert [option for option in options if option not in text] == []


def test_every_page_is_on_the_list_of_pages() -> None:
    listed = page("README.md")
    pages = [path.name for path in DOCS.glob("*.md") if path.name != "README.md"]
    assert [name for name in pages if f"({name})" not in listed] == []
    decisions = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    pages = [path.name for path in (DOCS / "decisions").glob("0*.md")]
    assert [name for name in pages if f"({name})" not in decisions] == []


def test_the_readme_names_every_dependency_with_its_reason() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for folder in (ROOT, ROOT / "plugins" / "csv"):
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        for requirement in project["dependencies"]:
            name = re.split(r"[<>=!~; ]", requirement, maxsplit=1)[0]
            row = re.search(rf"^\| `{name}`[^|]*\| [^|]+ \| (.+) \|$", text, re.MULTILINE)
            assert name == "goodword" or (row is not None and len(row[1]) > 10), name


# ---------------------------------------------------------------- links lead somewhere


def anchors(path: Path) -> set[str]:
    """The anchors a page offers, as a code host makes them from headings."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()).strip() for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    broken = []
    for target in LINK.findall(text):
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (anchor and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


# ---------------------------------------------------------------- every example runs


@pytest.mark.parametrize("source", blocks("python"))
def test_a_python_example_runs(source: str) -> None:
    if source.startswith("def goodword_") and source.rstrip().endswith("..."):
        ast.parse(source)  # the signature of a hook
        return
    names: dict[str, Any] = {"__name__": "an_example"}
    exec(compile(source, "example", "exec"), names)  # noqa: S102 - our own pages
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    plugin = type("Plugin", (), {n: staticmethod(v) for n, v in names.items() if callable(v)})
    manager.register(plugin)
    manager.check_pending()
    hooks = [name for name in names if name.startswith("goodword_")]
    assert [name for name in hooks if name not in hook_names()] == []


@pytest.mark.parametrize("source", blocks("toml"))
def test_a_toml_example_is_accepted(source: str) -> None:
    data = tomllib.loads(source)
    if "project" in data:
        assert data["project"]["entry-points"]["goodword"] == {"loyalty": "goodword_loyalty"}
        return
    book = default_book(validated(Settings, data, "the example"))
    for entry in data.get("play", []):
        assert entry.get("enabled", True) == (entry["name"] in {play.name for play in book.plays})
    rules = {t.name for t in book.triggers} | {s.name for s in book.suppressors}
    rules |= {weight.name for weight in book.weights}
    for kind in ("trigger", "suppressor", "weight"):
        for entry in data.get("ask", {}).get(kind, []):
            assert entry.get("enabled", True) == (entry["name"] in rules)


def test_the_rule_of_the_readme_means_the_same_in_both_languages() -> None:
    (python,) = blocks_on(ROOT / "README.md", "python")
    (toml,) = blocks_on(ROOT / "README.md", "toml")
    names: dict[str, Any] = {}
    exec(compile(python, "README", "exec"), names)  # noqa: S102 - our own page
    book = default_book(validated(Settings, tomllib.loads(toml), "README"))
    (rule,) = names["goodword_ask_rules"](c=Facts(book.types), settings=None)
    written = next(s for s in book.suppressors if s.name == rule.name)
    assert canonical_text(rule) == canonical_text(written).replace("days='7'", "days=7")
    assert len([line for line in python.splitlines() if line.strip()]) <= 10


@pytest.mark.parametrize("line", ["make demo", "make test", "py -m venv .venv"])
def test_the_readme_opens_with_what_a_newcomer_needs(line: str) -> None:
    opening = (ROOT / "README.md").read_text(encoding="utf-8").split("## Your own spreadsheet")[0]
    assert line in opening


def test_the_commands_of_the_pages_exist() -> None:
    known = set(command_names(get_command(make_app()), "goodword"))
    used = {
        " ".join(["goodword", *words.split()])
        for path in PAGES
        for _, text in FENCE.findall(path.read_text(encoding="utf-8"))
        for words in re.findall(r"^\$? ?goodword ((?:words |plugins )?[a-z]+)", text, re.MULTILINE)
    }
    assert sorted(used - known) == []
    assert DEFAULTS == "defaults"  # the name the pages give to the bundled plugin
