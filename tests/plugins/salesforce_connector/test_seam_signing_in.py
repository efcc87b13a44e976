"""Signing in: three ways, one that is over, and what to do when Salesforce says no."""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64decode
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as elliptic_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from goodword import AuthError, ConnectorError, RetryableError, SettingsError
from goodword_salesforce.seam.auth import Login, audience, domain_label, sign_in
from goodword_salesforce.seam.client import Means, open_org
from goodword_salesforce.seam.session import is_loopback, open_line

SECRET = "a-very-secret-value"  # noqa: S105 - of nobody


def claims_of(call: Any) -> Any:
    form = parse_qs(call.body.decode())
    part = form["assertion"][0].split(".")[1]
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@pytest.mark.parametrize(
    ("domain", "whom"),
    [
        ("login", "https://login.salesforce.com"),
        ("test", "https://test.salesforce.com"),
        ("acme.my", "https://login.salesforce.com"),
        ("acme--uat.sandbox.my", "https://test.salesforce.com"),
    ],
)
def test_an_assertion_is_signed_for_the_org_or_the_sandbox(
    opened: Any, stub: Any, domain: str, whom: str
) -> None:
    opened(domain=domain).transport.send("GET", "limits")
    claims = claims_of(stub.calls[0])
    assert claims["aud"] == whom
    assert claims["sub"] == "integration@acme.example"
    assert claims["iss"] == "3MVG9.consumer"


def test_a_private_key_in_a_variable_may_have_its_line_ends_written_out(
    opened: Any, stub: Any, private_key: str
) -> None:
    opened(secret=lambda: private_key.replace("\n", "\\n")).transport.send("GET", "limits")
    assert stub.tokens == 1


def test_a_key_that_cannot_be_used_is_a_setting_to_correct(opened: Any, private_key: str) -> None:
    key = load_pem_private_key(private_key.encode(), None)
    locked = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(SECRET.encode())
    )
    other = elliptic_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    for bad in (SECRET, private_key[:400], locked.decode(), other.decode()):
        with pytest.raises(SettingsError, match="private key") as caught:
            opened(secret=lambda bad=bad: bad).transport.send("GET", "limits")
        assert bad not in str(caught.value)
        assert caught.value.__cause__ is None


def test_client_credentials_sign_in_at_the_orgs_own_domain(opened: Any, stub: Any) -> None:
    org = opened(flow="client_credentials", domain="acme.my", secret=lambda: SECRET)
    org.transport.send("GET", "limits")
    sent = stub.calls[0]
    assert parse_qs(sent.body.decode()) == {"grant_type": ["client_credentials"]}
    user = b64decode(sent.headers["authorization"].removeprefix("Basic ")).decode()
    assert user == f"3MVG9.consumer:{SECRET}"


@pytest.mark.parametrize("domain", ["login", "test"])
def test_client_credentials_elsewhere_are_refused_before_anything_is_sent(
    opened: Any, stub: Any, domain: str
) -> None:
    org = opened(flow="client_credentials", domain=domain, secret=lambda: SECRET)
    with pytest.raises(SettingsError, match="My Domain"):
        org.transport.send("GET", "limits")
    assert not stub.calls


def test_the_session_of_the_sf_cli_is_used_as_it_is(opened: Any, stub: Any) -> None:
    opened(flow="session", secret=lambda: SECRET).transport.send("GET", "limits")
    assert stub.calls[0].token == SECRET
    assert stub.tokens == 0


def test_what_the_sf_cli_prints_is_understood(opened: Any, stub: Any) -> None:
    printed = {"result": {"accessToken": SECRET, "instanceUrl": "https://acme.my.salesforce.com"}}
    opened(flow="session", secret=lambda: json.dumps(printed)).transport.send("GET", "limits")
    assert stub.calls[0].token == SECRET


@pytest.mark.parametrize("printed", ['{"status": 1}', "{", '{"result": []}'])
def test_an_sf_cli_without_a_session_is_said(opened: Any, printed: str) -> None:
    with pytest.raises(AuthError, match="holds no session"):
        opened(flow="session", secret=lambda: printed).transport.send("GET", "limits")


def test_a_session_of_the_sf_cli_that_ended_is_read_anew(opened: Any, stub: Any) -> None:
    sessions = ["first", "second", "second"]
    org = opened(flow="session", secret=lambda: sessions.pop(0))
    ended = stub.refused(401, "INVALID_SESSION_ID")
    stub.says(ended, stub.said(200, {"ok": 1}))
    assert org.transport.send("GET", "limits").data == {"ok": 1}
    assert [call.token for call in stub.calls] == ["first", "second"]
    stub.says(ended)
    with pytest.raises(AuthError, match="any more") as caught:
        org.transport.send("GET", "limits")
    assert "sf org login web" in caught.value.hint


def test_a_session_without_an_address_asks_for_it() -> None:
    login = Login(lambda: SECRET, "session")
    with pytest.raises(SettingsError, match="instance_url"):
        sign_in(login, requests.Session())


@pytest.mark.parametrize("version", ["65.0", "66.0", "70.0"])
def test_a_password_is_refused_with_the_way_out(opened: Any, stub: Any, version: str) -> None:
    org = opened(flow="password", secret=lambda: SECRET, version=version)
    with pytest.raises(SettingsError, match="from API version 65") as caught:
        org.transport.send("GET", "limits")
    assert 'auth = "jwt"' in caught.value.hint
    assert not stub.calls


def test_a_password_still_opens_an_older_version(opened: Any, stub: Any) -> None:
    server = "<serverUrl>https://acme.my.salesforce.com/services/Soap/u/64.0</serverUrl>"
    soap = f"<r><sessionId>{SECRET}1</sessionId>{server}</r>"
    stub.says(stub.said(200, soap), stub.said(200, {"ok": 1}))
    org = opened(flow="password", secret=lambda: SECRET, version="64.0")
    assert org.transport.send("GET", "limits").data == {"ok": 1}
    assert SECRET in stub.calls[0].body.decode()
    assert stub.calls[1].token == f"{SECRET}1"


@pytest.mark.parametrize("missing", ["username", "consumer_key"])
def test_a_setting_that_is_missing_is_named(opened: Any, missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        opened(**{missing: ""}).transport.send("GET", "limits")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("user hasn't approved this consumer", "admin-approved"),
        ("user hasn't admin approved this consumer", "permission set"),
        ("audience is invalid", "domain"),
        ("invalid assertion", "pair"),
        ("ip restricted", "IP rules"),
        ("something of tomorrow", "External Client App"),
    ],
)
def test_a_sign_in_that_is_refused_says_what_to_do(
    opened: Any, stub: Any, said: str, told: str
) -> None:
    stub.tokens = -1
    stub.says(stub.said(400, {"error": "invalid_grant", "error_description": said}))
    with pytest.raises(AuthError, match="invalid_grant") as caught:
        opened().transport.send("GET", "limits")
    assert told in caught.value.hint
    assert "3MVG9" not in str(caught.value)
    assert len(stub.calls) == 1


def test_a_sign_in_that_no_network_reaches_is_tried_again(
    opened: Any, stub: Any, clock: Any
) -> None:
    stub.tokens = -1
    access = {"access_token": "t", "instance_url": "https://acme.my.salesforce.com"}
    stub.says(stub.said(0), stub.said(200, access), stub.said(200, {"ok": 1}))
    assert opened().transport.send("GET", "limits").data == {"ok": 1}
    assert clock.waited == [0.5]


@pytest.mark.parametrize("body", ["<html>", [], {}, {"access_token": "t"}, "12"])
def test_an_answer_to_signing_in_that_is_not_salesforces_is_said(
    opened: Any, stub: Any, body: Any
) -> None:
    stub.tokens = -1
    stub.says(stub.said(200, body))
    with pytest.raises(ConnectorError, match="did not come from Salesforce"):
        opened().transport.send("GET", "limits")


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ("login", "login"),
        ("acme.my", "acme.my"),
        ("https://acme.my.salesforce.com/", "acme.my"),
        ("", "login"),
    ],
)
def test_a_domain_may_be_given_in_any_form(given: str, label: str) -> None:
    assert domain_label(given) == label
    assert audience(label) == "login"


def test_the_address_of_the_pages_is_no_domain_of_the_api() -> None:
    with pytest.raises(SettingsError, match="pages"):
        domain_label("acme.lightning.force.com")
    login = Login(lambda: SECRET, "session", instance_url="https://acme.lightning.force.com")
    with pytest.raises(SettingsError, match="pages"):
        sign_in(login, requests.Session())


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://localhost:1", True),
        ("https://127.0.0.1:8080", False),
        ("http://acme.my.salesforce.com", False),
        ("http://127.0.0.1.evil.example", False),
        ("", False),
    ],
)
def test_only_this_computer_is_spoken_to_without_encryption(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


@responses.activate
def test_a_real_org_is_spoken_to_over_https_with_the_certificates_of_the_firm(
    tmp_path: Path, private_key: str
) -> None:
    (tmp_path / "proxy.pem").write_text("certificates")
    host = "https://acme.my.salesforce.com"
    responses.post(
        "https://login.salesforce.com/services/oauth2/token",
        json={"access_token": "t", "instance_url": host},
    )
    responses.get(
        f"{host}/services/data/v66.0/limits",
        json={"ok": 1},
        headers={"Sforce-Limit-Info": "api-usage=5/100"},
    )
    login = Login(lambda: private_key, username="a@acme.example", consumer_key="k")
    org = open_org(login, tmp_path, Means(ca_file="proxy.pem"))
    assert org.transport.send("GET", "limits").data == {"ok": 1}
    assert org.transport.quota.used == 5
    for call in responses.calls:
        assert call.request.req_kwargs["verify"] == str(tmp_path / "proxy.pem")
        assert call.request.req_kwargs["timeout"] == (15.0, 120.0)


@responses.activate
@pytest.mark.parametrize("flow", ["jwt", "client_credentials"])
@pytest.mark.parametrize(
    ("named", "fits"),
    [
        ("https://acme.my.salesforce.com", True),
        ("https://Acme.my.salesforce.com:443/", True),
        ("https://other.my.salesforce.com", False),
        ("https://acme.my.salesforce.com.example", False),
        ("https://acme.my.salesforce.com:8443", False),
    ],
)
def test_an_address_that_is_set_is_where_signing_in_must_lead(
    private_key: str, flow: Any, named: str, fits: bool
) -> None:
    where = "acme.my" if flow == "client_credentials" else "login"
    responses.post(
        f"https://{where}.salesforce.com/services/oauth2/token",
        json={"access_token": SECRET, "instance_url": named},
    )
    login = Login(
        lambda: private_key,
        flow,
        username="a@acme.example",
        consumer_key="k",
        domain=where,
        instance_url="https://acme.my.salesforce.com",
    )
    with requests.Session() as line:
        if fits:
            assert sign_in(login, line).token == SECRET
            return
        with pytest.raises(AuthError, match="another address than") as caught:
            sign_in(login, line)
    assert "instance_url" in caught.value.message + caught.value.hint
    assert SECRET not in str(caught.value)


def test_a_session_of_the_sf_cli_for_another_address_is_refused() -> None:
    printed = {"result": {"accessToken": SECRET, "instanceUrl": "https://other.my.salesforce.com"}}
    address = "https://acme.my.salesforce.com"
    login = Login(lambda: json.dumps(printed), "session", instance_url=address)
    with requests.Session() as line, pytest.raises(AuthError, match="another address than"):
        sign_in(login, line)


def test_certificates_that_are_not_there_are_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ca_file"):
        open_line("", tmp_path, "missing.pem")


def test_certificates_that_the_environment_names_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", "company.pem")
    assert open_line("", tmp_path).certificates == "company.pem"
    (tmp_path / "own.pem").write_text("certificates")
    assert open_line("", tmp_path, "own.pem").certificates == str(tmp_path / "own.pem")


def test_a_netrc_of_the_computer_never_replaces_the_session(
    opened: Any, stub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    org = opened()
    org.transport.line.trust_env = True
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    org.transport.send("GET", "limits")
    assert stub.data[0].token == "token-1"  # noqa: S105 - of nobody


def test_no_failure_is_raised_while_another_is_told(opened: Any, stub: Any) -> None:
    stub.tokens = -1
    stub.says(stub.said(503, "<html>"))
    with pytest.raises(RetryableError) as caught:
        opened().transport.send("GET", "limits")
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
