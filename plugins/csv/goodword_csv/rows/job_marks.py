"""Complaints and unpaid work marked beside a job or a customer, as tickets and invoices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from goodword_csv.headers.statuses import deal_status
from goodword_csv.rows.contact_rows import CustomerList, Row, Tables
from goodword_csv.rows.first_seen import FirstSeen
from goodword_csv.rows.identity import folded
from goodword_csv.rows.linking import matches
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.record_ids import RecordIds
from goodword_csv.rows.stacked import joined
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.values.answers import parse_yes_no
from goodword_csv.values.dates import parse_dates
from goodword_csv.values.plain import Cell, Column, is_empty, text_of, word_set

OPEN_FOR = timedelta(days=60)
"""As long a complaint counts as open of which nobody says how it ended, as the core rests then."""
TERM = timedelta(days=30)
"""What is not marked as paid is owed from then on; the usual term of an invoice."""

_NONE = word_set(
    "none nothing nocomplaint nocomplaints noissue noissues ok keine kein nichts aucun aucune rien"
    " ninguna ninguno nada geen niets nessuno nessuna nenhum nenhuma brak ingen inga inget"
)
_OWED = word_set("open offen due outstanding overdue pending fallig ausstehend impaye pendiente")
_COMPLAINT, _PAID, _REST = "complaint", "paid", "open_amount"


def marked_tables(
    jobs: Iterable[TypedRows], customers: CustomerList, notices: Notices, seen: FirstSeen
) -> Tables:
    """Return complaints and money owed, as far as columns beside jobs and customers say so.

    Args:
        jobs: Sheets of sales.
        customers: The customer list, on which complaints may be marked, too.
        notices: Hears how many were found.
        seen: Days on which undated marks were first seen.
    """
    tables: Tables = {}
    ids = RecordIds()
    for rows in (customers.rows, *jobs):
        if not rows.has(_COMPLAINT, _PAID, _REST):
            continue
        if rows is customers.rows:
            people: Sequence[tuple[str, ...]] = [(one,) if one else () for one in customers.ids]
            days = rows.dates("last_purchase_at")
        else:
            people, days = matches(rows, customers.known), rows.dates("date")
        job = _Jobs(rows, people, days, ids)
        if rows.has(_COMPLAINT):
            tables["tickets"] = joined(tables.get("tickets", ()), _complaints(job, notices, seen))
        if rows.has(_PAID, _REST):
            tables["invoices"] = joined(tables.get("invoices", ()), _owed(job, notices))
    return tables


class _Jobs:
    """One sheet, with whom its rows are about and when they happened."""

    def __init__(
        self,
        rows: TypedRows,
        people: Sequence[tuple[str, ...]],
        days: Sequence[datetime | None],
        ids: RecordIds,
    ) -> None:
        self.rows, self.days, self._people, self._ids = rows, days, people, ids
        self._own = rows.ids("deal_id") if rows.has("deal_id") else [None] * len(rows)
        self._what = rows.texts("deal_name") if rows.has("deal_name") else [None] * len(rows)

    def columns(self, field: str) -> Iterator[Column]:
        for index in self.rows.sheet.columns.get(field, ()):
            yield self.rows.sheet.grid.column(index)

    def dates(self, column: Column) -> Sequence[datetime | None]:
        return parse_dates(column, day_first=self.rows.sheet.source.day_first).values

    def records(self, i: int, mark: str) -> Iterator[tuple[str, str]]:
        """Yield an id of what row *i* says, and whom it is about."""
        for contact in dict.fromkeys(self._people[i]):
            own = f"{self._own[i]}:{mark}:{contact}" if self._own[i] else None
            content = (mark, self.days[i], contact, self._what[i])
            yield self._ids.of(f"j{mark[0]}", own, content, self.rows.sheet.where), contact


def _complaints(jobs: _Jobs, notices: Notices, seen: FirstSeen) -> list[Row]:
    found: dict[str, Row] = {}
    lines: list[int] = []
    today = datetime(seen.today.year, seen.today.month, seen.today.day)
    for column in jobs.columns(_COMPLAINT):
        answers, dates = parse_yes_no(column).values, jobs.dates(column)
        for i, (line, cell) in enumerate(column):
            if answers[i] == "no" or _says_none(cell):
                continue
            lines.append(line)
            for key, contact in jobs.records(i, _COMPLAINT):
                at = dates[i] or jobs.days[i] or seen.at(key)
                found[key] = {
                    "ticket_id": key,
                    "contact_id": contact,
                    "kind": "complaint",
                    "status": "open" if at + OPEN_FOR > today else "closed",
                    "opened_at": at,
                    "closed_at": None,
                    "positive": None,
                }
    notices.rows("complaint", jobs.rows.sheet.where, "with a complaint beside them", lines)
    return list(found.values())


def _owed(jobs: _Jobs, notices: Notices) -> list[Row]:
    """Return what is not paid: said so from the day of the job, unsaid thirty days later."""
    due: dict[int, datetime | None] = {}
    done = [
        deal_status(text or "") in {None, "won"} and off != "yes"
        for text, off in zip(jobs.rows.texts("status"), _called_off(jobs), strict=True)
    ]
    for column in jobs.columns(_PAID):
        answers = [_answer(cell) for _, cell in column]
        told = "no" in answers
        for i, answer in enumerate(answers):
            day = jobs.days[i]
            if answer == "no":
                due[i] = day
            elif answer == "unknown" and not told and day is not None:
                due[i] = day + TERM
    if jobs.rows.has(_REST):
        rests = jobs.rows.cents(_REST)
        due = {i: jobs.days[i] for i, rest in enumerate(rests) if (rest or 0) > 0}
    amounts = jobs.rows.cents("amount" if jobs.rows.has("amount") else _REST)
    found: dict[str, Row] = {}
    for i, day in due.items():
        if done[i] and day is not None:
            for key, contact in jobs.records(i, _PAID):
                found[key] = {
                    "invoice_id": key,
                    "contact_id": contact,
                    "amount_cents": amounts[i],
                    "due_at": day,
                    "paid_at": None,
                }
    lines = [jobs.rows.lines[i] for i, day in due.items() if done[i] and day is not None]
    notices.rows("unpaid", jobs.rows.sheet.where, "not marked as paid", lines)
    return list(found.values())


def _called_off(jobs: _Jobs) -> Sequence[str]:
    return jobs.rows.answers("cancelled", filled_means_yes=True)


def _answer(cell: Cell) -> str:
    """Say whether a cell beside a job means that it was paid; anything but a no does."""
    if is_empty(cell):
        return "unknown"
    (answer,) = parse_yes_no([(0, cell)]).values
    word = folded(text_of(cell))
    return "no" if answer == "no" or word in _OWED or deal_status(cell) == "open" else "yes"


def _says_none(cell: Cell) -> bool:
    return is_empty(cell) or "".join(folded(text_of(cell)).split()) in _NONE
