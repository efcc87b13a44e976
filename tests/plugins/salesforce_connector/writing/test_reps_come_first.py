"""What a rep did to a task stays; what nobody touched is moved, closed and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from goodword import CloseTask, RemoveTask, UpdateTask
from goodword.testing.contract_host import Puller
from goodword_salesforce.names import (
    NAME,
    OUTCOME,
)


def close(task: Any, **changes: Any) -> CloseTask:
    values = {"state": "withdrawn", "reason": "a complaint came in", **changes}
    key = f"close {task.key}"
    return CloseTask(key=key, task_key=task.key, contact_id=task.contact_id, **values)


def changes_of(task: Any, owner: str) -> list[Any]:
    common = {"task_key": task.key, "contact_id": task.contact_id}
    return [
        UpdateTask(key=f"move {task.key}", owner_id=owner, before={}, **common),
        close(task),
        RemoveTask(key=f"remove {task.key}", **common),
    ]


@pytest.mark.parametrize(
    "touch",
    [
        {"Subject": "Ask her on Friday"},
        {"Description": "I know her, I will call"},
        {"ActivityDate": "2026-12-24"},
        {"Status": "In Progress"},
        {"Status": "Completed", OUTCOME: "yes", NAME: "O'Neil"},
    ],
    ids=["subject", "words", "day", "begun", "completed"],
)
def test_a_task_a_rep_worked_on_is_neither_moved_nor_closed_nor_taken_back(
    firm: Any, a_task: Any, touch: dict[str, str]
) -> None:
    task = a_task()
    firm.ready().write([task])
    firm.edit("Task", firm.task(task.key)["Id"], **touch)
    before = dict(firm.task(task.key))
    results = firm.open().write(changes_of(task, firm.reps()[-1]))
    assert [(r.ok, r.skipped) for r in results] == [(False, True)] * 3
    assert firm.task(task.key) == before


def test_an_untouched_task_is_moved_closed_and_found_so(firm: Any, a_task: Any) -> None:
    task, other = a_task(), a_task(1)
    firm.ready().write([task, other])
    moving, closing, _ = changes_of(task, firm.reps()[-1])
    assert firm.open().write([moving])[0].ok
    assert firm.task(task.key)["OwnerId"] == firm.reps()[-1]
    assert firm.open().write([closing, closing])[0].ok
    row = firm.task(task.key)
    assert row["IsClosed"] is True
    assert row["Description"].endswith("a complaint came in")
    found = firm.open().find([task.key])[task.key]
    assert (found.state, found.edited) == ("withdrawn", False)


def test_a_task_taken_back_is_gone_and_may_be_made_again(firm: Any, a_task: Any) -> None:
    task = a_task()
    firm.ready().write([task])
    (removed,) = firm.open().write(changes_of(task, "")[2:])
    assert removed.ok
    assert firm.tasks() == []
    assert firm.open().find([task.key]) == {}
    assert firm.open().write([task])[0].ok
    assert [row["IsDeleted"] for row in firm.tasks()] == [False]


def test_the_next_pulls_know_that_a_task_was_taken_back(
    firm: Any, a_task: Any, tmp_path: Path
) -> None:
    task, kept = a_task(), a_task(1)
    puller = Puller(tmp_path / "mirror", {})
    puller.pull(firm.open())
    firm.open().write([task, kept])
    assert len(puller.pull(firm.open()).rows("asks")) == 2
    firm.open().write(changes_of(task, "")[2:])
    for _ in range(2):
        assert [row["task_key"] for row in puller.pull(firm.open()).rows("asks")] == [kept.key]
    firm.open().write([task])  # released, and wanted again
    assert len(puller.pull(firm.open()).rows("asks")) == 2


def test_a_run_that_died_before_it_deleted_what_it_takes_back_is_finished_by_the_next(
    firm: Any, a_task: Any
) -> None:
    task = a_task()
    (made,) = firm.ready().write([task])
    connector = firm.open()
    request = connector.org.transport.line.request

    def dying(method: str, url: str, **options: Any) -> Any:
        for part in (options.get("json") or {}).get("compositeRequest", ()):
            if part["method"] == "DELETE":
                raise KeyboardInterrupt
        return request(method, url, **options)

    connector.org.transport.line.request = dying
    with pytest.raises(KeyboardInterrupt):
        connector.write(changes_of(task, "")[2:])
    assert firm.row("Task", made.remote_id)["IsDeleted"] is False
    assert firm.open(read_only=True).find([task.key]) == {}
    assert firm.row("Task", made.remote_id)["IsDeleted"] is False
    assert firm.open().find([task.key]) == {}
    assert firm.row("Task", made.remote_id)["IsDeleted"] is True


def test_a_task_the_rep_deleted_never_comes_back(firm: Any, a_task: Any) -> None:
    task = a_task()
    firm.ready().write([task])
    firm.delete(task.key)
    for connector in (firm.open(), lost_memory(firm)):
        (again,) = connector.write([task])
        assert (again.ok, again.skipped) == (False, True)
    assert firm.open().find([task.key])[task.key].state == "deleted"
    assert [row["IsDeleted"] for row in firm.tasks()] == [True]


@pytest.mark.promise("salesforce.archive")
def test_a_thank_you_that_salesforce_put_away_is_not_made_again(firm: Any, a_task: Any) -> None:
    task = a_task(play="thank_you", asks=False)
    firm.ready().write([task])
    firm.answer(task.key, "yes")
    firm.clock.now += 400 * 86_400
    for connector in (firm.open(), lost_memory(firm)):
        assert connector.write([task])[0].ok
    assert firm.open().find([task.key])[task.key].state == "done"
    assert firm.held() == {task.key: 1}


def lost_memory(firm: Any) -> Any:
    """Return a connector whose state folder was emptied."""
    for path in (firm.folder / "state").iterdir():
        path.unlink()
    return firm.open()
