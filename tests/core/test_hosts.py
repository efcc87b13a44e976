"""What connectors to hosts over the internet share keeps their bounds, whatever the host does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from goodword import Heard, Lookups, LoopbackHost, RetryableError, Said, Trail
from goodword.hosts.trail import EMPTY


def endless() -> RetryableError:
    return RetryableError("The list comes to no end.", hint="Try again.")


def test_a_page_that_was_there_already_ends_the_list() -> None:
    trail = Trail(endless())
    assert [trail.go(after, 100) for after in ("2", "3", "")] == ["2", "3", ""]
    with pytest.raises(RetryableError, match="comes to no end"):
        trail.go("2", 100)


def test_new_pages_without_a_record_come_to_an_end() -> None:
    trail = Trail(endless())
    for number in range(EMPTY):
        trail.go(str(number), 0)
    with pytest.raises(RetryableError, match="comes to no end"):
        trail.go("one more", 0)


def test_a_record_now_and_then_keeps_a_long_list_going() -> None:
    trail = Trail(endless())
    for number in range(3 * EMPTY):
        trail.go(str(number), records=number % EMPTY == 0)


def test_what_was_looked_up_holds_for_its_label_only(tmp_path: Path) -> None:
    path = tmp_path / "look" / "ups.json"
    Lookups(path, "monday").put(stages=["new", "won"], users=[7])
    assert Lookups(path, "monday").get("stages") == ["new", "won"]
    assert Lookups(path, "tuesday").get("stages") is None


def test_a_damaged_file_of_lookups_is_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "lookups.json"
    for content in ("", "[1]", '{"label": "monday"}', '{"label": "monday", "answers": 7}'):
        path.write_text(content)
        assert Lookups(path, "monday").get("stages") is None


def test_what_is_dropped_or_cleared_is_looked_up_again(tmp_path: Path) -> None:
    path = tmp_path / "lookups.json"
    kept = Lookups(path, "monday")
    kept.put(stages=["new"], users=[7])
    kept.drop("users")
    assert (kept.get("stages"), kept.get("users")) == (["new"], None)
    kept.clear()
    assert kept.get("stages") is None
    assert Lookups(path, "monday").get("stages") is None


class Office:
    """Answers for a host that counts what it hears."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.connections = 0
        self.next = Said()

    def answer(self, heard: Heard) -> Said:
        self.heard.append(heard)
        return self.next

    def connected(self) -> None:
        self.connections += 1


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def host(office: Office) -> Iterator[LoopbackHost]:
    with LoopbackHost(
        office.answer, lambda: 1_600_000_000.0, largest=1_000, connected=office.connected
    ) as open_host:
        yield open_host


def test_a_call_is_heard_whole_and_answered_by_the_hosts_clock(
    host: LoopbackHost, office: Office
) -> None:
    office.next = Said(201, b"made", {"Content-Type": "text/plain"})
    with requests.Session() as session:
        for _ in range(2):
            answer = session.patch(f"{host.url}/people/a%20b?fields=x%2Cy", data=b"{}", timeout=9)
    assert (answer.status_code, answer.content) == (201, b"made")
    assert answer.headers["Date"] == "Sun, 13 Sep 2020 12:26:40 GMT"
    heard = office.heard[0]
    assert (heard.method, heard.target, heard.body) == (
        "PATCH",
        "/people/a%20b?fields=x%2Cy",
        b"{}",
    )
    assert heard.headers["content-length"] == "2"
    assert (len(office.heard), office.connections) == (2, 1)


def test_a_body_that_is_too_large_is_turned_away_unread(host: LoopbackHost, office: Office) -> None:
    assert requests.post(host.url, data=b"x" * 1_001, timeout=9).status_code == 413
    assert office.heard == []


def test_a_call_can_be_dropped_or_left_waiting(host: LoopbackHost, office: Office) -> None:
    office.next = Said(drop=True)
    with pytest.raises(requests.ConnectionError):
        requests.get(host.url, timeout=9)
    office.next = Said(stall=True)
    with pytest.raises(requests.ReadTimeout):
        requests.get(host.url, timeout=0.2)
    assert len(office.heard) == 2


def test_closing_lets_go_of_a_caller_that_waits(office: Office) -> None:
    office.next = Said(stall=True)
    failed: list[Exception] = []

    def call(url: str) -> None:
        try:
            requests.get(url, timeout=60)
        except requests.ConnectionError as error:
            failed.append(error)

    with LoopbackHost(office.answer, lambda: 0.0, largest=1_000) as host:
        caller = threading.Thread(target=call, args=(host.url,))
        caller.start()
        while not office.heard:
            with host.lock:
                pass
    caller.join(timeout=10)
    assert len(failed) == 1
