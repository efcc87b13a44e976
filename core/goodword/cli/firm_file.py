"""Writing ``goodword.toml``: a file a person can read, change and understand later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import tomlkit

from goodword.cli.place import FILE, OLD
from goodword.errors import SettingsError, SourceError

Section: TypeAlias = Mapping[str, object]

_HEAD = """\
# How goodword works for this firm. Change what you like, then run: goodword doctor
# What is left out here has a default; every setting is explained in docs/settings.md.

version = 2
"""
_COMMENTS = {
    "firm": {
        "name": "as your customers know it",
        "caller": "who signs when a customer has no rep of their own",
        "language": "of the words in the tasks, a folder below words/",
        "currency": "amounts in another one are left out and counted",
        "region": "country of phone numbers without a country code",
    },
    "connector": {"account": "part of every task's key: leave it as it is"},
    "rollout": {"mode": "shadow only looks, pilot and live write; goodword rollout changes it"},
}
DEFAULTS = {"rollout": {"mode": "shadow"}}
"""Sections every new file has, whatever the settings: a firm looks before anything is written."""
_OFFERS = {
    "firm": """\
# Which rep gets what nobody owns, by the name or id your list uses:
# fallback_owner = "Sam Reed"
# The ways customers can really refer somebody to you; shown to the rep in each task to ask:
# ways_to_refer = ["the link https://example.com/friends", "a card from the front desk"]
# Whom you help best, in one phrase; it makes an ask specific:
# ideal_client = "families who have just moved house"
"""
}
"""Settings worth filling in, offered as comments while they are empty."""


def firm_toml(settings: Mapping[str, Any]) -> str:
    """Return the text of a ``goodword.toml`` holding *settings*.

    Args:
        settings: Sections by name; paths become text, values of None are left out.
    """
    sections = _plain(settings)
    sections.pop("version", None)
    parts = [_HEAD]
    for name in ("firm", "connector", "rollout"):
        section = sections.pop(name, DEFAULTS.get(name, {}))
        parts.append(_commented(name, section))
    if sections:
        parts.append(tomlkit.dumps(sections))
    return "\n".join(parts)


def _commented(name: str, section: Mapping[str, Any]) -> str:
    """Return one section with a word on each line that needs one."""
    comments = _COMMENTS.get(name, {})
    written = [f"[{name}]"]
    for key, value in section.items():
        line = tomlkit.dumps({key: value}).strip()
        note = comments.get(key)
        written.append(f"{line}  # {note}" if note and "\n" not in line else line)
    offered = "" if section.get("ways_to_refer") else _OFFERS.get(name, "")
    return "\n".join(written) + "\n" + offered


def _plain(value: Any) -> Any:
    """Return *value* as TOML can hold it."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Path):
        return value.as_posix()
    return value if isinstance(value, bool | int | float | date) else str(value)


def write_firm(folder: Path, settings: Mapping[str, Any], *, force: bool = False) -> Path:
    """Write ``goodword.toml`` whole or not at all; with *force* the old one is kept beside it.

    Raises:
        SettingsError: There is one already.
        SourceError: The folder cannot be written.
    """
    path = folder / FILE
    refuse_to_overwrite(folder, force=force)
    fresh = folder / f"{FILE}.new"
    try:
        fresh.write_text(firm_toml(settings), encoding="utf-8")
        if path.exists():
            path.replace(folder / OLD)
        fresh.replace(path)
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror})."
        hint = "Run it in a folder you may write to, or name one with --folder."
        raise SourceError(msg, hint=hint) from error
    return path


def refuse_to_overwrite(folder: Path, *, force: bool) -> None:
    """Stop where the firm is set up already.

    Raises:
        SettingsError: There is a ``goodword.toml`` and *force* is not given.
    """
    if (folder / FILE).exists() and not force:
        msg = f"{folder / FILE} is there already."
        hint = f"Change it by hand, or add --force: the old one is kept as {OLD}."
        raise SettingsError(msg, hint=hint)
