"""From an address to what answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from goodword_salesforce.fake.answers import Answer, RefusedError, not_found
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.request import Request

Handler = Callable[[Org, Request], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One address behind ``/services/data/vNN.0``.

    Args:
        method: HTTP method.
        pattern: Address; a name in braces stands for one part of it.
        kind: What a call of it is counted as.
        handle: Answers it.
        slot: ``query`` or ``collections`` when only five may be in a composite call;
            ``closed`` when none may be.
    """

    method: str
    pattern: str
    kind: str
    handle: Handler
    slot: str = ""

    def match(self, path: str) -> dict[str, str] | None:
        """Return what *path* names, if it is this address."""
        expression = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.pattern)
        found = re.fullmatch(expression, path)
        return None if found is None else {k: unquote(v) for k, v in found.groupdict().items()}


class Routes:
    """All addresses; of several that match, the first."""

    def __init__(self, *families: Sequence[Route]) -> None:
        self._routes = [route for family in families for route in family]

    def add(self, routes: Sequence[Route]) -> None:
        """Add further addresses."""
        self._routes.extend(routes)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route of an address, and what the address names."""
        for route in self._routes:
            params = route.match(path) if route.method == method else None
            if params is not None:
                return route, params
        return None

    def kind(self, method: str, path: str) -> str:
        """Return what a call of the address is counted as."""
        found = self.find(method, path)
        return "" if found is None else found[0].kind

    def answer(self, org: Org, request: Request) -> Answer:
        """Answer *request*; a refusal is an answer too."""
        try:
            found = self.find(request.method, request.path)
            if found is None:
                if any(route.match(request.path) is not None for route in self._routes):
                    return Answer(405, RefusedError("METHOD_NOT_ALLOWED", METHOD).as_body())
                raise not_found()
            route, params = found
            return route.handle(org, replace(request, params=params))
        except RefusedError as problem:
            return Answer(problem.status, problem.as_body())


METHOD = "HTTP Method not allowed. Allowed are others."
