"""What a connector is: the few verbs between goodword and a host CRM or file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeVar

from goodword.host_files import Guess, HostFiles, Replacement

if TYPE_CHECKING:
    from pydantic import BaseModel

    from goodword.model import Action

S = TypeVar("S", bound="BaseModel")


class Capability(StrEnum):
    """What a host can hold; the plan never contains an action the host cannot take."""

    FIELDS = "fields"
    """Our own fields on the contact (stage, score, next ask, why)."""
    TASKS = "tasks"
    """Tasks with a due date, an outcome and our key."""
    NOTES = "notes"
    """Activities on the contact's timeline, such as a thank-you that was given."""
    LINKS = "links"
    """A typed link from referrer to referred contact."""
    RESTORE = "restore"
    """The host can be put back byte for byte to how it was before a run."""
    FORGET = "forget"
    """What we wrote about one person can be removed from the host."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of ``goodword doctor``: what was looked at, whether it is well, what to do."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where an incremental pull continues; opaque to the core."""

    value: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """One of our tasks as it exists on the host now."""

    key: str
    remote_id: str
    state: str
    edited: bool = False


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of one action, in the order of the batch.

    Args:
        key: Key of the action.
        ok: The host holds the action's result now.
        remote_id: The host's id of what was written, if it has one.
        error: Why not, without personal data.
        skipped: True when a person changed the target since, so it was left alone.
    """

    key: str
    ok: bool
    remote_id: str = ""
    error: str = ""
    skipped: bool = False


class Sink(Protocol):
    """Where a pull puts its rows; rows reach the disk as they arrive."""

    def put(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Add rows (column to value) of a canonical table; a known key replaces its row.

        Large tables are best handed over as ``Columns``, all at once.
        """
        ...

    def remove(self, table: str, keys: Sequence[Mapping[str, str]]) -> None:
        """Forget rows that the host deleted, by their key columns."""
        ...

    def whole(self, *tables: str) -> None:
        """Say that this pull carries these tables completely, even with no row."""
        ...

    def absent(self, *tables: str) -> None:
        """Say that the host does not have these tables, or no longer has them.

        What an earlier pull brought of them is forgotten, and what depends on them is listed as
        "cannot check". A table never mentioned stays as the last pull left it.
        """
        ...

    def forgotten(self, *contact_ids: str) -> None:
        """Say that the host erased these people for privacy.

        Unlike ``remove``, everything of ours about them goes too, wherever we keep it.
        """
        ...

    def notice(self, code: str, text: str) -> None:
        """Tell the user something worth knowing, without personal data."""
        ...


class Connector(Protocol):
    """An open connection to one host account. Every method may raise ``ConnectorError``."""

    @property
    def account(self) -> str:
        """Stable id of the host account; part of every task key."""
        ...

    @property
    def sandbox(self) -> bool:
        """Whether this host account is a test account."""
        ...

    @property
    def fields(self) -> frozenset[str]:
        """Columns of ``own_fields`` this host can hold."""
        ...

    def check(self) -> Sequence[Check]:
        """Look at credentials, rights and the state of the host; changes nothing."""
        ...

    def pull(self, cursor: Cursor | None, sink: Sink) -> Cursor:
        """Stream what changed since *cursor* (everything if None) into *sink*."""
        ...

    def find(self, keys: Sequence[str]) -> Mapping[str, Found]:
        """Return which of our tasks with these keys exist on the host."""
        ...

    def write(self, batch: Sequence[Action]) -> Sequence[WriteResult]:
        """Write the actions; one result each, in order. Writing a key twice writes it once."""
        ...


class RestoringConnector(Connector, Protocol):
    """A connector with ``Capability.RESTORE``: a run can be taken back byte for byte."""

    def restore(self, run_id: str) -> bool:
        """Put the host back as before run *run_id*; False if it was changed since."""
        ...


class ForgettingConnector(Connector, Protocol):
    """A connector with ``Capability.FORGET``: a person's traces of ours can be removed."""

    def forget(self, contact_id: str) -> Sequence[str]:
        """Remove what we wrote about the person: tasks open and done, notes, our fields.

        A person the host does not know, or has forgotten before, is no failure.

        Returns:
            What is left that is not ours to remove, one plain sentence each, without personal data.
        """
        ...


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a connector works: the firm's folder, its state folder, the run, the day, the account.

    ``account`` is the stable id the settings pinned (``[connector] account``); empty where the
    host itself knows its account. ``everybody`` is False in a pilot: then nothing may be written
    about anybody but those whom the actions of a batch name.
    """

    folder: Path
    state: Path
    run_id: str
    today: date
    account: str = ""
    everybody: bool = True


@dataclass(frozen=True, slots=True)
class Demo:
    """A sample firm laid out in a folder by a plugin for ``goodword demo``.

    Args:
        settings: Content of its ``goodword.toml``.
        today: The day the sample is about.
        leaves: Files worth opening afterwards.
        files: What else was written into the folder.
        shows: For a host that is no file: returns lines of what a rep sees there of a contact.
        close: Ends what runs beside the demo.
    """

    settings: Mapping[str, object]
    today: date
    leaves: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()
    shows: Callable[[str], Sequence[str]] | None = None
    close: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class InstallStep:
    """One part of ours in a host (a property, a label): whether it is there, or was made now.

    Args:
        what: What it is, as a host's admin calls it.
        state: How it stands; a conflict is left as it is and needs a person.
        detail: What is worth knowing about it.
    """

    what: str
    state: Literal["there", "to make", "conflict", "made", "removed"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class InstallPackage:
    """What a host needs of ours, written into a folder for an admin with tools of their own.

    Args:
        files: What was written, below the folder.
        then: What the admin does with it, a line each.
    """

    files: tuple[str, ...]
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectorSpec(Generic[S]):
    """A connector as its plugin announces it; nothing is opened or imported yet.

    Args:
        name: Name used in ``[connector] name``.
        settings: pydantic model of ``[plugin.NAME]``.
        capabilities: What the host can hold.
        batch: Most actions handed to one ``write``.
        open: Returns an open connector; the host's SDK is imported in here.
        guess: For file hosts: reads files and proposes settings (``goodword init``).
        demo: Lays a sample firm into an empty folder.
        wishes: What a user can add to the host so that a fact becomes known, by the fact's name, as
            it begins a sentence: "a column with survey scores"; used for "what would help".
        files: For file hosts: names the files of the settings, below the firm's folder.
        replace: For file hosts: says what a fresh export in place of a file would mean, or where a
            person has to say, which files it may replace (``goodword replace``). Its arguments are
            the settings, the workplace, the new file, and the name of the old one or nothing.
        former: Names the ids of people whom an id, an address or a full name stands for, and of
            whom something of ours is kept though the host shows them no more (``goodword forget``).
            Its arguments are the settings, the workplace and the text.
        whole_id: Completes the id of a person that the host also writes in a shorter way; any other
            text comes back as it is. What people type is looked up as it says.
        install: For hosts that need parts of ours first: looks at them, makes or removes them
            (``goodword install``). A plan changes nothing; a part that is there is left as it is.
        export: For hosts whose admins install by themselves: writes the same parts into a new or
            empty folder (``goodword install --export``), and sends nothing. Raises ``SourceError``
            where the folder holds anything that is not of the same package.
    """

    name: str
    settings: type[S]
    capabilities: frozenset[Capability]
    open: Callable[[S, Workplace], Connector]
    batch: int = 100
    guess: Callable[[Sequence[Path], Path], Guess] | None = None
    demo: Callable[[Path], Demo] | None = None
    wishes: Mapping[str, str] = field(default_factory=dict)
    files: Callable[[S, Path], HostFiles] | None = None
    replace: Callable[[S, Workplace, Path, str], Replacement | tuple[str, ...]] | None = None
    former: Callable[[S, Workplace, str], Sequence[str]] | None = None
    whole_id: Callable[[str], str] | None = None
    install: (
        Callable[[S, Workplace, Literal["plan", "apply", "remove"]], tuple[InstallStep, ...]] | None
    ) = None
    export: Callable[[S, Path], InstallPackage] | None = None
