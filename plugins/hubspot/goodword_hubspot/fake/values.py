"""Values as the host takes and keeps them: numbers, days, moments, options, flags, texts."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from goodword_hubspot.fake.properties import Property
from goodword_hubspot.fake.times import DAY, as_day, as_stamp, milliseconds

LONGEST = 65_536
"""Characters one value may have."""
EMAIL = re.compile(r"[^@\s,;<>\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")


class BadValueError(Exception):
    """A value a property does not take; *code* is the host's word for why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def reject(code: str, message: str) -> NoReturn:
    """Refuse a value.

    Raises:
        BadValueError: Always.
    """
    raise BadValueError(code, message)


def as_kept(definition: Property, value: str) -> str:
    """Return *value* the way the host keeps it; an empty value clears the property.

    Raises:
        BadValueError: The property does not take it.
    """
    if not value:
        return ""
    if definition.type != "string" and value != value.strip():
        code = "INVALID_OPTION" if definition.options else "INVALID_FORMAT"
        reject(code, f"{value!r} has leading or trailing spaces.")
    match definition.type:
        case "number":
            return _number(value)
        case "date":
            return _day(value)
        case "datetime":
            return as_stamp(_moment(value))
        case "bool":
            return _option(definition, value.lower())
        case "enumeration":
            return value if definition.external else _options(definition, value)
        case _:
            return _text(definition, value)


def _number(value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        reject("INVALID_INTEGER", f"{value} was not a valid number.")
    return value


def _moment(value: str) -> int:
    try:
        return milliseconds(value)
    except ValueError:
        reject("INVALID_LONG", f"{value} was not a valid long.")


def _day(value: str) -> str:
    try:
        moment = milliseconds(value)
    except ValueError:
        reject("INVALID_DATE", f"{value} was not a valid date.")
    if moment % DAY:
        reject("INVALID_DATE", f"{value} is at {as_stamp(moment)}, not midnight!")
    return as_day(moment)


def _options(definition: Property, value: str) -> str:
    if definition.field_type != "checkbox":
        return _option(definition, value)
    for one in value.removeprefix(";").split(";"):
        _option(definition, one)
    return value


def _option(definition: Property, value: str) -> str:
    if not definition.takes(value):
        allowed = ", ".join(option.value for option in definition.options)
        reject("INVALID_OPTION", f"{value} was not one of the allowed options: [{allowed}]")
    return value


def _text(definition: Property, value: str) -> str:
    if len(value) > LONGEST:
        reject("INVALID_LENGTH", f"Value is longer than {LONGEST} characters.")
    if definition.name == "hs_task_reminders" and not all(map(str.isdigit, value.split(";"))):
        reject("INVALID_LONG", f"{value} is not in milliseconds.")
    if definition.name == "email":
        if not EMAIL.match(value):
            reject("INVALID_EMAIL", f"Email address {value} is invalid")
        return value.lower()
    return value
