"""The portal served by hand: a key that lacks scopes, and what a person types meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import goodword_hubspot
from goodword_hubspot.fake import Fake

Call = Callable[..., Any]
PATH = "/crm/v3/objects/contacts"


def test_a_rep_and_an_admin_are_played_line_by_line(fake: Fake, call: Call) -> None:
    assert fake.typed('add contacts city=Truro lastname="Van Dam"').startswith("Added contacts ")
    number = str(next(iter(fake.store.all("contacts"))).id)
    assert fake.typed(f"edit contacts {number} city=Penryn") == f"Edited contacts {number}."
    assert fake.typed("property contacts their_tier string in contactinformation").startswith(
        "Made"
    )
    fake.typed(f"edit contacts {number} their_tier=gold")
    found = call("GET", f"{PATH}/{number}?properties=city,their_tier,lastname").json()["properties"]
    assert (found["city"], found["their_tier"], found["lastname"]) == ("Penryn", "gold", "Van Dam")
    added = fake.typed(f"add tasks hs_timestamp=1 hs_task_subject=Call to contacts {number}")
    assert added.startswith("Added tasks ")
    other = fake.typed("add contacts city=Truro").split()[-1].rstrip(".")
    assert fake.typed(f"delete contacts {other}").startswith("Deleted")
    assert call("GET", f"{PATH}/{other}").status_code == 404
    assert fake.typed(f"restore contacts {other}").startswith("Restored")
    assert fake.typed(f"merge contacts {number} {other}").startswith("They are contacts ")


def test_scopes_are_taken_and_given(fake: Fake, call: Call) -> None:
    assert fake.typed("scope -tickets") == "The key has 13 scopes."
    assert call("GET", "/crm/v3/objects/tickets").status_code == 403
    assert fake.typed("scope +tickets") == "The key has 14 scopes."
    assert call("GET", "/crm/v3/objects/tickets").status_code == 200


def test_every_line_of_the_readme_is_understood(fake: Fake) -> None:
    readme = Path(goodword_hubspot.__file__).parents[1] / "README.md"
    block = readme.read_text(encoding="utf-8").split("## Trying it out")[1].split("```")[1]
    answers = [fake.typed(line) for line in block.strip().splitlines()]
    assert len(answers) >= 9
    assert not [answer for answer in answers if answer.startswith("Not understood")]


@pytest.mark.parametrize(
    "line",
    ["dance", "edit", "edit contacts", "edit contacts 1 city", "merge contacts 1", 'edit "'],
)
def test_a_line_that_is_not_understood_changes_nothing(fake: Fake, line: str) -> None:
    assert fake.typed(line).startswith(("Not understood", "Refused"))


@pytest.mark.parametrize(
    "line", ["edit contacts 1 city=x", "scope -nonsense", "property contacts x string in nowhere"]
)
def test_what_the_portal_refuses_is_said(fake: Fake, line: str) -> None:
    assert fake.typed(line).startswith("Refused: ")


def test_the_command_line_serves_a_key_without_a_scope_and_hears_what_is_typed() -> None:
    command = [sys.executable, "-m", "goodword_hubspot.fake", "--port", "0", "--without", "tickets"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(3)]
        process.stdin.write("\nscope +tickets\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        process.terminate()
    assert "http://127.0.0.1:" in told[0]
    assert answer == "The key has 14 scopes.\n"
