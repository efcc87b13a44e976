"""Sales sheets: one deal an order, refunds apart, the home currency only, each in its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

PEOPLE = "Customer no,Name,Email\n1,Nora Quill,nora@x.example\n2,Ida Brandt,ida@x.example\n"
Lay = Callable[..., Any]


def deals_of(desk: Lay, sales: str) -> tuple[dict[str, Any], Any]:
    heard = desk({"people.csv": PEOPLE, "sales.csv": sales}).pull()
    return {row["deal_id"]: row for row in heard.tables["deals"]}, heard


def test_the_lines_of_an_order_are_one_deal(desk: Lay, exports: Any) -> None:
    people = "Name,Email\nNora,nora@brightroof.example\nIda,ida@brandt.example\n"
    files = {"people.csv": people, "orders.csv": (exports / "shopify-orders.csv").read_bytes()}
    heard = desk(files).pull()
    deals = {row["deal_id"]: row for row in heard.tables["deals"]}
    assert {key: (row["amount_cents"], row["status"]) for key, row in deals.items()} == {
        "#1001": (10_000, "won"),
        "#1002": (2_500, "lost"),
    }
    assert deals["#1001"]["closed_at"] == datetime(2026, 9, 3, 14, 15)
    assert len(heard.tables["deal_contacts"]) == 2


def test_a_total_repeated_on_every_line_counts_once_and_lines_of_their_own_are_summed(
    desk: Lay,
) -> None:
    sales = """\
Invoice no,Customer no,Date,Amount
A,1,2026-10-01,£90.00
A,1,2026-10-01,£90.00
B,1,2026-10-02,£10.00
B,1,2026-10-02,£20.50
B,1,2026-10-03,-£5.00
"""
    deals, _ = deals_of(desk, sales)
    assert {key: row["amount_cents"] for key, row in deals.items()} == {
        "A": 9_000,
        "B": 3_050,
        "B:refund": -500,
    }
    assert deals["B:refund"]["kind"] == "refund"


def test_equal_sales_without_a_number_stay_apart_wherever_they_stand(desk: Lay) -> None:
    rows = ["1,2026-10-01,10,Service", "1,2026-10-01,10,Service", "2,2026-10-01,10,Service"]
    head = "Customer no,Date,Amount,What\n"
    deals, _ = deals_of(desk, head + "\n".join(rows) + "\n")
    again, _ = deals_of(desk, head + "\n".join(reversed(rows)) + "\n")
    assert len(deals) == 3
    assert deals.keys() == again.keys()


@pytest.mark.promise("money.other-currency")
def test_amounts_in_another_currency_are_left_out_of_sums_and_counted(desk: Lay) -> None:
    sales = """\
Customer no,Date,Amount,Currency
1,2026-10-01,10.00,GBP
1,2026-10-02,20.00,gbp
2,2026-10-03,30.00,EUR
"""
    deals, heard = deals_of(desk, sales)
    assert sorted((row["amount_cents"] or 0) for row in deals.values()) == [0, 1_000, 2_000]
    assert any(
        "currency: sales.csv: 1 row" in notice and "line 4" in notice for notice in heard.notices
    )


def test_quotes_are_open_and_words_we_do_not_know_are_no_sales(desk: Lay) -> None:
    sales = """\
Customer no,Date,Amount,Status
1,2026-10-01,10,Paid
1,2026-10-02,20,Quote
1,2026-10-03,30,Cancelled
1,2026-10-04,40,Flurble
1,2026-10-05,50,
"""
    deals, heard = deals_of(desk, sales)
    by_amount = {row["amount_cents"]: row["status"] for row in deals.values()}
    assert by_amount == {1_000: "won", 2_000: "open", 3_000: "lost", 4_000: None, 5_000: "won"}
    assert any("status: sales.csv" in notice and "line 5" in notice for notice in heard.notices)


def test_unreadable_dates_are_told_and_nothing_is_guessed(desk: Lay) -> None:
    sales = "Customer no,Date,Amount\n1,2026-10-01,10\n1,sometime in May,20\n"
    deals, heard = deals_of(desk, sales)
    assert [row["closed_at"] for row in deals.values()] == [datetime(2026, 10, 1), None]
    assert any("unread" in notice and "line 3" in notice for notice in heard.notices)


def test_two_sheets_may_use_the_same_numbers(desk: Lay) -> None:
    sales = "Order ID,Customer no,Date,Amount\n1,1,2026-10-01,10\n"
    files = {
        "people.csv": PEOPLE,
        "sales.csv": sales,
        "orders.csv": sales.replace(",10\n", ",99\n"),
    }
    heard = desk(files).pull()
    assert {row["amount_cents"] for row in heard.tables["deals"]} == {1_000, 9_900}
    assert len({row["deal_id"] for row in heard.tables["deals"]}) == 2


def test_money_given_back_counts_against_the_order_it_was_for(desk: Lay) -> None:
    sales = """\
Order ID,Customer no,Date,Status,Amount,Refunded Amount
A,1,2026-10-01,paid,£100.00,£25.00
B,1,2026-10-02,paid,£40.00,£40.00
C,2,2026-10-03,partially_refunded,£10.00,£0.00
D,2,2026-10-04,refunded,£10.00,
"""
    deals, _ = deals_of(desk, sales)
    assert {key: (row["amount_cents"], row["status"]) for key, row in deals.items()} == {
        "A": (7_500, "won"),
        "B": (4_000, "lost"),
        "C": (1_000, "won"),
        "D": (1_000, "lost"),
    }


@pytest.mark.parametrize(("cell", "status"), [("2026-10-02", "lost"), ("", "won"), ("no", "won")])
def test_a_sale_that_was_called_off_is_none(desk: Lay, cell: str, status: str) -> None:
    sales = f"Order ID,Customer no,Date,Amount,Cancelled at\nA,1,2026-10-01,10,{cell}\n"
    deals, _ = deals_of(desk, sales)
    assert deals["A"]["status"] == status


def test_payments_beside_the_invoices_they_pay_are_not_counted_again(desk: Lay) -> None:
    sales = """\
Customer no,Date,Transaction type,Amount
1,2026-10-01,Invoice,100
1,2026-10-05,Payment,100
1,2026-10-06,Credit Memo,-20
"""
    deals, heard = deals_of(desk, sales)
    kinds = {row["amount_cents"]: row["kind"] for row in deals.values()}
    assert kinds == {10_000: None, -2_000: "refund"}
    assert any("payment: sales.csv: 1 row" in notice for notice in heard.notices)


def test_a_shop_order_of_several_lines_that_was_partly_refunded(desk: Lay) -> None:
    orders = """\
Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Total,Created at,Lineitem quantity,\
Lineitem name,Refunded Amount,Cancelled at
#1,nora@x.example,partially_refunded,2026-09-03 10:15:00 -0400,fulfilled,USD,100.00,\
2026-09-03 10:14:00 -0400,1,Lamp,30.00,
#1,nora@x.example,,,,,,2026-09-03 10:14:00 -0400,2,Bulb,,
#2,ida@x.example,paid,2026-09-04 10:15:00 -0400,,USD,50.00,2026-09-04 10:14:00 -0400,1,Lamp,0.00,\
2026-09-05 10:14:00 -0400
"""
    heard = desk({"people.csv": PEOPLE, "orders.csv": orders}).pull()
    rows = {row["deal_id"]: row for row in heard.tables["deals"]}
    assert (rows["#1"]["amount_cents"], rows["#1"]["status"]) == (7_000, "won")
    assert rows["#2"]["status"] == "lost"
    assert len(heard.tables["deal_contacts"]) == 2


def test_invoices_of_several_lines_are_one_sale_each(desk: Lay, exports: Any) -> None:
    people = "Name,Email\nNora,nora@brightroof.example\nIda,ida@brandt.example\n"
    files = {"people.csv": people, "bills.csv": (exports / "xero-invoices.csv").read_bytes()}
    heard = desk(files).pull()
    sales = {row["deal_id"]: row["amount_cents"] for row in heard.tables["deals"]}
    assert sales == {"INV-0001": 24_000, "INV-0002": 6_000}
    unpaid = {row["invoice_id"]: row["paid_at"] for row in heard.tables["invoices"]}
    assert unpaid == {"INV-0001": None, "INV-0002": datetime(2026, 2, 17)}
