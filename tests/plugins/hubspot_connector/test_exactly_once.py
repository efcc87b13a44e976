"""A task exists once, whatever breaks between us and the portal, at every level of the ladder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from goodword import CloseTask, ConnectorError, CreateTask, LogActivity, RemoveTask, UpdateTask
from goodword.model import task_key
from goodword_hubspot.fake import Account, Fault, Switches
from goodword_hubspot.seam.associations import read_links
from goodword_hubspot.seam.objects import each_page

LEVELS = {
    "A": Switches(),
    "A, by HubSpot's own key": Switches(unique_task_property=False, creation_key="writable"),
    "B": Switches(unique_task_property=False),
    "C": Switches(task_schema_scope="crm.schemas.tasks.write"),
}
MAKES = "/crm/v3/objects/tasks/batch/[cu][rp]*"
"""The calls that make tasks: create and upsert."""
COUNT = 20


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture(params=LEVELS)
def account(request: pytest.FixtureRequest) -> Account:
    return Account(switches=LEVELS[request.param])


def a_task(contact: int, cycle: str = "one", **changes: Any) -> CreateTask:
    person = str(contact)
    values: dict[str, Any] = {
        "key": task_key("47102285", person, "ask_referral", cycle),
        "contact_id": person,
        "contact_name": "Somebody",
        "owner_id": "51",
        "play": "ask_referral",
        "cycle": cycle,
        "due": date(2026, 11, 27),
        "subject": "Ask Somebody for a name",
        "body": "Say this: who else could use a hand?\nThen choose the outcome.",
        "because": ("rated us 9/10",),
        "rank": 1,
        "asks": True,
    }
    return CreateTask(**{**values, **changes})


def tasks() -> list[CreateTask]:
    return [a_task(contact) for contact in range(1001, 1001 + COUNT)]


def kill_after_making(firm: Any, connector: Any) -> None:
    """Let the process die right after the portal has made the tasks."""
    pool = connector.portal.transport.pool
    request = pool.request

    def dying(method: str, url: str, **options: Any) -> Any:
        answer = request(method, url, **options)
        if url.endswith(("tasks/batch/create", "tasks/batch/upsert")):
            raise Killed
        return answer

    pool.request = dying


def fault(**options: Any) -> Callable[[Any, Any], None]:
    def strike(firm: Any, _: Any) -> None:
        firm.fake.faults.add(Fault(path=MAKES, **options))

    return strike


BREAKS: dict[str, Callable[[Any, Any], None]] = {
    "killed after making": kill_after_making,
    "502 after applying": fault(status=502, apply=True, times=6),
    "502 without applying": fault(status=502, times=6),
    "dropped after applying": fault(drop=True, apply=True, times=6),
    "dropped before": fault(drop=True, times=6),
    "one 502 after applying": fault(status=502, apply=True),
    "one 429": fault(status=429),
}


def records_of_ours(firm: Any, kind: str) -> list[tuple[Any, Any]]:
    """Return our tasks or notes in the portal, each with its mark."""
    desk = firm.open()._desk
    place = desk.place(kind)
    pages = each_page(desk.portal, kind, place.reads)
    records = [(place.mark_of(record), record) for page in pages for record in page.records]
    return [(mark, record) for mark, record in records if mark is not None]


def held(firm: Any) -> Counter[str]:
    """Count our tasks in the portal by key."""
    return Counter(mark.key for mark, _ in records_of_ours(firm, "tasks"))


@pytest.mark.parametrize("how", BREAKS)
def test_whatever_breaks_each_task_exists_once_and_on_its_contact(firm: Any, how: str) -> None:
    wanted = tasks()
    first = firm.open()
    BREAKS[how](firm, first)
    try:
        first.write(wanted)
    except (ConnectorError, Killed):
        firm.fake.faults.clear()
        again = firm.open()
        found = again.find([task.key for task in wanted])
        missing = [task for task in wanted if task.key not in found]
        assert all(result.ok for result in again.write(missing))
    assert held(firm) == {task.key: 1 for task in wanted}
    ids = [str(1001 + place) for place in range(COUNT)]
    linked = read_links(firm.open().portal, "contacts", "tasks", ids)
    assert {len(others) for others in linked.values()} == {1}
    assert len(linked) == COUNT


def test_a_lost_memory_makes_no_task_twice(firm: Any) -> None:
    firm.open().write(tasks())
    for path in (firm.folder / "state").iterdir():
        path.unlink()
    firm.clock.tick(120)
    results = firm.open().write(tasks())
    assert all(result.ok for result in results)
    assert set(held(firm).values()) == {1}


def test_a_second_write_leaves_a_task_the_rep_moved_and_completed(firm: Any) -> None:
    (task,) = [a_task(1003)]
    firm.open().write([task])
    record = firm.task(task.key)
    firm.change("tasks", record.id, hs_task_status="COMPLETED", hs_timestamp="1796000000000")
    firm.open().write([task])
    now = firm.task(task.key)
    assert now.get("hs_task_status") == "COMPLETED"
    assert now.get("hs_timestamp") != record.get("hs_timestamp")


def test_a_task_a_rep_worked_on_is_neither_moved_nor_closed_nor_taken_back(firm: Any) -> None:
    touched, open_one = a_task(1003), a_task(1004)
    firm.open().write([touched, open_one])
    firm.change("tasks", firm.task(touched.key).id, hs_task_subject="Ask her on Friday")

    def change(task: CreateTask) -> list[Any]:
        common = {"task_key": task.key, "contact_id": task.contact_id}
        return [
            UpdateTask(key=f"move {task.key}", owner_id="52", before={}, **common),
            CloseTask(key=f"close {task.key}", state="withdrawn", reason="a complaint", **common),
            RemoveTask(key=f"remove {task.key}", **common),
        ]

    results = firm.open().write(change(touched))
    assert [(r.ok, r.skipped) for r in results] == [(False, True)] * 3
    assert firm.task(touched.key).get("hubspot_owner_id") == "51"
    moved = firm.open().write(change(open_one)[:1])
    assert moved[0].ok
    assert firm.task(open_one.key).get("hubspot_owner_id") == "52"
    closed = firm.open().write(change(open_one)[1:2])
    assert closed[0].ok
    assert "a complaint" in firm.task(open_one.key).get("hs_task_body")
    assert firm.open().find([open_one.key])[open_one.key].state == "withdrawn"


def test_a_note_written_by_a_run_that_died_is_on_the_timeline_once(firm: Any) -> None:
    note = LogActivity(
        key="ab" * 16,
        contact_id="1003",
        owner_id="51",
        activity="thank_you",
        at=date(2026, 11, 20),
        subject="Thank-you for a referral",
        body="Given by phone. " + "é🙂" * 40_000,
        channel="call",
    )
    first = firm.open()
    firm.fake.faults.add(
        Fault(path="/crm/v3/objects/notes/batch/*", drop=True, apply=True, times=6)
    )
    with pytest.raises(ConnectorError):
        first.write([note])
    firm.fake.faults.clear()
    assert set(firm.open().find([note.key])) == {note.key}
    assert firm.open().write([note])[0].ok
    assert len(records_of_ours(firm, "notes")) == 1
