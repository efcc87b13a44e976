"""The id of a firm's spreadsheets as a host account; it is part of every task key."""

from __future__ import annotations

from pathlib import Path

from goodword_csv.rows.identity import digest
from goodword_csv.settings import Source


def account_of(customers: Source) -> str:
    """Return the account of a customer list: a short hash of its file's name and its sheet."""
    return f"csv-{digest(Path(customers.file).name, customers.sheet)}"
