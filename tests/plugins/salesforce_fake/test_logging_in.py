"""Logging in: signed assertions, client credentials, sessions that end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed

from goodword_salesforce.fake import (
    ADMIN,
    CONSUMER_KEY,
    CONSUMER_SECRET,
    USERNAME,
    Account,
    Fake,
    by_hand,
    new_key_pair,
)

Call = Callable[..., Any]
TOKEN = "/services/oauth2/token"  # noqa: S105  # an address
PRIVATE, PUBLIC = new_key_pair()


@pytest.fixture
def account() -> Account:
    return Account(public_key=PUBLIC, token_clock=lambda: 1000.0)


def sign_in(fake: Fake, key: str = PRIVATE, **claims: object) -> requests.Response:
    whole = {"iss": CONSUMER_KEY, "sub": USERNAME, "aud": "https://login.salesforce.com"}
    assertion = jwt.encode({**whole, "exp": 1100, **claims}, key, algorithm="RS256")
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": assertion,
    }
    return requests.post(fake.url + TOKEN, data=form, timeout=10)


def test_a_signed_assertion_opens_a_session(fake: Fake) -> None:
    body = sign_in(fake).json()
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    who = requests.get(f"{fake.url}/services/oauth2/userinfo", headers=headers, timeout=10).json()
    assert who["preferred_username"] == USERNAME
    assert body["instance_url"] == "https://brightroof.my.salesforce.com"


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"iss": "somebody else"}, "client identifier invalid"),
        ({"aud": "https://elsewhere.example"}, "audience is invalid"),
        ({"exp": 999}, "assertion is expired"),
        ({"sub": "nobody@b.example"}, "user hasn't approved this consumer"),
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused(
    fake: Fake, claims: dict[str, object], said: str
) -> None:
    answer = sign_in(fake, **claims)
    assert (answer.status_code, answer.json()["error_description"]) == (400, said)


def test_an_assertion_signed_by_another_key_is_refused(fake: Fake) -> None:
    other, _ = new_key_pair()
    assert sign_in(fake, other).json()["error_description"] == "invalid assertion"


def test_a_user_who_left_cannot_sign_in(fake: Fake) -> None:
    by_hand.deactivate(fake.org, fake.org.user_id(USERNAME))
    assert sign_in(fake).status_code == 400


def test_the_library_signs_in_and_asks(fake: Fake, loopback: requests.Session) -> None:
    fake.account.token_clock = lambda: 0.0
    client = Salesforce(
        username=USERNAME,
        consumer_key=CONSUMER_KEY,
        privatekey=PRIVATE,
        session=loopback,
        version="67.0",
    )
    assert client.query("SELECT COUNT() FROM User")["totalSize"] == 2
    assert fake.calls.by_kind() == {"token": 1, "query": 1}
    assert len(fake.calls.counted()) == 1


def test_the_library_signs_in_with_client_credentials(
    fake: Fake, loopback: requests.Session
) -> None:
    words = {"consumer_key": CONSUMER_KEY, "domain": "brightroof.my", "session": loopback}
    client = Salesforce(consumer_secret=CONSUMER_SECRET, version="67.0", **words)  # type: ignore[arg-type]
    assert client.query("SELECT Id FROM User")["done"] is True
    with pytest.raises(SalesforceAuthenticationFailed):
        Salesforce(consumer_secret=CONSUMER_KEY, **words)  # type: ignore[arg-type]


def test_a_session_that_ended_is_answered_401(fake: Fake, call: Call) -> None:
    assert call("GET", "/limits").status_code == 200
    fake.expire_sessions()
    answer = call("GET", "/limits")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (401, "INVALID_SESSION_ID")


def test_versions_are_told_without_a_session_and_others_do_not_exist(
    fake: Fake, call: Call
) -> None:
    listed = requests.get(f"{fake.url}/services/data/", timeout=10).json()
    assert listed[-1] == {
        "label": "Summer '26",
        "url": "/services/data/v67.0",
        "version": "67.0",
    }
    assert listed[0]["label"] == "Spring '24"
    assert call("GET", "/services/data/v68.0/limits").status_code == 404


def test_the_resources_say_who_one_is(fake: Fake, call: Call) -> None:
    identity = call("GET", "/").json()["identity"]
    assert identity.split("/")[-1] == fake.org.user_id(USERNAME) != fake.org.user_id(ADMIN)
