"""What the README says about scopes and settings is what the code goes by."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import goodword_hubspot
from goodword.settings import Settings, validated
from goodword_hubspot.doctor import SCOPES
from goodword_hubspot.settings import HubSpotSettings, Mapped

README = Path(goodword_hubspot.__file__).parents[1] / "README.md"


def test_the_table_of_scopes_is_the_one_doctor_goes_by() -> None:
    text = README.read_text(encoding="utf-8").split("## Settings")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", text, re.MULTILINE)
    assert rows == [(scope.name, scope.costs) for scope in SCOPES]


def test_every_setting_stands_in_its_table() -> None:
    text = README.read_text(encoding="utf-8").split("## Settings")[1].split("\n## ")[0]
    section, properties = text.split("`[plugin.hubspot.properties]`")
    keys = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
    assert {*keys.findall(section), "properties"} == HubSpotSettings.model_fields.keys()
    assert set(keys.findall(properties)) == Mapped.model_fields.keys()


def test_the_file_it_shows_is_one_goodword_takes() -> None:
    block = README.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    data = tomllib.loads("\n".join(line.removeprefix("   ") for line in block.splitlines()))
    settings = validated(Settings, data, "the README")
    assert (settings.connector.name, settings.rollout.mode) == ("hubspot", "shadow")
    validated(HubSpotSettings, settings.plugin["hubspot"], "the README")
