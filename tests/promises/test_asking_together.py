"""Reasons to ask and reasons not to do not cancel each other; no review is asked for at a price."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from firm_in_memory import TODAY, House, happy, new_tasks, open_house, person

from goodword import defaults
from goodword.rules import Trigger, facts_read

WORDS = Path(defaults.__file__).parent / "words"
ASKS_FOR_A_REVIEW = re.compile(
    r"(leave|write|give|post|rate|star)\b[^.\n]{0,40}\breviews?\b|\breview us\b", re.IGNORECASE
)
PRICE = re.compile(r"\b(reward|discount|voucher|gift card|coupon|cash|bonus)\b", re.IGNORECASE)


def asked(house: House) -> set[str]:
    return {task.contact_id for task in new_tasks(house.plan()) if task.asks}


def bought(who: str, *ago: int) -> dict[str, list[dict[str, Any]]]:
    """Sales so many days ago."""
    deals = [
        {"deal_id": f"{who}-{days}", "status": "won", "closed_at": TODAY - timedelta(days=days)}
        for days in ago
    ]
    return {
        "deals": [deal | {"amount_cents": 10_000, "kind": None} for deal in deals],
        "deal_contacts": [{"deal_id": deal["deal_id"], "contact_id": who} for deal in deals],
    }


@pytest.mark.promise("together.tenure-counts")
def test_how_long_somebody_is_a_customer_counts_from_the_first_purchase(tmp_path: Path) -> None:
    sales = {"young": (89, 3), "due": (90, 3), "known": (400, 10), "never": ()}
    rows = {who: bought(who, *days) for who, days in sales.items()}
    house = open_house(
        tmp_path / "firm",
        contacts=[person(who, created_at=date(2019, 1, 1)) for who in sales],
        feedback=[happy(who, TODAY - timedelta(days=1)) for who in sales],
        deals=[deal for row in rows.values() for deal in row["deals"]],
        deal_contacts=[link for row in rows.values() for link in row["deal_contacts"]],
    )
    assert asked(house) == {"due", "known", "never"}
    assert house.why("young").code == "tenure"


@pytest.mark.promise("together.tenure-exempt")
@pytest.mark.parametrize("moment", ["delivery", "milestone"])
def test_a_good_moment_counts_for_a_new_customer_too(moment: str, tmp_path: Path) -> None:
    activity = {"activity_id": "m", "contact_id": "ada", "kind": moment, "at": TODAY}
    house = open_house(
        tmp_path / "firm", contacts=[person("ada")], activities=[activity], **bought("ada", 5)
    )
    assert asked(house) == {"ada"}


@pytest.mark.promise("together.complaint")
def test_a_complaint_ends_after_60_days_or_when_it_is_proven_to_be_put_right(
    tmp_path: Path,
) -> None:
    def complaint(who: str, ago: int) -> dict[str, object]:
        opened = TODAY - timedelta(days=ago)
        row = {"ticket_id": f"t-{who}", "contact_id": who, "kind": "complaint", "status": "closed"}
        return {**row, "opened_at": opened, "closed_at": opened + timedelta(days=9)}

    house = open_house(
        tmp_path / "firm",
        contacts=[person(who) for who in ("angry", "past", "mended")],
        tickets=[complaint("angry", 59), complaint("past", 60), complaint("mended", 30)],
        feedback=[happy("mended", TODAY - timedelta(days=1))],
        activities=[
            {"activity_id": who, "contact_id": who, "kind": "milestone", "at": TODAY}
            for who in ("angry", "past", "mended")
        ],
    )
    assert asked(house) == {"past", "mended"}


@pytest.mark.long
@pytest.mark.promise("together.missed")
def test_a_moment_that_closes_before_a_rest_ends_is_missed_and_counted(tmp_path: Path) -> None:
    life = {"play": "ask", "cycle": "old", "state": "done", "outcome": "no answer"}
    days = {"created_at": TODAY, "due_at": TODAY, "done_at": TODAY - timedelta(days=10)}
    gifts = [TODAY - timedelta(days=200), TODAY - timedelta(days=230)]
    house = open_house(
        tmp_path / "firm",
        contacts=[person("ada")],
        feedback=[happy("ada", TODAY)],
        asks=[{"task_key": "k", "remote_id": "k", "contact_id": "ada", **life, **days}],
        activities=[
            {"activity_id": f"g{n}", "contact_id": "ada", "kind": "article", "at": day}
            for n, day in enumerate(gifts)
        ],
    )
    plan = house.plan()
    assert plan.held == {"cooldown": 1, "window_closes": 1}
    assert plan.backlog == ()
    for days in (30, 50, 1):  # the last day of the window; the end of the rest; the day after
        assert asked(house.later(days)) == set()


@pytest.mark.long
@pytest.mark.promise("ask.withdrawn-frees")
def test_the_room_of_a_withdrawn_ask_is_given_to_the_next_one_at_once(tmp_path: Path) -> None:
    house = open_house(
        tmp_path / "firm",
        settings="[caps]\nrep_open_tasks = 1\n",
        contacts=[person(who) | {"owner_id": "sam"} for who in ("ada", "bo")],
        feedback=[happy("ada", TODAY), happy("bo", TODAY - timedelta(days=9))],
    )
    house.sync()
    assert house.open_plays() == {"ada": ["ask"]}
    house.host.put(contacts=[person("ada", consent="no") | {"owner_id": "sam"}])
    house.sync()
    assert house.open_plays() == {"bo": ["ask"]}


@pytest.mark.promise("caps.order")
def test_leads_and_thanks_come_first_then_the_ask_that_counts_most(tmp_path: Path) -> None:
    people = ["ada", "bo", "cy", "kit"]
    house = open_house(
        tmp_path / "firm",
        settings="[caps]\nrep_open_tasks = 3\n",
        contacts=[person(who) | {"owner_id": "sam"} for who in people[:3]]
        + [person("kit", status="lead") | {"owner_id": "sam"}],
        feedback=[happy("ada", TODAY - timedelta(days=25)), happy("bo", TODAY)],
        referrals=[{"referral_id": "r", "referrer_id": "cy", "referred_id": "kit", "at": TODAY}],
    )
    plan = house.plan()
    found = [(task.play, task.contact_id) for task in new_tasks(plan)]
    assert sorted(found[:2]) == [("fast_lane", "kit"), ("thank_you", "cy")]
    assert found[2:] == [("ask", "bo")]
    assert [(item.contact_id, item.reason) for item in plan.backlog] == [("ada", "rep_full")]


@pytest.mark.promise("reviews.not-gated", "reviews.not-rewarded")
def test_nobody_is_picked_for_a_review_and_no_review_has_a_price(tmp_path: Path) -> None:
    """No play asks for a review, so none is kept from the unhappy; no words offer anything."""
    files = [path for path in sorted(WORDS.rglob("*")) if path.suffix in {".txt", ".jinja", ".md"}]
    assert len(files) >= 6
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert ASKS_FOR_A_REVIEW.search(text) is None, path.name
        assert PRICE.search(text) is None, path.name
    book = open_house(tmp_path / "firm").firm().book
    assert [play.name for play in book.plays if "review" in f"{play.name} {play.doc}"] == []
    moments = [rule for rule in book.triggers if isinstance(rule, Trigger)]
    read = {fact for rule in [*moments, *book.plays] for fact in facts_read(rule)}
    assert [fact for fact in read if fact.startswith("review_") and "meeting" not in fact] == []
