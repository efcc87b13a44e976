"""A fresh export in place of a file of the firm: what it would mean, and how it is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from goodword import Replacement, SourceError, Workplace
from goodword_csv.files.text_file import Layout
from goodword_csv.replacing.finding import Fit, chosen, fits
from goodword_csv.replacing.handing_over import (
    Retired,
    carried,
    ours_of,
    questions_carried,
    tasks_carried,
)
from goodword_csv.replacing.mapping import Place, mapped, place_of
from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.home import day_first_in
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.reading import Reading, read_tables
from goodword_csv.rows.register import Register, read_register, save_register
from goodword_csv.rows.sources import File, Sheet, read_file, read_sheets
from goodword_csv.settings import CsvSettings, Source
from goodword_csv.tasks.backups import Backups
from goodword_csv.tasks.changes import Changes
from goodword_csv.tasks.headline import AsOf
from goodword_csv.tasks.old_lists import note_replaced
from goodword_csv.tasks.putting import put
from goodword_csv.tasks.review_finding import find_review, review_beside
from goodword_csv.tasks.task_place import find_tasks, tasks_beside
from goodword_csv.tasks.writing import Beside, NewContent, new_contents

_OF_PEOPLE = frozenset({"copied", "moved", "duplicates", "nobody"})
"""Codes of what a reading says about people, worth knowing before saying yes."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The file that is replaced, the new one, and what of it takes the place of what."""

    old: str
    file: File
    fits: Sequence[Fit]

    def holds(self, source: Source) -> bool:
        """Whether the new file has a sheet in the place of a source."""
        return any(fit.source is source for fit in self.fits)


@dataclass(frozen=True, slots=True)
class _Firm:
    """A firm's sheets as some settings read them, each with the headers it has."""

    settings: CsvSettings
    reading: Reading
    headers: Mapping[Place, Sequence[str]]

    @property
    def sheet(self) -> Sheet:
        """The customer list."""
        return self.reading.customers.rows.sheet

    @property
    def register(self) -> Register:
        """Everybody known after this reading."""
        return self.reading.customers.roll.register


def replacement(
    settings: CsvSettings, work: Workplace, new: Path, of: str
) -> Replacement | tuple[str, ...]:
    """Say what a fresh export in place of a file would mean; nothing is written before ``write``.

    Args:
        settings: The section ``[plugin.csv]`` as it is.
        work: The firm's folders, the run and the day.
        new: The fresh export, somewhere in the firm's folder.
        of: The file it replaces; empty to find out.

    Returns:
        What it would mean; or, where a person has to say, the files it may replace.

    Raises:
        SourceError: The file cannot be read, or is no such list.
    """
    found = _which_file(settings, work, new, of)
    if isinstance(found, tuple):
        return found
    old_name, file, fitting = found.old, found.file, found.fits
    notices, told = Notices(), Notices()
    known_before = read_register(work.state)
    before = _read(settings, work, known_before, old_name)
    retired = _retired(settings, work, before, known_before)
    fresh = mapped(
        settings,
        file,
        fitting,
        work.folder,
        before=before.headers if before else {},
        ids={one for one in before.reading.customers.ids if one} if before else set(),
        notices=notices,
    )
    register = before.register if before else known_before
    after = _firm(fresh, work, register, told)
    is_list = settings.customers.file == old_name
    known, new_people, missing, names = (
        _counted(before, register, after) if is_list else (0, 0, 0, ())
    )

    def changes() -> Sequence[str]:
        return _names(_contents(retired, after, work)) if is_list else ()

    def write() -> Sequence[str]:
        if is_list:
            note_replaced(work.state, work.folder / old_name)
        return _write(retired, after, register, work) if is_list else ()

    return Replacement(
        old=old_name,
        settings=_plain(fresh),
        people=is_list,
        known=known,
        new=new_people,
        missing=missing,
        missing_names=names,
        notices=(*_told(notices), *_kept(settings, found), *_told(told, _OF_PEOPLE)),
        changes=changes,
        write=write,
    )


def _which_file(
    settings: CsvSettings, work: Workplace, new: Path, of: str
) -> _Found | tuple[str, ...]:
    """Find the file that is replaced; where a person has to say, return those it may be.

    Raises:
        SourceError: The new file cannot be read, is read already, or is no such list.
    """
    if any((work.folder / source.file).resolve() == new.resolve() for source in settings.sources):
        msg = f"{new.name} is read already, under this very name."
        hint = "A fresh export saved over the old one is noticed by itself: run goodword plan."
        raise SourceError(msg, hint=hint)
    file = read_file(new)
    found = fits(file, settings)
    old_name = chosen(found, of, settings)
    if old_name is None:
        return tuple(found)
    if old_name not in found:
        msg = f"{new.name} holds nothing like {old_name}."
        raise SourceError(msg, hint="Is it the right file? Or run goodword init again.")
    chosen_one = _Found(old_name, file, found[old_name])
    _require_list(settings, chosen_one)
    return chosen_one


def _require_list(settings: CsvSettings, found: _Found) -> None:
    """Refuse a file in place of the one with the customer list that holds no such list."""
    customers = settings.customers
    if customers.file == found.old and not found.holds(customers):
        msg = f"{found.file.path.name} holds no list of customers like {customers.title}."
        raise SourceError(msg, hint="Export the list of customers, or run goodword init again.")


def _kept(settings: CsvSettings, found: _Found) -> tuple[str, ...]:
    """Tell which sheets of the old file are not in the new one, and are read from there on."""
    return tuple(
        f"{source.title} is not in it; it is still read from {found.old}."
        for source in settings.sources
        if source.file == found.old and not found.holds(source)
    )


def _told(notices: Notices, codes: Collection[str] | None = None) -> tuple[str, ...]:
    """Return the texts of notices, or of those of some codes."""
    return tuple(text for code, text in notices if codes is None or code in codes)


def _read(
    settings: CsvSettings, work: Workplace, register: Register, old_name: str
) -> _Firm | None:
    """Read the firm as it is, without the file that is replaced where that is gone already.

    Returns:
        None where the old list is not there any more.
    """
    gone = not (work.folder / old_name).is_file()
    left = tuple(source for source in settings.sources if not (gone and source.file == old_name))
    if settings.customers not in left:
        return None
    return _firm(settings.model_copy(update={"sources": left}), work, register, Notices())


def _firm(settings: CsvSettings, work: Workplace, register: Register, notices: Notices) -> _Firm:
    sheets = read_sheets(settings, work.folder)
    file = next(sheet.file for sheet in sheets if sheet.source.write)
    answers, seen = find_review(file, register.mark()).answers, FirstSeen({}, work.today)
    headers = {place_of(sheet.source): sheet.grid.header for sheet in sheets}
    reading = read_tables(sheets, settings, seen, notices, answers, register=register)
    return _Firm(settings, reading, headers)


def _retired(
    settings: CsvSettings, work: Workplace, before: _Firm | None, register: Register
) -> Retired:
    """Return what is ours of the old list; where a CSV is gone, its lists beside it count still.

    Raises:
        SourceError: It was a workbook and is gone, and the lists in it with it.
    """
    mark = register.mark()
    if before is not None:
        file = before.sheet.file
        ours = ours_of(before.reading)
        return Retired(ours, find_tasks(before.settings, file), find_review(file, mark))
    old = work.folder / settings.customers.file
    if settings.customers.sheet:
        msg = f"{old.name} is not there, and its task list would be lost."
        copy = Backups(work.state / "backups", work.folder).newest_copy(old, lambda _: True)
        back = f", or copy {copy} to it, which is from before the last write" if copy else ""
        raise SourceError(msg, hint=f"Give the file its name back{back}; then run it again.")
    return Retired({}, tasks_beside(old, Layout()), review_beside(old, Layout(), mark))


def _counted(
    before: _Firm | None, register: Register, after: _Firm
) -> tuple[int, int, int, tuple[str, ...]]:
    """Count who is known, new and missing, and name the missing as far as they can be named."""
    here = {one for one in after.reading.customers.ids if one is not None}
    people = before.reading.people if before is not None else {}
    gone = (one.id for one in register.people if not one.gone and one.id not in here)
    named = tuple(people[one].name or one for one in gone if one in people)
    return (*register.compared(here), named)


def _write(retired: Retired, after: _Firm, register: Register, work: Workplace) -> Sequence[str]:
    """Give the new files what is ours, each at once; done again, nothing is there to do.

    Raises:
        SourceError: A file is open elsewhere, changed, or cannot be written.
    """
    save_register(work.state, replace(register, trail=register.trail.elsewhere()))
    contents = _contents(retired, after, work)
    backups = Backups(work.state / "backups", work.folder)
    put(contents, backups, work.run_id, after.sheet.file.path)
    return _names(contents)


def _names(contents: Sequence[NewContent]) -> list[str]:
    return [content.path.name for content in contents]


def _contents(retired: Retired, after: _Firm, work: Workplace) -> list[NewContent]:
    """Return the new files with our columns, the task list and the review list in them."""
    changes = Changes()
    review, old = find_review(after.sheet.file, after.register.mark()), retired.tasks
    place = find_tasks(after.settings, after.sheet.file)
    if place.tasks is not None:
        tasks_carried(old, place, changes)
    asked = questions_carried(retired.review, review)
    beside = Beside(old if place.tasks is None else None, review, asked)
    carried(retired.ours, after.reading, changes)
    sent, people = after.reading.tables.get("referrals", ()), after.reading.people
    day_first = day_first_in(after.sheet.source, after.settings)
    as_of = AsOf(work.today, sent, people, day_first)
    return new_contents(changes, after.sheet, place, as_of, beside)


def _plain(settings: CsvSettings) -> dict[str, object]:
    """Return settings as TOML holds them."""
    found: dict[str, object] = settings.model_dump(mode="json", exclude_unset=True)
    return found
