"""Every query our code makes is SOQL by a grammar that others wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from kept_queries import kept

HERE = Path(__file__).parent
GRAMMAR = HERE / "soql_grammar"
PLACE = Path(sys.prefix) / "soql_grammar"
"""Where ``make soql-grammar`` puts the grammar."""
READ = {
    *("Account", "CampaignMember", "Case", "Contact", "Event", "Lead", "Opportunity"),
    *("OpportunityContactRole", "Organization", "PermissionSet", "Task", "TaskStatus", "User"),
}
"""Objects that are certainly asked for; the tests ask for all of them."""
RECORDED = ("Contact", "Lead", "Account", "Opportunity", "OpportunityContactRole", "Case", "Event")
"""Objects whose description was recorded in a real org."""
WHEEL = Path(sys.prefix) / "evidence" / "cumulusci-4.10.1-py3-none-any.whl"
"""The recordings; ``make evidence-data`` fetches them with their hash."""
NOT_SEEN = {
    "HasOptedOutOfEmail",
    "DoNotCall",
    "IsPersonAccount",
    "PersonContactId",
    "CurrencyIsoCode",
}
"""What the recording user could not see, and what only orgs with person accounts or several
currencies have."""
NO_SOQL = (
    "SELECT * FROM Contact",
    "SELECT FROM Contact",
    "SELECT Id Contact",
    "SELECT Id FROM Contact WHERE Id IN ()",
    "SELECT Id FROM Contact WHERE Name = 'O'Neil'",
    "SELECT Id FROM Contact WHERE Name = O",
    "SELECT Id FROM Contact WHERE",
    "SELECT Id FROM Contact; DELETE FROM Contact",
    "SELECT Id FROM Contact WHERE Id = '1' OR",
    "SELECT Id FROM Contact LIMIT ten",
    "SELECT Id FROM Contact ORDER Id",
    "SELECT Id FROM Contact GROUP BY",
    "SELECT COUNT(Id FROM Contact",
    "UPDATE Contact SET Name = 'x'",
)
"""What the grammar must refuse, or its consent would say nothing."""

pytestmark = [pytest.mark.long, pytest.mark.node]


@dataclass(frozen=True)
class Parsed:
    """What the grammar says of one query."""

    text: str
    object: str
    fields: tuple[str, ...]
    refused: str


def parsed(texts: list[str]) -> list[Parsed]:
    """Let the grammar read queries."""
    assert (PLACE / "node_modules").is_dir(), "no grammar there; fetch it: make soql-grammar"
    done = subprocess.run(
        ["node", str(GRAMMAR / "parse.mjs"), str(PLACE)],  # noqa: S607 - as the machine has it
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    return [
        Parsed(text, each["object"], tuple(each["fields"]), each["refused"])
        for text, each in zip(texts, told, strict=True)
    ]


@pytest.fixture(scope="module")
def queries() -> list[str]:
    """Every query the other tests of the connector made."""
    found = kept()
    assert len(found) > 300, "too few queries were kept; first run: make test"
    return found


@pytest.mark.promise("salesforce.queries")
def test_every_query_of_every_test_is_soql(queries: list[str]) -> None:
    told = parsed(queries)
    assert [each for each in told if each.refused] == []
    assert {each.object for each in told} >= READ


@pytest.mark.parametrize("name", RECORDED)
def test_every_field_that_is_read_is_one_of_a_real_org(queries: list[str], name: str) -> None:
    with ZipFile(WHEEL) as archive:
        path = f"cumulusci/tests/shared_cassettes/GET_sobjects_{name}_describe.yaml"
        found = yaml.load(archive.read(path), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe
    real = {f["name"] for f in json.loads(found["response"]["body"]["string"])["fields"]}
    read = {field for each in parsed(queries) if each.object == name for field in each.fields}
    assert read
    strange = {field for field in read - real - NOT_SEEN if not field.endswith("__c")}
    assert strange == set()


def test_the_grammar_refuses_what_is_no_soql() -> None:
    assert [each.text for each in parsed(list(NO_SOQL)) if not each.refused] == []


@pytest.mark.promise("salesforce.any-text")
def test_a_name_with_a_quote_in_it_stays_a_name() -> None:
    from goodword_salesforce.seam.soql import equal, select

    nasty = ("O'Neil", "a\\", "\\'", "' OR Id != '", "line\nline", '"', "🦉", "'; DELETE")
    texts = [select("Contact", "Id").where(equal("LastName", each)).text for each in nasty]
    assert [each for each in parsed(texts) if each.refused] == []
