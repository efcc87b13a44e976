"""The section [plugin.salesforce]: what it takes, what it puts right, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from goodword_salesforce.settings import (
    API_VERSION,
    NEWEST,
    OLDEST,
    SECRET_VARIABLE,
    Mapped,
    SalesforceSettings,
)


def settings(**given: Any) -> SalesforceSettings:
    return SalesforceSettings.model_validate(given)


@pytest.mark.parametrize("model", [SalesforceSettings, Mapped])
def test_every_setting_says_what_it_is(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_nothing_must_be_set_to_look_at_the_defaults() -> None:
    found = settings()
    assert found.auth == "jwt"
    assert found.secret.env == SECRET_VARIABLE


def test_the_session_of_the_sf_command_line_needs_no_secret_of_its_own() -> None:
    command = ("sf", "org", "display", "--json")
    assert settings(auth="sf_cli").secret.command == command
    named = settings(auth="sf_cli", username="harbour").secret.command
    assert named == (*command, "--target-org", "harbour")
    own = settings(auth="sf_cli", credential={"env": "MY_SESSION"})
    assert own.secret.env == "MY_SESSION"


def test_an_admin_can_install_with_a_sign_in_of_their_own() -> None:
    found = settings(username="robot@harbour.example", credential={"file": "key.pem"})
    assert found.installer is found
    other = settings(**found.model_dump(exclude_defaults=True), install_as="boss").installer
    assert other.auth == "sf_cli"
    assert other.secret.command[-1] == "boss"


def test_client_credentials_need_the_orgs_own_address() -> None:
    for domain in ("login", "test"):
        with pytest.raises(ValidationError, match=r"acme\.my"):
            settings(auth="client_credentials", domain=domain)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("login", "login"),
        ("acme.my", "acme.my"),
        ("https://acme.my.salesforce.com/", "acme.my"),
        ("Acme--Dev.sandbox.my.salesforce.com", "acme--dev.sandbox.my"),
    ],
)
def test_a_domain_is_understood_as_people_copy_it(written: str, meant: str) -> None:
    assert settings(domain=written).domain == meant


@pytest.mark.parametrize("domain", ["", "acme.lightning.force.com", "acme my", "a/b", "x@y"])
def test_a_domain_that_leads_nowhere_is_refused(domain: str) -> None:
    with pytest.raises(ValidationError, match="domain"):
        settings(domain=domain)


def test_an_address_is_https_unless_it_is_this_computer() -> None:
    assert settings(instance_url="https://acme.my.salesforce.com/").instance_url[-1] == "m"
    assert settings(instance_url="http://127.0.0.1:8000").instance_url == "http://127.0.0.1:8000"
    for url in (
        "http://acme.my.salesforce.com",
        "https://acme.lightning.force.com",
        "http://127.0.0.1:1@elsewhere.example",
        "https://me:word@acme.my.salesforce.com",
    ):
        with pytest.raises(ValidationError, match="instance_url"):
            settings(instance_url=url)


def test_the_version_is_pinned_and_old_ones_are_refused() -> None:
    assert settings().api_version == API_VERSION
    assert float(OLDEST) <= float(API_VERSION) <= float(NEWEST)
    assert settings(api_version="v67.0").api_version == "67.0"
    assert settings(api_version="71.0").api_version == "71.0"
    for old in ("57.0", "9.0", "64", "latest", ""):
        with pytest.raises(ValidationError, match=OLDEST):
            settings(api_version=old)


def test_a_secret_never_stands_in_the_settings() -> None:
    with pytest.raises(ValidationError, match="never stands"):
        settings(credential="-----BEGIN PRIVATE KEY-----")


def test_mapped_fields_are_api_names_and_each_is_read_once() -> None:
    found = Mapped.model_validate(
        {
            "nps": "NPS__c",
            "nps_date": "NPS_Date__c",
            "referred_by": ["Source__c", "Referrer__c"],
            "extra": {"tier": "Tier__c", "origin": "Source__c"},
        }
    )
    assert found.names == ("NPS__c", "NPS_Date__c", "Source__c", "Referrer__c", "Tier__c")
    for wrong in ({"nps": "NPS Score"}, {"extra": {"a": "x' OR Id != '"}}, {"nps_date": "D__c"}):
        with pytest.raises(ValidationError):
            Mapped.model_validate(wrong)


@pytest.mark.parametrize(
    ("written", "on"),
    [
        ("Leave__c", {"Contact", "Lead"}),
        ("Contact.Leave__c", {"Contact"}),
        ("Lead.Leave__c", {"Lead"}),
        ("", set()),
    ],
)
def test_a_field_that_says_no_can_be_on_one_object_only(written: str, on: set[str]) -> None:
    found = Mapped.model_validate({"do_not_contact": written})
    assert {of for of in ("Contact", "Lead") if found.refuses_on(of)} == on
    assert found.names == (("Leave__c",) if written else ())


@pytest.mark.parametrize(
    "written", ["Account.Leave__c", ".Leave__c", "a.Contact.Leave__c", "Contact.", "Contact.No no"]
)
def test_a_field_that_says_no_on_an_object_that_is_nobody_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        Mapped.model_validate({"do_not_contact": written})


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ValidationError):
        settings(logn="x")
