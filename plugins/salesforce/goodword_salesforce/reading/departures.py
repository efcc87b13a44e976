"""Who left the org for good: erased past the recycle bin, so that no query shows them.

A record that was merged or converted before is the former one of somebody who may well be there:
its leaving says nothing of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from goodword_salesforce.seam.collections import chunks
from goodword_salesforce.seam.query import Wanted, each_page_of
from goodword_salesforce.seam.soql import one_of, select

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk

FEW = 20
"""Most people believed to be erased at once: a user who sees less must not erase everybody."""
AT_ONCE = 500


def settle_departed(
    desk: Desk, sink: Sink, gone: Mapping[str, Collection[str]], binned: Collection[str]
) -> None:
    """Take out people who were deleted; forget those who were erased for privacy.

    Args:
        desk: The org.
        sink: Where it is said.
        gone: Object to those who were deleted.
        binned: Those of them who can be seen in the bin, and were handed over from there.
    """
    wanted = [
        Wanted(select(of, "Id").where(one_of("Id", part)), gone_too=True)
        for of, ids in gone.items()
        for part in chunks([each for each in ids if each not in binned], AT_ONCE)
    ]
    if not wanted:
        return
    seen = {row["Id"] for _, rows in each_page_of(desk.org, wanted) for row in rows}
    left = [each for ids in gone.values() for each in ids if each not in binned]
    gone_for_good = sorted(each for each in left if each not in seen)
    for table in ("contacts", "own_fields"):
        sink.remove(table, [{"contact_id": each} for each in gone_for_good])
    erased = [each for each in gone_for_good if not desk.memory.is_somebody_else(each)]
    if len(erased) > FEW:
        text = f"{len(erased):,} people are in no recycle bin, too many to take them for erased on "
        sink.notice("departed", f"{text}request; what is kept of them stays: goodword forget.")
    elif erased:
        sink.forgotten(*erased)
        desk.memory.forget(erased, ())
