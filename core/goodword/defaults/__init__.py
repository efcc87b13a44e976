"""The bundled plugin: the facts, rules, scores and plays every firm starts with.

It is written with the public names only, so every default is also an example. Each hook loads its
topic when it is called; importing this package loads no engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword import hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from typing import Any

    import narwhals.stable.v2 as nw

    from goodword import (
        Fact,
        Facts,
        Play,
        Policy,
        RunReport,
        StageModel,
        Suppressor,
        Touchpoint,
        Trigger,
        Weight,
    )

    Frame = nw.LazyFrame[Any]


@hookimpl
def goodword_facts(touchpoints: Sequence[Touchpoint], settings: Policy) -> Sequence[Fact]:
    """Return the bundled facts."""
    from goodword.defaults.facts import facts

    return facts(settings, touchpoints)


@hookimpl
def goodword_stage_model(c: Facts, settings: Policy) -> StageModel:
    """Return the seven stages."""
    from goodword.defaults.stages import stage_model

    return stage_model(c, settings)


@hookimpl
def goodword_touchpoints(settings: Policy) -> Sequence[Touchpoint]:
    """Return the bundled touchpoint catalogue."""
    from goodword.defaults.touchpoints import touchpoints

    return touchpoints()


@hookimpl
def goodword_ask_rules(c: Facts, settings: Policy) -> Sequence[Trigger | Suppressor | Weight]:
    """Return when to ask, when not, and whom first."""
    from goodword.defaults.timing import ask_rules

    return ask_rules(c, settings)


@hookimpl
def goodword_champion_score(
    tables: Mapping[str, Frame], facts: Frame, as_of: date, settings: Policy
) -> Frame:
    """Return what each customer is worth."""
    from goodword.defaults.champions import champion_score

    return champion_score(tables, facts, as_of, settings)


@hookimpl
def goodword_plays(c: Facts, settings: Policy) -> Sequence[Play]:
    """Return the bundled plays."""
    from goodword.defaults.plays import plays

    return plays(c, settings)


@hookimpl
def goodword_applied(report: RunReport, settings: Policy) -> None:
    """Send the notice of the run where the firm wants it."""
    from goodword.defaults.notify import applied

    applied(report, settings)
