"""The connector: one Salesforce org as goodword's host, for one run."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from goodword import Action, Check, Cursor, Found, Sink, Workplace, WriteResult
from goodword_salesforce.desk import Desk
from goodword_salesforce.doctor import look
from goodword_salesforce.logins import login_of
from goodword_salesforce.marks import mark_in
from goodword_salesforce.names import KEY, MARK
from goodword_salesforce.reading.asks import is_edited, tasks_by_key
from goodword_salesforce.reading.cursor import position_of
from goodword_salesforce.reading.full import pull_everything
from goodword_salesforce.reading.incremental import pull_changes
from goodword_salesforce.reading.lost import tell_lost
from goodword_salesforce.seam.client import Means, Org, open_org
from goodword_salesforce.seam.values import is_true
from goodword_salesforce.writing.batch import write_batch
from goodword_salesforce.writing.changing import finish_taking_back
from goodword_salesforce.writing.forgetting import forget_person

if TYPE_CHECKING:
    from goodword_salesforce.seam.values import Row
    from goodword_salesforce.settings import SalesforceSettings


class SalesforceConnector:
    """One org, for one run.

    Args:
        settings: The section ``[plugin.salesforce]``.
        work: The firm's folders, the run and the day.
        org: The open org.
    """

    def __init__(self, settings: SalesforceSettings, work: Workplace, org: Org) -> None:
        self._desk = Desk(settings, work, org)

    @property
    def account(self) -> str:
        """The id of the org, of 18 characters."""
        return self._desk.organization.id

    @property
    def sandbox(self) -> bool:
        """Whether Salesforce calls it a sandbox."""
        return self._desk.organization.sandbox

    @property
    def fields(self) -> frozenset[str]:
        """Columns of ``own_fields`` that the org has, and lets us write."""
        return self._desk.fields

    @property
    def org(self) -> Org:
        """The open org, with its counts of calls."""
        return self._desk.org

    def check(self) -> Sequence[Check]:
        """Look at sign-in, rights, limits, fields and clock; change nothing."""
        return look(self._desk)

    def pull(self, cursor: Cursor | None, sink: Sink) -> Cursor:
        """Read everything, or what changed since *cursor*.

        Everything, too, where what we remember of the org is not of the pull before: that one died
        before the core kept what it had read.
        """
        desk = self._desk
        position = position_of(cursor)
        tell_lost(desk.memory, sink, known=cursor is not None)
        heard = Overheard(sink, desk.memory.accounts)
        if position is None or not desk.memory.serves(position.pull):
            desk.memory.accounts.clear()
            position = pull_everything(desk, heard)
        else:
            position = pull_changes(desk, heard, position)
        for name, trouble in desk.troubles.items():
            sink.notice("fields", f"{name} is left out: {trouble}.")
        position = replace(position, pull=secrets.token_hex(8))
        desk.memory.pull = position.pull
        desk.memory.save()
        return position.cursor

    def find(self, keys: Sequence[str]) -> Mapping[str, Found]:
        """Look our tasks up by key; one that a rep deleted is found as deleted."""
        desk = self._desk
        if not keys or not (desk.is_ours("Task", KEY) and desk.is_ours("Task", MARK)):
            return {}
        rows = tasks_by_key(desk, list(dict.fromkeys(keys)))
        finish_taking_back(desk, [key for key in keys if key not in rows])
        return {key: _found(desk, key, row) for key, row in rows.items()}

    def write(self, batch: Sequence[Action]) -> Sequence[WriteResult]:
        """Write a batch; one result each, in order."""
        return write_batch(self._desk, batch) if batch else []

    def forget(self, contact_id: str) -> Sequence[str]:
        """Remove our tasks and fields of one person; name what is left."""
        left = forget_person(self._desk, contact_id)
        self._desk.memory.save()
        return left


@dataclass(frozen=True, slots=True)
class Overheard:
    """A sink that also remembers the account of each contact; else it hands everything on."""

    sink: Sink
    accounts: dict[str, str]

    def put(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Hand on, and remember accounts."""
        if table == "contacts":
            for row in rows:
                if row.get("account_id"):
                    self.accounts[str(row["contact_id"])] = str(row["account_id"])
        self.sink.put(table, rows)

    def remove(self, table: str, keys: Sequence[Mapping[str, str]]) -> None:
        """Hand on."""
        self.sink.remove(table, keys)

    def whole(self, *tables: str) -> None:
        """Hand on."""
        self.sink.whole(*tables)

    def absent(self, *tables: str) -> None:
        """Hand on."""
        self.sink.absent(*tables)

    def forgotten(self, *contact_ids: str) -> None:
        """Hand on."""
        self.sink.forgotten(*contact_ids)

    def notice(self, code: str, text: str) -> None:
        """Hand on."""
        self.sink.notice(code, text)


def _found(desk: Desk, key: str, row: Row) -> Found:
    mark = mark_in(row.get(MARK))
    closed = mark.closed if mark else ""
    state = "deleted" if is_true(row, "IsDeleted") else "open"
    if state == "open" and is_true(row, "IsClosed"):
        state = closed or "done"
    edited = mark is None or is_edited(desk, row, mark)
    return Found(key, row["Id"], state, edited)


def open_connector(
    settings: SalesforceSettings,
    work: Workplace,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    *,
    read_only: bool = False,
) -> SalesforceConnector:
    """Return the connector of the settings; the first call signs in.

    Args:
        settings: The section ``[plugin.salesforce]``.
        work: The firm's folders, the run and the day.
        clock: Current time, seconds since 1970.
        sleep: Waits that many seconds.
        read_only: Refuse every write.
    """
    means = Means(settings.timeout_seconds, settings.ca_file, settings.reserve)
    login = login_of(settings, work.folder)
    org = open_org(login, work.folder, means, clock, sleep, read_only=read_only)
    return SalesforceConnector(settings, work, org)
