"""Owners: the people and queues a record can belong to, deactivated ones too."""

from __future__ import annotations

from dataclasses import dataclass

from goodword_hubspot.fake.answers import Json
from goodword_hubspot.fake.times import as_stamp


@dataclass(slots=True)
class Owner:
    """One owner; the owner id and the user id are different numbers."""

    id: int
    user_id: int
    email: str
    first: str
    last: str
    type: str = "PERSON"
    archived: bool = False
    since: int = 0

    def as_json(self) -> Json:
        """Return the owner as the API shows it; a deactivated one has no current user."""
        shown: Json = {
            "id": str(self.id),
            "email": self.email,
            "type": self.type,
            "firstName": self.first,
            "lastName": self.last,
            "userIdIncludingInactive": self.user_id,
            "createdAt": as_stamp(self.since),
            "updatedAt": as_stamp(self.since),
            "archived": self.archived,
        }
        return shown if self.archived else shown | {"userId": self.user_id}


class Owners:
    """The owners of a portal by id."""

    def __init__(self) -> None:
        self._owners: dict[int, Owner] = {}

    def put(self, owner: Owner) -> None:
        """Add or replace *owner*."""
        self._owners[owner.id] = owner

    def get(self, number: str) -> Owner | None:
        """Return the owner *number*, deactivated or not."""
        return self._owners.get(int(number)) if number.isdigit() else None

    def by_user(self, number: str) -> Owner | None:
        """Return the owner whose user id is *number*."""
        return next((one for one in self._owners.values() if str(one.user_id) == number), None)

    def all(self, *, archived: bool = False) -> list[Owner]:
        """Return the owners by id."""
        found = [owner for owner in self._owners.values() if owner.archived == archived]
        return sorted(found, key=lambda owner: owner.id)
