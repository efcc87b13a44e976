"""A firm with an org, which an admin and the integration user look into to install."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from goodword import InstallStep
from goodword_salesforce.fake import ADMIN, Account, Fake, Fault
from goodword_salesforce.fake.new_org import add_user
from goodword_salesforce.install import install
from goodword_salesforce.installing.host import OrgHost
from goodword_salesforce.installing.visit import Visit
from goodword_salesforce.names import FIELDS
from goodword_salesforce.seam.auth import Login
from goodword_salesforce.seam.client import Org, open_org
from goodword_salesforce.settings import SalesforceSettings

ANNA, BERND = "anna@brightroof.example", "Bernd@brightroof.example"
PLACES = {(owner, each.name) for each in FIELDS for owner in each.objects}
WRITES = ("POST", "PATCH", "PUT", "DELETE")
STATUS = "/metadata/deployRequest/*"


@dataclass
class Firm:
    """A firm with an org, which an admin and the integration user look into."""

    fake: Fake
    clock: Any
    folder: Path
    reps: tuple[str, ...] = (ANNA, BERND)
    opened: list[Org] = field(default_factory=list)

    def host(self, username: str = "", *, read_only: bool = False) -> OrgHost:
        """Look into the org as a user; the integration user, if none is named."""
        login = Login(
            secret=lambda: self.fake.session(username),
            flow="session",
            instance_url=self.fake.url,
            version="66.0",
        )
        org = open_org(
            login, self.folder, None, self.clock, self.clock.sleep, lambda: 0.5, read_only=read_only
        )
        self.opened.append(org)
        return OrgHost(org)

    def visit(self, admin: str = ADMIN, *, read_only: bool = False) -> Visit:
        settings = SalesforceSettings.model_validate({"reps": self.reps})
        today = datetime.fromtimestamp(self.clock(), UTC).date()
        worker = self.host(read_only=read_only)
        boss = self.host(admin, read_only=read_only) if admin else worker
        return Visit(boss, worker, settings, self.folder, today, self.clock, self.clock.sleep)

    def run(self, what: Any, **options: Any) -> dict[str, InstallStep]:
        """Install, and return what became of each part by its name."""
        self.clock.now += 60
        steps = install(self.visit(**options), what)
        found = {step.what: step for step in steps}
        assert len(found) == len(steps)
        return found

    def writes(self) -> list[str]:
        return [call.kind for call in self.fake.calls.made if call.method in WRITES]

    def field(self, owner: str, name: str) -> Any:
        """Return a field as the org has it, whoever sees it; None if it has none."""
        kind = self.fake.org.kind("Task" if owner == "Activity" else owner)
        return self.fake.org.schema.fields(kind).get(name.lower())

    def change(self, owner: str, name: str, **changes: Any) -> None:
        """Let the admin change a field."""
        other = replace(self.field(owner, name), **changes)
        self.fake.org.schema.add(owner, other, self.clock())

    def fields(self) -> set[tuple[str, str]]:
        return {place for place in PLACES if self.field(*place) is not None}

    def having(self) -> Counter[str]:
        """Count how many users have each permission set."""
        sets = {row["Id"]: str(row["Name"]) for row in self.fake.store.rows("PermissionSet")}
        rows = self.fake.store.rows("PermissionSetAssignment")
        return Counter(sets[row["PermissionSetId"]] for row in rows)

    def grants(self, name: str) -> dict[tuple[str, str], bool]:
        (row,) = (one for one in self.fake.store.rows("PermissionSet") if one["Name"] == name)
        return self.fake.org.schema.grants[str(row["Id"])]

    def let_fail(self, times: int = 1, **failure: Any) -> None:
        """Let the next deployment that is asked about have failed."""

        def fail() -> None:
            run = list(self.fake.org.deploys.values())[-1]
            run.error = failure.get("error", "")
            run.failures += [failure] if "problem" in failure else []

        self.fake.faults.add(Fault(path=STATUS, times=times, meanwhile=fail))


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def firm(account: Account, clock: Any, tmp_path: Path) -> Iterator[Firm]:
    with Fake(account, clock) as fake:
        for rep in (ANNA.lower(), BERND.lower()):
            add_user(fake.org, rep, "A", "Rep")
        firm = Firm(fake, clock, tmp_path)
        yield firm
        for org in firm.opened:
            org.transport.line.close()
