"""The portal on a loopback socket, for as long as a ``with`` block lasts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from random import Random
from urllib.parse import parse_qs, unquote, urlsplit

from goodword import Heard, LoopbackHost, Said
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


class Fake(LoopbackHost):
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
        self._gate = Gate(
            self.portal,
            all_routes(Search(self.portal)),
            self.calls,
            self.faults,
            Random(seed),  # noqa: S311  # ids of answers, nothing secret
        )
        super().__init__(
            self._answer, clock, largest=LARGEST, port=port, connected=self.calls.connected
        )

    @property
    def store(self) -> Store:
        """The records."""
        return self.portal.store

    def typed(self, line: str) -> str:
        """Do what somebody types in the portal, between two calls; return what became of it."""
        with self.lock:
            return obey(self.portal, line)

    def _answer(self, heard: Heard) -> Said:
        split = urlsplit(heard.target)
        raw = Raw(
            heard.method,
            unquote(split.path),
            parse_qs(split.query),
            heard.headers.get("authorization", "").removeprefix("Bearer "),
            heard.headers.get("content-type", ""),
            heard.body,
        )
        fault = self._gate.fault(raw)
        said = _on_the_wire(self._gate.answer(raw, fault))
        return said if fault is None else replace(said, drop=fault.drop, stall=fault.stall)


def _on_the_wire(answer: Answer) -> Said:
    headers, content = dict(answer.headers), b""
    if answer.html:
        headers["Content-Type"], content = "text/html;charset=utf-8", answer.html.encode()
    elif answer.body is not None:
        headers["Content-Type"] = "application/json;charset=utf-8"
        content = json.dumps(answer.body, ensure_ascii=False).encode()
    return Said(answer.status, content, headers)
