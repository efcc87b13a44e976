"""Upsert: change the record that has an external id, or make one."""

from __future__ import annotations

from goodword_salesforce.fake.access import Actor, field_named
from goodword_salesforce.fake.answers import Json, Value, refuse
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.records import alter, make
from goodword_salesforce.fake.soql.conditions import comparable
from goodword_salesforce.fake.values import kept


def external_id(org: Org, actor: Actor, kind: ObjectType, name: str) -> Field:
    """Return the field *name*, which records of *kind* can be upserted by.

    Raises:
        RefusedError: It is no external id.
    """
    field = field_named(org, actor, kind, name)
    if not (field.external_id or field.id_lookup):
        refuse("INVALID_FIELD", f"{field.name} is not an external id field of {kind.name}")
    return field


def upsert(org: Org, actor: Actor, kind: ObjectType, key: Field, values: Json) -> tuple[str, bool]:
    """Change the record whose *key* has the value given, or make one.

    By ``Id`` without a value it makes one, so "upsert" can fill an org with doubles.

    Returns:
        Its id, and whether it is new.

    Raises:
        RefusedError: No value is given, several records have it, or it cannot be saved.
    """
    value = kept(org, kind, key, values.get(key.name))
    if value is None and key.name == "Id":  # no id is a new record, as real orgs take it
        rest = {name: given for name, given in values.items() if name != key.name}
        return make(org, actor, kind, rest), True
    if value is None:
        refuse("MISSING_ARGUMENT", f"{key.name} not specified")
    found = _having(org, kind, key, value)
    if len(found) > 1:
        refuse("DUPLICATE_EXTERNAL_ID", f"{key.name}: more than one record found", 300)
    if found:
        alter(org, actor, kind, found[0], values)
        return found[0], False
    return make(org, actor, kind, values), True


def _having(org: Org, kind: ObjectType, key: Field, value: Value) -> list[str]:
    if key.unique:
        holder = org.store.holder(kind, key, value)
        return [holder] if holder and org.live(holder) else []
    wanted = comparable(key, value)
    rows = org.store.rows(kind.name)
    return [str(row["Id"]) for row in rows if comparable(key, row[key.name]) == wanted]
