"""What ``goodword doctor`` says of what may be there unseen: opt-outs, privacy records, tasks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from goodword import Check
from goodword_salesforce.names import INTEGRATION, PEOPLE
from goodword_salesforce.reading.columns import LINK, TASK
from goodword_salesforce.reading.consent import (
    NO_RECORDS,
    keeps_individuals,
    on_one_only,
    opt_outs,
    shows_individuals,
)
from goodword_salesforce.seam.query import Wanted, each_page
from goodword_salesforce.seam.soql import one_of, select

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk

GRANT = f"Give the integration user the permission set {INTEGRATION}, or grant it in one of yours."
GRANT_RECORDS = (
    "Let the integration user read Individual, its opt-outs, and IndividualId of contacts and "
    f"leads, in a permission set of yours: {INTEGRATION} cannot name them, for many orgs lack them."
)
CHECKBOX_HINT = "Make it a checkbox, or name a formula field of that type as do_not_contact."
LATELY = 14 * 86_400.0
"""Seconds for which a task that was deleted is in Salesforce's bin for sure, where it is seen."""
AT_ONCE = 200
"""Tasks that are looked for, those that were written last."""


def consent(desk: Desk) -> Iterator[Check]:
    """Look at opt-outs; who may have one that cannot be seen or understood is not asked."""
    found = {of: opt_outs(desk, of) for of in PEOPLE if desk.described(of)}
    hidden = [f"{of}.{name}" for of, outs in found.items() for name in outs.hidden if name != LINK]
    unclear = [f"{of}.{name}" for of, outs in found.items() for name in outs.unclear]
    told, hints = [], []
    if hidden:
        told.append(f"{', '.join(hidden)} hidden: nobody there is asked, they may have opted out")
        hints.append(GRANT)
        if one := on_one_only(desk):
            hints.append(f'Where the field is on no other object: do_not_contact = "{one}".')
    if unclear:
        told.append(f"{', '.join(unclear)} is no checkbox: nobody there is asked")
        hints.append(CHECKBOX_HINT)
    detail = "; ".join(told) or "opt-outs on people can be seen"
    yield Check("salesforce consent", ok=not told, detail=detail, hint=" ".join(hints))
    yield _records(desk)


def _records(desk: Desk) -> Check:
    """Look at privacy records."""
    found = {of: opt_outs(desk, of) for of in PEOPLE if desk.described(of)}
    links = [f"{of}.{LINK}" for of, outs in found.items() if LINK in outs.hidden]
    unread = dict.fromkeys(name for outs in found.values() for name in outs.unread)
    told, hint = [], GRANT_RECORDS
    if links:
        told.append(f"{', '.join(links)} hidden: nobody there is asked, they may have opted out")
        if not shows_individuals(desk):
            told.append("privacy records were read before")
            hint += f" {NO_RECORDS.capitalize()}."
    if unread:
        told.append(f"{', '.join(unread)} hidden: nobody with such a record is asked")
    if told:
        return Check("salesforce Individual", ok=False, detail="; ".join(told), hint=hint)
    if keeps_individuals(desk):
        return Check("salesforce Individual", ok=True, detail="privacy records can be read")
    detail = "not seen: either Data Protection and Privacy is off in Setup, so that there are "
    detail += "no privacy records, or all of them is hidden, and refusals there do not count"
    return Check("salesforce Individual", ok=True, detail=detail, hint=GRANT_RECORDS)


def tasks(desk: Desk) -> Iterator[Check]:
    """Look for the tasks of ours that were written last: sharing may hide them from their maker."""
    memory, now = desk.memory, desk.org.clock()
    lately = {
        record: at
        for record, (key, *_) in memory.known_tasks.items()
        if now - (at := memory.attempts.get(key, 0.0)) < LATELY
    }
    latest = list(islice(sorted(lately, key=lambda record: -lately[record]), AT_ONCE))
    if not latest or not desk.described(TASK):
        return
    asked = Wanted(select(TASK, "Id").where(one_of("Id", latest)), gone_too=True)
    seen = {row["Id"] for page in each_page(desk.org, asked) for row in page}
    lost = len(latest) - len(seen & set(latest))
    detail = f"all of the {len(latest):,} written last can be seen"
    if lost:
        detail = f"{lost:,} of the {len(latest):,} written last cannot be seen: what reps answer "
        detail += "there is not read, and they count as deleted"
    hint = "Where Activity is private, put the integration user into a role above the reps. A task "
    hint += "that was deleted and taken out of the bin counts here, too."
    yield Check("salesforce tasks of ours", ok=not lost, detail=detail, hint=hint if lost else "")
