"""Purchases and money: days, credit shared to the cent, the host's own sums, renewals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

PEOPLE = [{"contact_id": name, "account_id": "quist"} for name in ("ada", "bo", "cy")]


def deal(deal_id: str = "d1", cents: int | None = 10_000, day: int = 1, **more: Any) -> Any:
    row = {"status": "won", "account_id": "quist", "closed_at": datetime(2026, 3, day)}
    return {"deal_id": deal_id, "amount_cents": cents, **row, **more}


def on(*links: tuple[str, str] | tuple[str, str, bool]) -> list[dict[str, Any]]:
    names = ("deal_id", "contact_id", "primary")
    return [dict(zip(names, link, strict=False)) for link in links]


def test_a_purchase_shows_its_day_its_money_and_its_record(firm: Any) -> None:
    ada = firm.ada(deals=[deal()], deal_contacts=on(("d1", "ada")))

    assert (ada["deals_won"], ada["purchase_days"], ada["spent_cents"]) == (1, 1, 10_000)
    assert ada["first_purchase_at"] == ada["last_purchase_at"] == datetime(2026, 3, 1)
    assert ada["first_deal_id"] == ada["last_deal_id"] == "d1"
    assert ada["repeat_at"] is None


def test_several_orders_on_one_day_are_one_purchase(firm: Any) -> None:
    deals = [deal("d1"), deal("d2", closed_at=datetime(2026, 3, 1, 15))]
    ada = firm.ada(deals=deals, deal_contacts=on(("d1", "ada"), ("d2", "ada")))

    assert (ada["deals_won"], ada["purchase_days"], ada["repeat_id"]) == (2, 1, None)


def test_a_repeat_purchase_is_the_latest_one_on_another_day(firm: Any) -> None:
    deals = [deal("d1", day=1), deal("d2", day=9), deal("d3", day=20)]
    ada = firm.ada(deals=deals, deal_contacts=on(("d1", "ada"), ("d2", "ada"), ("d3", "ada")))

    assert (ada["purchase_days"], ada["repeat_id"]) == (3, "d3")
    assert ada["repeat_at"] == datetime(2026, 3, 20)


@pytest.mark.promise("money.primary")
def test_the_primary_contact_gets_all_the_credit(firm: Any) -> None:
    links = on(("d1", "ada", False), ("d1", "bo", True))
    rows = firm.rows(contacts=PEOPLE, deals=[deal()], deal_contacts=links)

    assert (rows["ada"]["spent_cents"], rows["bo"]["spent_cents"]) == (0, 10_000)


@pytest.mark.promise("money.remainder")
def test_without_a_primary_contact_the_cents_are_shared_to_the_last_one(firm: Any) -> None:
    links = on(("d1", "ada"), ("d1", "bo"), ("d1", "cy"))
    rows = firm.rows(contacts=PEOPLE, deals=[deal(cents=100)], deal_contacts=links)

    assert [rows[name]["spent_cents"] for name in ("ada", "bo", "cy")] == [34, 33, 33]


def test_somebody_who_is_no_longer_in_the_crm_takes_no_share(firm: Any) -> None:
    ada = firm.ada(deals=[deal()], deal_contacts=on(("d1", "ada"), ("d1", "gone")))

    assert ada["spent_cents"] == 10_000


def test_a_contact_linked_twice_counts_once(firm: Any) -> None:
    ada = firm.ada(deals=[deal()], deal_contacts=on(("d1", "ada"), ("d1", "ada", True)))

    assert (ada["deals_won"], ada["spent_cents"]) == (1, 10_000)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.integers(-10_000, 10_000),
            st.dictionaries(st.sampled_from(["ada", "bo", "cy"]), st.booleans(), min_size=1),
        ),
        max_size=5,
    )
)
@pytest.mark.promise("money.sums")
def test_credit_always_sums_to_the_deals(
    firm: Any, deals: list[tuple[int, dict[str, bool]]]
) -> None:
    rows = firm.rows(
        contacts=PEOPLE,
        deals=[deal(f"d{n}", cents) for n, (cents, _) in enumerate(deals)],
        deal_contacts=on(
            *(
                (f"d{n}", who, main)
                for n, (_, on_it) in enumerate(deals)
                for who, main in on_it.items()
            )
        ),
    )

    assert sum(row["spent_cents"] for row in rows.values()) == sum(cents for cents, _ in deals)


@pytest.mark.promise("money.account")
def test_a_deal_that_names_nobody_is_credited_to_the_company_alone(firm: Any) -> None:
    rows = firm.rows(contacts=PEOPLE, deals=[deal()])

    assert {row["spent_cents"] for row in rows.values()} == {0}
    assert {row["account_spent_cents"] for row in rows.values()} == {10_000}


@pytest.mark.parametrize("refund", [{"kind": "refund"}, {"cents": -4_000}])
def test_a_refund_takes_money_off_and_is_no_purchase(firm: Any, refund: dict[str, Any]) -> None:
    back = deal("d2", **{"cents": -4_000, "day": 5, **refund})
    ada = firm.ada(deals=[deal(), back], deal_contacts=on(("d1", "ada"), ("d2", "ada")))

    assert (ada["spent_cents"], ada["purchase_days"], ada["last_deal_id"]) == (6_000, 1, "d1")


@pytest.mark.parametrize("status", ["open", "lost", None])
def test_only_won_deals_are_purchases(firm: Any, status: str | None) -> None:
    ada = firm.ada(deals=[deal(status=status)], deal_contacts=on(("d1", "ada")))

    assert (ada["purchase_days"], ada["spent_cents"]) == (0, 0)


def test_a_sale_in_the_future_has_not_happened(firm: Any) -> None:
    later = deal(closed_at=datetime(2027, 1, 1))

    assert firm.ada(deals=[later], deal_contacts=on(("d1", "ada")))["spent_cents"] == 0


def test_a_sale_without_an_amount_is_still_a_purchase(firm: Any) -> None:
    ada = firm.ada(deals=[deal(cents=None)], deal_contacts=on(("d1", "ada")))

    assert (ada["purchase_days"], ada["spent_cents"]) == (1, 0)


def test_margin_is_the_deals_own_or_the_firms_percentage(firm_with: Any) -> None:
    firm = firm_with(champions={"margin_percent": 40})
    deals = [deal("d1"), deal("d2", margin_cents=500, day=2)]
    ada = firm.ada(deals=deals, deal_contacts=on(("d1", "ada"), ("d2", "ada")))

    assert ada["margin_cents"] == 4_000 + 500


def test_the_first_year_ends_365_days_after_the_first_purchase(firm: Any) -> None:
    deals = [
        deal("d1", 100, closed_at=datetime(2025, 1, 1)),
        deal("d2", 10, closed_at=datetime(2025, 12, 31)),
        deal("d3", 1, closed_at=datetime(2026, 1, 1)),
    ]
    ada = firm.ada(deals=deals, deal_contacts=on(("d1", "ada"), ("d2", "ada"), ("d3", "ada")))

    assert ada["first_year_cents"] == 110


def test_the_hosts_sums_stand_for_deals_it_does_not_show(firm: Any) -> None:
    host = {
        "contact_id": "ada",
        "purchase_days": 3,
        "first_at": datetime(2025, 5, 1),
        "last_at": datetime(2026, 5, 2),
        "sum_cents": 9_000,
    }
    ada = firm.ada(deal_rollups=[host])

    assert (ada["purchase_days"], ada["spent_cents"], ada["deals_won"]) == (3, 9_000, 3)
    assert ada["first_purchase_at"] == datetime(2025, 5, 1)
    assert (ada["repeat_at"], ada["repeat_id"]) == (datetime(2026, 5, 2), "purchase:2026-05-02")
    assert ada["first_deal_id"] == "first:2025-05-01"


def test_dated_deals_beat_sums_of_a_host_that_shows_all_of_them(firm: Any) -> None:
    host = {"contact_id": "ada", "purchase_days": 1, "sum_cents": 9_000}
    ada = firm.ada(deals=[deal()], deal_contacts=on(("d1", "ada")), deal_rollups=[host])

    assert (ada["purchase_days"], ada["spent_cents"]) == (1, 10_000)


def test_a_host_that_sums_more_days_than_it_shows_knew_the_customer_longer(firm: Any) -> None:
    host = {
        "contact_id": "ada",
        "purchase_days": 11,
        "first_at": datetime(2019, 4, 1),
        "last_at": datetime(2025, 1, 1),
        "sum_cents": 1_420_000,
    }
    ada = firm.ada(deals=[deal()], deal_contacts=on(("d1", "ada")), deal_rollups=[host])

    assert (ada["purchase_days"], ada["deals_won"], ada["spent_cents"]) == (11, 11, 1_420_000)
    assert (ada["first_purchase_at"], ada["first_deal_id"]) == (
        datetime(2019, 4, 1),
        "first:2019-04-01",
    )
    assert (ada["last_purchase_at"], ada["last_deal_id"]) == (datetime(2026, 3, 1), "d1")
    assert (ada["repeat_at"], ada["first_year_cents"]) == (datetime(2026, 3, 1), None)


def test_more_days_without_a_sum_leave_the_money_that_is_known(firm: Any) -> None:
    host = {"contact_id": "ada", "purchase_days": 3}
    ada = firm.ada(deals=[deal()], deal_contacts=on(("d1", "ada")), deal_rollups=[host])

    assert (ada["purchase_days"], ada["spent_cents"]) == (3, 10_000)


def test_a_renewal_won_has_a_date_and_one_in_talks_is_open(firm: Any) -> None:
    deals = [deal("d1", kind="renewal"), deal("d2", kind="renewal", status="open", closed_at=None)]
    ada = firm.ada(deals=deals, deal_contacts=on(("d1", "ada"), ("d2", "ada")))

    assert (ada["renewal_at"], ada["renewal_id"]) == (datetime(2026, 3, 1), "d1")
    assert (ada["renewal_open"], ada["open_deals"]) == (1, 1)


def test_an_open_deal_that_names_nobody_concerns_the_whole_company(firm: Any) -> None:
    rows = firm.rows(
        contacts=[*PEOPLE, {"contact_id": "eve"}],
        deals=[deal(kind="renewal", status="open", closed_at=None)],
    )

    assert [rows[name]["renewal_open"] for name in ("ada", "bo", "cy", "eve")] == [1, 1, 1, 0]
