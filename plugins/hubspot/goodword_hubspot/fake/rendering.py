"""Records as the API shows them, and the frames around them: pages and batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from goodword_hubspot.fake.answers import Answer, Json
from goodword_hubspot.fake.object_types import ObjectType, object_type
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.store import Record
from goodword_hubspot.fake.times import as_stamp

HISTORY = {"contacts": 45}
"""Earlier values the host still lists; other objects have fewer."""
HISTORY_ELSEWHERE = 20


def shown(
    portal: Portal,
    kind: ObjectType,
    record: Record,
    names: Sequence[str],
    *,
    values: Mapping[str, str] | None = None,
    history: Sequence[str] = (),
    associations: Sequence[str] = (),
) -> Json:
    """Return *record* as a read shows it.

    Args:
        portal: Where.
        kind: Its object.
        record: The record.
        names: Properties asked for; without any, the object's usual ones. Unknown ones and
            archived ones are left out, empty ones are null.
        values: What to show instead of the present values, as search does.
        history: Properties to show with their earlier values.
        associations: Objects whose linked records to list.
    """
    now = record.properties if values is None else values
    always = (kind.created, kind.modified, "hs_object_id")
    wanted = dict.fromkeys((*(names or kind.shown), *always))
    found: Json = {
        "id": str(record.id),
        "properties": {
            name: now.get(name) for name in wanted if portal.definitions.live(kind.name, name)
        },
        "createdAt": as_stamp(record.created),
        "updatedAt": now.get(kind.modified) or as_stamp(record.updated),
        "archived": bool(record.archived_at),
    }
    if record.archived_at:
        found["archivedAt"] = as_stamp(record.archived_at)
    if history:
        found["propertiesWithHistory"] = _history(portal, kind, record, history)
    linked = _associations(portal, kind, record, associations)
    return found | ({"associations": linked} if linked else {})


def written(portal: Portal, kind: ObjectType, record: Record, trace_id: str = "") -> Json:
    """Return *record* as a write answers it: with everything it has."""
    found = shown(portal, kind, record, tuple(record.properties))
    return found | ({"objectWriteTraceId": trace_id} if trace_id else {})


def page(results: Sequence[Json], after: str = "", link: str = "") -> Json:
    """Return one page of *results*; *after* continues it."""
    found: Json = {"results": list(results)}
    if after:
        found["paging"] = {"next": {"after": after, "link": f"{link}?after={after}"}}
    return found


def batch(
    portal: Portal,
    results: Iterable[Json],
    errors: Sequence[Json] = (),
    *,
    done: int = 200,
    single_body: bool = False,
) -> Answer:
    """Return the answer to a batch.

    Args:
        portal: Where.
        results: What succeeded.
        errors: What did not, one entry a reason.
        done: Status when everything did.
        single_body: Whether this version of the API keeps that status when something failed.
    """
    listed = list(results)
    if not portal.account.switches.results_in_order:
        listed.reverse()
    stamp = as_stamp(portal.now())
    body: Json = {
        "status": "COMPLETE",
        "results": listed,
        "requestedAt": stamp,
        "startedAt": stamp,
        "completedAt": stamp,
    }
    if errors:
        body |= {"numErrors": len(errors), "errors": list(errors)}
    return Answer(207 if errors and not single_body else done, body)


def _history(portal: Portal, kind: ObjectType, record: Record, names: Sequence[str]) -> Json:
    most = HISTORY.get(kind.name, HISTORY_ELSEWHERE)
    return {
        name: [
            {"value": was.value, "timestamp": as_stamp(was.since), "sourceType": was.source}
            for was in record.was(name)[:most]
        ]
        for name in names
        if portal.definitions.live(kind.name, name)
    }


def _associations(portal: Portal, kind: ObjectType, record: Record, wanted: Sequence[str]) -> Json:
    found: Json = {}
    for target in (object_type(word) for word in wanted):
        numbers = portal.linked(kind, record.id, target)
        if not numbers:
            continue
        most = portal.account.switches.embedded_page
        rows: list[Json] = [
            {"id": str(number), "type": f"{kind.singular}_to_{target.singular}"}
            for number in numbers[:most]
        ]
        link = f"https://api.hubapi.com/crm/v4/objects/{kind.name}/{record.id}/associations"
        after = str(numbers[most - 1]) if len(numbers) > most else ""
        found[target.name] = page(rows, after, f"{link}/{target.name}")
    return found
