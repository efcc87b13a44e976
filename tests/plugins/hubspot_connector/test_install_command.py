"""``goodword install hubspot``, as an admin types it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from goodword.cli.app import make_app
from goodword_hubspot.fake import Fake

TOML = """\
version = 2
# our portal
[connector]
name = "hubspot"
[plugin.hubspot]
host = "{host}"
"""


@pytest.fixture
def home(fake: Fake, key: str, tmp_path: Path) -> Path:
    (tmp_path / "goodword.toml").write_text(TOML.format(host=fake.url), encoding="utf-8")
    return tmp_path


def typed(home: Path, *words: str, answer: str = "") -> Any:
    command = ["-C", str(home), "install", "hubspot", *words]
    return CliRunner().invoke(make_app(), command, input=answer)


def test_the_plan_names_every_part_and_changes_nothing(home: Path, fake: Fake) -> None:
    result = typed(home)
    assert result.exit_code == 0
    assert "goodword_ask_outcome" in result.output
    assert "--apply" in result.output
    assert not fake.calls.writes()


def test_applying_pins_the_account_and_keeps_the_rest_of_the_settings(home: Path) -> None:
    result = typed(home, "--apply")
    assert result.exit_code == 0
    text = (home / "goodword.toml").read_text(encoding="utf-8")
    assert "# our portal" in text
    assert tomllib.loads(text)["connector"] == {
        "name": "hubspot",
        "account": "47102285",
        "sandbox": False,
    }
    before = (home / "goodword.toml").read_bytes()
    assert typed(home, "--apply").exit_code == 0
    assert (home / "goodword.toml").read_bytes() == before


def test_a_file_with_our_section_alone_gets_its_connector(home: Path, fake: Fake) -> None:
    text = f'version = 2\n[plugin.hubspot]\nhost = "{fake.url}"\n'
    (home / "goodword.toml").write_text(text, encoding="utf-8")
    assert typed(home).exit_code == 0
    assert (home / "goodword.toml").read_text(encoding="utf-8") == text
    assert typed(home, "--apply").exit_code == 0
    settings = tomllib.loads((home / "goodword.toml").read_text(encoding="utf-8"))
    assert settings["connector"] == {"name": "hubspot", "account": "47102285", "sandbox": False}
    assert settings["plugin"]["hubspot"] == {"host": fake.url}


def test_a_firm_of_another_connector_is_never_turned_into_ours(home: Path, fake: Fake) -> None:
    text = f'version = 2\n[plugin.csv]\nfolder = "."\n[plugin.hubspot]\nhost = "{fake.url}"\n'
    (home / "goodword.toml").write_text(text, encoding="utf-8")
    assert typed(home, "--apply").exit_code == 2
    assert not fake.calls.writes()


def test_removing_says_that_marks_go_and_asking_should_stop(home: Path) -> None:
    typed(home, "--apply")
    asked = typed(home, "--remove", answer="n\n").output
    assert "do not ask" in asked
    assert 'mode = "shadow"' in asked


def test_removing_asks_first(home: Path, fake: Fake) -> None:
    typed(home, "--apply")
    fake.calls.reset()
    assert typed(home, "--remove", answer="n\n").exit_code == 1
    assert not fake.calls.writes()
    assert typed(home, "--remove", "--yes").exit_code == 0
    assert fake.calls.writes()


def test_a_conflict_ends_with_exit_code_three(home: Path, fake: Fake) -> None:
    fake.account.scopes.discard("crm.schemas.contacts.write")
    result = typed(home, "--apply")
    assert result.exit_code == 3
    assert "crm.schemas.contacts.write" in result.output.replace("\n", "")


def test_a_connector_that_needs_nothing_says_so(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    result = CliRunner().invoke(make_app(), ["-C", str(other), "install", "csv"])
    assert result.exit_code == 2
