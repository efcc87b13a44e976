"""A refusal lasts: seen or not, after a merge, on a deleted task, on one that lost what it had."""

from __future__ import annotations

from typing import Any

import pytest

from goodword import SourceError
from goodword_salesforce.doctor import look
from goodword_salesforce.fake import by_hand
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.names import DO_NOT_ASK, KEY, LATER, MARK, NAME, OUTCOME

PEOPLE = ("Contact", "Lead")
DAY = 25 * 3_600
"""Fields are looked up once a day."""


def consent(firm: Any, who: str) -> str:
    said: str = firm.told.row("contacts", who)["consent"]
    return said


def not_to_be_asked(firm: Any, who: str) -> bool:
    said: bool = firm.told.row("contacts", who)["do_not_ask"]
    return said


def ask(firm: Any, key: str = "k1") -> dict[str, Any]:
    row: dict[str, Any] = firm.told.row("asks", key)
    return row


def faults(firm: Any) -> dict[str, str]:
    return {each.name: each.detail for each in look(firm.desk()) if not each.ok}


# -- privacy records


@pytest.fixture
def refused_there(firm: Any) -> str:
    """Give somebody who refused in a privacy record."""
    record = firm.add("Individual", LastName="Kitto", HasOptedOutSolicit=True)
    who: str = firm.contact("Kitto", IndividualId=record)
    return who


@pytest.mark.promise("salesforce.consent")
def test_privacy_records_that_can_be_read_are_and_the_doctor_is_content(
    firm: Any, refused_there: str
) -> None:
    other = firm.contact()
    firm.pull()
    assert (consent(firm, refused_there), consent(firm, other)) == ("no", "unknown")
    assert not {"salesforce consent", "salesforce Individual"} & faults(firm).keys()


@pytest.mark.promise("salesforce.consent")
def test_a_refusal_that_comes_into_a_privacy_record_later_is_heard_of(firm: Any) -> None:
    record = firm.add("Individual", LastName="Kitto")
    who, other = firm.contact("Kitto", IndividualId=record), firm.contact()
    lead = firm.add("Lead", LastName="Dyer", Company="Dyer", IndividualId=record)
    firm.pull()
    assert consent(firm, who) == "unknown"
    firm.clock.now += 60
    firm.edit("Individual", record, HasOptedOutProfiling=True)
    firm.later()
    assert [consent(firm, each) for each in (who, lead, other)] == ["no", "no", "unknown"]
    assert firm.calls <= 4
    firm.later()
    assert firm.calls == 1


@pytest.mark.promise("salesforce.consent")
@pytest.mark.parametrize("hidden", ["object", "field"])
def test_whoever_has_a_privacy_record_that_is_hidden_is_not_asked(
    firm: Any, refused_there: str, hidden: str
) -> None:
    if hidden == "object":
        firm.fake.account.hidden_objects.add("Individual")
    else:
        firm.fake.account.hidden.add(("Individual", "HasOptedOutSolicit"))
    other = firm.contact()
    told = firm.pull()
    assert (consent(firm, refused_there), consent(firm, other)) == ("no", "unknown")
    (text,) = told.notices["consent"]
    assert "Individual.HasOptedOutSolicit" in text
    assert "Individual" in faults(firm)["salesforce Individual"]
    firm.edit("Contact", other, Phone="+441632960123")
    firm.edit("Contact", refused_there, Phone="+441632960124")
    assert firm.later().notices["consent"]
    assert (consent(firm, refused_there), consent(firm, other)) == ("no", "unknown")


@pytest.mark.promise("salesforce.consent")
def test_nobody_is_asked_where_it_is_hidden_who_has_a_privacy_record(
    firm: Any, refused_there: str
) -> None:
    firm.fake.account.hidden.add(("Contact", "IndividualId"))
    other, lead = firm.contact(), firm.add("Lead", LastName="Dyer", Company="Dyer")
    told = firm.pull()
    assert consent(firm, refused_there) == consent(firm, other) == "no"
    assert consent(firm, lead) == "unknown"
    assert "Contact.IndividualId" in told.notices["consent"][0]
    assert "Contact.IndividualId" in faults(firm)["salesforce Individual"]


def test_an_org_that_shows_nothing_of_privacy_records_asks_and_the_doctor_says_so(
    firm: Any,
) -> None:
    firm.fake.account.hidden_objects.add("Individual")
    firm.fake.account.hidden |= {(of, "IndividualId") for of in PEOPLE}
    who = firm.contact()
    told = firm.pull()
    assert consent(firm, who) == "unknown"
    assert not told.notices["consent"]
    (said,) = (each for each in look(firm.desk()) if each.name == "salesforce Individual")
    assert said.ok
    assert "Data Protection and Privacy" in said.detail


@pytest.mark.promise("salesforce.consent")
def test_a_hidden_field_of_the_firm_s_own_that_says_no_asks_nobody(firm: Any) -> None:
    for of in PEOPLE:
        by_hand.add_field(firm.fake.org, of, Field("Leave__c", "boolean", custom=True))
    firm.options["fields"] = {"do_not_contact": "Leave__c"}
    contact, lead = firm.contact(), firm.add("Lead", LastName="Dyer", Company="Dyer")
    told = firm.pull()
    assert consent(firm, contact) == consent(firm, lead) == "no"
    assert "Contact.Leave__c" in told.notices["consent"][0]
    assert "Contact.Leave__c" in faults(firm)["salesforce consent"]
    by_hand.grant(firm.fake.org, firm.fake.account.username, [("Contact", "Leave__c")])
    firm.later(DAY)
    assert (consent(firm, contact), consent(firm, lead)) == ("unknown", "no")


# -- merges


@pytest.mark.promise("salesforce.merged")
@pytest.mark.parametrize("refusal", ["HasOptedOutOfEmail", "DoNotCall", DO_NOT_ASK])
@pytest.mark.parametrize("known", [True, False])
def test_a_refusal_of_whoever_was_merged_holds_for_who_is_left(
    firm: Any, refusal: str, known: bool
) -> None:
    def refuses() -> bool:
        return consent(firm, winner) == "no" or not_to_be_asked(firm, winner)

    winner, loser = firm.contact("Kitto"), firm.contact("Kito", **{refusal: True})
    if known:
        firm.pull()
        assert not refuses()
        firm.clock.now += 60
    by_hand.merge(firm.fake.org, "Contact", winner, loser)
    told = firm.later() if known else firm.pull()
    assert refuses()
    assert "(1)" in told.notices["merged"][0]
    firm.later(DAY)
    by_hand.erase(firm.fake.org, "Contact", loser)  # the bin is emptied in the end
    firm.edit("Contact", winner, Phone="+441632960123")
    assert not firm.later().notices["merged"]
    assert refuses()
    firm.pull(anew=True)
    assert refuses()


@pytest.mark.promise("salesforce.merged")
@pytest.mark.parametrize("refusal", ["HasOptedOutOfEmail", DO_NOT_ASK])
def test_a_refusal_that_came_by_a_merge_can_be_taken_back(firm: Any, refusal: str) -> None:
    winner, loser = firm.contact("Kitto"), firm.contact("Kito", **{refusal: True})
    firm.pull()
    firm.clock.now += 60
    by_hand.merge(firm.fake.org, "Contact", winner, loser)
    firm.later()
    firm.edit("Contact", winner, **{refusal: True})
    firm.later()
    firm.edit("Contact", winner, **{refusal: False})
    for told in (firm.later(), firm.pull(anew=True)):
        row = told.row("contacts", winner)
        assert (row["consent"], row["do_not_ask"]) == ("unknown", False)


def test_a_refusal_goes_along_through_several_merges_and_to_the_contact_of_a_lead(
    firm: Any,
) -> None:
    made = {"Company": "Odgers"}
    first = firm.add("Lead", LastName="Odgers", **made, **{DO_NOT_ASK: True})
    second, third = (firm.add("Lead", LastName=name, **made) for name in ("Odger", "Oger"))
    firm.pull()
    firm.clock.now += 60
    by_hand.merge(firm.fake.org, "Lead", second, first)
    firm.later()
    by_hand.merge(firm.fake.org, "Lead", third, second)
    firm.later()
    assert not_to_be_asked(firm, third)
    _, contact = by_hand.convert(firm.fake.org, third)
    firm.later()
    assert not_to_be_asked(firm, contact)
    assert (
        not_to_be_asked(firm, contact)
        == firm.pull(anew=True).row("contacts", contact)["do_not_ask"]
    )


def test_a_bounced_address_of_whoever_was_merged_is_no_refusal(firm: Any) -> None:
    winner = firm.contact("Kitto", Email="kitto@people.example")
    loser = firm.contact("Kito", EmailBouncedReason="550 no such user")
    firm.pull()
    assert consent(firm, loser) == "no"
    firm.clock.now += 60
    by_hand.merge(firm.fake.org, "Contact", winner, loser)
    firm.edit("Contact", winner, EmailBouncedReason=None)
    told = firm.later()
    assert consent(firm, winner) == "unknown"
    assert not told.notices["merged"]


def test_a_person_who_is_forgotten_leaves_no_refusal_behind(firm: Any) -> None:
    winner, loser = firm.contact("Kitto"), firm.contact("Kito", **{DO_NOT_ASK: True})
    by_hand.merge(firm.fake.org, "Contact", winner, loser)
    firm.pull()
    memory = firm.desk().memory
    assert memory.refusals
    memory.forget([winner], ())
    assert not memory.refusals


# -- the field for marks


@pytest.mark.parametrize("kind", ["string", "picklist"])
def test_marks_hold_where_their_field_is_no_checkbox_any_more(firm: Any, kind: str) -> None:
    marked, other = firm.contact(**{DO_NOT_ASK: True}), firm.contact()
    firm.pull()
    for of in PEOPLE:
        fields = firm.fake.org.schema.fields(firm.fake.org.kind(of))
        field = fields[DO_NOT_ASK.lower()]
        firm.fake.org.schema.remove(of, DO_NOT_ASK, firm.clock())
        by_hand.add_field(firm.fake.org, of, Field(field.name, kind, length=80, custom=True))
    seen = [(of, DO_NOT_ASK) for of in PEOPLE]
    by_hand.grant(firm.fake.org, firm.fake.account.username, seen)
    told = firm.later(DAY)
    assert (not_to_be_asked(firm, marked), not_to_be_asked(firm, other)) == (True, False)
    assert "no checkbox" in told.notices["do not ask"][0]
    firm.edit("Contact", marked, Phone="+441632960123")
    firm.later()
    assert not_to_be_asked(firm, marked)


def test_a_field_for_marks_that_can_only_be_read_is_read(firm: Any) -> None:
    firm.fake.account.read_only |= {(of, DO_NOT_ASK) for of in PEOPLE}
    who = firm.contact(**{DO_NOT_ASK: True})
    told = firm.pull()
    assert not_to_be_asked(firm, who)
    assert not told.notices["do not ask"]


def test_marks_that_nobody_remembers_stop_the_pull_where_their_field_is_no_checkbox(
    firm: Any,
) -> None:
    for of in PEOPLE:
        firm.fake.org.schema.remove(of, DO_NOT_ASK, firm.clock())
        by_hand.add_field(firm.fake.org, of, Field(DO_NOT_ASK, "string", length=80, custom=True))
    seen = [(of, DO_NOT_ASK) for of in PEOPLE]
    by_hand.grant(firm.fake.org, firm.fake.account.username, seen)
    firm.contact()
    with pytest.raises(SourceError, match="no checkbox"):
        firm.pull()


# -- answers on tasks


@pytest.mark.parametrize("outcome", ["never", "unhappy", "wrong person", "no"])
@pytest.mark.parametrize("closed", [True, False])
def test_an_answer_counts_though_the_rep_deleted_the_task(
    firm: Any, outcome: str, closed: bool
) -> None:
    task = firm.our_task(firm.contact())
    firm.pull()
    firm.clock.now += 60
    firm.edit("Task", task, **{OUTCOME: outcome})
    if closed:
        by_hand.complete(firm.fake.org, task)
    by_hand.delete(firm.fake.org, "Task", task)
    for told in (firm.later(), firm.pull(anew=True)):
        row = told.row("asks", "k1")
        assert (row["state"], row["outcome"], row["play"]) == ("done", outcome, "ask_referral")
        assert row["done_at"] is not None


def test_a_name_on_a_deleted_task_is_not_lost(firm: Any) -> None:
    task = firm.our_task(firm.contact())
    firm.pull()
    firm.clock.now += 60
    by_hand.complete(firm.fake.org, task, {OUTCOME: "yes", NAME: "Gwen O'Neil"})
    by_hand.delete(firm.fake.org, "Task", task)
    firm.later()
    assert (ask(firm)["outcome"], ask(firm)["outcome_name"]) == ("yes", "Gwen O'Neil")


@pytest.mark.parametrize("hidden", [OUTCOME, MARK, KEY])
def test_answers_that_were_read_stay_while_a_field_of_theirs_is_hidden(
    firm: Any, hidden: str
) -> None:
    task = firm.our_task(firm.contact())
    by_hand.complete(firm.fake.org, task, {OUTCOME: "never"})
    firm.pull()
    firm.fake.account.hidden.add(("Task", hidden))
    for told in (firm.later(DAY), firm.later()):
        assert ask(firm)["outcome"] == "never"
        assert "asks" not in told.was_whole | told.was_absent
        assert any("cannot be seen on tasks" in text for text in told.notices["permission"])
    firm.fake.account.hidden.clear()
    told = firm.later(DAY)
    assert "asks" in told.was_whole
    assert not told.notices["permission"]


@pytest.mark.parametrize("hidden", [LATER, NAME])
def test_a_hidden_detail_of_an_answer_is_said_and_the_answer_is_read(
    firm: Any, hidden: str
) -> None:
    firm.fake.account.hidden.add(("Task", hidden))
    task = firm.our_task(firm.contact())
    by_hand.complete(firm.fake.org, task, {OUTCOME: "never"})
    told = firm.pull()
    assert ask(firm)["outcome"] == "never"
    assert len(told.notices["permission"]) == 1


@pytest.mark.parametrize(
    ("lost", "text"), [(MARK, None), (MARK, "damaged"), (KEY, None), ("WhoId", None)]
)
def test_an_answer_counts_though_its_task_lost_what_it_had(
    firm: Any, lost: str, text: str | None
) -> None:
    who = firm.contact()
    task = firm.our_task(who)
    firm.pull()
    firm.clock.now += 60
    by_hand.complete(firm.fake.org, task, {OUTCOME: "never", lost: text})
    for told in (firm.later(), firm.pull(anew=True), firm.pull(anew=True)):
        (row,) = told.rows("asks")
        assert (row["task_key"], row["contact_id"]) == ("k1", who)
        assert (row["play"], row["state"], row["outcome"]) == ("ask_referral", "done", "never")


@pytest.mark.parametrize("outcome", ["never", "no"])
def test_an_answer_on_a_task_that_was_never_read_whole_counts_by_its_key(
    firm: Any, outcome: str
) -> None:
    who = firm.contact()
    firm.our_task(who, Status="Completed", **{MARK: "damaged", OUTCOME: outcome})
    told = firm.pull()
    row = ask(firm)
    assert (row["contact_id"], row["state"], row["outcome"]) == (who, "done", outcome)
    assert "(1)" in told.notices["answers"][0]


def test_a_task_without_a_key_that_was_never_read_counts_where_it_says_never(firm: Any) -> None:
    who, other = firm.contact(), firm.contact()
    task = firm.our_task(who, Status="Completed", **{KEY: None, OUTCOME: "never"})
    firm.our_task(other, Status="Completed", **{KEY: None, OUTCOME: "no"})
    (row,) = firm.pull().rows("asks")
    assert (row["contact_id"], row["outcome"], row["state"]) == (who, "never", "done")
    assert row["task_key"] == f"answer-{task}"


def test_a_task_that_goodword_took_back_is_no_ask(firm: Any) -> None:
    from goodword_salesforce.marks import Mark

    mark = Mark("ask_referral", "one", "run", closed="removed").text
    task = firm.our_task(firm.contact(), **{KEY: None, MARK: mark})
    by_hand.delete(firm.fake.org, "Task", task)
    assert not firm.pull().rows("asks")
