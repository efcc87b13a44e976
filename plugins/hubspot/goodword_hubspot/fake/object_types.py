"""The kinds of records: what they are called in paths, their ids, scopes and modified stamp."""

from __future__ import annotations

from dataclasses import dataclass

from goodword_hubspot.fake.answers import refuse


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One kind of record.

    Args:
        name: Plural, as in paths.
        singular: As in messages and association names.
        type_id: HubSpot's number, which paths take as well.
        package: Module of the client library that holds its request models.
        read: Scope to read records.
        write: Scope to write them; empty when nobody writes them through the API.
        schema: Start of the scopes for its properties.
        shown: Properties a read returns when none are named.
        modified: Property that holds when the record last changed.
        created: Property that holds when it was made.
        required: Properties a new record cannot do without.
        on_timeline: True for tasks, notes, calls, meetings and emails.
    """

    name: str
    singular: str
    type_id: str
    package: str
    read: str
    write: str
    schema: str
    shown: tuple[str, ...]
    modified: str = "hs_lastmodifieddate"
    created: str = "createdate"
    required: tuple[str, ...] = ()
    on_timeline: bool = False


CONTACTS_READ = "crm.objects.contacts.read"
CONTACTS_WRITE = "crm.objects.contacts.write"


def _activity(name: str, type_id: str) -> ObjectType:
    return ObjectType(
        name,
        name.removesuffix("s"),
        type_id,
        f"hubspot.crm.objects.{name}",
        CONTACTS_READ,
        CONTACTS_WRITE,
        "crm.schemas.contacts",
        ("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
        created="hs_createdate",
        required=("hs_timestamp",),
        on_timeline=True,
    )


CONTACTS = ObjectType(
    "contacts",
    "contact",
    "0-1",
    "hubspot.crm.contacts",
    CONTACTS_READ,
    CONTACTS_WRITE,
    "crm.schemas.contacts",
    ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
    modified="lastmodifieddate",
)
COMPANIES = ObjectType(
    "companies",
    "company",
    "0-2",
    "hubspot.crm.companies",
    "crm.objects.companies.read",
    "crm.objects.companies.write",
    "crm.schemas.companies",
    ("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
)
DEALS = ObjectType(
    "deals",
    "deal",
    "0-3",
    "hubspot.crm.deals",
    "crm.objects.deals.read",
    "crm.objects.deals.write",
    "crm.schemas.deals",
    (
        *("amount", "closedate", "createdate", "dealname", "dealstage"),
        *("hs_lastmodifieddate", "hs_object_id", "pipeline"),
    ),
)
TICKETS = ObjectType(
    "tickets",
    "ticket",
    "0-5",
    "hubspot.crm.tickets",
    "tickets",
    "tickets",
    "tickets",
    (
        *("content", "createdate", "hs_lastmodifieddate", "hs_object_id", "hs_pipeline"),
        *("hs_pipeline_stage", "hs_ticket_category", "hs_ticket_priority", "subject"),
    ),
    required=("hs_pipeline_stage",),
)
FEEDBACK = ObjectType(
    "feedback_submissions",
    "feedback_submission",
    "0-19",
    "hubspot.crm.objects.feedback_submissions",
    "crm.objects.feedback_submissions.read",
    "",
    "crm.objects.feedback_submissions",
    ("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
    created="hs_createdate",
)
TASKS = _activity("tasks", "0-27")
NOTES = _activity("notes", "0-46")
MEETINGS = _activity("meetings", "0-47")
CALLS = _activity("calls", "0-48")
EMAILS = _activity("emails", "0-49")

OBJECT_TYPES = (
    *(CONTACTS, COMPANIES, DEALS, TICKETS, FEEDBACK),
    *(TASKS, NOTES, MEETINGS, CALLS, EMAILS),
)
_BY_WORD = {
    word: kind for kind in OBJECT_TYPES for word in (kind.name, kind.singular, kind.type_id)
}


def is_object(word: str) -> bool:
    """Return whether there is a kind called *word*."""
    return word.lower() in _BY_WORD


def object_type(word: str) -> ObjectType:
    """Return the kind called *word* (plural, singular or number).

    Raises:
        RefusedError: The portal has no such kind.
    """
    kind = _BY_WORD.get(word.lower())
    if kind is None:
        refuse(f"Unable to infer object type from: {word}")
    return kind
