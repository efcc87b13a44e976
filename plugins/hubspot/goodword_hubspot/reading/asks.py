"""Our own tasks, read back with what the rep made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from goodword_hubspot.marks import Mark, words_of
from goodword_hubspot.names import OUTCOME
from goodword_hubspot.reading.alone import put_alone
from goodword_hubspot.reading.merges import MERGED, merged_ids
from goodword_hubspot.reading.outcomes import Answers, Ask, Given, answers_of
from goodword_hubspot.reading.paging import all_matching, changed_since
from goodword_hubspot.reading.properties import properties_of
from goodword_hubspot.seam.associations import read_links
from goodword_hubspot.seam.objects import Filter, read
from goodword_hubspot.seam.records import Record, time_of

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_hubspot.desk import Desk
    from goodword_hubspot.places import Place

Row: TypeAlias = dict[str, object]
DONE, UNTOUCHED = "COMPLETED", "NOT_STARTED"
_CHANNELS = {"CALL": "call", "EMAIL": "email"}
MARK_WORD = "goodword"


def task_properties(place: Place) -> tuple[str, ...]:
    """Return what is read of a task."""
    return (*properties_of("tasks"), *place.reads)


def ours(place: Place) -> Filter:
    """Return the condition that only records of ours fit."""
    name = place.mark or place.key
    if name:
        return Filter(name, "HAS_PROPERTY")
    return Filter(place.body, "CONTAINS_TOKEN", MARK_WORD)


def all_tasks(desk: Desk) -> dict[str, Record]:
    """Return every task of ours by id, those included that search does not show yet."""
    place = desk.place("tasks")
    pages = all_matching(desk.portal, "tasks", task_properties(place), [ours(place)])
    return _brought_up_to_date(desk, {record.id: record for page in pages for record in page})


def changed_tasks(desk: Desk, since: int) -> dict[str, Record]:
    """Return our tasks changed since, in milliseconds."""
    place = desk.place("tasks")
    wanted = task_properties(place)
    pages = changed_since(desk.portal, "tasks", wanted, since, [ours(place)])
    return _brought_up_to_date(desk, {record.id: record for page in pages for record in page})


def _brought_up_to_date(desk: Desk, found: dict[str, Record]) -> dict[str, Record]:
    """Return what search found with the tasks we wrote not long ago as they are now, or gone."""
    recent = desk.memory.recent("tasks", desk.portal.clock())
    now = {record.id: record for record in read_tasks(desk, list(recent))}
    return {i: r for i, r in found.items() if i not in recent} | now


def read_tasks(desk: Desk, ids: Sequence[str]) -> Iterable[Record]:
    """Yield those of the tasks that exist, as they are now."""
    return read(desk.portal, "tasks", ids, task_properties(desk.place("tasks")))


def put_asks(
    desk: Desk,
    sink: Sink,
    tasks: Iterable[Record],
    contacts: Iterable[str] = (),
    *,
    complete: bool,
) -> None:
    """Hand over tasks with the reps' answers.

    Args:
        desk: The portal.
        sink: Where rows go.
        tasks: Tasks to hand over.
        contacts: Contacts with an answer that may be new; their tasks are handed over, too.
        complete: *tasks* are all there are, so that nobody's other tasks need to be looked up.
    """
    place = desk.place("tasks")
    known = {record.id: record for record in tasks}
    marks = {r.id: mark for r in known.values() if (mark := place.mark_of(r)) is not None}
    people = {mark.contact for mark in marks.values()}
    answered = [each for each in _with_history(desk, [*people, *contacts]) if _answered(each)]
    if not complete:
        for record in _tasks_of(desk, [each.id for each in answered]):
            if record.id not in known and (mark := place.mark_of(record)) is not None:
                known[record.id], marks[record.id] = record, mark
    answers = _answers(answered, known, marks)
    given = {key: one for each in answers.values() for key, one in each.given.items()}
    rows = [ask_row(desk, known[i], mark, given.get(mark.key)) for i, mark in marks.items()]
    kept = _one_a_key(desk, sink, rows)
    sink.put("asks", kept)
    _remember_open(desk, kept)
    put_alone(desk, sink, answers)
    desk.memory.answered -= answers.keys()
    desk.memory.answered |= {contact for contact, each in answers.items() if each.counted}


def ask_row(desk: Desk, record: Record, mark: Mark, given: Given | None) -> Row:
    """Return the row of one task.

    It is open until it is completed, whatever was answered: only so can it be closed, and a
    thank-you is given once it is completed. An ask counts from its answer or its completion,
    whichever is first, everything else from its completion where there is one.
    """
    get = record.get
    done = get("hs_task_status") == DONE
    due = _due(desk, record)
    completed = None if mark.closed else _completed(record)
    at = given.at if given else None
    ended = _earlier(at, completed) if mark.asks else completed or at
    return {
        "task_key": mark.key,
        "remote_id": record.id,
        "contact_id": mark.contact,
        "owner_id": get("hubspot_owner_id"),
        "play": mark.play,
        "cycle": mark.cycle,
        "run_id": mark.run or None,
        "state": (mark.closed or "done") if done else "open",
        "edited": is_edited(desk, record, mark),
        "created_at": time_of(get("hs_createdate")),
        "due_at": due,
        "done_at": ended,
        "outcome": given.outcome if given else None,
        "outcome_at": given.later if given else None,
        "outcome_name": given.name if given else None,
        "channel": _CHANNELS.get(get("hs_task_type") or ""),
    }


def _completed(record: Record) -> datetime | None:
    """Return when a task was completed; None while it is open."""
    if record.get("hs_task_status") != DONE:
        return None
    return time_of(record.get("hs_task_completion_date") or record.get("hs_lastmodifieddate"))


def is_edited(desk: Desk, record: Record, mark: Mark) -> bool:
    """Say whether a rep changed the words or the day, or began to work on the task.

    A mark that does not say what our words were is not as we wrote it.
    """
    status = record.get("hs_task_status")
    if status not in (None, UNTOUCHED, DONE):
        return True
    due = _due(desk, record)
    body = record.get(desk.place("tasks").body)
    words = words_of(record.get("hs_task_subject"), body, due.date() if due else None)
    return words != mark.words


def _due(desk: Desk, record: Record) -> datetime | None:
    moment = time_of(record.get("hs_timestamp"))
    day = desk.day_of(moment) if moment else None
    return datetime(day.year, day.month, day.day) if day else None


def _with_history(desk: Desk, contacts: Sequence[str]) -> Iterable[Record]:
    """Yield contacts with the history of what reps answered on them."""
    names = desk.answers
    if not names:
        return []
    return read(desk.portal, "contacts", contacts, MERGED, names)


def _answered(contact: Record) -> bool:
    return any(stamp.value for stamp in contact.history.get(OUTCOME, ()))


def _one_a_key(desk: Desk, sink: Sink, rows: Iterable[Row]) -> list[Row]:
    """Return one row for each key: the one a rep had in hand, else the oldest.

    Another one that nobody touched is a duplicate, to be archived with the next write.
    """
    best: dict[object, Row] = {}
    twice: list[Row] = []
    for row in sorted(rows, key=_by_hand):
        kept = best.setdefault(row["task_key"], row)
        if kept is not row and row["state"] == "open" and not row["edited"]:
            twice.append(row)
    desk.memory.duplicates |= {str(row["remote_id"]) for row in twice}
    if twice:
        named = ", ".join(f"{row['remote_id']} (contact {row['contact_id']})" for row in twice)
        text = "Tasks of ours that stand twice in HubSpot: the copy nobody touched goes into its "
        sink.notice("duplicates", f"{text}recycle bin with the next write about anybody: {named}.")
    return list(best.values())


def _by_hand(row: Row) -> tuple[bool, str, int, str]:
    untouched = row["state"] == "open" and not row["edited"]
    record = str(row["remote_id"])
    return untouched, str(row["created_at"]), len(record), record


def _tasks_of(desk: Desk, contacts: Sequence[str]) -> Iterable[Record]:
    """Yield the tasks linked with contacts, as they are now."""
    if not contacts:
        return []
    linked = read_links(desk.portal, "contacts", "tasks", contacts)
    return read_tasks(desk, [one.id for each in linked.values() for one in each])


def _answers(
    contacts: Iterable[Record], tasks: dict[str, Record], marks: dict[str, Mark]
) -> dict[str, Answers]:
    """Return what was answered about each contact, by contact."""
    asks: dict[str, list[Ask]] = defaultdict(list)
    for task_id, mark in marks.items():
        made = time_of(tasks[task_id].get("hs_createdate"))
        if made is not None:
            asks[mark.contact].append(Ask(mark, made, _completed(tasks[task_id])))
    answers: dict[str, Answers] = {}
    for contact in contacts:
        ids = (contact.id, *merged_ids(contact))
        answers[contact.id] = answers_of(contact, [ask for i in ids for ask in asks.get(i, ())])
    return answers


def _remember_open(desk: Desk, rows: Iterable[Row]) -> None:
    """Remember which tasks are open, so that one deleted by a rep is noticed."""
    for row in rows:
        if row["state"] == "open":
            desk.memory.open_tasks[str(row["remote_id"])] = str(row["task_key"])
        else:
            desk.memory.open_tasks.pop(str(row["remote_id"]), None)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [each for each in (one, other) if each is not None]
    return min(known) if known else None
