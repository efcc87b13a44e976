"""A small firm in rows: tables, facts and decisions of the bundled rules, for the tests here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any

import pytest

from goodword import defaults
from goodword.decide import decide
from goodword.defaults.touchpoints import touchpoints
from goodword.engines.polars_engine import PolarsEngine
from goodword.expressions import Facts
from goodword.facts import build_facts, fact_types
from goodword.policy import Policy
from goodword.rulebook import DECISION_TYPES, Rulebook, assemble
from goodword.rules import Build, Fact
from goodword.tables import TABLES, Frame

Row = Mapping[str, Any]
TODAY = date(2026, 11, 20)


@dataclass
class FactsOf:
    """The facts of one contact, by name."""

    look_up: Callable[[str], Any]

    def __getitem__(self, name: str) -> Any:
        return self.look_up(name)


@dataclass
class Firm:
    """The bundled plugin with a firm's settings, on the default engine."""

    settings: Policy = field(default_factory=Policy)
    engine: PolarsEngine = field(default_factory=PolarsEngine)
    today: date = TODAY

    @cached_property
    def facts(self) -> list[Fact]:
        return list(defaults.goodword_facts(touchpoints(), self.settings))

    def tables(self, **rows: Sequence[Row]) -> dict[str, Frame]:
        """Every canonical table; a contact Ada is there unless the test brings its own."""
        given = {"contacts": [{"contact_id": "ada", "name": "Ada Quist"}], **rows}
        return {
            name: self.engine.rows(
                [
                    {column: row.get(column) for column in table.types}
                    for row in given.get(name, [])
                ],
                table.types,
            )
            for name, table in TABLES.items()
        }

    def frame(self, as_of: date = TODAY, **rows: Sequence[Row]) -> Frame:
        """The facts frame of these rows."""
        sources = {fact.name: "defaults" for fact in self.facts}
        return build_facts(self.tables(**rows), self.facts, sources, {}, as_of, self.engine)

    def rows(self, as_of: date = TODAY, **rows: Sequence[Row]) -> dict[str, FactsOf]:
        """The facts of each contact, each built when it is looked at."""
        tables = self.tables(**rows)
        built: dict[Build, dict[str, dict[str, Any]]] = {}
        facts = {fact.name: fact for fact in self.facts}

        def look_up(contact: str, name: str) -> object:
            fact = facts[name]
            if fact.build not in built:
                built[fact.build] = by_contact(self.engine, fact.build(tables, as_of))
            value = built[fact.build].get(contact, {}).get(name)
            return fact.fill if value is None else value

        ids = by_contact(self.engine, tables["contacts"])
        return {contact: FactsOf(partial(look_up, contact)) for contact in ids}

    def ada(self, as_of: date = TODAY, **rows: Sequence[Row]) -> FactsOf:
        """The facts of Ada."""
        return self.rows(as_of, **rows)["ada"]

    @cached_property
    def book(self) -> Rulebook:
        """Every bundled rule, checked."""
        types = fact_types(self.facts, {})
        c, seen = Facts(types), Facts({**types, **DECISION_TYPES})
        answers = [
            *defaults.goodword_ask_rules(seen, self.settings),
            *defaults.goodword_plays(seen, self.settings),
        ]
        return assemble(
            ("defaults", defaults.goodword_stage_model(c, self.settings)),
            [("defaults", fact) for fact in self.facts],
            [("defaults", rule) for rule in answers],
            [],
            types,
        )

    def decisions(self, as_of: date = TODAY, **rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
        """The decision about each contact, without scores."""
        import narwhals.stable.v2 as nw

        dtypes = {"text": nw.String, "int": nw.Int64}
        blank = [
            nw.lit(None, dtype=dtypes[kind]).alias(name) for name, kind in DECISION_TYPES.items()
        ]
        frame = self.frame(as_of, **rows).with_columns(blank)
        return by_contact(self.engine, decide(frame, self.book, as_of))

    def decision(self, as_of: date = TODAY, **rows: Sequence[Row]) -> dict[str, Any]:
        """The decision about Ada."""
        return self.decisions(as_of, **rows)["ada"]

    def each(
        self, histories: Mapping[str, Mapping[str, Sequence[Row]]], as_of: date = TODAY
    ) -> dict[str, dict[str, Any]]:
        """The decision about the Ada of each of many histories, all decided at once.

        Histories do not touch: every id of a history is put under its name.
        """
        together: dict[str, list[Row]] = {}
        for name, rows in histories.items():
            for table, some in {"contacts": [{"contact_id": "ada"}], **rows}.items():
                together.setdefault(table, []).extend(apart(name, row) for row in some)
        decided = self.decisions(as_of, **together)
        for name in histories:
            row = decided[f"{name}/ada"]
            row["cycle"] = row["cycle"] and row["cycle"].removeprefix(f"{name}/")
        return {name: decided[f"{name}/ada"] for name in histories}


def apart(name: str, row: Row) -> Row:
    """The same row with its ids under *name*."""
    is_id = {column: column.endswith("_id") or column == "task_key" for column in row}
    return {
        column: f"{name}/{value}" if is_id[column] and value is not None else value
        for column, value in row.items()
    }


def by_contact(engine: PolarsEngine, frame: Frame) -> dict[str, dict[str, Any]]:
    """The rows of *frame* by contact."""
    return {row["contact_id"]: row for row in engine.collect(frame).rows(named=True)}


@pytest.fixture(scope="session")
def firm() -> Firm:
    """A firm with the default settings."""
    return Firm()


@pytest.fixture(scope="session")
def firm_with() -> Callable[..., Firm]:
    """A firm whose settings differ: ``firm_with(ask={"require_consent": True})``."""

    def build(**sections: Mapping[str, object]) -> Firm:
        return Firm(Policy.model_validate(sections))

    return build
