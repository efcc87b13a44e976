"""The canonical tables: what a connector fills and a fact is computed from."""

from __future__ import annotations

from goodword.tables import TABLES, WORDS
from reference.markdown import code, table


def tables() -> str:
    """Return a section for each table: its columns, and what names a row."""
    parts = []
    for one in TABLES.values():
        closed = WORDS.get(one.name, {})
        rows = [
            (code(column.name), "word" if column.name in closed else column.type, column.doc)
            for column in one.columns
        ]
        key = ", ".join(code(name) for name in one.key)
        head = f"## {one.name}\n\n{one.doc} A row is named by {key}.\n"
        parts.append(f"{head}\n{table(('column', 'type', 'meaning'), rows)}\n")
    return "\n".join(parts).rstrip()
