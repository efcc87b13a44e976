"""Everybody a firm's lists have shown, from pull to pull: known by keyed marks, never by name."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from goodword import SourceError

FILE = "csv/people.txt"
"""The register's place in the state folder."""

_VERSION = 1
_MARK_BYTES = 8  # two of a million people share a mark once in 37 million lists
_QUOTED = frozenset('\t\n\\"')
WRITTEN, REMEMBERED = "x", "r"


class Known(NamedTuple):
    """One person: the id, and a mark of each thing a row may know them by; empty where it is not.

    Attributes:
        id: Contact id.
        whole: Mark of everything below together, as the list writes it.
        email: Mark of the address.
        phone: Mark of the end of the number.
        name: Mark of the name as names are compared.
        place: Mark of company and town.
        refused: ``x``: "do not ask" stands in the list; ``r``: it stood there once and is not back.
        gone: Day the person was last seen, as text; empty while they are on the list.
    """

    id: str
    whole: str
    email: str = ""
    phone: str = ""
    name: str = ""
    place: str = ""
    refused: str = ""
    gone: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """The people a list has shown so far.

    Attributes:
        salt: Key of every mark, of this state folder only.
        people: Everybody, those no longer on the list too.
        ours: The list held columns of ours when it was read last.
        day: Day it was read last, as text.
        forgotten: Marks of address and name, and of phone and name, of people to leave out.
    """

    salt: bytes
    people: tuple[Known, ...] = ()
    ours: bool = False
    day: str = ""
    forgotten: frozenset[str] = frozenset()

    def mark(self) -> Callable[[str], str]:
        """Return what turns a text into its mark."""
        fresh = hashlib.blake2b(key=self.salt, digest_size=_MARK_BYTES)

        def mark(text: str) -> str:
            one = fresh.copy()
            one.update(text.encode(errors="surrogatepass"))
            return one.hexdigest()

        return mark

    def without(self, contact_id: str) -> Register:
        """Return the register after a person is forgotten; only marks that keep them out stay."""
        gone = [one for one in self.people if one.id == contact_id]
        left = tuple(one for one in self.people if one.id != contact_id)
        marks = frozenset(pair for one in gone for pair in pairs(one, self.mark()))
        return replace(self, people=left, forgotten=self.forgotten | marks)


def pairs(one: Known, mark: Callable[[str], str]) -> list[str]:
    """Return the marks by which a forgotten person is still left out: two things together."""
    return [mark(f"{key}&{one.name}") for key in (one.email, one.phone) if key]


def new_register() -> Register:
    """Return a register that knows nobody."""
    return Register(secrets.token_bytes(16))


def read_register(state: Path) -> Register:
    """Read the register of a state folder; a missing or damaged one knows nobody, and is no error.

    Raises:
        SourceError: It is there and may not be read.
    """
    path = state / FILE
    try:
        text = path.read_text(encoding="utf-8", errors="surrogatepass")
        head, *lines = text.split("\n")
        said = json.loads(head)
        if said["version"] != _VERSION or lines.pop() != "":
            return new_register()
        people = tuple(map(Known._make, (line.split("\t") for line in lines)))
        if '\t"' in text or '\n"' in text:
            people = tuple(one._replace(id=_plain(one.id)) for one in people)
        return Register(
            bytes.fromhex(said["salt"]),
            people,
            bool(said["ours"]),
            str(said["day"]),
            frozenset(map(str, said["forgotten"])),
        )
    except FileNotFoundError:
        return new_register()
    except (ValueError, KeyError, TypeError):  # cut off or edited: the list tells it all again
        return new_register()
    except OSError as error:
        msg = f"{path} may not be read ({error.strerror})."
        hint = "Check its permissions, or delete it: it is made anew from the list."
        raise SourceError(msg, hint=hint) from error


def save_register(state: Path, register: Register) -> None:
    """Write the register whole or not at all, for its owner's eyes only.

    Raises:
        SourceError: The state folder cannot be written; the register before is still there.
    """
    path = state / FILE
    fresh = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(_text(register).encode(errors="surrogatepass"))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror})."
        hint = "Make the folder writable, or make room on the disk, and run again."
        raise SourceError(msg, hint=hint) from error


def _text(register: Register) -> str:
    head = {
        "version": _VERSION,
        "salt": register.salt.hex(),
        "day": register.day,
        "ours": register.ours,
        "forgotten": sorted(register.forgotten),
    }
    lines = map("\t".join, _quoted(register.people))
    return "\n".join([json.dumps(head), *lines, ""])


def _quoted(people: Iterable[Known]) -> Iterable[Known]:
    """Write an id that would break its line as JSON does."""
    for one in people:
        yield one if _QUOTED.isdisjoint(one.id) else one._replace(id=json.dumps(one.id))


def _plain(text: str) -> str:
    return str(json.loads(text)) if text.startswith('"') else text
