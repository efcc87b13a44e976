"""The portal on a loopback socket, for as long as a ``with`` block lasts."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from goodword_hubspot.fake.account import Account
from goodword_hubspot.fake.answers import Answer
from goodword_hubspot.fake.calls import Calls
from goodword_hubspot.fake.faults import Faults
from goodword_hubspot.fake.gate import Gate, Raw
from goodword_hubspot.fake.portal import Portal, new_portal
from goodword_hubspot.fake.routes import all_routes
from goodword_hubspot.fake.search import Search
from goodword_hubspot.fake.store import Store
from goodword_hubspot.fake.typed import obey

LARGEST = 10 * 1024 * 1024
"""Bytes of a body; more is turned away unread."""


class Fake(AbstractContextManager["Fake"]):
    """A HubSpot portal on this machine.

    Args:
        account: Key, tier, scopes and unverified behaviour; tests change it at any time.
        clock: Seconds since 1970. Limits, stamps and search lag go by it, nothing sleeps.
        port: Where to listen; 0 for any free port.
        seed: Makes ids of answers repeatable.
    """

    def __init__(
        self,
        account: Account | None = None,
        clock: Callable[[], float] = time.time,
        *,
        port: int = 0,
        seed: int = 7,
    ) -> None:
        self.account = account or Account()
        self.portal: Portal = new_portal(self.account, clock)
        self.calls = Calls()
        self.faults = Faults()
        gate = Gate(
            self.portal,
            all_routes(Search(self.portal)),
            self.calls,
            self.faults,
            Random(seed),  # noqa: S311  # ids of answers, nothing secret
        )
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", port), gate, self.closing)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def url(self) -> str:
        """The address to hand to a client, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def store(self) -> Store:
        """The records."""
        return self.portal.store

    def typed(self, line: str) -> str:
        """Do what somebody types in the portal, between two calls; return what became of it."""
        with self._server.lock:
            return obey(self.portal, line)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening, and let go of callers that were kept waiting."""
        self.closing.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], gate: Gate, closing: threading.Event) -> None:
        super().__init__(address, _Handler)
        self.gate = gate
        self.closing = closing
        self.lock = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a caller hangs up; anything else is ours, and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as it came


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024  # head and body in one packet, at once: no waiting for an acknowledgement
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.gate.calls.connections += 1

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self.close_connection = True
            self._send(Answer(413))
            return
        split = urlsplit(self.path)
        raw = Raw(
            self.command,
            unquote(split.path),
            parse_qs(split.query),
            self.headers.get("Authorization", "").removeprefix("Bearer "),
            self.headers.get("Content-Type", ""),
            self.rfile.read(length),
        )
        with self.server.lock:
            fault = self.server.gate.fault(raw)
            answer = self.server.gate.answer(raw, fault)
        if fault is not None and fault.stall:
            self.server.closing.wait()
        if fault is not None and (fault.stall or fault.drop):
            self.close_connection = True
            return
        self._send(answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815  # http.server's names

    def _send(self, answer: Answer) -> None:
        content = b""
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.html:
            content = answer.html.encode()
            self.send_header("Content-Type", "text/html;charset=utf-8")
        elif answer.body is not None:
            content = json.dumps(answer.body, ensure_ascii=False).encode()
            self.send_header("Content-Type", "application/json;charset=utf-8")
        if answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date header by the portal's clock, so that a caller can compare clocks."""
        now = self.server.gate.portal.now() / 1000
        return super().date_time_string(now if timestamp is None else timestamp)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
        """Write nothing: paths and bodies hold what people typed."""
