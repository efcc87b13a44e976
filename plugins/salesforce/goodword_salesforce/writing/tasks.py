"""Tasks as a rep finds them: words, day, reminder, and where the answer goes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from goodword import CreateTask
from goodword_salesforce.marks import Mark, words_of
from goodword_salesforce.names import ANSWERS, FIELDS, KEY, MARK, OUTCOME
from goodword_salesforce.seam.collections import Change
from goodword_salesforce.seam.ids import as_id
from goodword_salesforce.seam.values import Written
from goodword_salesforce.writing.people import CONTACT, OPPORTUNITY, beside, person_object
from goodword_salesforce.writing.texts import DESCRIPTION, SUBJECT, one_line, paragraphs

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk

TASK = "Task"
REMINDER_HOUR = 8
"""Hour of the day, where the rep is, at which a task reminds its rep."""
_LABELS = {field.name: field.label for field in FIELDS}


def new_task(desk: Desk, action: CreateTask, owner: str) -> Change:
    """Return a task as it should be.

    Salesforce tells nobody of a task that a program made; the reminder does.

    Args:
        desk: The org.
        action: What is wanted.
        owner: The user who gets it.
    """
    contact = as_id(action.contact_id) or action.contact_id
    subject = one_line(action.subject, SUBJECT)
    ending = _where_to_answer(desk, asks=action.asks)
    description = paragraphs(action.body, DESCRIPTION, ending)
    mark = Mark(
        play=action.play,
        cycle=action.cycle,
        run=desk.work.run_id,
        words=words_of(subject, description, action.due),
        asks="1" if action.asks else "",
    )
    values: dict[str, Written] = {
        "Subject": subject,
        "Description": description,
        "WhoId": contact,
        "OwnerId": owner,
        "ActivityDate": action.due,
        "Status": desk.open_status,
        "Priority": desk.priority,
        KEY: action.key,
        MARK: mark.text,
    }
    about = as_id(action.cycle)
    if about and about.startswith(OPPORTUNITY) and person_object(contact) == CONTACT:
        values["WhatId"] = about
    reminder = _reminder(desk, action.due, owner)
    if reminder > desk.now() and desk.has(TASK, "ReminderDateTime"):
        values |= {"IsReminderSet": True, "ReminderDateTime": reminder}
    return Change(TASK, values, beside=beside(desk, contact))


def _reminder(desk: Desk, day: date, owner: str) -> datetime:
    """Return the morning of a day where the rep is, UTC-naive."""
    user = desk.owners.get(owner)
    zone = (user.zone if user else None) or desk.organization.zone
    local = datetime(day.year, day.month, day.day, REMINDER_HOUR, tzinfo=zone)
    return local.astimezone(UTC).replace(tzinfo=None)


def _where_to_answer(desk: Desk, *, asks: bool) -> str:
    """Return the line that names the fields for the answer, as far as the org has them."""
    names = [name for name in ANSWERS if desk.is_ours(TASK, name) and (asks or name == OUTCOME)]
    labels = {name: _LABELS[name] for name in names}
    outcome = labels.pop(OUTCOME, "")
    if not outcome:
        return ""
    more = " or ".join(f"'{label}'" for label in labels.values())
    rest = f" ({more} beside it, where it fits)" if more else ""
    return f"\n\nIn Salesforce: choose '{outcome}' on this task{rest}, then complete it."
