"""A CSV file keeps every byte outside our own cells."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword_csv.files.encoding import decode
from goodword_csv.files.records import Record, read_records
from goodword_csv.files.text_file import (
    Layout,
    add_records,
    file_bytes,
    fit,
    layout_of,
    protect,
    raw_cells,
    set_cells,
)

COMMA = Layout()


def records_of(text: str, delimiter: str = ",") -> list[Record]:
    return list(read_records(text, delimiter, where="a.csv"))


def test_a_cell_changes_and_its_neighbours_keep_every_byte() -> None:
    (record,) = records_of('"Pat ""P"" Doe", 7 ,+44 20,"a\r\nb"x,,"old"\r\n')

    changed = set_cells(record, {5: "new"}, COMMA)

    assert changed.raw == '"Pat ""P"" Doe", 7 ,+44 20,"a\r\nb"x,,new\r\n'
    assert changed.cells == ('Pat "P" Doe', " 7 ", "+44 20", "a\r\nbx", "", "new")


def test_a_record_that_already_holds_the_values_is_the_same_object() -> None:
    (record,) = records_of('"like","",7')

    assert set_cells(record, {0: "like", 1: "", 2: "7"}, COMMA) is record
    (guarded,) = records_of("'=1+1\n")
    assert set_cells(guarded, {0: "=1+1"}, COMMA) is guarded


def test_a_short_record_is_padded_up_to_our_column_and_no_further() -> None:
    short, full, blank = records_of("a\nb,2,3\n\n")

    assert set_cells(short, {2: "x"}, COMMA).raw == "a,,x\n"
    assert set_cells(full, {4: "", 3: "x"}, COMMA).raw == "b,2,3,x,\n"
    assert set_cells(blank, {1: "x"}, COMMA).raw == ",x\n"
    assert set_cells(short, {0: ""}, COMMA).raw == '""\n'


@pytest.mark.parametrize("text", ["a,b", "a;b", 'a"b', "a\nb", "a\tb", "a|b"])
def test_our_text_is_quoted_when_some_program_would_split_it(text: str) -> None:
    (record,) = records_of("x,y\n")

    changed = set_cells(record, {1: text}, COMMA)

    quoted = text.replace('"', '""')
    assert changed.raw == f'x,"{quoted}"\n'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\0"])
@pytest.mark.promise("safe.formulas")
def test_our_text_is_never_a_formula(start: str) -> None:
    assert protect(f"{start}cmd") == f"'{start}cmd"
    assert protect(f"a{start}") == f"a{start}"
    changed = set_cells(Record(1, ("x",), "x\n"), {1: f"{start}cmd"}, COMMA)
    assert changed.cells[1] == ("cmd" if start == "\0" else f"'{start}cmd")  # NUL is left out


def test_our_text_fits_the_encoding_of_the_file() -> None:
    text = "Zoë\u2019s \u201cjob\u201d \u2013 5 €"

    assert fit(text, "utf-8") == text
    assert fit(text, "cp1252") == text
    assert fit(text, "latin-1") == 'Zoë\'s "job" - 5 EUR'
    assert fit("Łukasz ő → ❤", "cp1252") == "Lukasz o -> ?"
    assert fit("a\ud800b", "utf-8") == "a?b"


@pytest.mark.parametrize(
    "data",
    [
        b'\xef\xbb\xbfName,Note\r\nPat,"a\nb"\r\nKim,c',
        "Name;Note\rZoë;x\r".encode("cp1252"),
        'Name\tNote\nZoë\t"x"\n'.encode("utf-16"),
        "\ufeffName|Note\nZoë|x\n".encode("utf-16-be"),
        b"SEP=;\r\nName;Note\r\nPat;x\r\n",
        b"Name,Note\x81\x8d\n",
    ],
)
def test_a_file_with_nothing_changed_is_the_same_bytes(data: bytes) -> None:
    decoded = decode(data, where="a.csv")
    has_sep_line = decoded.text.startswith("SEP=")

    layout = layout_of(decoded, delimiter=";", newline="\r\n", has_sep_line=has_sep_line)
    body = decoded.text.removeprefix(layout.sep_line)

    assert layout.sep_line == ("SEP=;\r\n" if has_sep_line else "")
    assert file_bytes(records_of(body, ";"), layout) == data


def test_records_of_ours_are_added_and_a_missing_last_line_end_stays_missing() -> None:
    layout = Layout(newline="\r\n")
    rows = [["3", "=x"], ["4", "a,b"]]

    closed = add_records(records_of("id,t\r\n1,a\r\n"), rows, layout)
    assert file_bytes(closed, layout) == b'id,t\r\n1,a\r\n3,\'=x\r\n4,"a,b"\r\n'
    still_open = add_records(records_of("id,t\r\n1,a"), rows, layout)
    assert file_bytes(still_open, layout) == b'id,t\r\n1,a\r\n3,\'=x\r\n4,"a,b"'
    assert file_bytes(add_records([], rows[:1], layout), layout) == b"3,'=x\r\n"
    assert add_records(closed, [], layout) == closed


messy = st.text(st.sampled_from("ab\",;\t =+'é\x0b\u2028"), max_size=8)


@st.composite
def csv_texts(draw: st.DrawFn) -> tuple[str, str]:
    """CSV text as careless programs write it: any quoting, any line ends, ragged."""
    delimiter = draw(st.sampled_from(",;\t|"))
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 5))):
        cells = []
        for text in draw(st.lists(messy, min_size=1, max_size=5)):
            loose = text.replace(delimiter, "")
            quoted = '"' + text.replace('"', '""') + '"'
            multi = '"' + text.replace('"', '""') + '\r\n"' + loose.replace('"', "")
            bare = loose.lstrip('"')
            cells.append(draw(st.sampled_from([quoted, multi, bare])))
        lines.append(delimiter.join(cells) + draw(st.sampled_from(["\r\n", "\n", "\r"])))
    text = "".join(lines)
    return (text if draw(st.booleans()) else text.rstrip("\r\n")), delimiter


@given(csv_texts())
def test_cells_stand_where_the_csv_module_reads_them(file: tuple[str, str]) -> None:
    text, delimiter = file
    for record in records_of(text, delimiter):
        found = raw_cells(record, delimiter)
        assert record.raw.startswith(delimiter.join(found))
        assert len(found) == len(record.cells)
        for raw, cell in zip(found, record.cells, strict=True):
            read = next(csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter), [])
            assert (read or [""]) == [cell]


@given(csv_texts(), st.dictionaries(st.integers(0, 7), messy, max_size=3))
@pytest.mark.promise("ours.only")
def test_only_our_columns_change(file: tuple[str, str], values: dict[int, str]) -> None:
    text, delimiter = file
    layout = Layout(delimiter=delimiter)
    before = [record for record in records_of(text, delimiter) if record.raw.strip("\r\n")]
    after = [set_cells(record, values, layout) for record in before]

    reread = records_of("".join(record.raw for record in after), delimiter)
    assert [record.cells for record in reread] == [record.cells for record in after]
    for old, new in zip(before, after, strict=True):
        new_raw = raw_cells(new, delimiter)
        for column, raw in enumerate(raw_cells(old, delimiter)):
            if column not in values:
                assert new_raw[column] == raw
        for column, value in values.items():
            assert new.cells[column] == protect(value)
        assert set_cells(new, values, layout) is new
        assert len(new.cells) == max([len(old.cells), *(column + 1 for column in values)])


@pytest.mark.parametrize("text", ["＝HYPERLINK(1)", "－1+cmd", "−2+3", "＠SUM(1)"])  # noqa: RUF001
@pytest.mark.promise("safe.formulas")
def test_a_sign_that_becomes_a_formula_when_made_to_fit_is_protected(text: str) -> None:
    (record,) = records_of("a\n")
    changed = set_cells(record, {1: text}, Layout(encoding="cp1252"))
    assert changed.cells[1].startswith("'")
