"""What goodword expects of every connector, on a CSV file and on a workbook."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import goodword_csv
from goodword import Connector, ConnectorError, ConnectorSpec, SourceError, Workplace
from goodword.testing import Answer, ConnectorContract, Provoke
from goodword_csv.files.cells import CellEdit
from goodword_csv.files.records import read_records
from goodword_csv.files.text_file import Layout, file_bytes, set_cells
from goodword_csv.files.workbook_file import patch_workbook
from goodword_csv.guessing.proposal import propose
from goodword_csv.rows.sources import read_file
from goodword_csv.settings import CsvSettings
from goodword_csv.tasks.task_place import find_tasks
from goodword_csv.tasks.task_sheet import OUTCOME

PEOPLE = """\
Customer no,Name,Email,Phone,Account manager,Last job
1,Nora Quill,nora@brightroof.example,0117 496 0101,Sam Rowe,2026-10-01
2,Ida Brandt,ida@brandt.example,0117 496 0102,Lena Fox,2026-09-01
"""


class _Spreadsheet(ConnectorContract):
    """What both formats share; a subclass gives the file and the rep's hand on it."""

    @pytest.fixture
    def spec(self) -> ConnectorSpec[Any]:
        return goodword_csv.goodword_connector()

    @pytest.fixture
    def open_it(self, list_file: Path, spec: ConnectorSpec[Any], today: Any, run_id: str) -> Any:
        folder = list_file.parent
        settings = CsvSettings.model_validate(propose([list_file], folder).settings)
        state = folder / ".goodword"
        state.mkdir()
        return lambda: spec.open(settings, Workplace(folder, state, run_id, today))

    @pytest.fixture
    def connector(self, open_it: Callable[[], Connector]) -> Connector:
        return open_it()

    @pytest.fixture
    def reopen(self, open_it: Callable[[], Connector]) -> Callable[[], Connector]:
        return open_it

    @pytest.fixture
    def provoke(self, list_file: Path) -> Provoke:
        def spoil() -> None:
            list_file.write_bytes(b"PK\x03\x04 half a file")

        errors: Mapping[type[ConnectorError], Callable[[], None]] = {
            SourceError: spoil,
            ConnectorError: spoil,
        }
        return errors


class TestCsvFile(_Spreadsheet):
    @pytest.fixture
    def list_file(self, tmp_path: Path) -> Path:
        folder = tmp_path / "firm"
        folder.mkdir()
        (folder / "people.csv").write_text(PEOPLE)
        return folder / "people.csv"

    @pytest.fixture
    def answer(self, list_file: Path) -> Answer:
        def record(key: str, outcome: str) -> None:
            path = list_file.with_name("people.tasks.csv")
            text = path.read_text(encoding="utf-8-sig")
            layout = Layout("utf-8", bom=True, newline="\r\n")
            records = [
                set_cells(each, {1: outcome}, layout) if key in each.raw else each
                for each in read_records(text.replace("\r\n", "\n"), ",", where=path.name)
            ]
            path.write_bytes(file_bytes(records, layout))

        return record


class TestWorkbook(_Spreadsheet):
    @pytest.fixture
    def list_file(self, tmp_path: Path) -> Path:
        folder = tmp_path / "firm"
        folder.mkdir()
        book = openpyxl.Workbook()
        for row in csv.reader(PEOPLE.splitlines()):
            book.worksheets[0].append(row)
        book.save(folder / "people.xlsx")
        return folder / "people.xlsx"

    @pytest.fixture
    def answer(self, list_file: Path) -> Answer:
        def record(key: str, outcome: str) -> None:
            settings = CsvSettings.model_validate(propose([list_file], list_file.parent).settings)
            place = find_tasks(settings, read_file(list_file))
            assert place.tasks is not None
            line = place.tasks.by_key()[key].line
            cell = CellEdit(line, place.tasks.columns[OUTCOME], outcome)
            list_file.write_bytes(patch_workbook(list_file, {place.name: [cell]}))

        return record
