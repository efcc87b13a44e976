"""Values of records: what a field takes, and in which form it is kept."""

from __future__ import annotations

import re
from typing import NoReturn

from goodword_salesforce.fake.answers import Value, refuse
from goodword_salesforce.fake.fields import NUMBERS, Field
from goodword_salesforce.fake.ids import full_id
from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.times import kept_day, kept_moment

_DIGITS = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]+)?")
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")


def kept(org: Org, kind: ObjectType, field: Field, value: object) -> Value:
    """Return *value* as *field* keeps it.

    Raises:
        RefusedError: The field does not take it.
    """
    if value is None or value == "":
        return False if field.type == "boolean" else None
    if field.type == "boolean":
        if not isinstance(value, bool):
            _cannot_read(value, "boolean")
        return value
    if field.type in NUMBERS:
        return _number(field, value)
    if not isinstance(value, str):
        _cannot_read(value, "string")
    if field.type in {"date", "datetime"}:
        return _moment(field, value)
    if field.type in {"reference", "id"}:
        return _reference(org, kind, field, value)
    return _text(field, value)


def _text(field: Field, value: str) -> Value:
    text = value.strip()
    if not text:
        return None
    if len(text) > field.length:
        refuse(
            "STRING_TOO_LONG",
            f"{field.label or field.name}: data value too large: {text} "
            f"(max length={field.length})",
            fields=[field.name],
        )
    if field.type == "email" and not _EMAIL.fullmatch(text):
        refuse(
            "INVALID_EMAIL_ADDRESS",
            f"{field.label or field.name}: invalid email address: {text}",
            fields=[field.name],
        )
    if field.restricted and text not in field.picklist:
        bad_choice(field, text)
    return text


def bad_choice(field: Field, text: str) -> NoReturn:
    """Refuse a value that is not on offer.

    Raises:
        RefusedError: Always.
    """
    refuse(
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        f"{field.label or field.name}: bad value for restricted picklist field: {text}",
        fields=[field.name],
    )


def _number(field: Field, value: object) -> Value:
    if isinstance(value, str) and _DIGITS.fullmatch(value):  # a number in quotes is a number, too
        value = int(value) if value.lstrip("-").isdigit() else float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        _cannot_read(value, "double")
    if field.type == "int" and not isinstance(value, int):
        _cannot_read(value, "int")
    digits = (field.precision or 18) - field.scale
    if abs(value) >= 10**digits:
        refuse(
            "NUMBER_OUTSIDE_VALID_RANGE",
            f"{field.label or field.name}: value outside of valid range on numeric field: {value}",
            fields=[field.name],
        )
    return value if field.type == "int" else round(float(value), field.scale)


def _moment(field: Field, value: str) -> Value:
    found = kept_day(value[:10]) if field.type == "date" else kept_moment(value)
    if field.type == "date" and len(value) > len(found):
        found = kept_moment(value)[:10]
    if not found:
        _cannot_read(value, field.type)
    return found


def _reference(org: Org, kind: ObjectType, field: Field, value: str) -> Value:
    number = full_id(value)
    if not number:
        refuse(
            "MALFORMED_ID",
            f"{field.label or field.name}: id value of incorrect type: {value}",
            fields=[field.name],
        )
    found = org.at(number)
    targets = tuple(kind.name if name == "Self" else name for name in field.refers)
    prefixed = org.schema.kind_of_id(number)
    if prefixed is not None and targets and prefixed.name not in targets:
        refuse(
            "FIELD_INTEGRITY_EXCEPTION",
            f"{field.label or field.name}: id value of incorrect type: {number}",
            fields=[field.name],
        )
    if found is None:
        refuse(
            "INVALID_CROSS_REFERENCE_KEY",
            "invalid cross reference id",
            fields=[field.name],
        )
    if found[1].get("IsDeleted"):
        refuse("ENTITY_IS_DELETED", "entity is deleted", fields=[field.name])
    return number


def _cannot_read(value: object, type_: str) -> NoReturn:
    names = {bool: "VALUE_TRUE", int: "VALUE_NUMBER_INT", float: "VALUE_NUMBER_FLOAT"}
    found = names.get(type(value), "VALUE_STRING" if isinstance(value, str) else "START_OBJECT")
    refuse("JSON_PARSER_ERROR", f"Cannot deserialize instance of {type_} from {found} value")
