"""A worksheet of our own, written from nothing: header, rows, drop-downs, filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from goodword_csv.files.cells import MAX_ROWS, CellEdit, CellValue, cell_xml, column_name
from goodword_csv.files.style_part import SheetStyles
from goodword_csv.files.table_part import reference
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
    bold and all cells wrapped where the workbook's formats allow it; of the lines above the header
    the first is bold.

    Args:
        name: At most 31 characters, none of ``[]:*?/\``.
        header: The row that names the columns; it stays in view.
        rows: The rows below it.
        widths: Width of a column in characters; others get 16.
        dropdowns: Column to the words to choose from.
        above: Lines above the header, one cell each.
        choices: Column to the first and the last column whose cells in the same row are offered.
        hidden: Columns that are there and not shown.
        row_height: Height of the rows below the header in points; None fits them to their text.
    """

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[CellValue]] = ()
    widths: Mapping[int, float] = field(default_factory=dict)
    dropdowns: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    choices: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    above: Sequence[str] = ()
    hidden: frozenset[int] = frozenset()
    row_height: float | None = None

    def __post_init__(self) -> None:
        r"""Refuse what Excel would: a bad name, no header, an impossible drop-down."""
        bad = set(self.name) & set("[]:*?/\\") or self.name.strip("' ") != self.name
        if not self.name or bad or len(self.name) > _MAX_NAME or self.name.lower() == "history":
            msg = f"{self.name!r} cannot be the name of a sheet"
            raise ValueError(msg)
        if not self.header or len(self.rows) + self.top > MAX_ROWS:
            msg = "a sheet needs a header and at most 1,048,576 rows with it"
            raise ValueError(msg)
        for words in self.dropdowns.values():
            if len(",".join(words)) > _MAX_CHOICES or any("," in word for word in words):
                msg = "a drop-down holds at most 255 characters and no commas"
                raise ValueError(msg)

    @property
    def top(self) -> int:
        """The header's row, 1-based."""
        return len(self.above) + 1

    @property
    def filtered(self) -> tuple[int, int, int, int]:
        """The range of the filter: first row and column, last row and column."""
        return self.top, 0, MAX_ROWS, len(self.header) - 1


def sheet_xml(sheet: NewSheet, styles: SheetStyles, *, namespace: str = MAIN_NAMESPACE) -> bytes:
    """Write the worksheet part; elements stand in the order the format demands."""
    top, below = sheet.top, sheet.top + 1
    height = "" if sheet.row_height is None else f' ht="{sheet.row_height:g}" customHeight="1"'
    pieces = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        f'<worksheet xmlns="{namespace}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
        '<sheetViews><sheetView workbookViewId="0">',
        f'<pane ySplit="{top}" topLeftCell="A{below}" activePane="bottomLeft" state="frozen"/>',
        f'<selection pane="bottomLeft" activeCell="A{below}" sqref="A{below}"/>',
        '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>',
        *(_column(sheet, column, styles.wrapped) for column in range(len(sheet.header))),
        "</cols><sheetData>",
        *(
            _row(number, [text], styles.title if number == 1 else styles.note)
            for number, text in enumerate(sheet.above, start=1)
        ),
        _row(top, sheet.header, styles.header),
        *(
            _row(number, row, styles.wrapped, height)
            for number, row in enumerate(sheet.rows, start=below)
        ),
        f'</sheetData><autoFilter ref="{reference(sheet.filtered)}"/>',
        _validations(sheet),
        '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>',
        '<pageSetup orientation="landscape" fitToHeight="0"/>',
        "</worksheet>",
    ]
    return "".join(pieces).encode()


def _column(sheet: NewSheet, column: int, style: int | None) -> str:
    width = sheet.widths.get(column, _WIDTH)
    looks = "" if style is None else f' style="{style}"'
    looks += ' hidden="1"' * (column in sheet.hidden)
    return f'<col min="{column + 1}" max="{column + 1}" width="{width}"{looks} customWidth="1"/>'


def _row(number: int, values: Sequence[CellValue], style: int | None, height: str = "") -> str:
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
    return f'<row r="{number}"{height}>{"".join(cells)}</row>'


def _validations(sheet: NewSheet) -> str:
    offered = {column: _quoted(words) for column, words in sheet.dropdowns.items()}
    for column, (first, last) in sheet.choices.items():
        row = sheet.top + 1
        offered[column] = f"${column_name(first)}{row}:${column_name(last)}{row}"
    if not offered:
        return ""
    rules = "".join(
        f'<dataValidation type="list" allowBlank="1" sqref="'
        f'{reference((sheet.top + 1, column, MAX_ROWS, column))}">'
        f"<formula1>{xml_text(formula)}</formula1></dataValidation>"
        for column, formula in sorted(offered.items())
    )
    return f'<dataValidations count="{len(offered)}">{rules}</dataValidations>'


def _quoted(words: tuple[str, ...]) -> str:
    doubled = ",".join(words).replace('"', '""')
    return f'"{doubled}"'
