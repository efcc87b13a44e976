"""A plan on disk: a seal, then the plan as JSON; written and read a few actions at a time.

The first plan of a list of 100,000 people writes about everybody. As one text beside its values it
took nearly 400 MB of memory to read; piece by piece it takes what the values take.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from pydantic import TypeAdapter

from goodword.model import Action, Plan, SetFields, fields_action

if TYPE_CHECKING:
    from pathlib import Path

_NONE, _OPEN, _CLOSE = b'\n "actions": []', b'\n "actions": [\n', b"\n ],"
_BETWEEN = b"\n  },\n  {"
"""How the list of actions begins and ends and what stands between two: a text in JSON holds no line
break, so that these are found by their indentation."""
_SEAL = len(f"sha256 {'0' * 64}\n")
_PIECE = 1 << 18
"""Bytes of actions read at a time."""
_ACTIONS: TypeAdapter[tuple[Action, ...]] = TypeAdapter(tuple[Action, ...])


def write_plan(plan: Plan, file: BinaryIO) -> None:
    """Write *plan* into an empty file: the sum over all that follows, and the plan."""
    summed = hashlib.sha256()
    file.write(b" " * _SEAL)
    for piece in _pieces(plan):
        summed.update(piece)
        file.write(piece)
    file.seek(0)
    file.write(f"sha256 {summed.hexdigest()}\n".encode())


def is_sealed(data: bytes) -> bool:
    """Say whether what was written is as it was written."""
    summed = hashlib.sha256(memoryview(data)[_SEAL:])
    return data[:_SEAL] == f"sha256 {summed.hexdigest()}\n".encode()


def sum_of(path: Path) -> str:
    """Return the sum over a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_plan(data: bytes) -> Plan:
    """Return the plan that ``write_plan`` wrote.

    Raises:
        ValueError: It was written by another version.
    """
    start, end = _place(data)
    if start < 0 or end < 0:
        return Plan.model_validate_json(data[_SEAL:])
    actions = tuple(_actions(data, start + len(_OPEN), end))
    return read_head(data).model_copy(update={"actions": actions})


def read_head(data: bytes) -> Plan:
    """Return the plan that ``write_plan`` wrote without its actions.

    Raises:
        ValueError: It was written by another version.
    """
    start, end = _place(data)
    if start < 0 or end < 0:
        return Plan.model_validate_json(data[_SEAL:]).model_copy(update={"actions": ()})
    return Plan.model_validate_json(data[_SEAL:start] + _NONE + data[end + len(_CLOSE) - 1 :])


def _place(data: bytes) -> tuple[int, int]:
    """Return where the list of actions begins and ends; less than 0 where there is none."""
    start = data.find(_OPEN, _SEAL)
    return start, data.find(_CLOSE, start)


def _pieces(plan: Plan) -> Iterator[bytes]:
    """Give the JSON of *plan* as pydantic indents it, an action at a time."""
    bare = plan.model_copy(update={"actions": ()}).model_dump_json(indent=1).encode()
    if not plan.actions:
        yield bare
        return
    head, _, tail = bare.partition(_NONE)
    yield head + _OPEN
    before = b"  "
    for action in plan.actions:
        yield before + action.model_dump_json(indent=1).replace("\n", "\n  ").encode()
        before = b",\n  "
    yield b"\n ]" + tail


def _actions(data: bytes, start: int, end: int) -> Iterator[Action]:
    """Give the actions between two places, of which many hold what was empty before."""
    empty: dict[tuple[str, ...], Mapping[str, str | int | None]] = {}
    while start < end:
        cut = data.find(_BETWEEN, start + _PIECE, end)
        stop = end if cut < 0 else cut + len(b"\n  }")
        for action in _ACTIONS.validate_json(b"[" + data[start:stop] + b"]"):
            yield _slim(action, empty) if isinstance(action, SetFields) else action
        start = stop + len(b",\n")


def _slim(
    action: SetFields, empty: dict[tuple[str, ...], Mapping[str, str | int | None]]
) -> SetFields:
    """Return *action*; where it replaces nothing, it shares what was *empty*, by its names."""
    before = action.before
    if not any(before.values()) and set(before.values()) == {None}:
        before = empty.setdefault(tuple(before), before)
    return fields_action(action.key, action.contact_id, action.values, before)
