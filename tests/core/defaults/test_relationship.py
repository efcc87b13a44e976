"""Conversations, favours and milestones, and the balance of giving and asking."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest


def touch(kind: str, day: int, **more: Any) -> dict[str, Any]:
    row = {"activity_id": f"{kind}{day}", "contact_id": "ada", "kind": kind}
    return {**row, "at": datetime(2026, 11, day), **more}


def task(play: str, day: int, **more: Any) -> dict[str, Any]:
    row = {"task_key": f"{play}{day}", "contact_id": "ada", "play": play, "state": "done"}
    return {**row, "done_at": datetime(2026, 11, day), **more}


@pytest.mark.parametrize("kind", ["call", "meeting", "visit", "email", "note", "message"])
def test_every_personal_contact_is_a_conversation(firm: Any, kind: str) -> None:
    assert firm.ada(activities=[touch(kind, 4)])["conversation_at"] == datetime(2026, 11, 4)


@pytest.mark.parametrize("kind", ["newsletter", "advert", "delivery"])
def test_a_mass_mailing_or_a_parcel_is_no_conversation(firm: Any, kind: str) -> None:
    assert firm.ada(activities=[touch(kind, 4)])["conversation_at"] is None


def test_conversations_are_also_taken_from_the_hosts_own_sums(firm: Any) -> None:
    host = {"contact_id": "ada", "kind": "call", "count": 7, "last_at": datetime(2026, 11, 9)}
    ada = firm.ada(activities=[touch("call", 4)], touches=[host])

    assert ada["conversation_at"] == datetime(2026, 11, 9)


def test_a_completed_warm_up_is_a_conversation_and_an_ask_is_none(firm: Any) -> None:
    ada = firm.ada(asks=[task("warm_up", 4), task("ask", 9)])

    assert ada["conversation_at"] == datetime(2026, 11, 4)


def test_gifts_favours_and_thank_yous_are_favours_and_articles_only_give(firm: Any) -> None:
    ada = firm.ada(activities=[touch("gift", 3), touch("article", 9)])

    assert ada["favour_last_at"] == datetime(2026, 11, 3)
    assert (ada["give_last_at"], ada["gives"]) == (datetime(2026, 11, 9), 2)


def test_our_completed_thank_you_task_is_a_favour_too(firm: Any) -> None:
    done = firm.ada(asks=[task("thank_you", 7)])
    still_open = firm.ada(asks=[task("thank_you", 7, state="open", done_at=None)])

    assert done["favour_last_at"] == datetime(2026, 11, 7)
    assert still_open["favour_last_at"] is None


def test_a_touch_that_the_host_also_sums_counts_once(firm: Any) -> None:
    host = {"contact_id": "ada", "kind": "gift", "count": 2, "last_at": datetime(2026, 11, 3)}
    ada = firm.ada(activities=[touch("gift", 3)], touches=[host])

    assert ada["gives"] == 2


def test_the_balance_is_what_we_gave_less_what_we_asked_for(firm: Any) -> None:
    ada = firm.ada(activities=[touch("gift", 3)], asks=[task("ask", 5), task("ask", 9)])

    assert (ada["gives"], ada["balance"]) == (1, -1)


def test_a_warm_up_restores_the_balance(firm: Any) -> None:
    assert firm.ada(asks=[task("ask", 5), task("warm_up", 9)])["balance"] == 0


@pytest.mark.parametrize(
    ("kind", "name"),
    [("delivery", "delivery"), ("milestone", "milestone"), ("results_review", "review_meeting")],
)
def test_the_good_moments_of_a_project_have_date_and_record(
    firm: Any, kind: str, name: str
) -> None:
    ada = firm.ada(activities=[touch(kind, 4), touch(kind, 9), touch(kind, 25)])

    assert (ada[f"{name}_at"], ada[f"{name}_id"]) == (datetime(2026, 11, 9), f"{kind}9")
