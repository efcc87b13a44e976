"""A firm whose org is read run after run, and everything the core was told of it."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from goodword import Cursor, Workplace
from goodword.tables import TABLES
from goodword_salesforce.connector import SalesforceConnector
from goodword_salesforce.desk import Desk
from goodword_salesforce.fake import CONSUMER_KEY, CONSUMER_SECRET, DOMAIN, Fake, by_hand
from goodword_salesforce.fake.deploying import deploy
from goodword_salesforce.fake.deploys import Deploy
from goodword_salesforce.fake.new_org import put
from goodword_salesforce.logins import login_of
from goodword_salesforce.marks import Mark, words_of
from goodword_salesforce.names import INTEGRATION, KEY
from goodword_salesforce.package.bundle import deploying, zipped
from goodword_salesforce.package.parts import parts
from goodword_salesforce.seam.client import Means, Org, open_org
from goodword_salesforce.settings import SECRET_VARIABLE, SalesforceSettings

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
DUE = date(2026, 11, 20)


class Told:
    """What the core was told: rows by table and key, as its mirror keeps them."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = defaultdict(dict)
        self.fresh: dict[str, set[tuple[Any, ...]]] = {}
        self.was_whole: set[str] = set()
        self.was_absent: set[str] = set()
        self.erased: list[str] = []
        self.notices: dict[str, list[str]] = defaultdict(list)
        self.largest = 0

    def put(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        self.largest = max(self.largest, len(rows))
        columns = set(TABLES[table].types)
        for row in rows:
            assert {name for name in row if not name.startswith("extra.")} <= columns
            key = tuple(row[name] for name in TABLES[table].key)
            assert all(isinstance(part, str) for part in key), (table, key)
            self.tables[table][key] = dict(row)
            self.fresh.setdefault(table, set()).add(key)

    def remove(self, table: str, keys: Sequence[Mapping[str, str]]) -> None:
        for each in keys:
            key = tuple(each[name] for name in TABLES[table].key)
            self.tables[table].pop(key, None)
            self.fresh.get(table, set()).discard(key)

    def whole(self, *tables: str) -> None:
        self.was_whole |= set(tables)

    def absent(self, *tables: str) -> None:
        self.was_absent |= set(tables)
        for table in tables:
            self.tables.pop(table, None)

    def forgotten(self, *contact_ids: str) -> None:
        self.erased += contact_ids

    def notice(self, code: str, text: str) -> None:
        self.notices[code].append(text)

    def begin(self) -> None:
        """Begin a pull: what was said in words before is over."""
        self.was_whole, self.was_absent, self.fresh = set(), set(), {}
        self.notices.clear()

    def end(self) -> None:
        """End a pull: of a table that came whole, only what came is left."""
        for table in self.was_whole:
            came = self.fresh.get(table, set())
            self.tables[table] = {k: r for k, r in self.tables[table].items() if k in came}

    def rows(self, table: str) -> list[dict[str, Any]]:
        return list(self.tables[table].values())

    def row(self, table: str, *key: str) -> dict[str, Any]:
        return self.tables[table][key]


@dataclass
class Firm:
    """A firm: its org, its clock, its state folder, and what its pulls told."""

    fake: Fake
    clock: Any
    folder: Path
    options: dict[str, Any] = field(default_factory=dict)
    told: Told = field(default_factory=Told)
    cursor: Cursor | None = None
    opened: list[Org] = field(default_factory=list)
    reserve: float = 0.1

    @property
    def settings(self) -> SalesforceSettings:
        given = {
            "auth": "client_credentials",
            "domain": DOMAIN,
            "consumer_key": CONSUMER_KEY,
            "instance_url": self.fake.url,
        }
        return SalesforceSettings.model_validate({**given, **self.options})

    @property
    def work(self) -> Workplace:
        today = datetime.fromtimestamp(self.clock(), UTC).date()
        return Workplace(self.folder, self.folder / "state", "run", today)

    def org(self) -> Org:
        login = login_of(self.settings, self.folder)
        means = Means(reserve=self.reserve)
        org = open_org(login, self.folder, means, self.clock, self.clock.sleep, lambda: 0.5)
        self.opened.append(org)
        return org

    def desk(self) -> Desk:
        return Desk(self.settings, self.work, self.org())

    def install(self) -> None:
        """Let an admin deploy the package, and give the integration user its permission set."""
        org, done = self.fake.org, Deploy("0Af000000000001AAA", {})
        deploy(org, done, zipped(deploying(parts(), self.settings.api_version)))
        assert not done.failures, done.failures
        (mine,) = (r for r in org.store.rows("PermissionSet") if r["Name"] == INTEGRATION)
        user = org.user_id(org.account.username)
        put(org, "PermissionSetAssignment", {"PermissionSetId": mine["Id"], "AssigneeId": user})

    def pull(self, *, anew: bool = False, kept: bool = True) -> Told:
        """Pull, a while after whatever happened last.

        Args:
            anew: Read everything.
            kept: The core kept what it was told; else the run died before it did.
        """
        self.clock.now += MINUTE
        connector = SalesforceConnector(self.settings, self.work, self.org())
        self.fake.calls.reset()
        before = copy.deepcopy(self.told.tables)
        self.told.begin()
        cursor = connector.pull(None if anew else self.cursor, self.told)
        self.told.end()
        if kept:
            self.cursor = cursor
        else:
            self.told.tables = before
        return self.told

    def later(self, seconds: float = HOUR) -> Told:
        """Pull again after a while in which nothing happened."""
        self.clock.now += seconds
        return self.pull()

    @property
    def calls(self) -> int:
        """The calls of the last pull that count."""
        return len(self.fake.calls.counted())

    # -- people's hands

    def add(self, kind: str, *, ago: float = 0, **values: Any) -> str:
        """Add a record; *ago* days before now."""
        at = self.clock() - ago * DAY if ago else 0
        return by_hand.add(self.fake.org, kind, values, at=at)

    def contact(self, last: str = "Moyle", **values: Any) -> str:
        return self.add("Contact", ago=values.pop("ago", 500), LastName=last, **values)

    def sale(self, *people: str, days: int = 30, **values: Any) -> str:
        """Add a won deal, closed some days ago, with the people in it; the first is primary."""
        day = datetime.fromtimestamp(self.clock() - days * DAY, UTC).date().isoformat()
        given = {"Name": "Roof", "StageName": "Closed Won", "CloseDate": day, "Amount": 100.0}
        deal = self.add("Opportunity", ago=abs(days), **{**given, **values})
        for place, person in enumerate(people):
            role = {"OpportunityId": deal, "ContactId": person, "IsPrimary": not place}
            self.add("OpportunityContactRole", ago=abs(days), **role)
        return deal

    def edit(self, kind: str, number: str, **values: Any) -> None:
        by_hand.edit(self.fake.org, kind, number, values)

    def our_task(self, who: str, key: str = "k1", **values: Any) -> str:
        """Add a task as goodword writes it."""
        words = words_of(values.get("Subject", "Ask"), values.get("Description"), DUE)
        mark = Mark("ask_referral", "one", "run", words=words, asks="1").text
        given = {"Subject": "Ask", "WhoId": who, KEY: key, "Goodword_Mark__c": mark}
        given |= {"ActivityDate": f"{DUE}"}
        return self.add("Task", **{**given, **values})


@pytest.fixture
def firm(fake: Fake, clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Firm]:
    """Give a firm with nobody in its org, where goodword is installed."""
    monkeypatch.setenv(SECRET_VARIABLE, CONSUMER_SECRET)
    (tmp_path / "firm").mkdir()
    made = Firm(fake, clock, tmp_path / "firm")
    made.install()
    yield made
    for org in made.opened:
        org.transport.line.close()
