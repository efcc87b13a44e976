"""The ledger: one SQLite file that knows every write we ever intended, sent and took back.

A write is a row with a key: its intent is committed before the host is called, its result after.
What is still an intent when a run starts is looked up on the host, so a crash never causes a
second task. ``history`` is append-only and answers who changed what, when, under which plan.
Keys stay for ever; words and names expire, and a person can be forgotten.
"""

from __future__ import annotations

from goodword.ledger.history import History
from goodword.ledger.host import RECONCILED, HostView
from goodword.ledger.lookups import Lookups
from goodword.ledger.privacy import Privacy
from goodword.ledger.rows import Entry, HistoryRow, Outstanding, RunRow
from goodword.ledger.runs import Result, Runs
from goodword.ledger.writes import Writes

__all__ = [
    "RECONCILED",
    "Entry",
    "HistoryRow",
    "Ledger",
    "Outstanding",
    "Result",
    "RunRow",
]


class Ledger(Runs, Writes, HostView, Lookups, History, Privacy):
    """The ledger of one firm. *path* is made, readable by its owner only, when missing."""
