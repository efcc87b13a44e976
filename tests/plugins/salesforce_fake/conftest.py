"""An org on loopback, a clock nobody waits for, and two ways to call: library and requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce

from goodword_salesforce.fake import DOMAIN, USERNAME, Account, Fake, by_hand
from goodword_salesforce.fake.fields import Field

START = 1_795_000_000.0  # a Wednesday in November 2026, 11:06:40 UTC
KEY = Field(
    *("Ref_Key__c", "string", 80), custom=True, unique=True, external_id=True, case_sensitive=True
)
STAGE = Field(
    *("Stage__c", "picklist", 255), custom=True, picklist=("know", "like"), restricted=True
)
SCORE = Field("Score__c", "double", custom=True, precision=5, scale=2)
DATA = "/services/data/v67.0"
Call = Callable[..., requests.Response]


class Clock:
    """Seconds since 1970 that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += seconds


class ToLoopback(HTTPAdapter):
    """Sends what is meant for https to the org on this machine."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *rest: Any, **more: Any) -> Any:
        split = urlsplit(str(request.url))
        request.url = f"{self._url}{split.path}" + (f"?{split.query}" if split.query else "")
        return super().send(request, *rest, **more)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def fake(clock: Clock, account: Account) -> Iterator[Fake]:
    with Fake(account, clock) as org:
        yield org


@pytest.fixture
def ours(fake: Fake) -> None:
    """Custom fields on contacts and tasks that the integration user may see and edit."""
    for place, field in (("Activity", KEY), ("Contact", STAGE), ("Contact", SCORE)):
        by_hand.add_field(fake.org, place, field)
    granted = [("Task", "Ref_Key__c"), ("Contact", "Stage__c"), ("Contact", "Score__c")]
    by_hand.grant(fake.org, USERNAME, granted)


@pytest.fixture
def call(fake: Fake) -> Iterator[Call]:
    """Send one request of the integration user: call("POST", "/sobjects/Contact", json={…})."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {fake.session()}"

        def send(method: str, path: str, **options: Any) -> requests.Response:
            whole = path if path.startswith("/services/") else DATA + path
            return session.request(method, fake.url + whole, timeout=10, **options)

        yield send


@pytest.fixture
def query(call: Call) -> Callable[..., Any]:
    """Return the records a query finds, or the code it is refused with."""

    def ask(soql: str, everything: bool = False) -> Any:
        path = "/queryAll" if everything else "/query"
        answer = call("GET", path, params={"q": soql}).json()
        return answer["records"] if isinstance(answer, dict) else answer[0]["errorCode"]

    return ask


@pytest.fixture
def loopback(fake: Fake) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.mount("https://", ToLoopback(fake.url))
        yield session


@pytest.fixture
def client(fake: Fake, loopback: requests.Session) -> Salesforce:
    return Salesforce(session_id=fake.session(), instance=DOMAIN, session=loopback, version="67.0")
