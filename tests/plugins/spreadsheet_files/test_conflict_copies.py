"""Copies that cloud drives make are known by their names; other files are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodword_csv.files.conflict_copies import conflict_copies

COPIES = [
    "customers (Ana's conflicted copy 2026-11-20).csv",
    "customers (In Konflikt stehende Kopie von Ana 2026-11-20).csv",
    "customers (conflicted copy 2026-11-20 101112).csv",
    "customers_conflict-20261120-101112.csv",
    "customers.sync-conflict-20261120-101112-ABCDEFG.csv",
    "customers-DESKTOP-7Q2LM.csv",
    "customers (1).csv",
    "customers 2.csv",
    "Customers(2).CSV",
]
OTHERS = [
    "customers.tasks.csv",
    "customers 2025.csv",
    "customers-old.csv",
    "customers (old).csv",
    "customers (1).xlsx",
    "new customers.csv",
    "customersanddeals.csv",
]


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert conflict_copies(tmp_path / "customers.csv") == [tmp_path / name]
    assert conflict_copies(tmp_path / "customers.csv", {tmp_path / name}) == []


def test_other_files_are_none(tmp_path: Path) -> None:
    for name in ("customers.csv", *OTHERS):
        (tmp_path / name).touch()
    assert conflict_copies(tmp_path / "customers.csv") == []
    assert conflict_copies(tmp_path / "nowhere" / "customers.csv") == []
