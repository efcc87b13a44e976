"""What users of the real host report, shown on the fake with naive callers of the real library.

A connector's own tests show that it avoids these. Here the fake shows that it sets the traps.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.contacts import PublicObjectSearchRequest
from hubspot.crm.objects.tasks import (
    BatchInputSimplePublicObjectBatchInputForCreate,
    BatchInputSimplePublicObjectBatchInputUpsert,
    SimplePublicObjectBatchInputForCreate,
    SimplePublicObjectBatchInputUpsert,
)
from hubspot.crm.objects.tasks.exceptions import ApiException
from urllib3 import Retry
from urllib3.exceptions import HTTPError

from goodword_hubspot.fake import KEY, Fake, Fault
from goodword_hubspot.fake.object_types import CONTACTS
from goodword_hubspot.fake.records import make as put

Call = Callable[..., Any]
Make = Callable[..., str]
TASKS = 20
CREATE = "/crm/v3/objects/tasks/batch/create"
UPSERT = "/crm/v3/objects/tasks/batch/upsert"


def tasks(fake: Fake) -> int:
    return len(list(fake.store.all("tasks")))


def creation() -> BatchInputSimplePublicObjectBatchInputForCreate:
    inputs = [
        SimplePublicObjectBatchInputForCreate(properties={"hs_timestamp": "1"}, associations=[])
        for _ in range(TASKS)
    ]
    return BatchInputSimplePublicObjectBatchInputForCreate(inputs=inputs)


def upsertion() -> BatchInputSimplePublicObjectBatchInputUpsert:
    inputs = [
        SimplePublicObjectBatchInputUpsert(
            id=f"ref-{number}", id_property="ref_key", properties={"hs_timestamp": "1"}
        )
        for number in range(TASKS)
    ]
    return BatchInputSimplePublicObjectBatchInputUpsert(inputs=inputs)


@pytest.fixture
def key(call: Call) -> None:
    definition = {
        "name": "ref_key",
        "label": "Key",
        "type": "string",
        "fieldType": "text",
        "groupName": "taskinformation",
        "hasUniqueValue": True,
    }
    call("POST", "/crm/v3/properties/tasks", json=definition).raise_for_status()


def insist(send: Callable[[], object]) -> None:
    """Send again after any failure, as a run does that knows nothing of the first attempt."""
    try:
        send()
    except (ApiException, HTTPError):
        send()


@pytest.mark.parametrize("fault", [{"status": 502}, {"drop": True}])
@pytest.mark.usefixtures("key")
def test_creating_again_after_a_lost_answer_doubles_tasks_and_upserting_does_not(
    fault: dict[str, Any], fake: Fake, sdk: HubSpot
) -> None:
    api = sdk.crm.objects.tasks.batch_api
    fake.faults.add(Fault(path=UPSERT, apply=True, **fault))
    insist(lambda: api.upsert(upsertion()))
    assert tasks(fake) == TASKS
    fake.faults.add(Fault(path=CREATE, apply=True, **fault))
    insist(lambda: api.create(creation()))
    assert tasks(fake) == 3 * TASKS


def test_a_library_told_to_retry_writes_doubles_them(fake: Fake) -> None:
    retry = Retry(total=2, allowed_methods=None, backoff_factor=0)
    sdk = HubSpot(access_token=KEY, host=fake.url, retry=retry)
    fake.faults.add(Fault(path=CREATE, apply=True, drop=True))
    sdk.crm.objects.tasks.batch_api.create(creation())
    assert tasks(fake) == 2 * TASKS


def test_the_retry_recipe_of_the_library_does_not_retry_a_search(fake: Fake) -> None:
    sdk = HubSpot(access_token=KEY, host=fake.url, retry=Retry(total=5, status_forcelist=(429,)))
    fake.faults.add(Fault(status=429, policy="SECONDLY"))
    asked = PublicObjectSearchRequest(filter_groups=[], sorts=[], properties=[], after="0")
    with pytest.raises(Exception, match="429"):
        sdk.crm.contacts.search_api.do_search(asked)
    assert len(fake.calls) == 1


def test_the_library_returns_nothing_when_the_status_is_not_the_documented_one(
    fake: Fake, sdk: HubSpot
) -> None:
    fake.faults.add(Fault(path=CREATE, status=200, apply=True))
    assert sdk.crm.objects.tasks.batch_api.create(creation()) is None
    assert tasks(fake) == TASKS


def test_the_models_of_the_library_drop_failures_of_the_newest_version(
    call: Call, sdk: HubSpot
) -> None:
    inputs = [
        {"properties": {"email": email}, "objectWriteTraceId": email}
        for email in ("ada@b.example", "nonsense")
    ]
    path = "/crm/objects/2026-09/contacts/batch/create"
    body = call("POST", path, json={"inputs": inputs}).json()
    client = sdk.crm.contacts.batch_api.api_client
    model = client.deserialize(_Answered(body), "BatchResponseSimplePublicObject")
    assert (body["numErrors"], hasattr(model, "errors")) == (1, False)


class _Answered:
    """What the library's own reader expects of an answer."""

    def __init__(self, body: Any) -> None:
        self.data = json.dumps(body)


def test_reading_on_by_date_alone_never_ends_when_10_000_share_a_stamp(
    fake: Fake, clock: Any, call: Call
) -> None:
    for number in range(10_300):
        put(fake.portal, CONTACTS, {"firstname": str(number)})
    clock.tick(60)
    seen: set[str] = set()
    since = "0"
    for page in range(51):
        clock.tick(1)
        sent = {
            "filterGroups": [
                {
                    "filters": [
                        {"propertyName": "lastmodifieddate", "operator": "GTE", "value": since}
                    ]
                }
            ],
            "sorts": [{"propertyName": "lastmodifieddate", "direction": "ASCENDING"}],
            "properties": ["lastmodifieddate"],
            "limit": 200,
            "after": str(page % 50 * 200),
        }
        rows = call("POST", "/crm/v3/objects/contacts/search", json=sent).json()["results"]
        before = len(seen)
        seen |= {row["id"] for row in rows}
        since = rows[-1]["properties"]["lastmodifieddate"]
    assert (len(seen), before) == (10_000, 10_000)  # the second window began where the first did


def test_an_email_is_no_identity_a_changed_one_makes_another_person(call: Call, make: Make) -> None:
    ada = make("contacts", email="ada@old.example")
    path = f"/crm/v3/objects/contacts/{ada}"
    call("PATCH", path, json={"properties": {"email": "ada@new.example"}}).raise_for_status()
    one = {"id": "ada@old.example", "idProperty": "email", "properties": {"city": "Truro"}}
    answer = call("POST", "/crm/v3/objects/contacts/batch/upsert", json={"inputs": [one]})
    (row,) = answer.json()["results"]
    assert (row["new"], row["id"] != ada) == (True, True)


def test_a_blind_upsert_resets_what_a_rep_has_done(key: None, call: Call, sdk: HubSpot) -> None:
    api = sdk.crm.objects.tasks.batch_api
    body = upsertion()
    body.inputs = body.inputs[:1]
    body.inputs[0].properties["hs_task_status"] = "NOT_STARTED"
    number = api.upsert(body).results[0].id
    path = f"/crm/v3/objects/tasks/{number}?properties=hs_task_status"
    call("PATCH", path, json={"properties": {"hs_task_status": "COMPLETED"}}).raise_for_status()
    api.upsert(body)
    assert call("GET", path).json()["properties"]["hs_task_status"] == "NOT_STARTED"


def test_the_library_without_a_timeout_waits_for_ever_so_a_stall_needs_one(
    fake: Fake, sdk: HubSpot
) -> None:
    fake.faults.add(Fault(stall=True, times=0))
    api = sdk.crm.contacts.basic_api
    api.api_client.rest_client.pool_manager.connection_pool_kw["retries"] = False
    with pytest.raises(HTTPError):
        api.get_page(_request_timeout=0.2)
