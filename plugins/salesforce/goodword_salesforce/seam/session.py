"""The connection: one pool, a default timeout, headers that no repeated call can lose.

simple-salesforce sends everything to ``https://``. For an org that runs on this computer, as the
one goodword brings for trying out, ``ToLoopback`` sends it to that plain address instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from goodword import TIMELY_POOLS, SettingsError

CONNECTIONS = 4
TIMEOUT = 120.0
"""Seconds one answer may take; Salesforce itself gives up after 600."""
CONNECT_TIMEOUT = 15.0
SAVING: Mapping[str, str] = {
    "Sforce-Auto-Assign": "FALSE",
    "Sforce-Duplicate-Rule-Header": "allowSave=true",
}
"""What every call says: no assignment rule moves a lead, a duplicate rule may alert, not block."""
LARGEST = 64 * 1024 * 1024
"""Bytes of an answer that are read, once unpacked."""
LARGEST_SHEET = 8 * LARGEST
"""Bytes of a large job's sheet that are read: 50,000 rows of 10 kB."""
_PIECE = 64 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class TooLongError(requests.RequestException):
    """The answer is longer than any of Salesforce's."""


class Line(requests.Session):
    """A session whose calls end, go through the company's proxy, and follow no redirection.

    Args:
        timeout: Seconds after which an answer that is not whole is given up.
        certificates: File with the certificates to trust; empty for the usual ones.
    """

    def __init__(self, timeout: float, certificates: str) -> None:
        super().__init__()
        self.timeout = timeout
        self.certificates = certificates
        self.headers.update(SAVING)
        self.auth = _AsGiven()

    def request(self, method: str, url: str | bytes, *args: Any, **options: Any) -> Any:
        """Send a request as ``requests`` does (Any: its own types), with our defaults."""
        patience = (min(CONNECT_TIMEOUT, self.timeout), self.timeout)
        options["timeout"] = options.get("timeout") or patience
        options["allow_redirects"] = False
        if self.certificates:
            options["verify"] = self.certificates
        options["stream"] = True  # so that it is read here, as far as it may be long
        sheet = (options.get("headers") or {}).get("Accept") == "text/csv"
        answer = super().request(method, url, *args, **options)
        return _read(answer, LARGEST_SHEET if sheet else LARGEST)

    def listen(self, heard: Callable[[Mapping[str, str]], None]) -> None:
        """Tell *heard* the headers of every answer, those of failures included."""

        def hook(answer: requests.Response, *_: object, **__: object) -> None:
            heard(answer.headers)

        self.hooks["response"].append(hook)


class Timely(HTTPAdapter):
    """Connections whose whole answer comes within the timeout, through a proxy too."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=CONNECTIONS)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the pools (Any: the types of ``requests``)."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = dict(TIMELY_POOLS)

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        """Return the pools of a proxy (Any: the types of ``requests``)."""
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = dict(TIMELY_POOLS)
        return manager


class ToLoopback(Timely):
    """Sends what is meant for any https address to one plain address of this computer.

    Args:
        address: Such as ``http://127.0.0.1:8080``.
    """

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address.rstrip("/")

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        """Send a request there (Any: the types of ``requests``)."""
        parts = urlsplit(str(request.url))
        rest = f"{parts.path}?{parts.query}" if parts.query else parts.path
        request.url = f"{self.address}{rest}"
        return super().send(request, *args, **options)


def is_loopback(address: str) -> bool:
    """Say whether an address is plain http on this computer."""
    parts = urlsplit(address)
    return parts.scheme == "http" and (parts.hostname or "") in _LOOPBACK


def open_line(
    address: str,
    folder: Path,
    ca_file: str = "",
    timeout: float = TIMEOUT,
) -> Line:
    """Return the connection; nothing is sent yet.

    Args:
        address: The setting ``instance_url``; only a plain loopback address changes anything.
        folder: The firm's folder; a relative certificate file starts there.
        ca_file: File with the certificates of a company proxy; empty: those the environment names.
        timeout: Seconds after which an answer that is not whole is given up.

    Raises:
        SettingsError: The certificate file cannot be read.
    """
    certificates = str(folder / Path(ca_file).expanduser()) if ca_file else _named_certificates()
    if ca_file and not Path(certificates).is_file():
        msg = "The certificate file of [plugin.salesforce] ca_file is not there."
        raise SettingsError(msg, hint="Correct its name; it starts at the firm's folder.")
    line = Line(timeout, certificates)
    if is_loopback(address):
        line.trust_env = False  # no proxy stands between this computer and itself
        line.mount("https://", ToLoopback(address))
    else:
        line.mount("https://", Timely())
    return line


def _read(answer: requests.Response, most: int) -> requests.Response:
    """Read an answer, unless it is longer than *most* bytes.

    Raises:
        TooLongError: It is.
    """
    pieces: list[bytes] = []
    size = 0
    for piece in answer.iter_content(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            answer.close()
            raise TooLongError
    answer._content = b"".join(pieces)  # where requests itself keeps it
    return answer


class _AsGiven(AuthBase):
    """Leaves the headers alone, so that a ``.netrc`` of the computer never replaces the session."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _named_certificates() -> str:
    """Return the certificates that the environment names, as ``requests`` would take them."""
    names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
    return next(filter(None, map(os.environ.get, names)), "")
