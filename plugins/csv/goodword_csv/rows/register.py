"""Everybody a firm's lists have shown, from pull to pull: known by keyed marks, never by name."""

from __future__ import annotations

import hashlib
import json
import secrets
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from goodword import SourceError, private_file
from goodword_csv.rows.identity import folded
from goodword_csv.rows.known import REMEMBERED, WRITTEN, Known, People
from goodword_csv.rows.trail import Trail, read_trail, save_trail

FILE = "csv/people.txt"
"""The register's place in the state folder."""
SPARE = "csv/refused.txt"
"""A second one, of those only whom no accident may lose: who refused, and who is to stay out."""
_ASIDE = ".damaged"

_VERSION = 2
"""Version 1 had no former addresses and numbers; it is read as it is."""
_MARK_BYTES = 8  # two of a million people share a mark once in 37 million lists


@dataclass(frozen=True, slots=True)
class Register:
    """The people a list has shown so far.

    Attributes:
        salt: Key of every mark, of this state folder only.
        people: Everybody, those no longer on the list too.
        ours: The list held columns of ours when it was read last.
        day: Day it was read last, as text.
        forgotten: Marks of address and name, and of phone and name, of people to leave out.
        lost: What happened to the file, where all that is left is who refused, or, where it is
            ``gone``, nothing at all; empty: nothing happened.
        trail: What the list held when it was read or written last.
    """

    salt: bytes
    people: People = field(default_factory=People)
    ours: bool = False
    day: str = ""
    forgotten: frozenset[str] = frozenset()
    lost: Literal["", "damaged", "missing", "gone"] = field(default="", compare=False)
    trail: Trail = field(default_factory=Trail, compare=False)

    def mark(self) -> Callable[[str], str]:
        """Return what turns a text into its mark."""
        fresh = hashlib.blake2b(key=self.salt, digest_size=_MARK_BYTES)

        def mark(text: str) -> str:
            one = fresh.copy()
            one.update(text.encode(errors="surrogatepass"))
            return one.hexdigest()

        return mark

    def compared(self, ids: Collection[str]) -> tuple[int, int, int]:
        """Count who of a list is known and new, and who was there last time and is missing.

        Args:
            ids: Contact ids of the list, in any order; each person counts once.

        Returns:
            Known, new, missing.
        """
        here, known = frozenset(ids), frozenset(self.people.ids())
        missing = sum(not one.gone and one.id not in here for one in self.people)
        return len(here & known), len(here - known), missing

    def called(self, text: str) -> tuple[str, ...]:
        """Return the ids of everybody with this id, address or full name, now or before."""
        said = text.strip()
        mark = self.mark()
        address = mark(f"e{said.lower()}")
        name = mark(f"n{folded(said)}") if folded(said) else ""
        return tuple(
            one.id
            for one in self.people
            if one.id == said or (name and one.name == name) or address in one.reached()
        )

    def with_marks(self, contact_ids: Collection[str]) -> Register:
        """Return the register once refusals of these people stand in the list again."""
        if not contact_ids:
            return self
        people = (
            one._replace(refused=WRITTEN) if one.id in contact_ids else one for one in self.people
        )
        return replace(self, people=People.of(people))

    def as_before(self) -> Register:
        """Return the register where a run was taken back: marks it had put back may be gone."""
        people = (
            one._replace(refused=REMEMBERED) if one.refused == WRITTEN else one
            for one in self.people
        )
        return replace(self, people=People.of(people))

    def without(self, contact_id: str) -> Register:
        """Return the register after a person is forgotten; only marks that keep them out stay."""
        gone = [one for one in self.people if one.id == contact_id]
        left = People.of(one for one in self.people if one.id != contact_id)
        marks = frozenset(pair for one in gone for pair in pairs(one, self.mark()))
        trail = self.trail.without(contact_id)
        return replace(self, people=left, forgotten=self.forgotten | marks, trail=trail)

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever read into it."""
        return not self.people and not self.day


def pairs(one: Known, mark: Callable[[str], str]) -> list[str]:
    """Return the marks by which a forgotten person is still left out: two things together.

    Former addresses and numbers count, so that an older export brings nobody back.
    """
    return [mark(f"{key}&{one.name}") for key in one.reached()]


def new_register() -> Register:
    """Return a register that knows nobody."""
    return Register(secrets.token_bytes(16))


def has_register(state: Path) -> bool:
    """Say whether a state folder holds a register."""
    return (state / FILE).exists()


def read_register(state: Path) -> Register:
    """Read the register of a state folder; none at all knows nobody.

    Where it is damaged or gone, the spare one tells who refused; nothing is changed by reading.

    Raises:
        SourceError: It may not be read, or a newer goodword wrote it, or the spare is damaged, too.
    """
    path, spare = state / FILE, state / SPARE
    trail = read_trail(state)
    try:
        return replace(_read(path), trail=trail)
    except FileNotFoundError:
        try:
            return replace(_read(spare), lost="missing", trail=trail)
        except FileNotFoundError:
            return new_register()
        except _DAMAGED as error:
            raise _nothing_left(spare) from error
    except _DAMAGED as error:
        try:
            return replace(_read(spare), lost="damaged", trail=trail)
        except (FileNotFoundError, *_DAMAGED):
            raise _nothing_left(path) from error


_DAMAGED = (ValueError, KeyError, TypeError, RecursionError)
"""What reading a file raises that was cut off or edited."""


def _nothing_left(path: Path) -> SourceError:
    msg = f"{path} is damaged, and it knows who must not be asked."
    hint = (
        f'Put {path.parent} back from a backup; or, if the list itself marks everybody "do not'
        f' ask", delete {path.name}: it is made anew from the list.'
    )
    return SourceError(msg, hint=hint)


def _read(path: Path) -> Register:
    """Read one file.

    Raises:
        SourceError: It may not be read, or a newer goodword wrote it.
        FileNotFoundError: There is none.
        ValueError: It is damaged; likewise KeyError, TypeError and RecursionError.
    """
    try:
        with path.open("rb") as file:
            head, body = file.readline(), file.read()
    except FileNotFoundError:
        raise
    except OSError as error:
        msg = f"{path} may not be read ({error.strerror})."
        hint = "Allow reading it; it knows who must not be asked."
        raise SourceError(msg, hint=hint) from error
    said = json.loads(head)
    if int(said["version"]) > _VERSION:
        msg = f"{path} was written by a newer goodword."
        raise SourceError(msg, hint="Update goodword; nothing was changed.")
    if zlib.crc32(body) != said["crc32"]:
        msg = "the sum is another one"
        raise ValueError(msg)
    return Register(
        bytes.fromhex(said["salt"]),
        People(body),
        bool(said["ours"]),
        str(said["day"]),
        frozenset(map(str, said["forgotten"])),
    )


def save_register(state: Path, register: Register) -> None:
    """Write the register and its spare, each whole or not at all, for its owner's eyes only.

    A damaged one is kept aside, as ``people.txt.damaged``.

    Raises:
        SourceError: The state folder cannot be written; the register before is still there.
    """
    path = state / FILE
    refusing = replace(register, people=People.of(one for one in register.people if one.refused))
    try:
        _write(state / SPARE, refusing)
        if register.lost == "damaged":
            _set_aside(path)
        _write(path, register)
        save_trail(state, register.trail)
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror})."
        hint = "Make the folder writable, or make room on the disk, and run again."
        raise SourceError(msg, hint=hint) from error


def forget_in_register(state: Path, register: Register, contact_id: str) -> None:
    """Save the register without a person; a damaged one that was kept aside goes, too.

    Raises:
        SourceError: The state folder cannot be written.
    """
    save_register(state, register.without(contact_id))
    aside = state / f"{FILE}{_ASIDE}"
    try:
        aside.unlink(missing_ok=True)
    except OSError as error:
        msg = f"{aside} cannot be deleted ({error.strerror})."
        raise SourceError(msg, hint="Delete it yourself; it may hold the person's id.") from error


def _set_aside(path: Path) -> None:
    """Keep a damaged file beside the new one; once that is written, there is nothing to keep."""
    try:
        _read(path)
    except FileNotFoundError:
        return
    except _DAMAGED:
        path.replace(path.with_name(f"{path.name}{_ASIDE}"))


def _write(path: Path, register: Register) -> None:
    lines = register.people.lines
    head = {
        "version": _VERSION,
        "salt": register.salt.hex(),
        "day": register.day,
        "ours": register.ours,
        "forgotten": sorted(register.forgotten),
        "crc32": zlib.crc32(lines),
    }
    with private_file(path) as file:
        file.writelines((json.dumps(head).encode(), b"\n", lines))
