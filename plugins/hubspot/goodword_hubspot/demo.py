"""The sample firm for ``goodword demo --crm hubspot``: a portal on this machine, full of life."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from goodword import Demo
from goodword_hubspot.fake import KEY, Fake, Portal
from goodword_hubspot.fake.object_types import CONTACTS, NOTES, TASKS
from goodword_hubspot.fake.sample import fill
from goodword_hubspot.names import GROUP

KEY_FILE = "portal-key.txt"
SEED = 7
WIDE = 26


def lay_out(folder: Path) -> Demo:
    """Open the sample portal on a free port of this machine, and keep its key in *folder*."""
    fake = Fake(seed=SEED)
    fill(fake.portal, SEED)
    path = folder / KEY_FILE
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(KEY)
    fake.start()
    settings = {
        "firm": {
            "name": "Brightroof Solar",
            "currency": "GBP",
            "region": "GB",
            "fallback_owner": "51",
            "ways_to_refer": ["a card with their name on the back"],
            "ideal_client": "people with a roof to the south",
        },
        "connector": {"name": "hubspot", "account": str(fake.account.portal_id), "sandbox": False},
        "calendar": {"time_zone": "Europe/London"},
        "plugin": {"hubspot": {"host": fake.url, "credential": {"file": KEY_FILE}}},
    }
    today = datetime.fromtimestamp(fake.portal.clock(), UTC).date()
    return Demo(
        settings, today, files=(path,), shows=lambda who: card(fake.portal, who), close=fake.close
    )


def card(portal: Portal, contact_id: str) -> list[str]:
    """Return what stands on a contact's page in the portal: our properties, tasks and notes."""
    record = portal.store.get(CONTACTS.name, contact_id)
    if record is None:
        return []
    shown = (
        (one.label, record.properties.get(one.name))
        for one in portal.definitions.all(CONTACTS.name)
        if one.group == GROUP
    )
    lines = [f"  {label:<{WIDE}}{value}" for label, value in shown if value]
    told = ((TASKS, "Task", "hs_task_subject"), (NOTES, "Note", "hs_note_body"))
    for kind, title, subject in told:
        for number in portal.linked(CONTACTS, record.id, kind):
            activity = portal.store.get(kind.name, str(number))
            if activity is not None:
                due = activity.properties["hs_timestamp"][:10]
                lines.append(f"  {title:<{WIDE}}{activity.properties[subject]} ({due})")
    return lines
