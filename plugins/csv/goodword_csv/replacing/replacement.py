"""A fresh export in place of a file of the firm: what it would mean, and how it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from goodword import Replacement, SourceError, Workplace
from goodword_csv.files.atomic import refuse_unless_replaceable, replace_atomically
from goodword_csv.replacing.carrying import (
    Ours,
    carried,
    ours_of,
    questions_carried,
    tasks_carried,
)
from goodword_csv.replacing.finding import Fit, chosen, fits
from goodword_csv.replacing.mapping import mapped
from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.reading import Reading, read_tables
from goodword_csv.rows.register import Register, read_register, save_register
from goodword_csv.rows.sources import Sheet, read_file, read_sheets
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.backups import Backups
from goodword_csv.tasks.changes import Changes
from goodword_csv.tasks.headline import AsOf
from goodword_csv.tasks.review_list import find_review
from goodword_csv.tasks.review_writing import (
    ReviewChanges,
    review_edits,
    review_file,
    review_sheets,
)
from goodword_csv.tasks.task_place import find_tasks
from goodword_csv.tasks.writing import Beside, NewContent, new_contents


@dataclass(frozen=True, slots=True)
class _Firm:
    """A firm's sheets as some settings read them."""

    settings: CsvSettings
    reading: Reading

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
        new: The fresh export.
        of: The file it replaces; empty to find out.

    Returns:
        What it would mean; or, where a person has to say, the files it may replace.

    Raises:
        SourceError: The file cannot be read, or is no such list.
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
    customers = settings.customers
    if customers.file == old_name and all(fit.source is not customers for fit in found[old_name]):
        msg = f"{new.name} holds no list of customers like {customers.title}."
        raise SourceError(msg, hint="Export the list of customers, or run goodword init again.")
    notices = Notices()
    before = _read(settings, work, read_register(work.state))
    old = _old_headers(before, settings, found[old_name])
    ids = {one for one in before.reading.customers.ids if one} if before else set()
    fresh = mapped(
        settings, file, found[old_name], work.folder, before=old, ids=ids, notices=notices
    )
    for source in settings.sources:
        if source.file == old_name and all(fit.source is not source for fit in found[old_name]):
            notices.say("kept", f"{source.title} is not in it; it is still read from {old_name}.")
    register = before.register if before else read_register(work.state)
    told = Notices()
    after = _firm(fresh, work, register, told)
    is_list = customers.file == old_name
    counted = _counted(before, register, after) if is_list else (0, 0, 0, ())
    for code, text in told:
        if code in {"copied", "moved", "duplicates", "nobody"}:
            notices.say(code, text)

    def write() -> Sequence[str]:
        return _write(before, after, register, work) if is_list else ()

    known, new_people, missing, names = counted
    return Replacement(
        old=old_name,
        settings=_plain(fresh),
        people=is_list,
        known=known,
        new=new_people,
        missing=missing,
        missing_names=names,
        notices=tuple(text for _, text in notices),
        write=write,
    )


def _read(settings: CsvSettings, work: Workplace, register: Register) -> _Firm | None:
    """Read the firm as it is; None where the old list is not there any more."""
    if not (work.folder / settings.customers.file).is_file():
        return None
    return _firm(settings, work, register, Notices())


def _firm(settings: CsvSettings, work: Workplace, register: Register, notices: Notices) -> _Firm:
    sheets = read_sheets(settings, work.folder)
    file = next(sheet.file for sheet in sheets if sheet.source.write)
    answers, seen = find_review(file).answers, FirstSeen({}, work.today)
    return _Firm(settings, read_tables(sheets, settings, seen, notices, answers, register=register))


def _old_headers(before: _Firm | None, settings: CsvSettings, found: Sequence[Fit]) -> list[str]:
    """Return the headers that were there to be read; without the old list, those that were."""
    sources = [fit.source for fit in found]
    if before is not None and settings.customers in sources:
        return list(before.sheet.grid.header)
    return [
        header for source in sources for field in source.columns for header in source.headers(field)
    ]


def _counted(
    before: _Firm | None, register: Register, after: _Firm
) -> tuple[int, int, int, tuple[str, ...]]:
    """Count who is known, new and missing, and name the missing as far as they can be named."""
    here = {one for one in after.reading.customers.ids if one is not None}
    known = {one.id for one in register.people}
    gone = [one.id for one in register.people if not one.gone and one.id not in here]
    names: Mapping[str, object] = {}
    if before is not None:
        rows = before.reading.tables["contacts"]
        names = {str(row["contact_id"]): row["name"] or row["contact_id"] for row in rows}
    named = tuple(str(names[one]) for one in gone if one in names)
    return len(here & known), len(here - known), len(gone), named


def _write(
    before: _Firm | None, after: _Firm, register: Register, work: Workplace
) -> Sequence[str]:
    """Give the new files what is ours, each at once; done again, nothing is there to do.

    Raises:
        SourceError: A file is open elsewhere, changed, or cannot be written.
    """
    save_register(work.state, register)
    contents = _contents(before, after, work)
    for content in contents:
        refuse_unless_replaceable(content.path, content.expected)
    if contents:
        Backups(work.state / "backups", work.folder).keep(work.run_id, contents)
    for content in contents:
        like = after.sheet.file.path
        replace_atomically(content.path, content.data, content.expected, like=like)
    return [content.path.name for content in contents]


def _contents(before: _Firm | None, after: _Firm, work: Workplace) -> list[NewContent]:
    """Return the new files with our columns, the task list and the review list in them."""
    changes = Changes()
    ours: Mapping[str, Ours] = {}
    beside, review, asked = Beside(), find_review(after.sheet.file), ReviewChanges()
    place = find_tasks(after.settings, after.sheet.file)
    if before is not None:
        ours = ours_of(before.reading)
        old = find_tasks(before.settings, before.sheet.file)
        if place.tasks is not None:
            tasks_carried(old, place, changes)
        asked = questions_carried(find_review(before.sheet.file), review)
        beside = Beside(
            old if place.tasks is None else None,
            review_edits(review, asked),
            review_sheets(review, asked),
        )
    carried(ours, after.reading, changes)
    as_of = AsOf(work.today, after.reading.tables.get("referrals", ()))
    contents = new_contents(changes, after.sheet, place, as_of, beside)
    if asked and review.path is not None:
        data = review_file(review, asked)
        contents.insert(0, NewContent(review.path, data, review.fingerprint))
    return contents


def _plain(settings: CsvSettings) -> dict[str, object]:
    """Return settings as TOML holds them."""
    found: dict[str, object] = settings.model_dump(mode="json", exclude_unset=True)
    return found
