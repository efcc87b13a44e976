"""Our fields on contacts and leads: what differs, and nothing else of the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from goodword import SetFields, WriteResult
from goodword_salesforce.names import OWN
from goodword_salesforce.seam.collections import Change, Saved
from goodword_salesforce.seam.ids import as_id
from goodword_salesforce.writing.letters import Letter, refused, told
from goodword_salesforce.writing.people import GONE, LEAD, beside, person_object, standing_for
from goodword_salesforce.writing.texts import LINE, one_line

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk

_DELETED = "Salesforce has no such contact; they were deleted"
_MERGED = "the contact was merged into another one since; the next run writes there"
_CONVERTED = "the lead was converted since; the next run writes on its contact"


def field_letters(
    desk: Desk, actions: Sequence[SetFields]
) -> tuple[list[Letter], list[WriteResult]]:
    """Return what is to be sent, and the actions whose fields the org does not have."""
    letters: list[Letter] = []
    results: list[WriteResult] = []
    for action in actions:
        of = person_object(action.contact_id)
        unknown = [
            name
            for name in sorted(action.values)
            if name not in OWN or not desk.is_ours(of, OWN[name])
        ]
        if unknown:
            results.append(
                refused(action, f"Salesforce has no field of ours for {unknown[0]!r} on a {of}")
            )
        else:
            letters.append(Letter(action, _change(desk, action)))
    return letters, results


def fates_of_fields(
    desk: Desk, letters: Sequence[Letter], saved: Sequence[Saved]
) -> list[WriteResult]:
    """Return what became of the fields; of somebody who is gone, what became of them."""
    lost = [
        letter.change.id
        for letter, each in zip(letters, saved, strict=True)
        if not GONE.isdisjoint(each.trouble.codes)
    ]
    now = standing_for(desk, lost) if lost else {}
    results = []
    for letter, each in zip(letters, saved, strict=True):
        person = letter.change.id
        if each.ok:
            _remember(desk, letter)
        if not each.ok and now.get(person, person) != person:
            results.append(refused(letter.action, _became(person, now)))
        else:
            results.append(told(letter.action, each))
    return results


def _became(person: str, now: Mapping[str, str]) -> str:
    if not now[person]:
        return _DELETED
    converted = person_object(person) == LEAD and person_object(now[person]) != LEAD
    return _CONVERTED if converted else _MERGED


def _change(desk: Desk, action: SetFields) -> Change:
    person = as_id(action.contact_id) or ""
    values = {OWN[name]: _value(value) for name, value in action.values.items()}
    return Change(person_object(person), values, person, beside=beside(desk, person))


def _value(value: str | int | None) -> str | int | None:
    return one_line(value, LINE) or None if isinstance(value, str) else value


def _remember(desk: Desk, letter: Letter) -> None:
    """Remember a reason of which only a part fits, so that it compares equal when it is read."""
    why = letter.action.values.get("why") if isinstance(letter.action, SetFields) else None
    if isinstance(why, str):
        desk.memory.shorten(letter.change.id, one_line(why, LINE), why)
