"""The account: owners, pipelines, details, scopes of the key, versions, and the calls it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hubspot import HubSpot

from goodword_hubspot.fake import KEY, Account, Fake
from goodword_hubspot.fake.owners import Owner

Call = Callable[..., Any]
Make = Callable[..., str]


def test_the_library_lists_live_and_deactivated_owners(fake: Fake, sdk: HubSpot) -> None:
    fake.portal.owners.put(Owner(51, 8101, "mo@firm.example", "Mo", "Hale"))
    fake.portal.owners.put(Owner(52, 8102, "pia@firm.example", "Pia", "Dacre", archived=True))
    api = sdk.crm.owners.owners_api
    assert [one.id for one in api.get_page().results] == ["51"]
    (gone,) = api.get_page(archived=True).results
    assert (gone.id, gone.user_id, gone.user_id_including_inactive) == ("52", None, 8102)
    assert api.get_by_id(8101, id_property="userId").id == "51"


def test_a_deactivated_owner_takes_records_only_by_a_switch(
    fake: Fake, account: Account, call: Call
) -> None:
    fake.portal.owners.put(Owner(52, 8102, "pia@firm.example", "Pia", "Dacre", archived=True))
    body = {"properties": {"hubspot_owner_id": "52"}}
    assert call("POST", "/crm/v3/objects/contacts", json=body).status_code == 400
    account.switches = replace(account.switches, archived_owner_takes_records=True)
    assert call("POST", "/crm/v3/objects/contacts", json=body).status_code == 201


def test_pipelines_say_which_stage_is_won(sdk: HubSpot) -> None:
    (pipeline,) = sdk.crm.pipelines.pipelines_api.get_all("deals").results
    won = [
        stage.id
        for stage in pipeline.stages
        if stage.metadata["isClosed"] == "true" and float(stage.metadata["probability"]) == 1
    ]
    assert won == ["closedwon"]


def test_editing_a_stage_touches_every_deal_in_it(clock: Any, call: Call, make: Make) -> None:
    number = make("deals", dealstage="closedwon")
    path = f"/crm/v3/objects/deals/{number}"
    before = call("GET", path).json()["properties"]["hs_lastmodifieddate"]
    clock.tick(60)
    stage = "/crm/v3/pipelines/deals/default/stages/closedwon"
    call("PATCH", stage, json={"label": "Won"}).raise_for_status()
    assert call("GET", path).json()["properties"]["hs_lastmodifieddate"] > before


def test_the_account_tells_its_currency_and_time_zone(call: Call) -> None:
    for path in ("/account-info/v3/details", "/account-info/2026-03/details"):
        found = call("GET", path).json()
        assert (found["companyCurrency"], found["timeZone"]) == ("GBP", "Europe/London")
        assert found["additionalCurrencies"] == ["EUR"]


def test_a_key_can_ask_for_its_scopes_where_the_portal_lets_it(
    account: Account, call: Call
) -> None:
    path = "/oauth/v2/private-apps/get/access-token-info"
    found = call("POST", path, json={"tokenKey": KEY}).json()
    assert (found["hubId"], set(found["scopes"])) == (account.portal_id, account.scopes)
    assert call("POST", path, json={"tokenKey": "wrong"}).status_code == 400
    account.switches = replace(account.switches, token_info=False)
    assert call("POST", path, json={"tokenKey": KEY}).status_code == 404


def test_the_numbered_addresses_can_be_switched_off(account: Account, call: Call) -> None:
    account.switches = replace(account.switches, numbered_paths=False)
    assert call("GET", "/crm/v3/objects/contacts").status_code == 404
    assert call("GET", "/crm/objects/2026-09/contacts").status_code == 200


def test_what_an_admin_made_mandatory_is_enforced_from_2026_09_on(
    account: Account, call: Call
) -> None:
    account.switches = replace(account.switches, required_on_create={"contacts": ("city",)})
    body = {"properties": {"email": "ada@b.example"}}
    answer = call("POST", "/crm/objects/2026-09/contacts", json=body)
    assert answer.json()["context"]["properties"] == ["city"]
    assert call("POST", "/crm/objects/2026-03/contacts", json=body).status_code == 201


def test_reads_by_key_lag_only_by_a_switch(
    account: Account, clock: Any, call: Call, make: Make
) -> None:
    path = "/crm/v3/objects/contacts/ada@b.example?idProperty=email"
    account.switches = replace(account.switches, key_reads_lag=True)
    make("contacts", email="ada@b.example")
    assert call("GET", path).status_code == 404
    clock.tick(3)
    assert call("GET", path).status_code == 200


def test_calls_are_counted_by_kind_and_connection(fake: Fake, call: Call, sdk: HubSpot) -> None:
    for _ in range(3):
        call("GET", "/crm/v3/objects/contacts")
    call("POST", "/crm/objects/2026-03/0-27/batch/archive", json={"inputs": []})
    assert fake.calls.by_kind() == {"contacts list": 3, "tasks batch archive": 1}
    assert fake.calls.by_status() == {200: 3, 204: 1}
    assert [one.kind for one in fake.calls.writes()] == ["tasks batch archive"]
    assert fake.calls.connections == 1
    for _ in range(2):  # the library opens a pool each time an api is asked for
        sdk.crm.contacts.basic_api.get_page()
    assert fake.calls.connections == 3
    fake.calls.reset()
    assert len(fake.calls) == 0
