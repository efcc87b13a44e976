"""What the README says about settings, calls and failures is what the code goes by."""

from __future__ import annotations

import re
import tomllib
from math import ceil
from pathlib import Path

import goodword_salesforce
from goodword.settings import Settings, validated
from goodword_salesforce.seam.collections import MOST
from goodword_salesforce.seam.composite import HEAVY_PARTS
from goodword_salesforce.seam.failures import HINTS
from goodword_salesforce.seam.quota import RESERVE
from goodword_salesforce.seam.soql import PAGE
from goodword_salesforce.settings import SECRET_VARIABLE, Mapped, SalesforceSettings

TEXT = (Path(goodword_salesforce.__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def part(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_setting_stands_in_its_table() -> None:
    section, fields = part("Settings").split("`[plugin.salesforce.fields]`")
    keys = re.compile(r"^\| `(\w+)` \| (.+?) \|", re.MULTILINE)
    found = dict(keys.findall(section))
    assert {*found, "fields"} == SalesforceSettings.model_fields.keys()
    assert {key for key, _ in keys.findall(fields)} == Mapped.model_fields.keys()
    defaults = SalesforceSettings.model_validate({})
    for key in ("auth", "domain", "api_version", "reserve", "engagement_days"):
        assert found[key].strip('`"') == str(getattr(defaults, key)), key
    assert float(found["timeout_seconds"]) == defaults.timeout_seconds
    assert SECRET_VARIABLE in found["credential"]


def test_the_file_it_shows_is_one_goodword_takes() -> None:
    data = tomllib.loads(TEXT.split("```toml\n")[1].split("```")[0])
    settings = validated(Settings, data, "the README")
    assert (settings.connector.name, settings.rollout.mode) == ("salesforce", "shadow")
    validated(SalesforceSettings, settings.plugin["salesforce"], "the README")


def test_the_calls_it_counts_are_those_of_the_limits() -> None:
    calls = part("Calls")
    pages, records = PAGE * HEAVY_PARTS, MOST * HEAVY_PARTS
    for people, sums in ((10_000, 2_500), (50_000, 12_000), (200_000, 50_000)):
        count = ceil((ceil(people / PAGE) + ceil(sums / PAGE)) / HEAVY_PARTS)
        assert re.search(rf"{people:,}\D[^;|]*?{sums:,}[^;|]*?: {count}\b", calls), people
    for fields, tasks in ((200, 100), (2_000, 1_000), (10_000, 5_000)):
        count = ceil((ceil(fields / MOST) + ceil(tasks / MOST)) / HEAVY_PARTS)
        assert re.search(rf"{fields:,}\D[^;|]*?{tasks:,}[^;|]*?: {count}\b", calls), fields
    assert (pages, records) == (10_000, 1_000)
    assert RESERVE == 0.1
    assert "A tenth" in calls


def test_every_code_it_names_has_its_own_hint() -> None:
    named = set(re.findall(r"^\| ([A-Z_]{8,}) \|", part("When something goes wrong"), re.MULTILINE))
    assert len(named) >= 6
    assert named <= {*HINTS}
