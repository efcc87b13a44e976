"""Signing in: a signed assertion (JWT), client credentials, or the session of the sf CLI.

A session is never ended by us: Salesforce would end it for every other program that shares it.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from goodword import AuthError, SettingsError
from goodword_salesforce.seam.failures import unreadable
from goodword_salesforce.seam.session import is_loopback

if TYPE_CHECKING:
    import requests
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

Flow = Literal["jwt", "client_credentials", "session", "password"]
LAST_WITH_PASSWORD = 64
"""Newest API version that lets a user name and a password in; Salesforce ends it in 2027."""
SIGNING_IN = "signing in"
_WAY_OUT = (
    'Set auth = "jwt": make an External Client App with a certificate in Salesforce, and let the '
    "integration user use it."
)


@dataclass(frozen=True, slots=True)
class Login:
    """Who signs in, and where.

    Args:
        secret: Gives the private key, the consumer secret, the session (or what
            ``sf org display --json`` prints), or password and security token in one.
        flow: How.
        username: The integration user; for ``jwt`` and ``password``.
        consumer_key: Of the External Client App; for ``jwt`` and ``client_credentials``.
        domain: ``login``, ``test`` for a sandbox, or the My Domain without ``.salesforce.com``.
        instance_url: Address of the org: signing in must lead there, and a bare ``session`` is for
            it; or a plain loopback address, to which then everything goes.
        version: API version, such as ``66.0``.
    """

    secret: Callable[[], str]
    flow: Flow = "jwt"
    username: str = ""
    consumer_key: str = ""
    domain: str = "login"
    instance_url: str = ""
    version: str = "66.0"


@dataclass(frozen=True, slots=True)
class Access:
    """A session: its token, and the host it is for."""

    token: str = field(repr=False)
    host: str


def sign_in(login: Login, line: requests.Session) -> Access:
    """Return a new session, for no other address than the one that is set.

    Args:
        login: Who and where.
        line: The connection.

    Raises:
        SettingsError: A setting is missing, or this way of signing in does not exist any more.
        AuthError: Salesforce does not let us in.
        requests.RequestException: The network failed; the caller decides whether to try again.
    """
    _check(login)
    secret = login.secret()
    access = _of_cli(login, secret) if login.flow == "session" else _given(login, secret, line)
    address = login.instance_url
    if address and not is_loopback(address) and _place(f"https://{access.host}") != _place(address):
        msg = "Signing in leads to another address than [plugin.salesforce] instance_url."
        hint = "Compare it with My Domain in Setup, and correct it or leave it out; if it is right,"
        raise AuthError(msg, hint=f"{hint} the key, session or domain is of another org.")
    return access


def _place(address: str) -> tuple[str | None, int]:
    """Return host and port of an address, however it is written; of none, nothing."""
    try:
        parts = urlsplit(address)
        return parts.hostname, parts.port or 443
    except ValueError:
        return None, 0


def _given(login: Login, secret: str, line: requests.Session) -> Access:
    """Ask Salesforce for a session with what the settings name."""
    domain = domain_label(login.domain)
    given: dict[str, Any]
    if login.flow == "jwt":
        given = {
            "username": login.username,
            "consumer_key": login.consumer_key,
            "privatekey": _private_key(secret),
            "domain": audience(domain),
            "instance_url": domain,
        }
    elif login.flow == "client_credentials":
        given = {"consumer_key": login.consumer_key, "consumer_secret": secret, "domain": domain}
    else:
        given = {
            "username": login.username,
            "password": secret,
            "security_token": "",
            "sf_version": login.version,
            "domain": domain,
        }
    return _ask(given, login.flow, line)


def domain_label(domain: str) -> str:
    """Return a domain as simple-salesforce wants it: ``acme.my`` of any form of the address.

    Raises:
        SettingsError: It is the address of the pages, which lets no program in.
    """
    host = domain.removeprefix("https://").split("/")[0].lower()
    if host.endswith(("lightning.force.com", "salesforce-setup.com")):
        msg = "[plugin.salesforce] domain is the address of Salesforce's pages, not of its API."
        raise SettingsError(msg, hint='Use the My Domain, such as "acme.my".')
    return host.removesuffix(".salesforce.com") or "login"


def audience(domain: str) -> str:
    """Return whom an assertion is for: ``test`` for sandboxes, else ``login``."""
    return "test" if domain == "test" or ".sandbox." in f"{domain}." else "login"


def _check(login: Login) -> None:
    needed: Mapping[Flow, tuple[str, ...]] = {
        "jwt": ("username", "consumer_key"),
        "client_credentials": ("consumer_key",),
        "session": (),
        "password": ("username",),
    }
    missing = [name for name in needed[login.flow] if not getattr(login, name)]
    if missing:
        msg = f"[plugin.salesforce] needs {' and '.join(missing)} to sign in by {login.flow}."
        raise SettingsError(msg, hint="Both stand in the External Client App in Salesforce.")
    if login.flow == "password" and float(login.version) > LAST_WITH_PASSWORD:
        msg = (
            "Salesforce lets nobody in by user name and password from API version "
            f"{LAST_WITH_PASSWORD + 1} on, and {login.version} is set."
        )
        raise SettingsError(msg, hint=_WAY_OUT)
    if login.flow == "client_credentials" and login.domain in ("login", "test", ""):
        msg = "Client credentials work at the org's own My Domain only."
        raise SettingsError(msg, hint='Set [plugin.salesforce] domain, such as "acme.my".')


def _of_cli(login: Login, secret: str) -> Access:
    """Take over a session: the bare token, or all that the sf CLI prints as JSON."""
    token, address = secret, login.instance_url
    if secret.startswith("{"):
        try:
            result = json.loads(secret)["result"]
            token = str(result["accessToken"])
            named = str(result.get("instanceUrl") or "")
        except (ValueError, KeyError, TypeError, AttributeError):
            msg = "The sf CLI's answer holds no session."
            hint = "Run sf org login web, then try its command by hand."
            raise AuthError(msg, hint=hint) from None
        address = address if is_loopback(address) else named or address
    parts = urlsplit(address)
    if not parts.netloc:
        msg = "[plugin.salesforce] needs instance_url for a session of the sf CLI."
        raise SettingsError(msg, hint='Give the My Domain: "https://acme.my.salesforce.com".')
    if (parts.hostname or "").endswith("lightning.force.com"):
        msg = "[plugin.salesforce] instance_url is the address of Salesforce's pages."
        raise SettingsError(msg, hint='Use "https://acme.my.salesforce.com".')
    return Access(token, parts.netloc)


def _ask(given: Mapping[str, Any], flow: Flow, line: requests.Session) -> Access:
    """Ask Salesforce for a session (Any: what simple-salesforce is told, by its names)."""
    from simple_salesforce.exceptions import SalesforceAuthenticationFailed
    from simple_salesforce.login import SalesforceLogin

    failed: tuple[object, str] | None = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it would print the consumer key
        try:
            answered: tuple[Any, Any] = SalesforceLogin(session=line, **given)
        except SalesforceAuthenticationFailed as refused:
            failed = refused.code, str(refused.auth_message).lower()
        except (AttributeError, TypeError, ValueError, RecursionError):  # but none of Salesforce's
            raise unreadable(SIGNING_IN) from None
    if failed is not None:
        raise _refused(*failed, flow)
    token, host = answered
    if not isinstance(token, str) or not isinstance(host, str) or not host:
        raise unreadable(SIGNING_IN)
    return Access(token, host.split("/")[0])


def _private_key(secret: str) -> RSAPrivateKey:
    """Return the key, read once; in a variable its line ends may be written as two signs."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    with suppress(ValueError, TypeError, UnsupportedAlgorithm):  # said below, in our own words
        key = load_pem_private_key(secret.replace("\\n", "\n").encode(), None)
        if isinstance(key, RSAPrivateKey):
            return key
    msg = "The private key for signing in cannot be read."
    hint = "Give the whole PEM file of an RSA key, its BEGIN and END lines too, without password."
    raise SettingsError(msg, hint=hint)


def _refused(code: object, said: str, flow: Flow) -> Exception:
    """Return the error for a refusal, by its code and the phrases Salesforce uses."""
    if isinstance(code, int):  # no JSON: a proxy's page, or a server that is away
        return unreadable(SIGNING_IN)
    hints = {
        "approved": "Let the integration user use the External Client App: set its policy to "
        "admin-approved, and give the user its permission set.",
        "audience": 'Set domain to "login", to "test" for a sandbox, or to the My Domain.',
        "assertion": "The certificate in the External Client App and the private key must be a "
        "pair, and this computer's clock must be right.",
        "expired": "Check this computer's clock.",
        "ip restricted": "Relax the IP rules of the External Client App, or let this computer in.",
        "inactive": "Activate the integration user.",
        "client identifier": "Copy the consumer key from the External Client App anew.",
        "no client credentials user": "Name the integration user in the External Client App, "
        "under client credentials.",
    }
    name = code if isinstance(code, str) and code.replace("_", "").isalnum() else "no code"
    known = (text for phrase, text in hints.items() if phrase in said)
    usual = _WAY_OUT if flow == "password" else "Compare the External Client App with the settings."
    msg = f"Salesforce does not let us in ({name})."
    return AuthError(msg, hint=next(known, usual))
