"""People who are on the list no more, and of whom something of ours is still kept."""

from __future__ import annotations

from goodword import Workplace
from goodword_csv.rows.identity import folded
from goodword_csv.rows.register import read_register
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.old_lists import lists_of_tasks
from goodword_csv.tasks.task_sheet import CONTACT, CUSTOMER, EMAIL
from goodword_csv.values.plain import id_of


def former_people(settings: CsvSettings, work: Workplace, text: str) -> tuple[str, ...]:
    """Return the ids of everybody whom an id, an address or a full name stands for.

    The register knows everybody a list has shown; where it was lost, the tasks may tell.

    Args:
        settings: The section ``[plugin.csv]``.
        work: The firm's folders.
        text: What the person is called by.

    Raises:
        SourceError: A file cannot be read.
    """
    wanted = folded(text)
    found = dict.fromkeys(read_register(work.state).called(text))
    for place in lists_of_tasks(settings, work.folder):
        for row in place.tasks.rows if place.tasks is not None else ():
            one = id_of(row.text(CONTACT))
            said = (one, row.text(CUSTOMER), row.text(EMAIL))
            if one and wanted and wanted in map(folded, said):
                found[one] = None
    return tuple(found)
