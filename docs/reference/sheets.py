"""The sheets: what a list can be, and what each of its columns can mean."""

from __future__ import annotations

from goodword_csv.headers.columns import OWN_HEADERS, SHEET_KINDS
from goodword_csv.headers.products import PRODUCTS
from goodword_csv.tasks.task_sheet import HEADER
from reference.markdown import code, sentence, table


def sheet_kinds() -> str:
    """Return a section for each kind of sheet with its fields."""
    parts = []
    for kind in SHEET_KINDS.values():
        fields = {field.name: field for field in reversed(kind.fields)}
        rows = [(code(field.name), field.doc) for field in reversed(fields.values())]
        parts.append(f"### {kind.name}\n\n{kind.doc}\n\n{table(('field', 'meaning'), rows)}")
    return "\n\n".join(parts)


def known_exports() -> str:
    """Return the exports whose headers are known, as one line."""
    return ", ".join(dict.fromkeys(product.name for product in PRODUCTS)) + "."


def own_columns() -> str:
    """Return the columns we add to the customer list, and those of the task list."""
    ours = ", ".join(code(name) for name in OWN_HEADERS)
    tasks = ", ".join(code(name) for name in HEADER)
    return f"- On the customer list: {ours}.\n- On the task list: {sentence(tasks)}."
