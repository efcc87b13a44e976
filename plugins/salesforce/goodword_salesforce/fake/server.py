"""The org on a loopback socket, for as long as a ``with`` block lasts."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from goodword_salesforce.fake.account import Account
from goodword_salesforce.fake.answers import Answer
from goodword_salesforce.fake.calls import Calls
from goodword_salesforce.fake.faults import Faults
from goodword_salesforce.fake.gate import Gate, Raw
from goodword_salesforce.fake.new_org import new_org
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.routes import all_routes
from goodword_salesforce.fake.store import Store

LARGEST = 150 * 1024 * 1024
"""Bytes of a body; more is turned away unread."""


class Fake(AbstractContextManager["Fake"]):
    """A Salesforce org on this machine, over plain http.

    Args:
        account: How the org is set up; tests change it at any time.
        clock: Seconds since 1970. Stamps and limits go by it, nothing sleeps.
        port: Where to listen; 0 for any free port.
    """

    def __init__(
        self,
        account: Account | None = None,
        clock: Callable[[], float] = time.time,
        *,
        port: int = 0,
    ) -> None:
        self.account = account or Account()
        self.org: Org = new_org(self.account, clock)
        self.calls = Calls()
        gate = Gate(self.org, all_routes(), self.calls)
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
        return self.org.store

    @property
    def faults(self) -> Faults:
        """What breaks on purpose."""
        return self.org.faults

    def session(self, username: str = "") -> str:
        """Return an access token without a call, as a command line that is logged in has one.

        Args:
            username: Of whom; the integration user by itself.
        """
        return self.org.sessions.open(self.org.user_id(username or self.account.username))

    def expire_sessions(self) -> None:
        """Let every access token run out; the next call is answered 401."""
        self.org.sessions.end_all()

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
        headers = {name.lower(): value for name, value in self.headers.items()}
        raw = Raw(self.command, self.path, headers, self.rfile.read(length))
        with self.server.lock:
            fault = self.server.gate.fault(raw)
            answer = self.server.gate.answer(raw, fault)
        if fault is not None and fault.stall:
            self.server.closing.wait()
        if fault is not None and (fault.stall or fault.drop):
            self.close_connection = True
            return
        self._send(answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815  # its names

    def _send(self, answer: Answer) -> None:
        headers = dict(answer.headers)
        content = b""
        if isinstance(answer.body, str):
            content = answer.body.encode()
            headers.setdefault("Content-Type", "text/plain;charset=utf-8")
        elif answer.body is not None:
            content = json.dumps(answer.body, ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json;charset=UTF-8")
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.status not in {204, 304}:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date header by the org's clock, so that a caller can compare clocks."""
        now = self.server.gate.org.clock()
        return super().date_time_string(now if timestamp is None else timestamp)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
        """Write nothing: paths and bodies hold what people typed."""
