"""A host that is broken or means harm: every answer ends in time, nonsense is never believed."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from goodword import AuthError, ConnectorError, RetryableError, Workplace
from goodword_hubspot.connector import open_connector
from goodword_hubspot.fake import Fault
from goodword_hubspot.reading.paging import all_matching, changed_since
from goodword_hubspot.seam.associations import labels, read_links
from goodword_hubspot.seam.objects import each_page, read, search
from goodword_hubspot.seam.portal_facts import deal_stages, each_owner, read_account
from goodword_hubspot.seam.schema import has_group, properties
from goodword_hubspot.seam.transport import LARGEST
from goodword_hubspot.settings import HubSpotSettings

READS: dict[str, Callable[[Any], object]] = {
    "account": read_account,
    "owners": lambda portal: list(each_owner(portal)),
    "stages": deal_stages,
    "properties": lambda portal: properties(portal, "contacts"),
    "groups": lambda portal: has_group(portal, "contacts"),
    "labels": lambda portal: labels(portal, "contacts", "contacts"),
    "list": lambda portal: list(each_page(portal, "contacts", ["email"])),
    "search": lambda portal: search(portal, "contacts", [], ["email"]),
    "batch": lambda portal: list(read(portal, "contacts", ["1"], ["email"])),
    "links": lambda portal: read_links(portal, "contacts", "contacts", ["1"]),
}
NONSENSE = {
    "an empty object": b"{}",
    "a list": b"[1,2]",
    "a text": b'"hi"',
    "a null": b"null",
    "a deep list": b"[" * 200_000,
    "results of nothing": b'{"results":[null,1,"x",{"id":null}],"total":"x"}',
    "results of text": b'{"results":"abc"}',
    "results by name": b'{"results":{}}',
    "an id of an object": b'{"portalId":{"a":1},"results":[{"id":{},"name":[],"from":{"id":"x"}}]}',
    "no UTF-8": b'{"portalId":"\xff\xfe","results":["\xff"]}',
}


@dataclass
class Host:
    """A host that answers everything alike: by *body*, what *make* returns, or as *speak* does."""

    status: int = 200
    body: bytes = b"{}"
    make: Callable[[], bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    speak: Callable[[Any, threading.Event], None] | None = None
    calls: int = 0
    url: str = ""


@pytest.fixture
def host() -> Iterator[Host]:
    told, closing = Host(), threading.Event()

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            told.calls += 1
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if told.speak is not None:
                self.close_connection = True
                try:
                    told.speak(self.wfile, closing)
                except OSError:
                    return  # the caller hung up
                return
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            body = told.make() if told.make is not None else told.body
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815  # http.server's names

        def log_message(self, *_: object) -> None:
            """Write nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        told.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield told
        closing.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def hostile(host: Host, clock: Any, tmp_path: Path) -> Callable[..., Any]:
    """Give a way to open a connector on the hostile host."""

    def connector(key: str = "pat-eu1-key", **settings: Any) -> Any:
        path = tmp_path / "key.txt"
        path.write_bytes(key.encode())
        path.chmod(0o600)
        given = {"host": host.url, "credential": {"file": "key.txt"}, **settings}
        work = Workplace(tmp_path, tmp_path / "state", "run", date(2026, 11, 18))
        return open_connector(HubSpotSettings.model_validate(given), work, clock, clock.sleep)

    return connector


def a_byte_at_a_time(head: bytes) -> Callable[[Any, threading.Event], None]:
    def speak(out: Any, closing: threading.Event) -> None:
        out.write(head)
        while not closing.wait(0.05):
            out.write(b" ")
            out.flush()

    return speak


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long:",
    ],
)
@pytest.mark.promise("hubspot.timeout")
def test_an_answer_that_comes_byte_by_byte_ends_after_the_timeout(
    host: Host, hostile: Any, head: bytes
) -> None:
    host.speak = a_byte_at_a_time(head)
    begun = time.monotonic()
    with pytest.raises(RetryableError, match="did not answer in time"):
        read_account(hostile(timeout_seconds=0.2).portal)
    assert time.monotonic() - begun < 6 * 0.2 + 2


def test_an_answer_without_an_end_is_not_read_whole(host: Host, hostile: Any) -> None:
    sent = []

    def speak(out: Any, closing: threading.Event) -> None:
        out.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not closing.is_set():
            out.write(b" " * 1_000_000)
            sent.append(1)

    host.speak = speak
    with pytest.raises(ConnectorError, match="longer than") as caught:
        read_account(hostile().portal)
    assert caught.value.hint
    assert host.calls == 1
    assert sum(sent) * 1_000_000 < LARGEST + 32_000_000


@pytest.mark.parametrize("status", [429, 477])
def test_a_host_that_asks_to_wait_for_days_is_left_alone_and_that_is_said(
    host: Host, hostile: Any, clock: Any, status: int
) -> None:
    host.status, host.headers = status, {"Retry-After": "99999999"}
    with pytest.raises(RetryableError, match=f"status {status}") as caught:
        read_account(hostile().portal)
    assert clock.waited == 0
    assert "in 1,158 days" in caught.value.hint
    assert caught.value.retry_after == 99_999_999


def test_a_short_wait_that_is_asked_for_is_kept(host: Host, hostile: Any, clock: Any) -> None:
    host.status, host.headers = 429, {"Retry-After": "7"}
    with pytest.raises(RetryableError):
        read_account(hostile().portal)
    assert clock.waited == 5 * 7


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "²"},
        {"Retry-After": "9" * 400},
        {"X-HubSpot-RateLimit-Max": "²", "X-HubSpot-RateLimit-Daily": "9" * 5_000},
    ],
)
def test_headers_that_are_no_numbers_are_left_aside(
    host: Host, hostile: Any, clock: Any, headers: Mapping[str, str]
) -> None:
    host.status, host.headers = 503, headers
    with pytest.raises(RetryableError):
        read_account(hostile().portal)
    assert clock.waited < 10


def test_a_pace_that_would_last_for_years_is_not_believed(
    host: Host, hostile: Any, clock: Any
) -> None:
    host.body = b'{"portalId":1}'
    host.headers = {
        "X-HubSpot-RateLimit-Max": "1",
        "X-HubSpot-RateLimit-Interval-Milliseconds": "999999999",
    }
    portal = hostile().portal
    for _ in range(3):
        read_account(portal)
    assert clock.waited < 60


@pytest.mark.parametrize("read_one", READS.values(), ids=READS.keys())
@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_is_no_answer(
    host: Host, hostile: Any, body: bytes, read_one: Callable[[Any], object]
) -> None:
    host.body = body
    with pytest.raises(RetryableError, match=r"did not come from|is not as HubSpot") as caught:
        read_one(hostile().portal)
    assert caught.value.hint


def test_an_error_without_sense_is_told_like_any_other(host: Host, hostile: Any) -> None:
    host.status = 400
    for body in (*NONSENSE.values(), b'{"errors":[[]],"context":7,"category":["x"]}'):
        host.body = body
        with pytest.raises(ConnectorError, match="no reason given"):
            read_account(hostile().portal)


@pytest.mark.parametrize("records", ['{"id":"1","properties":{"hs_object_id":"1"}}', ""])
def test_pages_that_lead_nowhere_come_to_an_end(host: Host, hostile: Any, records: str) -> None:
    host.body = f'{{"results":[{records}],"paging":{{"next":{{"after":"1"}}}}}}'.encode()
    portal = hostile().portal
    for endless in (
        lambda: list(each_page(portal, "contacts", [])),
        lambda: list(each_owner(portal)),
        lambda: list(all_matching(portal, "contacts", [], [])),
        lambda: list(changed_since(portal, "contacts", [], 0)),
    ):
        with pytest.raises(RetryableError, match="comes to no end") as caught:
            endless()
        assert caught.value.hint
    host.body = b'{"results":[{"from":{"id":"1"},"to":[],"paging":{"next":{"after":"1"}}}]}'
    with pytest.raises(RetryableError, match="comes to no end"):
        read_links(portal, "contacts", "contacts", ["1"])
    assert host.calls < 20


def test_a_search_that_gives_the_same_records_again_and_again_comes_to_an_end(
    host: Host, hostile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next query begins after the last record of the one before; this host does not care."""
    rows = [{"id": str(1 + n), "properties": {"lastmodifieddate": "5"}} for n in range(200)]

    def always_more() -> bytes:
        more = {"next": {"after": f"{host.calls}"}}
        return json.dumps({"results": rows, "paging": more}).encode()

    monkeypatch.setattr("goodword_hubspot.reading.paging.MOST", 400)
    host.make = always_more
    portal = hostile().portal
    with pytest.raises(RetryableError, match="comes to no end"):
        list(all_matching(portal, "contacts", [], []))
    with pytest.raises(RetryableError, match="comes to no end"):
        list(changed_since(portal, "contacts", [], 0))


@pytest.mark.parametrize("key", ["pat-eu1\nX-Evil: 1", "pat eu1", "pät", "pat-\u2028x"])
def test_a_key_with_a_sign_that_no_key_has_is_said(host: Host, hostile: Any, key: str) -> None:
    connector = hostile(key)
    with pytest.raises(AuthError, match="another sign") as caught:
        _ = connector.account
    assert key not in str(caught.value)
    assert host.calls == 0


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1@evil.example",
        "http://localhost:1@evil.example/",
        "https://api.hubapi.com@evil.example",
        "http://127.0.0.1.evil.example:80",
        "http://localhost.evil.example",
        "http://evil.example",
        "http://evil.example#http://127.0.0.1:1",
        "ftp://127.0.0.1:1",
        "https://",
        "//127.0.0.1:1",
        "http://[::1",
    ],
)
def test_the_key_goes_in_the_open_to_this_computer_only(address: str) -> None:
    with pytest.raises(ValidationError):
        HubSpotSettings.model_validate({"host": address})


@pytest.mark.parametrize(
    "address", ["https://api.hubapi.com", "http://127.0.0.1:8901", "http://localhost:1"]
)
def test_hubspot_and_this_computer_may_be_the_host(address: str) -> None:
    assert HubSpotSettings.model_validate({"host": f"{address}/"}).host == address


def test_what_a_broken_host_said_is_not_kept_for_the_day(firm: Any) -> None:
    firm.clock.tick(86_400)
    firm.fake.faults.add(Fault(path="/crm/*", status=200, times=0))
    for look in (lambda: firm.open().fields, lambda: firm.open()._desk.label):
        with pytest.raises(RetryableError, match="is not as HubSpot"):
            look()
    firm.fake.faults.clear()
    assert firm.open().fields
    assert firm.open()._desk.label is not None
