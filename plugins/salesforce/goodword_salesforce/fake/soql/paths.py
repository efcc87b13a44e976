"""From a path such as ``Account.Owner.Name`` to the values it has on each row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from goodword_salesforce.fake.access import Actor, field_named, visible
from goodword_salesforce.fake.answers import Value, refuse
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.fake.object_types import NAME, ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.records import stored
from goodword_salesforce.fake.store import Row

MOST_LEVELS = 5
Found = tuple[ObjectType, Row]
Step = Callable[[Found], Found | None]


@dataclass(frozen=True, slots=True)
class Column:
    """A path that was resolved.

    Args:
        parts: The path in the spelling of the org.
        field: The field at its end.
        get: Returns its value on a row.
        parents: For each part but the last, returns the record it leads to.
        currency: Returns the currency of an amount, in an org with several.
    """

    parts: tuple[str, ...]
    field: Field
    get: Callable[[Row], Value]
    parents: tuple[Callable[[Row], Found | None], ...] = ()
    currency: Callable[[Row], Value] | None = None


def column(org: Org, actor: Actor, kind: ObjectType, path: str) -> Column:
    """Return what *path* means for rows of *kind*.

    Raises:
        RefusedError: There is no such column, or it is hidden (INVALID_FIELD).
    """
    *names, last = path.split(".")
    if names and names[0].lower() == kind.name.lower() and not _relation(org, actor, kind, names):
        names = names[1:]
    if len(names) > MOST_LEVELS:
        refuse("INVALID_FIELD", f"path has more than {MOST_LEVELS} levels")
    parts: list[str] = []
    steps: list[Step] = []
    at = kind
    for name in names:
        field = _relationship(org, actor, at, name)
        parts.append(field.relationship)
        steps.append(_step(org, at, field))
        at = _target(org, at, field)
    field = field_named(org, actor, at, last)
    get = _getter(org, kind, at, field, steps)
    return Column(
        (*parts, field.name),
        field,
        get,
        tuple(_walker(kind, steps[: depth + 1]) for depth in range(len(steps))),
        _currency(org, kind, at, field, steps),
    )


def _relation(org: Org, actor: Actor, kind: ObjectType, names: list[str]) -> bool:
    fields = visible(org, actor, kind).values()
    return any(field.relationship.lower() == names[0].lower() for field in fields)


def _relationship(org: Org, actor: Actor, kind: ObjectType, name: str) -> Field:
    fields = visible(org, actor, kind).values()
    references = [field for field in fields if field.type == "reference"]
    found = [field for field in references if field.relationship.lower() == name.lower()]
    if not found:
        refuse(
            "INVALID_FIELD",
            f"Didn't understand relationship '{name}' in field path. If you are attempting "
            "to use a custom relationship, be sure to append the '__r' after its name. "
            "Please reference your WSDL or the describe call for the appropriate names.",
        )
    return found[0]


def _target(org: Org, kind: ObjectType, field: Field) -> ObjectType:
    """Return the object a reference leads to; one that may lead to several leads to a name."""
    if len(field.refers) != 1:
        return NAME
    return kind if field.refers[0] == "Self" else org.kind(field.refers[0])


def _step(org: Org, kind: ObjectType, field: Field) -> Step:
    def go(found: Found) -> Found | None:
        number = stored(found[1], org, found[0], field)
        return org.at(number) if isinstance(number, str) else None

    return go


def _walker(kind: ObjectType, steps: list[Step]) -> Callable[[Row], Found | None]:
    def walk(row: Row) -> Found | None:
        found: Found | None = (kind, row)
        for step in steps:
            if found is None:
                return None
            found = step(found)
        return found

    return walk


def _getter(
    org: Org, kind: ObjectType, at: ObjectType, field: Field, steps: list[Step]
) -> Callable[[Row], Value]:
    if not steps and not field.mirrors and field.name != "IsArchived":
        name = field.name
        return lambda row: row.get(name)
    walk = _walker(kind, steps)

    def get(row: Row) -> Value:
        found = walk(row)
        if found is None:
            return None
        if at is NAME and field.name == "Type":
            return "Queue" if found[0].name == "Group" else found[0].name
        return stored(found[1], org, found[0], field)

    return get


def _currency(
    org: Org, kind: ObjectType, at: ObjectType, field: Field, steps: list[Step]
) -> Callable[[Row], Value] | None:
    own = org.schema.fields(at).get("currencyisocode")
    if field.type != "currency" or own is None:
        return None
    return _getter(org, kind, at, own, steps)
