"""HubSpot's answers as plain values: records, pages, and what became of each input of a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from goodword_hubspot.seam.failures import Trouble, trouble_of
from goodword_hubspot.seam.shapes import after_in, id_of, rows


@dataclass(frozen=True, slots=True)
class Stamp:
    """One value of a property's history, and when it was set (UTC-naive)."""

    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the portal.

    Args:
        id: HubSpot's id.
        properties: Name to value; an empty value is left out.
        history: Name to stamps, newest first, where history was asked for.
        linked: Kind of object to the ids linked with this record, where that was asked for.
        more_linked: Kinds of which HubSpot named only the first page.
        listed: It came from a list that names links, so that one without any has none.
        archived: It is in the recycle bin.
        new: It was made by the very call that returned it.
        trace: The id our request gave to this input.
    """

    id: str
    properties: Mapping[str, str]
    history: Mapping[str, tuple[Stamp, ...]] = field(default_factory=dict)
    linked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    more_linked: frozenset[str] = frozenset()
    listed: bool = False
    archived: bool = False
    new: bool = False
    trace: str = ""

    def get(self, name: str) -> str | None:
        """Return a property, None where it is empty."""
        return self.properties.get(name)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list or a search; *after* is where the next one begins, empty at the end."""

    records: tuple[Record, ...]
    after: str = ""
    total: int = 0


@dataclass(frozen=True, slots=True)
class BatchError:
    """Why inputs of a batch were refused, without anybody's data.

    Args:
        inputs: Ids or trace ids of the inputs it is about, as far as HubSpot says.
        trouble: What HubSpot says of it.
    """

    inputs: tuple[str, ...]
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Batch:
    """The answer to a batch: what was done, and what was refused."""

    records: tuple[Record, ...]
    errors: tuple[BatchError, ...] = ()


def record_of(data: Mapping[str, Any], *, listed: bool = False) -> Record:
    """Read one record."""
    linked, more = _linked(data.get("associations") or {})
    return Record(
        id=id_of(data["id"]),
        properties={
            name: str(value)
            for name, value in (data.get("properties") or {}).items()
            if value not in (None, "")
        },
        history={
            name: tuple(_stamps(stamps))
            for name, stamps in (data.get("propertiesWithHistory") or {}).items()
        },
        linked=linked,
        more_linked=more,
        listed=listed,
        archived=bool(data.get("archived")),
        new=bool(data.get("new")),
        trace=str(data.get("objectWriteTraceId") or ""),
    )


def page_of(data: Mapping[str, Any], *, listed: bool = False) -> Page:
    """Read one page."""
    records = tuple(record_of(each, listed=listed) for each in rows(data))
    return Page(records, after_in(data), int(data.get("total") or 0))


def batch_of(data: Mapping[str, Any]) -> Batch:
    """Read the answer to a batch; errors may stand in a 200, too."""
    records = tuple(record_of(each) for each in rows(data))
    return Batch(records, tuple(_error(each) for each in data.get("errors") or ()))


def time_of(text: str | None) -> datetime | None:
    """Return HubSpot's time (ISO text or milliseconds) as UTC-naive; None where it is none."""
    if not text:
        return None
    if text.lstrip("-").isdigit():
        try:
            return datetime.fromtimestamp(int(text) / 1000, UTC).replace(tzinfo=None)
        except (OverflowError, OSError, ValueError):
            return None
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError):
        return None


def milliseconds(moment: datetime) -> int:
    """Return a UTC-naive time as milliseconds since 1970."""
    return round(moment.replace(tzinfo=UTC).timestamp() * 1000)


def _stamps(stamps: Sequence[Mapping[str, Any]]) -> list[Stamp]:
    found = ((str(each.get("value") or ""), time_of(each.get("timestamp"))) for each in stamps)
    known = [Stamp(value, at) for value, at in found if at is not None]
    return sorted(known, key=lambda stamp: stamp.at, reverse=True)


def _linked(data: Mapping[str, Any]) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """Read the ids of linked records; the same one may be listed once for each label."""
    ids = {
        kind: tuple(dict.fromkeys(id_of(each["id"]) for each in rows(part)))
        for kind, part in data.items()
    }
    more = {kind for kind, part in data.items() if after_in(part)}
    return ids, frozenset(more)


def _error(data: Mapping[str, Any]) -> BatchError:
    context = data.get("context") or {}
    inputs = [
        str(value)
        for name in ("objectWriteTraceId", "ids", "id")
        for value in context.get(name, ())
    ]
    return BatchError(tuple(inputs), trouble_of(data))
