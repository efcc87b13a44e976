"""Hypothesis strategies for property tests of rules: rows of facts, and rules over them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

from goodword.expressions import Expr, fact
from goodword.rules import SEVERITY, Suppressor, Trigger, Withheld

if TYPE_CHECKING:
    from goodword.tables import ColumnType

S = TypeVar("S")
T = TypeVar("T")
VERDICTS: tuple[Withheld, ...] = tuple(SEVERITY)  # type: ignore[arg-type]  # its keys are the verdicts
"""What a suppressor may say, most severe first."""


def days_around(day: date, before: int = 100, after: int = 40) -> st.SearchStrategy[date]:
    """Return days from *before* days before *day* until *after* days after it, mostly past."""
    past, around = st.integers(-before, 0), st.integers(-before, after)
    return (past | around).map(lambda days: day + timedelta(days=days))


def fact_rows(types: Mapping[str, ColumnType], as_of: date) -> st.SearchStrategy[dict[str, object]]:
    """Return rows of facts of these types, each value unknown now and then.

    Args:
        types: Fact to type.
        as_of: Day the times lie around.
    """
    values: dict[ColumnType, st.SearchStrategy[object]] = {
        "text": st.sampled_from(["a", "b", "gold", ""]),
        "int": st.integers(-3, 12),
        "bool": st.booleans(),
        "time": days_around(as_of),
    }
    cells = {name: _mostly(values[kind], st.none()) for name, kind in types.items()}
    return st.fixed_dictionaries(cells)


def triggers(
    types: Mapping[str, ColumnType], exempt: tuple[str, ...] = ()
) -> st.SearchStrategy[Trigger]:
    """Return triggers over facts of these types (at least one text and one time).

    Args:
        types: Fact to type.
        exempt: Names of suppressors the triggers may be exempt from.
    """
    spared = st.lists(st.sampled_from(exempt), unique=True).map(tuple) if exempt else st.just(())
    return st.builds(
        Trigger,
        name=st.integers(0, 10**6).map("trigger_{}".format),
        since=_reading("time", types),
        record=_reading("text", types),
        because=st.just("a moment"),
        when=_mostly(st.none(), conditions(types)),
        wait_days=st.integers(0, 20),
        expires_days=st.integers(0, 120),
        points=st.sampled_from([0, 10, 20]),
        exempt=spared,
    )


def suppressors(types: Mapping[str, ColumnType]) -> st.SearchStrategy[Suppressor]:
    """Return suppressors over facts of these types: conditions, rests, and both."""
    names = st.integers(0, 10**6).map("suppressor_{}".format)
    verdicts = _mostly(st.sampled_from(VERDICTS[1:]), st.just(VERDICTS[0]))
    condition = st.builds(
        Suppressor,
        name=names,
        because=st.just("a reason"),
        when=conditions(types),
        until=_mostly(_reading("time", types), st.none()),
        verdict=verdicts,
    )
    rest = st.builds(
        Suppressor,
        name=names,
        because=st.just("a rest"),
        when=_mostly(st.none(), conditions(types)),
        since=_reading("time", types),
        days=st.integers(0, 120) | _reading("int", types),
        verdict=verdicts,
    )
    return condition | rest


def conditions(types: Mapping[str, ColumnType]) -> st.SearchStrategy[Expr]:
    """Return conditions that read facts of these types."""
    simple = st.builds(lambda expr, n: expr >= n, _reading("int", types), st.integers(-3, 12))
    known = _reading("time", types).map(Expr.is_known)
    return simple | known | st.builds(lambda one, other: one & ~other, simple, known)


def _mostly(usual: st.SearchStrategy[T], rare: st.SearchStrategy[S]) -> st.SearchStrategy[T | S]:
    return st.one_of(usual, usual, usual, usual, rare)


def _reading(kind: ColumnType, types: Mapping[str, ColumnType]) -> st.SearchStrategy[Expr]:
    return st.sampled_from([name for name, found in types.items() if found == kind]).map(fact)
