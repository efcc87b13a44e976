"""Changing how much goodword may write: one section of ``goodword.toml``, the rest untouched.

Every other byte of the file stays: comments, order, spaces and line ends. What comes out is read
back before the file is replaced, so that a file laid out in a way we do not expect is refused.
"""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from goodword.cli.place import FILE
from goodword.errors import SettingsError, SourceError

BOM = b"\xef\xbb\xbf"


def write_rollout(
    folder: Path, profile: str, mode: str, lists: Mapping[str, Sequence[str]]
) -> bool:
    """Write mode and lists into ``[rollout]``, or that of a profile; say whether it changed.

    Args:
        folder: The firm's folder.
        profile: Name of the profile; empty for the firm's own section.
        mode: The new mode.
        lists: ``owners`` and ``contacts`` to be written; one that is left out stays as it is.

    Raises:
        SettingsError: The file is laid out in a way that must be changed by hand.
        SourceError: The file cannot be read or written.
    """
    path = folder / FILE
    try:
        before = path.read_bytes()
        after = changed(before, profile, {"mode": mode, **{k: list(v) for k, v in lists.items()}})
        if after == before:
            return False
        replace_whole(path, after)
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror})."
        raise SourceError(msg, hint="Check the permissions of the file and its folder.") from error
    return True


def changed(before: bytes, profile: str, values: Mapping[str, Any]) -> bytes:
    """Return the file's bytes with *values* in the section of the rollout.

    Raises:
        SettingsError: See ``write_rollout``.
    """
    mark, body = (BOM, before[len(BOM) :]) if before.startswith(BOM) else (b"", before)
    text = body.decode("utf-8")
    where = ["profile", profile, "rollout"] if profile else ["rollout"]
    here = _section(tomllib.loads(text), where)
    new = {name: value for name, value in values.items() if here is None or here.get(name) != value}
    if not new:
        return before
    try:
        fresh = _appended(text, where, new) if here is None else _edited(text, where, new)
        fresh = line_ends(text, fresh)
        sound = tomllib.loads(fresh) == _expected(tomllib.loads(text), where, new)
    except ValueError:  # of tomllib and of tomlkit: what would come out is not TOML
        sound = False
    if not sound:
        wanted = ", ".join(f"{name} = {_toml(value)}" for name, value in values.items())
        msg = f"{FILE} is laid out in a way that goodword rollout cannot change."
        raise SettingsError(msg, hint=f"Write it by hand below [{'.'.join(where)}]: {wanted}")
    return mark + fresh.encode()


def replace_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step, with the permissions it has."""
    target = path.resolve()  # a link stays one
    fresh = target.with_name(f"{target.name}.new")
    try:
        fresh.write_bytes(b"")
        shutil.copymode(target, fresh)
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _appended(text: str, where: Sequence[str], values: Mapping[str, Any]) -> str:
    """Return *text* with the section at its end."""
    head = ".".join(_key(part) for part in where)
    gap = "" if text.endswith("\n") or not text else "\n"
    lines = [f"{name} = {_toml(value)}" for name, value in values.items()]
    return f"{text}{gap}\n[{head}]\n" + "".join(f"{line}\n" for line in lines)


def _edited(text: str, where: Sequence[str], values: Mapping[str, Any]) -> str:
    """Return *text* with values changed in a section that is there."""
    import tomlkit

    document = tomlkit.parse(text)
    section: Any = document
    for part in where:
        section = section[part]
    for name, value in values.items():
        section[name] = value
    return tomlkit.dumps(document)


def _expected(
    data: dict[str, Any], where: Sequence[str], values: Mapping[str, Any]
) -> dict[str, Any]:
    here = data
    for part in where:
        here = here.setdefault(part, {})
    here.update(values)
    return data


def _section(data: Mapping[str, Any], where: Sequence[str]) -> Mapping[str, Any] | None:
    here: Any = data
    for part in where:
        here = here.get(part) if isinstance(here, Mapping) else None
    return here if isinstance(here, Mapping) else None


def line_ends(before: str, after: str) -> str:
    """Return *after* with the line ends of *before*, where those are all of Windows."""
    lone = re.compile(r"(?<!\r)\n")
    if "\r\n" in before and not lone.search(before):
        return lone.sub("\r\n", after)
    return after


def _key(part: str) -> str:
    return part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else _toml(part)


def _toml(value: object) -> str:
    """Return a text or a list of texts as TOML writes it."""
    import tomlkit

    return tomlkit.item(value).as_string()
