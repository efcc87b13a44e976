"""The connector: one HubSpot portal as goodword's host, for one run."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from goodword import (
    Action,
    AuthError,
    Check,
    Cursor,
    Found,
    InstallStep,
    Sink,
    Workplace,
    WriteResult,
    read_secret,
)
from goodword_hubspot.desk import Desk
from goodword_hubspot.doctor import look
from goodword_hubspot.install import install
from goodword_hubspot.reading.asks import DONE, is_edited
from goodword_hubspot.reading.cursor import position_of
from goodword_hubspot.reading.do_not_ask import marks_are_known
from goodword_hubspot.reading.full import pull_everything
from goodword_hubspot.reading.incremental import pull_changes
from goodword_hubspot.seam.client import Portal, open_portal
from goodword_hubspot.writing.batch import write_batch
from goodword_hubspot.writing.existing import existing, marks
from goodword_hubspot.writing.forgetting import forget_person
from goodword_hubspot.writing.once import mend_links

if TYPE_CHECKING:
    from goodword_hubspot.settings import HubSpotSettings

_KEY = re.compile(r"[!-~]+")
COUNTED = ("contacts", "deals")
"""Kinds whose ids are kept between pulls."""
COMMAND_KEPT = 300.0
"""Seconds a key is used again that a command of the firm's printed; others are read each time."""


class HubSpotConnector:
    """One portal, for one run.

    Args:
        settings: The section ``[plugin.hubspot]``.
        work: The firm's folders, the run and the day.
        portal: The open portal.
    """

    def __init__(self, settings: HubSpotSettings, work: Workplace, portal: Portal) -> None:
        self._desk = Desk(settings, work, portal)

    @property
    def account(self) -> str:
        """The number of the portal."""
        return self._desk.account.id

    @property
    def sandbox(self) -> bool:
        """Whether HubSpot calls it a sandbox or a developer's test account."""
        return self._desk.account.sandbox

    @property
    def fields(self) -> frozenset[str]:
        """Columns of ``own_fields`` for which the portal has our properties."""
        return self._desk.fields

    @property
    def portal(self) -> Portal:
        """The open portal, with its counts of calls."""
        return self._desk.portal

    def check(self) -> Sequence[Check]:
        """Look at key, scopes, limits, properties and clock; change nothing."""
        return look(self._desk)

    def pull(self, cursor: Cursor | None, sink: Sink) -> Cursor:
        """Read everything, or what changed since *cursor*.

        Everything, too, where what we remember of the portal is not of the pull before: that one
        died before the core kept what it had read.
        """
        position = position_of(cursor)
        desk = self._desk
        kept = all(desk.ids(kind).complete for kind in COUNTED) and marks_are_known(desk)
        if position is None or not kept or position.pull != desk.memory.pull:
            position = pull_everything(desk, sink)
        else:
            position = pull_changes(desk, sink, position)
        for name, trouble in desk.troubles.items():
            sink.notice("properties", f"{name} is left out: {trouble}.")
        position = replace(position, pull=secrets.token_hex(8))
        desk.memory.pull = position.pull
        desk.memory.save()  # first: whatever is missing afterwards, the next pull reads everything
        for kind in COUNTED:
            desk.ids(kind).save()
        return position.cursor

    def find(self, keys: Sequence[str]) -> Mapping[str, Found]:
        """Look our tasks and notes up by key; link those a crash left without their contact."""
        desk = self._desk
        found: dict[str, Found] = {}
        for kind in ("tasks", "notes"):
            wanted = [key for key in keys if key not in found]
            place = desk.place(kind)
            records = existing(desk, kind, wanted)
            known = marks(place, records)
            for key, mark in known.items():
                record = records[key]
                done = kind == "notes" or record.get("hs_task_status") == DONE
                state = (mark.closed or "done") if done else "open"
                edited = kind == "tasks" and is_edited(desk, record, mark)
                found[key] = Found(key, record.id, state, edited)
            ids = {key: records[key].id for key in known}
            mend_links(desk, kind, known, ids)
            pairs = ((record_id, key) for key, record_id in ids.items())
            desk.memory.note(kind, pairs, desk.portal.clock())  # search may show them later
        if found:
            desk.memory.save()
        return found

    def write(self, batch: Sequence[Action]) -> Sequence[WriteResult]:
        """Write a batch; one result each, in order."""
        return write_batch(self._desk, batch) if batch else []

    def install(self, what: Literal["plan", "apply", "remove"]) -> tuple[InstallStep, ...]:
        """Look at, make or remove our properties and our label."""
        return install(self._desk, what)

    def forget(self, contact_id: str) -> Sequence[str]:
        """Remove our tasks, notes and fields of one person; name what is left."""
        left = forget_person(self._desk, contact_id)
        self._desk.memory.save()
        ids = self._desk.ids("contacts")
        ids.drop([contact_id])
        ids.save()
        return left


def open_connector(
    settings: HubSpotSettings,
    work: Workplace,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    *,
    read_only: bool = False,
) -> HubSpotConnector:
    """Return the connector of the settings; the key is read when the first call needs it.

    Args:
        settings: The section ``[plugin.hubspot]``.
        work: The firm's folders, the run and the day.
        clock: Current time, seconds since 1970.
        sleep: Waits that many seconds.
        read_only: Refuse every write.
    """
    printed: list[tuple[float, str]] = []

    def token() -> str:
        if printed and clock() - printed[-1][0] < COMMAND_KEPT:
            return printed[-1][1]
        secret = read_secret(settings.credential, work.folder).get_secret_value()
        if not _KEY.fullmatch(secret):
            msg = "The HubSpot key has a line break or another sign that no key has."
            raise AuthError(msg, hint="Copy the key from HubSpot anew, on one line.")
        if settings.credential.command:
            printed.append((clock(), secret))
        return secret

    portal = open_portal(settings, token, work.folder, clock, sleep, read_only=read_only)
    return HubSpotConnector(settings, work, portal)
