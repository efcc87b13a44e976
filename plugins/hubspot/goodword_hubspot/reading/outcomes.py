"""What reps answered on the contact, with the history of the property: each answer counts once.

An answer belongs to one of our tasks, whatever its play; the last answer to a task counts. So
reading again gives the same, whether or not the property was emptied since. "Never", "wrong
person" and "unhappy" count without any task as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from goodword_hubspot.marks import Mark
from goodword_hubspot.names import LATER, NAME, OUTCOME
from goodword_hubspot.seam.records import Record, Stamp, time_of

WORDS: Mapping[str, str] = {
    "yes": "yes",
    "later": "later",
    "no": "no",
    "never": "never",
    "wrong_person": "wrong person",
    "unhappy": "unhappy",
    "no_answer": "no answer",
}
"""Internal value of our outcome property to goodword's own word."""
WITHOUT_A_TASK = frozenset({"never", "wrong_person", "unhappy"})
"""Answers that say something about the person, so that they count without a task."""
AROUND = timedelta(days=1)
"""How far apart a task's completion and its answer may be."""
LATE = timedelta(days=30)
"""How long after a completed ask its answer may follow."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One of our tasks: its mark, when it was made, and when it was completed."""

    mark: Mark
    made: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to a task, or to none."""

    outcome: str
    at: datetime
    later: datetime | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What a contact's history says.

    Args:
        given: Answer to each task, by key.
        alone: The answer that counts although it belongs to no task.
        left: An answer stands in the property that does not count.
        counted: The answer that stands in the property was counted for a task.
    """

    given: Mapping[str, Given]
    alone: Given | None = None
    left: bool = False
    counted: bool = False


def answers_of(contact: Record, tasks: Iterable[Ask]) -> Answers:
    """Return what was answered about one contact.

    Args:
        contact: The contact, read with the history of our answer properties.
        tasks: Every task of ours about this contact.
    """
    ordered = sorted(tasks, key=lambda task: (task.made, task.mark.key))
    said = contact.history.get(OUTCOME, ())
    answered = _shared_out(ordered, [stamp for stamp in said if stamp.value in WORDS], {})
    times = {key: [stamp.at for stamp in stamps] for key, stamps in answered.items()}
    later = _shared_out(ordered, contact.history.get(LATER, ()), times)
    names = _shared_out(ordered, contact.history.get(NAME, ()), times)
    given = {
        key: _given(stamps[-1], _last(later.get(key, ())), _last(names.get(key, ())))
        for key, stamps in answered.items()
    }
    first = ordered[0].made if ordered else None
    early = next((stamp for stamp in said if first is None or stamp.at < first), None)
    counts = early is not None and early.value in WITHOUT_A_TASK
    alone = _given(early, None, None) if early is not None and counts else None
    stands = said[0] if said and said[0].value else None
    counted = stands is not None and any(stands in stamps for stamps in answered.values())
    heard = counted or (counts and stands is early)
    return Answers(given, alone, stands is not None and not heard, counted)


def _shared_out(
    tasks: Sequence[Ask], stamps: Sequence[Stamp], answers: Mapping[str, Sequence[datetime]]
) -> dict[str, list[Stamp]]:
    """Return the stamps of each task by key, oldest first; those of no task are left out.

    Args:
        tasks: Tasks, oldest first.
        stamps: Values with their times, newest first.
        answers: When each task was answered, where that is known already.
    """
    found: dict[str, list[Stamp]] = {}
    for stamp in reversed(stamps):
        if not stamp.value:
            continue
        spoken = {key: [each.at for each in own] for key, own in found.items()}
        newer = [task for task in tasks if not answers or task.mark.key in answers]
        task = _task_of(tasks, stamp.at, answers or spoken, newer)
        if task is not None:
            found.setdefault(task.mark.key, []).append(stamp)
    return found


def _task_of(
    tasks: Sequence[Ask],
    at: datetime,
    answers: Mapping[str, Sequence[datetime]],
    newer: Sequence[Ask],
) -> Ask | None:
    """Return the task that something said at a time is about; of two alike the later one.

    An ask that is open or just done comes first, then what else was just done, an ask done of
    late that nobody answered, what else is open, and at last the latest task there was. A task
    that had its answer before one of *newer* was made is over: what is said then is about that.
    """
    there = [task for task in tasks if task.made <= at]
    if not there:
        return None

    def place(task: Ask) -> int:
        said = answers.get(task.mark.key, ())
        since = [each.made for each in newer if task.made < each.made <= at]
        over = any(each < made for each in said for made in since)
        gone = task.ended is not None and task.ended <= at
        ours = bool(task.mark.closed)
        just = task.ended is not None and abs(task.ended - at) <= AROUND and not ours and not over
        if task.mark.asks and (just or not gone) and not over:
            return 4
        if just:
            return 3
        answered = over or any(each < at - AROUND for each in said)
        late = task.ended is not None and at - task.ended <= LATE
        if task.mark.asks and late and not ours and not answered:
            return 2
        return 0 if gone else 1

    return max(there, key=lambda task: (place(task), task.made, task.mark.key))


def _given(stamp: Stamp, later: str | None, name: str | None) -> Given:
    word = WORDS[stamp.value]
    day = time_of(later) if word == "later" else None
    return Given(word, stamp.at, day, name if word == "yes" else None)


def _last(stamps: Sequence[Stamp]) -> str | None:
    return stamps[-1].value if stamps else None
