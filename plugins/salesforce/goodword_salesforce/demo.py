"""The sample firm for ``goodword demo --crm salesforce``: an org on this machine, full of life."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from goodword import Demo
from goodword_salesforce.fake import Account, Fake, Org, Switches, new_key_pair
from goodword_salesforce.fake.sample import REPS, fill
from goodword_salesforce.names import FIELDS, KEY, PEOPLE

KEY_FILE = "goodword.key"
SEED = 7
WIDE = 26


def lay_out(folder: Path) -> Demo:
    """Open the sample org on a free port of this machine, and keep its key in *folder*."""
    private, public = new_key_pair()
    account = Account(public_key=public, switches=Switches(deploy_polls=0))
    fake = Fake(account)
    fill(fake.org, SEED)
    path = folder / KEY_FILE
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(private)
    fake.start()
    reps = [username for username, _, _ in REPS]
    settings = {
        "firm": {
            "name": "Brightroof Solar",
            "currency": account.currency,
            "region": "GB",
            "fallback_owner": fake.org.user_id(reps[0]),
            "ways_to_refer": ["a card with their name on the back"],
            "ideal_client": "people with a roof to the south",
        },
        "connector": {
            "name": "salesforce",
            "account": fake.org.sessions.org_id,
            "sandbox": False,
        },
        "calendar": {"time_zone": "Europe/London"},
        "plugin": {
            "salesforce": {
                "username": account.username,
                "consumer_key": account.consumer_key,
                "credential": {"file": KEY_FILE},
                "instance_url": fake.url,
                "reps": reps,
                "fallback_owner": reps[0],
            }
        },
    }
    today = datetime.fromtimestamp(fake.org.clock(), UTC).date()
    return Demo(
        settings, today, files=(path,), shows=lambda who: card(fake.org, who), close=fake.close
    )


def card(org: Org, contact_id: str) -> list[str]:
    """Return what stands on the page of a contact or lead: our fields, and our tasks."""
    found = org.at(contact_id)
    if found is None:
        return []
    row = found[1]
    lines = []
    for field in FIELDS:
        value = row.get(field.name)
        if field.objects == PEOPLE and value not in (None, "", False):
            labels = {each.value: each.label for each in field.values}
            lines.append(_line(field.label, labels.get(str(value), _plain(value))))
    return lines + list(_tasks(org, contact_id))


def _tasks(org: Org, contact_id: str) -> Iterator[str]:
    """Yield our tasks of a person, as their timeline shows them."""
    for task in org.store.rows("Task"):
        if task["WhoId"] == contact_id and task.get(KEY) and not task["IsDeleted"]:
            due = f"{task['ActivityDate']}, {task['Status']}"
            yield _line("Task", f"{task['Subject']} ({due})")


def _line(label: str, value: str) -> str:
    return f"  {label:<{WIDE}}{value}"


def _plain(value: object) -> str:
    """Return a value as Salesforce shows it: whole numbers without a point."""
    return f"{value:,.0f}" if isinstance(value, float) else str(value)
