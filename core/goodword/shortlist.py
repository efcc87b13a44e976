"""The shortlist: which plays fire for whom, ranked, before anybody's week is full.

A play fires for a verdict, a condition or an event. Here its rows become light ``Place`` values
in the order they will be served; the contact's facts are looked up only for those considered.
"""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeAlias

from goodword.decisions import Cell, Decisions
from goodword.errors import GoodwordError, PluginError, SourceError, fault_of
from goodword.expressions import compile_expr
from goodword.model import ISO_DATE, Candidate, task_key
from goodword.rule_checks import TOML
from goodword.rules import facts_read
from goodword.working_days import period_of

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

    from goodword.engines import Engine
    from goodword.rulebook import Rulebook
    from goodword.rules import Play
    from goodword.tables import Frame

Known: TypeAlias = Callable[[Iterable[str]], frozenset[str]]
"""Tells which of some keys exist or existed, so that nothing is planned twice."""
NO_EVENT: Mapping[str, Cell] = {}
"""What stands for the event where a play has none."""


@dataclass(frozen=True, slots=True)
class Place:
    """One candidate's place in the queue."""

    play: Play
    contact_id: str
    cycle: str
    key: str
    priority: int
    event: Mapping[str, Cell]

    @property
    def order(self) -> tuple[int, int, str, str, str]:
        """Tier first, then priority, then lowest id: one global order."""
        return (self.play.tier, -self.priority, self.contact_id, self.play.name, self.cycle)


def shortlist(
    decisions: Decisions,
    book: Rulebook,
    tables: Mapping[str, Frame],
    as_of: date,
    account: str,
    known: Known,
    engine: Engine,
    start: datetime | None = None,
) -> list[Place]:
    """Return every candidate whose task does not exist yet, in the order to be served.

    Args:
        decisions: The decided facts.
        book: The firm's rules and plays.
        tables: Canonical tables, for plays of events.
        as_of: Day of the run.
        account: Host account, part of each key.
        known: Tells which tasks exist or existed; none is planned twice.
        engine: Where event frames are computed.
        start: When goodword began here, UTC; what happened before is evidence, never a task.
    """
    places: dict[str, Place] = {}
    former: dict[str, str] = {}
    for play in book.plays:
        rows = _rows(play, decisions, tables, as_of, engine, book.sources[play.name], start)
        for contact_id, cycle, priority, event in rows:
            key = task_key(account, contact_id, play.name, cycle)
            places.setdefault(key, Place(play, contact_id, cycle, key, priority, event))
            for name in play.renamed_from:
                former[task_key(account, contact_id, name, cycle)] = key
    for name in known((*places, *former)):
        places.pop(name, None)
        places.pop(former.get(name, name), None)
    return sorted(places.values(), key=lambda place: place.order)


def _rows(
    play: Play,
    decisions: Decisions,
    tables: Mapping[str, Frame],
    as_of: date,
    engine: Engine,
    source: str,
    start: datetime | None,
) -> list[tuple[str, str, int, Mapping[str, Cell]]]:
    import narwhals.stable.v2 as nw

    oldest = _oldest(play, as_of, start)
    frame = decisions.whole
    if play.verdict is not None:
        frame = frame.filter(nw.col("verdict") == play.verdict)
    if play.when is not None:
        frame = frame.filter(compile_expr(play.when, as_of).fill_null(value=False))
    if play.events is not None:
        return _event_rows(play, frame, tables, as_of, engine, source, oldest)
    if play.since is not None and oldest is not None:
        recent = (compile_expr(play.since, as_of) >= oldest).fill_null(value=False)
        frame = frame.filter(recent)
    if play.every is not None:
        cycle: nw.Expr = nw.lit(period_of(as_of, play.every))
    elif play.record is not None:
        cycle = compile_expr(play.record, as_of)
    else:
        cycle = nw.col("cycle")
    rows = frame.select("contact_id", cycle.alias(":cycle"), "priority")
    rows = rows.filter(~nw.col(":cycle").is_null())
    return [(str(c), str(y), int(p), NO_EVENT) for c, y, p in engine.collect(rows).rows()]


def _oldest(play: Play, as_of: date, start: datetime | None) -> datetime | None:
    """Return the earliest moment that may set off *play*, or None."""
    moments = [] if start is None else [start]
    if play.expires_days is not None:
        day = as_of - timedelta(days=play.expires_days)
        moments.append(datetime.combine(day, time.min))
    return max(moments, default=None)


def _event_rows(
    play: Play,
    frame: Frame,
    tables: Mapping[str, Frame],
    as_of: date,
    engine: Engine,
    source: str,
    oldest: datetime | None,
) -> list[tuple[str, str, int, Mapping[str, Cell]]]:
    import narwhals.stable.v2 as nw

    if play.events is None:
        return []
    events = _asked(play, tables, as_of, source, engine)
    midnight = datetime(as_of.year, as_of.month, as_of.day)
    if oldest is not None:
        events = events.filter((nw.col("at") >= oldest).fill_null(value=False))
    events = events.filter((nw.col("at") < midnight + timedelta(days=1)).fill_null(value=False))
    ranked = engine.materialise(frame.select("contact_id", "priority"))
    try:
        joined = engine.collect(events.join(ranked, on="contact_id", how="inner"))
    except GoodwordError:
        raise
    except Exception as error:  # a lazy table shows its mistakes late
        raise _failed(play, source, f"its events do not compute ({_fault(play, error)})") from error
    joined = joined.sort("contact_id", "cycle", "at", *_others(joined.columns))
    return [
        (str(row["contact_id"]), str(row["cycle"]), int(row["priority"] or 0), row)
        for row in joined.iter_rows(named=True)
        if row["cycle"] is not None
    ]


def _others(columns: list[str]) -> list[str]:
    """Return what else orders events: two of one cycle have one answer on every engine."""
    return sorted(set(columns) - {"contact_id", "cycle", "at", "priority"})


def _asked(
    play: Play, tables: Mapping[str, Frame], as_of: date, source: str, engine: Engine
) -> Frame:
    """Return the events of *play*, refusing a frame that is not what the play promises."""
    import narwhals.stable.v2 as nw

    try:
        events: object = play.events(tables, as_of) if play.events is not None else None
        events = engine.plain(events) if isinstance(events, nw.LazyFrame) else events
        there = events.collect_schema() if isinstance(events, nw.LazyFrame) else None
    except SourceError:  # no room on the disk is no plugin's fault
        raise
    except Exception as error:  # whatever a third party's code may raise, it is named
        raise _failed(play, source, f"its events failed ({_fault(play, error)})") from error
    if not isinstance(events, nw.LazyFrame) or there is None:
        raise _failed(play, source, f"its events are a {type(events).__name__}, not a LazyFrame")
    for name, kind in {"contact_id": nw.String, "cycle": None, "at": nw.Datetime("us")}.items():
        if name not in there:
            raise _failed(play, source, f"its events have no column {name!r}")
        if kind is not None and there[name] != kind:
            raise _failed(play, source, f"column {name!r} of its events is {there[name]}")
    return events


def _fault(play: Play, error: Exception) -> str:
    return fault_of(error, str(getattr(play.events, "__module__", "")))


def _failed(play: Play, source: str, what: str) -> PluginError:
    where = source if source == TOML else f"Plugin {source!r}"
    hint = "Return a LazyFrame of contact_id (String), cycle and at (Datetime('us')), a row each."
    plugin = "" if source == TOML else source
    return PluginError(f"{where}, play {play.name!r}: {what}.", hint=hint, plugin=plugin)


def candidate_of(place: Place, decisions: Decisions, owner_id: str | None) -> Candidate:
    """Return the full candidate for hooks and words.

    Args:
        place: Its place in the queue.
        decisions: Facts and decision by contact.
        owner_id: The rep who would get the task.
    """
    row = decisions.row(place.contact_id)
    facts = {**row, **place.event}
    speaks = (row.get("moment"), row.get("because")) if place.play.verdict is not None else ()
    because = [fill(place.play.because, facts), *(str(text or "") for text in speaks)]
    return Candidate(
        contact_id=place.contact_id,
        name=decisions.name(place.contact_id),
        play=place.play.name,
        cycle=place.cycle,
        trigger=str(row.get("trigger") or "") if place.play.verdict is not None else "",
        because=tuple(dict.fromkeys(text for text in because if text)),
        priority=place.priority,
        account_id=decisions.account(place.contact_id),
        owner_id=owner_id,
        facts=facts,
    )


def fingerprint(place: Place, candidate: Candidate, book: Rulebook) -> str:
    """Return a hash of what *candidate* was decided on: the facts its play and its moment read.

    A task whose fingerprint is another one when it is about to be written is not what was
    approved. Facts that only other rules read are left to those rules.
    """
    speaking = [rule for rule in book.triggers if rule.name == candidate.trigger]
    names = facts_read(place.play).union(*map(facts_read, speaking), place.event)
    facts = {name: candidate.facts.get(name) for name in sorted(names)}
    text = json.dumps([candidate.name, candidate.trigger, facts], default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def fill(text: str, facts: Mapping[str, Cell]) -> str:
    """Return *text* with each ``{fact}`` replaced by its value; unknown ones read "unknown"."""
    parts: list[str] = []
    for plain, name, _, _ in string.Formatter().parse(text):
        parts.append(plain)
        if name:
            value = facts.get(name)
            written = value.strftime(ISO_DATE) if isinstance(value, datetime) else value
            parts.append("unknown" if written is None else str(written))
    return "".join(parts)
