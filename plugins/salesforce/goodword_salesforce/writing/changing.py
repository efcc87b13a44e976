"""Tasks moved, closed or taken back, as long as nobody touched them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from goodword import CloseTask, RemoveTask, UpdateTask, WriteResult
from goodword_salesforce.marks import Mark, mark_in, words_of
from goodword_salesforce.names import KEY, MARK
from goodword_salesforce.reading.asks import is_edited
from goodword_salesforce.seam.collections import Change, Saved, chunks, delete, update
from goodword_salesforce.seam.ids import as_id, same_record
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import one_of, select
from goodword_salesforce.seam.values import Row, day, is_true
from goodword_salesforce.writing.letters import Letter, done, left_alone, refused, told
from goodword_salesforce.writing.owners import NOBODY, stand_ins, works
from goodword_salesforce.writing.people import AT_ONCE, beside
from goodword_salesforce.writing.tasks import TASK
from goodword_salesforce.writing.texts import DESCRIPTION, LINE, one_line, paragraphs

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk

TaskChange = UpdateTask | CloseTask | RemoveTask
TOUCHED = "a person changed, completed or deleted the task"
REMOVED = "removed"
"""What the mark of a task says that was taken back."""


@dataclass(slots=True)
class Changing:
    """What is to be sent of the changes, and what is known of the others."""

    letters: list[Letter] = field(default_factory=list)
    removals: list[Letter] = field(default_factory=list)
    results: list[WriteResult] = field(default_factory=list)


def changing_letters(
    desk: Desk, actions: Sequence[TaskChange], there: Mapping[str, Row]
) -> Changing:
    """Return what may be changed, by how the tasks stand in the org right now."""
    found = Changing()
    for action in actions:
        row = there.get(action.task_key)
        mark = mark_in(row.get(MARK)) if row is not None else None
        if row is None or mark is None or is_true(row, "IsDeleted"):
            found.results.append(left_alone(action, TOUCHED))
        elif isinstance(action, CloseTask) and mark.closed == action.state:
            found.results.append(done(action, row["Id"]))
        elif is_true(row, "IsClosed") or is_edited(desk, row, mark):
            found.results.append(left_alone(action, TOUCHED))
        elif isinstance(action, RemoveTask):
            found.removals.append(Letter(action, _removal(desk, row, mark)))
        elif isinstance(action, CloseTask):
            found.letters.append(Letter(action, _closing(desk, action, row, mark)))
        elif same_record(row.get("OwnerId", ""), action.owner_id or ""):
            found.results.append(done(action, row["Id"]))
        else:
            owner = _new_owner(desk, action, row)
            if owner:
                change = Change(
                    TASK, {"OwnerId": owner}, row["Id"], beside=beside(desk, row.get("WhoId", ""))
                )
                found.letters.append(Letter(action, change))
            else:
                found.results.append(refused(action, NOBODY))
    return found


def fates_of_changes(
    desk: Desk, letters: Sequence[Letter], saved: Sequence[Saved]
) -> list[WriteResult]:
    """Return what became of tasks that were moved or closed."""
    for letter, each in zip(letters, saved, strict=True):
        if each.ok and isinstance(letter.action, CloseTask):
            desk.memory.open_tasks.pop(letter.change.id, None)
    return [
        left_alone(letter.action, TOUCHED)
        if "ENTITY_IS_DELETED" in each.trouble.codes
        else told(letter.action, each)
        for letter, each in zip(letters, saved, strict=True)
    ]


def take_back(desk: Desk, letters: Sequence[Letter]) -> list[WriteResult]:
    """Delete tasks of ours; their keys are free first, should the same be wanted later."""
    keys = {e.action.task_key: e.change.id for e in letters if isinstance(e.action, RemoveTask)}
    desk.memory.take_back(keys, desk.org.clock())
    freed = update(desk.org, [each.change for each in letters])
    ids = [each.change.id for each, one in zip(letters, freed, strict=True) if one.ok]
    deleted = dict(zip(ids, delete(desk.org, ids) if ids else (), strict=True))
    results = []
    for letter, one in zip(letters, freed, strict=True):
        saved = deleted.get(letter.change.id, one)
        if saved.ok:
            desk.memory.open_tasks.pop(letter.change.id, None)
            results.append(done(letter.action, letter.change.id))
        elif "ENTITY_IS_DELETED" in saved.trouble.codes:
            results.append(left_alone(letter.action, TOUCHED))
        else:
            results.append(told(letter.action, saved))
    return results


def finish_taking_back(desk: Desk, keys: Iterable[str]) -> None:
    """Delete tasks whose keys were freed by a run that died before it deleted them."""
    noted = [desk.memory.taken_back[key][0] for key in keys if key in desk.memory.taken_back]
    if not noted or desk.org.transport.read_only:
        return
    query = select(TASK, "Id", KEY, MARK)
    wanted = [Wanted(query.where(one_of("Id", part))) for part in chunks(noted, AT_ONCE)]
    rows = [row for _, page in each_page_of(desk.org, wanted) for row in page]
    left = [row["Id"] for row in rows if not row.get(KEY) and _is_removed(row)]
    if left:
        delete(desk.org, left)


def _is_removed(row: Row) -> bool:
    mark = mark_in(row.get(MARK))
    return mark is not None and mark.closed == REMOVED


def _removal(desk: Desk, row: Row, mark: Mark) -> Change:
    values = {KEY: None, MARK: mark.closing(REMOVED, mark.words).text}
    return Change(TASK, values, row["Id"], beside=beside(desk, row.get("WhoId", "")))


def _closing(desk: Desk, action: CloseTask, row: Row, mark: Mark) -> Change:
    """Return a task completed by us, which says so and why."""
    ending = f"\n\nClosed by goodword on {desk.work.today}: {one_line(action.reason, LINE)}"
    description = paragraphs(row.get("Description", ""), DESCRIPTION, ending).strip()
    words = words_of(row.get("Subject"), description, day(row, "ActivityDate"))
    values = {
        "Status": desk.closed_status,
        "Description": description,
        MARK: mark.closing(action.state, words).text,
    }
    return Change(TASK, values, row["Id"], beside=beside(desk, row.get("WhoId", "")))


def _new_owner(desk: Desk, action: UpdateTask, row: Row) -> str:
    if works(desk, action.owner_id):
        return as_id(action.owner_id or "") or ""
    contact = row.get("WhoId", "")
    return stand_ins(desk, [contact]).get(contact, "")
