"""What reaches the host: ours alone, in neutral words, from facts a rep may repeat."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from firm_in_memory import TODAY, fields_set, happy, new_tasks, open_house, person

NEUTRAL = {"Champion", "Affluent", "Advocate", "Nurture"}
OURS = {"own_fields", "asks"}


@pytest.mark.promise("ours.neutral")
def test_the_segment_on_a_contact_is_a_neutral_word(tmp_path: Path) -> None:
    chance = Random(3)  # noqa: S311 - a firm, not a secret
    people = [f"p{number:02}" for number in range(40)]
    link = {"status": "won", "at": TODAY - timedelta(days=200)}
    house = open_house(
        tmp_path / "firm",
        contacts=[person(who) for who in people],
        deals=[
            {
                "deal_id": who,
                "status": "won",
                "amount_cents": chance.randrange(1_000, 900_000),
                "closed_at": TODAY - timedelta(days=400),
            }
            for who in people
        ],
        deal_contacts=[{"deal_id": who, "contact_id": who} for who in people],
        referrals=[
            {"referral_id": f"r-{who}", "referrer_id": who, "referred_name": f"Kit {who}", **link}
            for who in people[::3]
        ],
    )
    house.sync()
    shown = {row["segment"] for row in house.host.rows("own_fields")}
    assert shown == NEUTRAL


@pytest.mark.long
@pytest.mark.promise("ours.only")
def test_a_run_changes_no_row_but_our_fields_our_tasks_and_our_notes(tmp_path: Path) -> None:
    yesterday = TODAY - timedelta(days=1)
    referral = {"referral_id": "r", "referrer_id": "bo", "referred_id": "kit", "at": yesterday}
    house = open_house(
        tmp_path / "firm",
        contacts=[person("ada"), person("bo"), person("kit", status="lead")],
        feedback=[happy("ada", yesterday)],
        activities=[{"activity_id": "a", "contact_id": "ada", "kind": "call", "at": yesterday}],
        referrals=[referral],
        deals=[{"deal_id": "d", "status": "won", "amount_cents": 100, "closed_at": yesterday}],
        accounts=[{"account_id": "acorn", "name": "Acorn"}],
    )
    before = {table: house.host.rows(table) for table in house.host.host.tables}
    house.sync()
    house.host.complete(house.task_of("bo", "thank_you"))
    house.later(1).sync()
    after = {table: house.host.rows(table) for table in house.host.host.tables}
    changed = {table for table in after if after[table] != before.get(table, [])}
    assert changed == OURS | {"activities"}
    kept = [row for row in after["activities"] if row in before["activities"]]
    assert kept == before["activities"]
    (note,) = [row for row in after["activities"] if row not in kept]
    assert (note["contact_id"], note["kind"]) == ("bo", "thank_you")


@pytest.mark.long
@pytest.mark.promise("quiet.next-ask")
def test_the_next_ask_stays_the_same_date_from_day_to_day(tmp_path: Path) -> None:
    """One may be asked since a survey, one waits until a rest is over."""
    asked = {"task_key": "k", "remote_id": "k", "contact_id": "bo", "play": "ask", "cycle": "old"}
    done = {"state": "done", "outcome": "yes", "done_at": TODAY - timedelta(days=80)}
    house = open_house(
        tmp_path / "firm",
        contacts=[person("ada"), person("bo")],
        feedback=[happy("ada", TODAY - timedelta(days=2)), happy("bo", TODAY)],
        asks=[asked | done],
        activities=[
            {
                "activity_id": "g",
                "contact_id": "bo",
                "kind": "article",
                "at": TODAY - timedelta(days=90),
            }
        ],
    )
    dates = [
        {action.contact_id: action.values["next_ask"] for action in fields_set(plan)}
        for plan in (house.plan(), house.later(1).plan(), house.later(3).plan())
    ]
    opened, rested = TODAY - timedelta(days=2), TODAY + timedelta(days=10)
    assert dates == [{"ada": f"{opened:%Y-%m-%d}", "bo": f"{rested:%Y-%m-%d}"}] * 3


@pytest.mark.promise("words.allow-list")
def test_no_free_text_of_the_crm_gets_into_a_task(tmp_path: Path) -> None:
    """Subjects, deal names, domains and columns of the firm's own stay where they are."""
    canary = "CANARY"
    yesterday = TODAY - timedelta(days=1)
    quiet = TODAY - timedelta(days=300)
    who = ["ada", "bo", "cy", "dee", "kit"]
    house = open_house(
        tmp_path / "firm",
        settings='[extra]\nremark = "text"\n',
        contacts=[
            person(
                name,
                account_id="acorn",
                status="lead" if name == "kit" else "customer",
                **{"extra.remark": canary},
            )
            | {"account_id": f"at-{name}"}
            for name in who
        ],
        accounts=[
            {"account_id": f"at-{name}", "name": f"Firm of {name}", "domain": f"{canary}.example"}
            for name in who
        ],
        feedback=[happy("ada", yesterday), happy("bo", yesterday)],
        activities=[
            {
                "activity_id": f"v-{name}",
                "contact_id": name,
                "kind": "note",
                "subject": canary,
                "at": quiet if name in ("bo", "dee") else yesterday,
            }
            for name in who
        ]
        + [
            {"activity_id": "c", "contact_id": "bo", "kind": "call", "subject": canary, "at": quiet}
        ],
        tickets=[
            {"ticket_id": "t", "contact_id": "cy", "kind": "complaint", "status": "open"}
            | {"opened_at": yesterday}
        ],
        deals=[
            {
                "deal_id": name,
                "name": canary,
                "status": "won",
                "amount_cents": 1,
                "closed_at": quiet,
            }
            for name in who[:4]
        ],
        deal_contacts=[{"deal_id": name, "contact_id": name} for name in who[:4]],
        referrals=[
            {"referral_id": "r", "referrer_id": "dee", "referred_id": "kit", "at": yesterday}
        ],
    )
    tasks = new_tasks(house.plan())
    plays = {task.play for task in tasks}
    assert plays >= {"ask", "warm_up", "recover", "thank_you", "fast_lane"}
    for task in tasks:
        for text in (task.subject, task.body, *task.because):
            assert canary.lower() not in text.lower(), task.play
