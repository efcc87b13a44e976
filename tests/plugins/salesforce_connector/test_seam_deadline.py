"""An answer comes whole within the timeout, and not longer than any of Salesforce's."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests

from goodword import ConnectorError
from goodword_salesforce.seam.client import Means
from goodword_salesforce.seam.failures import TookTooLongError
from goodword_salesforce.seam.retrying import CONNECTS
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


def a_handshake_without_end(line: Any, closing: threading.Event) -> None:
    line.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03")
    while not closing.wait(0.02):
        line.sendall(b"a")


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


def test_a_handshake_that_comes_byte_by_byte_is_a_connection_that_never_came_about(
    opened: Any, speaking: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodword_salesforce.seam.session.CONNECT_TIMEOUT", 0.15)
    address = speaking(a_handshake_without_end).replace("http:", "https:")
    org = opened(instance_url=address, **session())
    begun = time.monotonic()
    with pytest.raises(TookTooLongError, match="did not answer in time"):
        org.transport.send("GET", "limits")
    assert time.monotonic() - begun < 0.15 * CONNECTS + 1
    assert org.transport.telemetry.retries == CONNECTS - 1


def test_a_connection_takes_no_longer_than_one_answer_may(opened: Any, speaking: Any) -> None:
    address = speaking(a_handshake_without_end).replace("http:", "https:")
    org = opened(instance_url=address, means=Means(timeout=0.15), **session())
    begun = time.monotonic()
    with pytest.raises(TookTooLongError, match="did not answer in time"):
        org.transport.send("GET", "limits")
    assert time.monotonic() - begun < 0.15 * CONNECTS + 1


def test_a_proxy_that_answers_byte_by_byte_is_given_up_alike(
    opened: Any, speaking: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodword_salesforce.seam.session.CONNECT_TIMEOUT", 0.15)
    monkeypatch.setenv("HTTPS_PROXY", speaking(a_byte_at_a_time(b"HTTP/1.1 200 OK\r\nX-Long:")))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    org = opened(instance_url="https://acme.my.salesforce.com", **session())
    with pytest.raises(TookTooLongError, match="did not answer in time"):
        org.transport.send("GET", "limits")
    assert org.transport.telemetry.retries == CONNECTS - 1


def test_connecting_proxy_and_handshake_share_one_deadline(speaking: Any, tmp_path: Any) -> None:
    """A proxy that takes most of the time leaves the rest to the handshake behind it."""

    def slow_then_endless(line: Any, closing: threading.Event) -> None:
        closing.wait(0.3)
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        line.recv(65_536)
        a_handshake_without_end(line, closing)

    line = open_line("https://acme.my.salesforce.com", tmp_path)
    proxies = {"https": speaking(slow_then_endless)}
    begun = time.monotonic()
    with pytest.raises(requests.ConnectTimeout):
        line.get("https://acme.my.salesforce.com/", timeout=(0.4, 5), proxies=proxies)
    assert time.monotonic() - begun < 0.65
    line.close()


def test_many_addresses_of_one_host_share_one_deadline(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four addresses at which nobody answers take as long as one."""
    busy = [f"127.0.0.{number}" for number in (1, 2, 3, 4)]
    silent = socket.create_server(("", 0), backlog=0)  # whoever is let in first is kept waiting
    port = silent.getsockname()[1]
    filling = [socket.socket() for _ in range(4)]
    for one in filling:
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", port))
    asked = socket.getaddrinfo

    def several(host: str, *rest: Any, **named: Any) -> Any:
        many = busy if host.endswith(".example") else [host]
        return [found for each in many for found in asked(each, *rest, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", several)
    line = open_line("https://acme.example", tmp_path)
    line.trust_env = False
    begun = time.monotonic()
    with pytest.raises(requests.ConnectTimeout):
        line.get(f"https://acme.example:{port}/", timeout=(0.3, 5))
    assert time.monotonic() - begun < 0.75
    line.close()
    for one in (*filling, silent):
        one.close()


def test_what_is_sent_after_a_slow_connection_has_its_time(speaking: Any, tmp_path: Any) -> None:
    def answer(line: Any, _: threading.Event) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    line = open_line("https://acme.my.salesforce.com", tmp_path)
    adapter = line.get_adapter("https://acme.my.salesforce.com/")
    pool = adapter.poolmanager.connection_from_url(speaking(answer))
    made = pool.ConnectionCls(pool.host, pool.port, timeout=3.0)
    made.connect()
    assert made.sock.gettimeout() == 3.0
    made.close()
    line.close()


def test_secure_lines_and_those_through_a_proxy_are_timed_alike(tmp_path: Any) -> None:
    line = open_line("https://acme.my.salesforce.com", tmp_path)
    adapter = line.get_adapter("https://acme.my.salesforce.com/")
    for pools in (adapter.poolmanager, adapter.proxy_manager_for("http://127.0.0.1:9")):
        pool = pools.connection_from_url("https://acme.my.salesforce.com")
        assert pool.ConnectionCls.response_class.__module__.endswith("goodword.hosts.timely")
    line.close()
