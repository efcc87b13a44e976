"""The tables of bulk jobs: from text to values and back."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from goodword_salesforce.fake.answers import RefusedError, Value
from goodword_salesforce.fake.fields import NUMBERS, Field

CLEAR = "#N/A"
"""In a cell, it empties the field; an empty cell leaves the field as it is."""
ENDS = {"LF": "\n", "CRLF": "\r\n"}


def rows(text: str, line_ending: str) -> list[list[str]]:
    """Return the cells of *text*, the header first.

    Raises:
        RefusedError: Its lines end in another way than was said.
    """
    first = text.split("\n", 1)[0]
    if first.endswith("\r") != (line_ending == "CRLF"):
        code, said = "ClientInputError", f"Current LineEnding setting is {line_ending}"
        raise RefusedError(code, f"LineEnding is invalid on user data. {said}")
    return list(csv.reader(StringIO(text, newline=""), strict=True))


def table(header: Sequence[str], cells: Sequence[Sequence[str]], line_ending: str = "LF") -> str:
    """Return a table as text, every cell in quotes."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator=ENDS[line_ending], quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows(cells)
    return out.getvalue()


def value(field: Field, cell: str) -> object:
    """Return what *cell* says as JSON would."""
    if cell == CLEAR:
        return None
    if field.type == "boolean" and cell.lower() in {"true", "false"}:
        return cell.lower() == "true"
    if field.type in NUMBERS:
        try:
            return int(cell) if field.type == "int" else float(cell)
        except ValueError:
            return cell
    return cell


def cell(found: Value) -> str:
    """Return a value as a query job writes it."""
    if found is None:
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    text = str(found)
    return text.replace("+0000", "Z") if text.endswith("+0000") and "T" in text else text
