"""What every call passes, in order: length, address, session, limits, faults; then its route."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from goodword_salesforce.fake.answers import Answer, RefusedError, bad_session, not_found
from goodword_salesforce.fake.calls import Call, Calls
from goodword_salesforce.fake.faults import Fault, broken
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.request import Request, actor_of
from goodword_salesforce.fake.routes import login
from goodword_salesforce.fake.routing import Routes

LONGEST_HEAD = 16_384
"""Bytes of address and headers together."""
_DATA = re.compile(r"/services/data/(v(\d+)\.0)(/.*)?")
COMPOSITE = "composite"


class Raw(NamedTuple):
    """A call as it came over the wire.

    Args:
        method: HTTP method.
        target: Address with what stands behind the question mark.
        headers: By lower-case name.
        body: Bytes.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The address without the query, still quoted."""
        return urlsplit(self.target).path

    @property
    def token(self) -> str:
        """The access token."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme in {"Bearer", "OAuth"} else ""

    @property
    def short(self) -> str:
        """The address behind the version; the whole one where there is no version."""
        found = _DATA.fullmatch(self.path)
        return self.path if found is None else found.group(3) or "/"


@dataclass(slots=True)
class Gate:
    """Answers calls for an org; knows nothing of sockets."""

    org: Org
    routes: Routes
    calls: Calls

    def fault(self, raw: Raw) -> Fault | None:
        """Return the fault that strikes *raw*, after letting happen what happens meanwhile."""
        fault = self.org.faults.striking(raw.method, raw.short)
        if fault is not None and fault.meanwhile is not None:
            fault.meanwhile()
        return fault

    def answer(self, raw: Raw, fault: Fault | None) -> Answer:
        """Answer *raw*, and count it."""
        if fault is None or not (fault.status or fault.drop or fault.stall):
            answer = self._honest(raw)
        else:
            applied = self._honest(raw) if fault.apply else None
            answer = broken(fault, applied) if fault.status else Answer(0)
        headers = {name: value for name, value in raw.headers.items() if name != "authorization"}
        self.calls.made.append(
            Call(
                raw.method,
                raw.path,
                self._kind(raw),
                answer.status,
                self.org.clock(),
                self._parts(raw),
                headers,
            )
        )
        return answer

    def _honest(self, raw: Raw) -> Answer:
        size = len(raw.target) + sum(len(name) + len(raw.headers[name]) for name in raw.headers)
        if size > LONGEST_HEAD:
            status, code = (414, "URI_TOO_LONG") if len(raw.target) > size // 2 else (431, "HEAD")
            return Answer(status, RefusedError(code, "Request Header Fields Too Large").as_body())
        try:
            if not raw.path.startswith("/services/data/v"):
                return login.answer(self.org, raw.method, raw.path, raw.headers, raw.body)
            return self._data(raw)
        except RefusedError as problem:
            headers = self.org.limits.header(self.org.clock()) if problem.status != 401 else {}
            return Answer(problem.status, problem.as_body(), headers)

    def _data(self, raw: Raw) -> Answer:
        found = _DATA.fullmatch(raw.path)
        oldest, newest = self.org.account.versions
        if found is None or not oldest <= int(found.group(2)) <= newest:
            raise not_found()
        user = self.org.sessions.user(raw.token)
        if not user:
            raise bad_session()
        self.org.limits.take(self.org.clock())
        request = Request(
            raw.method,
            found.group(3) or "/",
            found.group(1),
            dict(parse_qsl(urlsplit(raw.target).query, keep_blank_values=True)),
            raw.headers,
            raw.body,
            actor_of(user, raw.headers),
        )
        answer = self.routes.answer(self.org, request)
        told = self.org.limits.header(self.org.clock())
        return Answer(answer.status, answer.body, {**told, **answer.headers})

    def _kind(self, raw: Raw) -> str:
        if raw.path.startswith("/services/data/v"):
            return self.routes.kind(raw.method, raw.short)
        return login.KINDS.get(raw.path.rstrip("/"), "")

    def _parts(self, raw: Raw) -> tuple[str, ...]:
        """Return the kinds of the calls inside a composite one."""
        if self._kind(raw) != COMPOSITE:
            return ()
        try:
            body = json.loads(raw.body)
        except ValueError:
            return ()
        listed = body.get("compositeRequest") if isinstance(body, dict) else None
        found = [one for one in listed or () if isinstance(one, dict)]
        return tuple(
            self.routes.kind(
                str(one.get("method")),
                Raw("", str(one.get("url")), {}, b"").short,
            )
            for one in found
        )
