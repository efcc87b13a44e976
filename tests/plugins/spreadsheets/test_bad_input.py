"""What cannot be read or is no longer what it was: a plain sentence each, nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goodword import SourceError
from goodword_csv.guessing.proposal import propose

PEOPLE = "Customer no,Name,Email\n1,Nora Quill,n@x.example\n"
Lay = Callable[..., Any]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"Nora,n@x.example\nIda,i@x.example\n", "header"),
        (b"Colour,Shape\nred,round\n", "list of customers"),
        (b"Town,Last job\nLeeds,2026-01-01\n", "tells people apart"),
        (b"PK\x03\x04 half", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b'Name,Email\n"Nora,n@x.example\n', "quotation mark"),
        (b"Name,Email\nNora,n\0x\n", "NUL"),
    ],
)
def test_a_file_we_cannot_use_says_why_and_what_to_do(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=said) as refused:
        propose([path], tmp_path)
    assert refused.value.hint
    assert "n@x.example" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"people\.csv does not exist"):
        propose([tmp_path / "people.csv"], tmp_path)


def test_a_renamed_header_is_named_with_the_nearest_one(desk: Lay) -> None:
    firm = desk({"people.csv": PEOPLE})
    (firm.folder / "people.csv").write_text(PEOPLE.replace("Email", "Email address"))
    with pytest.raises(SourceError, match='no column "Email"') as refused:
        firm.pull()
    assert '"Email address"' in refused.value.hint
    check = next(check for check in firm.open().check() if not check.ok)
    assert "Email" in check.detail


def test_columns_may_move_and_change_their_case(desk: Lay) -> None:
    firm = desk({"people.csv": PEOPLE})
    (firm.folder / "people.csv").write_text(
        "EMAIL,customer no.,Extra,Name\nn@x.example,1,,Nora Quill\n"
    )
    assert firm.pull().contact("Nora Quill") == "1"


def test_a_sheet_that_went_away_is_named(desk: Lay, sample_workbook: Path) -> None:
    firm = desk(sample_workbook)
    sources = [dict(source) for source in firm.guess.settings["sources"]]
    sources[0]["sheet"] = "Customer"
    firm.set_settings(sources=sources)
    with pytest.raises(SourceError, match='no sheet "Customer"') as refused:
        firm.pull()
    assert '"Customers"' in refused.value.hint


def test_the_doctor_names_what_stands_in_the_way(desk: Lay) -> None:
    firm = desk({"people.csv": PEOPLE, "sales.csv": "Customer no,Date,Amount\n1,2026-01-01,5\n"})
    assert all(check.ok for check in firm.open().check())
    (firm.folder / "~$people.csv").write_text("Somebody")
    (firm.folder / "sales.csv").unlink()
    bad = {check.name: check for check in firm.open().check() if not check.ok}
    assert "open in Excel" in bad["people.csv"].detail
    assert "not there" in bad["sales.csv"].detail
    assert all(check.hint for check in bad.values())


FREE = """\
Name,Email,Do not ring,Loyalty card,Remarks
Nora Quill,n@x.example,no,yes,prefers the mornings
Ida Brandt,i@x.example,yes,no,do not contact
"""


def test_the_doctor_names_unread_columns_that_may_say_whom_to_leave_alone(desk: Lay) -> None:
    firm = desk({"people.csv": FREE})

    def told() -> str:
        checks = [check for check in firm.open().check() if check.name == "left unread"]
        assert all(check.ok for check in checks)
        return " ".join(check.detail for check in checks)

    firm.set_settings(sources=[without_leave(firm.guess.settings["sources"][0])])
    assert "Do not ring" in told()
    assert "Remarks" in told()
    assert "Loyalty card" not in told()
    mapped = without_leave(firm.guess.settings["sources"][0])
    mapped["columns"] |= {"do_not_contact": "Do not ring", "remark": "Remarks"}
    firm.set_settings(sources=[mapped])
    assert told() == ""


def without_leave(source: Any) -> dict[str, Any]:
    """Return a source without the columns that say whom to leave alone, as answered with no."""
    fields = ("do_not_contact", "mail_opt_out", "consent", "mail_consent", "remark")
    columns = {name: title for name, title in source["columns"].items() if name not in fields}
    return {**source, "columns": columns}


def test_the_doctor_counts_rows_and_tells_what_was_left_out(desk: Lay) -> None:
    firm = desk(
        {
            "people.csv": PEOPLE + "1,Ida,i@x.example\n",
            "sales.csv": "Customer no,Date,Amount\n9,soon,5\n1,2026-01-02,5\n",
        }
    )
    said = " ".join(f"{check.name} {check.detail}" for check in firm.open().check())
    assert "2 contacts" in said
    assert "rows: duplicates" in said
    assert "rows: unread" in said
    assert "rows: unmatched" in said
