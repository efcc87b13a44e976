"""What a person types while the portal is open: edits of a rep, properties and scopes of an admin.

A line is one of ``_VERBS`` with what it is about; the plugin's README has an example of each.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence

from goodword_hubspot.fake import by_hand
from goodword_hubspot.fake.account import ALL_SCOPES
from goodword_hubspot.fake.answers import RefusedError, refuse
from goodword_hubspot.fake.object_types import object_type
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.properties import Property

SHOWN_AS = {"string": "text", "number": "number", "date": "date", "bool": "booleancheckbox"}
"""How a property of each type is shown."""
HELP = "edit, add, delete, restore, merge, property or scope; the README has a line of each"


def obey(portal: Portal, line: str) -> str:
    """Do what a line says, and return what became of it."""
    try:
        verb, *words = shlex.split(line)
        return _VERBS[verb](portal, words)
    except RefusedError as refused:
        return f"Refused: {refused.message}"
    except (KeyError, ValueError, IndexError):
        return f"Not understood. A line begins with {HELP}."


def _edit(portal: Portal, words: Sequence[str]) -> str:
    kind, number, *values = words
    by_hand.edit(portal, kind, number, _values(values))
    return f"Edited {kind} {number}."


def _add(portal: Portal, words: Sequence[str]) -> str:
    kind, *rest = words
    links: dict[str, str] = {}
    if "to" in rest:
        place = rest.index("to")
        (target, number), rest = rest[place + 1 :], rest[:place]
        links[target] = number
    return f"Added {kind} {by_hand.add(portal, kind, _values(rest), links)}."


def _delete(portal: Portal, words: Sequence[str]) -> str:
    kind, number = words
    by_hand.delete(portal, kind, number)
    return f"Deleted {kind} {number}."


def _restore(portal: Portal, words: Sequence[str]) -> str:
    kind, number = words
    by_hand.restore(portal, kind, number)
    return f"Restored {kind} {number}."


def _merge(portal: Portal, words: Sequence[str]) -> str:
    kind, primary, other = words
    return f"They are {kind} {by_hand.merge(portal, kind, primary, other)} now."


def _property(portal: Portal, words: Sequence[str]) -> str:
    kind, name, of, _, group = words
    now = portal.now()
    made = Property(name, name, of, SHOWN_AS[of], group, own=True, created=now, updated=now)
    portal.definitions.create(object_type(kind).name, made, may_be_unique=False)
    return f"Made the property {name} of {kind}."


def _scope(portal: Portal, words: Sequence[str]) -> str:
    for word in words:
        sign, name = word[0], word[1:]
        if name not in ALL_SCOPES:
            refuse(f"There is no scope {name}.")
        {"+": portal.account.scopes.add, "-": portal.account.scopes.discard}[sign](name)
    return f"The key has {len(portal.account.scopes)} scopes."


def _values(words: Sequence[str]) -> dict[str, str]:
    pairs = (word.partition("=") for word in words)
    found = {name: value for name, sign, value in pairs if sign}
    if len(found) < len(words):
        msg = "no name=value"
        raise ValueError(msg)
    return found


_VERBS: Mapping[str, Callable[[Portal, Sequence[str]], str]] = {
    "edit": _edit,
    "add": _add,
    "delete": _delete,
    "restore": _restore,
    "merge": _merge,
    "property": _property,
    "scope": _scope,
}
