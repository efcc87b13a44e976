"""A firm with an org on loopback, the connector on it, and the hands of reps and admins in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from goodword import CreateTask, Workplace
from goodword.model import task_key
from goodword_salesforce.connector import SalesforceConnector, open_connector
from goodword_salesforce.fake import CONSUMER_KEY, CONSUMER_SECRET, Account, Fake, by_hand
from goodword_salesforce.fake.sample import fill
from goodword_salesforce.install import install
from goodword_salesforce.installing.visit import open_visit
from goodword_salesforce.names import KEY, OUTCOME
from goodword_salesforce.settings import SECRET_VARIABLE, SalesforceSettings

DUE = date(2026, 11, 27)


@dataclass
class Firm:
    """A firm whose host is the org: opens connectors, and lets people act in the org."""

    fake: Fake
    clock: Any
    folder: Path
    options: dict[str, Any] = field(default_factory=dict)
    run_id: str = "contract"
    opened: list[SalesforceConnector] = field(default_factory=list)

    @property
    def settings(self) -> SalesforceSettings:
        return SalesforceSettings.model_validate(
            {
                "auth": "client_credentials",
                "domain": "brightroof.my",
                "consumer_key": CONSUMER_KEY,
                "instance_url": self.fake.url,
                **self.options,
            }
        )

    @property
    def work(self) -> Workplace:
        today = datetime.fromtimestamp(self.clock(), UTC).date()
        return Workplace(self.folder, self.folder / "state", self.run_id, today)

    def open(self, **options: Any) -> SalesforceConnector:
        """Open the connector for one run, some time after the last one."""
        self.clock.now += 5
        connector = open_connector(
            self.settings, self.work, self.clock, self.clock.sleep, **options
        )
        self.opened.append(connector)
        return connector

    def install(self) -> None:
        visit = open_visit(self.settings, self.work, self.clock, self.clock.sleep)
        steps = install(visit, "apply")
        assert {step.state for step in steps} <= {"made", "there"}, steps
        self.fake.calls.reset()

    def ready(self) -> SalesforceConnector:
        """Return a connector that has pulled, as every run does before it writes."""
        connector = self.open()
        connector.pull(None, Nowhere())
        self.fake.calls.reset()
        return connector

    # -- what is in the org

    def rows(self, kind: str) -> list[dict[str, Any]]:
        return self.fake.store.every(kind)

    def row(self, kind: str, number: str) -> dict[str, Any]:
        found = self.fake.store.get(self.fake.org.kind(kind), number)
        assert found is not None
        return found

    def tasks(self) -> list[dict[str, Any]]:
        """Return our tasks, those in the bin too."""
        return [row for row in self.rows("Task") if row.get(KEY)]

    def task(self, key: str) -> dict[str, Any]:
        (found,) = (row for row in self.tasks() if row[KEY] == key)
        return found

    def held(self) -> Counter[str]:
        """Count our tasks in the org by key, those in the bin too."""
        return Counter(str(row[KEY]) for row in self.tasks())

    def people(self, kind: str = "Contact") -> list[str]:
        """Return the ids of contacts, or of leads that were not converted, in order."""
        rows = (row for row in self.rows(kind) if not row["IsDeleted"])
        return sorted(str(row["Id"]) for row in rows if not row.get("IsConverted"))

    def reps(self) -> list[str]:
        """Return the users who work there, without the integration user and the admin."""
        others = {self.fake.account.username, self.fake.account.admin}
        rows = (row for row in self.rows("User") if row["IsActive"])
        return [str(row["Id"]) for row in rows if row["Username"] not in others]

    # -- people's hands

    def edit(self, kind: str, number: str, **values: Any) -> None:
        self.clock.now += 60
        by_hand.edit(self.fake.org, kind, number, values)
        self.clock.now += 60

    def answer(self, key: str, outcome: str, **more: Any) -> None:
        """Let the rep complete a task with its outcome."""
        self.clock.now += 60
        by_hand.complete(self.fake.org, self.task(key)["Id"], {OUTCOME: outcome, **more})
        self.clock.now += 60

    def delete(self, key: str) -> None:
        self.clock.now += 60
        by_hand.delete(self.fake.org, "Task", self.task(key)["Id"])
        self.clock.now += 60


class Nowhere:
    """A sink that keeps nothing but what it is told in words."""

    def __init__(self) -> None:
        self.notices: list[str] = []
        self.removed: list[tuple[str, Any]] = []

    def put(self, table: str, rows: Any) -> None: ...

    def remove(self, table: str, keys: Any) -> None:
        self.removed += [(table, key) for key in keys]

    def whole(self, *tables: str) -> None: ...

    def absent(self, *tables: str) -> None: ...

    def forgotten(self, *contact_ids: str) -> None: ...

    def notice(self, code: str, text: str) -> None:
        self.notices.append(text)


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def fake(account: Account, clock: Any) -> Iterator[Fake]:
    with Fake(account, clock) as org:
        fill(org.org)
        yield org


@pytest.fixture
def bare_firm(
    fake: Fake,
    clock: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Firm]:
    """Give a firm whose org knows nothing of goodword yet."""
    monkeypatch.setenv(SECRET_VARIABLE, CONSUMER_SECRET)
    (tmp_path / "firm").mkdir()
    firm = Firm(fake, clock, tmp_path / "firm")
    yield firm
    for connector in firm.opened:
        connector.org.transport.line.close()


@pytest.fixture
def firm(bare_firm: Firm) -> Firm:
    bare_firm.install()
    return bare_firm


@pytest.fixture
def a_task(firm: Firm) -> Callable[..., CreateTask]:
    """Make a task about a contact, by its place among the contacts or by its id."""

    def make(who: int | str = 0, cycle: str = "one", **changes: Any) -> CreateTask:
        person = firm.people()[who] if isinstance(who, int) else who
        values: dict[str, Any] = {
            "key": task_key("00D000000000001EAA", person, "ask_referral", cycle),
            "contact_id": person,
            "contact_name": "Somebody",
            "owner_id": firm.reps()[0],
            "play": "ask_referral",
            "cycle": cycle,
            "due": DUE,
            "subject": "Ask Somebody for a name",
            "body": "Say this: who else could use a hand?\nThen choose the outcome.",
            "because": ("rated us 9/10",),
            "rank": 1,
            "asks": True,
        }
        return CreateTask(**{**values, **changes})

    return make
