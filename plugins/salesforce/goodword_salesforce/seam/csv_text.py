"""Rows of an answer in CSV, with commas, quotes, newlines and emoji as they are in the org."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from goodword_salesforce.seam.failures import unusual
from goodword_salesforce.seam.values import Found, Row

_JOB = "a large job"


def decoded(text: str, *needed: str) -> Iterator[Row]:
    """Yield the rows of an answer in CSV; empty values are left out, newlines in them stay.

    Args:
        text: The answer; an empty one has no rows.
        needed: Columns it must have, in any case of letters.

    Raises:
        ConnectorError: It is no such sheet.
    """
    lines = csv.reader(StringIO(text.replace("\0", "").removeprefix("\ufeff"), newline=""))
    try:
        columns = next(lines, [])
        if columns and not {each.lower() for each in needed} <= {each.lower() for each in columns}:
            raise unusual(what=_JOB)
        for cells in lines:
            if cells:
                pairs = zip(columns, cells, strict=False)
                yield Found({each: cell for each, cell in pairs if cell != ""})
    except csv.Error:
        raise unusual(what=_JOB) from None
