"""A complaint, or money owed, in a column beside a job: asked about by init, then it holds back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from goodword.cli.questions import with_answer

Lay = Callable[..., Any]

PEOPLE = """\
Customer no,Name,Email,Phone
1,Nora Quill,n@x.example,
2,Ida Brandt,i@x.example,
3,Karl Moor,k@x.example,
"""


def jobs(header: str, *cells: str) -> str:
    names = ("Nora Quill", "Ida Brandt", "Karl Moor")
    rows = [f"Job,Customer,Date,Amount,{header}"]
    rows += [
        f"boiler,{name},2026-10-0{day},900.00,{cell}"
        for day, (name, cell) in enumerate(zip(names, cells, strict=True), start=1)
    ]
    return "\n".join(rows) + "\n"


def set_up(desk: Lay, header: str, *cells: str, answer: int = 0) -> Any:
    firm = desk({"people.csv": PEOPLE, "jobs.csv": jobs(header, *cells)})
    (question,) = (one for one in firm.guess.questions if f'"{header}"' in one.text)
    assert question.default == "yes"
    assert question.notice in firm.guess.notices
    firm.guess = with_answer(firm.guess, question.answers[answer])
    return firm


@pytest.mark.parametrize("header", ["Complaint", "Beschwerde", "Problem", "Klacht"])
def test_a_mark_beside_a_job_is_a_complaint_once_somebody_said_so(desk: Lay, header: str) -> None:
    firm = set_up(desk, header, "", "left a mess", "none")
    heard = firm.pull()
    assert [(row["contact_id"], row["kind"], row["status"]) for row in heard.tables["tickets"]] == [
        ("2", "complaint", "open")
    ]
    assert heard.tables["tickets"][0]["opened_at"] == datetime(2026, 10, 2)
    assert any("1 row with a complaint beside them (line 3)" in said for said in heard.notices)


def test_a_no_leaves_the_column_alone(desk: Lay) -> None:
    heard = set_up(desk, "Complaint", "", "left a mess", "none", answer=1).pull()
    assert "tickets" not in heard.tables


def test_a_complaint_has_the_day_that_stands_there(desk: Lay) -> None:
    heard = set_up(desk, "Complaint", "2025-03-01", "", "").pull()
    (ticket,) = heard.tables["tickets"]
    assert (ticket["opened_at"], ticket["status"]) == (datetime(2025, 3, 1), "closed")


@pytest.mark.parametrize(
    ("cells", "due"),
    [
        (("yes", "no", ""), {"2": datetime(2026, 10, 2)}),
        (("2026-10-05", "", "x"), {"2": datetime(2026, 11, 1)}),
        (("bezahlt", "offen", "paid"), {"2": datetime(2026, 10, 2)}),
        (("yes", "yes", "2026-11-01"), {}),
    ],
)
def test_what_is_not_paid_is_owed(
    desk: Lay, cells: tuple[str, str, str], due: dict[str, datetime]
) -> None:
    heard = set_up(desk, "Paid", *cells).pull()
    owed = {row["contact_id"]: row["due_at"] for row in heard.tables["invoices"]}
    assert owed == due
    assert all(row["amount_cents"] == 90_000 for row in heard.tables["invoices"])


def test_what_is_left_to_pay_beside_a_job_is_owed(desk: Lay) -> None:
    heard = set_up(desk, "Outstanding", "0.00", "120.00", "").pull()
    assert [row["contact_id"] for row in heard.tables["invoices"]] == ["2"]


def test_a_day_of_payment_that_dates_the_sale_is_asked_nothing_about(desk: Lay) -> None:
    text = "Sale ID,Customer,Paid at,Amount\nA,Nora Quill,2026-10-13,900.00\n"
    firm = desk({"people.csv": PEOPLE, "sales.csv": text})
    assert not any("Paid at" in question.text for question in firm.guess.questions)
    assert firm.pull().tables["deals"][0]["closed_at"] == datetime(2026, 10, 13)


def test_a_complaint_on_the_customer_list_counts_too(desk: Lay) -> None:
    lines = PEOPLE.splitlines()
    text = "\n".join([f"{lines[0]},Last job,Complaint", f"{lines[1]},2026-11-02,noisy", lines[2]])
    firm = desk({"people.csv": text + ",2026-11-02,\n"})
    (question,) = (one for one in firm.guess.questions if '"Complaint"' in one.text)
    firm.guess = with_answer(firm.guess, question.answers[0])
    (ticket,) = firm.pull().tables["tickets"]
    assert (ticket["contact_id"], ticket["opened_at"]) == ("1", datetime(2026, 11, 2))
