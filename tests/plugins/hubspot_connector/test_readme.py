"""What the README says about scopes is what the code asks for."""

from __future__ import annotations

import re
from pathlib import Path

import goodword_hubspot
from goodword_hubspot.doctor import SCOPES

README = Path(goodword_hubspot.__file__).parents[1] / "README.md"


def test_the_table_of_scopes_is_the_one_doctor_goes_by() -> None:
    text = README.read_text(encoding="utf-8").split("## What is written")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", text, re.MULTILINE)
    assert rows == [(scope.name, scope.costs) for scope in SCOPES]
