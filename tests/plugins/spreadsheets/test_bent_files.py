"""Two thousand bent files: each ends in a result or a plain sentence, and none is harmed.

Real exports and real workbooks are cut, doubled, flipped and damaged inside; then everything that
a run does is done with them. The bending is repeatable: a number makes the same file every time.
"""

from __future__ import annotations

import io
import random
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from goodword import GoodwordError

Lay = Callable[..., Any]
Bend = Callable[[random.Random, bytes], bytes]
RUN = "20261120-090000-aaaa"
LISTS = ("brevo.csv", "german-excel.csv", "google-contacts.csv", "lonely-list.csv", "outlook.csv")
PATIENCE = 5.0
"""Seconds of work a bent file may take; waiting for a busy machine does not count."""

# ------------------------------------------------------------------ ways to bend bytes


def flipped(dice: random.Random, data: bytes) -> bytes:
    bent = bytearray(data)
    for _ in range(dice.choice([1, 1, 3, 20])):
        bent[dice.randrange(len(bent))] ^= 1 << dice.randrange(8)
    return bytes(bent)


def overwritten(dice: random.Random, data: bytes) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] + dice.randbytes(dice.choice([1, 4, 60])) + data[at + 4 :]


def cut_off(dice: random.Random, data: bytes) -> bytes:
    return data[: dice.randrange(len(data))]


def cut_out(dice: random.Random, data: bytes) -> bytes:
    at, end = sorted(dice.sample(range(len(data)), 2))
    return data[:at] + data[end:]


def doubled(dice: random.Random, data: bytes) -> bytes:
    at, end = sorted(dice.sample(range(len(data)), 2))
    return data[:end] + data[at:end] * dice.choice([1, 2, 9]) + data[end:]


def with_nuls(dice: random.Random, data: bytes) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] + b"\0" * dice.choice([1, 2, 300]) + data[at:]


def shuffled(dice: random.Random, data: bytes) -> bytes:
    ends = sorted(dice.sample(range(len(data)), 4))
    pieces = [data[a:b] for a, b in zip([0, *ends], [*ends, len(data)], strict=True)]
    dice.shuffle(pieces)
    return b"".join(pieces)


BYTES: tuple[Bend, ...] = (flipped, overwritten, cut_off, cut_out, doubled, with_nuls, shuffled)

# ------------------------------------------------------------------ ways to bend text


def other_encoding(dice: random.Random, data: bytes) -> bytes:
    names = ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "cp850", "utf-7", "utf-32"]
    return data.decode("utf-8", "replace").encode(dice.choice(names), "replace")


def other_signs(dice: random.Random, data: bytes) -> bytes:
    """Put signs that mean something where they mean something else."""
    signs = [b'"', b",", b";", b"\t", b"\r", b"\n", b"\r\n", b"\x1a", b"\x0b", b"\xe2\x80\xa8"]
    for _ in range(dice.choice([1, 2, 8])):
        at = dice.randrange(len(data) + 1)
        data = data[:at] + dice.choice(signs) + data[at:]
    return data


def other_lines(dice: random.Random, data: bytes) -> bytes:
    """Lose, repeat or move whole lines, the header as well."""
    lines = data.splitlines(keepends=True)
    for _ in range(dice.choice([1, 3])):
        line = dice.choice(lines)
        dice.choice([lines.remove, lines.append, lambda each: lines.insert(0, each)])(line)
        if not lines:
            return b"\n"
    return b"".join(lines)


def hard_cells(dice: random.Random, data: bytes) -> bytes:
    """Put cells in that no reader expects in their column."""
    cells = [
        *(b"4.47912E+11", b"=1+1", b"-", b"#REF!", b"NaN", b"1e999", b"-0", b"(5", b"9" * 400),
        *(b"31.02.2026", b"0000-00-00", b"99999999", b"@", b"a@b@c", b"+", b" " * 50, b"\xc2\xa0"),
        *("\u0661\u0662/\u0663", "\u202e", "\ud7ff", "\U0001f600" * 9, "\u00b2", "e\u0301"),
    ]
    words = [each if isinstance(each, bytes) else each.encode() for each in cells]
    parts = data.split(b",") if b"," in data else data.split(b";")
    for _ in range(dice.choice([1, 4, 12])):
        parts[dice.randrange(len(parts))] = dice.choice(words)
    return (b"," if b"," in data else b";").join(parts)


TEXTS: tuple[Bend, ...] = (other_encoding, other_signs, other_lines, hard_cells)

# ------------------------------------------------------------------ ways to bend workbooks


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return held.getvalue()


def some_part(dice: random.Random, parts: dict[str, bytes]) -> str:
    """Choose a part, mostly one that is read."""
    read = [name for name in parts if "worksheets/" in name or "workbook" in name]
    read += [name for name in parts if "sharedStrings" in name or "tables/" in name]
    return dice.choice([*read, *read, *parts])


def part_lost(dice: random.Random, data: bytes) -> bytes:
    parts = parts_of(data)
    del parts[some_part(dice, parts)]
    return packed(parts)


def part_swapped(dice: random.Random, data: bytes) -> bytes:
    parts = parts_of(data)
    one, other = some_part(dice, parts), some_part(dice, parts)
    parts[one], parts[other] = parts[other], parts[one]
    return packed(parts)


def part_renamed(dice: random.Random, data: bytes) -> bytes:
    parts = parts_of(data)
    one = some_part(dice, parts)
    names = [one.upper(), "/" + one, one + "x", one.replace("/", "\\"), "xl/../" + one]
    return packed({dice.choice(names) if name == one else name: parts[name] for name in parts})


def part_bent(dice: random.Random, data: bytes) -> bytes:
    parts = parts_of(data)
    one = some_part(dice, parts)
    if parts[one]:
        parts[one] = dice.choice(BYTES)(dice, parts[one] + b" " * 8)
    return packed(parts)


SWAPS = {
    b'r="': [b'r="A', b'r="0', b'r="-', b'R="', b'r="XFD'],
    b'ref="': [b'ref="A', b'ref="$', b'ref="', b'ref="#REF!', b'ref="A1:'],
    b'id="': [b'id="x', b'id="-', b'id="9', b'ID="'],
    b'count="': [b'count="-', b'count="x', b'count="99999'],
    b'name="': [b'name="&#10;', b'name="x', b'nome="'],
    b'Target="': [b'Target="../', b'Target="/', b'Target="x', b'Target="http://x.invalid/'],
    b't="s"': [b't="str"', b't="n"', b't="e"', b't="b"', b't="d"', b't="zz"', b""],
    b"<v>": [b"<v>-", b"<v>x", b"<v>9999", b"<v> ", b"<v>&amp;", b"<v><![CDATA[", b"<w>"],
    b"<row": [b"<raw", b"<row ", b"<x:row", b"<row/><row", b"<row><row"],
    b"</row>": [b"", b"</row></row>", b"</row>text", b"<!-- </row> --></row>"],
    b"</c>": [b"", b"<c/></c>", b"</c>&#0;", b"</c>&nbsp;", b"</c><c/>"],
    b"<sheetData": [b"<sheetdata", b"<sheetData/><sheetData", b"<x/><sheetData"],
    b"</worksheet>": [b"", b"</worksheet>x", b"</worksheet><a/>"],
    b"xmlns=": [b"xmlns:x=", b"xmlnz=", b'xmlns="" old='],
    b"<sheet ": [b"<shet ", b"<sheet state='hidden' ", b"<sheet name='x' "],
    b"encoding=": [b"encoding='utf-16' old=", b"encodin="],
    b"<": [b"<<", b"", b"<!--", b"</", b"<?", b"<![CDATA["],
    b">": [b"", b"/>", b">]]>", b"-->"],
    b'"': [b"", b"'", b'""', b"&quot;"],
    b"=": [b"", b"= ", b"=="],
}


def xml_bent(dice: random.Random, data: bytes) -> bytes:
    """Change one thing in the XML that is still XML, nearly."""
    parts = parts_of(data)
    one = some_part(dice, parts)
    part = parts[one]
    there = [old for old in SWAPS if old in part]
    if there:
        old = dice.choice(there)
        pieces = part.split(old)
        at = dice.randrange(1, len(pieces))
        new = dice.choice(SWAPS[old])
        part = old.join(pieces[:at]) + new + old.join(pieces[at:])
    parts[one] = part
    return packed(parts)


def directory_bent(dice: random.Random, data: bytes) -> bytes:
    """Damage what the zip says about its entries, not the entries."""
    bent = bytearray(data)
    signs = [b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"]
    sign = dice.choice(signs)
    places = [at for at in range(len(data) - 4) if data[at : at + 4] == sign]
    at = dice.choice(places) + dice.randrange(4, 22 if sign == signs[2] else 30)
    bent[at] = dice.randrange(256)
    return bytes(bent)


WORKBOOKS: tuple[Bend, ...] = (
    *(part_lost, part_swapped, part_renamed, part_bent, part_bent),
    *(xml_bent, xml_bent, xml_bent, xml_bent, directory_bent),
)

# ------------------------------------------------------------------ what is bent


def rich_workbook() -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        page = book.add_worksheet("People")
        rows = [["Name", "Email", "Phone", "Total spent", "Last job", "Referred by", "NPS"]]
        for at in range(1, 7):
            mail, spent = f"pat{at}@x.example", f"£{at * 100}.50"
            rows.append([f"Pat {at}", mail, f"0117 496 010{at}", spent, "13/10/2026", "", str(at)])
        columns = [{"header": title} for title in rows[0]]
        page.add_table(0, 0, 6, 6, {"columns": columns, "data": rows[1:]})
        page.write_formula("J2", "=SUM(1,2)", None, 3)
        page.write_rich_string("J3", "a ", bold, "bold", " word")
        page.data_validation("J4", {"validate": "list", "source": ["a", "b"]})
        page.conditional_format("J2:J9", {"type": "data_bar"})
        page.write_comment("A2", "a remark")
        other = book.add_worksheet("Sales")
        other.write_row(0, 0, ["Order no", "Email", "Date", "Amount"])
        other.write_row(1, 0, ["1", "pat1@x.example", "2026-10-01", "£90.00"])
        other.autofilter(0, 0, 1, 3)
        book.add_worksheet("Lists").hide()
    return held.getvalue()


def plain_workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "Export"
    page.append(["Customers of the shop"])
    page.merge_cells("A1:D1")
    page.append(["Customer no", "Name", "Email", "Do not call"])
    page.append([1, "Nora Quill", "n@x.example", None])
    page.append([2, "Ida Brandt", "i@x.example", "yes"])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def steps(firm: Any, fields: Lay, a_task: Lay) -> Iterator[str]:
    """Do what a run does; give a word after every step."""
    heard = firm.pull()
    yield "read"
    people = [str(row["contact_id"]) for row in heard.tables["contacts"]][:3]
    batch = [fields(one, stage="buy", score=7, why="because") for one in people]
    firm.open().write([*batch, *map(a_task, people)])
    yield "written"
    firm.pull(heard.cursor)
    yield "read again"


Whole = tuple[str, bytes, bytes | None]
"""A file before it is bent: its name, its bytes, and those of its task list beside it."""


@pytest.fixture
def written(tmp_path: Path, desk_at: Lay, fields: Lay, a_task: Lay) -> Callable[..., Whole]:
    """Let a run write into a file, and give what it then is."""

    def go(name: str, data: bytes) -> Whole:
        folder = tmp_path / "written"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        path = folder / name
        path.write_bytes(data)
        list(steps(desk_at(folder, [path]), fields, a_task))
        tasks = path.with_suffix(".tasks.csv")
        return name, path.read_bytes(), tasks.read_bytes() if tasks.exists() else None

    return go


@pytest.fixture
def tried(tmp_path: Path, desk_at: Lay, fields: Lay, a_task: Lay) -> Callable[..., str]:
    """Set up, read, write, read and take back one file; say how far it got."""

    def run_on(
        folder: Path, path: Path, firm: Any, before: dict[str, bytes]
    ) -> tuple[Any, str, GoodwordError | None]:
        reached = "nothing"
        try:
            firm = firm or desk_at(folder, [path])
            for step in steps(firm, fields, a_task):
                reached = step
                assert reached != "read" or files_of(folder) == before
        except GoodwordError as error:
            return firm, reached, error
        return firm, reached, None

    def go(whole: Whole, bent: bytes, *, late: bool, tasks: bytes | None) -> str:
        folder = tmp_path / "firm"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        path = folder / whole[0]
        if tasks is not None:
            path.with_suffix(".tasks.csv").write_bytes(tasks)
        path.write_bytes(whole[1])
        firm = desk_at(folder, [path]) if late else None
        path.write_bytes(bent)
        before = files_of(folder)
        began = time.process_time()
        firm, reached, error = run_on(folder, path, firm, before)
        if error is not None:
            assert error.message, "an error says what happened"
            assert error.hint, f"no hint: {error.message}"
            assert reached in {"nothing", "read"}, f"we cannot read what we wrote: {error.message}"
            assert files_of(folder) == before
        if files_of(folder) != before:
            assert firm.open("later").restore(RUN)
            assert files_of(folder) == before
        took = time.process_time() - began
        assert took < PATIENCE, f"it took {took:.1f} s"
        return reached

    return go


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def bent_by(dice: random.Random, data: bytes, ways: tuple[Bend, ...], count: int) -> bytes:
    for bend in dice.choices(ways, k=count):
        data = bend(dice, data + b"\n" * 8 if ways is not WORKBOOKS else data)
    return data


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_a_bent_csv_file_ends_in_a_result_or_a_sentence(
    tried: Callable[..., str], written: Callable[..., Whole], exports: Path, part: int
) -> None:
    names = sorted(path.name for path in exports.iterdir())
    exported: list[Whole] = [(name, (exports / name).read_bytes(), None) for name in names]
    lists = [each for each in exported if each[0] in LISTS]
    lists += [written(name, data) for name, data, _ in lists]
    ends = []
    for number in range(part * 300, part * 300 + 300):
        dice = random.Random(number)  # noqa: S311  # repeatable, no secret
        late = dice.random() < 0.5
        whole = dice.choice(lists if late else exported)
        name, data, tasks = whole
        if tasks is not None and dice.random() < 0.5:
            tasks = bent_by(dice, tasks, BYTES + TEXTS, dice.choice([1, 2]))
        else:
            data = bent_by(dice, data, BYTES + TEXTS + TEXTS, dice.choice([1, 1, 2, 3]))
        try:
            ends.append(tried(whole, data, late=late, tasks=tasks))
        except Exception as error:
            error.add_note(f"file {number}, {name}")
            raise
    assert ends.count("read again") > 60
    assert ends.count("nothing") > 30


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_a_bent_workbook_ends_in_a_result_or_a_sentence(
    tried: Callable[..., str], written: Callable[..., Whole], part: int
) -> None:
    made = [("rich.xlsx", rich_workbook()), ("plain.xlsx", plain_workbook())]
    books: list[Whole] = [(name, data, None) for name, data in made]
    books += [written(name, data) for name, data in made]
    ends = []
    for number in range(part * 200, part * 200 + 200):
        dice = random.Random(number)  # noqa: S311  # repeatable, no secret
        whole = dice.choice(books)
        data = bent_by(dice, whole[1], WORKBOOKS, 1)
        if dice.random() < 0.2:
            data = bent_by(dice, data, BYTES, 1)
        try:
            ends.append(tried(whole, data, late=dice.random() < 0.5, tasks=None))
        except Exception as error:
            error.add_note(f"file {number}, {whole[0]}")
            raise
    assert ends.count("read again") > 30
    assert ends.count("nothing") > 30
