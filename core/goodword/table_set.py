"""The canonical tables of one run, and what was derived from them: each frame is built once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

if TYPE_CHECKING:
    from goodword.tables import Frame

P = ParamSpec("P")


class TableSet(Mapping[str, "Frame"]):
    """Tables by name that do not change, so that frames derived from them can be kept.

    Args:
        tables: Canonical tables, aliases resolved.
    """

    def __init__(self, tables: Mapping[str, Frame]) -> None:
        self._tables = dict(tables)
        self.derived: dict[tuple[object, ...], Frame] = {}

    def __getitem__(self, name: str) -> Frame:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def derived(
    build: Callable[Concatenate[Mapping[str, Frame], P], Frame],
) -> Callable[Concatenate[Mapping[str, Frame], P], Frame]:
    """Build a frame once a run, however many facts and events stand on it.

    For a function of the tables and of values that can be told apart, such as the day of the run.
    Of tables that are no part of a run (those of a test), it is built each time.
    """

    @wraps(build)
    def once(tables: Mapping[str, Frame], /, *args: P.args, **given: P.kwargs) -> Frame:
        if not isinstance(tables, TableSet):
            return build(tables, *args, **given)
        key = (build, *args, *sorted(given.items()))
        if key not in tables.derived:
            tables.derived[key] = build(tables, *args, **given)
        return tables.derived[key]

    return once
