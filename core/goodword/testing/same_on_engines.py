"""The same rules on every engine: one change list, byte for byte.

For authors of plugins, whose facts and rules must mean the same wherever a firm computes, and of
engines. A sum of floats, a bare ``round`` or an order that is left to chance shows here.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from goodword.connector import Capability, Cursor
from goodword.engines import NAMES, Engine, open_engine
from goodword.errors import SettingsError
from goodword.firm import Firm
from goodword.gather import completed, head_of, situation_of
from goodword.ledger import Ledger
from goodword.own_fields import FIELDS
from goodword.plan import make_plan
from goodword.settings import FILE, Settings, validated
from goodword.situation import Host, decided
from goodword.testing.awkward_firm import DAY, awkward_firm

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

ACCOUNT = "conformance"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ROLLOUT = {"mode": "live", "start_date": date(2026, 1, 1)}


def engines_here() -> tuple[str, ...]:
    """Return the engines that can run on this machine; polars always, spark where Java is."""
    return tuple(name for name in NAMES if _is_here(name))


def _is_here(name: str) -> bool:
    try:
        open_engine(name)
    except SettingsError:
        return False
    return True


def change_list(
    engine: Engine | str,
    folder: Path,
    tables: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    settings: Mapping[str, Any] | None = None,
    as_of: date = DAY,
) -> str:
    """Decide for everybody in *tables* on *engine*; return each action as a line of JSON.

    Args:
        engine: One of ``polars``, ``duckdb`` and ``spark``, or an engine of your own.
        folder: An empty folder for the firm's mirror and state.
        tables: Canonical tables; None means ``awkward_firm()``.
        settings: What stands in the firm's ``goodword.toml``: ``{"plugins": {"enabled":
            ["golf"]}}`` lets an installed plugin decide with goodword's own rules.
        as_of: Day of the run.
    """
    held = {"rollout": ROLLOUT, **(settings or {})}
    firm = Firm(folder, today=as_of, clock=lambda: NOW)
    firm.settings = validated(Settings, held, FILE)
    firm.engine = open_engine(engine, spill=folder / "spill") if isinstance(engine, str) else engine
    firm.require_sound()
    snapshot = _pulled(firm, awkward_firm() if tables is None else tables)
    host = Host(ACCOUNT, frozenset(Capability), frozenset(FIELDS))
    ledger = Ledger(firm.state.ledger)
    try:
        situation = situation_of(firm, snapshot, completed(firm, snapshot, ledger), host, ledger)
        made = make_plan(situation, decided(situation), head_of(firm, snapshot))
    finally:
        ledger.close()
    counts = {"verdicts": made.verdicts, "held": made.held, "waiting": made.waiting}
    lines = [json.dumps(counts, sort_keys=True)]
    lines += [json.dumps(each.model_dump(mode="json"), sort_keys=True) for each in made.actions]
    return "\n".join(lines) + "\n"


def require_same_changes(
    folder: Path,
    engines: Iterable[Engine | str] | None = None,
    tables: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    settings: Mapping[str, Any] | None = None,
    as_of: date = DAY,
) -> str:
    """Return the change list that every engine gives; arguments as for ``change_list``.

    Args:
        folder: An empty folder; each engine's firm gets a folder of its own in it.
        engines: What to compare with polars; None means every engine of this machine.
        tables: Canonical tables; None means ``awkward_firm()``.
        settings: What stands in the firm's ``goodword.toml``.
        as_of: Day of the run.

    Raises:
        AssertionError: An engine gives another list; the first line that differs is shown.
    """
    first = change_list("polars", folder / "polars", tables, settings, as_of)
    others = engines_here()[1:] if engines is None else engines
    for number, engine in enumerate(others):
        name = engine if isinstance(engine, str) else type(engine).__name__
        if name == "polars":
            continue
        found = change_list(engine, folder / f"{number}-{name}", tables, settings, as_of)
        assert found == first, _difference(name, first, found)
    return first


def _pulled(firm: Firm, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Any:
    """Return *tables* as a snapshot, through a real mirror."""
    firm.folder.mkdir(parents=True, exist_ok=True)
    firm.state.prepare()
    intake = firm.mirror.intake()
    for name, rows in tables.items():
        intake.put(name, rows)
    intake.whole(*tables)
    return intake.commit(Cursor(), NOW)


def _difference(name: str, first: str, found: str) -> str:
    lines = zip(first.splitlines(), found.splitlines(), strict=False)
    for number, (wanted, got) in enumerate(lines, 1):
        if wanted != got:
            return f"{name} differs from polars in line {number}:\n{wanted}\n{got}"
    return f"{name} gives {found.count(chr(10))} lines, polars {first.count(chr(10))}"
