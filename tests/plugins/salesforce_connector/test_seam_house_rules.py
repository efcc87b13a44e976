"""What no file of the connector may do, because simple-salesforce does it wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import goodword_salesforce

HOME = Path(next(iter(goodword_salesforce.__path__)))
FILES = sorted(HOME.rglob("*.py"))
OURS = [path for path in FILES if "fake" not in path.relative_to(HOME).parts]
SOQL = re.compile(r"\bSELECT\b.*\bFROM\b|\b(?:WHERE|GROUP BY|ORDER BY)\b", re.DOTALL)
LIBRARY = "simple_salesforce"
TAKEN = {
    "Salesforce",
    "SalesforceAuthenticationFailed",
    "SalesforceError",
    "SalesforceLogin",
    "call_salesforce",
}
"""All that is taken from simple-salesforce."""
USED = {"restful", "headers", "base_url"}
"""All that is used of its client."""


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def offences(path: Path) -> Iterator[str]:
    """Yield what a file does that it may not."""
    for node in nodes(path):
        place = f"{path.name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(LIBRARY):
            yield from (f"{place} {name.name}" for name in node.names if name.name not in TAKEN)
            if path.parent.name != "seam":
                yield f"{place} only the seam talks to Salesforce"
        if isinstance(node, ast.Import):
            yield from (f"{place} {n.name}" for n in node.names if n.name.startswith(LIBRARY))
        if isinstance(node, ast.Attribute) and node.attr in {"SFType", "deploy", "mdapi", "bulk2"}:
            yield f"{place} .{node.attr}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            client = node.value.id == "client" and path.parent.name == "seam"
            if client and node.attr not in USED:
                yield f"{place} client.{node.attr}"
        if isinstance(node, ast.Name) and node.id == "SFType":
            yield f"{place} SFType"
        if isinstance(node, ast.JoinedStr):
            words = "".join(str(p.value) for p in node.values if isinstance(p, ast.Constant))
            if SOQL.search(words):
                yield f"{place} a query pasted together"
        text = node.value if isinstance(node, ast.Constant) else ""
        if isinstance(text, str) and "services/async" in text:
            yield f"{place} the first bulk API"


@pytest.mark.promise("salesforce.own-lists")
def test_no_file_uses_what_simple_salesforce_does_wrong() -> None:
    assert len(OURS) > 15
    assert [offence for path in OURS for offence in offences(path)] == []


def test_the_fake_org_owes_nothing_to_the_library_it_is_tried_with() -> None:
    assert [path.name for path in FILES if path not in OURS and LIBRARY in path.read_text()] == []


@pytest.mark.parametrize(
    "bad",
    [
        "from simple_salesforce import SFType",
        "import simple_salesforce",
        "org.deploy('a.zip')",
        "sf.bulk2.Contact",
        "q = f'SELECT Id FROM Contact WHERE Name = {name}'",
        "q = f'x WHERE {name}'",
        "url = 'https://x/services/async/66.0'",
    ],
)
def test_the_rule_sees_what_it_forbids(bad: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(bad)
    assert list(offences(path))


@pytest.mark.promise("salesforce.queries")
def test_queries_are_written_in_one_file_only() -> None:
    writers = {
        path.name
        for path in OURS
        for node in nodes(path)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.match(r"SELECT\b", node.value)
    }
    assert writers == {"soql.py"}
