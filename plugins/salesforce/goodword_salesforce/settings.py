"""The section ``[plugin.salesforce]``: how to reach the org, and what its fields mean."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from goodword import Credential

SECRET_VARIABLE = "GOODWORD_SALESFORCE_KEY"  # noqa: S105 - the name of a variable, not a secret
API_VERSION = "66.0"
OLDEST, NEWEST = "58.0", "67.0"
"""Versions of the API we know; a newer one is accepted, for Salesforce keeps old calls as they are.
"""
SHARED_LOGINS = ("login", "test")
"""Sign-in hosts of everybody: production and sandboxes."""
_VERSION = re.compile(r"[1-9]\d\.0")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*")
_FIELD = re.compile(r"[A-Za-z]\w*")
_REFUSAL = re.compile(r"(?:(?:Contact|Lead)\.)?[A-Za-z]\w*")
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
Auth = Literal["jwt", "client_credentials", "sf_cli", "password"]
CLI = ("sf", "org", "display", "--json")
"""Command that prints a session of the sf command line."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mapped(_Section):
    """``[plugin.salesforce.fields]``: fields of the firm's own on Contact and Lead, by API name."""

    do_not_contact: str = Field(
        "",
        description="Checkbox field: not to be contacted, besides Salesforce's own opt-outs. One "
        "that is on contacts only, or on leads, has the object before it: Contact.Leave__c.",
    )
    referred_by: tuple[str, ...] = Field(
        (), description="Fields with the e-mail address or the record id of who referred somebody."
    )
    kind: str = Field("", description="Field that says customer, partner, employee or other.")
    language: str = Field("", description="Field with the person's language.")
    nps: str = Field(
        "", description="Number field with the latest answer, 0-10, to a survey of recommending."
    )
    nps_date: str = Field("", description="Date field with the day of that answer.")
    extra: dict[str, str] = Field(
        default_factory=dict,
        description="Columns of the firm's own: name of the [extra] column = field.",
    )

    @property
    def names(self) -> tuple[str, ...]:
        """Every field that is named here, once."""
        single = (self.refusal, self.kind, self.language, self.nps, self.nps_date)
        every = (*single, *self.referred_by, *self.extra.values())
        return tuple(dict.fromkeys(name for name in every if name))

    @property
    def refusal(self) -> str:
        """The field of ``do_not_contact``, without the object before it."""
        return self.do_not_contact.rpartition(".")[2]

    def refuses_on(self, of: str) -> bool:
        """Say whether ``do_not_contact`` is on an object, as far as the setting says."""
        return bool(self.refusal) and self.do_not_contact.rpartition(".")[0] in ("", of)

    @model_validator(mode="after")
    def _fields(self) -> Mapped:
        if self.do_not_contact and not _REFUSAL.fullmatch(self.do_not_contact):
            msg = "do_not_contact is a field such as Leave__c, or Contact.Leave__c where it is on "
            msg += "contacts only"
            raise ValueError(msg)
        if any(not _FIELD.fullmatch(name) for name in self.names):
            msg = "name fields by their API name, such as NPS_Score__c"
            raise ValueError(msg)
        if self.nps_date and not self.nps:
            msg = "nps_date goes with nps"
            raise ValueError(msg)
        return self


class SalesforceSettings(_Section):
    """``[plugin.salesforce]``: one Salesforce org."""

    auth: Auth = Field(
        "jwt",
        description="How goodword signs in. jwt: an external client app with a certificate. "
        "client_credentials: such an app with a secret. sf_cli: as the sf command line is "
        "signed in on this computer. password: user name and password, up to API version 64.0 "
        "only; Salesforce ends it in 2027.",
    )
    domain: str = Field(
        "login",
        description="Where to sign in: login, test for a sandbox, or My Domain without "
        ".salesforce.com, such as acme.my or acme--dev.sandbox.my.",
    )
    username: str = Field(
        "",
        description="User name of the integration user; for sf_cli, a user name or alias it knows, "
        "empty for its default org.",
    )
    consumer_key: str = Field("", description="Consumer key of the external client app.")
    credential: Credential | None = Field(
        None,
        description="Where the private key (jwt), the consumer secret (client_credentials), or "
        "password and security token in one (password) is kept; without it, the environment "
        "variable GOODWORD_SALESFORCE_KEY, and for sf_cli the sf command line itself.",
    )
    instance_url: str = Field(
        "", description="Address of the org; empty: what Salesforce says when signing in."
    )
    api_version: str = Field(
        API_VERSION,
        description="Version of Salesforce's API, from 58.0; it stays until you change it.",
    )
    timeout_seconds: float = Field(
        120.0, gt=0, le=600, description="Longest wait for one answer of Salesforce."
    )
    reserve: float = Field(
        0.1,
        ge=0,
        lt=1,
        description="Part of the org's daily calls that is left to its other programs.",
    )
    ca_file: str = Field(
        "", description="File with the certificates of a company proxy, in PEM format."
    )
    home_currency: str | None = Field(
        None, pattern="^[A-Z]{3}$", description="Home currency; empty: the org's own."
    )
    fields: Mapped = Field(
        default_factory=lambda: Mapped.model_validate({}),
        description="What fields of your own mean.",
    )
    privacy_records: bool = Field(
        True,
        description="Miss privacy records (Individual) that were read before and are hidden now; "
        "false where the org keeps none any more.",
    )
    engagement_days: int = Field(
        45, ge=0, le=365, description="How many days back completed tasks and events are read."
    )
    fallback_owner: str = Field(
        "",
        description="User name of who gets a task where neither contact nor account has an active "
        "owner.",
    )
    reps: tuple[str, ...] = Field(
        (), description="User names to whom install gives the permission set of reps."
    )
    install_as: str = Field(
        "",
        description="User name or alias of an admin the sf command line knows, for install only; "
        "empty: install as the integration user.",
    )

    @field_validator("domain")
    @classmethod
    def _domain(cls, value: str) -> str:
        host = value.strip().lower().removeprefix("https://").rstrip("/")
        if "lightning.force.com" in host:
            msg = "domain is the name before .my.salesforce.com, not before .lightning.force.com"
            raise ValueError(msg)
        host = host.removesuffix(".salesforce.com")
        if not _HOST.fullmatch(host):
            msg = "domain is login, test, or a name such as acme.my"
            raise ValueError(msg)
        return host

    @field_validator("instance_url")
    @classmethod
    def _address(cls, value: str) -> str:
        url = value.rstrip("/")
        parts = urlsplit(url)
        here = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if url and ("@" in parts.netloc or not (parts.scheme == "https" or here)):
            msg = "instance_url begins with https://"
            raise ValueError(msg)
        if ".lightning.force.com" in url:
            msg = "instance_url ends with .my.salesforce.com, not with .lightning.force.com"
            raise ValueError(msg)
        return url

    @field_validator("api_version")
    @classmethod
    def _known(cls, value: str) -> str:
        version = value.removeprefix("v")
        if not _VERSION.fullmatch(version) or float(version) < float(OLDEST):
            msg = f"api_version is {OLDEST} or newer, such as {API_VERSION}"
            raise ValueError(msg)
        return version

    @model_validator(mode="after")
    def _complete(self) -> SalesforceSettings:
        """Refuse a way to sign in that cannot work; whether a key fits is seen later."""
        if self.auth == "client_credentials" and self.domain in SHARED_LOGINS:
            msg = "client_credentials needs domain, such as acme.my: login and test do not do it"
            raise ValueError(msg)
        return self

    @property
    def secret(self) -> Credential:
        """Where the secret for signing in is kept."""
        if self.credential is not None:
            return self.credential
        if self.auth != "sf_cli":
            return Credential(env=SECRET_VARIABLE, file="", command=())
        user = ("--target-org", self.username) if self.username else ()
        return Credential(env="", file="", command=(*CLI, *user))

    @property
    def installer(self) -> SalesforceSettings:
        """The same org as the admin of ``install_as`` sees it; these settings where none is set."""
        if not self.install_as:
            return self
        other = {"auth": "sf_cli", "username": self.install_as, "credential": None}
        return self.model_copy(update=other)
