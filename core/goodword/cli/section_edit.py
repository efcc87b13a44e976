"""Changing one section of ``goodword.toml`` deeply: comments, order and all else stay.

What comes out is read back first, so that a file laid out in a way we do not expect is refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from goodword.cli.place import FILE
from goodword.cli.rollout_setting import BOM, line_ends
from goodword.errors import SettingsError


def with_section(
    before: bytes, where: Sequence[str], values: Mapping[str, Any], *, by_hand: str
) -> bytes:
    """Return the file's bytes with the section *where* holding exactly *values*.

    Args:
        before: The file as it is.
        where: The section, from the outermost on.
        values: All it is to hold.
        by_hand: What a person has to write where it cannot be changed, in one sentence.

    Raises:
        SettingsError: The file is laid out in a way that must be changed by hand.
    """
    import tomlkit

    mark, body = (BOM, before[len(BOM) :]) if before.startswith(BOM) else (b"", before)
    text = body.decode("utf-8")
    expected = tomllib.loads(text)
    _section(expected, where[:-1])[where[-1]] = values
    if expected == tomllib.loads(text):
        return before
    try:
        document = tomlkit.parse(text)
        _change(_section(document, where), values)
        fresh = line_ends(text, tomlkit.dumps(document))
        sound = tomllib.loads(fresh) == expected
    except (ValueError, TypeError, LookupError):  # of tomlkit, about a layout it cannot change
        sound = False
    if not sound:
        msg = f"{FILE} is laid out in a way that cannot be changed by itself."
        raise SettingsError(msg, hint=by_hand)
    return mark + fresh.encode()


def _section(document: Any, where: Sequence[str]) -> Any:
    """Return a section of a document; Any, because tomlkit's tables are of many types."""
    for part in where:
        document = document.setdefault(part, {})
    return document


def _change(here: MutableMapping[str, Any], values: Mapping[str, Any]) -> None:
    """Bring a table to *values*, changing only what differs."""
    for key in [key for key in here if key not in values]:
        del here[key]
    for key, value in values.items():
        old = here.get(key)
        tables = _tables(old)
        if isinstance(value, Mapping) and isinstance(old, MutableMapping):
            _change(old, value)
        elif tables and isinstance(value, list) and len(tables) == len(value):
            for table, one in zip(tables, value, strict=True):
                _change(table, one)
        elif old is None or old != value:
            here[key] = value


def _tables(value: object) -> list[MutableMapping[str, Any]]:
    """Return a list of tables, which is changed one by one; empty for anything else."""
    tables = value if isinstance(value, list) else []
    return tables if all(isinstance(one, MutableMapping) for one in tables) else []
