"""Faults on purpose: statuses, dropped and stalled calls, lost answers, locked rows, limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceExpiredSession, SalesforceRefusedRequest

from goodword_salesforce.fake import Fake, Fault, RowFault, by_hand
from goodword_salesforce.fake.new_org import put
from goodword_salesforce.fake.times import DAY

Call = Callable[..., Any]
Query = Callable[..., Any]
PATH = "/sobjects/Contact"
KITTO = {"LastName": "Kitto"}


def count(fake: Fake) -> int:
    return len(list(fake.store.rows("Contact")))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500, 502, 503, 504])
def test_the_nth_matching_call_is_answered_with_a_status(
    status: int, fake: Fake, call: Call
) -> None:
    fault = fake.faults.add(Fault(method="POST", path=f"{PATH}*", nth=2, status=status))
    answers = [call("POST", PATH, json=KITTO) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, status, 201]
    assert answers[1].json()[0]["errorCode"]
    assert "Retry-After" not in answers[1].headers
    assert (count(fake), fault.seen) == (2, 3)


@pytest.mark.parametrize(("limit", "word"), [("daily", "Total"), ("concurrent", "Concurrent")])
def test_a_403_names_its_limit(fake: Fake, client: Salesforce, limit: str, word: str) -> None:
    fake.faults.add(Fault(status=403, limit=limit))
    with pytest.raises(SalesforceRefusedRequest) as refused:
        client.query("SELECT Id FROM Contact")
    assert refused.value.content[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
    assert refused.value.content[0]["message"].startswith(f"{word}Requests")


@pytest.mark.parametrize(("apply", "made"), [(True, 1), (False, 0)])
def test_a_connection_can_be_dropped_before_or_after(
    apply: bool, made: int, fake: Fake, call: Call
) -> None:
    fake.faults.add(Fault(drop=True, apply=apply))
    with pytest.raises(requests.ConnectionError):
        call("POST", PATH, json=KITTO)
    assert (count(fake), fake.calls.made[-1].status) == (made, 0)


def test_an_applied_call_can_still_be_answered_with_a_page(fake: Fake, call: Call) -> None:
    fake.faults.add(Fault(status=502, apply=True, html=True))
    answer = call("POST", PATH, json=KITTO)
    assert (answer.status_code, answer.text[:6], count(fake)) == (502, "<html>", 1)


def test_a_stalled_call_leaves_waiting_to_the_caller(fake: Fake, call: Call) -> None:
    fake.faults.add(Fault(path="/limits", stall=True))
    headers = {"Authorization": f"Bearer {fake.session()}"}
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{fake.url}/services/data/v67.0/limits", timeout=0.2, headers=headers)
    assert call("GET", "/limits").status_code == 200


def test_a_session_can_end_between_two_pages(fake: Fake, client: Salesforce) -> None:
    for number in range(2001):
        put(fake.org, "Contact", {"LastName": f"Nr {number}"})
    fake.faults.add(Fault(path="/query/01g*", meanwhile=fake.expire_sessions))
    first = client.query("SELECT Id FROM Contact ORDER BY Id")
    with pytest.raises(SalesforceExpiredSession):
        client.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    headers = {"Authorization": f"Bearer {fake.session()}"}
    rest = requests.get(fake.url + first["nextRecordsUrl"], timeout=10, headers=headers).json()
    assert (len(first["records"]), len(rest["records"])) == (2000, 1)


def test_chosen_rows_are_locked_as_often_as_told(fake: Fake, call: Call) -> None:
    ids = [by_hand.add(fake.org, "Contact", {"LastName": name}) for name in "ABC"]
    fault = fake.faults.on_rows(RowFault(ids={ids[1]}, times=2))
    body = {"records": [{"attributes": {"type": "Contact"}, "Id": n, "Title": "x"} for n in ids]}
    seen = []
    for _ in range(3):
        rows = call("PATCH", "/composite/sobjects", json=body).json()
        seen.append([row["errors"][0]["statusCode"] for row in rows if not row["success"]])
    assert seen == [["UNABLE_TO_LOCK_ROW"], ["UNABLE_TO_LOCK_ROW"], []]
    assert fault.struck == 2


def test_a_rule_of_the_org_refuses_by_value(fake: Fake, call: Call, query: Query) -> None:
    fault = RowFault("Task", names={"Bad"}, code="FIELD_CUSTOM_VALIDATION_EXCEPTION", message="No")
    fake.faults.on_rows(fault)
    records = [{"attributes": {"type": "Task"}, "Subject": name} for name in ("Good", "Bad")]
    rows = call("POST", "/composite/sobjects", json={"records": records}).json()
    assert rows[1]["errors"][0] == {
        "statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "message": "No",
        "fields": [],
    }
    assert len(query("SELECT Id FROM Task")) == 1


def test_the_day_has_a_limit_that_every_answer_tells(fake: Fake, call: Call, clock: Any) -> None:
    fake.account.daily_calls = 5
    fake.org.limits.others = 3
    told = [call("GET", "/limits").headers["Sforce-Limit-Info"] for _ in range(2)]
    assert told == ["api-usage=4/5", "api-usage=5/5"]
    refused = call("GET", "/limits")
    assert (refused.status_code, refused.json()[0]["message"]) == (
        403,
        "TotalRequests Limit exceeded.",
    )
    assert refused.headers["Sforce-Limit-Info"] == "api-usage=5/5"
    clock.tick(DAY)
    assert call("GET", "/limits").status_code == 200


def test_too_many_long_calls_of_others_shut_the_door(fake: Fake, call: Call) -> None:
    fake.account.busy = 25
    assert call("GET", "/limits").json()[0]["message"].startswith("ConcurrentRequests")
    fake.account.busy = 24
    assert call("GET", "/limits").status_code == 200


def test_calls_remember_their_headers_but_no_token(fake: Fake, call: Call) -> None:
    call("GET", "/limits", headers={"Sforce-Auto-Assign": "FALSE"})
    assert fake.calls.made[0].headers["sforce-auto-assign"] == "FALSE"
    assert "authorization" not in fake.calls.made[0].headers
    assert fake.calls.lines() == [
        "     1  limits",
        "     1  calls over 1 connections",
    ]


def test_faults_strike_until_they_are_cleared(fake: Fake, call: Call) -> None:
    fake.faults.add(Fault(path="/limits", times=0, status=503))
    assert [call("GET", "/limits").status_code for _ in range(3)] == [503] * 3
    fake.faults.clear()
    assert call("GET", "/limits").status_code == 200
