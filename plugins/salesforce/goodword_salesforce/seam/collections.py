"""Records written 200 at a time: one result each, by position, whatever became of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from goodword import ConnectorError
from goodword_salesforce.seam.composite import Answer, Ask, send_all
from goodword_salesforce.seam.failures import (
    DUPLICATE,
    LOCKED,
    Trouble,
    as_given,
    trouble_in,
    unusual,
)
from goodword_salesforce.seam.ids import as_id, each_of, id_in
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


@dataclass(frozen=True, slots=True)
class Group:
    """Records that are written the same way.

    Args:
        changes: The records.
        method: POST to make them, PATCH to change them, DELETE to put them into the bin.
        kind: Whether the call may be sent twice.
        path: What follows ``composite/sobjects`` in the address.
    """

    changes: Sequence[Change]
    method: str = "PATCH"
    kind: Kind = Kind.REPEATABLE
    path: str = ""


def insert(org: Org, changes: Sequence[Change], *, once: bool) -> list[Saved]:
    """Make records; one result each, in order.

    Args:
        org: The org.
        changes: What to make.
        once: Each has a value in a unique field. Only then is a lost answer asked for again, and
            a record that is there already is named in ``Saved.trouble``.
    """
    kind = Kind.REPEATABLE if once else Kind.CREATE
    return _save(org, [Group(changes, "POST", kind)])[0]


def update(org: Org, changes: Sequence[Change]) -> list[Saved]:
    """Change records by their ids; one result each, in order."""
    return _save(org, [Group(changes)])[0]


def save(
    org: Org, made_once: Sequence[Change], changed: Sequence[Change]
) -> tuple[list[Saved], list[Saved]]:
    """Make and change records in as few calls as can be; one result each, in order.

    Args:
        org: The org.
        made_once: What to make; each has a value in a unique field (see ``insert``).
        changed: What to change, by id; it is written after what is made.
    """
    made, others = _save(org, [Group(made_once, "POST"), Group(changed)])
    return made, others


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
    return _save(org, [Group(changes, path=path)])[0]


def delete(org: Org, ids: Sequence[str]) -> list[Saved]:
    """Put records into the recycle bin; one result each, in order. One that is gone is gone."""
    changes = [Change("", {}, number) for number in _checked(ids)]
    return [_gone(each) for each in _save(org, [Group(changes, "DELETE")])[0]]


def chunks(items: Sequence[T], size: int) -> Iterator[list[T]]:
    """Yield *items* in parts of at most *size*."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def _save(org: Org, groups: Sequence[Group]) -> list[list[Saved]]:
    """Write records, and those again that met a lock; one list for each group."""
    saved: list[dict[int, Saved]] = [{} for _ in groups]
    waiting = [_by_account(each.changes) for each in groups]
    attempt = 0
    while any(waiting):
        attempt += 1
        parts = [
            replace(group, changes=[group.changes[place] for place in places])
            for group, places in zip(groups, waiting, strict=True)
        ]
        try:
            results = _written(org, parts)
        except ConnectorError:
            if attempt == 1:
                raise
            break  # what was written before stays told; the rest is told as locked
        for number, (places, told) in enumerate(zip(waiting, results, strict=True)):
            saved[number] |= dict(zip(places, told, strict=True))
        waiting = [
            [place for place in places if _locked(known[place])]
            for places, known in zip(waiting, saved, strict=True)
        ]
        if attempt >= LOCK_ATTEMPTS:
            break
        if any(waiting):
            org.transport.telemetry.retries += 1
            org.sleep(LOCK_WAIT * attempt * (0.5 + org.chance() / 2))
    return [
        [known[place] for place in range(len(group.changes))]
        for group, known in zip(groups, saved, strict=True)
    ]


def _by_account(changes: Sequence[Change]) -> list[int]:
    """Return the places of changes so that those of one account stand together."""
    return sorted(range(len(changes)), key=lambda place: changes[place].beside)


def _written(org: Org, groups: Sequence[Group]) -> list[list[Saved]]:
    parts = [(group, part) for group in groups for part in chunks(group.changes, MOST)]
    asks = [_saving(group, part) for group, part in parts]
    told = iter(_told([part for _, part in parts], send_all(org, asks)))
    return [list(islice(told, len(group.changes))) for group in groups]


def _locked(saved: Saved) -> bool:
    return not LOCKED.isdisjoint(saved.trouble.codes)


def _saving(group: Group, part: Sequence[Change]) -> Ask:
    """Return the call that writes at most 200 records of a group."""
    if group.method == "DELETE":
        path = f"composite/sobjects?ids={','.join(each.id for each in part)}&allOrNone=false"
        return Ask(group.method, path, kind=group.kind, heavy=True)
    body = {"allOrNone": False, "records": [_record(each) for each in part]}
    path = f"composite/sobjects{group.path}"
    return Ask(group.method, path, body, kind=group.kind, heavy=True)


def _gone(saved: Saved) -> Saved:
    """Return the result of a deletion: what was gone already is gone."""
    gone = {"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"}
    return saved if saved.ok or gone.isdisjoint(saved.trouble.codes) else Saved(ok=True)


def _told(parts: Sequence[Sequence[object]], answers: Sequence[Answer]) -> list[Saved]:
    """Return what became of each record of each collection."""
    saved: list[Saved] = []
    for part, answer in zip(parts, answers, strict=True):
        results = _results(answer.data) if answer.ok else [_failed(answer)] * len(part)
        if len(results) != len(part):
            raise unusual(answer.what)
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
    with as_given("composite/sobjects"):
        return [_result(each) for each in each_of(data)]


def _result(each: Mapping[str, Any]) -> Saved:
    """Read one result: a record counts as written only with its id (Any: Salesforce's shape)."""
    ok = each["success"]
    if ok is True:
        return Saved(ok=True, id=id_in(each["id"]), created=each.get("created") is True)
    if ok is not False:
        raise unusual(what="composite/sobjects")
    return Saved(
        ok=False,
        id=as_id(str(each.get("id") or "")) or "",
        trouble=trouble_in(each.get("errors") or []),
    )


def _checked(ids: Sequence[str]) -> list[str]:
    """Return ids of 18 characters; a text that is none never reaches an address."""
    found = [as_id(each) for each in ids]
    if None in found:
        msg = "A record is to be deleted by something that is no id."
        raise ValueError(msg)
    return [each for each in found if each is not None]
