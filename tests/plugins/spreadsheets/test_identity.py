"""Who a row is does not depend on where it stands; shared ids lose nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import phonenumbers
from hypothesis import given
from hypothesis import strategies as st

from goodword_csv.rows.contact_rows import read_list
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.sources import read_sheets
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.settings import CsvSettings
from goodword_csv.values.people import parse_phones
from goodword_csv.values.quick_phones import quick_e164

Lay = Callable[..., Any]
SETTINGS = CsvSettings.model_validate(
    {
        "region": "GB",
        "sources": [
            {
                "file": "people.csv",
                "kind": "contacts",
                "write": True,
                "columns": {
                    "contact_id": "Customer no",
                    "name": "Name",
                    "email": "Email",
                    "phone": "Phone",
                    "city": "Town",
                },
            }
        ],
    }
)
row = st.tuples(
    st.sampled_from(["", "1", "2"]),
    st.sampled_from(["", "Nora Quill", "Ida Brandt", "nora quill"]),
    st.sampled_from(["", "n@x.example", "i@x.example"]),
    st.sampled_from(["", "0117 496 0101", "0117 496 0102"]),
    st.sampled_from(["", "Leeds", "Bonn"]),
)


def people_of(folder: Path, rows: list[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """The contact id of each different row."""
    lines = [",".join(cells) for cells in rows]
    text = "\n".join(["Customer no,Name,Email,Phone,Town", *lines, "x9,Last,,,"])
    (folder / "people.csv").write_text(text + "\n")
    (sheet,) = read_sheets(SETTINGS, folder)
    customers = read_list(TypedRows(sheet, SETTINGS, Notices()), Notices())
    return {
        tuple(str(cell) for cell in row.cells): one
        for row, one in zip(sheet.grid.rows, customers.ids, strict=True)
        if one is not None
    }


@given(st.lists(row, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_id(
    tmp_path: Path, rows: list[tuple[str, ...]], chance: Any
) -> None:
    before = people_of(tmp_path, rows)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert people_of(tmp_path, shuffled) == before


@given(st.lists(row, min_size=1, max_size=6))
def test_rows_with_different_names_are_never_one_person(
    tmp_path: Path, rows: list[tuple[str, ...]]
) -> None:
    names: dict[str, set[str]] = {}
    for cells, one in people_of(tmp_path, rows).items():
        names.setdefault(one, set()).add(cells[1].lower())
    assert [found for found in names.values() if len(found) > 1] == []


def test_a_shared_id_keeps_both_people_and_tells_their_lines(desk: Lay) -> None:
    people = "Customer no,Name,Email\n1,Nora,nora@x.example\n1,Ida,ida@x.example\n,,\n"
    heard = desk({"people.csv": people}).pull()
    ids = {row["contact_id"] for row in heard.tables["contacts"]}
    assert len(ids) == 2
    assert "1" in ids
    assert any("duplicates" in notice and "lines 2, 3" in notice for notice in heard.notices)


def test_rows_that_say_the_same_are_one_person_and_both_get_our_columns(
    desk: Lay, fields: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": "Name,Email\nNora,n@x.example\nNora,n@x.example\nIda,i@x.example\n"})
    assert len(firm.pull().tables["contacts"]) == 2
    firm.open().write([fields("n@x.example", stage="buy")])
    lines = (firm.folder / "people.csv").read_text().splitlines()
    assert [line.split(",")[3] for line in lines] == ["Goodword stage", "buy", "buy", ""]


def test_a_row_without_anything_to_know_a_person_by_is_told(desk: Lay) -> None:
    heard = desk({"people.csv": "Name,Email,Town\nNora,n@x.example,Leeds\n,,Bonn\n"}).pull()
    assert len(heard.tables["contacts"]) == 1
    assert any("nobody: people.csv: 1 row" in n and "line 3" in n for n in heard.notices)


numbers = st.one_of(
    st.from_regex(r"(\+44|0|0044|\+1|)\d{9,11}", fullmatch=True),
    st.sampled_from(["0117 496 0101", "(0117) 496-0101", "+44 117 496 0101", "07700 900123"]),
)


@given(numbers, st.sampled_from(["GB", "US", "DE", "FR", "IT", "ES", "NL", "AU", "BR", "MX"]))
def test_the_quick_way_to_read_a_number_agrees_with_phonenumbers(text: str, region: str) -> None:
    quick = quick_e164(text, region)
    if quick is not None:
        parsed = phonenumbers.parse(text, region)
        assert phonenumbers.is_possible_number(parsed)
        assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == quick
        assert parse_phones([(1, text)], region=region).values == ((quick,),)
