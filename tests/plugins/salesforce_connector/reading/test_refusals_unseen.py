"""What cannot be read for sure is taken for a refusal, and told; a lead's refusal goes along."""

from __future__ import annotations

from typing import Any

import pytest

from goodword_salesforce.doctor import look
from goodword_salesforce.fake import by_hand
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.names import DO_NOT_ASK

PEOPLE = ("Contact", "Lead")
DAY = 25 * 3_600
"""Fields are looked up once a day."""


def consent(firm: Any, who: str) -> str:
    said: str = firm.told.row("contacts", who)["consent"]
    return said


def faults(firm: Any) -> dict[str, str]:
    return {each.name: each.detail for each in look(firm.desk()) if not each.ok}


def new_field(firm: Any, *objects: str, kind: Any = "boolean", name: str = "Leave__c") -> None:
    """Let an admin make a field on some objects, and let the integration user see it."""
    for of in objects:
        choice = ("Yes", "No") if kind == "picklist" else ()
        length = 0 if kind == "boolean" else 80
        field = Field(name, kind, length=length, picklist=choice, custom=True)
        by_hand.add_field(firm.fake.org, of, field)
    user = firm.fake.account.username
    by_hand.grant(firm.fake.org, user, [(of, name) for of in objects])


def lead_of(firm: Any, **values: Any) -> str:
    made: str = firm.add("Lead", LastName="Dyer", Company="Dyer", **values)
    return made


# -- the firm's own field


@pytest.mark.promise("salesforce.consent")
@pytest.mark.parametrize("kind", ["picklist", "string"])
def test_a_field_that_says_no_and_is_no_checkbox_asks_nobody(firm: Any, kind: str) -> None:
    new_field(firm, *PEOPLE, kind=kind)
    firm.options["fields"] = {"do_not_contact": "Leave__c"}
    people = [firm.contact(Leave__c="Yes"), firm.contact(Leave__c="No"), lead_of(firm)]
    told = firm.pull()
    assert [consent(firm, who) for who in people] == ["no", "no", "no"]
    (text,) = told.notices["consent"]
    assert "Contact.Leave__c" in text
    assert "no checkbox" in text
    assert "no checkbox" in faults(firm)["salesforce consent"]
    firm.edit("Contact", people[1], Phone="+441632960123")
    assert firm.later().notices["consent"]
    assert consent(firm, people[1]) == "no"


@pytest.mark.promise("salesforce.consent")
def test_a_checkbox_that_is_made_something_else_asks_nobody_from_then_on(firm: Any) -> None:
    new_field(firm, *PEOPLE)
    firm.options["fields"] = {"do_not_contact": "Leave__c"}
    who = firm.contact()
    assert firm.pull().row("contacts", who)["consent"] == "unknown"
    for of in PEOPLE:
        firm.fake.org.schema.remove(of, "Leave__c", firm.clock())
    new_field(firm, *PEOPLE, kind="string")
    firm.later(DAY)
    assert consent(firm, who) == "no"


@pytest.mark.promise("salesforce.consent")
@pytest.mark.parametrize(("of", "other"), [("Contact", "Lead"), ("Lead", "Contact")])
def test_a_field_that_says_no_and_is_seen_on_half_of_the_people_asks_that_half(
    firm: Any, of: str, other: str
) -> None:
    new_field(firm, of)
    firm.options["fields"] = {"do_not_contact": "Leave__c"}
    found = {"Contact": firm.contact(), "Lead": lead_of(firm)}
    told = firm.pull()
    assert (consent(firm, found[of]), consent(firm, found[other])) == ("unknown", "no")
    (text,) = told.notices["consent"]
    assert f"{other}.Leave__c" in text
    assert f'"{of}.Leave__c"' in text
    (said,) = (each for each in look(firm.desk()) if each.name == "salesforce consent")
    assert not said.ok
    assert f"{other}.Leave__c" in said.detail
    assert f'"{of}.Leave__c"' in said.hint


@pytest.mark.promise("salesforce.consent")
@pytest.mark.parametrize(("of", "other"), [("Contact", "Lead"), ("Lead", "Contact")])
def test_a_field_that_is_on_half_of_the_people_by_the_settings_is_missed_on_that_half_only(
    firm: Any, of: str, other: str
) -> None:
    new_field(firm, of)
    firm.options["fields"] = {"do_not_contact": f"{of}.Leave__c"}
    ticked: dict[str, Any] = {"Leave__c": True}
    people = {
        "Contact": [firm.contact(**(ticked if of == "Contact" else {})), firm.contact()],
        "Lead": [lead_of(firm, **(ticked if of == "Lead" else {})), lead_of(firm)],
    }
    told = firm.pull()
    assert [consent(firm, who) for who in people[of]] == ["no", "unknown"]
    assert [consent(firm, who) for who in people[other]] == ["unknown", "unknown"]
    assert not told.notices["consent"]
    assert not faults(firm)
    firm.fake.account.hidden.add((of, "Leave__c"))
    firm.later(DAY)
    assert [consent(firm, who) for who in people[of]] == ["no", "no"]
    assert [consent(firm, who) for who in people[other]] == ["unknown", "unknown"]


# -- leads who became contacts


@pytest.mark.promise("salesforce.merged")
@pytest.mark.parametrize("refusal", ["HasOptedOutOfEmail", "DoNotCall"])
@pytest.mark.parametrize("known", [True, False])
def test_an_opt_out_of_a_lead_holds_for_the_contact_it_was_converted_into(
    firm: Any, refusal: str, known: bool
) -> None:
    lead, before = lead_of(firm, **{refusal: True}), firm.contact("Jewell")
    if known:
        firm.pull()
        firm.clock.now += 60
    _, made = by_hand.convert(firm.fake.org, lead)
    firm.edit("Contact", made, **{refusal: False})
    firm.edit("Lead", lead, ConvertedContactId=before)  # it was converted into one that was there
    told = firm.later() if known else firm.pull()
    assert consent(firm, before) == "no"
    assert "(1)" in told.notices["merged"][0]
    for told in (firm.later(), firm.pull(anew=True)):
        assert told.row("contacts", before)["consent"] == "no"
        assert not told.notices["merged"]


@pytest.mark.promise("salesforce.merged")
def test_a_lead_s_refusal_in_the_firm_s_own_field_holds_and_can_be_taken_back(firm: Any) -> None:
    new_field(firm, *PEOPLE)
    firm.options["fields"] = {"do_not_contact": "Leave__c"}
    lead = lead_of(firm, Leave__c=True)
    firm.pull()
    firm.clock.now += 60
    _, contact = by_hand.convert(firm.fake.org, lead)
    firm.later()
    assert consent(firm, contact) == "no"
    firm.edit("Contact", contact, Leave__c=True)
    firm.later()
    firm.edit("Contact", contact, Leave__c=False)
    for told in (firm.later(), firm.pull(anew=True)):
        assert told.row("contacts", contact)["consent"] == "unknown"


@pytest.mark.promise("salesforce.merged")
def test_a_lead_who_refused_nothing_leaves_nothing_behind(firm: Any) -> None:
    lead = lead_of(firm, EmailBouncedReason="550 no such user")
    firm.pull()
    firm.clock.now += 60
    _, contact = by_hand.convert(firm.fake.org, lead)
    told = firm.later()
    row = told.row("contacts", contact)
    assert (row["consent"], row["do_not_ask"]) == ("unknown", False)
    assert not told.notices["merged"]


@pytest.mark.promise("salesforce.merged")
def test_a_lead_s_mark_and_opt_out_both_hold(firm: Any) -> None:
    lead = lead_of(firm, **{DO_NOT_ASK: True, "DoNotCall": True})
    firm.pull()
    firm.clock.now += 60
    _, contact = by_hand.convert(firm.fake.org, lead)
    firm.edit("Contact", contact, DoNotCall=False)
    row = firm.later().row("contacts", contact)
    assert (row["consent"], row["do_not_ask"]) == ("no", True)


# -- privacy records that were there, and are hidden altogether


def hide_records(firm: Any) -> None:
    firm.fake.account.hidden_objects.add("Individual")
    firm.fake.account.hidden |= {(of, "IndividualId") for of in PEOPLE}


@pytest.mark.promise("salesforce.consent")
def test_nobody_is_asked_where_privacy_records_that_were_read_are_hidden_altogether(
    firm: Any,
) -> None:
    record = firm.add("Individual", LastName="Kitto", HasOptedOutSolicit=True)
    refused, other = firm.contact("Kitto", IndividualId=record), firm.contact()
    firm.pull()
    assert (consent(firm, refused), consent(firm, other)) == ("no", "unknown")
    hide_records(firm)
    for told in (firm.later(DAY), firm.pull(anew=True)):
        assert consent(firm, refused) == consent(firm, other) == "no"
        (text,) = told.notices["consent"]
        assert "Contact.IndividualId" in text
        assert "privacy_records = false" in text
    (said,) = (each for each in look(firm.desk()) if each.name == "salesforce Individual")
    assert not said.ok
    assert "privacy_records = false" in said.hint


@pytest.mark.promise("salesforce.consent")
def test_a_firm_can_say_that_it_keeps_no_privacy_records_any_more(firm: Any) -> None:
    who = firm.contact()
    firm.pull()
    hide_records(firm)
    assert firm.later(DAY).row("contacts", who)["consent"] == "no"
    firm.options["privacy_records"] = False
    told = firm.later()
    assert consent(firm, who) == "unknown"
    assert not told.notices["consent"]
    assert "salesforce Individual" not in faults(firm)


@pytest.mark.promise("salesforce.consent")
def test_privacy_records_that_can_be_read_count_whatever_the_settings_say(firm: Any) -> None:
    firm.options["privacy_records"] = False
    record = firm.add("Individual", LastName="Kitto", ShouldForget=True)
    who = firm.contact("Kitto", IndividualId=record)
    assert firm.pull().row("contacts", who)["consent"] == "no"
    firm.fake.account.hidden.add(("Individual", "ShouldForget"))
    firm.later(DAY)
    assert consent(firm, who) == "no"


# -- a kind in other words


def test_people_whose_kind_is_no_word_that_is_known_are_counted(firm: Any) -> None:
    new_field(firm, *PEOPLE, kind="string", name="Kind__c")
    firm.options["fields"] = {"kind": "Kind__c"}
    kinds = ("Staff", "Mitarbeiter", "", " Employee ")
    staff, _, nothing, known = (firm.contact(Kind__c=kind) for kind in kinds)
    lead_of(firm, Kind__c="Competitor")
    told = firm.pull()
    made = [told.row("contacts", who)["kind"] for who in (staff, nothing, known)]
    assert made == [None, None, "employee"]
    (text,) = told.notices["kind"]
    assert "(3)" in text
    assert "Kind__c" in text
    assert "Staff" not in text
