"""Real export formats, as CSV and as workbook: guessed, read, written, and read the same again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from goodword_csv.files.encoding import decode
from goodword_csv.layout.sniff import sniff
from goodword_csv.rows.own_columns import DO_NOT_ASK, FIELDS, ID

LISTS = (
    *("brevo", "german-excel", "google-contacts", "hubspot-contacts", "linkedin-connections"),
    *("lonely-list", "mailchimp", "outlook", "quickbooks-customers", "salesforce-contact-report"),
    *("shopify-customers", "stripe-customers", "xero-contacts", "zoho-contacts"),
)
WHY = 'Wait: "soon"; rated us 9 of 10 on 2026-11-03'
Lay = Callable[..., Any]


def as_workbook(path: Path) -> bytes:
    data = path.read_bytes()
    layout = sniff(data, where=path.name)
    text = decode(data, where=path.name).text.removeprefix("sep=;\n").removeprefix("sep=;\r\n")
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Export"
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter):
        sheet.append([cell or None for cell in row] or [None])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("name", LISTS)
def test_a_real_export_is_read_written_and_read_again(
    desk: Lay, exports: Path, fields: Callable[..., Any], name: str, ending: str
) -> None:
    source = exports / f"{name}.csv"
    data = source.read_bytes() if ending == "csv" else as_workbook(source)
    firm = desk({f"{name}.{ending}": data})
    before = firm.pull()
    people = [str(row["contact_id"]) for row in before.tables["contacts"]]
    assert people
    values = {"stage": "buy", "segment": "Nurture", "score": 50, "why": WHY}
    results = firm.open().write([fields(one, next_ask="2026-12-01", **values) for one in people])
    assert all(result.ok for result in results)
    after = firm.pull()
    assert after.tables.pop("own_fields") == [
        {"contact_id": one, **values, "next_ask": "2026-12-01"} for one in people
    ]
    assert before.tables.pop("own_fields") == []
    assert after.tables == before.tables
    assert after.notices == before.notices


@pytest.mark.parametrize("name", LISTS)
def test_an_export_keeps_every_byte_outside_our_columns(
    desk: Lay, exports: Path, fields: Callable[..., Any], name: str
) -> None:
    firm = desk(exports / f"{name}.csv")
    old = (exports / f"{name}.csv").read_bytes()
    people = [str(row["contact_id"]) for row in firm.pull().tables["contacts"]]
    firm.open().write([fields(one, stage="buy", score=7) for one in people])
    new = (firm.folder / f"{name}.csv").read_bytes()
    mark = sniff(old, where=name).delimiter.encode()
    (source,) = firm.settings.sources
    ours = [] if "contact_id" in source.columns else [ID]
    added = mark.join(title.encode() for title in (*ours, *FIELDS.values(), DO_NOT_ASK))
    assert new != old
    assert new.count(added) == 1
    cells = re.escape(mark + mark.join([b"buy", b"", b"7", b"", b"", b""]))
    one = re.escape(mark) + rb"[^\r\n" + re.escape(mark) + rb"]+" if ours else b""
    assert re.sub(one + cells, b"", new.replace(mark + added, b"")) == old
