"""A host on this machine: HTTP on a loopback socket, to try a connector without the real one.

What it answers is a function of yours, so it is as strict as you make it; nothing here knows a
vendor. Calls are answered one at a time, whatever threads they come from.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Heard:
    """A call as it came over the wire.

    Args:
        method: HTTP method.
        target: Address with what stands behind the question mark, still quoted.
        headers: By lower-case name.
        body: Bytes.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """What goes back to the caller, or does not.

    Args:
        status: HTTP status.
        content: Bytes of the body.
        headers: Beside Date and Content-Length.
        drop: Close the connection without an answer.
        stall: Say nothing until the caller gives up, or the host is closed.
    """

    status: int = 200
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    stall: bool = False


class LoopbackHost(AbstractContextManager["LoopbackHost"]):
    """A host on a loopback socket, for as long as a ``with`` block lasts.

    Args:
        answer: What it says to a call; never called twice at once.
        clock: Seconds since 1970, for the Date header, so that a caller can compare clocks.
        largest: Bytes of a body; a larger one is answered 413, unread.
        port: Where to listen; 0 for any free port.
        connected: Called for each connection that a caller makes.
    """

    def __init__(
        self,
        answer: Callable[[Heard], Said],
        clock: Callable[[], float],
        *,
        largest: int,
        port: int = 0,
        connected: Callable[[], object] = lambda: None,
    ) -> None:
        self._server = _Server(port, answer, clock, largest, connected)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def url(self) -> str:
        """The address to hand to a client, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def lock(self) -> threading.Lock:
        """Held while a call is answered; take it to change what the host knows between calls."""
        return self._server.lock

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
        self._server.closing.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(
        self,
        port: int,
        answer: Callable[[Heard], Said],
        clock: Callable[[], float],
        largest: int,
        connected: Callable[[], object],
    ) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.answer = answer
        self.clock = clock
        self.largest = largest
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self.connected = connected

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
            self.server.connected()

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > self.server.largest:
            self.close_connection = True
            self._send(Said(413))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        heard = Heard(self.command, self.path, headers, self.rfile.read(length))
        with self.server.lock:
            said = self.server.answer(heard)
        if said.stall:
            self.server.closing.wait()
        if said.stall or said.drop:
            self.close_connection = True
            return
        self._send(said)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815  # its names

    def _send(self, said: Said) -> None:
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        if said.status not in {204, 304}:
            self.send_header("Content-Length", str(len(said.content)))
        self.end_headers()
        self.wfile.write(said.content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date header by the host's clock."""
        return super().date_time_string(self.server.clock() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
        """Write nothing: addresses and bodies hold what people typed."""
