"""A first pull and a small one after it: what the tests of merging share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from goodword import Cursor
from goodword.engines.polars_engine import PolarsEngine
from goodword.mirror import Mirror, Snapshot

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def opened(folder: Path) -> Mirror:
    return Mirror(folder, PolarsEngine(), {})


def people(numbers: range, name: str = "Person") -> list[dict[str, Any]]:
    return [{"contact_id": f"c{n}", "name": f"{name} {n}"} for n in numbers]


def first_pull(mirror: Mirror) -> Snapshot:
    intake = mirror.intake()
    intake.whole("contacts", "owners", "activities")
    intake.put("contacts", people(range(50)))
    intake.put("owners", [{"owner_id": "o1", "name": "Rep", "active": True}])
    intake.put("activities", [{"activity_id": f"v{n}", "kind": "call"} for n in range(50)])
    return intake.commit(Cursor({"at": "1"}), NOW)


def news(mirror: Mirror) -> Snapshot:
    """Merge one changed person, one new, one removed; the owners are left alone."""
    intake = mirror.intake()
    intake.put("contacts", [*people(range(7, 8), "Renamed"), *people(range(50, 51))])
    intake.remove("contacts", [{"contact_id": "c9"}])
    intake.put("activities", [{"activity_id": "v3", "kind": "visit"}])
    return intake.commit(Cursor({"at": "2"}), NOW)


def every_body_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the body of any table as it is, as if it had a hundred thousand rows."""
    monkeypatch.setattr("goodword.table_files.LARGE", 1)
    monkeypatch.setattr("goodword.table_files.PART", 2)


def held(snapshot: Snapshot | None) -> dict[str, list[tuple[Any, ...]]]:
    assert snapshot is not None
    shown = {
        "contacts": ("contact_id", "name"),
        "owners": ("owner_id", "name"),
        "activities": ("activity_id", "kind"),
    }
    return {
        table: sorted(snapshot.tables[table].select(*columns).collect("polars").rows())
        for table, columns in shown.items()
    }
