"""A portal on loopback, a clock nobody waits for, and two ways to call: library and requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from hubspot import HubSpot

from goodword_hubspot.fake import KEY, Account, Fake

START = 1_795_000_000.0  # a Wednesday in November 2026, 11:06:40 UTC
Call = Callable[..., requests.Response]


class Clock:
    """Seconds since 1970 that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def fake(clock: Clock, account: Account) -> Iterator[Fake]:
    with Fake(account, clock) as portal:
        yield portal


@pytest.fixture
def sdk(fake: Fake) -> HubSpot:
    return HubSpot(access_token=KEY, host=fake.url, base_url=fake.url)


@pytest.fixture
def call(fake: Fake) -> Iterator[Call]:
    """Send one request with the right key: call("POST", "/crm/v3/…", json={…})."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {KEY}"

        def send(method: str, path: str, **options: Any) -> requests.Response:
            return session.request(method, fake.url + path, timeout=10, **options)

        yield send


@pytest.fixture
def make(call: Call) -> Callable[..., str]:
    """Make a record and return its id: make("contacts", email="a@b.example")."""

    def send(kind: str, links: list[dict[str, Any]] | None = None, **values: str) -> str:
        body = {"properties": values, "associations": links or []}
        answer = call("POST", f"/crm/v3/objects/{kind}", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return send


def link_to(number: str, type_id: int) -> dict[str, Any]:
    """The association of a create body."""
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    return {"to": {"id": number}, "types": [spec]}
