"""Logging in by signed assertion or client credentials, who one is, which versions there are."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import parse_qs

import jwt

from goodword_salesforce.fake.answers import Answer, Json, bad_session, not_found
from goodword_salesforce.fake.org import Org

TOKEN = "/services/oauth2/token"  # noqa: S105  # an address
USER = "/services/oauth2/userinfo"
VERSIONS = "/services/data"
KINDS = {TOKEN: "token", USER: "user info", VERSIONS: "versions"}
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
NEWEST_RELEASE = ("Summer '26", 67)


def answer(org: Org, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Answer a call to an address without a version.

    Raises:
        RefusedError: The address leads nowhere, or the session is not good.
    """
    path = path.rstrip("/")
    if path == VERSIONS and method == "GET":
        return Answer(200, _versions(org))
    if path == TOKEN and method == "POST":
        fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        return _token(org, fields, headers)
    if path == USER and method == "GET":
        return Answer(200, _who(org, headers))
    raise not_found()


def _versions(org: Org) -> list[Json]:
    oldest, newest = org.account.versions
    return [
        {"label": _label(number), "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        for number in range(oldest, newest + 1)
    ]


def _label(number: int) -> str:
    """Return the release: three a year, in the order spring, summer, winter."""
    back = NEWEST_RELEASE[1] - number
    season = ("Summer", "Spring", "Winter")[back % 3]
    return f"{season} '{26 - back // 3:02d}"


def _token(org: Org, fields: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
    grant = fields.get("grant_type", "")
    if grant == JWT_BEARER:
        return _by_assertion(org, fields.get("assertion", ""))
    if grant == "client_credentials":
        given = _credentials(fields, headers)
        if given[0] != org.account.consumer_key:
            return _denied("invalid_client_id", "client identifier invalid")
        if given[1] != org.account.consumer_secret:
            return _denied("invalid_client", "invalid client credentials")
        return _opened(org, org.account.username)
    return _denied("unsupported_grant_type", "grant type not supported")


def _by_assertion(org: Org, assertion: str) -> Answer:
    account = org.account
    hosts = ("https://login.salesforce.com", "https://test.salesforce.com")
    if not account.public_key:
        return _denied("invalid_grant", "invalid assertion")
    try:
        claims = jwt.decode(
            assertion,
            account.public_key,
            algorithms=["RS256"],
            audience=[*hosts, f"https://{account.domain}"],
            options={"verify_exp": False, "require": ["iss", "sub", "aud", "exp"]},
        )
        ends = float(claims["exp"])
    except jwt.InvalidAudienceError:
        return _denied("invalid_grant", "audience is invalid")
    except (jwt.PyJWTError, ValueError):
        return _denied("invalid_grant", "invalid assertion")
    if claims["iss"] != account.consumer_key:
        return _denied("invalid_client_id", "client identifier invalid")
    if ends < account.token_clock():
        return _denied("invalid_grant", "assertion is expired")
    return _opened(org, str(claims["sub"]))


def _credentials(fields: Mapping[str, str], headers: Mapping[str, str]) -> tuple[str, str]:
    """Return key and secret, from the form or from the Authorization header."""
    if "client_id" in fields:
        return fields["client_id"], fields.get("client_secret", "")
    encoded = headers.get("authorization", "").removeprefix("Basic ")
    try:
        key, _, secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return key, secret


def _opened(org: Org, username: str) -> Answer:
    user = org.user_id(username)
    if not user:
        return _denied("invalid_grant", "user hasn't approved this consumer")
    own = f"https://{org.account.domain}"
    return Answer(
        200,
        {
            "access_token": org.sessions.open(user),
            "scope": "api",
            "instance_url": own,
            "id": f"https://login.salesforce.com/id/{org.sessions.org_id}/{user}",
            "token_type": "Bearer",
            "issued_at": str(int(org.clock() * 1000)),
        },
    )


def _who(org: Org, headers: Mapping[str, str]) -> Json:
    user = org.sessions.user(headers.get("authorization", "").removeprefix("Bearer "))
    found = org.live(user)
    if found is None:
        raise bad_session()
    return {
        "user_id": user,
        "organization_id": org.sessions.org_id,
        "preferred_username": found["Username"],
        "name": found["Name"],
        "email": found["Email"],
        "active": found["IsActive"],
    }


def _denied(error: str, description: str) -> Answer:
    return Answer(400, {"error": error, "error_description": description})
