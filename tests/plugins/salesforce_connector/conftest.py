"""A tiny server that says what a test tells it to, and an org that talks with it."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from goodword_salesforce.fake import CONSUMER_KEY, USERNAME, Account, Fake
from goodword_salesforce.seam.auth import Login
from goodword_salesforce.seam.client import Means, Org, open_org

sys.path.insert(0, str(Path(__file__).parent))  # tests are no package, and share one module

import kept_queries

kept_queries.listen()

START = 1_795_000_000.0  # a Wednesday in November 2026, 11:06:40 UTC
TOKENS = "/services/oauth2/token"


class Clock:
    """Seconds since 1970 that pass when somebody waits."""

    def __init__(self) -> None:
        self.now = START
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.waited.append(seconds)


@dataclass(frozen=True)
class Call:
    """One call as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def token(self) -> str:
        return self.headers["authorization"].removeprefix("Bearer ")


@dataclass(frozen=True)
class Said:
    """One answer; status 0 closes the connection, -1 says nothing until the caller gives up."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Script = Callable[[Call], Said]


class Stub:
    """A server on loopback; the first script that has something to say answers a call."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.tokens = 0
        self.script: Script = lambda _: Said(200, {"ok": True})
        self.over = threading.Event()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def answer(self) -> None:
                stub.answer(self)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815 - its names

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def data(self) -> list[Call]:
        """The calls without those for a session."""
        return [call for call in self.calls if call.path != TOKENS]

    @staticmethod
    def said(status: int, body: Any = None, **headers: str) -> Said:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Said(status, body, named)

    @staticmethod
    def refused(status: int, code: str, message: str = "", **more: Any) -> Said:
        """Return a refusal in Salesforce's shape."""
        return Said(status, [{"errorCode": code, "message": message, **more}])

    def says(self, *answers: Said) -> None:
        """Give these answers one after the other, the last one for ever."""
        rest = list(answers)
        self.script = lambda _: rest.pop(0) if len(rest) > 1 else rest[0]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        size = int(handler.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        call = Call(handler.command, parts.path, query, headers, handler.rfile.read(size))
        self.calls.append(call)
        said = self.signed_in() if call.path == TOKENS and self.tokens >= 0 else self.script(call)
        if said.status == -1:
            self.over.wait(20)
        if said.status <= 0:
            handler.close_connection = True
            return
        raw = isinstance(said.body, str)
        body = said.body.encode() if raw else json.dumps(said.body).encode()
        body = b"" if said.body is None else body
        handler.send_response(said.status)
        for name, value in said.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Type", "text/csv" if raw else "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        handler.wfile.flush()

    def signed_in(self) -> Said:
        self.tokens += 1
        instance = "https://acme.my.salesforce.com"
        return Said(200, {"access_token": f"token-{self.tokens}", "instance_url": instance})

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub()
    yield server
    server.close()


@pytest.fixture(scope="session")
def private_key() -> str:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def opened(
    stub: Stub, clock: Clock, private_key: str, tmp_path: Path
) -> Iterator[Callable[..., Org]]:
    """Open an org at the stub; settings of the login and of the line can be given."""
    orgs: list[Org] = []

    def open_it(*, read_only: bool = False, means: Means | None = None, **login: Any) -> Org:
        given: dict[str, Any] = {
            "secret": lambda: private_key,
            "username": "integration@acme.example",
            "consumer_key": "3MVG9.consumer",
            "instance_url": stub.url,
            "version": "66.0",
            **login,
        }
        org = open_org(
            Login(**given), tmp_path, means, clock, clock.sleep, lambda: 0.5, read_only=read_only
        )
        orgs.append(org)
        return org

    yield open_it
    for org in orgs:
        org.transport.line.close()


@pytest.fixture
def org(opened: Callable[..., Org]) -> Org:
    return opened()


@pytest.fixture
def fake(clock: Clock, private_key: str) -> Iterator[Fake]:
    """Give an org of an invented firm, with nobody in it but who works there."""
    key = load_pem_private_key(private_key.encode(), None)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with Fake(Account(public_key=public.decode()), clock) as running:
        yield running


@pytest.fixture
def at_fake(fake: Fake, opened: Callable[..., Org]) -> Callable[..., Org]:
    """Open the org of the fake as its integration user."""

    def open_it(**login: Any) -> Org:
        given = {"username": USERNAME, "consumer_key": CONSUMER_KEY, "instance_url": fake.url}
        return opened(**{**given, **login})

    return open_it


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep the queries of this run for the check by a grammar."""
    kept_queries.keep(session.config)
