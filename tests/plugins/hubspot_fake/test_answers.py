"""What the portal answers fits the library's models of answers, as strictly as requests must."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from goodword_hubspot.fake import KEY, Fake, by_hand
from goodword_hubspot.fake.bodies import problems
from goodword_hubspot.fake.sample import fill

Call = Callable[..., Any]
CONTACTS = "hubspot.crm.contacts"
LINKS = "hubspot.crm.associations.v4"
ID = {"id": "1001"}
KEY_1001 = {"id": "finn.one@customers.example", "idProperty": "email", "properties": {}}
READ: dict[str, Any] = {"properties": ["city"], "propertiesWithHistory": ["city"]}
LINK = {
    "from": ID,
    "to": ID,
    "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 4}],
}
ASKED = "properties=email,city&propertiesWithHistory=city&associations=deals,companies"


@pytest.mark.parametrize(
    ("method", "path", "body", "package", "model"),
    [
        (
            "GET",
            f"objects/contacts/1001?{ASKED}",
            None,
            CONTACTS,
            "SimplePublicObjectWithAssociations",
        ),
        (
            "GET",
            f"objects/contacts?{ASKED}",
            None,
            CONTACTS,
            "CollectionResponseSimplePublicObjectWithAssociationsForwardPaging",
        ),
        ("POST", "objects/contacts", {"properties": {}}, CONTACTS, "SimplePublicObject"),
        ("PATCH", "objects/contacts/1001", {"properties": {}}, CONTACTS, "SimplePublicObject"),
        (
            "POST",
            "objects/contacts/search",
            {"limit": 2},
            CONTACTS,
            "CollectionResponseWithTotalSimplePublicObjectForwardPaging",
        ),
        (
            "POST",
            "objects/contacts/batch/read",
            {"inputs": [ID], **READ},
            CONTACTS,
            "BatchResponseSimplePublicObject",
        ),
        (
            "POST",
            "objects/contacts/batch/read",
            {"inputs": [ID, {"id": "9"}], **READ},
            CONTACTS,
            "BatchResponseSimplePublicObjectWithErrors",
        ),
        (
            "POST",
            "objects/contacts/batch/upsert",
            {"inputs": [KEY_1001]},
            CONTACTS,
            "BatchResponseSimplePublicUpsertObject",
        ),
        ("GET", "objects/contacts/9", None, CONTACTS, "Error"),
        ("POST", "objects/contacts", {"properties": {"x": ""}}, CONTACTS, "Error"),
        ("GET", "owners", None, "hubspot.crm.owners", "CollectionResponsePublicOwnerForwardPaging"),
        (
            "GET",
            "pipelines/deals",
            None,
            "hubspot.crm.pipelines",
            "CollectionResponsePipelineNoPaging",
        ),
        (
            "GET",
            "properties/contacts",
            None,
            "hubspot.crm.properties",
            "CollectionResponsePropertyNoPaging",
        ),
        (
            "GET",
            "properties/contacts/groups",
            None,
            "hubspot.crm.properties",
            "CollectionResponsePropertyGroupNoPaging",
        ),
        (
            "POST",
            "/crm/v4/associations/contacts/deals/batch/read",
            {"inputs": [ID, {"id": "9"}]},
            LINKS,
            "BatchResponsePublicAssociationMultiWithLabelWithErrors",
        ),
        (
            "POST",
            "/crm/v4/associations/contacts/deals/batch/create",
            {"inputs": [LINK]},
            LINKS,
            "BatchResponseLabelsBetweenObjectPair",
        ),
        (
            "GET",
            "/crm/v4/objects/contacts/1001/associations/deals",
            None,
            LINKS,
            "CollectionResponseMultiAssociatedObjectWithLabelForwardPaging",
        ),
        (
            "GET",
            "/crm/v4/associations/contacts/deals/labels",
            None,
            f"{LINKS}.schema",
            "CollectionResponseAssociationSpecWithLabelNoPaging",
        ),
    ],
)
def test_an_answer_fits_its_model(
    method: str, path: str, body: Any, package: str, model: str, fake: Fake, call: Call
) -> None:
    fill(fake.portal)
    by_hand.edit(fake.portal, "contacts", "1001", {"city": "Penzance"})
    answer = call(method, path if path.startswith("/") else f"/crm/v3/{path}", json=body)
    assert answer.status_code not in {404, 405} or model == "Error"
    assert problems(package, model, as_the_models_say(answer.json())) == []


def as_the_models_say(value: Any) -> Any:
    """Leave out nulls, the "status" of errors, and read the numbers of linked records as text.

    The models know neither, though the documentation shows all three.
    """
    if isinstance(value, dict):
        numbers = {"toObjectId", "fromObjectId"}
        found = {
            name: str(item)
            if name in numbers and isinstance(item, int)
            else as_the_models_say(item)
            for name, item in value.items()
            if item is not None
        }
        if "correlationId" in found:
            del found["status"]
        return found
    return [as_the_models_say(item) for item in value] if isinstance(value, list) else value


def test_calls_at_the_same_time_are_answered_one_after_the_other(fake: Fake) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}

    def create(number: int) -> str:
        body = {"properties": {"email": f"{number}@b.example"}}
        url = f"{fake.url}/crm/v3/objects/contacts"
        answer = requests.post(url, json=body, headers=headers, timeout=30)
        return str(answer.json()["id"])

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(create, range(40)))
    assert len(set(numbers)) == len(fake.calls) == 40
