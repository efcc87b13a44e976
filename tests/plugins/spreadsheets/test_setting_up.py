"""What init proposes: several files, several sheets, or both, one of them the customer list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from goodword_csv.proposal import propose
from goodword_csv.settings import CsvSettings

SHEETS = {
    "people": [["Name", "Email", "Phone"], ["Nora Quill", "nora@x.example", "+44 117 496 0101"],
               ["Ida Brandt", "ida@x.example", "+44 117 496 0102"]],
    "sales": [["Order ID", "Email", "Date", "Amount"], ["A", "nora@x.example", "13/10/2026", "£90.00"],
              ["B", "ida@x.example", "02/10/2026", "£1,010.50"]],
    "survey": [["Date", "Email", "NPS"], ["2026-11-01", "nora@x.example", "10"]],
    "referrals": [["Date", "Referred by", "Who"], ["2026-10-01", "Nora Quill", "Ida Brandt"]],
}
Lay = Callable[..., Any]


def as_csv(name: str) -> str:
    quoted = ((f'"{cell}"' if "," in cell else cell for cell in row) for row in SHEETS[name])
    return "\n".join(",".join(row) for row in quoted) + "\n"


def add_workbook(path: Path, names: list[str]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in names:
        page = book.create_sheet(name)
        for row in SHEETS[name]:
            page.append(row)
    book.save(path)
    return path


@pytest.fixture(params=["files", "sheets", "mixed"])
def laid_out(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    csv_names = {"files": list(SHEETS), "sheets": [], "mixed": ["sales", "survey"]}[request.param]
    paths = []
    for name in csv_names:
        (tmp_path / f"{name}.csv").write_text(as_csv(name))
        paths.append(tmp_path / f"{name}.csv")
    rest = [name for name in SHEETS if name not in csv_names]
    if rest:
        paths.append(add_workbook(tmp_path / "firm.xlsx", rest))
    return paths


def test_contacts_sales_survey_and_referrals_make_one_firm(
    laid_out: list[Path], tmp_path: Path, desk: Lay
) -> None:
    from tests_free_desk import pull  # type: ignore[import-not-found]
