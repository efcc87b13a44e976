"""What the host fills in itself: completion of tasks, won deals, sums on contacts and companies."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from goodword_hubspot.fake.object_types import (
    CALLS,
    COMPANIES,
    CONTACTS,
    DEALS,
    EMAILS,
    MEETINGS,
    NOTES,
    TASKS,
    ObjectType,
)
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.store import Record
from goodword_hubspot.fake.times import as_stamp

CONVERSATIONS = (CALLS, EMAILS, MEETINGS)
BODIES = ("hs_task_body", "hs_note_body", "hs_call_body", "hs_meeting_body", "hs_email_text")
PREVIEW = 140
"""Characters of a body the timeline shows at first."""


def calculated(portal: Portal, kind: ObjectType, values: Mapping[str, str]) -> dict[str, str]:
    """Return what follows from the *values* of a record of *kind*."""
    found: dict[str, str] = {}
    if kind.on_timeline:
        body = next((values[name] for name in BODIES if values.get(name)), "")
        found["hs_body_preview"] = body[:PREVIEW]
    if kind == TASKS:
        done = values.get("hs_task_status") == "COMPLETED"
        since = values.get("hs_task_completion_date") or as_stamp(portal.now())
        found["hs_task_is_completed"] = "true" if done else "false"
        found["hs_task_completion_date"] = since if done else ""
    if kind == DEALS and portal.account.switches.deal_calculations:
        found |= _of_deal(portal, values)
    return found


def defaults(portal: Portal, kind: ObjectType, values: Mapping[str, str]) -> dict[str, str]:
    """Return what a new record of *kind* gets when it is not sent."""
    if kind == TASKS:
        start = {"hs_task_status": "NOT_STARTED", "hs_task_priority": "NONE"}
        return start | {"hs_task_type": "TODO"}
    if kind == CONTACTS:
        return {"lifecyclestage": "lead"}
    if kind == DEALS:
        return {"pipeline": "default", "deal_currency_code": portal.account.currency}
    first = next(portal.pipelines.all(kind.name), None)
    return {"hs_pipeline": first.id} if first is not None and "hs_pipeline" not in values else {}


def roll_up(portal: Portal, kind: ObjectType, number: int) -> None:
    """Count again what the contact or company *number* is linked to."""
    record = portal.store.get(kind.name, str(number))
    if record is None or kind not in {CONTACTS, COMPANIES}:
        return
    if kind == COMPANIES:
        people = portal.linked(kind, number, CONTACTS)
        portal.store.fill(record, {"num_associated_contacts": str(len(people))})
        return
    talks = [one for type_ in CONVERSATIONS for one in _linked(portal, number, type_)]
    notes = talks + [one for type_ in (NOTES, TASKS) for one in _linked(portal, number, type_)]
    last = max((one.properties.get("hs_timestamp", "") for one in talks), default="")
    portal.store.fill(
        record,
        {
            "num_associated_deals": str(len(_linked(portal, number, DEALS)) or ""),
            "num_contacted_notes": str(len(talks) or ""),
            "num_notes": str(len(notes) or ""),
            "notes_last_contacted": last,
            "hs_last_sales_activity_timestamp": last,
            "notes_last_updated": max((as_stamp(one.updated) for one in notes), default=""),
        },
    )


def _linked(portal: Portal, contact: int, kind: ObjectType) -> list[Record]:
    found = portal.links.numbers(CONTACTS, contact, kind)
    records = (portal.store.get(kind.name, str(number)) for number in found)
    return [record for record in records if record is not None]


def _of_deal(portal: Portal, values: Mapping[str, str]) -> dict[str, str]:
    stage = portal.pipelines.stage(DEALS.name, values.get("dealstage", ""))
    found = {
        "hs_is_closed": "true" if stage is not None and stage.closed else "false",
        "hs_is_closed_won": "true" if stage is not None and stage.won else "false",
        "hs_deal_stage_probability": stage.metadata.get("probability", "") if stage else "",
        "amount_in_home_currency": "",
    }
    amount = values.get("amount", "")
    if amount:
        currency = values.get("deal_currency_code") or portal.account.currency
        worth = Decimal(amount) * Decimal(portal.account.exchange_rates[currency])
        found["amount_in_home_currency"] = f"{worth.quantize(Decimal('0.01'))}"
    return found
