"""A worksheet of our own, written from nothing: header, rows, drop-downs, filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from goodword_csv.files.cells import MAX_ROWS, CellEdit, CellValue, cell_xml, column_name
from goodword_csv.files.style_part import SheetStyles
from goodword_csv.files.xml_part import xml_text

MAIN_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MAX_CHOICES = 255  # Excel's limit for the characters of a drop-down's list
_MAX_NAME = 31
_WIDTH = 16.0


@dataclass(frozen=True, slots=True)
class NewSheet:
    r"""A sheet to add.

    Columns are 0-based. Drop-downs and the filter reach to the last possible row, so rows added
    later have them too; a drop-down suggests and does not forbid other words. Header cells are
    bold and all cells wrapped where the workbook's formats allow it.

    Args:
        name: At most 31 characters, none of ``[]:*?/\``.
        header: The first row; it stays in view.
        rows: The rows below it.
        widths: Width of a column in characters; others get 16.
        dropdowns: Column to the words to choose from.
    """

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[CellValue]] = ()
    widths: Mapping[int, float] = field(default_factory=dict)
    dropdowns: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        r"""Refuse what Excel would: a bad name, no header, an impossible drop-down."""
        bad = set(self.name) & set("[]:*?/\\") or self.name.strip("' ") != self.name
        if not self.name or bad or len(self.name) > _MAX_NAME or self.name.lower() == "history":
            msg = f"{self.name!r} cannot be the name of a sheet"
            raise ValueError(msg)
        if not self.header or len(self.rows) >= MAX_ROWS:
            msg = "a sheet needs a header and at most 1,048,575 rows below it"
            raise ValueError(msg)
        for words in self.dropdowns.values():
            if len(",".join(words)) > _MAX_CHOICES or any("," in word for word in words):
                msg = "a drop-down holds at most 255 characters and no commas"
                raise ValueError(msg)


def sheet_xml(sheet: NewSheet, styles: SheetStyles, *, namespace: str = MAIN_NAMESPACE) -> bytes:
    """Write the worksheet part; elements stand in the order the format demands."""
    last = column_name(len(sheet.header) - 1)
    pieces = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        f'<worksheet xmlns="{namespace}"><sheetViews><sheetView workbookViewId="0">',
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>',
        '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>',
        '<sheetFormatPr defaultRowHeight="15"/><cols>',
        *(_column(sheet, column, styles.wrapped) for column in range(len(sheet.header))),
        "</cols><sheetData>",
        _row(1, sheet.header, styles.header),
        *(_row(number, row, styles.wrapped) for number, row in enumerate(sheet.rows, start=2)),
        f'</sheetData><autoFilter ref="A1:{last}{MAX_ROWS}"/>',
        _validations(sheet.dropdowns),
        '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>',
        "</worksheet>",
    ]
    return "".join(pieces).encode()


def _column(sheet: NewSheet, column: int, style: int | None) -> str:
    width = sheet.widths.get(column, _WIDTH)
    chosen = "" if style is None else f' style="{style}"'
    return f'<col min="{column + 1}" max="{column + 1}" width="{width}"{chosen} customWidth="1"/>'


def _row(number: int, values: Sequence[CellValue], style: int | None) -> str:
    chosen = None if style is None else str(style)
    cells = (
        cell_xml(
            CellEdit(number, column, value),
            prefix="",
            style=chosen,
            reference=f"{column_name(column)}{number}",
        ).decode()
        for column, value in enumerate(values)
        if value is not None
    )
    return f'<row r="{number}">{"".join(cells)}</row>'


def _validations(dropdowns: Mapping[int, tuple[str, ...]]) -> str:
    if not dropdowns:
        return ""
    rules = "".join(
        f'<dataValidation type="list" allowBlank="1" sqref="{column_name(column)}2:'
        f'{column_name(column)}{MAX_ROWS}"><formula1>{_choices(words)}</formula1></dataValidation>'
        for column, words in sorted(dropdowns.items())
    )
    return f'<dataValidations count="{len(dropdowns)}">{rules}</dataValidations>'


def _choices(words: tuple[str, ...]) -> str:
    doubled = ",".join(words).replace('"', '""')
    return xml_text(f'"{doubled}"')
