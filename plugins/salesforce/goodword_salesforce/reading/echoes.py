"""What is no news: a record that says what it said when it was read last.

Our own writing moves a record's time of change as anybody's does, and a pull looks back a little;
so the same content comes again. It is told by what it says, never by who saved it: a person may
have changed it in the same minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from goodword_salesforce.names import OWN
from goodword_salesforce.reading.columns import STAMPS

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk
    from goodword_salesforce.seam.values import Row

MARK = " from "
"""What stands before the ids of a person's referrers, where those are remembered too."""
_NOT_CONTENT = frozenset({*OWN.values(), *STAMPS}) - {"CreatedDate"}
"""Fields that goodword fills by itself, and times of change."""


def news_among(desk: Desk, rows: Sequence[Row]) -> list[Row]:
    """Return the rows that say something new, and remember what all of them say."""
    echoes = desk.memory.echoes
    new = []
    for row in rows:
        digest = digest_of(row)
        before, mark, more = echoes.get(row["Id"], "").partition(MARK)
        if before != digest:
            new.append(row)
            echoes[row["Id"]] = f"{digest}{mark}{more}"
    return new


def digest_of(row: Row) -> str:
    """Return the digest of what a record says, our own fields aside."""
    said = sorted((name, text) for name, text in row.items() if name not in _NOT_CONTENT)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]
