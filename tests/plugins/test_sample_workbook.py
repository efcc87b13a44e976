"""The bundled sample firm: made by its script, invented throughout, untidy on purpose."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from python_calamine import CalamineWorkbook

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "plugins" / "csv" / "sample_source" / "make_sample.py"


def cells(path: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {
        name: [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    }


def test_the_script_makes_the_workbook_that_is_bundled(
    sample_workbook: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.xlsx"
    subprocess.run([sys.executable, str(SCRIPT), str(again)], check=True)
    assert cells(again) == cells(sample_workbook)


def test_every_mail_address_in_the_sample_is_one_nobody_can_own(sample_workbook: Path) -> None:
    text = "\n".join(
        str(cell) for rows in cells(sample_workbook).values() for row in rows for cell in row
    )
    domains = re.findall(r"@([\w.-]+\w)", text)
    assert len(domains) > 80
    free = re.compile(r"(?i)(.+\.)?example\.(com|net|org)")
    assert [domain for domain in domains if not free.fullmatch(domain)] == []


def test_the_sample_holds_what_a_careless_tool_would_lose(sample_workbook: Path) -> None:
    with zipfile.ZipFile(sample_workbook) as parts:
        names = set(parts.namelist())
        customers = parts.read("xl/worksheets/sheet1.xml").decode()
        book = parts.read("xl/workbook.xml").decode()
    assert {"xl/charts/chart1.xml", "xl/comments1.xml"} <= names
    for part in ("<f>", "<conditionalFormatting", "<dataValidation", "<autoFilter"):
        assert part in customers
    assert 'state="hidden"' in book
    assert "<definedName" in book
