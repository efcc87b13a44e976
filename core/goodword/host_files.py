"""Where the host is files: what ``init`` learns from them, and a fresh export in place of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class GuessedColumn:
    """One guess of ``goodword init``, shown to the user before it is saved."""

    source: str
    column: str
    meaning: str
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer a person can give to a question about their files.

    Args:
        word: What is typed and looked for, such as ``day`` or ``EUR``; whatever its case.
        meaning: What it says, in plain words.
        changes: What it changes in the guess: a path from ``settings`` or ``firm`` on, such as
            ``("settings", "sources", 0, "day_first")``, to the new value; None takes it out.
        adds: The same, to a text that joins the text or texts that stand there, if any do.
    """

    word: str
    meaning: str = ""
    changes: Mapping[tuple[str | int, ...], object] = field(default_factory=dict)
    adds: Mapping[tuple[str | int, ...], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """What files leave open; ``goodword init`` asks it in plain words where somebody can answer.

    The guess itself already holds what is taken where nobody is asked.

    Args:
        text: One sentence with a question mark.
        evidence: Why it is asked; it quotes headers, never a value.
        answers: What can be answered.
        default: Word of the answer that Enter gives; without one Enter leaves it open.
        notice: The notice of the guess that asking makes needless.
        careful: The default leaves somebody alone, so it is taken where nobody is asked.
    """

    text: str
    evidence: str
    answers: tuple[Answer, ...]
    default: str = ""
    notice: str = ""
    careful: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """What ``init`` learned from files: the connector's settings and how sure it is."""

    settings: Mapping[str, object]
    columns: tuple[GuessedColumn, ...]
    notices: tuple[str, ...] = ()
    firm: Mapping[str, object] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class HostFiles:
    """The files of a firm whose host is files.

    Args:
        reads: All that are read.
        written: The list that gets our columns.
        opens: What is worth opening after a write: where the tasks are.
    """

    reads: tuple[Path, ...]
    written: Path
    opens: Path


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a fresh export in place of a file would mean; nothing is written before ``write``.

    Args:
        old: The file it replaces, as the settings name it.
        settings: The connector's settings with the new file in its place.
        people: The file is the list of customers, so people are counted; else the counts are 0.
        known: People of the new file that are known.
        new: People nobody knew.
        missing: People of the old file that are not in the new one.
        missing_names: Names of those, as far as they are known, for the user's eyes only.
        notices: What is worth knowing before saying yes.
        changes: Names the files that *write* would change, and changes none.
        write: Puts what is ours into the new file and names the files it changed. The old file
            stays as it is; doing it again finishes what was cut off.
    """

    old: str
    settings: Mapping[str, object]
    people: bool
    known: int
    new: int
    missing: int
    missing_names: tuple[str, ...]
    notices: tuple[str, ...]
    changes: Callable[[], Sequence[str]]
    write: Callable[[], Sequence[str]]
