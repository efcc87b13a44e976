"""Every write happens once, whatever breaks between us and the org, and whenever we die."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from goodword import (
    Action,
    CloseTask,
    ConnectorError,
    CreateTask,
    LinkReferral,
    RemoveTask,
    SetFields,
    UpdateTask,
)
from goodword_salesforce.fake import Fault, RowFault
from goodword_salesforce.names import KEY, REFERRED_BY, SCORE

COUNT = 20
SENT = "/composite*"


class Killed(BaseException):
    """The process dies here."""


# -- what is written


@dataclass(frozen=True)
class Case:
    """A write, and what has to hold of the org once it was done."""

    prepare: Callable[[Any, Any], list[Action]]
    holds: Callable[[Any, list[Any]], bool]


def tasks(firm: Any, a_task: Any) -> list[Action]:
    return [a_task(place) for place in range(COUNT)]


def each_task_once(firm: Any, batch: list[CreateTask]) -> bool:
    return firm.held() == {task.key: 1 for task in batch} and all(
        firm.task(task.key)["WhoId"] == task.contact_id for task in batch
    )


def of_tasks(make: Callable[[CreateTask, Any], Action]) -> Callable[[Any, Any], list[Action]]:
    """Return what makes tasks first, and then a change of each."""

    def prepare(firm: Any, a_task: Any) -> list[Action]:
        made = tasks(firm, a_task)
        assert all(result.ok for result in firm.open().write(made))
        return [make(task, firm) for task in made if isinstance(task, CreateTask)]

    return prepare


def moved(task: CreateTask, firm: Any) -> Action:
    common = {"task_key": task.key, "contact_id": task.contact_id}
    return UpdateTask(key=f"m {task.key}", owner_id=firm.reps()[-1], before={}, **common)


def closed(task: CreateTask, firm: Any) -> Action:
    common = {"task_key": task.key, "contact_id": task.contact_id}
    return CloseTask(key=f"c {task.key}", state="expired", reason="overdue", **common)


def removed(task: CreateTask, firm: Any) -> Action:
    return RemoveTask(key=f"r {task.key}", task_key=task.key, contact_id=task.contact_id)


def fields(firm: Any, a_task: Any) -> list[Action]:
    return [
        SetFields(key=f"f {person}", contact_id=person, values={"score": 42}, before={})
        for person in firm.people()[:COUNT]
    ]


def links(firm: Any, a_task: Any) -> list[Action]:
    first, *others = firm.people()[:COUNT]
    return [
        LinkReferral(key=f"l {person}", contact_id=first, referred_id=person, at="2026-11-20")
        for person in others
    ]


CASES = {
    "tasks": Case(tasks, each_task_once),
    "moves": Case(
        of_tasks(moved),
        lambda firm, batch: (
            {row["OwnerId"] for row in firm.tasks()} == {firm.reps()[-1]}
            and len(firm.tasks()) == COUNT
        ),
    ),
    "closings": Case(
        of_tasks(closed),
        lambda firm, batch: (
            all(row["IsClosed"] for row in firm.tasks())
            and all(row["Description"].count("Closed by goodword") == 1 for row in firm.tasks())
        ),
    ),
    "removals": Case(
        of_tasks(removed),
        lambda firm, batch: (
            firm.tasks() == []
            and not any(row["Subject"].startswith("Ask ") for row in firm.fake.store.rows("Task"))
        ),
    ),
    "fields": Case(
        fields,
        lambda firm, batch: all(firm.row("Contact", a.contact_id)[SCORE] == 42 for a in batch),
    ),
    "links": Case(
        links,
        lambda firm, batch: all(
            firm.row("Contact", a.referred_id)[REFERRED_BY] == a.contact_id for a in batch
        ),
    ),
}


# -- what breaks


def dies_after_sending(firm: Any, connector: Any) -> None:
    """Let the process die when the org has written, before anybody hears of it."""
    line = connector.org.transport.line
    request = line.request

    def dying(method: str, url: str, **options: Any) -> Any:
        answer = request(method, url, **options)
        parts = (options.get("json") or {}).get("compositeRequest", ())
        if any(part["method"] != "GET" for part in parts):
            raise Killed
        return answer

    line.request = dying


def dies_before_sending(firm: Any, connector: Any) -> None:
    line = connector.org.transport.line
    request = line.request

    def dying(method: str, url: str, **options: Any) -> Any:
        parts = (options.get("json") or {}).get("compositeRequest", ())
        if any(part["method"] != "GET" for part in parts):
            raise Killed
        return request(method, url, **options)

    line.request = dying


def fault(**options: Any) -> Callable[[Any, Any], None]:
    def strike(firm: Any, _: Any) -> None:
        firm.fake.faults.add(Fault(path=SENT, **options))

    return strike


def session_ends(firm: Any, _: Any) -> None:
    firm.fake.faults.add(Fault(path=SENT, meanwhile=firm.fake.expire_sessions))


def rows_are_locked(times: int) -> Callable[[Any, Any], None]:
    def strike(firm: Any, _: Any) -> None:
        firm.fake.faults.on_rows(RowFault(times=times))

    return strike


BREAKS: dict[str, Callable[[Any, Any], None]] = {
    "killed after sending": dies_after_sending,
    "killed before sending": dies_before_sending,
    "dropped before, once": fault(drop=True),
    "dropped before, always": fault(drop=True, times=9),
    "dropped after, once": fault(drop=True, apply=True),
    "dropped after, always": fault(drop=True, apply=True, times=9),
    "503 before, once": fault(status=503),
    "503 before, always": fault(status=503, times=9),
    "503 after, always": fault(status=503, apply=True, times=9),
    "a proxy's page": fault(status=502, html=True, apply=True),
    "no answer in time, but written": fault(stall=True, apply=True),
    "no answer in time": fault(stall=True),
    "the session ends": session_ends,
    "the day's calls are used up": fault(status=403, limit="daily"),
    "too many calls at once": fault(status=403, limit="concurrent"),
    "some rows locked for a while": rows_are_locked(7),
    "all rows locked": rows_are_locked(0),
}


OFTEN = ("tasks", "fields")
"""What nearly every run writes; the rest of the matrix takes a while."""


@pytest.mark.parametrize("how", BREAKS)
@pytest.mark.parametrize(
    "what",
    [pytest.param(what, marks=() if what in OFTEN else pytest.mark.long) for what in CASES],
)
def test_whatever_breaks_it_is_written_once(firm: Any, a_task: Any, what: str, how: str) -> None:
    case = CASES[what]
    firm.ready()
    batch = case.prepare(firm, a_task)
    firm.options["timeout_seconds"] = 0.25
    first = firm.open()
    BREAKS[how](firm, first)
    try:
        results = first.write(batch)
    except (ConnectorError, Killed):
        results = []
    firm.fake.faults.clear()
    left = [] if results and all(result.ok for result in results) else still_wanted(firm, batch)
    again = firm.open().write(left)
    assert [result.error for result in again if not result.ok] == []
    assert case.holds(firm, batch)


def still_wanted(firm: Any, batch: list[Any]) -> list[Any]:
    """Return what the next run would send: it looks tasks up, and knows nothing of the rest."""
    keys = [getattr(action, "task_key", action.key) for action in batch]
    found = firm.open().find(keys)
    return [
        action
        for action, key in zip(batch, keys, strict=True)
        if not (isinstance(action, CreateTask) and key in found)
        and not (isinstance(action, RemoveTask) and key not in found)
    ]


@pytest.mark.parametrize("how", ["dropped after, always", "killed after sending"])
def test_a_task_is_made_once_also_where_nothing_is_remembered(
    firm: Any, a_task: Any, how: str
) -> None:
    firm.ready()
    batch = tasks(firm, a_task)
    first = firm.open()
    BREAKS[how](firm, first)
    with pytest.raises((ConnectorError, Killed)):
        first.write(batch)
    firm.fake.faults.clear()
    for path in (firm.folder / "state").iterdir():
        path.unlink()
    assert all(result.ok for result in firm.open().write(batch))
    assert set(firm.held().values()) == {1}


def test_two_writers_of_one_task_make_one(firm: Any, a_task: Any) -> None:
    task = a_task()
    one, other = firm.ready(), firm.ready()
    first, second = one.write([task]), other.write([task])
    assert first[0].ok
    assert second[0].ok
    assert first[0].remote_id == second[0].remote_id
    assert firm.held() == {task.key: 1}


def test_a_key_is_on_disk_before_it_is_sent(firm: Any, a_task: Any) -> None:
    task = a_task()
    first = firm.ready()
    dies_before_sending(firm, first)
    with pytest.raises(Killed):
        first.write([task])
    kept = json.loads((firm.folder / "state" / "salesforce.json").read_text(encoding="utf-8"))
    assert task.key in kept["attempts"]
    assert firm.tasks() == []
    assert firm.open().write([task])[0].ok
    assert [row[KEY] for row in firm.tasks()] == [task.key]
