"""One call: its headers, its session, its second tries, and what is said when it fails."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from goodword import AuthError, ConnectorError, RecordError, RetryableError, UsageError
from goodword_salesforce.seam.client import Means
from goodword_salesforce.seam.failures import RefusedError, RightsError, TookTooLongError
from goodword_salesforce.seam.kinds import Kind
from goodword_salesforce.seam.session import open_line
from goodword_salesforce.seam.transport import CSV, Upload

PERSON = "ada@lovelace.example"
CONCURRENT = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
DAILY = "TotalRequests Limit exceeded."


def test_the_first_call_signs_in_and_the_next_ones_use_the_session(org: Any, stub: Any) -> None:
    for _ in range(3):
        assert org.transport.send("GET", "limits").data == {"ok": True}
    assert [call.token for call in stub.data] == ["token-1"] * 3
    assert stub.tokens == org.transport.telemetry.sign_ins == 1
    assert org.transport.telemetry.total == 3


@pytest.mark.promise("salesforce.owners", "salesforce.alerts")
def test_every_write_says_that_no_assignment_rule_and_no_alert_may_hold_it_up(
    org: Any, stub: Any
) -> None:
    org.transport.send("PATCH", "sobjects/Lead/00Q000000000001", {"Title": "Baker"})
    sent = stub.data[0].headers
    assert sent["sforce-auto-assign"] == "FALSE"
    assert sent["sforce-duplicate-rule-header"] == "allowSave=true"


def test_a_session_that_ended_is_renewed_once_and_no_header_is_lost(org: Any, stub: Any) -> None:
    stub.says(stub.refused(401, "INVALID_SESSION_ID"), stub.said(200, {"id": "1"}))
    reply = org.transport.send(
        "PATCH", "sobjects/Lead/00Q000000000001", {"Title": "Baker"}, headers={"If-Match": "yes"}
    )
    assert reply.data == {"id": "1"}
    first, second = stub.data
    assert (first.token, second.token) == ("token-1", "token-2")
    names = ("sforce-auto-assign", "sforce-duplicate-rule-header", "if-match")
    assert [second.headers[name] for name in names] == [first.headers[name] for name in names]
    assert first.json == second.json == {"Title": "Baker"}


def test_a_session_that_is_never_accepted_ends_after_one_renewal(org: Any, stub: Any) -> None:
    stub.says(stub.refused(401, "INVALID_SESSION_ID"))
    with pytest.raises(AuthError, match="does not accept the session"):
        org.transport.send("GET", "limits")
    assert (len(stub.data), stub.tokens) == (2, 2)


def test_a_refusal_whose_body_is_no_list_is_understood(org: Any, stub: Any) -> None:
    body = {"errorCode": "INVALID_SESSION_ID", "message": "expired"}
    stub.says(stub.said(401, body), stub.said(200, {}))
    org.transport.send("GET", "limits")
    assert stub.tokens == 2


@pytest.mark.promise("salesforce.sessions")
def test_a_session_that_ends_twice_in_a_long_run_is_renewed_each_time(org: Any, stub: Any) -> None:
    ended = stub.refused(401, "INVALID_SESSION_ID")
    for _ in range(2):
        stub.says(ended, stub.said(200, {"ok": 1}))
        assert org.transport.send("GET", "limits").data == {"ok": 1}
    assert stub.tokens == 3


@pytest.mark.promise("salesforce.lost-connection")
@pytest.mark.parametrize("status", [500, 502, 503, 504, 0])
def test_a_read_is_repeated_when_the_org_fails_or_the_answer_is_lost(
    org: Any, stub: Any, clock: Any, status: int
) -> None:
    stub.says(stub.said(status, "<html>"), stub.said(status, "<html>"), stub.said(200, {"ok": 1}))
    assert org.transport.send("GET", "limits").data == {"ok": 1}
    assert clock.waited == [0.5, 1.0]
    assert org.transport.telemetry.retries == 2


@pytest.mark.parametrize("status", [500, 502, 503, 504, 0])
def test_a_plain_create_is_never_repeated_after_a_lost_answer(
    org: Any, stub: Any, status: int
) -> None:
    stub.says(stub.said(status, "<html>"))
    with pytest.raises(RetryableError):
        org.transport.send("POST", "sobjects/Task", {"Subject": "Call"})
    assert len(stub.data) == 1


@pytest.mark.parametrize("status", [502, 0])
def test_a_create_that_a_unique_key_makes_safe_is_repeated(
    org: Any, stub: Any, status: int
) -> None:
    stub.says(stub.said(status, "<html>"), stub.said(201, {"id": "1"}))
    org.transport.send("POST", "sobjects/Task", {"Subject": "Call"}, kind=Kind.REPEATABLE)
    assert len(stub.data) == 2


def test_a_change_by_id_is_repeated_after_a_lost_answer(org: Any, stub: Any) -> None:
    stub.says(stub.said(0), stub.said(204))
    assert org.transport.send("PATCH", "sobjects/Contact/003", {"Title": "x"}).data is None
    assert len(stub.data) == 2


def test_an_org_that_never_comes_back_is_given_up(org: Any, stub: Any, clock: Any) -> None:
    stub.says(stub.said(503, "<html>"))
    with pytest.raises(RetryableError, match="busy or away") as caught:
        org.transport.send("GET", "limits")
    assert len(stub.data) == 6
    assert "status.salesforce.com" in caught.value.hint
    assert sum(clock.waited) == pytest.approx(7.5)


def test_too_many_long_calls_at_once_are_waited_for_whatever_the_call(
    org: Any, stub: Any, clock: Any
) -> None:
    busy = stub.refused(403, "REQUEST_LIMIT_EXCEEDED", CONCURRENT)
    stub.says(busy, busy, stub.said(201, {"id": "1"}))
    assert org.transport.send("POST", "sobjects/Task", {"Subject": "Call"}).data == {"id": "1"}
    assert clock.waited == [4.0, 8.0]


def test_when_the_calls_of_the_day_are_used_up_the_run_stops_at_once(
    org: Any, stub: Any, clock: Any
) -> None:
    stub.says(stub.refused(403, "REQUEST_LIMIT_EXCEEDED", DAILY))
    with pytest.raises(RetryableError, match="calls of the day") as caught:
        org.transport.send("GET", "limits")
    assert (len(stub.data), clock.waited) == (1, [])
    assert "24 hours" in caught.value.hint


@pytest.mark.promise("salesforce.reserve")
def test_the_orgs_other_programs_keep_a_part_of_the_day(org: Any, stub: Any) -> None:
    stub.says(stub.said(200, {}, Sforce_Limit_Info="api-usage=4499/5000"))
    org.transport.send("GET", "limits")
    assert org.transport.quota.spendable == 1
    stub.says(
        stub.said(
            200, {}, Sforce_Limit_Info="api-usage=4501/5000; per-app-api-usage=1/9(appName=x)"
        )
    )
    org.transport.send("GET", "limits")
    with pytest.raises(RetryableError, match="nearly used up"):
        org.transport.send("GET", "limits")
    assert len(stub.data) == 2


def test_a_failure_tells_of_the_quota_too(opened: Any, stub: Any) -> None:
    org = opened(means=Means(reserve=0.5))
    stub.says(stub.said(404, [], Sforce_Limit_Info="api-usage=60/100"))
    with pytest.raises(RecordError):
        org.transport.send("GET", "sobjects/Nothing")
    with pytest.raises(RetryableError, match="50%"):
        org.transport.send("GET", "limits")


def test_a_run_that_needs_more_than_is_left_does_not_begin(org: Any, stub: Any) -> None:
    org.transport.quota.need(1_000_000)  # nothing is known before the first answer
    stub.says(stub.said(200, {}, Sforce_Limit_Info="api-usage=10/1000"))
    org.transport.send("GET", "limits")
    org.transport.quota.need(890)
    with pytest.raises(RetryableError, match="891 needed, 890 left"):
        org.transport.quota.need(891)


def test_a_stalled_answer_ends_after_the_timeout(opened: Any, stub: Any) -> None:
    org = opened(means=Means(timeout=0.2))
    stub.says(stub.said(-1), stub.said(200, {"ok": 1}))
    assert org.transport.send("GET", "limits").data == {"ok": 1}
    stub.says(stub.said(-1))
    with pytest.raises(TookTooLongError, match="did not answer in time"):
        org.transport.send("POST", "sobjects/Task", {"Subject": "Call"})
    assert len(stub.data) == 3


def test_signing_in_that_stalls_ends_too(opened: Any, stub: Any) -> None:
    org = opened(means=Means(timeout=0.1))
    stub.tokens = -1
    stub.says(stub.said(-1))
    with pytest.raises(TookTooLongError, match="signing in"):
        org.transport.send("GET", "limits")


def test_a_query_that_took_too_long_is_asked_again_only_by_callers_who_cannot_ask_for_less(
    org: Any, stub: Any
) -> None:
    stub.says(stub.refused(400, "QUERY_TIMEOUT"), stub.said(200, {"ok": 1}))
    assert org.transport.send("GET", "query", query={"q": "x"}).data == {"ok": 1}
    stub.says(stub.refused(400, "QUERY_TIMEOUT"))
    with pytest.raises(TookTooLongError):
        org.transport.send("GET", "query", query={"q": "x"}, hurried=True)
    assert len(stub.data) == 3


def test_an_address_where_nobody_listens_is_said(opened: Any, clock: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    org = opened(instance_url=address)
    with pytest.raises(RetryableError, match="could not be reached") as caught:
        org.transport.send("GET", "limits")
    assert "HTTPS_PROXY" in caught.value.hint
    assert clock.waited == [0.5, 1.0]


@pytest.mark.parametrize("body", ["<html>Sign in to the guest network</html>", "true", "12"])
def test_a_proxys_page_is_told_from_an_answer(org: Any, stub: Any, body: str) -> None:
    stub.says(stub.said(200, body))
    with pytest.raises(RetryableError, match="no JSON"):
        org.transport.send("GET", "limits")


def test_a_redirection_is_not_followed(org: Any, stub: Any) -> None:
    stub.says(stub.said(302, None, Location="https://elsewhere.example/"))
    with pytest.raises(ConnectorError):
        org.transport.send("GET", "limits")
    assert len(stub.data) == 1


def test_who_may_only_read_writes_nothing(opened: Any, stub: Any) -> None:
    org = opened(read_only=True)
    org.transport.send("GET", "limits")
    org.transport.send("POST", "composite", {}, kind=Kind.READ)
    for method in ("POST", "PATCH", "PUT", "DELETE"):
        with pytest.raises(UsageError, match="would write") as caught:
            org.transport.send(method, "sobjects/Task/00T000000000001AAA", {})
        assert "00T" not in str(caught.value)
    assert len(stub.data) == 2


@pytest.mark.parametrize(
    ("status", "code", "kind", "told"),
    [
        (400, "INVALID_FIELD", RefusedError, "field-level security"),
        (404, "NOT_FOUND", RefusedError, "gone"),
        (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", RefusedError, "validation rule"),
        (400, "INVALID_TYPE", RefusedError, "read access"),
        (403, "API_DISABLED_FOR_ORG", RightsError, "API Enabled"),
        (403, "INSUFFICIENT_ACCESS", RightsError, "permission set"),
        (400, "UNABLE_TO_LOCK_ROW", RetryableError, "later"),
        (409, "CONFLICT", RefusedError, "doctor"),
    ],
)
def test_a_refusal_says_what_to_do_and_nothing_about_a_person(
    org: Any, stub: Any, status: int, code: str, kind: type[Exception], told: str
) -> None:
    stub.says(stub.refused(status, code, f"No: {PERSON}", fields=["Title", PERSON]))
    with pytest.raises(kind) as caught:
        org.transport.send("PATCH", "sobjects/Contact/003000000000001AAA", {"Email": PERSON})
    said = str(caught.value)
    assert told in said
    assert PERSON not in said
    assert "003000000000001AAA" not in said
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert len(stub.data) == 1


def test_a_hidden_field_is_named(org: Any, stub: Any) -> None:
    text = "\nSELECT Nps__c\n       ^\nERROR at Row:1\nNo such column 'Nps__c' on entity 'Contact'."
    stub.says(stub.refused(400, "INVALID_FIELD", text))
    with pytest.raises(RefusedError, match="INVALID_FIELD about Nps__c") as caught:
        org.transport.send("GET", "query", query={"q": "x"})
    assert caught.value.trouble.fields == ("Nps__c",)


def test_numbers_arrive_exactly(org: Any, stub: Any) -> None:
    stub.says(stub.said(200, {"Amount": 1234567890123.45}))
    assert str(org.transport.send("GET", "x").data["Amount"]) == "1234567890123.45"


def test_csv_comes_and_forms_are_sent_as_they_are(org: Any, stub: Any) -> None:
    stub.says(stub.said(200, "Id\n1\n", Sforce_Locator="null"))
    reply = org.transport.send("GET", "jobs/query/7/results", accept=CSV)
    assert (reply.text, reply.headers["sforce-locator"]) == ("Id\n1\n", "null")
    assert stub.data[0].headers["accept"] == "text/csv"
    parts = {"options": (None, "{}", "application/json"), "file": ("a.zip", b"PK", "text/plain")}
    stub.says(stub.said(201, {"id": "0Af"}))
    org.transport.send("POST", "metadata/deployRequest", upload=Upload(parts=parts))
    form = stub.data[-1]
    assert form.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="options"' in form.body
    assert b'filename="a.zip"' in form.body


def test_counts_hold_no_ids_and_no_keys(org: Any) -> None:
    org.transport.send("GET", "sobjects/Contact/0035g00000AbCdEAAV")
    org.transport.send("GET", "query/01g5g00000AbCdE-2000")
    org.transport.send("GET", "sobjects/Task/Goodword_Key__c/secret%20key")
    org.transport.send("GET", "query?q=SELECT%20Id", headers={})
    assert dict(org.transport.telemetry.calls) == {
        "GET sobjects/Contact/{id}": 1,
        "GET query/{id}": 1,
        "GET sobjects/Task/Goodword_Key__c/{key}": 1,
        "GET query": 1,
    }


def test_a_loopback_org_is_reached_past_the_companys_proxy(
    org: Any, stub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "nowhere.pem")
    assert org.transport.send("GET", "limits").data == {"ok": True}


def test_no_secret_shows_where_the_connection_is_shown(org: Any, private_key: str) -> None:
    org.transport.send("GET", "limits")
    shown = repr(org)
    assert "token-1" not in shown
    assert private_key[40:80] not in shown


def test_the_companys_proxy_is_used_for_a_real_org(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.acme.example:3128")
    line = open_line("", tmp_path)
    host = "https://acme.my.salesforce.com"
    found = line.merge_environment_settings(host, {}, None, None, None)
    assert found["proxies"]["https"] == "http://proxy.acme.example:3128"
    monkeypatch.setenv("NO_PROXY", "salesforce.com")
    assert not line.merge_environment_settings(host, {}, None, None, None)["proxies"]
