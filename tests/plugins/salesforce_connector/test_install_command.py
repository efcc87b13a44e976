"""``goodword install salesforce``, as an admin types it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from goodword.cli.app import make_app
from goodword_salesforce.fake import CONSUMER_KEY, USERNAME, Fake, Switches
from goodword_salesforce.names import INTEGRATION
from goodword_salesforce.package.export import COMMANDS

TOML = """\
version = 2
# our org
[connector]
name = "salesforce"
[plugin.salesforce]
username = "{username}"
consumer_key = "{consumer_key}"
credential = {{ file = "goodword.key" }}
instance_url = "{url}"
"""


@pytest.fixture
def home(fake: Fake, private_key: str, tmp_path: Path) -> Path:
    fake.account.switches = Switches(deploy_polls=0)
    home = tmp_path / "firm"
    home.mkdir()
    key = home / "goodword.key"
    key.touch(mode=0o600)
    key.write_text(private_key, encoding="ascii")
    text = TOML.format(username=USERNAME, consumer_key=CONSUMER_KEY, url=fake.url)
    (home / "goodword.toml").write_text(text, encoding="utf-8")
    return home


def typed(home: Path, *words: str, answer: str = "") -> Any:
    command = ["-C", str(home), "install", "salesforce", *words]
    return CliRunner().invoke(make_app(), command, input=answer)


def test_the_plan_names_every_part_and_changes_nothing(home: Path, fake: Fake) -> None:
    result = typed(home)
    assert result.exit_code == 0
    assert "Goodword_Stage__c" in result.output
    assert "--apply" in result.output
    assert not fake.org.deploys


def test_applying_pins_the_org_and_keeps_the_rest_of_the_settings(home: Path, fake: Fake) -> None:
    result = typed(home, "--apply")
    assert result.exit_code == 0, result.output
    text = (home / "goodword.toml").read_text(encoding="utf-8")
    assert "# our org" in text
    pinned = tomllib.loads(text)["connector"]
    assert pinned == {
        "name": "salesforce",
        "account": fake.org.sessions.org_id,
        "sandbox": False,
    }
    before = (home / "goodword.toml").read_bytes()
    assert typed(home, "--apply").exit_code == 0
    assert (home / "goodword.toml").read_bytes() == before


def test_removing_asks_first_and_keeps_the_values_in_a_file(home: Path) -> None:
    typed(home, "--apply")
    asked = typed(home, "--remove", answer="n\n")
    assert asked.exit_code == 1
    assert "do not ask" in asked.output
    assert not list(home.glob("salesforce-values-*.csv"))
    result = typed(home, "--remove", "--yes")
    assert result.exit_code == 0, result.output
    assert list(home.glob("salesforce-values-*.csv"))
    assert "taken out" in result.output


def test_an_admin_gets_a_folder_and_what_to_type(home: Path, fake: Fake, tmp_path: Path) -> None:
    target = tmp_path / "package"
    before = (home / "goodword.toml").read_bytes()
    result = typed(home, "--export", str(target))
    assert result.exit_code == 0, result.output
    assert (target / "force-app").is_dir()
    assert COMMANDS[0] in result.output
    assert INTEGRATION in result.output
    assert not fake.calls.made
    assert (home / "goodword.toml").read_bytes() == before


def test_the_folder_needs_neither_settings_nor_a_network(tmp_path: Path) -> None:
    home, target = tmp_path / "empty", tmp_path / "package"
    home.mkdir()
    result = typed(home, "--export", str(target), "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    written = {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()}
    assert set(told["files"]) == written
    assert not list(home.iterdir())


def test_the_folder_is_for_the_version_of_the_settings(home: Path, tmp_path: Path) -> None:
    toml = home / "goodword.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + 'api_version = "61.0"\n', encoding="utf-8")
    target = tmp_path / "package"
    assert typed(home, "--export", str(target)).exit_code == 0
    project = json.loads((target / "sfdx-project.json").read_text(encoding="utf-8"))
    assert project["sourceApiVersion"] == "61.0"


def test_a_folder_with_other_files_is_left_alone(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "theirs"
    target.mkdir()
    (target / "notes.txt").write_text("theirs", encoding="utf-8")
    result = typed(home, "--export", str(target))
    assert result.exit_code == 1
    assert "not empty" in result.output
    assert [path.name for path in target.iterdir()] == ["notes.txt"]
