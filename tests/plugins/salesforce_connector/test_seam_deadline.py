"""An answer comes whole within the timeout, and not longer than any of Salesforce's."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from goodword import ConnectorError
from goodword_salesforce.seam.client import Means
from goodword_salesforce.seam.failures import TookTooLongError
from goodword_salesforce.seam.session import open_line

Speak = Callable[[Any, threading.Event], None]


@pytest.fixture
def speaking() -> Iterator[Callable[[Speak], str]]:
    """Start a host that says to everybody what it is given, and return its address."""
    closing = threading.Event()
    threads: list[threading.Thread] = []
    listeners: list[socket.socket] = []

    def start(speak: Speak) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(0.05)
        listeners.append(listener)

        def serve() -> None:
            while not closing.is_set():
                with suppress(TimeoutError, OSError):
                    line, _ = listener.accept()
                    with line:
                        line.settimeout(5)
                        line.recv(65_536)
                        speak(line, closing)

        thread = threading.Thread(target=serve)
        thread.start()
        threads.append(thread)
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    closing.set()
    for thread in threads:
        thread.join()
    for listener in listeners:
        listener.close()


def a_byte_at_a_time(head: bytes) -> Speak:
    def speak(line: Any, closing: threading.Event) -> None:
        line.sendall(head)
        while not closing.wait(0.05):
            line.sendall(b" ")

    return speak


def without_end(line: Any, closing: threading.Event) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not closing.is_set():
        line.sendall(b" " * 100_000)


def session(token: str = "00D!token") -> dict[str, Any]:  # noqa: S107  # an invented one
    return {"flow": "session", "secret": lambda: token}


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long:",
    ],
)
def test_an_answer_that_comes_byte_by_byte_ends_after_the_timeout(
    opened: Any, speaking: Any, head: bytes
) -> None:
    org = opened(
        instance_url=speaking(a_byte_at_a_time(head)), means=Means(timeout=0.2), **session()
    )
    begun = time.monotonic()
    with pytest.raises(TookTooLongError, match="did not answer in time"):
        org.transport.send("POST", "sobjects/Task", {"Subject": "Call"})
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
def test_an_answer_without_an_end_is_not_read_whole(
    opened: Any, speaking: Any, monkeypatch: pytest.MonkeyPatch, accept: str
) -> None:
    monkeypatch.setattr("goodword_salesforce.seam.session.LARGEST", 1_000_000)
    monkeypatch.setattr("goodword_salesforce.seam.session.LARGEST_SHEET", 2_000_000)
    org = opened(instance_url=speaking(without_end), **session())
    with pytest.raises(ConnectorError, match="longer than") as caught:
        org.transport.send("GET", "limits", accept=accept)
    assert caught.value.hint
    assert org.transport.telemetry.total == 1


def test_signing_in_without_an_end_is_given_up(
    opened: Any, speaking: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodword_salesforce.seam.session.LARGEST", 1_000_000)
    org = opened(instance_url=speaking(without_end))
    with pytest.raises(ConnectorError, match="longer than"):
        org.transport.send("GET", "limits")


def test_secure_lines_and_those_through_a_proxy_are_timed_alike(tmp_path: Any) -> None:
    line = open_line("https://acme.my.salesforce.com", tmp_path)
    adapter = line.get_adapter("https://acme.my.salesforce.com/")
    for pools in (adapter.poolmanager, adapter.proxy_manager_for("http://127.0.0.1:9")):
        pool = pools.connection_from_url("https://acme.my.salesforce.com")
        assert pool.ConnectionCls.response_class.__module__.endswith("goodword.hosts.timely")
    line.close()
