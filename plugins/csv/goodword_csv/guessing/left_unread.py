"""Columns that may say whom to leave alone, and that nobody has mapped: said again by ``doctor``.

The question is asked once, when a firm sets goodword up. Whoever passed over it then, or added the
column later, would not hear of it any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from goodword import Question
from goodword_csv.guessing.guess import guess_grid
from goodword_csv.guessing.open_points import who_is_left_alone, who_may_be_contacted
from goodword_csv.headers.columns import OWN_HEADERS
from goodword_csv.headers.vocabulary import header_key
from goodword_csv.layout.grid import Grid
from goodword_csv.settings import Source

CONSENTS = ("consent", "mail_consent", "do_not_contact", "mail_opt_out")
"""Fields that say whether a person may be contacted."""


def left_unread(source: Source, grid: Grid, others: Sequence[Source]) -> Iterator[str]:
    """Give a sentence for each column of a list that likely says whom to leave alone.

    Args:
        source: What the settings say of the list.
        grid: The list with every column.
        others: Whatever else is read from the same sheet.
    """
    if source.kind != "contacts":
        return
    mapped = {
        header_key(header)
        for each in (source, *others)
        for field in each.columns
        for header in each.headers(field)
    } | {header_key(name) for name in OWN_HEADERS}
    guess = guess_grid(grid, file_name=source.file)
    place, free = ("columns",), [field for field in CONSENTS if field not in source.columns]
    asked: Mapping[str, Question] = {
        **{h: who_may_be_contacted(place, source.title, h, free) for h in guess.yes_no},
        **{h: who_is_left_alone(place, source.title, h) for h in guess.remarks},
    }
    for header, question in asked.items():
        if question.careful and header_key(header) not in mapped:
            yield question.notice
    for field in CONSENTS:
        taken = guess.columns.get(field)
        if taken is not None and header_key(taken.header) not in mapped:
            yield (
                f'{source.title}: column "{taken.header}" is not read, though it may say whom to'
                f' leave alone; to read it, write {field} = "{taken.header}" under its columns.'
            )
