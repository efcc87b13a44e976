"""Every promise is shown by a test that runs, and the page of promises says which."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs"))

from reference import promises as page  # noqa: E402 - the page's own reader of the tests
from reference.promises import proofs, sections, shown_by  # noqa: E402

KNOWN = {name for sentences in sections().values() for name in sentences}
EVERY = [(name, text) for part in sections().values() for name, text in part.items()]


@pytest.mark.long
def test_every_promise_is_shown_by_a_test() -> None:
    assert [name for name, tests in shown_by().items() if not tests] == []


def test_no_test_names_a_promise_that_was_not_made() -> None:
    strangers = [
        f"{proof.path}: {proof.test}: {name}"
        for proof in proofs()
        for name in proof.names
        if name not in KNOWN
    ]
    assert strangers == []


def test_every_test_that_shows_a_promise_can_be_run() -> None:
    faults = [f"{p.path}: {p.test}: {fault}" for p in proofs() for fault in p.faults]
    assert faults == []


@pytest.mark.long
def test_every_test_that_shows_a_promise_is_run() -> None:
    """What pytest collects, with the default options, against what the source says."""
    places = os.pathsep.join([str(ROOT / "core"), str(ROOT / "plugins" / "csv")])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    lines = [line for line in done.stdout.splitlines() if "::" in line and "NOTSET" not in line]
    nodes = {re.sub(r"\[.*", "", line) for line in lines}
    functions = {(node.split("::")[0], node.split("::")[-1]) for node in nodes}
    inherited = {node.split("::")[-1] for node in nodes if node.count("::") == 2}
    lost = [
        f"{proof.path}: {proof.test}"
        for proof in proofs()
        if not (
            proof.test in inherited if proof.inherited else (proof.path, proof.test) in functions
        )
    ]
    assert lost == []


def test_a_promise_is_named_in_lower_case_with_its_subject_first() -> None:
    names = [name for name, _ in EVERY]
    assert [
        name for name in names if not re.fullmatch(r"[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)", name)
    ] == []
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("name", "text"), EVERY, ids=[name for name, _ in EVERY])
def test_a_promise_is_one_plain_sentence(name: str, text: str) -> None:
    assert text.endswith("."), name
    assert text.count(". ") == 0, name
    assert len(text) < 160, name


def test_the_page_of_promises_is_what_the_tests_say_today() -> None:
    written = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    assert page() in written, "run: make docs"
