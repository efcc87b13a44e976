"""A firm of spreadsheets in a temporary folder, set up by the real guess, opened as a run does."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from goodword import CreateTask, Cursor, Guess, SetFields, Workplace
from goodword_csv.connector import SpreadsheetConnector
from goodword_csv.guessing.proposal import propose
from goodword_csv.settings import CsvSettings

EXPORTS = Path(__file__).parents[2] / "data" / "exports"
TODAY = date(2026, 11, 20)


@dataclass
class Heard:
    """What one pull said."""

    tables: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    complete: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)
    cursor: Cursor | None = None

    def put(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self.tables.setdefault(table, []).extend(rows)

    def remove(self, table: str, keys: Sequence[Mapping[str, str]]) -> None:
        raise AssertionError((table, keys))

    def absent(self, *tables: str) -> None:
        pass  # a pull into this sink is always the first one

    def forgotten(self, *contact_ids: str) -> None:
        raise AssertionError(contact_ids)

    def whole(self, *tables: str) -> None:
        self.complete.update(tables)
        for table in tables:
            self.tables.setdefault(table, [])

    def notice(self, code: str, text: str) -> None:
        self.notices.append(f"{code}: {text}")

    def people(self) -> dict[str, Mapping[str, Any]]:
        return {str(row["name"]): row for row in self.tables["contacts"]}

    def contact(self, name: str) -> str:
        return str(self.people()[name]["contact_id"])


@dataclass
class Desk:
    """A firm's folder with its spreadsheets and settings."""

    folder: Path
    guess: Guess
    today: date = TODAY

    @property
    def settings(self) -> CsvSettings:
        return CsvSettings.model_validate(self.guess.settings)

    def open(self, run_id: str = "20261120-090000-aaaa") -> SpreadsheetConnector:
        state = self.folder / ".goodword"
        state.mkdir(exist_ok=True)
        work = Workplace(self.folder, state, run_id, self.today, "csv-test")
        return SpreadsheetConnector(self.settings, work)

    def pull(self, cursor: Cursor | None = None) -> Heard:
        heard = Heard()
        heard.cursor = self.open().pull(cursor, heard)
        return heard

    def set_settings(self, **changes: Any) -> None:
        self.guess = Guess({**self.guess.settings, **changes}, ())


@pytest.fixture
def desk(tmp_path: Path) -> Callable[..., Desk]:
    """Lay out files (name to text, or an existing file to copy) and set them up as init does."""

    def lay_out(files: Mapping[str, str | bytes] | Path, *named: str) -> Desk:
        folder = tmp_path / "firm"
        folder.mkdir(exist_ok=True)
        if isinstance(files, Path):
            named = (shutil.copy(files, folder / files.name).name,)
        else:
            for name, content in files.items():
                data = content.encode() if isinstance(content, str) else content
                (folder / name).write_bytes(data)
            named = named or tuple(files)
        return Desk(folder, propose([folder / name for name in named], folder))

    return lay_out


@pytest.fixture
def desk_at() -> Callable[[Path, Sequence[Path]], Desk]:
    """Set up files that lie in a folder already."""
    return lambda folder, files: Desk(folder, propose(files, folder))


@pytest.fixture
def a_task() -> Callable[..., CreateTask]:
    def make(contact_id: str, cycle: str = "f-1", **changes: Any) -> CreateTask:
        number = sum(map(ord, contact_id + cycle))
        values: dict[str, Any] = {
            "key": f"{number:032x}",
            "contact_id": contact_id,
            "contact_name": "Nora Quill",
            "owner_id": "Sam Rowe",
            "play": "ask",
            "cycle": cycle,
            "due": date(2026, 11, 24),
            "subject": "Ask Nora for a good word",
            "body": "WHO\nNora Quill\n\nSAY THIS\nHi Nora, …",
            "because": ("rated us 10 of 10 on 2026-11-12",),
            "rank": 1,
            "asks": True,
        }
        return CreateTask(**values | changes)

    return make


@pytest.fixture
def fields() -> Callable[..., SetFields]:
    def make(contact_id: str, **values: str | int | None) -> SetFields:
        before: dict[str, str | int | None] = dict.fromkeys(values)
        return SetFields(
            key=f"set-{contact_id}-{sorted(values.items())}",
            contact_id=contact_id,
            values=values,
            before=before,
        )

    return make


@pytest.fixture
def sheet() -> Callable[[Path, str], list[list[Any]]]:
    """Read one sheet of a workbook as rows, as a spreadsheet program would show it."""

    def read(path: Path, name: str) -> list[list[Any]]:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        return [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]

    return read


@pytest.fixture
def exports() -> Path:
    return EXPORTS
