"""A members' list as a CRM: it is read, and nothing is ever written to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from goodword import (
    Action,
    Check,
    ConnectorSpec,
    Cursor,
    Found,
    Sink,
    Workplace,
    WriteResult,
    hookimpl,
)


class ClubSettings(BaseModel):
    members: tuple[str, ...] = ("Ida Example", "Noor Example")


class Club:
    account = "club"
    sandbox = False
    fields: frozenset[str] = frozenset()

    def __init__(self, members: Sequence[str]) -> None:
        self.members = members

    def check(self) -> Sequence[Check]:
        return [Check("members' list", ok=True, detail=f"{len(self.members)} people")]

    def pull(self, cursor: Cursor | None, sink: Sink) -> Cursor:
        sink.whole("contacts")
        rows = [{"contact_id": f"m{n}", "name": name} for n, name in enumerate(self.members)]
        sink.put("contacts", rows)
        return Cursor()

    def find(self, keys: Sequence[str]) -> Mapping[str, Found]:
        return {}

    def write(self, batch: Sequence[Action]) -> Sequence[WriteResult]:
        return [WriteResult(action.key, ok=False, error="read only") for action in batch]


def open_club(settings: ClubSettings, work: Workplace) -> Club:
    return Club(settings.members)


@hookimpl
def goodword_connector() -> ConnectorSpec[ClubSettings]:
    return ConnectorSpec("club", ClubSettings, capabilities=frozenset(), open=open_club)
