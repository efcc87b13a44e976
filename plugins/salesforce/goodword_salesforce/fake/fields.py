"""What a field is: its type, its limits, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from goodword_salesforce.fake.answers import Value

Kind = Literal[
    "string",
    "combobox",
    "textarea",
    "email",
    "phone",
    "url",
    "picklist",
    "boolean",
    "int",
    "double",
    "currency",
    "percent",
    "date",
    "datetime",
    "reference",
    "id",
]
Feature = Literal["", "person accounts", "currencies"]

NUMBERS = frozenset({"int", "double", "currency", "percent"})
LONGEST_SHORT_TEXT = 255
"""A text field beyond this cannot be filtered, sorted or grouped by."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object.

    Args:
        name: As the API calls it.
        type: As describe calls it.
        length: Most characters; 0 where that means nothing.
        required: Must have a value; where there is no default, somebody must give one.
        filled: The org gives it a value itself.
        auto: A number the org counts up.
        default: What a new record gets.
        createable: May be set on create.
        updateable: May be changed later.
        filterable: May stand in WHERE.
        unique: No two records may share a value.
        external_id: May be upserted by.
        id_lookup: May be looked up by.
        case_sensitive: Capitals matter for uniqueness and comparison.
        picklist: The values on offer, the default first.
        restricted: Whether other values are refused.
        refers: Objects a reference may lead to.
        relationship: Name of the path to them.
        precision: Digits of a number altogether.
        scale: Digits of a number behind the point.
        feature: What an org must have for the field to exist.
        mirrors: Field of the person's contact that this account field shows.
        custom: Made by an admin.
        label: What people read.
    """

    name: str
    type: Kind = "string"
    length: int = 0
    required: bool = False
    filled: bool = False
    auto: bool = False
    default: Value = None
    createable: bool = True
    updateable: bool = True
    filterable: bool = True
    unique: bool = False
    external_id: bool = False
    id_lookup: bool = False
    case_sensitive: bool = False
    picklist: tuple[str, ...] = ()
    restricted: bool = False
    refers: tuple[str, ...] = ()
    relationship: str = ""
    precision: int = 0
    scale: int = 0
    feature: Feature = ""
    mirrors: str = ""
    custom: bool = False
    label: str = ""

    @property
    def long(self) -> bool:
        """Whether this is a text too long to be compared."""
        return self.type == "textarea" and self.length > LONGEST_SHORT_TEXT

    @property
    def groupable(self) -> bool:
        """Whether results may be grouped by it."""
        uncountable = {"combobox", "datetime", "double", "currency", "percent"}
        return not self.long and not self.auto and self.type not in uncountable

    @property
    def nillable(self) -> bool:
        """Whether it may be empty."""
        return not (self.required or self.filled or self.type in {"boolean", "id"})


def text(name: str, length: int = LONGEST_SHORT_TEXT, **more: object) -> Field:
    """Return a text field."""
    return Field(name, "string", length, **more)  # type: ignore[arg-type]  # as Field names them


def flag(name: str, *, read_only: bool = False) -> Field:
    """Return a yes/no field."""
    open_ = not read_only
    return Field(name, "boolean", default=False, createable=open_, updateable=open_)


def choice(
    name: str, *values: str, default: str = "", required: bool = False, length: int = 40
) -> Field:
    """Return a picklist that takes other values too."""
    return Field(
        name, "picklist", length, picklist=values, default=default or None, required=required
    )


def link(name: str, *refers: str, relationship: str = "", read_only: bool = False) -> Field:
    """Return a reference; its path is called as the field without ``Id`` unless told."""
    open_ = not read_only
    return Field(
        name,
        "reference",
        18,
        refers=refers,
        relationship=relationship or name.removesuffix("Id"),
        createable=open_,
        updateable=open_,
    )


def shown(name: str, type_: Kind, length: int = 0, **more: object) -> Field:
    """Return a field that only the org itself sets."""
    return Field(
        name,
        type_,
        length,
        createable=False,
        updateable=False,
        **more,  # type: ignore[arg-type]  # as Field names them
    )


SYSTEM = (
    shown("Id", "id", 18, id_lookup=True, filled=True),
    shown("CreatedDate", "datetime", filled=True),
    replace(link("CreatedById", "User", read_only=True), filled=True),
    shown("LastModifiedDate", "datetime", filled=True),
    replace(link("LastModifiedById", "User", read_only=True), filled=True),
    shown("SystemModstamp", "datetime", filled=True),
)
DELETED = shown("IsDeleted", "boolean", default=False)
MERGED = link("MasterRecordId", "Self", read_only=True)
CURRENCY = Field("CurrencyIsoCode", "picklist", 3, feature="currencies")
OWNER = replace(link("OwnerId", "User"), filled=True)
ANY_OWNER = replace(link("OwnerId", "Group", "User"), filled=True)
