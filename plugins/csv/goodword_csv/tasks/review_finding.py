"""Where the review list is: the first sheet or file of its name that is ours, or free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from goodword import SourceError
from goodword_csv.files.text_file import Layout
from goodword_csv.rows.sources import File
from goodword_csv.tasks.beside_file import layout_beside, path_beside, read_beside, sheet_beside
from goodword_csv.tasks.review_list import REVIEW, Mark, ReviewPlace, read_rows

_NAMES = 9
"""Names that are tried, where the first ones are taken: ``Goodword review 2`` and so on."""


def find_review(file: File, mark: Mark) -> ReviewPlace:
    """Find the review list that belongs to the customer list in *file*.

    Args:
        file: The file with the customer list.
        mark: Makes the marks of this firm, see ``Register.mark``.

    Raises:
        SourceError: It cannot be read.
    """
    if file.book.format == "xlsx":
        return _first_of(_sheets(file, mark))
    return review_beside(file.path, layout_beside(file), mark)


def review_beside(csv: Path, layout: Layout, mark: Mark) -> ReviewPlace:
    """Find the review list beside a CSV list, also where that list is gone.

    Args:
        csv: The customer list.
        layout: How a new one is to be written.
        mark: Makes the marks of this firm.

    Raises:
        SourceError: It cannot be read.
    """
    return _first_of((path.name, review_at(path, layout, mark)) for path in review_paths(csv))


def review_paths(csv: Path) -> list[Path]:
    """Return where a review list may stand beside a CSV list: the first place that is not taken."""
    return [path_beside(csv, f"review{number}") for number in ("", *_numbers("-"))]


def review_at(path: Path, layout: Layout, mark: Mark | None) -> ReviewPlace | None:
    """Read one file as a review list; None where it is something else.

    Args:
        path: The file; it need not be there.
        layout: How a new one is to be written.
        mark: Makes the marks of this firm; None takes every question for ours.

    Raises:
        SourceError: It cannot be read.
    """
    found = read_beside(path)
    if found is None:
        return ReviewPlace(path.name, path=path, layout=layout, mark=mark or str)
    place = read_rows(found.lines, path.name, mark)
    if place is None:
        return None
    return replace(
        place,
        path=path,
        fingerprint=found.fingerprint,
        records=found.records,
        layout=found.layout,
    )


def _sheets(file: File, mark: Mark) -> Iterator[tuple[str, ReviewPlace | None]]:
    for name in (REVIEW, *(f"{REVIEW}{number}" for number in _numbers(" "))):
        sheet = sheet_beside(file, name)
        if sheet is None:
            yield name, ReviewPlace(name, mark=mark)
        else:
            yield sheet[0], read_rows(sheet[1], sheet[0], mark)


def _numbers(sign: str) -> list[str]:
    return [f"{sign}{number}" for number in range(2, _NAMES + 1)]


def _first_of(places: Iterable[tuple[str, ReviewPlace | None]]) -> ReviewPlace:
    """Return the list that is ours, else the first free place; what is not ours is named in it.

    Raises:
        SourceError: Every name is taken.
    """
    taken: list[str] = []
    for name, place in places:
        if place is None or (place.strange and not place.rows):
            taken.append(name)
        else:
            return replace(place, taken=tuple(taken))
    msg = f'Every name from "{REVIEW}" on is taken by something else.'
    raise SourceError(msg, hint="Rename or delete those that goodword did not write.")
