"""What every call passes, in order: key, address, limits, scopes, body, faults; then its route."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple
from uuid import UUID

from goodword_hubspot.fake.answers import (
    NOT_ALLOWED,
    NOT_FOUND,
    Answer,
    RefusedError,
    bad_token,
    missing_scopes,
    refuse,
)
from goodword_hubspot.fake.bodies import problems
from goodword_hubspot.fake.body import Body
from goodword_hubspot.fake.calls import Call, Calls
from goodword_hubspot.fake.faults import Fault, Faults, broken, limit_body
from goodword_hubspot.fake.object_types import FEEDBACK, is_object, object_type
from goodword_hubspot.fake.paths import is_numbered, numbered
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.request import Request
from goodword_hubspot.fake.routing import Params, Route, Routes

KEYLESS = "/oauth/"
"""Addresses that carry the key in the body."""


class Raw(NamedTuple):
    """A request as it came over the wire."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    key: str
    content_type: str
    body: bytes


@dataclass(slots=True)
class Gate:
    """Answers requests for a portal; knows nothing of sockets."""

    portal: Portal
    routes: Routes
    calls: Calls
    faults: Faults
    chance: Random

    def fault(self, raw: Raw) -> Fault | None:
        """Return the fault that strikes *raw*, after letting happen what happens meanwhile."""
        address = numbered(raw.path)
        fault = self.faults.striking(raw.method, address.path if address else raw.path)
        if fault is not None and fault.meanwhile is not None:
            fault.meanwhile()
        return fault

    def answer(self, raw: Raw, fault: Fault | None) -> Answer:
        """Answer *raw*, and count it."""
        correlation_id = str(UUID(int=self.chance.getrandbits(128), version=4))
        found = self._route(raw)
        if fault is None or not (fault.status or fault.drop or fault.stall):
            answer = self._honest(raw, found, correlation_id)
        else:
            applied = self._honest(raw, found, correlation_id) if fault.apply else None
            answer = broken(fault, correlation_id, applied) if fault.status else Answer(0)
        kind = found[0].called(found[1]) if found is not None else ""
        self.calls.made.append(Call(raw.method, raw.path, kind, answer.status, self.portal.now()))
        return answer

    def _honest(self, raw: Raw, found: tuple[Route, Params] | None, correlation_id: str) -> Answer:
        bucket = found[0].bucket if found is not None else "ordinary"
        try:
            if raw.key != self.portal.account.key and not raw.path.startswith(KEYLESS):
                raise bad_token()
            broken_limit = self.portal.limits.take(bucket, self.portal.now())
            if broken_limit:
                answer = Answer(429, limit_body(broken_limit, correlation_id))
            elif found is None:
                answer = self._no_route(raw)
            else:
                answer = found[0].handle(self.portal, self._request(raw, *found))
        except RefusedError as problem:
            answer = Answer(problem.status, problem.as_body(correlation_id))
        limits = self.portal.limits.headers(bucket, self.portal.now())
        traced = {"X-HubSpot-Correlation-Id": correlation_id}
        return Answer(
            answer.status, answer.body, {**limits, **traced, **answer.headers}, answer.html
        )

    def _route(self, raw: Raw) -> tuple[Route, Params] | None:
        """Return the route of *raw*, if it exists, knows the objects named, and may be used."""
        path = self._path(raw)
        found = self.routes.find(raw.method, path) if path else None
        if found is None or not _knows(found[1]) or _writes_what_nobody_writes(*found):
            return None
        return found

    def _no_route(self, raw: Raw) -> Answer:
        path = self._path(raw)
        found = self.routes.find(raw.method, path) if path else None
        if found is not None and not _knows(found[1]):
            object_type(found[1]["kind"])
            object_type(found[1]["target"])
        allowed = [one for one in self.routes.methods(path) if one != raw.method]
        if found is not None or (path and allowed):
            return Answer(405, headers={"Allow": ", ".join(allowed)}, html=NOT_ALLOWED)
        return Answer(404, html=NOT_FOUND)

    def _path(self, raw: Raw) -> str:
        """Return the numbered path of *raw*; empty when that version does not exist now."""
        address = numbered(raw.path)
        gone = is_numbered(raw.path) and not self.portal.account.switches.numbered_paths
        return "" if address is None or gone else address.path

    def _request(self, raw: Raw, route: Route, params: Params) -> Request:
        self._check_scopes(route, params)
        address = numbered(raw.path)
        parsed = _parsed(raw, route, params)
        return Request(
            params,
            address.version if address is not None else "",
            raw.query,
            Body(parsed),
            tuple(Body(item) for item in parsed) if isinstance(parsed, list) else (),
        )

    def _check_scopes(self, route: Route, params: Params) -> None:
        account = self.portal.account
        for group in route.needs(self.portal, params):
            if not set(group) & account.scopes:
                raise missing_scopes(group)
        named = [object_type(params[name]) for name in ("kind", "target") if name in params]
        if FEEDBACK in named and not account.tier.feedback:
            raise missing_scopes([FEEDBACK.read])


def _knows(params: Params) -> bool:
    return all(is_object(params[name]) for name in ("kind", "target") if name in params)


def _writes_what_nobody_writes(route: Route, params: Params) -> bool:
    if route.method == "GET" or "kind" not in params or "/objects/" not in route.pattern:
        return False
    reading = route.pattern.endswith(("/search", "/batch/read"))
    return object_type(params["kind"]) == FEEDBACK and not reading


def _parsed(raw: Raw, route: Route, params: Params) -> object:
    """Return the body of *raw* as JSON.

    Raises:
        RefusedError: It is not JSON, or not what the address takes.
    """
    if route.model is None:
        return None
    if not raw.content_type.startswith("application/json"):
        raise RefusedError(415, "VALIDATION_ERROR", "Content-Type must be application/json.")
    try:
        body = json.loads(raw.body)
    except ValueError:
        refuse("Invalid input JSON on line 1, column 1: cannot be read")
    if route.bucket == "search" and len(raw.body.decode()) > LONGEST_SEARCH:
        refuse(f"Search bodies may have {LONGEST_SEARCH} characters.")
    package = route.model.package or object_type(params["kind"]).package
    found = problems(package, route.model.name, body)
    if found:
        refuse(f"Invalid input JSON: {'; '.join(found[:5])}", problems=found)
    parsed: object = body
    return parsed


LONGEST_SEARCH = 3_000
"""Characters of a search body."""
