"""Records written 200 at a time: one result each, by position, whatever became of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from goodword import ConnectorError
from goodword_salesforce.seam.composite import Answer, Ask, send_all
from goodword_salesforce.seam.failures import DUPLICATE, LOCKED, Trouble, trouble_in, unreadable
from goodword_salesforce.seam.ids import as_id
from goodword_salesforce.seam.kinds import Kind
from goodword_salesforce.seam.soql import name
from goodword_salesforce.seam.values import Written, for_json

if TYPE_CHECKING:
    from goodword_salesforce.seam.client import Org

T = TypeVar("T")
MOST = 200
"""Records of one collection."""
LOCK_ATTEMPTS = 5
LOCK_WAIT = 2.0
"""Seconds to wait at a lock, times the attempt; chance halves it at most."""


@dataclass(frozen=True, slots=True)
class Change:
    """One record to make or change.

    Args:
        of: API name of its object.
        values: Field to value; None empties it.
        id: The record to change; empty for a new one.
        beside: What else is locked with it, such as its account: records of one account are sent
            together, so that they do not wait for each other.
    """

    of: str
    values: Mapping[str, Written]
    id: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one record.

    Args:
        ok: It was written.
        id: Its id, of 18 characters; of a new one that failed, empty.
        created: It was made by this very call.
        trouble: Why not; ``trouble.record`` is the record that holds its unique value already.
    """

    ok: bool
    id: str = ""
    created: bool = False
    trouble: Trouble = field(default_factory=Trouble)

    @property
    def there_already(self) -> bool:
        """Whether another record holds its unique value: for what is made once, that is success."""
        return DUPLICATE in self.trouble.codes


def insert(org: Org, changes: Sequence[Change], *, once: bool) -> list[Saved]:
    """Make records; one result each, in order.

    Args:
        org: The org.
        changes: What to make.
        once: Each has a value in a unique field. Only then is a lost answer asked for again, and
            a record that is there already is named in ``Saved.trouble``.
    """
    return _save(org, "POST", changes, Kind.REPEATABLE if once else Kind.CREATE)


def update(org: Org, changes: Sequence[Change]) -> list[Saved]:
    """Change records by their ids; one result each, in order."""
    return _save(org, "PATCH", changes, Kind.REPEATABLE)


def upsert(org: Org, key: str, changes: Sequence[Change]) -> list[Saved]:
    """Make or change records of one object by a unique field; one result each, in order.

    Args:
        org: The org.
        key: The unique field; every change has a value for it, and no id.
        changes: What to write.
    """
    if not changes:
        return []
    path = f"/{name(changes[0].of)}/{name(key)}"
    return _save(org, "PATCH", changes, Kind.REPEATABLE, path)


def delete(org: Org, ids: Sequence[str]) -> list[Saved]:
    """Put records into the recycle bin; one result each, in order. One that is gone is gone."""
    parts = list(chunks(_checked(ids), MOST))
    asks = [
        Ask(
            "DELETE",
            f"composite/sobjects?ids={','.join(part)}&allOrNone=false",
            kind=Kind.REPEATABLE,
            heavy=True,
        )
        for part in parts
    ]
    saved = _told(parts, send_all(org, asks))
    gone = {"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"}
    return [
        each if each.ok or gone.isdisjoint(each.trouble.codes) else Saved(ok=True) for each in saved
    ]


def chunks(items: Sequence[T], size: int) -> Iterator[list[T]]:
    """Yield *items* in parts of at most *size*."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def _save(
    org: Org, method: str, changes: Sequence[Change], kind: Kind, path: str = ""
) -> list[Saved]:
    """Write records, and those again that met a lock."""
    saved: dict[int, Saved] = {}
    waiting = sorted(range(len(changes)), key=lambda place: changes[place].beside)
    attempt = 0
    while waiting:
        attempt += 1
        try:
            results = _written(org, method, [changes[place] for place in waiting], kind, path)
        except ConnectorError:
            if attempt == 1:
                raise
            break  # what was written before stays told; the rest is told as locked
        saved |= dict(zip(waiting, results, strict=True))
        waiting = [place for place in waiting if not LOCKED.isdisjoint(saved[place].trouble.codes)]
        if not waiting or attempt >= LOCK_ATTEMPTS:
            break
        org.transport.telemetry.retries += 1
        org.sleep(LOCK_WAIT * attempt * (0.5 + org.chance() / 2))
    return [saved[place] for place in range(len(changes))]


def _written(
    org: Org, method: str, changes: Sequence[Change], kind: Kind, path: str
) -> list[Saved]:
    parts = list(chunks(changes, MOST))
    asks = [
        Ask(
            method,
            f"composite/sobjects{path}",
            {"allOrNone": False, "records": [_record(each) for each in part]},
            kind=kind,
            heavy=True,
        )
        for part in parts
    ]
    return _told(parts, send_all(org, asks))


def _told(parts: Sequence[Sequence[object]], answers: Sequence[Answer]) -> list[Saved]:
    """Return what became of each record of each collection."""
    saved: list[Saved] = []
    for part, answer in zip(parts, answers, strict=True):
        results = _results(answer.data) if answer.ok else [_failed(answer)] * len(part)
        if len(results) != len(part):
            raise unreadable(answer.what)
        saved += results
    return saved


def _record(change: Change) -> dict[str, object]:
    record: dict[str, object] = {"attributes": {"type": name(change.of)}}
    if change.id:
        record["id"] = change.id
    return record | {name(field): for_json(value) for field, value in change.values.items()}


def _failed(answer: Answer) -> Saved:
    """Return what became of each record of a collection that was refused as a whole."""
    trouble = answer.trouble if answer.trouble.codes else Trouble((f"HTTP_{answer.status}",))
    return Saved(ok=False, trouble=trouble)


def _results(data: Any) -> list[Saved]:
    """Read the results of a collection (Any: Salesforce's own shape)."""
    if not isinstance(data, list):
        raise unreadable(what="composite/sobjects")
    return [
        Saved(
            ok=bool(each.get("success")),
            id=as_id(str(each.get("id") or "")) or "",
            created=bool(each.get("created")),
            trouble=trouble_in(each.get("errors") or []),
        )
        for each in data
    ]


def _checked(ids: Sequence[str]) -> list[str]:
    """Return ids of 18 characters; a text that is none never reaches an address."""
    found = [as_id(each) for each in ids]
    if None in found:
        msg = "A record is to be deleted by something that is no id."
        raise ValueError(msg)
    return [each for each in found if each is not None]
