"""How a CSV file is laid out, and which files are refused with a plain message."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import SourceError
from goodword_csv.files.encoding import decode, encode
from goodword_csv.files.records import read_records
from goodword_csv.guessing.guess import guess_grid
from goodword_csv.layout.book import book_of, read_book
from goodword_csv.layout.grid import Grid
from goodword_csv.layout.sniff import Sniffed, sniff

EXPORTS = Path(__file__).parents[2] / "data" / "exports"
TEXT = "Name,Email,City\r\nZoë Quäl,zoe@quill.example,Köln\r\n"


def layout(text: str) -> Sniffed:
    return sniff(text.encode(), where="list.csv")


@pytest.mark.parametrize(
    ("data", "encoding", "bom"),
    [
        (TEXT.encode(), "utf-8", False),
        (TEXT.encode("utf-8-sig"), "utf-8", True),
        (TEXT.encode("cp1252"), "cp1252", False),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le", True),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be", True),
        (TEXT.encode("cp1252") + b"\x81,x@y.example,\r\n", "latin-1", False),
    ],
)
def test_encodings(data: bytes, encoding: str, bom: bool) -> None:
    found = sniff(data, where="list.csv")
    assert (found.encoding, found.bom, found.newline) == (encoding, bom, "\r\n")
    assert encode(decode(data, where="list.csv")) == data
    assert book_of(data, where="list.csv").grids[0].rows[0].cells[0] == "Zoë Quäl"


def test_one_foreign_byte_far_down_decides_the_encoding() -> None:
    data = b"Name,City\n" + b"Nora,Leeds\n" * 5000 + b"Zo\xeb,Bonn\n"
    assert sniff(data, where="list.csv").encoding == "cp1252"


def test_the_settings_beat_the_guessed_encoding() -> None:
    data = "Name,City\nŁucja,Łódź\n".encode("cp1250")
    assert book_of(data, where="a.csv", encoding="cp1250").grids[0].rows[0].cells == (
        "Łucja",
        "Łódź",
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    text = "Name,Email,City\nNora,n@q.example,Leeds\n".replace(",", delimiter)
    assert layout(text).delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Name;Address\nNora;1 High St, Unit 2, Leeds, UK\nIda;2 Mill Rd, B, Bonn, DE\n", ";"),
        ("Kunde;Betrag\nNora;1.960,17\nIda;80,00\n", ";"),
        ("Deal ID,Associated Contact IDs\n1,8001;8002;8003\n2,8004;8005;8006\n", ","),
        ("Email\nnora@quill.example\nida@brandt.example\n", ","),
        ('Name,Note\nNora,"a;b;c"\nIda,"d;e;f"\n', ","),
        ("Title of the report\n\nName\tEmail\nNora, Dr\tn@q.example\n", "\t"),
    ],
)
def test_the_delimiter_is_the_one_that_makes_sense_of_the_rows(text: str, delimiter: str) -> None:
    assert layout(text).delimiter == delimiter


def test_a_sep_line_is_honoured_and_counted() -> None:
    found = layout("sep=|\r\nName|Email\r\nNora|n@q.example\r\n")
    assert (found.delimiter, found.has_sep_line, found.header_row) == ("|", True, 0)
    grid = book_of(b"sep=|\nName|Email\nNora|n@q.example\n", where="a.csv").grids[0]
    assert (grid.header_line, grid.rows[0].line) == (2, 3)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Name,Email\nNora,n@q.example\n", 0),
        ("Our customers\n\nName,Email\nNora,n@q.example\n", 2),
        ("# exported by hand\nName,Email\nNora,n@q.example\n", 1),
        ("#,What's your name?,Submitted At\na1,Nora,2026-01-02\n", 0),
        ("What is it?,Why?\nthis,that\nthat,this\n", 0),
        ("Customer,2023,2024\nNora,100,200\n", 0),
    ],
)
def test_the_header_row_is_found(text: str, row: int) -> None:
    assert layout(text).header_row == row


def test_the_settings_name_delimiter_and_header_row() -> None:
    found = sniff(b"a;b\nc;d\n1;2\n", where="a.csv", delimiter=";", header_row=1)
    assert (found.delimiter, found.header_row) == (";", 1)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "empty"),
        (b",,,\n,,,\n", "no header row"),
        (b"nora@quill.example,100\nida@brandt.example,200\n", "no header row"),
        (b"Name,Email\nNo\x00ra,n@q.example\n", "line 2: NUL"),
        ("Name,Email\nNora,n@q.example\n".encode("utf-16-le"), "NUL"),
        (b"\xfe\xff" + "Name,Email\n".encode("utf-32-be"), "NUL"),
        (b"\xff\xfe\x00\x00" + "Name,Email\n".encode("utf-32-le"), "UTF-32"),
        (b"\xff\xfeN", "utf-16-le"),
        (b'Name,Email\nNora,"n@q.example\nIda,i@b.example\n', "line 2: a quotation mark"),
        (b'Name,Email\nNora,"' + b"x" * 140_000 + b'"\n', "line 2: a cell is too long"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "web page"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04 not really", "damaged"),
    ],
)
def test_a_file_we_cannot_read_is_refused_with_a_hint(data: bytes, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        book_of(data, where="list.csv")
    assert words in caught.value.message
    assert "list.csv" in caught.value.message
    assert caught.value.hint
    assert "quill" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(SourceError, match=r"does not exist|not an ordinary file"):
            read_book(path)


def test_an_encoding_that_does_not_exist_is_named() -> None:
    with pytest.raises(SourceError, match="utf-9"):
        book_of(b"Name\nNora\n", where="a.csv", encoding="utf-9")


@pytest.mark.parametrize("path", sorted(EXPORTS.glob("*.csv")), ids=lambda path: path.stem)
def test_joining_the_raw_records_gives_the_file_back(path: Path) -> None:
    decoded = decode(path.read_bytes(), where=path.name)
    records = list(read_records(decoded.text, ",", where=path.name))
    assert "".join(record.raw for record in records) == decoded.text
    assert encode(decoded) == path.read_bytes()


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1a"), max_size=8)


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6),
    st.sampled_from(["\r\n", "\n"]),
    st.sampled_from(",;\t|"),
)
def test_records_keep_text_and_line_numbers(
    rows: list[list[str]], newline: str, delimiter: str
) -> None:
    buffer = io.StringIO(newline="")
    style = csv.QUOTE_ALL  # Python 3.11 does not quote a lone carriage return by itself
    csv.writer(buffer, delimiter=delimiter, lineterminator=newline, quoting=style).writerows(rows)
    text = buffer.getvalue()
    records = list(read_records(text, delimiter, where="a.csv"))
    assert [list(record.cells) for record in records] == rows
    assert "".join(record.raw for record in records) == text
    lines = io.StringIO(text, newline="").readlines()
    assert all("".join(lines[r.line - 1 :]).startswith(r.raw) for r in records)


WORDS = st.sampled_from(
    ["Name", "Email", "Total", "nora@quill.example", "12", "3.4.2026", "", "x y", '"', "TOTAL", "#"]
)


def read_or_refused(data: bytes) -> Grid | str:
    try:
        return book_of(data, where="list.csv").grids[0]
    except SourceError as refusal:
        return refusal.hint


ROWS = st.lists(st.lists(WORDS, max_size=5).map(",".join), max_size=8).map("\n".join)


@given(ROWS.map(str.encode) | st.text(st.characters(codec="utf-8")).map(str.encode) | st.binary())
def test_whatever_stands_in_a_file_is_read_or_refused_with_a_hint(data: bytes) -> None:
    outcome = read_or_refused(data)
    if isinstance(outcome, str):
        assert outcome
        return
    assert len(set(outcome.header)) == len(outcome.header)
    assert all(len(row.cells) == len(outcome.header) for row in outcome.rows)
    guess = guess_grid(outcome)
    named = [one.index for one in guess.columns.values()]
    assert len(set(named)) == len(named)
