"""The seven stages and the touchpoints that are evidence for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from goodword.defaults.stages import ORDER
from goodword.defaults.touchpoints import touchpoints
from goodword.model import STAGES
from goodword.standing import add_stage

DAY = datetime(2026, 11, 3)


def touch(kind: str = "note", subject: str | None = None) -> dict[str, Any]:
    row = {"activity_id": "v1", "contact_id": "ada", "kind": kind}
    return {"activities": [{**row, "at": DAY, "subject": subject}]}


def bought(*days: int, **more: Any) -> dict[str, Any]:
    deals = [
        {"deal_id": f"d{day}", "status": "won", "closed_at": datetime(2026, 1, day), **more}
        for day in days
    ]
    links = [{"deal_id": deal["deal_id"], "contact_id": "ada"} for deal in deals]
    return {"deals": deals, "deal_contacts": links}


def sent(referrer: str, referred: str) -> dict[str, Any]:
    people = [{"contact_id": "ada"}, {"contact_id": "bo"}]
    link = {"referral_id": "r1", "referrer_id": referrer, "referred_id": referred, "at": DAY}
    return {"contacts": people, "referrals": [link]}


@pytest.mark.parametrize(
    ("rows", "stage"),
    [
        ({}, "know"),
        (touch("call"), "like"),
        (touch("newsletter"), "like"),
        (touch(subject="Our NEWSLETTER in May"), "like"),
        (touch(subject="Sent the white paper"), "trust"),
        (touch("webinar"), "try"),
        (sent("bo", "ada"), "try"),
        (bought(5), "buy"),
        ({"contacts": [{"contact_id": "ada", "status": "customer"}]}, "buy"),
        (bought(5, 9), "repeat"),
        (bought(5, kind="renewal"), "repeat"),
        (sent("ada", "bo"), "refer"),
        (bought(5) | sent("ada", "bo"), "refer"),
    ],
)
def test_a_contact_stands_at_the_highest_stage_with_evidence(
    firm: Any, rows: dict[str, Any], stage: str
) -> None:
    frame = add_stage(firm.frame(**rows), firm.book.stages, firm.today)
    stages = {
        row["contact_id"]: row["stage"] for row in firm.engine.collect(frame).rows(named=True)
    }

    assert stages["ada"] == stage


def test_trust_of_somebody_who_was_sent_is_borrowed(firm: Any) -> None:
    borrowed = {rule.name for rule in firm.book.stages.rules if rule.borrowed}

    assert borrowed == {"was_sent"}


def test_both_names_of_the_stages_are_known(firm: Any) -> None:
    labels = firm.book.stages.labels

    first = " ".join(labels["entrepreneur"][stage] for stage in ORDER)
    second = " ".join(labels["duct_tape"][stage] for stage in ORDER)
    assert first == "Know Like Trust Try Buy Repeat Refer"
    assert second == "Know Like Trust Trial Core Repeat Refer"


def test_the_bundled_stages_are_the_seven_of_the_model() -> None:
    assert ORDER == STAGES


def test_every_stage_has_a_touchpoint_a_firm_should_have() -> None:
    should = {point.stage for point in touchpoints() if point.importance == "should_have"}

    assert should == set(ORDER)


def test_every_touchpoint_can_be_recognised_and_has_a_name_of_its_own() -> None:
    points = touchpoints()

    assert len({point.id for point in points}) == len(points)
    assert all(point.kinds or point.pattern for point in points)


@pytest.mark.parametrize("point", touchpoints(), ids=lambda point: point.id)
def test_each_touchpoint_is_evidence_of_its_stage(firm: Any, point: Any) -> None:
    marks = [touch(kind) for kind in point.kinds]
    marks += [
        touch(subject=f"Re: {word.upper()} for you") for word in point.pattern.split("|") if word
    ]

    assert all(firm.ada(**mark)[f"touched_{point.stage}"] >= 1 for mark in marks)


def test_touches_the_host_sums_are_evidence_too(firm: Any) -> None:
    host = {"contact_id": "ada", "kind": "newsletter", "count": 12}

    assert firm.ada(touches=[host])["touched_like"] == 12
    assert firm.ada(touches=[host], **touch("newsletter"))["touched_like"] == 12


def test_words_of_a_pattern_are_taken_literally(firm: Any) -> None:
    from goodword import Touchpoint
    from goodword.defaults.touchpoints import counted

    point = Touchpoint("price", "like", "A price list.", pattern="price (2026)|50% off.")
    build = counted({"n": [point]})

    def number(subject: str) -> int:
        frame = build(firm.tables(**touch(subject=subject)), firm.today)
        return int(firm.engine.collect(frame)["n"].to_list()[0])

    assert number("our PRICE (2026) list") == 1
    assert number("now 50% off.") == 1
    assert number("price 2026, 50% offer") == 0
