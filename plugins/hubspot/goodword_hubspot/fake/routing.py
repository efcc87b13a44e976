"""Routes: which address does what, counts against which limit, and needs which scopes and model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from goodword_hubspot.fake.answers import Answer
from goodword_hubspot.fake.limits import Bucket
from goodword_hubspot.fake.object_types import object_type
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.request import Request

Params = Mapping[str, str]
Scopes = Callable[[Portal, Params], Sequence[Sequence[str]]]
"""From what the path names to groups of scopes; one of each group is needed."""


class Model(NamedTuple):
    """The library's model of a body; *package* is empty for that of the record kind."""

    name: str
    package: str = ""


def free(_: Portal, __: Params) -> Sequence[Sequence[str]]:
    """Need no scope."""
    return ()


@dataclass(frozen=True, slots=True)
class Route:
    """One address.

    Args:
        method: HTTP method.
        pattern: Numbered path with names in braces.
        kind: How calls are counted; names in braces are filled in.
        handle: What answers.
        needs: Scopes.
        model: Model of the body, if it has one.
        bucket: Which limit it counts against.
    """

    method: str
    pattern: str
    kind: str
    handle: Callable[[Portal, Request], Answer]
    needs: Scopes = free
    model: Model | None = None
    bucket: Bucket = "ordinary"

    def match(self, path: str) -> Params | None:
        """Return what stands in *path* for the names of the pattern, or None."""
        found = _compiled(self.pattern).fullmatch(path)
        return found.groupdict() if found is not None else None

    def called(self, params: Params) -> str:
        """Return the kind of a call, with record kinds in the plural."""
        words = {
            name: object_type(word).name if name in {"kind", "target"} else word
            for name, word in params.items()
        }
        return self.kind.format(**words)


@dataclass(frozen=True, slots=True)
class Routes:
    """All routes, the specific before the general."""

    routes: tuple[Route, ...] = field(default_factory=tuple)

    def find(self, method: str, path: str) -> tuple[Route, Params] | None:
        """Return the route of *path*, if there is one."""
        for route in self.routes:
            if route.method == method:
                params = route.match(path)
                if params is not None:
                    return route, params
        return None

    def methods(self, path: str) -> list[str]:
        """Return what can be done at *path*."""
        return sorted({route.method for route in self.routes if route.match(path) is not None})


def in_order(*families: Iterable[Route]) -> Routes:
    """Put routes together; fixed words win over names in braces."""
    found = [route for family in families for route in family]
    return Routes(tuple(sorted(found, key=lambda route: route.pattern.count("{"))))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern))
