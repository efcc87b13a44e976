"""Which objects and fields the org has now: the standard ones, and those an admin added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from goodword_salesforce.fake.account import Account
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.fake.object_types import ACCOUNT, CONTACT, NAME, OBJECT_TYPES, ObjectType

Fields = dict[str, Field]


class Schema:
    """Objects by lower-case name, each with its fields by lower-case name.

    Args:
        account: Says which features there are.
        changed_at: Seconds since 1970 of the latest change.
    """

    def __init__(self, account: Account, changed_at: float) -> None:
        self._account = account
        self.changed_at = changed_at
        self.types = {kind.name.lower(): kind for kind in OBJECT_TYPES}
        self._prefixes = {kind.prefix: kind for kind in OBJECT_TYPES}
        self._fields: dict[str, Fields] = {
            kind.name: {one.name.lower(): one for one in kind.standard if self._has(one)}
            for kind in (*OBJECT_TYPES, NAME)
        }
        self.grants: dict[str, dict[tuple[str, str], bool]] = {}
        """Permission set id to the fields it shows, each with whether it may be edited."""

    def _has(self, field: Field) -> bool:
        features = {
            "": True,
            "person accounts": self._account.person_accounts,
            "currencies": self._account.multi_currency,
        }
        return features[field.feature]

    def kind(self, name: str) -> ObjectType | None:
        """Return the object *name*, in any case."""
        return self.types.get(name.lower())

    def kind_of_id(self, number: str) -> ObjectType | None:
        """Return the object a record id belongs to."""
        return self._prefixes.get(number[:3])

    def fields(self, kind: ObjectType) -> Mapping[str, Field]:
        """Return all fields of *kind*, whoever may see them."""
        return self._fields[kind.name]

    def homes(self, place: str) -> list[ObjectType]:
        """Return the objects that get a field added to *place*: Activity has two."""
        return [kind for kind in OBJECT_TYPES if kind.customisable == place]

    def add(self, place: str, field: Field, at: float) -> None:
        """Add or change the custom field *field*; person accounts show it as ``__pc``."""
        for kind in self.homes(place):
            self._fields[kind.name][field.name.lower()] = field
        if place == CONTACT.name and self._account.person_accounts:
            mirror = shown_on_account(field)
            self._fields[ACCOUNT.name][mirror.name.lower()] = mirror
        self.changed_at = at

    def remove(self, place: str, name: str, at: float) -> None:
        """Remove the custom field *name*, and what permission sets say of it."""
        for kind in self.homes(place):
            del self._fields[kind.name][name.lower()]
            for grant in self.grants.values():
                grant.pop((kind.name, name), None)
        if place == CONTACT.name:
            self._fields[ACCOUNT.name].pop(_mirror_name(name).lower(), None)
        self.changed_at = at


def shown_on_account(field: Field) -> Field:
    """Return how a contact's custom field looks on a person account."""
    return replace(
        field, name=_mirror_name(field.name), mirrors=field.name, unique=False, external_id=False
    )


def _mirror_name(name: str) -> str:
    return f"{name.removesuffix('__c')}__pc"
