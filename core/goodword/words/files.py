"""Finding, reading and copying words files: ``<folder>/<language>/<name>.txt``.

The firm's own folder comes before a plugin's and the bundled one, file by file. A file starts
with ``Subject: …`` and an empty line; the rest is the body of the task.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from goodword.errors import RuleError, SourceError
from goodword.words.grammar import MAX_SOURCE

BUNDLED = Path(__file__).parents[1] / "defaults" / "words"
"""The words goodword comes with; they are looked at last, without being named."""

SUBJECT = "Subject:"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class WordsFile:
    """One words file, split where its lines keep their numbers.

    Args:
        shown: Folder, language and file name, for messages.
        subject: Template of the subject.
        body: Template of the body, with an empty line in place of the subject.
    """

    shown: str
    subject: str
    body: str


def names_in(language: str, folders: Sequence[Path]) -> frozenset[str]:
    """Return the names of all words files in *language*, the bundled ones included."""
    places = (*folders, BUNDLED)
    return frozenset(path.stem for folder in places for path in (folder / language).glob("*.txt"))


def read_words(name: str, *, language: str, folders: Sequence[Path]) -> WordsFile:
    """Return the words file *name* from the first of *folders* that has it, else the bundled one.

    Raises:
        RuleError: No such file, not UTF-8 text, or no subject line.
    """
    path = _find(name, language, folders)
    shown = "/".join(path.parts[-3:])
    try:
        with path.open("rb") as file:
            data = file.read(4 * MAX_SOURCE + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"Words file {shown} cannot be read."
        raise RuleError(msg, hint="Save it as plain text in UTF-8.") from error
    if len(text) > MAX_SOURCE:
        msg = f"Words file {shown}: the file is longer than {MAX_SOURCE} characters."
        raise RuleError(msg, hint="Shorten it; a rep reads one screen.")
    first, _, rest = text.replace("\x00", "").partition("\n")
    if not first.startswith(SUBJECT) or not first.removeprefix(SUBJECT).strip():
        msg = f"Words file {shown}, line 1: there is no subject."
        raise RuleError(msg, hint="Start the file with 'Subject: ...' and an empty line.")
    return WordsFile(shown, first.removeprefix(SUBJECT).strip(), f"\n{rest}")


def copy_words(target: Path, language: str = "en") -> tuple[Path, ...]:
    """Copy the bundled words to *target*/*language* for the firm to change.

    Where goodword has no words in *language*, the English ones are copied to be translated.
    Files that are already there are left as they are.

    Returns:
        The files that were written.

    Raises:
        SourceError: The folder cannot be written.
    """
    _require(_LANGUAGE, language, "language")
    own = BUNDLED / language
    source = own if own.is_dir() else BUNDLED / "en"
    written = []
    try:
        (target / language).mkdir(parents=True, exist_ok=True)
        for path in sorted(source.glob("*.txt")):
            copy = target / language / path.name
            if not copy.exists():
                copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
                written.append(copy)
    except OSError as error:
        msg = f"The words cannot be copied to the folder {target.name!r}."
        raise SourceError(msg, hint="Make the folder writable, then run it again.") from error
    return tuple(written)


def _find(name: str, language: str, folders: Sequence[Path]) -> Path:
    _require(_NAME, name, "words file")
    _require(_LANGUAGE, language, "language")
    for folder in (*folders, BUNDLED):
        path = folder / language / f"{name}.txt"
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path
    there = names_in(language, folders)
    msg = f"There is no words file {name!r} in the language {language!r}."
    near = difflib.get_close_matches(name, sorted(there), n=1, cutoff=0.5)
    if near:
        raise RuleError(msg, hint=f"Did you mean {near[0]!r}?")
    hint = f"Write words/{language}/{name}.txt; goodword init --words copies ours to start from."
    raise RuleError(msg, hint=hint)


def _require(pattern: re.Pattern[str], text: str, what: str) -> None:
    if not pattern.fullmatch(text):
        msg = f"What the settings or a play name is not the name of a {what}."
        raise RuleError(msg, hint="Use letters, such as ask or en.")
