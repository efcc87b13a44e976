"""Connections that come about, and whose whole answer comes, within the timeout or not at all.

urllib3's timeout holds for each piece of an answer, for each address of a host, and for each step
to a connection: a host that sends a byte a second would never meet it. One that never comes about
in time is told as such, so that a caller knows that nothing was sent.
"""

from __future__ import annotations

import io
import socket
import time
from contextlib import suppress
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import allowed_gai_family

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOO_SLOW = "the connection took too long"


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
    """Finds the host, passes a proxy and shakes hands in one timeout together."""

    response_class = _Answer
    _end: float | None = None

    def connect(self) -> None:
        """Connect.

        Raises:
            ConnectTimeoutError: The time is over.
        """
        patience = self.timeout
        self._end = None if patience is None else time.monotonic() + patience
        try:
            super().connect()
        except TimeoutError as slow:
            raise ConnectTimeoutError(self, _TOO_SLOW) from slow
        finally:
            self.timeout = patience
        if self.sock is not None:
            self.sock.settimeout(patience)  # for what is sent

    def _new_conn(self) -> socket.socket:
        """Try one address of the host after the other, as long as there is time."""
        host = self._dns_host
        try:
            kind = allowed_gai_family()
            found = socket.getaddrinfo(host.strip("[]"), self.port, kind, socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return super()._new_conn()  # which says what is wrong with the name
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        try:
            for address in addresses[:-1]:
                with suppress(NewConnectionError, ConnectTimeoutError):
                    return self._at(address)
            return self._at(addresses[-1])
        finally:
            self._dns_host = host

    def _at(self, address: str) -> socket.socket:
        self._dns_host, self.timeout = address, self._left()
        line = super()._new_conn()
        line.settimeout(self._left())
        return line

    def _tunnel(self) -> None:
        super()._tunnel()
        self.sock.settimeout(self._left())

    def _left(self) -> float | None:
        """Return the seconds that are left; None where there is no end."""
        if self._end is None:
            return None
        left = self._end - time.monotonic()
        if left <= 0:
            raise ConnectTimeoutError(self, _TOO_SLOW)
        return left


class _SecureLine(_Line, HTTPSConnection):
    pass


class _Lines(HTTPConnectionPool):
    ConnectionCls = _Line


class _SecureLines(HTTPSConnectionPool):
    ConnectionCls = _SecureLine


TIMELY_POOLS: Mapping[str, type[HTTPConnectionPool]] = {"http": _Lines, "https": _SecureLines}
"""Kinds of pools by scheme, for the ``pool_classes_by_scheme`` of a urllib3 ``PoolManager``."""
