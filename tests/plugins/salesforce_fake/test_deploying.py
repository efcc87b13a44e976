"""Deploying metadata: checked as a whole, done as a whole, seen by those who were granted it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from goodword_salesforce.fake import USERNAME, Fake, by_hand

Call = Callable[..., Any]
Query = Callable[..., Any]
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
KEY = """<fields><fullName>Ref_Key__c</fullName><caseSensitive>true</caseSensitive>
<externalId>true</externalId><label>Key</label><length>80</length><type>Text</type>
<unique>true</unique></fields>"""
STAGE = """<fields><fullName>Stage__c</fullName><label>Stage</label><type>Picklist</type><valueSet>
<restricted>true</restricted><valueSetDefinition><sorted>false</sorted>
<value><fullName>know</fullName><default>false</default><label>Know</label></value>
<value><fullName>like</fullName><default>false</default><label>Like</label></value>
</valueSetDefinition></valueSet></fields>"""
VIEW = """<listViews><fullName>Due</fullName><filterScope>Mine</filterScope>
<label>Due</label></listViews>"""


def manifest(**types: list[str]) -> str:
    rows = "".join(
        "<types>"
        + "".join(f"<members>{name}</members>" for name in names)
        + f"<name>{kind}</name></types>"
        for kind, names in types.items()
    )
    return f"{HEAD}<Package {SPACE}>{rows}<version>67.0</version></Package>"


def objects(*parts: str) -> str:
    return f"{HEAD}<CustomObject {SPACE}>{''.join(parts)}</CustomObject>"


def permissions(*fields: str, edit: bool = True) -> str:
    rows = "".join(
        f"<fieldPermissions><editable>{str(edit).lower()}</editable><field>{name}</field>"
        "<readable>true</readable></fieldPermissions>"
        for name in fields
    )
    return f"{HEAD}<PermissionSet {SPACE}>{rows}<label>Ours</label></PermissionSet>"


PACKAGE = {
    "package.xml": manifest(
        CustomField=["Activity.Ref_Key__c", "Contact.Stage__c"],
        ListView=["Contact.Due"],
        PermissionSet=["Ours"],
    ),
    "objects/Activity.object": objects(KEY),
    "objects/Contact.object": objects(STAGE, VIEW),
    "permissionsets/Ours.permissionset": permissions("Task.Ref_Key__c", "Contact.Stage__c"),
}


def send(call: Call, files: dict[str, str], **options: object) -> Any:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    whole = {"singlePackage": True, "rollbackOnError": True, "testLevel": "NoTestRun", **options}
    body = json.dumps({"deployOptions": whole})
    parts = {
        "entity_content": (None, body, "application/json"),
        "file": ("package.zip", buffer.getvalue(), "application/zip"),
    }
    return call("POST", "/metadata/deployRequest", files=parts)


def deploy(call: Call, files: dict[str, str], **options: object) -> dict[str, Any]:
    """Deploy and return the result, after asking until it is done."""
    path = f"/metadata/deployRequest/{send(call, files, **options).json()['id']}"
    result: dict[str, Any] = {"done": False}
    while not result["done"]:
        answer = call("GET", path, params={"includeDetails": "true"}).json()
        result = answer["deployResult"]
    return result


def problems(result: dict[str, Any]) -> dict[str, str]:
    failures = result["details"]["componentFailures"]
    return {one["fullName"]: one["problem"] for one in failures}


def custom(fake: Fake) -> set[str]:
    kinds = [fake.org.kind(name) for name in ("Task", "Event", "Contact")]
    fields = [one for kind in kinds for one in fake.org.schema.fields(kind).values()]
    return {one.name for one in fields if one.custom}


def test_a_check_changes_nothing_and_a_deployment_everything(
    fake: Fake, call: Call, query: Query
) -> None:
    checked = deploy(call, PACKAGE, checkOnly=True)
    assert (checked["status"], checked["checkOnly"], custom(fake)) == ("Succeeded", True, set())
    done = deploy(call, PACKAGE)
    assert (done["status"], done["numberComponentsDeployed"]) == ("Succeeded", 4)
    assert custom(fake) == {"Ref_Key__c", "Stage__c"}
    views = query("SELECT DeveloperName FROM ListView WHERE SobjectType = 'Contact'")
    assert [row["DeveloperName"] for row in views] == ["Due"]


def test_nobody_sees_a_new_field_until_the_permission_set_is_given(
    fake: Fake, call: Call, query: Query
) -> None:
    deploy(call, PACKAGE)
    assert query("SELECT Stage__c FROM Contact") == "INVALID_FIELD"
    number = query("SELECT Id FROM PermissionSet WHERE Name = 'Ours'")[0]["Id"]
    body = {"PermissionSetId": number, "AssigneeId": fake.org.user_id(USERNAME)}
    answers = [call("POST", "/sobjects/PermissionSetAssignment", json=body) for _ in range(2)]
    assert answers[0].status_code == 201
    assert answers[1].json()[0]["errorCode"] == "DUPLICATE_VALUE"
    assert query("SELECT Stage__c FROM Contact") == []
    made = call("POST", "/sobjects/Task", json={"Ref_Key__c": "a"})
    assert made.status_code == 201
    by_hand.revoke(fake.org, "Ours", USERNAME)
    assert query("SELECT Stage__c FROM Contact") == "INVALID_FIELD"


def test_a_field_for_reading_cannot_be_edited(fake: Fake, call: Call, query: Query) -> None:
    reading = permissions("Task.Ref_Key__c", "Contact.Stage__c", edit=False)
    deploy(call, {**PACKAGE, "permissionsets/Ours.permissionset": reading})
    number = query("SELECT Id FROM PermissionSet")[0]["Id"]
    me = {"PermissionSetId": number, "AssigneeId": fake.org.user_id(USERNAME)}
    call("POST", "/sobjects/PermissionSetAssignment", json=me)
    answer = call("POST", "/sobjects/Contact", json={"LastName": "x", "Stage__c": "like"}).json()
    assert answer[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


@pytest.mark.parametrize(
    ("path", "text", "name", "problem"),
    [
        ("objects/Activity.object", KEY.replace("80", "256"), "Activity.Ref_Key__c", "length"),
        ("objects/Activity.object", KEY.replace("Text", "Lookup"), "Activity.Ref_Key__c", "Lookup"),
        ("objects/Activity.object", KEY.replace("Text", "Date"), "Activity.Ref_Key__c", "unique"),
        ("objects/Activity.object", KEY.replace("Text", "Nonsense"), "Activity.Ref_Key__c", "type"),
        ("objects/Contact.object", VIEW + STAGE.replace("like", "know"), "Contact.Stage__c", "Dup"),
        ("objects/Contact.object", VIEW, "Contact.Stage__c", "not found in zipped directory"),
        ("objects/Contact.object", VIEW + STAGE + KEY, "Contact.Ref_Key__c", "not listed"),
    ],
)
def test_one_wrong_component_stops_all(
    fake: Fake, call: Call, path: str, text: str, name: str, problem: str
) -> None:
    result = deploy(call, {**PACKAGE, path: objects(text)})
    assert result["status"] == "Failed"
    assert problem in problems(result)[name]
    assert custom(fake) == set()


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("Contact.Nonsense__c", "no CustomField named Contact.Nonsense__c found"),
        ("Contact.LastName", "You cannot deploy to a required field"),
        ("Contact.OwnerId", "You cannot deploy to a required field"),
    ],
)
def test_a_permission_set_names_what_there_is(call: Call, field: str, problem: str) -> None:
    files = {**PACKAGE, "permissionsets/Ours.permissionset": permissions(field)}
    assert problem in problems(deploy(call, files))["Ours"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"other.xml": "x"}, "No package.xml found"),
        ({**PACKAGE, "objects/Contact.object": "<broken"}, "Error parsing file"),
        ({**PACKAGE, "objects/Contact.object": "<CustomObject/>"}, "invalid at this location"),
        ({**PACKAGE, "notes.txt": "x"}, "does not know what to do with it"),
    ],
)
def test_a_package_that_cannot_be_read_fails_whole(
    call: Call, files: dict[str, str], said: str
) -> None:
    assert said in deploy(call, files)["errorMessage"]


def test_what_was_deployed_can_be_taken_out_again(fake: Fake, call: Call, query: Query) -> None:
    deploy(call, PACKAGE)
    number = query("SELECT Id FROM PermissionSet")[0]["Id"]
    me = {"PermissionSetId": number, "AssigneeId": fake.org.user_id(USERNAME)}
    given = call("POST", "/sobjects/PermissionSetAssignment", json=me).json()["id"]
    going = manifest(
        CustomField=["Activity.Ref_Key__c", "Contact.Stage__c", "Contact.Never__c"],
        ListView=["Contact.Due"],
        PermissionSet=["Ours"],
    )
    files = {"package.xml": manifest(), "destructiveChanges.xml": going}
    assert "while it is assigned" in problems(deploy(call, files))["Ours"]
    assert call("DELETE", f"/sobjects/PermissionSetAssignment/{given}").status_code == 204
    result = deploy(call, files)
    assert result["status"] == "Succeeded"
    warnings = [one for one in result["details"]["componentSuccesses"] if one["warning"]]
    assert [one["fullName"] for one in warnings] == ["Contact.Never__c"]
    assert (custom(fake), query("SELECT Id FROM PermissionSet")) == (set(), [])
    assert query("SELECT Id FROM ListView") == []


def test_a_field_keeps_its_type(call: Call) -> None:
    deploy(call, PACKAGE)
    date = objects(
        "<fields><fullName>Ref_Key__c</fullName><label>K</label><type>Date</type></fields>"
    )
    result = deploy(call, {**PACKAGE, "objects/Activity.object": date})
    assert problems(result)["Activity.Ref_Key__c"].startswith("Cannot update a field")


def test_only_those_who_may_deploy_and_only_a_form_is_read(fake: Fake, call: Call) -> None:
    answer = call("POST", "/metadata/deployRequest", json={})
    assert answer.status_code == 415
    fake.account.deployers.discard(USERNAME)
    answer = send(call, PACKAGE)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (403, "INSUFFICIENT_ACCESS")
    assert call("GET", "/metadata/deployRequest/0Af5g0000000001AAA").status_code == 404
