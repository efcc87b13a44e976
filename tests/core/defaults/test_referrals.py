"""Who sent whom: one referrer each, thanks that are owed, companies worth naming."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

PEOPLE = [{"contact_id": name, "name": name.title()} for name in ("ada", "bo", "cy", "dee")]


def link(referrer: str, referred: str | None, day: int | None = 1, **more: Any) -> dict[str, Any]:
    at = None if day is None else datetime(2026, 11, day)
    row = {"referral_id": f"{referrer}-{referred}", "referrer_id": referrer}
    return {**row, "referred_id": referred, "status": "received", "at": at, **more}


def yes(name: str | None = "Zoe Lind", day: int = 10, key: str = "t1") -> dict[str, Any]:
    row = {"task_key": key, "contact_id": "ada", "play": "ask", "state": "done", "outcome": "yes"}
    return {**row, "done_at": datetime(2026, 11, day), "outcome_name": name}


def test_referrals_are_counted_and_so_are_the_ones_that_became_customers(firm: Any) -> None:
    links = [
        link("ada", "bo", status="won"),
        link("ada", "cy", 5, won_at=datetime(2026, 11, 9)),
        link("ada", "dee", 7),
    ]
    ada = firm.rows(contacts=PEOPLE, referrals=links)["ada"]

    assert (ada["referrals_given"], ada["referrals_won"]) == (3, 2)
    assert ada["referral_last_at"] == datetime(2026, 11, 7)


def test_the_referred_person_knows_who_sent_them(firm: Any) -> None:
    bo = firm.rows(contacts=PEOPLE, referrals=[link("ada", "bo", 3)])["bo"]

    assert (bo["referred_by_id"], bo["referred_by_name"]) == ("ada", "Ada")
    assert bo["referred_at"] == datetime(2026, 11, 3)


@pytest.mark.parametrize(
    "state",
    [
        {"do_not_ask": True},
        {"consent": "no"},
        {"left_company": True},
        {"status": "lost"},
        {"name": "(030) 5550112"},
    ],
)
def test_a_referrer_one_must_not_speak_of_goes_unnamed(firm: Any, state: dict[str, Any]) -> None:
    people = [PEOPLE[0] | state, PEOPLE[1]]
    bo = firm.rows(contacts=people, referrals=[link("ada", "bo", 3)])["bo"]

    assert (bo["referred_by_id"], bo["referred_by_name"]) == ("ada", None)


def test_a_referrer_who_refused_or_is_unknown_goes_unnamed(firm: Any) -> None:
    refused = yes() | {"outcome": "never"}
    rows = firm.rows(
        contacts=PEOPLE, referrals=[link("ada", "bo"), link("eve", "cy")], asks=[refused]
    )

    assert rows["bo"]["referred_by_name"] is None
    assert rows["cy"]["referred_by_name"] is None


def test_the_earliest_referrer_gets_the_credit(firm: Any) -> None:
    rows = firm.rows(contacts=PEOPLE, referrals=[link("cy", "bo", 9), link("ada", "bo", 3)])

    assert (rows["ada"]["referrals_given"], rows["cy"]["referrals_given"]) == (1, 0)
    assert rows["bo"]["referred_by_id"] == "ada"


def test_a_link_without_a_date_comes_last(firm: Any) -> None:
    rows = firm.rows(
        contacts=PEOPLE,
        referrals=[link("cy", "bo", None), link("ada", "bo", 30, at=datetime(2026, 11, 19))],
    )

    assert rows["bo"]["referred_by_id"] == "ada"


def test_nobody_is_credited_for_sending_themselves(firm: Any) -> None:
    ada = firm.rows(contacts=PEOPLE, referrals=[link("ada", "ada")])["ada"]

    assert (ada["referrals_given"], ada["referred_by_id"]) == (0, None)


def test_of_two_people_who_claim_each_other_the_earlier_link_counts(firm: Any) -> None:
    rows = firm.rows(contacts=PEOPLE, referrals=[link("ada", "bo", 3), link("bo", "ada", 9)])

    assert (rows["ada"]["referrals_given"], rows["bo"]["referrals_given"]) == (1, 0)
    assert rows["ada"]["referred_by_id"] is None


def test_a_yes_with_a_name_is_a_referral_to_be_followed_up(firm: Any) -> None:
    ada = firm.rows(contacts=PEOPLE, asks=[yes()])["ada"]

    assert (ada["referrals_given"], ada["referrals_won"]) == (1, 0)
    assert ada["referral_last_at"] == datetime(2026, 11, 10)


@pytest.mark.parametrize("play", ["quiet", "warm_up", "thank_you", "recover", "fast_lane", None])
def test_a_name_given_on_a_task_that_does_not_ask_is_a_referral_and_no_ask(
    firm: Any, play: str | None
) -> None:
    ada = firm.rows(contacts=PEOPLE, asks=[yes() | {"play": play}])["ada"]

    assert (ada["referrals_given"], ada["asks_done"], ada["asked_last_at"]) == (1, 0, None)


def test_a_yes_without_a_name_is_no_referral_yet(firm: Any) -> None:
    assert firm.rows(contacts=PEOPLE, asks=[yes(None)])["ada"]["referrals_given"] == 0


@pytest.mark.parametrize(
    "known", [{"referred_name": " zoe lind"}, {"referred_id": "bo"}, {"referral_id": "t1"}]
)
def test_a_name_that_became_a_link_counts_once(firm: Any, known: dict[str, Any]) -> None:
    people = [*PEOPLE[:1], {"contact_id": "bo", "name": "Zoe Lind"}]
    row = link("ada", None, 12) | known
    ada = firm.rows(contacts=people, asks=[yes()], referrals=[row])["ada"]

    assert ada["referrals_given"] == 1


def test_a_referral_in_the_future_has_not_happened(firm: Any) -> None:
    rows = firm.rows(contacts=PEOPLE, referrals=[link("ada", "bo", 25)])

    assert rows["ada"]["referrals_given"] == 0


def owed(firm: Any, *links: dict[str, Any], **rows: Any) -> int:
    return int(firm.rows(contacts=PEOPLE, referrals=list(links), **rows)["ada"]["thanks_owed"])


@pytest.mark.promise("thanks.each-event")
def test_each_event_of_a_referral_owes_a_thank_you(firm: Any) -> None:
    assert owed(firm, link("ada", "bo", 3)) == 1
    assert owed(firm, link("ada", "bo", 3), link("ada", "cy", 4)) == 2
    met = link("ada", "bo", 3, met_at=datetime(2026, 11, 9))
    thanked = {"activity_id": "v", "contact_id": "ada", "kind": "thank_you"}
    note = {**thanked, "at": datetime(2026, 11, 4)}
    assert owed(firm, met, activities=[note]) == 1
    assert owed(firm, met) == 1, "one call thanks for both"


def test_a_completed_or_deleted_thank_you_task_settles_its_event(firm: Any) -> None:
    task = {"task_key": "t9", "contact_id": "ada", "play": "thank_you", "cycle": "ada-bo:received"}
    event = link("ada", "bo", 3)

    assert owed(firm, event, asks=[{**task, "state": "done"}]) == 0
    assert owed(firm, event, asks=[{**task, "state": "deleted"}]) == 0
    assert owed(firm, event, asks=[{**task, "state": "open"}]) == 1
    assert owed(firm, event, asks=[{**task, "state": "done", "cycle": "ada-bo:won"}]) == 1


def test_a_thank_you_noted_by_the_rep_settles_what_came_before(firm: Any) -> None:
    note = {"activity_id": "v1", "contact_id": "ada", "kind": "thank_you"}
    event = link("ada", "bo", 3)

    assert owed(firm, event, activities=[{**note, "at": datetime(2026, 11, 3)}]) == 0
    assert owed(firm, event, activities=[{**note, "at": datetime(2026, 11, 2)}]) == 1


def test_old_events_owe_nothing_any_more(firm: Any) -> None:
    assert owed(firm, link("ada", "bo", at=datetime(2026, 10, 1))) == 0


ACCOUNTS = [
    {"account_id": "quist", "name": "Quist Ltd", "city": "Ulm", "industry": "Steel"},
    {"account_id": "t1", "name": "Arda", "city": "ulm", "target": True},
    {"account_id": "t2", "name": "Brix", "city": "Bonn", "industry": "steel", "target": True},
    {"account_id": "t3", "name": "Cobo", "city": "Bonn", "industry": "Wood", "target": True},
    {"account_id": "t4", "name": "Dorn", "city": "Ulm", "industry": "Steel"},
]


def names(
    firm: Any, accounts: list[dict[str, Any]], account: str | None = "quist", **rows: Any
) -> Any:
    people = [{"contact_id": "ada", "account_id": account}]
    return firm.rows(contacts=people, accounts=accounts, **rows)["ada"]["targets"]


def test_targets_in_the_same_town_or_trade_are_named(firm: Any) -> None:
    assert names(firm, ACCOUNTS) == "Arda; Brix"


def test_the_persons_own_town_is_enough(firm: Any) -> None:
    people = [{"contact_id": "ada", "city": " Bonn "}]

    assert firm.rows(contacts=people, accounts=ACCOUNTS)["ada"]["targets"] == "Brix; Cobo"


def test_at_most_three_names_and_never_the_persons_own_company(firm: Any) -> None:
    many = [
        {"account_id": f"m{n}", "name": f"Firm {n}", "city": "Ulm", "target": True}
        for n in range(6)
    ]

    assert names(firm, many, "m1") == "Firm 0; Firm 2; Firm 3"
    assert names(firm, many, "m5") == "Firm 0; Firm 1; Firm 2"
    assert names(firm, many[:1], "m0") is None


@pytest.mark.parametrize("status", ["open", "won"])
def test_a_company_we_do_business_with_is_no_target(firm: Any, status: str) -> None:
    deals = [{"deal_id": "d1", "account_id": "t1", "status": status}]

    assert names(firm, ACCOUNTS, deals=deals) == "Brix"


def test_without_town_and_trade_nothing_is_invented(firm: Any) -> None:
    assert names(firm, ACCOUNTS, None) is None
