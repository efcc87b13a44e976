"""A portal of an invented firm on loopback, the connector on it, and a rep's hand in it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from goodword import Workplace
from goodword_hubspot.connector import HubSpotConnector, open_connector
from goodword_hubspot.fake import KEY, Account, Fake
from goodword_hubspot.fake.sample import fill
from goodword_hubspot.seam.objects import Input, archive, update
from goodword_hubspot.settings import TOKEN_VARIABLE, HubSpotSettings
from goodword_hubspot.writing.existing import existing

sys.path.insert(0, str(Path(__file__).parent))  # tests are no package, and share one module

START = 1_795_000_000.0  # a Wednesday in November 2026, 11:06:40 UTC


class Clock:
    """Seconds since 1970 that pass when somebody waits, or a test says so."""

    def __init__(self) -> None:
        self.now = START
        self.waited = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.waited += seconds

    def tick(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Firm:
    """A firm whose host is the portal: opens connectors, and lets reps and admins act."""

    fake: Fake
    clock: Clock
    folder: Path
    options: dict[str, Any] = field(default_factory=dict)
    run_id: str = "contract"

    @property
    def settings(self) -> HubSpotSettings:
        return HubSpotSettings.model_validate({"host": self.fake.url, **self.options})

    def open(self, **options: Any) -> HubSpotConnector:
        """Open the connector for one run, some time after the last one."""
        self.clock.tick(5)
        today = datetime.fromtimestamp(self.clock.now, UTC).date()
        work = Workplace(self.folder, self.folder / "state", self.run_id, today)
        return open_connector(self.settings, work, self.clock, self.clock.sleep, **options)

    def install(self) -> None:
        self.open().install("apply")
        self.fake.calls.reset()

    def change(self, kind: str, record_id: str, **values: str) -> None:
        """Change a record, as a person does in the portal."""
        update(self.open().portal, kind, [Input(properties=values, id=record_id)])
        self.clock.tick(1)

    def task(self, key: str) -> Any:
        """Return our task of this key, as it is now."""
        return existing(self.open()._desk, "tasks", [key]).get(key)

    def answer(self, key: str, outcome: str, **more: str) -> None:
        """Let the rep complete a task and record its outcome on the contact."""
        task = self.task(key)
        mark = self.open()._desk.place("tasks").mark_of(task)
        self.clock.tick(60)
        value = outcome.replace(" ", "_")
        self.change("contacts", mark.contact, goodword_ask_outcome=value, **more)
        self.change("tasks", task.id, hs_task_status="COMPLETED")
        self.clock.tick(60)

    def delete(self, key: str) -> None:
        archive(self.open().portal, "tasks", [self.task(key).id])
        self.clock.tick(60)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def fake(clock: Clock, account: Account) -> Iterator[Fake]:
    with Fake(account, clock) as portal:
        fill(portal.portal)
        yield portal


@pytest.fixture
def empty_fake(clock: Clock, account: Account) -> Iterator[Fake]:
    with Fake(account, clock) as portal:
        yield portal


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(TOKEN_VARIABLE, KEY)
    return KEY


@pytest.fixture
def bare_firm(fake: Fake, clock: Clock, key: str, tmp_path: Path) -> Firm:
    """Give a firm whose portal knows nothing of goodword yet."""
    (tmp_path / "firm").mkdir()
    return Firm(fake, clock, tmp_path / "firm")


@pytest.fixture
def firm(bare_firm: Firm) -> Firm:
    bare_firm.install()
    return bare_firm


@pytest.fixture
def opened(firm: Firm) -> Callable[[], HubSpotConnector]:
    return firm.open
