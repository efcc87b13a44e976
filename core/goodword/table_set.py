"""The canonical tables of one run, and what was derived from them: each frame is built once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeAlias

if TYPE_CHECKING:
    from goodword.tables import Frame

P = ParamSpec("P")
_Derived: TypeAlias = "dict[tuple[object, ...], list[tuple[Frame, dict[str, Frame]]]]"
"""What was made, by what it is, each with the tables it was made of."""


class TableSet(Mapping[str, "Frame"]):
    """Tables by name that do not change, so that frames derived from them can be kept.

    Args:
        tables: Canonical tables, aliases resolved.
        share: What an engine does with a frame that several will read; None leaves it as it is.
    """

    def __init__(
        self, tables: Mapping[str, Frame], share: Callable[[Frame], Frame] | None = None
    ) -> None:
        self._tables = dict(tables)
        self._share = share or (lambda frame: frame)
        self._derived: _Derived = defaultdict(list)
        self._read: list[set[str]] = []

    def __getitem__(self, name: str) -> Frame:
        for build in self._read:
            build.add(name)
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def derived(self, key: tuple[object, ...], build: Callable[[], Frame]) -> Frame:
        """Return what *build* makes of these tables, made before or now."""
        made = next((one for one in self._derived[key] if self._is_of_these(one[1])), None)
        if made is None:
            self._read.append(set())
            try:
                frame = self._share(build())
            finally:
                read = self._read.pop()
            made = frame, {name: self._tables[name] for name in read}
            self._derived[key].append(made)
        for outer in self._read:
            outer.update(made[1])
        return made[0]

    def _is_of_these(self, read: Mapping[str, Frame]) -> bool:
        return all(self._tables[name] is table for name, table in read.items())

    def replaced(self, name: str, frame: Frame) -> TableSet:
        """Return these tables with *frame* as one of them; all that does not read it is shared."""
        other = TableSet({**self._tables, name: frame}, self._share)
        other._derived = self._derived
        return other


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
        return tables.derived(key, lambda: build(tables, *args, **given))

    return once
