"""The promises: every sentence with the tests that show it, read from the tests' source."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reference.house import ROOT
from reference.markdown import code, table

SENTENCES = ROOT / "tests" / "promises" / "promises.toml"
PLACES = (("tests", "test_*.py"), ("core/goodword/testing", "contract_*.py"))
"""Where a test may name a promise: our own tests, and the contract every connector keeps."""
MAY_MARK = {"promise", "parametrize", "usefixtures", "filterwarnings", "long", "desktop", "node"}
"""Marks that leave no test out of a run."""


@dataclass(frozen=True)
class Proof:
    """A test that names promises.

    Args:
        path: File below the top of the repository.
        test: Name of the function or method.
        inherited: Whether connectors inherit it.
        names: Promises it says it shows.
        faults: Why it may not be run at all.
    """

    path: str
    test: str
    inherited: bool
    names: tuple[str, ...]
    faults: tuple[str, ...]


def sections() -> dict[str, dict[str, str]]:
    """Return the sentences by name, by section, in the order they are given."""
    told = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))
    return {section["title"]: dict(section["promises"]) for section in told["section"]}


@cache
def proofs() -> tuple[Proof, ...]:
    """Return every test that names a promise, by file and line; nothing is imported."""
    files = [path for place, pattern in PLACES for path in sorted((ROOT / place).rglob(pattern))]
    return tuple(proof for path in files for proof in _of_file(path))


def _of_file(path: Path) -> Iterator[Proof]:
    inherited = path.name.startswith("contract_")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    around = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    whole = [
        word
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
        for word in re.findall(r"mark\.(\w+)", ast.unparse(node.value))
        if word not in MAY_MARK
    ]
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            continue
        marks = {_name(mark): mark for mark in node.decorator_list}
        mark = marks.get("promise")
        if mark is None:
            continue
        faults = [*_misplaced(node, around[node], inherited), *_left_out(marks)]
        faults += [f"the mark {word!r} of its file may leave it out" for word in whole]
        given = mark.args if isinstance(mark, ast.Call) else []
        names = [arg.value for arg in given if isinstance(arg, ast.Constant)]
        if not names or len(names) != len(given):
            faults.append("promises are named by plain texts")
        where = path.relative_to(ROOT).as_posix()
        yield Proof(where, node.name, inherited, tuple(map(str, names)), tuple(faults))


def _name(decorator: ast.expr) -> str:
    """Return the last name of a decorator: promise, parametrize, given."""
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(call).rpartition(".")[2]


def _misplaced(node: ast.AST, parent: ast.AST, inherited: bool) -> Iterator[str]:
    """Yield why pytest would not find the test."""
    if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
        yield "it is no test function"
    if isinstance(parent, ast.ClassDef):
        if not (inherited or parent.name.startswith("Test")):
            yield f"class {parent.name} is no suite of tests"
    elif inherited or not isinstance(parent, ast.Module):
        yield "it stands where no test is looked for"


def _left_out(marks: dict[str, ast.expr]) -> Iterator[str]:
    """Yield why a run may pass over the test."""
    for name, mark in marks.items():
        written = ast.unparse(mark)
        if written.startswith("pytest.mark.") and name not in MAY_MARK:
            yield f"the mark {name!r} may leave it out"
        values = mark.args[1:2] if isinstance(mark, ast.Call) and name == "parametrize" else []
        for value in values:
            if isinstance(value, ast.List | ast.Tuple | ast.Set) and not value.elts:
                yield "it is given nothing to run on"
            if "mark.skip" in written or "mark.xfail" in written:
                yield "one of its cases is skipped"


def shown_by() -> dict[str, list[Proof]]:
    """Return the tests of each promise that will really run."""
    found: dict[str, list[Proof]] = {name: [] for part in sections().values() for name in part}
    for proof in proofs():
        for name in proof.names:
            if name in found and not proof.faults:
                found[name].append(proof)
    return found


def promises() -> str:
    """Return a table a section: name, sentence, and the tests that show it."""
    tests = shown_by()
    parts = []
    for title, sentences in sections().items():
        rows = [
            (code(name), sentence, "; ".join(map(_link, tests[name])) or "**no test yet**")
            for name, sentence in sentences.items()
        ]
        parts.append(f"## {title}\n\n{table(('name', 'promise', 'shown by'), rows)}")
    return "\n\n".join(parts)


def _link(proof: Proof) -> str:
    """Return the test as a sentence that leads to its file."""
    said = proof.test.removeprefix("test_").replace("_", " ")
    where = " (every connector)" if proof.inherited else ""
    return f"[{said}](../{proof.path}){where}"
