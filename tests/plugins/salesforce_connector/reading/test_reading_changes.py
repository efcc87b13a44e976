"""What changed since the last pull: nothing missed, nothing twice, few calls."""

from __future__ import annotations

from typing import Any

import pytest

from goodword import RetryableError
from goodword_salesforce.fake import Fault, Switches, by_hand
from goodword_salesforce.fake.new_org import put
from goodword_salesforce.fake.times import as_day, as_moment
from goodword_salesforce.names import DO_NOT_ASK, OUTCOME, SCORE
from goodword_salesforce.reading import feeds
from goodword_salesforce.reading.cursor import Position, position_of


def many(firm: Any, number: int, kind: str = "Contact", **values: Any) -> list[str]:
    given = {"LastName": "Somebody", "IsDeleted": False, **values}
    return [put(firm.fake.org, kind, given) for _ in range(number)]


def test_a_pull_without_changes_is_one_call(firm: Any) -> None:
    who = firm.contact()
    firm.sale(who)
    firm.our_task(who)
    firm.pull()
    told = firm.later()
    assert firm.calls == 1
    assert set(told.fresh) <= {"owners", "asks"}
    assert firm.fake.calls.by_part()["query"] <= 5


def test_two_thousand_changes_are_two_calls(firm: Any) -> None:
    people = many(firm, 900)
    deals = [firm.sale(who, days=30, Amount=1.0) for who in people[:300]]
    leads = many(firm, 300, "Lead", Company="Acme")
    tasks = [firm.our_task(who, f"k{n}") for n, who in enumerate(people[:200])]
    firm.clock.now += 3_600
    firm.pull()
    firm.later()
    firm.clock.now += 3_600
    for who in people:
        firm.edit("Contact", who, Phone="+441632960123")
    for deal in deals:
        firm.edit("Opportunity", deal, Amount=2.0)
    for lead in leads:
        firm.edit("Lead", lead, Phone="+441632960124")
    for task in tasks:
        by_hand.complete(firm.fake.org, task, {OUTCOME: "no"})
    told = firm.pull()
    assert firm.calls <= 2
    assert {row["sum_cents"] for row in told.rows("deal_rollups")} == {200}
    assert {row["phone"] for row in told.rows("contacts")} == {"+441632960123", "+441632960124"}
    assert {row["outcome"] for row in told.rows("asks")} == {"no"}


def test_the_first_pull_of_a_small_org_is_few_calls(firm: Any) -> None:
    who = firm.contact()
    firm.sale(who)
    firm.pull()
    assert firm.calls <= 6


@pytest.mark.long
def test_fifty_thousand_contacts_take_seven_calls_and_a_few_for_all_else(firm: Any) -> None:
    org, day = firm.fake.org, as_day(firm.clock() - 86_400 * 700)
    for place, who in enumerate(many(firm, 50_000)):
        if place % 4 == 0 and place < 48_000:
            values = {"Name": "Roof", "CloseDate": day, "Amount": 1.0}
            deal = put(org, "Opportunity", {**values, "IsWon": True, "IsClosed": True})
            put(org, "OpportunityContactRole", {"OpportunityId": deal, "ContactId": who})
    told = firm.pull()
    assert len(told.rows("contacts")) == 50_000
    assert len(told.rows("deal_rollups")) == 12_000
    assert told.largest <= 2_000
    others = 1 + 1 + 2  # what the org is, dated sales, and ten small tables
    assert firm.calls <= 7 + others


def test_more_changes_in_one_second_than_a_page_holds_end(firm: Any) -> None:
    firm.pull()
    firm.clock.now += 60
    many(firm, 4_500)
    told = firm.pull()
    assert len(told.rows("contacts")) == 4_500
    assert firm.calls <= 4


def test_a_change_that_shows_late_is_not_missed(firm: Any) -> None:
    firm.contact("First")
    firm.pull()
    at = as_moment(firm.clock() - 600)  # saved ten minutes ago, shown only now
    late = put(
        firm.fake.org,
        "Contact",
        {"LastName": "Late", "IsDeleted": False, "SystemModstamp": at, "CreatedDate": at},
    )
    assert firm.pull().row("contacts", late)


def test_what_says_the_same_is_no_news_whoever_saved_it(firm: Any) -> None:
    who = firm.contact()
    firm.pull()
    firm.clock.now += 60
    firm.edit("Contact", who, Phone="+441632960123")
    assert ("contacts", {(who,)}) in firm.pull().fresh.items()
    told = firm.pull()
    assert "contacts" not in told.fresh
    firm.edit("Contact", who, **{SCORE: 50})  # as we write it
    told = firm.pull()
    assert "contacts" not in told.fresh
    assert told.row("own_fields", who)["score"] == 50
    firm.edit("Contact", who, **{DO_NOT_ASK: True})
    assert firm.pull().row("contacts", who)["do_not_ask"]


def test_an_org_whose_stamp_cannot_be_filtered_is_read_by_another(firm: Any) -> None:
    firm.fake.account.switches = Switches(stamp_filterable=False)
    firm.pull()
    firm.clock.now += 60
    who = firm.contact(ago=0)
    assert firm.later().row("contacts", who)
    assert not any("SystemModstamp" in text for text in firm.fake.org.queries)


def test_after_too_long_everything_is_read(firm: Any) -> None:
    who, other = firm.contact(), firm.contact()
    firm.pull()
    by_hand.erase(firm.fake.org, "Contact", other)
    told = firm.later(16 * 86_400)
    assert "contacts" in told.was_whole
    assert [row["contact_id"] for row in told.rows("contacts")] == [who]


def test_from_time_to_time_everything_is_read_anyway(firm: Any) -> None:
    firm.contact()
    firm.pull()
    whole = []
    for _ in range(17):
        whole.append("contacts" in firm.later(86_400).was_whole)
    assert whole.count(True) == 1


def test_a_field_hidden_in_the_middle_of_a_day_is_left_out(firm: Any) -> None:
    who = firm.contact(Phone="+441632960123")
    firm.pull()
    firm.fake.account.hidden.add(("Contact", "Phone"))
    told = firm.later()
    assert told.row("contacts", who)["phone"] is None


def test_an_object_hidden_in_the_middle_of_a_day_is_absent(firm: Any) -> None:
    firm.add("Case", ContactId=firm.contact(), Subject="No power")
    assert firm.pull().rows("tickets")
    firm.fake.account.hidden_objects.add("Case")
    told = firm.later()
    assert "tickets" in told.was_absent


def test_an_object_that_can_be_seen_at_last_is_read_whole(firm: Any) -> None:
    firm.fake.account.hidden_objects.add("Case")
    firm.add("Case", ago=90, ContactId=firm.contact(), Subject="No power")
    firm.pull()
    firm.fake.account.hidden_objects.clear()
    assert firm.later(25 * 3_600).rows("tickets")


def test_a_session_that_ends_in_the_middle_is_renewed(firm: Any) -> None:
    many(firm, 9_000)
    fake = firm.fake
    for nth in (2, 4):
        fake.faults.add(Fault("POST", "/composite", nth=nth, meanwhile=fake.expire_sessions))
    assert len(firm.pull().rows("contacts")) == 9_000


@pytest.mark.long
@pytest.mark.parametrize("refused", [frozenset(), frozenset({"Email"})])
def test_very_large_tables_are_read_by_a_large_job(
    firm: Any, monkeypatch: pytest.MonkeyPatch, refused: frozenset[str]
) -> None:
    monkeypatch.setattr(feeds, "JOB", 0)  # a job for free wins sooner: from 20,000 rows on
    firm.fake.account.switches = Switches(bulk_refuses=refused)
    many(firm, 20_500)
    told = firm.pull()
    assert len(told.rows("contacts")) == 20_500
    assert firm.fake.calls.by_part()["bulk make"] == 1


def test_a_pull_that_would_touch_the_reserve_does_not_begin(firm: Any) -> None:
    many(firm, 16_000)
    firm.fake.account.daily_calls = 12  # six may be spent, five have been when the size is known
    firm.reserve = 0.5
    with pytest.raises(RetryableError, match="2 needed, 1 left"):
        firm.pull()
    assert firm.calls == 5


def test_ranges_win_up_to_about_eighty_thousand_rows() -> None:
    assert not feeds.by_job(2_000)
    assert not feeds.by_job(70_000)
    assert feeds.by_job(100_000)


def test_a_position_that_cannot_be_read_begins_anew(firm: Any) -> None:
    firm.pull()
    assert isinstance(position_of(firm.cursor), Position)
    assert position_of(None) is None
    broken = type(firm.cursor)({**firm.cursor.value, "at": "yesterday"})
    assert position_of(broken) is None
    assert position_of(type(firm.cursor)({"version": "0"})) is None


def test_a_clock_that_is_ahead_misses_nothing(firm: Any) -> None:
    firm.pull()
    position = position_of(firm.cursor)
    assert position is not None
    assert position.at.timestamp() <= firm.clock()
