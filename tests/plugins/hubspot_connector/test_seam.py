"""The seam: one connection, careful retries, the pace of the portal, errors that tell enough."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import urllib3

from goodword import AuthError, ConnectorError, RetryableError, SettingsError, UsageError
from goodword_hubspot.fake import FREE, Account, Fault
from goodword_hubspot.seam.client import open_portal
from goodword_hubspot.seam.failures import RefusedError, ScopeError
from goodword_hubspot.seam.kinds import Kind
from goodword_hubspot.seam.objects import (
    Filter,
    Input,
    create,
    list_page,
    read,
    search,
    update,
    upsert,
)
from goodword_hubspot.seam.paths import path_for
from goodword_hubspot.seam.portal_facts import read_account
from goodword_hubspot.settings import HubSpotSettings

TASKS = "/crm/v3/objects/tasks"


def portal_of(firm: Any, **settings: Any) -> Any:
    firm.options.update(settings)
    return firm.open().portal


def a_task(**more: str) -> Input:
    values = {"hs_timestamp": "1795100000000", "hs_task_subject": "Call back", **more}
    return Input(properties=values, trace="one")


def test_many_calls_of_many_kinds_use_one_connection(bare_firm: Any) -> None:
    portal = portal_of(bare_firm)
    for _ in range(3):
        list_page(portal, "contacts", ["email"])
        read_account(portal)
        search(portal, "deals", [], ["dealname"])
    assert len(bare_firm.fake.calls) == 9
    assert bare_firm.fake.calls.connections == 1


def test_a_key_that_was_changed_is_used_at_once(
    bare_firm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = portal_of(bare_firm)
    list_page(portal, "contacts", ["email"])
    bare_firm.fake.account.key = "pat-eu1-renewed"
    with pytest.raises(AuthError, match="does not accept the key"):
        list_page(portal, "contacts", ["email"])
    monkeypatch.setenv("GOODWORD_HUBSPOT_TOKEN", "pat-eu1-renewed")
    assert list_page(portal, "contacts", ["email"]).records


@pytest.mark.parametrize(("policy", "waits"), [("TEN_SECONDLY_ROLLING", 10.0), ("SECONDLY", 1.0)])
@pytest.mark.promise("hubspot.limits")
def test_a_search_that_met_a_limit_is_repeated_after_the_wait_of_that_limit(
    bare_firm: Any, policy: str, waits: float
) -> None:
    portal = portal_of(bare_firm)
    bare_firm.fake.faults.add(Fault(path="*/search", status=429, policy=policy))
    assert search(portal, "contacts", [], ["email"]).records
    assert bare_firm.clock.waited == pytest.approx(waits)


def test_when_the_calls_of_the_day_are_used_up_the_run_stops_without_trying_again(
    bare_firm: Any,
) -> None:
    portal = portal_of(bare_firm)
    bare_firm.fake.faults.add(Fault(status=429, policy="DAILY", times=0))
    with pytest.raises(RetryableError, match="calls of the day") as caught:
        list_page(portal, "contacts", ["email"])
    assert len(bare_firm.fake.calls) == 1
    assert "tomorrow" in caught.value.hint


def test_the_portals_other_programs_keep_a_part_of_the_day(bare_firm: Any) -> None:
    portal = portal_of(bare_firm)
    list_page(portal, "contacts", ["email"])
    portal.transport.pace.daily_left = portal.transport.pace.daily // 100
    with pytest.raises(RetryableError, match="reserve"):
        list_page(portal, "contacts", ["email"])


@pytest.mark.parametrize("fault", [{"status": 502}, {"drop": True}])
@pytest.mark.parametrize("applied", [False, True])
def test_a_plain_create_is_never_repeated_after_a_lost_answer(
    bare_firm: Any, fault: dict[str, Any], applied: bool
) -> None:
    portal = portal_of(bare_firm)
    bare_firm.fake.faults.add(Fault(path=f"{TASKS}/batch/create", apply=applied, **fault))
    with pytest.raises(RetryableError):
        create(portal, "tasks", [a_task()])
    assert len(bare_firm.fake.calls) == 1


@pytest.mark.parametrize("status", [429, 423, 477])
@pytest.mark.promise("hubspot.limits")
def test_a_create_that_was_turned_away_is_repeated(bare_firm: Any, status: int) -> None:
    portal = portal_of(bare_firm)
    bare_firm.fake.faults.add(Fault(path=f"{TASKS}/batch/create", status=status))
    assert create(portal, "tasks", [a_task()]).records
    assert bare_firm.clock.waited >= 2
    assert len(list(bare_firm.fake.store.all("tasks"))) == 1


@pytest.mark.parametrize("fault", [{"status": 502}, {"drop": True}])
def test_an_upsert_is_repeated_after_a_lost_answer_and_makes_one(
    firm: Any, fault: dict[str, Any]
) -> None:
    portal = portal_of(firm)
    firm.fake.faults.add(Fault(path=f"{TASKS}/batch/upsert", apply=True, **fault))
    task = a_task()
    by_key = Input(task.properties, id="ab" * 16, id_property="goodword_key", trace="one")
    batch = upsert(portal, "tasks", [by_key])
    assert [record.trace for record in batch.records] == ["one"]
    assert len(list(firm.fake.store.all("tasks"))) == 1


@pytest.mark.promise("hubspot.timeout")
def test_a_stalled_answer_ends_after_the_timeout_and_a_read_is_tried_again(bare_firm: Any) -> None:
    portal = portal_of(bare_firm, timeout_seconds=0.3)
    bare_firm.fake.faults.add(Fault(stall=True))
    assert list_page(portal, "contacts", ["email"]).records
    bare_firm.fake.faults.add(Fault(stall=True, times=0))
    with pytest.raises(RetryableError, match="did not answer in time"):
        create(portal, "tasks", [a_task()])


def test_a_proxys_page_is_told_from_an_answer(bare_firm: Any) -> None:
    portal = portal_of(bare_firm)
    bare_firm.fake.faults.add(Fault(status=200, html=True, times=0))
    with pytest.raises(RetryableError, match="no JSON") as caught:
        list_page(portal, "contacts", ["email"])
    assert "HTTPS_PROXY" in caught.value.hint


def test_a_host_that_is_not_there_is_said(bare_firm: Any) -> None:
    settings = HubSpotSettings.model_validate({"host": "http://127.0.0.1:9"})
    portal = open_portal(settings, lambda: "key", Path(), bare_firm.clock, bare_firm.clock.sleep)
    with pytest.raises(RetryableError, match="could not be reached"):
        list_page(portal, "contacts", [])


@pytest.mark.parametrize("status", [401, 403, 404, 409, 423, 429, 477, 500, 502, 503, 504, 521])
def test_no_error_repeats_the_key_or_the_body(bare_firm: Any, status: int, key: str) -> None:
    portal = portal_of(bare_firm)
    bare_firm.fake.faults.add(Fault(status=status, times=0))
    address = "xanthe.quill@brightroof.example"
    with pytest.raises(ConnectorError) as caught:
        update(portal, "contacts", [Input({"email": address}, id="1001")])
    said = f"{caught.value}"
    assert caught.value.hint
    assert address not in said
    assert key not in said
    assert "1001" not in said


def test_a_missing_scope_is_named(bare_firm: Any) -> None:
    portal = portal_of(bare_firm)
    bare_firm.fake.account.scopes.discard("tickets")
    with pytest.raises(ScopeError, match="tickets") as caught:
        list_page(portal, "tickets", [])
    assert caught.value.scopes == ("tickets",)


def test_a_property_at_fault_is_named(bare_firm: Any) -> None:
    portal = portal_of(bare_firm)
    with pytest.raises(RefusedError) as caught:
        update(portal, "contacts", [Input({"no_such_property": "1"}, id="1001")])
    assert caught.value.status == 400
    assert "no_such_property" in caught.value.trouble.properties


def test_nothing_is_written_where_nothing_may_be(bare_firm: Any) -> None:
    portal = bare_firm.open(read_only=True).portal
    assert list_page(portal, "contacts", []).records
    with pytest.raises(UsageError, match="would write"):
        update(portal, "contacts", [Input({"city": "Penryn"}, id="1001")])
    assert not bare_firm.fake.calls.writes()


@pytest.mark.parametrize(
    ("numbered", "dated"),
    [
        ("/crm/v3/objects/tasks/batch/read", "/crm/objects/2026-03/tasks/batch/read"),
        ("/crm/v3/properties/contacts", "/crm/properties/2026-03/contacts"),
        ("/crm/v3/owners/", "/crm/owners/2026-03"),
        ("/crm/v3/owners/12", "/crm/owners/2026-03/12"),
        ("/crm/v3/pipelines/deals", "/crm/pipelines/2026-03/deals"),
        (
            "/crm/v4/associations/tasks/contacts/batch/create",
            "/crm/associations/2026-03/tasks/contacts/batch/create",
        ),
        ("/account-info/v3/details", "/account-info/v3/details"),
    ],
)
def test_paths_of_both_families(numbered: str, dated: str) -> None:
    assert path_for(numbered, "2026-03") == dated
    assert path_for(numbered, "v3") == numbered


@pytest.mark.long
@pytest.mark.promise("hubspot.bursts")
def test_a_burst_is_used_and_never_exceeded(bare_firm: Any) -> None:
    fake, clock = bare_firm.fake, bare_firm.clock
    portal = portal_of(bare_firm)
    list_page(portal, "contacts", [])
    fake.calls.reset()
    begun, calls = clock.now, 0
    while clock.now < begun + 50:
        list_page(portal, "contacts", [])
        calls += 1
    assert set(fake.calls.by_status()) == {200}
    assert calls / (clock.now - begun) >= 0.95 * fake.account.tier.burst / 10


def test_a_small_tier_is_kept_to_from_the_first_call(bare_firm: Any) -> None:
    bare_firm.fake.account.tier = FREE
    portal = portal_of(bare_firm)
    for _ in range(2 * FREE.burst):
        list_page(portal, "contacts", [])
    assert set(bare_firm.fake.calls.by_status()) == {200}


@pytest.mark.promise("hubspot.bursts")
def test_searches_go_at_five_a_second(bare_firm: Any) -> None:
    portal = portal_of(bare_firm)
    begun = bare_firm.clock.now
    for _ in range(25):
        search(portal, "contacts", [], [])
    assert set(bare_firm.fake.calls.by_status()) == {200}
    assert 4 <= bare_firm.clock.now - begun <= 5
    assert portal.transport.telemetry.kinds[Kind.SEARCH] == 25


def test_calls_are_counted_without_ids(bare_firm: Any) -> None:
    portal = portal_of(bare_firm)
    list(read(portal, "contacts", ["1001", "1001"], ["email"]))
    search(portal, "contacts", [[Filter("email", "HAS_PROPERTY")]], [])
    calls = portal.transport.telemetry.calls
    assert calls == {
        "POST /crm/v3/objects/contacts/batch/read": 1,
        "POST /crm/v3/objects/contacts/search": 1,
    }


def test_a_company_proxy_and_its_certificates_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    settings = HubSpotSettings()
    portal = open_portal(settings, lambda: "key", tmp_path)
    assert isinstance(portal.transport.pool, urllib3.ProxyManager)
    missing = HubSpotSettings.model_validate({"ca_file": "company.pem"})
    with pytest.raises(SettingsError, match="ca_file"):
        open_portal(missing, lambda: "key", tmp_path)


def test_a_portal_that_only_speaks_dated_paths_is_spoken_to(account: Account, firm: Any) -> None:
    firm.options["api_version"] = "2026-03"
    portal = firm.open().portal
    assert read_account(portal)["portalId"]
    assert search(portal, "contacts", [], ["email"]).total == 61
    assert {call.path.split("/")[2] for call in firm.fake.calls.made} <= {"objects", "v3"}
