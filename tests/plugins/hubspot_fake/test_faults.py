"""Faults on purpose: statuses, pages, dropped and stalled calls, applied ones among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from goodword_hubspot.fake import Fake, Fault

Call = Callable[..., Any]
PATH = "/crm/v3/objects/contacts"
ADA = {"properties": {"email": "ada@b.example"}}


def count(fake: Fake) -> int:
    return len(list(fake.store.all("contacts")))


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 409, 423, 429, 477, 500, 502, 503, 504, 521]
)
def test_the_nth_matching_call_is_answered_with_a_status(
    status: int, fake: Fake, call: Call
) -> None:
    fault = fake.faults.add(Fault(method="POST", path=f"{PATH}*", nth=2, status=status))
    answers = [call("POST", PATH, json={"properties": {}}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, status, 201]
    assert answers[1].json()["correlationId"]
    assert (count(fake), fault.seen) == (2, 3)
    assert ("Retry-After" in answers[1].headers) is (status == 477)


@pytest.mark.parametrize("policy", ["TEN_SECONDLY_ROLLING", "SECONDLY", "DAILY"])
def test_a_429_names_its_policy(policy: str, fake: Fake, call: Call) -> None:
    fake.faults.add(Fault(status=429, policy=policy))
    assert call("GET", PATH).json()["policyName"] == policy


def test_a_call_can_be_applied_and_still_answered_502(fake: Fake, call: Call) -> None:
    fake.faults.add(Fault(status=502, apply=True, html=True))
    answer = call("POST", PATH, json=ADA)
    assert (answer.status_code, answer.text[:6], count(fake)) == (502, "<html>", 1)


@pytest.mark.parametrize(("apply", "made"), [(True, 1), (False, 0)])
def test_a_connection_can_be_dropped_before_or_after(
    apply: bool, made: int, fake: Fake, call: Call
) -> None:
    fake.faults.add(Fault(drop=True, apply=apply))
    with pytest.raises(requests.ConnectionError):
        call("POST", PATH, json=ADA)
    assert count(fake) == made
    assert fake.calls.made[-1].status == 0


def test_a_stalled_call_leaves_waiting_to_the_caller(fake: Fake) -> None:
    fake.faults.add(Fault(stall=True))
    with pytest.raises(requests.ReadTimeout):
        requests.get(fake.url + PATH, timeout=0.2)
    headers = {"Authorization": f"Bearer {fake.account.key}"}
    assert requests.get(fake.url + PATH, timeout=5, headers=headers).status_code == 200


def test_a_good_answer_can_come_with_a_status_nobody_expects(fake: Fake, call: Call) -> None:
    fake.faults.add(Fault(status=200, apply=True))
    answer = call("POST", PATH, json=ADA)
    assert (answer.status_code, answer.json()["properties"]["email"]) == (200, "ada@b.example")


def test_something_can_happen_in_the_middle_of_a_run(fake: Fake, call: Call) -> None:
    def take_the_scope() -> None:
        fake.account.scopes.discard("crm.objects.contacts.read")

    fake.faults.add(Fault(path=PATH, nth=3, meanwhile=take_the_scope))
    assert [call("GET", PATH).status_code for _ in range(4)] == [200, 200, 403, 403]


def test_a_fault_can_strike_for_good_until_it_is_cleared(fake: Fake, call: Call) -> None:
    fake.faults.add(Fault(path=PATH, times=0, status=503))
    assert [call("GET", PATH).status_code for _ in range(3)] == [503] * 3
    fake.faults.clear()
    assert call("GET", PATH).status_code == 200


def test_a_fault_set_for_the_numbered_address_strikes_the_dated_one(fake: Fake, call: Call) -> None:
    fake.faults.add(Fault(path="/crm/v3/objects/tasks/batch/*", status=500))
    answer = call("POST", "/crm/objects/2026-09/tasks/batch/archive", json={"inputs": []})
    assert answer.status_code == 500
