"""Batches that say for each input what became of it, however HubSpot answers.

HubSpot answers a batch with one bad input by 207, by 200 with errors in it, or by refusing all of
it with 400 or 409; a refused one is halved until only the bad inputs are left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from goodword_hubspot.seam.failures import RefusedError
from goodword_hubspot.seam.objects import BATCH, Input, chunks
from goodword_hubspot.seam.records import Batch, Record

Send = Callable[[Sequence[Input]], Batch]
SPLIT = frozenset({400, 404, 409, 413, 422})
"""Statuses that one input may have brought about for all."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one input: its record, or why not, without anybody's data."""

    record: Record | None = None
    error: str = ""


def sent(inputs: Sequence[Input], send: Send) -> dict[str, Fate]:
    """Send inputs, at most 100 a call, and return the fate of each by its trace.

    Args:
        inputs: Inputs with different traces; no two may be about one record.
        send: Sends one batch.
    """
    fates: dict[str, Fate] = {}
    for part in chunks(inputs, BATCH):
        fates |= _sent(part, send)
    return fates


def _sent(inputs: Sequence[Input], send: Send) -> dict[str, Fate]:
    try:
        batch = send(inputs)
    except RefusedError as refused:
        if refused.status not in SPLIT:
            raise
        if len(inputs) == 1:
            return {inputs[0].trace: Fate(error=f"HubSpot refused it: {refused.trouble.reason}.")}
        middle = len(inputs) // 2
        return _sent(inputs[:middle], send) | _sent(inputs[middle:], send)
    return _fates(inputs, batch)


def _fates(inputs: Sequence[Input], batch: Batch) -> dict[str, Fate]:
    """Match results and errors with inputs: by trace, else by id, else by the key they wrote."""
    by_trace = {record.trace: record for record in batch.records if record.trace}
    by_id = {record.id: record for record in batch.records}
    reasons = {name: error for error in batch.errors for name in error.inputs}
    fates: dict[str, Fate] = {}
    for each in inputs:
        record = by_trace.get(each.trace) or by_id.get(each.id) or _by_key(each, batch.records)
        if record is not None:
            fates[each.trace] = Fate(record)
            continue
        error = reasons.get(each.trace) or reasons.get(each.id)
        reason = error.trouble.reason if error else "no reason given"
        fates[each.trace] = Fate(error=f"HubSpot refused it: {reason}.")
    return fates


def _by_key(given: Input, records: Sequence[Record]) -> Record | None:
    """Return the record that holds the value by which the input names it."""
    if not given.id_property:
        return None
    found = (r for r in records if r.get(given.id_property) == given.id)
    return next(found, None)


def texts(values: Mapping[str, str | int | None]) -> dict[str, str]:
    """Return values as HubSpot wants them: texts; an empty one empties the property."""
    return {name: "" if value is None else str(value) for name, value in values.items()}
