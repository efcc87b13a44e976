"""``goodword champions``: who stands out, for a person and as JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from goodword.cli.app import make_app

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine


@pytest.fixture(scope="module")
def heating(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample firm, after its first week."""
    folder = tmp_path_factory.mktemp("heating") / "firm"
    seen = CliRunner().invoke(make_app(), ["demo", "-C", str(folder)])
    assert seen.exit_code == 0, seen.output
    return folder


def told(folder: Path) -> dict[str, Any]:
    command = ["-C", str(folder), "champions", "--today", "2026-11-20", "--json"]
    found: dict[str, Any] = json.loads(CliRunner().invoke(make_app(), command).stdout)
    return found


def names(listed: dict[str, Any]) -> set[str]:
    return {person["name"] for person in listed["people"]}


def test_every_scored_customer_stands_in_one_segment(heating: Path) -> None:
    found = told(heating)
    assert sum(found["segments"].values()) == found["scored"] > found["needed"]


def test_a_hidden_champion_sent_somebody_and_a_potential_one_has_not(heating: Path) -> None:
    found = told(heating)
    assert {"Fiona MacLeish", "Rajiv Menon"} <= names(found["hidden"])
    assert "Dafydd Prosser" in names(found["potential"])
    assert not names(found["hidden"]) & names(found["potential"])


def test_a_referral_within_one_company_is_there_to_be_looked_at(heating: Path) -> None:
    doubtful = told(heating)["doubtful"]["people"]
    assert ("Bronwen Pugh", "1 with their own mail domain") in {
        (person["name"], person["doubts"]) for person in doubtful
    }


def test_the_page_says_what_each_segment_needs(heating: Path) -> None:
    command = ["-C", str(heating), "champions", "--today", "2026-11-20"]
    page = CliRunner().invoke(make_app(), command).stdout
    for part in ("higher half", "Hidden champions", "Potential champions", "worth a look"):
        assert part in page


def test_a_handful_of_customers_is_not_divided(planned: CommandLine) -> None:
    assert "from 20 on they divide in four" in " ".join(planned("champions").stdout.split())


def test_why_explains_the_score_of_a_customer_of_the_sample(heating: Path) -> None:
    command = ["-C", str(heating), "why", "Rajiv Menon", "--today", "2026-11-20"]
    page = " ".join(CliRunner().invoke(make_app(), command).stdout.split())
    for part in (
        "chance of a referral when asked",
        "computed by BG/NBD and Gamma-Gamma",
        "confidence",
        "purchases to expect",
        "worth of one more",
        "segment Advocate",
    ):
        assert part in page, page


def test_why_names_currency_horizon_and_the_referrals_to_expect(heating: Path) -> None:
    command = ["-C", str(heating), "why", "Rajiv Menon", "--today", "2026-11-20"]
    page = " ".join(CliRunner().invoke(make_app(), command).stdout.split())
    assert re.search(r"amounts in [A-Z]{3}: purchases of the next 12 months, referrals of a", page)
    assert re.search(r"expected referrals a year \d+\.\d\d", page)


def test_why_says_why_referrals_are_worth_nothing(planned: CommandLine) -> None:
    page = " ".join(planned("why", "Pat Doe").stdout.split())
    assert "worth of their referrals 0.00 (" in page
