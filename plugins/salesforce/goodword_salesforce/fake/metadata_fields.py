"""From the XML of a custom field to the field, checked as a deployment checks it."""

from __future__ import annotations

import re
from typing import NoReturn
from xml.etree.ElementTree import Element

from goodword_salesforce.fake.fields import Field, Kind

TYPES: dict[str, Kind] = {
    "Text": "string",
    "TextArea": "textarea",
    "LongTextArea": "textarea",
    "Email": "email",
    "Phone": "phone",
    "Url": "url",
    "Picklist": "picklist",
    "Checkbox": "boolean",
    "Number": "double",
    "Currency": "currency",
    "Percent": "percent",
    "Date": "date",
    "DateTime": "datetime",
    "Lookup": "reference",
}
LENGTHS = {"TextArea": 255, "Email": 80, "Phone": 40, "Url": 255, "Picklist": 255, "Lookup": 18}
LONGEST = {"label": 40, "description": 1000, "inlineHelpText": 510}
"""Characters of what people read."""
_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*__c")
LONGEST_NAME = 43


class WrongPartError(Exception):
    """A component that cannot be deployed; its text is the problem the org reports."""


def told(element: Element, name: str) -> str:
    """Return the text of the child *name*; empty when there is none."""
    for child in element:
        if local(child) == name:
            return (child.text or "").strip()
    return ""


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def custom_field(place: str, element: Element) -> Field:
    """Return the field that *element* defines on *place*.

    Raises:
        WrongPartError: The org would not make it.
    """
    name, type_ = told(element, "fullName"), told(element, "type")
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        _wrong(f"Invalid fullName, must end in '__c': {name}")
    if type_ not in TYPES:
        _wrong(f"Unknown field type: {type_}")
    if place == "Activity" and type_ in {"Lookup", "LongTextArea"}:
        _wrong(f"Activities cannot have a field of type {type_}")
    if not told(element, "label"):
        _wrong("Required field is missing: label")
    for part, most in LONGEST.items():
        if len(told(element, part)) > most:
            _wrong(f"Value too long for field: {part} maximum length is:{most}")
    unique = _yes(element, "unique")
    if (unique or _yes(element, "externalId")) and type_ not in {"Text", "Number", "Email"}:
        _wrong(f"A field of type {type_} can neither be unique nor an external id")
    precision, scale = _digits(element, type_)
    return Field(
        name,
        TYPES[type_],
        _length(element, type_),
        required=_yes(element, "required"),
        default=_default(element, type_),
        unique=unique,
        external_id=_yes(element, "externalId"),
        case_sensitive=_yes(element, "caseSensitive"),
        picklist=_values(element) if type_ == "Picklist" else (),
        restricted=_yes(element, "restricted"),
        refers=_refers(element) if type_ == "Lookup" else (),
        relationship=f"{name.removesuffix('__c')}__r" if type_ == "Lookup" else "",
        precision=precision,
        scale=scale,
        custom=True,
        label=told(element, "label"),
    )


def _yes(element: Element, name: str) -> bool:
    return any(local(one) == name and (one.text or "").strip() == "true" for one in element.iter())


def _length(element: Element, type_: str) -> int:
    if type_ not in {"Text", "LongTextArea"}:
        return LENGTHS.get(type_, 0)
    length, (least, most) = told(element, "length"), (1, 255) if type_ == "Text" else (256, 131_072)
    if not length.isdigit() or not least <= int(length) <= most:
        _wrong(f"Custom field length must be from {least} to {most}")
    if type_ == "LongTextArea" and not told(element, "visibleLines").isdigit():
        _wrong("Must specify 'visibleLines' for a CustomField of type LongTextArea")
    return int(length)


def _digits(element: Element, type_: str) -> tuple[int, int]:
    if type_ not in {"Number", "Currency", "Percent"}:
        return 0, 0
    precision, scale = told(element, "precision"), told(element, "scale")
    if not precision.isdigit() or not scale.isdigit():
        _wrong(f"Must specify 'precision' and 'scale' for a CustomField of type {type_}")
    if not 1 <= int(precision) <= 18 or int(scale) > int(precision):
        _wrong("precision must be from 1 to 18, scale not beyond it")
    return int(precision), int(scale)


def _default(element: Element, type_: str) -> bool | str | None:
    if type_ == "Checkbox":
        if told(element, "defaultValue") not in {"true", "false"}:
            _wrong("Must specify 'defaultValue' for a CustomField of type Checkbox")
        return told(element, "defaultValue") == "true"
    if type_ == "Picklist":
        chosen = [one for one in element.iter() if local(one) == "value" and _yes(one, "default")]
        return told(chosen[0], "fullName") if chosen else None
    return None


def _values(element: Element) -> tuple[str, ...]:
    found = tuple(told(one, "fullName") for one in element.iter() if local(one) == "value")
    if not found or not all(found):
        _wrong("Must specify a valueSet for a CustomField of type Picklist")
    if len({one.lower() for one in found}) < len(found):
        _wrong("Duplicate value in the valueSet")
    return found


def _refers(element: Element) -> tuple[str, ...]:
    target = told(element, "referenceTo")
    if not target or not told(element, "relationshipName"):
        _wrong("Must specify 'referenceTo' and 'relationshipName' for a CustomField of type Lookup")
    return (target,)


def _wrong(problem: str) -> NoReturn:
    raise WrongPartError(problem)
