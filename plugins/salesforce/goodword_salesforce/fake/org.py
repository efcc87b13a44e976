"""Everything one org is made of, with the clock it lives by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from goodword_salesforce.fake.account import Account
from goodword_salesforce.fake.answers import not_found
from goodword_salesforce.fake.bulk_jobs import Job
from goodword_salesforce.fake.deploys import Deploy
from goodword_salesforce.fake.faults import Faults
from goodword_salesforce.fake.limits import Limits
from goodword_salesforce.fake.object_types import ObjectType
from goodword_salesforce.fake.schema import Schema
from goodword_salesforce.fake.sessions import Sessions
from goodword_salesforce.fake.store import Row, Store
from goodword_salesforce.fake.times import as_day, as_moment


@dataclass(slots=True)
class Org:
    """One org; the parts change, the org stays.

    Args:
        account: How it is set up.
        clock: Seconds since 1970.
        schema: Objects and fields.
        store: Records.
        sessions: Who is logged in.
        limits: How many calls it takes.
        faults: What breaks on purpose.
        locators: Results that are still being paged through, by locator.
        jobs: Bulk jobs by id.
        deploys: Deployments by id.
        queries: Every SOQL text that was sent, in order.
    """

    account: Account
    clock: Callable[[], float]
    schema: Schema
    store: Store
    sessions: Sessions
    limits: Limits
    faults: Faults
    locators: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    deploys: dict[str, Deploy] = field(default_factory=dict)
    queries: list[str] = field(default_factory=list)

    def now(self) -> str:
        """Return the present as it is kept."""
        return as_moment(self.clock())

    def today(self) -> str:
        """Return the present day (UTC)."""
        return as_day(self.clock())

    def kind(self, name: str) -> ObjectType:
        """Return the object *name*.

        Raises:
            RefusedError: There is none.
        """
        found = self.schema.kind(name)
        if found is None:
            raise not_found()
        return found

    def user_id(self, username: str) -> str:
        """Return the id of an active user; empty when there is none."""
        for row in self.store.rows("User"):
            if row["Username"] == username and row["IsActive"]:
                return str(row["Id"])
        return ""

    def seen_kind(self, name: str) -> ObjectType:
        """Return the object *name*, if sessions may see it.

        Raises:
            RefusedError: There is none, or it is hidden: the words are the same.
        """
        found = self.kind(name)
        if found.name in self.account.hidden_objects:
            raise not_found()
        return found

    def at(self, number: str) -> tuple[ObjectType, Row] | None:
        """Return the record with an 18-character id and its object, deleted or not."""
        kind = self.schema.kind_of_id(number)
        row = self.store.get(kind, number) if kind is not None else None
        return (kind, row) if kind is not None and row is not None else None

    def live(self, number: object) -> Row | None:
        """Return the record with an 18-character id unless it was deleted."""
        found = self.at(number) if isinstance(number, str) else None
        return None if found is None or found[1].get("IsDeleted") else found[1]
