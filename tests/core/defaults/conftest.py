"""A small firm in rows: tables, facts and decisions of the bundled rules, for the tests here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from goodword import defaults
from goodword.decide import decide
from goodword.engines.polars_engine import PolarsEngine
from goodword.expressions import Facts
from goodword.facts import build_facts, fact_types
from goodword.policy import Policy
from goodword.rulebook import DECISION_TYPES, Rulebook, assemble
from goodword.rules import Fact
from goodword.tables import TABLES, Frame

Row = Mapping[str, Any]
TODAY = date(2026, 11, 20)


@dataclass
class Firm:
    """The bundled plugin with a firm's settings, on the default engine."""

    settings: Policy = field(default_factory=Policy)
    engine: PolarsEngine = field(default_factory=PolarsEngine)

    @property
    def facts(self) -> list[Fact]:
        return list(defaults.goodword_facts(self.settings))

    def tables(self, **rows: Sequence[Row]) -> dict[str, Frame]:
        """Every canonical table; a contact Ada is there unless the test brings its own."""
        given = {"contacts": [{"contact_id": "ada", "name": "Ada Quist"}], **rows}
        return {
            name: self.engine.rows(
                [{column: row.get(column) for column in table.types} for row in given.get(name, [])],
                table.types,
            )
            for name, table in TABLES.items()
        }

    def frame(self, as_of: date = TODAY, **rows: Sequence[Row]) -> Frame:
        """The facts frame of these rows."""
        sources = {fact.name: "defaults" for fact in self.facts}
        return build_facts(self.tables(**rows), self.facts, sources, {}, as_of, self.engine)

    def rows(self, as_of: date = TODAY, **rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
        """The facts of each contact."""
        return by_contact(self.engine, self.frame(as_of, **rows))

    def ada(self, as_of: date = TODAY, **rows: Sequence[Row]) -> dict[str, Any]:
        """The facts of Ada."""
        return self.rows(as_of, **rows)["ada"]

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
        return by_contact(self.engine, decide(frame, self.book(), as_of))

    def decision(self, as_of: date = TODAY, **rows: Sequence[Row]) -> dict[str, Any]:
        """The decision about Ada."""
        return self.decisions(as_of, **rows)["ada"]

    def verdict(self, as_of: date = TODAY, **rows: Sequence[Row]) -> tuple[str, str]:
        """Verdict and reason code for Ada."""
        decided = self.decision(as_of, **rows)
        return decided["verdict"], decided["code"]


def by_contact(engine: PolarsEngine, frame: Frame) -> dict[str, dict[str, Any]]:
    """The rows of *frame* by contact."""
    return {row["contact_id"]: row for row in engine.collect(frame).rows(named=True)}


@pytest.fixture
def firm() -> Firm:
    """A firm with the default settings."""
    return Firm()


@pytest.fixture
def firm_with() -> Callable[..., Firm]:
    """A firm whose settings differ: ``firm_with(ask={"require_consent": True})``."""

    def build(**sections: Mapping[str, object]) -> Firm:
        return Firm(Policy.model_validate(sections))

    return build


@pytest.fixture
def ago() -> Callable[[int], datetime]:
    """The moment some days before the day of the run, at noon."""

    def moment(days: int) -> datetime:
        return datetime(TODAY.year, TODAY.month, TODAY.day, 12) - timedelta(days=days)

    return moment
