"""What real orgs were recorded to say of themselves is understood.

The recordings lie in a wheel that ``make evidence-data`` fetches with its hash; it is read as a zip
file. They were made by a user who could not see the opt-outs of contacts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from goodword import Workplace
from goodword_salesforce.desk import Desk
from goodword_salesforce.seam.client import Org
from goodword_salesforce.settings import SalesforceSettings

pytestmark = pytest.mark.long
HERE = "cumulusci/tests/shared_cassettes/GET_sobjects_"
RECORDED = ("Contact", "Lead", "Account", "Opportunity", "OpportunityContactRole", "Case", "Event")
LISTS = {
    "TaskStatus": [{"ApiName": "Open", "IsClosed": False, "IsDefault": True}],
    "TaskPriority": [{"ApiName": "Normal", "IsDefault": True}],
}


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    """Return the recorded descriptions by object, and the organisation."""
    found = sorted((Path(sys.prefix) / "evidence").glob("cumulusci-*.whl"))
    assert found, "no recordings there; fetch them: make evidence-data"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    names = {name: f"{HERE}{name}_describe.yaml" for name in RECORDED}
    names["Organization"] = f"{HERE}Organization.yaml"
    with ZipFile(found[0]) as archive:
        read = {key: yaml.load(archive.read(at), loader) for key, at in names.items()}  # noqa: S506 - a safe loader
    return {key: json.loads(one["response"]["body"]["string"]) for key, one in read.items()}


@pytest.fixture
def desk(stub: Any, opened: Callable[..., Org], recorded: dict[str, Any], tmp_path: Path) -> Desk:
    """Return a desk at an org that answers as was recorded; nobody recorded tasks."""

    def part(asked: dict[str, Any]) -> dict[str, Any]:
        of = asked["url"].partition("/sobjects/")[2].partition("/")[0]
        status, body = (200, recorded[of]) if of in recorded else (404, NOT_FOUND)
        if "/query" in asked["url"]:
            table = next((name for name in (*LISTS, "Organization") if name in asked["url"]), "")
            rows = [recorded["Organization"]] if table == "Organization" else LISTS.get(table, [])
            status, body = 200, {"totalSize": len(rows), "done": True, "records": rows}
        return {
            "body": body,
            "httpHeaders": {},
            "httpStatusCode": status,
            "referenceId": asked["referenceId"],
        }

    def answer(call: Any) -> Any:
        assert call.path.endswith("/composite")
        return stub.said(
            200, {"compositeResponse": [part(p) for p in call.json["compositeRequest"]]}
        )

    stub.script = answer
    work = Workplace(tmp_path, tmp_path, "look", date(2026, 11, 18))
    return Desk(SalesforceSettings.model_validate({}), work, opened())


NOT_FOUND = [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]


@pytest.mark.promise("salesforce.recorded")
def test_recorded_descriptions_are_understood(desk: Desk, recorded: dict[str, Any]) -> None:
    for name in RECORDED:
        seen = desk.described(name)
        assert seen.keys() == {field["name"] for field in recorded[name]["fields"]}
        assert seen["SystemModstamp"].filterable
        assert not seen["SystemModstamp"].updateable
    assert desk.described("Contact")["LastName"].updateable
    assert desk.described("Opportunity")["IsWon"].type == "boolean"
    assert desk.described("Task") == {}


def test_an_opt_out_the_recording_user_did_not_see_is_missed(desk: Desk) -> None:
    assert desk.described("Contact")
    assert not desk.has("Contact", "HasOptedOutOfEmail")


def test_the_recorded_organisation_says_where_it_is(desk: Desk, recorded: dict[str, Any]) -> None:
    organization = desk.organization
    assert organization.id == recorded["Organization"]["Id"]
    assert organization.sandbox == recorded["Organization"]["IsSandbox"]
    assert organization.zone.key == recorded["Organization"]["TimeZoneSidKey"]
    assert desk.open_status == "Open"
