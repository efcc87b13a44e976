"""What people bought: summed by the host, dated where the day matters, each cent once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from goodword_salesforce.fake import Account, Fake, by_hand
from goodword_salesforce.fake.new_org import put
from goodword_salesforce.fake.times import as_day
from goodword_salesforce.names import REFERRED_BY


def on_deals(firm: Any) -> set[tuple[str, str, bool | None]]:
    rows = firm.told.rows("deal_contacts")
    return {(row["deal_id"], row["contact_id"], row.get("primary")) for row in rows}


def sums(firm: Any) -> dict[str, tuple[int, int]]:
    rows = firm.told.rows("deal_rollups")
    return {row["contact_id"]: (row["purchase_days"], row["sum_cents"]) for row in rows}


def test_purchases_of_all_years_are_summed_by_day(firm: Any) -> None:
    who = firm.contact()
    firm.sale(who, days=2_000, Amount=10.5)
    firm.sale(who, days=900, Amount=20.0)
    firm.sale(who, days=900, Amount=None)
    firm.sale(who, days=3, StageName="Closed Lost")
    told = firm.pull()
    assert sums(firm) == {who: (2, 3_050)}
    row = told.row("deal_rollups", who)
    days = [as_day(firm.clock() - 86_400 * each) for each in (2_000, 900)]
    assert [f"{row[name]:%Y-%m-%d}" for name in ("first_at", "last_at")] == days


def test_four_and_a_half_thousand_buyers_are_summed_right(firm: Any) -> None:
    org, day = firm.fake.org, as_day(firm.clock() - 86_400 * 700)
    ids = [put(org, "Contact", {"LastName": f"P{n}", "IsDeleted": False}) for n in range(4_500)]
    for place, who in enumerate(ids):
        values = {"Name": "Roof", "CloseDate": day, "Amount": place + 0.5}
        deal = put(org, "Opportunity", {**values, "IsWon": True, "IsClosed": True})
        put(org, "OpportunityContactRole", {"OpportunityId": deal, "ContactId": who})
    firm.pull()
    assert sums(firm) == {who: (1, place * 100 + 50) for place, who in enumerate(ids)}
    assert firm.told.largest <= 2_000


def test_open_and_late_deals_come_with_their_dates_and_their_people(firm: Any) -> None:
    ida, ben = firm.contact("Ida"), firm.contact("Ben")
    late = firm.sale(ida, ben, days=30, Type="Existing Business")
    open_ = firm.sale(ben, days=-40, StageName="Prospecting")
    lost = firm.sale(ida, days=10, StageName="Closed Lost")
    old = firm.sale(ida, days=1_000)
    told = firm.pull()
    assert {row["deal_id"]: row["status"] for row in told.rows("deals")} == {
        late: "won",
        open_: "open",
        lost: "lost",
    }
    assert told.row("deals", late)["kind"] == "repeat"
    assert told.row("deals", open_)["closed_at"] is None
    assert on_deals(firm) == {
        (late, ida, True),
        (late, ben, False),
        (open_, ben, True),
        (lost, ida, True),
    }
    assert old not in {row["deal_id"] for row in told.rows("deals")}


def test_a_sale_without_roles_is_shared_within_its_account(firm: Any) -> None:
    account = firm.add("Account", ago=600, Name="Acme")
    ida, ben = (firm.contact(name, AccountId=account) for name in ("Ida", "Ben"))
    firm.sale(ida, days=500, AccountId=account, Amount=7.0)
    deal = firm.sale(days=20, AccountId=account, Amount=50.0)
    firm.pull()
    assert sums(firm) == {ida: (2, 3_200), ben: (1, 2_500)}
    assert {(d, who, main) for d, who, main in on_deals(firm) if d == deal} == {
        (deal, ida, None),
        (deal, ben, None),
    }


def test_a_deal_won_meanwhile_changes_the_sums_of_its_people(firm: Any) -> None:
    who = firm.contact()
    deal = firm.sale(who, days=-9, StageName="Prospecting", Amount=80.0)
    firm.sale(who, days=800, Amount=1.0)
    firm.pull()
    assert sums(firm) == {who: (1, 100)}
    firm.edit("Opportunity", deal, StageName="Closed Won", CloseDate=as_day(firm.clock()))
    told = firm.later()
    assert sums(firm) == {who: (2, 8_100)}
    assert told.row("deals", deal)["status"] == "won"


def test_a_sale_without_roles_made_meanwhile_is_shared(firm: Any) -> None:
    account = firm.add("Account", ago=600, Name="Acme")
    ida = firm.contact("Ida", AccountId=account)
    firm.pull()
    firm.clock.now += 60
    deal = firm.add(
        "Opportunity",
        Name="Roof",
        StageName="Closed Won",
        CloseDate=as_day(firm.clock()),
        Amount=9.0,
        AccountId=account,
    )
    firm.later()
    assert sums(firm) == {ida: (1, 900)}
    assert on_deals(firm) == {(deal, ida, None)}


def test_a_role_given_to_somebody_later_credits_them(firm: Any) -> None:
    ida, ben = firm.contact("Ida"), firm.contact("Ben")
    deal = firm.sale(ida, days=30)
    firm.pull()
    firm.clock.now += 60
    firm.add("OpportunityContactRole", OpportunityId=deal, ContactId=ben)
    firm.later()
    assert (deal, ben, False) in on_deals(firm)
    assert sums(firm) == {ida: (1, 10_000), ben: (1, 10_000)}


def test_a_role_taken_away_leaves_no_trace_but_in_the_list_of_deletions(firm: Any) -> None:
    ida, ben = firm.contact("Ida"), firm.contact("Ben")
    deal = firm.sale(ida, ben, days=30)
    firm.pull()
    assert sums(firm).keys() == {ida, ben}
    (role,) = (r for r in firm.fake.store.rows("OpportunityContactRole") if r["ContactId"] == ben)
    firm.clock.now += 60
    by_hand.delete(firm.fake.org, "OpportunityContactRole", role["Id"])
    firm.later()
    assert sums(firm) == {ida: (1, 10_000)}
    assert on_deals(firm) == {(deal, ida, True)}


def test_a_deleted_deal_is_taken_back(firm: Any) -> None:
    who = firm.contact()
    deal = firm.sale(who, days=30)
    firm.sale(who, days=60, Amount=1.0)
    firm.pull()
    firm.clock.now += 60
    by_hand.delete(firm.fake.org, "Opportunity", deal)
    told = firm.later()
    assert deal not in {row["deal_id"] for row in told.rows("deals")}
    assert sums(firm) == {who: (1, 100)}


def test_old_deals_of_people_in_referrals_keep_their_dates(firm: Any) -> None:
    one = firm.contact("One")
    sent = firm.contact("Sent", **{REFERRED_BY: one})
    old = firm.sale(sent, days=1_500)
    told = firm.pull()
    assert told.row("deals", old)["status"] == "won"
    (role,) = (r for r in firm.fake.store.rows("OpportunityContactRole") if r["ContactId"] == sent)
    assert role
    other = firm.sale(one, days=10)
    firm.later()
    (gone,) = (
        r for r in firm.fake.store.rows("OpportunityContactRole") if r["OpportunityId"] == other
    )
    firm.clock.now += 60
    by_hand.delete(firm.fake.org, "OpportunityContactRole", gone["Id"])
    assert firm.later().row("deals", old)["status"] == "won"


def test_no_opportunities_to_be_seen_means_no_sales(firm: Any) -> None:
    firm.fake.account.hidden_objects |= {"Opportunity", "OpportunityContactRole"}
    firm.contact()
    told = firm.pull()
    assert {"deals", "deal_contacts", "deal_rollups"} <= told.was_absent
    assert firm.later().notices["permission"]


@pytest.mark.parametrize(
    "hidden",
    [
        {("Contact", "AccountId")},
        {("Opportunity", "AccountId")},
        {("Opportunity", "Amount")},
        {("Opportunity", "Type"), ("Opportunity", "Name")},
        {("Contact", "Email"), ("Contact", "Title"), ("Contact", "OwnerId")},
        {("Task", "TaskSubtype"), ("Task", "Type"), ("Event", "StartDateTime")},
        {("CampaignMember", "FirstRespondedDate"), ("Case", "Type"), ("Account", "Website")},
    ],
)
def test_hidden_fields_cost_what_they_say_and_no_more(
    firm: Any, hidden: set[tuple[str, str]]
) -> None:
    firm.fake.account.hidden |= hidden
    account = firm.add("Account", ago=600, Name="Acme")
    who = firm.contact(AccountId=account)
    firm.sale(who, days=20)
    firm.sale(AccountId=account, days=20)
    firm.pull()
    assert sums(firm)[who][0] >= 1
    firm.clock.now += 60
    late = firm.sale(who, days=0)
    firm.sale(AccountId=account, days=0)
    (role,) = (
        r for r in firm.fake.store.rows("OpportunityContactRole") if r["OpportunityId"] == late
    )
    told = firm.later()
    assert told.row("deals", late)
    assert sums(firm)[who][0] >= 2
    firm.clock.now += 60
    by_hand.delete(firm.fake.org, "OpportunityContactRole", role["Id"])
    assert firm.later().row("contacts", who)


def test_a_refund_is_a_negative_amount(firm: Any) -> None:
    who = firm.contact()
    deal = firm.sale(who, days=3, Amount=-25.0)
    told = firm.pull()
    assert (told.row("deals", deal)["kind"], told.row("deals", deal)["amount_cents"]) == (
        "refund",
        -2_500,
    )


class TestSeveralCurrencies:
    @pytest.fixture
    def fake(self, clock: Any) -> Any:
        """Give an org in pounds that also sells in euros, at 0.85 pounds each."""
        with Fake(Account(multi_currency=True), clock) as running:
            yield running

    def test_amounts_are_in_the_currency_of_the_org_and_say_so(self, firm: Any) -> None:
        who = firm.contact()
        pounds = firm.sale(who, days=20, Amount=100.0, CurrencyIsoCode="GBP")
        euros = firm.sale(who, days=10, Amount=100.0, CurrencyIsoCode="EUR")
        told = firm.pull()
        assert told.row("deals", pounds)["amount_cents"] == 10_000
        assert told.row("deals", euros)["amount_cents"] == 8_500
        assert sums(firm) == {who: (2, 18_500)}
        assert told.notices["currency"][0].startswith("Amounts are in GBP")

    def test_amounts_in_another_home_currency_are_left_out_and_said(self, firm: Any) -> None:
        firm.options["home_currency"] = "EUR"
        who = firm.contact()
        pounds = firm.sale(who, days=20, Amount=100.0, CurrencyIsoCode="GBP")
        euros = firm.sale(who, days=10, Amount=100.0, CurrencyIsoCode="EUR")
        told = firm.pull()
        assert told.row("deals", pounds)["amount_cents"] is None
        assert told.row("deals", euros)["amount_cents"] == 10_000
        assert told.row("deal_rollups", who)["sum_cents"] is None
        assert any("1 deals in GBP" in text for text in told.notices["currency"])


def test_days_are_kept_as_midnights(firm: Any) -> None:
    who = firm.contact()
    deal = firm.sale(who, days=30)
    at = firm.pull().row("deals", deal)["closed_at"]
    assert at == datetime(at.year, at.month, at.day)
