"""Who sent whom, in the field 'Referred by' of the one who was sent, where it is empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from goodword import LinkReferral, WriteResult
from goodword_salesforce.names import REFERRED_BY
from goodword_salesforce.seam.collections import Change, chunks, update
from goodword_salesforce.seam.ids import as_id
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import one_of, select
from goodword_salesforce.writing.letters import Letter, done, left_alone, refused, rounds, told
from goodword_salesforce.writing.people import (
    AT_ONCE,
    CONTACT,
    LEAD,
    person_object,
    standing_for,
)

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk

_TAKEN = "the field 'Referred by' names somebody else already"
_NOT_HERE = "Salesforce has no field 'Referred by' of ours"
_NO_CONTACT = "who sent them is no contact in Salesforce, and only contacts can be linked"
_NOBODY = "Salesforce has no such contact; they were deleted"


def write_links(desk: Desk, actions: Sequence[LinkReferral]) -> list[WriteResult]:
    """Link people; a link that is there stays as it is, and so does another one."""
    people = {_id(one) for action in actions for one in (action.contact_id, action.referred_id)}
    now = standing_for(desk, people)
    there = _linked(desk, {now[_id(action.referred_id)] for action in actions})
    letters: list[Letter] = []
    results: dict[str, WriteResult] = {}
    for action in actions:
        referrer, referred = now[_id(action.contact_id)], now[_id(action.referred_id)]
        if not referrer or referred not in there:
            results[action.key] = refused(action, _NOBODY)
        elif person_object(referrer) != CONTACT:
            results[action.key] = refused(action, _NO_CONTACT)
        elif not desk.is_ours(person_object(referred), REFERRED_BY):
            results[action.key] = refused(action, _NOT_HERE)
        elif there[referred] == referrer:
            results[action.key] = done(action, referred)
        elif there[referred] or referrer == referred:
            results[action.key] = left_alone(action, _TAKEN)
        else:
            change = Change(person_object(referred), {REFERRED_BY: referrer}, referred, referred)
            letters.append(Letter(action, change))
    first = next(rounds(letters), [])
    saved = update(desk.org, [each.change for each in first]) if first else []
    for letter, each in zip(first, saved, strict=True):
        results[letter.action.key] = told(letter.action, each)
    for letter in letters:
        results.setdefault(letter.action.key, left_alone(letter.action, _TAKEN))
    return [results[action.key] for action in actions]


def _linked(desk: Desk, people: set[str]) -> dict[str, str]:
    """Return who sent each of the people who are there; empty where nobody is named."""
    wanted = []
    for of in (CONTACT, LEAD):
        fields = ["Id", *([REFERRED_BY] if desk.is_ours(of, REFERRED_BY) else ())]
        ids = sorted(each for each in people if person_object(each) == of)
        query = select(of, *fields)
        wanted += [Wanted(query.where(one_of("Id", part))) for part in chunks(ids, AT_ONCE)]
    return {
        row["Id"]: row.get(REFERRED_BY, "")
        for _, rows in (each_page_of(desk.org, wanted) if wanted else ())
        for row in rows
    }


def _id(text: str) -> str:
    return as_id(text) or ""
