"""A record that was merged or converted may be erased: whoever it became is still a customer."""

from __future__ import annotations

from typing import Any

import pytest

from goodword_salesforce.fake import by_hand
from goodword_salesforce.names import DO_NOT_ASK


def lead(firm: Any, **values: Any) -> str:
    made: str = firm.add("Lead", LastName="Odgers", Company="Odgers", **values)
    return made


@pytest.mark.promise("salesforce.merged")
@pytest.mark.parametrize("known", ["long ago", "read anew", "same pull"])
def test_a_converted_lead_that_is_erased_takes_nobody_along(firm: Any, known: str) -> None:
    former = lead(firm)
    firm.pull()
    firm.clock.now += 60
    _, contact = by_hand.convert(firm.fake.org, former)
    if known != "same pull":
        firm.pull(anew=known == "read anew")
        firm.later(40 * 86_400)
        firm.later()
    by_hand.erase(firm.fake.org, "Lead", former)
    told = firm.later()
    assert told.erased == ([former] if known == "same pull" else [])
    assert told.row("contacts", contact)
    if known != "same pull":
        assert told.row("aliases", former)["contact_id"] == contact


@pytest.mark.promise("salesforce.merged")
@pytest.mark.parametrize("anew", [True, False])
def test_a_duplicate_that_leaves_the_bin_takes_neither_the_customer_nor_their_refusal(
    firm: Any, anew: bool
) -> None:
    winner, loser = firm.contact("Hocking"), firm.contact("Hockin", **{DO_NOT_ASK: True})
    firm.pull()
    firm.clock.now += 60
    by_hand.merge(firm.fake.org, "Contact", winner, loser)
    firm.pull()
    by_hand.erase(firm.fake.org, "Contact", loser)
    told = firm.later()
    assert told.erased == []
    told = firm.pull(anew=anew)
    assert told.row("contacts", winner)["do_not_ask"]
    assert not told.notices["departed"]


def test_many_former_records_at_once_are_no_wave_of_erasures(firm: Any) -> None:
    former = [lead(firm) for _ in range(25)]
    people = [by_hand.convert(firm.fake.org, each)[1] for each in former]
    who = firm.contact()
    firm.pull()
    firm.clock.now += 60
    for each in former:
        by_hand.erase(firm.fake.org, "Lead", each)
    by_hand.erase(firm.fake.org, "Contact", who)
    told = firm.later()
    assert told.erased == [who]
    assert not told.notices["departed"]
    assert {row["contact_id"] for row in told.rows("contacts")} == set(people)


@pytest.mark.promise("salesforce.merged")
def test_who_was_erased_is_forgotten_under_the_former_id_too(firm: Any) -> None:
    former = lead(firm)
    _, contact = by_hand.convert(firm.fake.org, former)
    firm.pull()
    firm.clock.now += 60
    by_hand.erase(firm.fake.org, "Contact", contact)
    assert firm.later().erased == [contact]
    by_hand.erase(firm.fake.org, "Lead", former)
    assert firm.later().erased == [contact, former]
    memory = firm.desk().memory
    assert not memory.became


def test_a_merge_that_was_undone_is_somebody_again(firm: Any) -> None:
    winner, loser = firm.contact("Hocking"), firm.contact("Hockin")
    by_hand.merge(firm.fake.org, "Contact", winner, loser)
    firm.pull()
    firm.clock.now += 60
    by_hand.restore(firm.fake.org, "Contact", loser)
    firm.edit("Contact", loser, MasterRecordId=None)
    firm.later()
    by_hand.erase(firm.fake.org, "Contact", loser)
    assert firm.later().erased == [loser]
