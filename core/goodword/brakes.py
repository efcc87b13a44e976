"""Brakes: why a run nobody watches leaves its plan for a person, and what happens to lost tables.

A run is compared with the baseline, the data of the last run that was accepted. A table that used
to come and is missing now blinds the suppressors that read it: nobody is asked past a reason we can
no longer see. Everything here is a pure function of its arguments.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from goodword.errors import GoodwordError
from goodword.expressions import literal, reads
from goodword.model import Brake
from goodword.rulebook import DECISION_TYPES, Rulebook
from goodword.rules import Rule, Suppressor, expressions_of
from goodword.tables import EXTRA_PREFIX, TABLES

if TYPE_CHECKING:
    from goodword.policy import Brakes

BLIND = "blind:"
"""What the name of a suppressor that stands for a lost table starts with."""
CONSENT = "contacts.consent"
"""A column that is watched like a table: without it, people who said no look like all others."""
OURS = frozenset({"asks", "own_fields", "touches"})
"""Tables whose number of rows says nothing of the source: our own, and sums of activities."""
SMALL = 10
"""Tables with fewer rows may shrink freely: one row less of four is no sign of anything."""
GREW, MANY_NEW = 3, 1000
"""A list of people that is more than so many times what it was, and more than so many people
longer, was rather made of two lists, or of rows that a program repeated. Convention."""
ACCEPT = "If that is right, read the plan and run goodword apply"


class Delivery(Protocol):
    """What a pull brought, in numbers; a ``Snapshot`` is one."""

    @property
    def available(self) -> frozenset[str]:
        """Tables the host has."""
        ...

    @property
    def rows(self) -> Mapping[str, int]:
        """Rows of each of them."""
        ...

    @property
    def filled(self) -> Mapping[str, tuple[str, ...]]:
        """Columns with at least one value; a table that is not named was not looked at."""
        ...


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the runs accepted so far brought; an empty one before the first.

    Args:
        ever: Tables, and the column ``CONSENT``, that came at least once.
        rows: Rows of each table when it last came.
        filled: Columns of each table that held a value when it last came.
    """

    ever: frozenset[str] = frozenset()
    rows: Mapping[str, int] = field(default_factory=dict)
    filled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def after(self, pulled: Delivery) -> Baseline:
        """Return the baseline once a run on *pulled* was accepted.

        A table that is missing now stays known: being blind ends when it comes back or when
        ``allow_blind`` names it, never by itself.
        """
        told = {CONSENT} if _says(pulled.filled, CONSENT) else set()
        return Baseline(
            ever=self.ever | pulled.available | told,
            rows={**self.rows, **pulled.rows},
            filled={**self.filled, **pulled.filled},
        )

    def less(self, rows: Mapping[str, int], filled: Mapping[str, Collection[str]]) -> Baseline:
        """Return the baseline less what goodword itself let go of: that is no loss of data.

        Args:
            rows: How many rows went, by table.
            filled: Columns whose last value went, by table.
        """
        table, _, column = CONSENT.partition(".")
        told = {CONSENT} if column in filled.get(table, ()) else set()
        return Baseline(
            ever=self.ever - told,
            rows={name: max(0, count - rows.get(name, 0)) for name, count in self.rows.items()},
            filled={
                name: tuple(one for one in columns if one not in filled.get(name, ()))
                for name, columns in self.filled.items()
            },
        )

    def to_json(self) -> str:
        """Return the text kept in the ledger; equal baselines give equal texts."""
        filled = {table: sorted(columns) for table, columns in self.filled.items()}
        values = {"ever": sorted(self.ever), "rows": dict(self.rows), "filled": filled}
        return json.dumps(values, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Baseline:
        """Read what ``to_json`` wrote.

        Raises:
            GoodwordError: The text is something else.
        """
        try:
            values = json.loads(text)
            return Baseline(
                ever=frozenset(str(table) for table in values["ever"]),
                rows={str(table): int(count) for table, count in values["rows"].items()},
                filled={str(t): tuple(map(str, names)) for t, names in values["filled"].items()},
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            msg = "What the ledger keeps of the last accepted run is not readable."
            raise GoodwordError(msg, hint="Restore the ledger from a backup.") from error


def lost_tables(
    baseline: Baseline | None, pulled: Delivery, allow_blind: Iterable[str]
) -> frozenset[str]:
    """Return the tables that came before, are missing now, and may not be missing.

    The column ``CONSENT`` counts as lost, too, where it held values and holds none.

    Args:
        baseline: What accepted runs brought; None before the first.
        pulled: What the host has now.
        allow_blind: Tables the firm can do without.
    """
    if baseline is None:
        return frozenset()
    here = set(pulled.available)
    if CONSENT in baseline.ever and "contacts" in here and "contacts" in pulled.filled:
        here |= {CONSENT} if _says(pulled.filled, CONSENT) else set()
    else:
        here.add(CONSENT)  # without contacts there is nobody to be wrong about
    return frozenset(baseline.ever & {*TABLES, CONSENT}) - here - set(allow_blind)


def _says(filled: Mapping[str, tuple[str, ...]], name: str) -> bool:
    table, _, column = name.partition(".")
    return column in filled.get(table, ())


def blinding(book: Rulebook, lost: Collection[str]) -> tuple[Suppressor, ...]:
    """Return a suppressor of everybody for each lost table that some suppressor reads.

    A suppressor of several tables (recovery: tickets, surveys, our tasks) is blind when any of
    them is lost, for the reason not to ask may have been in that one. No trigger is exempt.
    """
    behind = frozenset[str]().union(*(tables_behind(rule, book) for rule in book.suppressors))
    return tuple(
        Suppressor(f"{BLIND}{table}", because=_unseen(table), when=literal(value=True), hard=True)
        for table in sorted(lost)
        if table.partition(".")[0] in behind
    )


def tables_behind(rule: Rule, book: Rulebook) -> frozenset[str]:
    """Return the tables the conditions of *rule* depend on.

    The stage depends on whatever its rules read. Scores may depend on any table, because a plugin
    that computes them is given all.
    """
    needs = {fact.name: frozenset(fact.reads) for fact in book.facts}
    found: set[str] = set()
    for name in _read(rule):
        if name.startswith(EXTRA_PREFIX):
            found.add("contacts")
        elif name == "stage":
            found |= frozenset().union(*(tables_behind(step, book) for step in book.stages.rules))
        else:
            found |= TABLES.keys() if name in DECISION_TYPES else needs.get(name, frozenset())
    return frozenset(found)


def reasons(
    tasks: int,
    contacts: int,
    baseline: Baseline | None,
    pulled: Delivery,
    limits: Brakes,
    book: Rulebook,
) -> tuple[Brake, ...]:
    """Return why this plan waits for a person; empty when it does not.

    Args:
        tasks: New tasks in the plan.
        contacts: Contacts the plan changes.
        baseline: What accepted runs brought; None before the first, when nothing can be compared.
        pulled: What the plan was made from.
        limits: The firm's brakes.
        book: The firm's rules.
    """
    found = [
        Brake(
            code=f"many_{key}",
            text=f"{count} {what}, more than the {most} of brakes.{key}. "
            f"{ACCEPT}, or raise the number.",
        )
        for count, most, what, key in (
            (tasks, limits.tasks, "new tasks", "tasks"),
            (contacts, limits.contacts, "contacts would change", "contacts"),
        )
        if count > most
    ]
    if baseline is not None:
        lost = lost_tables(baseline, pulled, limits.allow_blind)
        found += [Brake(code=f"lost:{table}", text=_gone(table)) for table in sorted(lost)]
        found += _shrunk(baseline, pulled, limits)
        found += _grown(baseline, pulled)
        found += _emptied(baseline, pulled, limits, book)
    return tuple(found)


def _shrunk(baseline: Baseline, pulled: Delivery, limits: Brakes) -> list[Brake]:
    """Tell of tables that lost a larger share of their rows than the firm allows."""
    found: list[Brake] = []
    for table in _comparable(baseline.rows, pulled, limits):
        before, now = baseline.rows[table], pulled.rows.get(table, 0)
        shrunk = (before - now) * 100 > before * limits.shrink_percent
        if table not in OURS and before >= SMALL and shrunk:
            change = f"{table} went from {before} rows to {now}"
            limit = f"more than the {limits.shrink_percent} % of brakes.shrink_percent"
            text = f"{change}, {limit}. Look whether the list was filtered. {ACCEPT}."
            found.append(Brake(code=f"shrank:{table}", text=text))
    return found


def _grown(baseline: Baseline, pulled: Delivery) -> list[Brake]:
    """Tell of a list of people that is several times what it was at once."""
    before, now = baseline.rows.get("contacts", 0), pulled.rows.get("contacts", 0)
    if before < SMALL or now <= before * GREW or now - before <= MANY_NEW:
        return []
    text = f"contacts went from {before} rows to {now}, more than {GREW} times as many. Look"
    text += f" whether another list was added, or rows were copied. {ACCEPT}."
    return [Brake(code="grew:contacts", text=text)]


def _emptied(baseline: Baseline, pulled: Delivery, limits: Brakes, book: Rulebook) -> list[Brake]:
    """Tell of columns that lost their last value, in tables that protect people."""
    hard = [tables_behind(rule, book) for rule in book.suppressors if rule.hard]
    behind = frozenset[str]().union(*hard)
    found: list[Brake] = []
    for table in _comparable(baseline.filled, pulled, limits):
        if table in behind and table in pulled.filled:
            gone = sorted(set(baseline.filled[table]) - set(pulled.filled[table]))
            if gone:
                said = f"{table}: no value is left in {', '.join(gone)}"
                text = f"{said}, and rules that protect people read {table}. {ACCEPT}."
                found.append(Brake(code=f"emptied:{table}.{','.join(gone)}", text=text))
    return found


def _comparable(before: Mapping[str, object], pulled: Delivery, limits: Brakes) -> list[str]:
    return sorted((before.keys() & pulled.available) - set(limits.allow_blind))


def _gone(table: str) -> str:
    missing = f"The {_kind(table)} {table} used to come and is missing now"
    return f"{missing}. Bring it back, or put {table!r} into brakes.allow_blind."


def _kind(lost: str) -> str:
    return "column" if "." in lost else "table"


def _unseen(table: str) -> str:
    missing = f"the {_kind(table)} {table} used to come and is missing now"
    return f"{missing}: bring it back, or put {table} into brakes.allow_blind"


def _read(rule: Rule) -> frozenset[str]:
    return frozenset[str]().union(*(reads(expr) for expr in expressions_of(rule).values()))
