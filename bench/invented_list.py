"""An invented customer list as a file: 20 columns of every kind, the same for the same seed.

Shares follow what exports look like: few reps, towns and states repeat a thousand times, e-mails
and phones are all different, dates and amounts repeat now and then. Everything is made up.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Cell = str | int | float | datetime | None

HEADER = (
    *("Customer ID", "First Name", "Last Name", "Email", "Phone", "Company", "Job Title"),
    *("Street", "Postcode", "City", "Owner", "Status", "Email consent", "Created"),
    *("First order", "Last job", "Total spent", "Orders", "NPS", "Notes"),
)
MAPPED = {
    "contact_id": "Customer ID",
    "first_name": "First Name",
    "last_name": "Last Name",
    "email": "Email",
    "phone": "Phone",
    "company": "Company",
    "job_title": "Job Title",
    "city": "City",
    "owner": "Owner",
    "status": "Status",
    "consent": "Email consent",
    "created_at": "Created",
    "first_purchase_at": "First order",
    "last_purchase_at": "Last job",
    "total_spent": "Total spent",
    "purchases": "Orders",
    "nps": "NPS",
}
"""Field of a customer list to its column here; street, postcode and notes are nobody's business."""

_TODAY = datetime(2026, 11, 20)
_FIRST = (
    *("Ada", "Björn", "Chloé", "Dörte", "Émile", "Fatma"),
    *("Grzegorz", "Håkon", "Ines", "Jürgen", "Kateřina", "Łukasz"),
)
_LAST = (
    *("Abbott", "Müller", "Núñez", "O'Brien", "Petit-Jean"),
    *("Åkesson", "Šimůnek", "Þórsson", "Weiß", "Yağmur", "Zhang"),
)
_TOWNS = (
    *("Bath", "Córdoba", "Düsseldorf", "Exeter", "Göteborg"),
    *("Kraków", "Leeds", "Nîmes", "Tromsø", "York", "Ängelholm"),
)
_TITLES = ("Owner", "Head of purchasing", "Hausverwalterin", "Gérante", "Site manager", "")
_STATES = ("Customer", "Customer", "Customer", "Lead", "Lost", "")
_CONSENT = ("yes", "yes", "no", "", "Subscribed", "")
_AREAS = (13, 14, 16, 17, 18, 21, 31, 41, 51, 61)
_NOTES = (
    "",
    "",
    "Rang back on Monday; prefers the mornings, “before nine”.",
    "Key under the mat, dog is friendly\nCall first",
    'Said: "very happy with the boiler", asked about heat pumps – naïve estimate 12 k€',
    "第二住所あり。鍵は隣の家。",
)


def rows(people: int, seed: int = 11) -> Iterator[list[Cell]]:
    """Yield the rows of a list of *people*, dates and amounts as values."""
    rng = random.Random(seed)  # noqa: S311 - invented data, not a secret
    for n in range(people):
        first, last = rng.choice(_FIRST), f"{rng.choice(_LAST)} {n % 977}"
        created = _TODAY - timedelta(days=rng.randrange(60, 2500))
        bought = created + timedelta(days=rng.randrange(60))
        latest = min(_TODAY, bought + timedelta(days=rng.randrange(2000)))
        orders = 1 + int(rng.lognormvariate(0.5, 0.8))
        yield [
            f"C-{100_000 + n}",
            first,
            last,
            f"person.{n}@example.com" if rng.random() < 0.9 else None,
            _phone(rng),
            f"{rng.choice(_LAST)} & Söhne {n % 30_011}" if rng.random() < 0.6 else None,
            rng.choice(_TITLES) or None,
            f"{rng.randrange(1, 200)} {rng.choice(_TOWNS)} Road",
            f"{rng.randrange(1, 99_999):05d}",
            rng.choice(_TOWNS),
            f"Rep {rng.randrange(40)}",
            rng.choice(_STATES) or None,
            rng.choice(_CONSENT) or None,
            created,
            bought,
            latest,
            round(rng.lognormvariate(6, 1.2), 2),
            orders,
            rng.randrange(11) if rng.random() < 0.5 else None,
            rng.choice(_NOTES) or None,
        ]


def write_csv(path: Path, people: int) -> None:
    """Write the list as an export would: UTF-8, dates as 20/11/2026, amounts as £1,234.50."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows([_text(cell) for cell in row] for row in rows(people))


def write_xlsx(path: Path, people: int) -> None:
    """Write the list as a workbook with typed dates and amounts, and its texts kept once."""
    import xlsxwriter  # type: ignore[import-untyped]  # it has no types

    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Customers")
    sheet.write_row(0, 0, HEADER)
    day, money = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": 4})
    for at, row in enumerate(rows(people), start=1):
        _write_row(sheet, at, row, day, money)
    book.close()


def _write_row(sheet: Any, at: int, row: Sequence[Cell], day: Any, money: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, datetime):
            sheet.write_datetime(at, column, cell, day)
        elif isinstance(cell, float):
            sheet.write_number(at, column, cell, money)
        elif isinstance(cell, int):
            sheet.write_number(at, column, cell)
        elif cell is not None:
            sheet.write_string(at, column, cell)


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float):
        return f"£{cell:,.2f}"
    return "" if cell is None else str(cell)


def _phone(rng: random.Random) -> str:
    """A number the way people of one country write theirs; one in fifty is misspelt."""
    number = f"01{rng.choice(_AREAS)} 496 {rng.randrange(10_000):04d}"
    return number[:-2] if rng.random() < 0.02 else number
