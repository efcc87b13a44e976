"""Tickets, complaints and unpaid invoices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest


def ticket(ticket_id: str = "k1", **more: Any) -> dict[str, Any]:
    row = {"kind": "ticket", "status": "open", "opened_at": datetime(2026, 11, 1)}
    return {"ticket_id": ticket_id, "contact_id": "ada", **row, **more}


CLOSED = {"status": "closed", "closed_at": datetime(2026, 11, 4)}


def test_open_tickets_are_counted_by_kind(firm: Any) -> None:
    tickets = [ticket(), ticket("k2", kind="complaint"), ticket("k3", kind="escalation")]
    ada = firm.ada(tickets=[*tickets, ticket("k4", **CLOSED)])

    assert (ada["tickets_open"], ada["complaint_open"], ada["escalations_open"]) == (3, 1, 1)


@pytest.mark.parametrize(
    ("row", "number"),
    [
        ({"status": None}, 1),
        ({"status": None, "closed_at": datetime(2026, 11, 2)}, 0),
        ({"status": "open", "opened_at": None}, 1),
        ({"opened_at": datetime(2027, 1, 1)}, 0),
        ({"status": "closed", "closed_at": datetime(2027, 1, 1)}, 1),
        ({"status": "closed", "closed_at": None}, 0),
    ],
)
def test_a_ticket_counts_as_open_when_nothing_says_it_is_closed(
    firm: Any, row: dict[str, Any], number: int
) -> None:
    assert firm.ada(tickets=[ticket(**row)])["tickets_open"] == number


def test_the_latest_complaint_is_known_and_an_escalation_is_one(firm: Any) -> None:
    tickets = [
        ticket("k1", kind="complaint"),
        ticket("k2", kind="escalation", opened_at=datetime(2026, 11, 3)),
        ticket("k3", opened_at=datetime(2026, 11, 9)),
    ]
    ada = firm.ada(tickets=tickets)

    assert (ada["complaint_at"], ada["complaint_id"]) == (datetime(2026, 11, 3), "k2")


def test_a_ticket_ended_well_when_the_person_said_so(firm: Any) -> None:
    ada = firm.ada(tickets=[ticket(**CLOSED, positive=True)])

    assert (ada["resolved_at"], ada["resolved_id"]) == (datetime(2026, 11, 4), "k1")


@pytest.mark.parametrize(
    ("score", "day", "well"), [(4, 4, True), (5, 18, True), (3, 5, False), (5, 3, False)]
)
def test_a_ticket_ended_well_when_a_good_answer_followed(
    firm: Any, score: int, day: int, well: bool
) -> None:
    answer = {"feedback_id": "f1", "contact_id": "ada", "kind": "csat", "score": score}
    ada = firm.ada(tickets=[ticket(**CLOSED)], feedback=[{**answer, "at": datetime(2026, 11, day)}])

    assert (ada["resolved_id"] == "k1") is well


def test_an_answer_long_after_the_ticket_is_not_about_it(firm: Any) -> None:
    old = ticket(status="closed", closed_at=datetime(2026, 9, 1))
    answer = {"feedback_id": "f1", "contact_id": "ada", "kind": "csat", "score": 5}
    ada = firm.ada(tickets=[old], feedback=[{**answer, "at": datetime(2026, 11, 1)}])

    assert ada["resolved_id"] is None


@pytest.mark.parametrize(
    ("due", "paid", "number"),
    [
        (datetime(2026, 11, 19), None, 1),
        (datetime(2026, 11, 20), None, 0),
        (datetime(2026, 11, 1), datetime(2026, 11, 5), 0),
        (None, None, 0),
    ],
)
def test_an_unpaid_invoice_is_overdue_from_the_day_after_its_date(
    firm: Any, due: datetime | None, paid: datetime | None, number: int
) -> None:
    invoice = {"invoice_id": "i1", "contact_id": "ada", "due_at": due, "paid_at": paid}

    assert firm.ada(invoices=[invoice])["invoices_overdue"] == number
