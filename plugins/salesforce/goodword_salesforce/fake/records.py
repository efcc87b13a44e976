"""Writes: make, alter and delete a record, each checked as the API checks it."""

from __future__ import annotations

from collections.abc import Mapping

from goodword_salesforce.fake import rules
from goodword_salesforce.fake.access import Actor, editable, field_named
from goodword_salesforce.fake.answers import Value, refuse
from goodword_salesforce.fake.cascades import take_along
from goodword_salesforce.fake.derived import default_list_value, derive, tell_the_person
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.fake.ids import SHORT, full_id
from goodword_salesforce.fake.object_types import ACCOUNT, CONTACT, ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.store import Row
from goodword_salesforce.fake.times import as_moment
from goodword_salesforce.fake.values import kept

ASSIGNED = {"Lead", "Case", "Account"}
"""Objects with assignment rules."""


def make(
    org: Org, actor: Actor, kind: ObjectType, values: Mapping[str, object], *, at: float = 0
) -> str:
    """Make a record and return its id; *at* (seconds since 1970) dates it back.

    Raises:
        RefusedError: The org does not take it.
    """
    if not kind.createable and not actor.by_hand:
        refuse("INVALID_TYPE_FOR_OPERATION", f"entity type {kind.name} does not support create")
    given = _checked(org, actor, kind, values, new=True)
    org.faults.check_row(kind.name, "", dict(values))
    row: Row = {one.name: one.default for one in org.schema.fields(kind).values()}
    row |= _defaults(org, actor, kind)
    row |= given
    lacking = rules.missing(org, kind, row)
    if lacking:
        refuse(
            "REQUIRED_FIELD_MISSING",
            f"Required fields are missing: [{', '.join(lacking)}]",
            fields=lacking,
        )
    _assign(org, actor, kind, row)
    rules.check(org, actor, kind, None, row, {*given, "OwnerId"} & set(row))
    _refuse_doubles(org, actor, kind, row, given)
    _check_unique(org, kind, row, given)
    moment = as_moment(at) if at else org.now()
    row |= dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), moment)
    row |= {"CreatedById": actor.user_id, "LastModifiedById": actor.user_id}
    row["Id"] = org.store.new_id(kind)
    if kind.name == "Case":
        row["CaseNumber"] = f"{len(org.store.every('Case')) + 1001:08d}"
    _keep(org, kind, row, given)
    return str(row["Id"])


def alter(
    org: Org, actor: Actor, kind: ObjectType, number: str, values: Mapping[str, object]
) -> None:
    """Set *values* of a record.

    Raises:
        RefusedError: The org does not take them, or there is no such record.
    """
    row = expect(org, kind, number)
    if not kind.updateable and not actor.by_hand:
        refuse("INVALID_TYPE_FOR_OPERATION", f"entity type {kind.name} does not support update")
    given = _checked(org, actor, kind, values, new=False)
    org.faults.check_row(kind.name, str(row["Id"]), {**row, **values})
    after: Row = {**row, **given}
    lacking = rules.missing(org, kind, after)
    if lacking:
        refuse(
            "REQUIRED_FIELD_MISSING",
            f"Required fields are missing: [{', '.join(lacking)}]",
            fields=lacking,
        )
    _assign(org, actor, kind, after)
    rules.check(org, actor, kind, row, after, set(given))
    _refuse_doubles(org, actor, kind, after, given)
    _check_unique(org, kind, after, given)
    for field in _unique(org, kind):
        if field.name in given and row[field.name] is not None:
            org.store.release(kind, field, row[field.name])
    row |= after
    moment = org.now()
    row |= {"LastModifiedDate": moment, "SystemModstamp": moment}
    row["LastModifiedById"] = actor.user_id
    _keep(org, kind, row, given)


def delete(org: Org, actor: Actor, kind: ObjectType, number: str) -> None:
    """Delete a record; its unique values may be free again.

    Raises:
        RefusedError: It is not there, or cannot be deleted.
    """
    row = expect(org, kind, number)
    if not kind.deletable and not actor.by_hand:
        refuse("INVALID_TYPE_FOR_OPERATION", f"entity type {kind.name} does not support delete")
    org.faults.check_row(kind.name, str(row["Id"]), dict(row))
    if not org.account.switches.bin_keeps_unique:
        for field in _unique(org, kind):
            if row[field.name] is not None:
                org.store.release(kind, field, row[field.name])
    org.store.bin(kind, row, org.now())
    take_along(org, kind, str(row["Id"]))


def expect(org: Org, kind: ObjectType, text: str) -> Row:
    """Return the record with the id *text*, of 15 or 18 characters.

    Raises:
        RefusedError: It is no id, of another object, or not there.
    """
    number = full_id(text)
    if not number:
        refuse("MALFORMED_ID", f"malformed id {text}", 404, fields=["Id"])
    if number[:3] != kind.prefix:
        refuse("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", 404)
    row = org.store.get(kind, number)
    if row is None:
        refuse("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", 404)
    if row.get("IsDeleted"):
        refuse("ENTITY_IS_DELETED", "entity is deleted", 404)
    return row


def stored(row: Mapping[str, Value], org: Org, kind: ObjectType, field: Field) -> Value:
    """Return what *row* shows in *field*: a mirrored field shows the person's contact."""
    if kind is ACCOUNT and field.mirrors:
        person = org.store.get(CONTACT, str(row.get("PersonContactId")))
        return None if person is None else person.get(field.mirrors)
    if field.name == "IsArchived" and kind.name == "Task":
        return is_archived(org, row)
    return row.get(field.name)


def is_archived(org: Org, row: Mapping[str, Value]) -> bool:
    """Return whether a task was put away: closed, and due a year ago or more."""
    day = row.get("ActivityDate") or str(row.get("CreatedDate"))[:10]
    return bool(row.get("IsClosed")) and str(day) <= as_moment(org.clock() - 365 * 86_400)[:10]


def _checked(
    org: Org, actor: Actor, kind: ObjectType, values: Mapping[str, object], *, new: bool
) -> Row:
    """Return the values as they are kept."""
    found: Row = {}
    closed: list[str] = []
    for name, value in values.items():
        if name.lower() in {"attributes", "id"}:
            continue
        field = field_named(org, actor, kind, name)
        open_ = actor.by_hand or (field.createable if new else field.updateable)
        if not open_ or not editable(org, actor, kind, field):
            closed.append(field.name)
            continue
        found[field.name] = kept(org, kind, field, value)
    if closed:
        rules.not_writable(closed)
    mirrored = [name for name in found if org.schema.fields(kind)[name.lower()].mirrors]
    if mirrored:
        rules.not_writable(mirrored)
    return found


def _defaults(org: Org, actor: Actor, kind: ObjectType) -> Row:
    found: Row = {}
    fields = org.schema.fields(kind)
    if "ownerid" in fields:
        found["OwnerId"] = actor.user_id
    if "currencyisocode" in fields:
        found["CurrencyIsoCode"] = org.account.currency
    if kind.name == "Task":
        found["Status"] = default_list_value(org, "TaskStatus")
        found["Priority"] = default_list_value(org, "TaskPriority")
    return found


def _assign(org: Org, actor: Actor, kind: ObjectType, row: Row) -> None:
    owner = org.account.assignment.get(kind.name)
    if owner and kind.name in ASSIGNED and actor.auto_assign and not actor.by_hand:
        row["OwnerId"] = owner


def _refuse_doubles(
    org: Org, actor: Actor, kind: ObjectType, row: Row, given: Mapping[str, Value]
) -> None:
    """Refuse a person with another's e-mail address, where the org has such a rule."""
    rule = org.account.duplicate_rules.get(kind.name)
    if not rule or actor.by_hand or not row.get("Email") or not given:
        return
    if rule == "alert" and actor.allow_save:
        return
    address = str(row["Email"]).lower()
    for other in org.store.rows(kind.name):
        if other["Id"] != row.get("Id") and str(other["Email"]).lower() == address:
            refuse("DUPLICATES_DETECTED", "Use one of these records?")


def _unique(org: Org, kind: ObjectType) -> list[Field]:
    return [field for field in org.schema.fields(kind).values() if field.unique]


def _check_unique(org: Org, kind: ObjectType, row: Row, given: Mapping[str, Value]) -> None:
    for field in _unique(org, kind):
        if given.get(field.name) is None:
            continue
        holder = org.store.holder(kind, field, given[field.name])
        if holder and holder != row.get("Id"):
            refuse(
                "DUPLICATE_VALUE",
                f"duplicate value found: {field.name} duplicates value on record with id: "
                f"{holder[:SHORT]}",
            )


def _keep(org: Org, kind: ObjectType, row: Row, given: Mapping[str, Value]) -> None:
    derive(org, kind, row)
    for field in _unique(org, kind):
        if given.get(field.name) is not None:
            org.store.hold(kind, field, row[field.name], str(row["Id"]))
    org.store.put(kind, row)
    tell_the_person(org, kind, row)
