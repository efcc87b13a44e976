"""Connections whose whole answer, head and body, comes within the timeout or not at all.

urllib3's timeout holds for each piece of an answer: a host that sends a byte a second would never
meet it.
"""

from __future__ import annotations

import io
import time
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping


class _Hurried(io.RawIOBase):
    """What a socket receives, until its timeout has passed since this was made."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._received = sock.makefile("rb", buffering=0)
        patience = sock.gettimeout()
        self._end = None if patience is None else time.monotonic() + patience

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:  # whatever io hands over
        """Receive what comes next.

        Raises:
            TimeoutError: The time is over.
        """
        if self._end is not None:
            left = self._end - time.monotonic()
            if left <= 0:
                msg = "the answer took too long"
                raise TimeoutError(msg)
            self._sock.settimeout(left)
        return self._received.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._received.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, sock: socket.socket, *given: Any, **named: Any) -> None:  # as http.client
        super().__init__(sock, *given, **named)
        self.fp.close()
        self.fp = io.BufferedReader(_Hurried(sock))


class _Line(HTTPConnection):
    response_class = _Answer


class _SecureLine(HTTPSConnection):
    response_class = _Answer


class _Lines(HTTPConnectionPool):
    ConnectionCls = _Line


class _SecureLines(HTTPSConnectionPool):
    ConnectionCls = _SecureLine


TIMELY_POOLS: Mapping[str, type[HTTPConnectionPool]] = {"http": _Lines, "https": _SecureLines}
"""Kinds of pools by scheme, for the ``pool_classes_by_scheme`` of a urllib3 ``PoolManager``."""
