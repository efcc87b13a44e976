"""Composite calls: many in one, counted as one, each with headers and an answer of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goodword_salesforce.fake import USERNAME, Fake, Switches

Call = Callable[..., Any]
Query = Callable[..., Any]
DATA = "/services/data/v67.0"
CONTACTS = f"{DATA}/query?q=SELECT+Id,LastName+FROM+Contact"


def part(name: str, method: str, url: str, **more: object) -> dict[str, object]:
    return {"referenceId": name, "method": method, "url": url, **more}


def send(call: Call, *parts: dict[str, object], **more: object) -> Any:
    return call("POST", "/composite", json={"compositeRequest": list(parts), **more})


def test_five_collections_of_200_are_one_call(fake: Fake, call: Call, query: Query) -> None:
    records = [{"attributes": {"type": "Task"}, "Subject": "Ring"}] * 200
    parts = [
        part(f"p{number}", "POST", f"{DATA}/composite/sobjects", body={"records": records})
        for number in range(5)
    ]
    body = send(call, *parts).json()["compositeResponse"]
    assert [len(one["body"]) for one in body] == [200] * 5
    assert fake.calls.by_kind() == {"composite": 1}
    assert fake.calls.by_part() == {"collections create": 5}
    assert len(fake.calls.writes()) == 1
    assert fake.org.limits.used(fake.org.clock()) == 1


def test_a_failed_part_has_its_own_status_and_the_rest_is_done(call: Call) -> None:
    answer = send(
        call,
        part("bad", "GET", f"{DATA}/query?q=SELECT+Nonsense+FROM+Contact"),
        part("gone", "GET", f"{DATA}/sobjects/Nonsense/describe"),
        part("good", "GET", CONTACTS),
    )
    body = answer.json()["compositeResponse"]
    assert answer.status_code == 200
    assert [(one["referenceId"], one["httpStatusCode"]) for one in body] == [
        ("bad", 400),
        ("gone", 404),
        ("good", 200),
    ]
    assert body[0]["body"][0]["errorCode"] == "INVALID_FIELD"


def test_all_or_none_leaves_nothing_behind(call: Call, query: Query) -> None:
    good = part("a", "POST", f"{DATA}/sobjects/Contact", body={"LastName": "Kitto"})
    bad = part("b", "POST", f"{DATA}/sobjects/Contact", body={})
    body = send(call, good, bad, allOrNone=True).json()["compositeResponse"]
    assert [one["body"][0]["errorCode"] for one in body] == [
        "PROCESSING_HALTED",
        "REQUIRED_FIELD_MISSING",
    ]
    assert query("SELECT Id FROM Contact") == []


def test_a_part_can_refer_to_an_earlier_one(call: Call, query: Query) -> None:
    send(
        call,
        part("who", "POST", f"{DATA}/sobjects/Contact", body={"LastName": "Kitto"}),
        part("task", "POST", f"{DATA}/sobjects/Task", body={"WhoId": "@{who.id}"}),
        part("lost", "POST", f"{DATA}/sobjects/Task", body={"WhoId": "@{nobody.id}"}),
    )
    rows = query("SELECT Who.Name FROM Task")
    assert [row["Who"]["Name"] for row in rows] == ["Kitto"]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([part(f"p{n}", "GET", f"{DATA}/limits") for n in range(26)], "LIMIT_EXCEEDED"),
        ([part(f"p{n}", "GET", CONTACTS) for n in range(6)], "LIMIT_EXCEEDED"),
        ([part("same", "GET", CONTACTS)] * 2, "INVALID_INPUT"),
        ([part("", "GET", CONTACTS)], "INVALID_INPUT"),
        ([part("p", "POST", f"{DATA}/composite", body={})], "INVALID_INPUT"),
        ([part("p", "POST", f"{DATA}/jobs/query", body={})], "INVALID_INPUT"),
    ],
)
def test_what_a_composite_call_cannot_hold(call: Call, parts: list[Any], code: str) -> None:
    answer = send(call, *parts)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_twenty_describes_and_five_queries_fit(call: Call) -> None:
    parts = [part(f"d{n}", "GET", f"{DATA}/sobjects/Task/describe") for n in range(20)]
    parts += [part(f"q{n}", "GET", CONTACTS) for n in range(5)]
    body = send(call, *parts).json()["compositeResponse"]
    assert {one["httpStatusCode"] for one in body} == {200}


@pytest.mark.parametrize("inherits", [True, False])
def test_a_part_has_its_own_headers(fake: Fake, call: Call, query: Query, inherits: bool) -> None:
    admin, me = fake.org.user_id(fake.account.admin), fake.org.user_id(USERNAME)
    fake.account.assignment["Lead"] = admin
    fake.account.switches = Switches(composite_inherits_headers=inherits)
    lead = {"LastName": "Nance", "Company": "Nance"}
    no = {"Sforce-Auto-Assign": "FALSE"}
    one = part("one", "POST", f"{DATA}/sobjects/Lead", body=lead)
    two = part("two", "POST", f"{DATA}/sobjects/Lead", body=lead, httpHeaders=no)
    call("POST", "/composite", json={"compositeRequest": [one, two]}, headers=no)
    owners = [row["OwnerId"] for row in query("SELECT OwnerId FROM Lead ORDER BY Id")]
    assert owners == [me if inherits else admin, me]


def test_a_part_speaks_the_version_of_the_whole(call: Call) -> None:
    body = send(call, part("p", "GET", "/services/data/v60.0/limits")).json()
    assert body["compositeResponse"][0]["httpStatusCode"] == 400
