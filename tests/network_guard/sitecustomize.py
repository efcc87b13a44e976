"""The guard against the network, loaded by every Python process of the tests when it starts.

Python imports a module of this name from ``PYTHONPATH`` before anything else. A name looked up,
a connection or a datagram to anything but this computer is refused, and noted in the file that
``GOODWORD_NETWORK_ATTEMPTS`` names, so that code that swallows the refusal is found out, too.
(A host name handed to ``connect`` itself is looked up by C code before Python says so; the
connection is refused all the same.)
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from typing import Any

ATTEMPTS = "GOODWORD_NETWORK_ATTEMPTS"
_ADDRESSED = ("socket.connect", "socket.sendto", "socket.sendmsg")
_LOOKED_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
_INTERNET = (socket.AF_INET, socket.AF_INET6)


class NetworkRefused(RuntimeError):  # noqa: N818 - it reads as what happened
    """A test tried to reach something that is not this computer."""


def refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Stop what would leave this computer."""
    if event in _ADDRESSED:
        if arguments[0].family not in _INTERNET or not isinstance(arguments[1], tuple):
            return  # a Unix socket, or a message on a connection that was allowed
        host = arguments[1][0]
    elif event in _LOOKED_UP:
        host = arguments[0]
    elif event == "socket.getnameinfo":
        host = arguments[0][0]
    else:
        return
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if _stays_here(name):
        return
    told = f"{event} {name}"
    if os.environ.get(ATTEMPTS):
        with open(os.environ[ATTEMPTS], "a", encoding="utf-8") as file:  # noqa: PTH123 - no imports
            file.write(f"{told}\n")
    message = f"a test tried to reach the network ({told}); tests stay on this computer"
    raise NetworkRefused(message)


def _stays_here(host: str | None) -> bool:
    """Tell whether *host* is this computer; nothing is looked up to find out."""
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


if not getattr(sys, "goodword_network_guard", False):  # once a process: a hook is never taken off
    sys.goodword_network_guard = True  # type: ignore[attr-defined]  # a mark of ours
    sys.addaudithook(refuse_the_network)
