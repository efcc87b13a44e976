"""The fields every org has on contacts, leads, accounts and individuals, as far as asked for."""

from __future__ import annotations

from goodword_salesforce.fake.fields import (
    ANY_OWNER,
    CURRENCY,
    DELETED,
    MERGED,
    OWNER,
    SYSTEM,
    Field,
    choice,
    flag,
    link,
    shown,
    text,
)

SOURCES = ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other")
SALUTATIONS = ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.")


def _email() -> Field:
    return Field("Email", "email", 80, id_lookup=True)


def _phone(name: str) -> Field:
    return Field(name, "phone", 40)


def _address(prefix: str) -> tuple[Field, ...]:
    return (
        Field(f"{prefix}Street", "textarea", 255),
        text(f"{prefix}City", 40),
        text(f"{prefix}State", 80),
        text(f"{prefix}PostalCode", 20),
        text(f"{prefix}Country", 80),
    )


def _bounce(*, createable: bool) -> tuple[Field, ...]:
    return (
        text("EmailBouncedReason", 255, createable=createable),
        Field("EmailBouncedDate", "datetime", createable=createable),
    )


CONTACT = (
    *SYSTEM,
    DELETED,
    MERGED,
    link("AccountId", "Account"),
    text("LastName", 80, required=True),
    text("FirstName", 40),
    choice("Salutation", *SALUTATIONS),
    shown("Name", "string", 121),
    *_address("Mailing"),
    _phone("Phone"),
    _phone("MobilePhone"),
    _phone("HomePhone"),
    link("ReportsToId", "Contact"),
    _email(),
    text("Title", 128),
    text("Department", 80),
    choice("LeadSource", *SOURCES, length=255),
    Field("Birthdate", "date"),
    Field("Description", "textarea", 32_000),
    OWNER,
    CURRENCY,
    flag("HasOptedOutOfEmail"),
    flag("DoNotCall"),
    shown("LastActivityDate", "date"),
    *_bounce(createable=True),
    shown("IsEmailBounced", "boolean", default=False),
    link("IndividualId", "Individual"),
    shown("IsPersonAccount", "boolean", default=False, feature="person accounts"),
)
LEAD = (
    *SYSTEM,
    DELETED,
    MERGED,
    text("LastName", 80, required=True),
    text("FirstName", 40),
    choice("Salutation", *SALUTATIONS),
    shown("Name", "string", 121),
    text("Title", 128),
    text("Company", 255, required=True),
    *_address(""),
    _phone("Phone"),
    _phone("MobilePhone"),
    _email(),
    Field("Website", "url", 255),
    Field("Description", "textarea", 32_000),
    choice("LeadSource", *SOURCES, length=255),
    choice(
        "Status",
        *("Open - Not Contacted", "Working - Contacted", "Closed - Not Converted"),
        "Closed - Converted",
        default="Open - Not Contacted",
        required=True,
        length=255,
    ),
    ANY_OWNER,
    CURRENCY,
    flag("HasOptedOutOfEmail"),
    flag("DoNotCall"),
    Field("IsConverted", "boolean", default=False, updateable=False),
    shown("ConvertedDate", "date"),
    link("ConvertedAccountId", "Account", read_only=True),
    link("ConvertedContactId", "Contact", read_only=True),
    link("ConvertedOpportunityId", "Opportunity", read_only=True),
    shown("LastActivityDate", "date"),
    *_bounce(createable=False),
    link("IndividualId", "Individual"),
)
ACCOUNT = (
    *SYSTEM,
    DELETED,
    MERGED,
    text("Name", 255, required=True),
    choice("Type", "Prospect", "Customer - Direct", "Channel Partner / Reseller", "Other"),
    link("ParentId", "Account"),
    *_address("Billing"),
    _phone("Phone"),
    Field("Website", "url", 255),
    choice("Industry", "Construction", "Energy", "Food & Beverage", "Healthcare", "Other"),
    Field("Description", "textarea", 32_000),
    OWNER,
    CURRENCY,
    shown("LastActivityDate", "date"),
    shown("IsPersonAccount", "boolean", default=False, feature="person accounts"),
    Field(
        *("PersonContactId", "reference", 18),
        createable=False,
        updateable=False,
        refers=("Contact",),
        relationship="PersonContact",
        feature="person accounts",
    ),
    Field("PersonEmail", "email", 80, feature="person accounts", mirrors="Email"),
    text("FirstName", 40, feature="person accounts", mirrors="FirstName"),
    text("LastName", 80, feature="person accounts", mirrors="LastName"),
    Field("PersonMobilePhone", "phone", 40, feature="person accounts", mirrors="MobilePhone"),
    Field(
        *("PersonHasOptedOutOfEmail", "boolean"),
        feature="person accounts",
        mirrors="HasOptedOutOfEmail",
    ),
    Field("PersonDoNotCall", "boolean", feature="person accounts", mirrors="DoNotCall"),
)
INDIVIDUAL = (
    *SYSTEM,
    DELETED,
    MERGED,
    text("LastName", 80, required=True),
    text("FirstName", 40),
    shown("Name", "string", 121),
    OWNER,
    flag("HasOptedOutTracking"),
    flag("HasOptedOutProfiling"),
    flag("HasOptedOutProcessing"),
    flag("HasOptedOutSolicit"),
    flag("ShouldForget"),
    flag("SendIndividualData"),
    flag("CanStorePiiElsewhere"),
)
