"""The bundled sample firm in a folder of its own, decided on any engine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from goodword.cli.demo_folder import lay_out
from goodword.firm import Firm
from goodword.plugins import load_plugins
from goodword.settings import Settings

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)


def firm_on(home: Path, engine: str) -> Firm:
    """Return the sample firm, decided by what stands in *engine*."""
    if not home.exists():
        lay_out(home, load_plugins((), Settings().policy, {}, {}).connectors()["csv"])
    file = home / "goodword.toml"
    ours = file.read_text(encoding="utf-8").split("[engine]")[0]
    file.write_text(f"{ours}\n{engine}", encoding="utf-8")
    return Firm(home, today=NINE.date(), clock=lambda: NINE)
