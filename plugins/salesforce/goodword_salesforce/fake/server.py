"""The org on a loopback socket, for as long as a ``with`` block lasts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace

from goodword import Heard, LoopbackHost, Said
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


class Fake(LoopbackHost):
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
        self._gate = Gate(self.org, all_routes(), self.calls)
        super().__init__(
            self._answer,
            lambda: self.org.clock(),  # a test may put the org's clock wrong
            largest=LARGEST,
            port=port,
            connected=self.calls.connected,
        )

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

    def _answer(self, heard: Heard) -> Said:
        raw = Raw(heard.method, heard.target, heard.headers, heard.body)
        fault = self._gate.fault(raw)
        said = _on_the_wire(self._gate.answer(raw, fault))
        return said if fault is None else replace(said, drop=fault.drop, stall=fault.stall)


def _on_the_wire(answer: Answer) -> Said:
    headers, content = dict(answer.headers), b""
    if isinstance(answer.body, str):
        content = answer.body.encode()
        headers.setdefault("Content-Type", "text/plain;charset=utf-8")
    elif answer.body is not None:
        content = json.dumps(answer.body, ensure_ascii=False).encode()
        headers.setdefault("Content-Type", "application/json;charset=UTF-8")
    return Said(answer.status, content, headers)
