"""Workbooks that would do harm, by mistake or intent, are refused before anybody reads them."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from goodword import SourceError, Workplace
from goodword_csv.connector import SpreadsheetConnector
from goodword_csv.files.cells import CellEdit
from goodword_csv.files.workbook_file import patch_workbook
from goodword_csv.guessing.proposal import propose
from goodword_csv.layout.book import read_book
from goodword_csv.settings import CsvSettings

SHEET = "xl/worksheets/sheet1.xml"
PARTS = [
    *(SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"),
    *("xl/_rels/workbook.xml.rels", "[Content_Types].xml"),
]
GIGABYTE = 1024**3
Change = Callable[[bytes], bytes]


def book_with(folder: Path, cell: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Name", "Email"])
    sheet.append(["Pat Doe", "pat@example.com"])
    sheet[cell] = "x"
    path = folder / "list.xlsx"
    book.save(path)
    return path


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A harmless list, as a spreadsheet program writes it."""
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        sheet = book.add_worksheet("People")
        for number, row in enumerate((["Name", "Email"], ["Pat Doe", "pat@example.com"])):
            sheet.write_row(number, 0, row)
    return path


def rewritten(path: Path, **parts: Change) -> None:
    """Change parts by name, in place; a part that is not there is added."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    for name, change in parts.items():
        entries[name] = change(entries.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)


def refused_everywhere(path: Path, like: Path | None = None) -> SourceError:
    """Knock at every door with a file: init, pull and write; return the last answer."""
    harmless = path if like is None else like
    columns = {"name": "Name", "email": "Email"}
    source = {"file": path.name, "sheet": "People", "kind": "contacts", "columns": columns}
    settings = CsvSettings.model_validate({"sources": [{**source, "write": True}]})
    work = Workplace(path.parent, path.parent / ".goodword", "run", date(2026, 11, 20))
    doors: list[Callable[[], object]] = [
        lambda: read_book(path),
        lambda: propose([harmless], path.parent),
        lambda: SpreadsheetConnector(settings, work).write([]),
        lambda: SpreadsheetConnector(settings, work).find(["k"]),
        lambda: patch_workbook(path, {"People": [CellEdit(9, 9, "x")]}),
    ]
    answers = []
    for door in doors:
        with pytest.raises(SourceError) as refused:
            door()
        assert refused.value.hint
        answers.append(refused.value)
    assert "Pat" not in " ".join(map(str, answers))
    return answers[-1]


@contextmanager
def bounded(megabytes: int, seconds: float) -> Iterator[None]:
    """Fail when what happens inside takes more memory or time."""
    tracemalloc.start()
    before = time.perf_counter()
    try:
        yield
        took = time.perf_counter() - before
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < megabytes * 1024**2
    assert took < seconds


def zeros(size: int, sign: bytes = b"\0") -> bytes:
    """Deflate *size* times one sign, a multiple of 16 MB, without packing each of them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(sign * (16 * 1024**2)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * (size // (16 * 1024**2)) + packer.flush()


def raw_zip(*entries: tuple[str, bytes, int, int]) -> bytes:
    """Make a zip of (name, packed bytes, stated size, stated checksum), true or not."""
    body, directory = bytearray(), bytearray()
    for name, packed, size, crc in entries:
        at = len(body)
        common = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, crc, len(packed), size)
        names = struct.pack("<HH", len(name), 0)
        body += b"PK\x03\x04" + common + names + name.encode() + packed
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + common + names
        directory += struct.pack("<HHHII", 0, 0, 0, 0, at) + name.encode()
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return bytes(body + directory + b"PK\x05\x06" + end)


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def with_bomb(path: Path, stated: int, packed: bytes, name: str = SHEET) -> None:
    """Replace one part by packed bytes whose size is stated as it pleases us."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist() if each != name}
    entries = [(each, deflated(d), len(d), zlib.crc32(d)) for each, d in parts.items()]
    path.write_bytes(raw_zip(*entries, (name, packed, stated, 0)))


# ------------------------------------------------------------------ far cells


@pytest.mark.parametrize("cell", ["XFD1048576", "CV1048576", "Z1048576"])
def test_a_stray_cell_in_the_last_corner_is_refused_by_name(tmp_path: Path, cell: str) -> None:
    with pytest.raises(SourceError) as refused:
        read_book(book_with(tmp_path, cell))
    assert cell in refused.value.message
    assert "Ctrl+End" in refused.value.hint


def test_a_cell_somewhat_apart_is_read(tmp_path: Path) -> None:
    (grid,) = read_book(book_with(tmp_path, "AA400")).grids
    assert grid.header[:2] == ("Name", "Email")


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="10000000"><c r="A10000000"><v>1</v></c></row>',
        b'<row><c r="A99999999"><v>1</v></c></row>',
        b"<row r='10000000'><c r='A10000000'><v>1</v></c></row>",
        b'<row r="3"><c r="ZZZZZ3"><v>1</v></c></row>',
        b'<row r="3"><c r="ZZZ3"><v>1</v></c></row>',
        b'<row r="3">' + b"<c/>" * 20_000 + b"</row>",
        b'<row r="3"><c r="XFD1048576" t="s"><v>0</v></c></row>',
        b'<row r="3">' + b"<c/>" * 2_000 + b'</row><row r="1000000"><c><v>1</v></c></row>',
        b'<x:row xmlns:x="n" r="3"><x:c\n r\n=\n"A9000000"/></x:row>',
        b'<row r="3"><c t="n" r="A9000000"><v>1</v></c></row>',
        b'<row r="3"><c r="B3"><is><t>&lt;c r="A1"</t></is></c></row><row r=\'8999999\'/>',
    ],
)
def test_millions_of_declared_rows_or_columns_are_refused(people: Path, rows: bytes) -> None:
    end = b"</sheetData>"
    rewritten(people, **{SHEET: lambda part: part.replace(end, rows + end)})
    with bounded(40, 30):
        refused = refused_everywhere(people)
    assert "cell" in refused.message


def test_cells_without_references_are_read_as_before(people: Path) -> None:
    def plain(part: bytes) -> bytes:
        for reference in (b"A1", b"B1", b"A2", b"B2"):
            part = part.replace(b' r="%b"' % reference, b"")
        return part

    rewritten(people, **{SHEET: plain})
    (grid,) = read_book(people).grids
    assert grid.header == ("Name", "Email")


# ------------------------------------------------------------------ zips


def test_a_workbook_that_unpacks_to_far_too_much_is_refused(tmp_path: Path) -> None:
    path = book_with(tmp_path, "C2")
    data = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"0" * (80 * 1024**2))
    path.write_bytes(data.getvalue())
    with pytest.raises(SourceError, match="would unpack to"):
        read_book(path)


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/media/image1.png"])
def test_a_gigabyte_of_nothing_in_a_megabyte_is_refused(people: Path, part: str) -> None:
    with_bomb(people, GIGABYTE, zeros(GIGABYTE), part)
    assert people.stat().st_size < 2 * 1024**2
    with bounded(20, 15):
        refused = refused_everywhere(people)
    assert "would unpack to 1,024 MB" in refused.message


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/media/image1.png"])
@pytest.mark.parametrize("stated", [0, 1_000, 16 * 1024**2])
def test_a_part_larger_than_it_says_is_refused(people: Path, part: str, stated: int) -> None:
    with_bomb(people, stated, zeros(GIGABYTE, b" "), part)
    with bounded(30, 30):
        refused = refused_everywhere(people)
    assert f"{part} is larger than it says" in refused.message


def test_a_bomb_in_many_small_parts_is_refused(people: Path) -> None:
    packed = zeros(48 * 1024**2)
    with zipfile.ZipFile(people) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    entries = [(name, deflated(data), len(data), zlib.crc32(data)) for name, data in parts.items()]
    entries += [(f"xl/media/{n}.png", packed, 48 * 1024**2, 0) for n in range(20)]
    people.write_bytes(raw_zip(*entries))
    with bounded(20, 15):
        refused = refused_everywhere(people)
    assert "would unpack" in refused.message


def repeated_text(size: int, cells: int, *, hidden: bytes = b"") -> dict[str, Change]:
    """Give a sheet many cells that all point at the fifth text, and append one of the size."""
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>4</v></c></row>' % (n, n) for n in range(3, cells + 3)
    )
    text = b"<si><t>" + hidden + b"x y " * (size // 4) + b"</t></si></sst>"
    return {
        SHEET: lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>"),
        "xl/sharedStrings.xml": lambda part: part.replace(b"</sst>", text),
    }


@pytest.mark.parametrize("hidden", [b"", b"<!-- <si><si><si> -->", b"<![CDATA[<si/>]]>"])
def test_one_huge_text_in_very_many_cells_is_refused(people: Path, hidden: bytes) -> None:
    rewritten(people, **repeated_text(1_000_000, 5_000, hidden=hidden))
    assert people.stat().st_size < 1024**2
    with bounded(60, 15):
        refused = refused_everywhere(people)
    assert "MB of text" in refused.message


def test_one_long_note_beside_many_short_texts_is_read(people: Path) -> None:
    def note_first(part: bytes) -> bytes:
        return part.replace(
            b"</sst>", b"<si><t>z</t></si><si><t>" + b"n" * 300_000 + b"</t></si></sst>"
        )

    rewritten(people, **repeated_text(4, 5_000) | {"xl/sharedStrings.xml": note_first})
    (grid,) = read_book(people).grids
    assert len(grid.rows) > 5_000


def test_a_part_smaller_than_it_says_is_damage(people: Path) -> None:
    with_bomb(people, 500, deflated(b"<worksheet/>"))
    assert "cannot be unpacked" in refused_everywhere(people).message


def test_parts_that_share_their_bytes_are_refused(people: Path) -> None:
    data = people.read_bytes()
    with zipfile.ZipFile(people) as archive:
        entry = archive.getinfo(SHEET)
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode()))
    wide = bytearray(data)
    struct.pack_into("<I", wide, at + 20, entry.compress_size + 500)
    people.write_bytes(bytes(wide))
    assert "parts inside of other parts" in refused_everywhere(people).message


def test_one_part_under_two_names_is_refused(people: Path) -> None:
    shared = deflated(b"<x/>")
    body = raw_zip(("[Content_Types].xml", shared, 4, zlib.crc32(b"<x/>")))
    end = body.index(b"PK\x01\x02")
    record = body[end : body.index(b"PK\x05\x06")]
    other = record.replace(b"[Content_Types].xml", b"xl/workbook.xml...."[:19])
    tail = struct.pack("<HHHHIIH", 0, 0, 2, 2, 2 * len(record), end, 0)
    people.write_bytes(body[:end] + record + other + b"PK\x05\x06" + tail)
    refused_everywhere(people)


@pytest.mark.parametrize("place", ["before", "behind"])
def test_a_zip_inside_or_around_another_is_refused(people: Path, place: str) -> None:
    data = people.read_bytes()
    other = raw_zip(("a.xml", deflated(b"<a/>"), 4, zlib.crc32(b"<a/>")))
    if place == "before":
        people.write_bytes(other + data)
    else:
        with zipfile.ZipFile(people, "a") as archive:
            archive.comment = other
    assert "another file" in refused_everywhere(people).message


def test_a_workbook_packed_into_a_zip_is_no_workbook(people: Path) -> None:
    inner = people.read_bytes()
    with zipfile.ZipFile(people, "w") as archive:
        archive.writestr("list.xlsx", inner)
    assert "no Excel workbook" in refused_everywhere(people).message


@pytest.mark.parametrize(
    "name",
    ["../evil.xml", "/etc/evil.xml", "xl/../../evil.xml", "xl\\..\\evil.xml", "C:\\evil.xml"],
)
def test_a_part_that_points_out_of_the_file_is_refused(people: Path, name: str) -> None:
    with zipfile.ZipFile(people, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"<x/>")
    assert "points out of the file" in refused_everywhere(people).message


@pytest.mark.parametrize("name", [SHEET, SHEET.upper(), SHEET.replace("/", "\\")])
@pytest.mark.filterwarnings("ignore:Duplicate name")  # Python warns of what we make on purpose
def test_two_parts_of_one_name_are_refused(people: Path, name: str) -> None:
    with zipfile.ZipFile(people, "a") as archive:
        archive.writestr(name, b"<worksheet/>")
    assert "two parts of one name" in refused_everywhere(people).message


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_packed_in_an_unusual_way_is_refused(people: Path, kind: int) -> None:
    with zipfile.ZipFile(people, "a") as archive:
        archive.writestr("xl/media/a.png", bytes(1000), kind)
    assert "no spreadsheet program uses" in refused_everywhere(people).message


# ------------------------------------------------------------------ XML

LAUGHS = b"".join(
    b'<!ENTITY l%d "%b">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(10)
)
DOCTYPES = {
    "billion laughs": b"<!DOCTYPE x [" + LAUGHS + b"]>",
    "external entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "external subset": b'<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">',
    "empty": b"<!DOCTYPE x>",
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kind", DOCTYPES)
def test_entities_and_document_types_are_refused_in_every_part(
    people: Path, part: str, kind: str
) -> None:
    def poisoned(data: bytes) -> bytes:
        declaration, _, rest = data.partition(b"?>")
        assert b"<?xml" in declaration
        return declaration + b"?>" + DOCTYPES[kind] + rest.replace(b"Pat", b"&l9;", 1)

    rewritten(people, **{part: poisoned})
    with bounded(20, 15):
        refused = refused_everywhere(people)
    assert f"{part} holds a document type declaration" in refused.message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
@pytest.mark.parametrize("part", PARTS)
def test_a_part_in_another_encoding_hides_nothing(people: Path, part: str, encoding: str) -> None:
    rewritten(people, **{part: lambda data: data.decode().encode(encoding)})
    assert "UTF-8" in refused_everywhere(people).message


@pytest.mark.parametrize("disguise", [b"%b", b"<!-- </a></a> -->%b", b"<b>/>/>/></b>%b"])
@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_a_deep_nesting_is_refused(people: Path, part: str, disguise: bytes) -> None:
    depth = 2_000_000
    deep = (disguise % b"<a>") * (depth // 10) + b"</a>" * (depth // 10)
    rewritten(people, **{part: lambda data: data.replace(b"><", b">" + deep + b"<", 2)})
    with bounded(60, 30):
        refused = refused_everywhere(people)
    assert "inside of each other" in refused.message


@pytest.mark.parametrize("start", [b" " * 3_000_000, b"junk "])
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/media/image1.png"])
def test_a_sheet_in_disguise_is_looked_at_all_the_same(
    people: Path, start: bytes, name: str
) -> None:
    with zipfile.ZipFile(people) as archive:
        part = archive.read(SHEET)
    cut = part.index(b"<worksheet")
    far = part[cut:].replace(b"</sheetData>", b'<row r="9000000"/></sheetData>')
    rewritten(people, **{name: lambda _: start + far})
    if name != SHEET:
        links = "xl/_rels/workbook.xml.rels"
        target = b"worksheets/sheet1.xml"
        rewritten(people, **{links: lambda data: data.replace(target, b"media/image1.png")})
    with bounded(60, 30):
        refused_everywhere(people)


def test_a_harmless_workbook_passes_every_door(people: Path) -> None:
    folder = people.parent
    work = Workplace(folder, folder / ".goodword", "run", date(2026, 11, 20))
    settings = CsvSettings.model_validate(propose([people], folder).settings)
    assert SpreadsheetConnector(settings, work).write([]) == []
    assert patch_workbook(people, {"People": [CellEdit(9, 9, "x")]})


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml"])
def test_an_encoding_nobody_knows_is_damage(people: Path, part: str) -> None:
    declared = b'encoding="UTF-8"'
    rewritten(
        people, **{part: lambda data: data.replace(declared, b'encoding="UTF-A8"') + b"<!---->"}
    )
    assert "damaged" in refused_everywhere(people).message


def test_comments_and_raw_signs_in_a_sheet_do_no_harm(people: Path) -> None:
    def commented(part: bytes) -> bytes:
        return part.replace(b"<sheetData>", b"<!-- a > b --><sheetData>")

    rewritten(people, **{SHEET: commented})
    (grid,) = read_book(people).grids
    assert grid.header == ("Name", "Email")
