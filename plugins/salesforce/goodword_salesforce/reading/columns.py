"""Which fields are read of each object: those we can use, as far as they can be seen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from goodword_salesforce.names import ANSWERS, DO_NOT_ASK, KEY, MARK, OUTCOME, OWN, REFERRED_BY

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk

CONTACT, LEAD, ACCOUNT, TASK, EVENT = "Contact", "Lead", "Account", "Task", "Event"
SALE, ROLE, CASE, MEMBER = "Opportunity", "OpportunityContactRole", "Case", "CampaignMember"
STAMPS = ("SystemModstamp", "LastModifiedDate", "CreatedDate")
"""Fields with the last change, best first: some orgs describe the first as not to be filtered."""
_PERSON = """
Id IsDeleted MasterRecordId FirstName LastName Name Email Phone MobilePhone OwnerId Title
HasOptedOutOfEmail DoNotCall EmailBouncedReason CreatedDate
"""
INDIVIDUAL, LINK = "Individual", "IndividualId"
"""A person's privacy record, and the field that leads to it."""
OF_INDIVIDUAL = (
    *("HasOptedOutProfiling", "HasOptedOutProcessing", "HasOptedOutSolicit", "ShouldForget"),
)
_FIELDS: Mapping[str, str] = {
    CONTACT: f"{_PERSON} AccountId MailingCity",
    LEAD: f"{_PERSON} City IsConverted ConvertedContactId",
    ACCOUNT: "Id IsDeleted Name Website BillingCity Industry OwnerId",
    SALE: "Id IsDeleted AccountId Name Type Amount CurrencyIsoCode CloseDate IsWon IsClosed "
    "CreatedDate",
    ROLE: "Id OpportunityId ContactId IsPrimary",
    CASE: "Id IsDeleted ContactId Type IsClosed IsEscalated CreatedDate ClosedDate",
    MEMBER: "Id IsDeleted ContactId LeadId HasResponded FirstRespondedDate CreatedDate",
    TASK: "Id IsDeleted WhoId OwnerId Subject TaskSubtype Type IsClosed ActivityDate "
    "CompletedDateTime CreatedDate",
    EVENT: "Id IsDeleted WhoId OwnerId Subject ActivityDate StartDateTime CreatedDate",
}
_OUR_TASK = """
Id IsDeleted IsArchived WhoId OwnerId Subject Description Status IsClosed ActivityDate TaskSubtype
Type CreatedDate CompletedDateTime LastModifiedDate
"""


def columns_of(desk: Desk, of: str) -> tuple[str, ...]:
    """Return what is read of an object; nothing where it is hidden."""
    wanted = _FIELDS[of].split()
    if of in (CONTACT, LEAD):
        wanted += [name for name in (*OWN.values(), REFERRED_BY) if desk.is_ours(of, name)]
        wanted += [DO_NOT_ASK, *desk.settings.fields.names]
    found = list(_there(desk, of, wanted))
    if of in (CONTACT, LEAD) and desk.has(of, LINK):
        names = list(_there(desk, INDIVIDUAL, OF_INDIVIDUAL))
        found += [f"{INDIVIDUAL}.{name}" for name in names]
        if len(names) < len(OF_INDIVIDUAL):  # large jobs know no such field, so only where needed
            found.append(LINK)
    if of == EVENT:  # of reps' own tasks, those with an outcome are read with ours
        found += _there(desk, of, (OUTCOME, "LastModifiedDate"))
    if of == MEMBER and desk.has(MEMBER, "CampaignId"):
        found += [f"Campaign.{name}" for name in _there(desk, "Campaign", ("Name", "Type"))]
    return tuple(found)


def task_columns(desk: Desk) -> tuple[str, ...]:
    """Return what is read of a task of ours."""
    return tuple(_there(desk, TASK, (*_OUR_TASK.split(), KEY, MARK, *ANSWERS)))


def stamp_of(desk: Desk, of: str) -> str:
    """Return the field that tells when a record was changed, and by which it can be found."""
    seen = desk.described(of)
    usable = (name for name in STAMPS if name in seen and seen[name].filterable)
    return next(usable, STAMPS[0])


def shape_of(desk: Desk) -> str:
    """Return the digest of all that is read, and of what it means."""
    fields = {of: columns_of(desk, of) for of in _FIELDS} | {"ours": task_columns(desk)}
    mapped, known = desk.settings.fields, desk.settings.privacy_records
    meaning = [mapped.model_dump(mode="json"), desk.currency, known]
    seen = [desk.described(of).get(mapped.refusal) for of in (CONTACT, LEAD)]
    meaning += [each.type if each else "" for each in seen]
    return hashlib.sha256(repr((fields, meaning)).encode()).hexdigest()[:16]


def _there(desk: Desk, of: str, wanted: Iterable[str]) -> Iterable[str]:
    seen = desk.described(of)
    return dict.fromkeys(name for name in wanted if name in seen)
