"""Who is read, who may be asked, and who somebody is now."""

from __future__ import annotations

from typing import Any

import pytest

from goodword import AuthError, SourceError
from goodword_salesforce.fake import by_hand
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.names import DO_NOT_ASK, REFERRED_BY, SCORE, STAGE, WHY

NAMES = ["O'Neil", "back\\slash", "Zoë 🎉", 'a "quoted" one', "100% & more+#"]


def people(firm: Any) -> list[str]:
    return sorted(row["contact_id"] for row in firm.told.rows("contacts"))


def test_contacts_and_leads_are_people_with_what_is_known_of_them(firm: Any) -> None:
    account = firm.add("Account", Name="Acme", Website="https://www.Acme.example/x")
    ida = firm.contact(
        "Jewell",
        FirstName="Ida",
        Email="Ida@People.example",
        Phone="+44 1632 960001",
        AccountId=account,
        Title="Head of roofs",
        MailingCity="Truro",
    )
    lead = firm.add("Lead", LastName="Odgers", Company="Odgers household", City="Penryn")
    told = firm.pull()
    row = told.row("contacts", ida)
    assert row["name"] == "Ida Jewell"
    assert row["email"] == "ida@people.example"
    assert row["phone"] == "+441632960001"
    assert (row["account_id"], row["city"], row["status"]) == (account, "Truro", None)
    assert row["consent"] == "unknown"
    assert told.row("contacts", lead)["status"] == "lead"
    assert told.row("accounts", account)["domain"] == "acme.example"
    assert {"contacts", "aliases", "own_fields", "owners", "deals", "asks"} <= told.was_whole


@pytest.mark.parametrize("name", NAMES)
def test_names_are_read_as_they_were_typed(firm: Any, name: str) -> None:
    who = firm.contact(name)
    assert firm.pull().row("contacts", who)["name"] == name


def test_whoever_opted_out_is_not_asked(firm: Any) -> None:
    individual = firm.add("Individual", LastName="Kitto", HasOptedOutProfiling=True)
    out = [
        firm.contact(HasOptedOutOfEmail=True),
        firm.contact(DoNotCall=True),
        firm.contact(EmailBouncedReason="550 no such user"),
        firm.contact(IndividualId=individual),
        firm.add("Lead", LastName="Dyer", Company="Dyer", HasOptedOutOfEmail=True),
    ]
    told = firm.pull()
    assert {told.row("contacts", who)["consent"] for who in out} == {"no"}


@pytest.mark.promise("salesforce.consent")
@pytest.mark.parametrize("hidden", ["HasOptedOutOfEmail", "DoNotCall"])
def test_a_hidden_consent_field_asks_nobody_and_is_reported(firm: Any, hidden: str) -> None:
    firm.fake.account.hidden.add(("Contact", hidden))
    contact, lead = firm.contact(), firm.add("Lead", LastName="Dyer", Company="Dyer")
    told = firm.pull()
    assert told.row("contacts", contact)["consent"] == "no"
    assert told.row("contacts", lead)["consent"] == "unknown"
    (text,) = told.notices["consent"]
    assert f"Contact.{hidden}" in text
    firm.fake.account.hidden.clear()
    told = firm.later(25 * 3_600)  # fields are looked up once a day
    assert told.row("contacts", contact)["consent"] == "unknown"
    assert not told.notices["consent"]


@pytest.mark.promise("salesforce.merged")
def test_a_merged_contact_keeps_its_history_under_the_one_that_is_left(firm: Any) -> None:
    winner, loser = firm.contact("Kitto"), firm.contact("Kito")
    firm.pull()
    firm.clock.now += 60
    by_hand.merge(firm.fake.org, "Contact", winner, loser)
    told = firm.later()
    assert people(firm) == [winner]
    assert told.row("aliases", loser)["contact_id"] == winner
    assert firm.pull(anew=True).row("aliases", loser)["contact_id"] == winner


@pytest.mark.promise("salesforce.converted")
def test_a_converted_lead_becomes_its_contact(firm: Any) -> None:
    lead = firm.add("Lead", LastName="Odgers", Company="Odgers household")
    firm.pull()
    _, contact = by_hand.convert(firm.fake.org, lead)
    told = firm.later()
    assert people(firm) == [contact]
    assert told.row("aliases", lead)["contact_id"] == contact
    assert told.row("contacts", contact)["status"] is None


def test_a_deleted_contact_goes_and_comes_back_with_the_bin(firm: Any) -> None:
    who = firm.contact()
    firm.pull()
    by_hand.delete(firm.fake.org, "Contact", who)
    assert not firm.later().rows("contacts")
    by_hand.restore(firm.fake.org, "Contact", who)
    assert firm.later().row("contacts", who)


def test_a_contact_erased_past_the_bin_is_forgotten(firm: Any) -> None:
    who = firm.contact()
    firm.pull()
    firm.clock.now += 60
    by_hand.erase(firm.fake.org, "Contact", who)
    told = firm.later()
    assert told.erased == [who]
    assert not told.rows("contacts")


def test_a_person_account_is_read_through_its_contact(firm: Any) -> None:
    account, contact = by_hand.person_account(
        firm.fake.org, {"FirstName": "Gwen", "LastName": "Eddy", "Email": "gwen@people.example"}
    )
    firm.sale(AccountId=account, days=20)
    told = firm.pull()
    assert people(firm) == [contact]
    assert told.row("contacts", contact)["account_id"] == account
    assert told.row("deal_rollups", contact)["sum_cents"] == 10_000


def test_our_fields_come_back_as_they_stand(firm: Any) -> None:
    who = firm.contact(**{STAGE: "buy", SCORE: 71, WHY: "rated us 9/10"})
    told = firm.pull()
    row = told.row("own_fields", who)
    assert (row["stage"], row["score"], row["why"]) == ("buy", 71, "rated us 9/10")


def test_a_mark_is_kept_when_the_field_is_removed(firm: Any) -> None:
    marked, other = firm.contact(**{DO_NOT_ASK: True}), firm.contact()
    told = firm.pull()
    assert told.row("contacts", marked)["do_not_ask"]
    for of in ("Contact", "Lead"):
        firm.fake.org.schema.remove(of, DO_NOT_ASK, firm.clock())
    told = firm.later(25 * 3_600)
    assert told.row("contacts", marked)["do_not_ask"]
    assert not told.row("contacts", other)["do_not_ask"]
    assert "still not asked" in told.notices["do not ask"][0]


def test_a_field_of_marks_that_nobody_remembers_stops_the_pull(firm: Any) -> None:
    firm.contact(**{DO_NOT_ASK: True})
    for of in ("Contact", "Lead"):
        firm.fake.org.schema.remove(of, DO_NOT_ASK, firm.clock())
    with pytest.raises(SourceError, match="Do not ask"):
        firm.pull()


@pytest.mark.parametrize("first", [True, False])
def test_a_mark_on_a_lead_goes_with_the_contact_it_becomes(firm: Any, first: bool) -> None:
    lead = firm.add("Lead", LastName="Odgers", Company="Odgers", **{DO_NOT_ASK: True})
    if not first:
        assert firm.pull().row("contacts", lead)["do_not_ask"]
        firm.clock.now += 60
    _, contact = by_hand.convert(firm.fake.org, lead)
    assert firm.pull().row("contacts", contact)["do_not_ask"]
    firm.edit("Contact", contact, Phone="+441632960123")
    assert firm.later().row("contacts", contact)["do_not_ask"]
    assert firm.pull(anew=True).row("contacts", contact)["do_not_ask"]


def test_a_mark_can_be_taken_back(firm: Any) -> None:
    who = firm.contact(**{DO_NOT_ASK: True})
    assert firm.pull().row("contacts", who)["do_not_ask"]
    firm.edit("Contact", who, **{DO_NOT_ASK: False})
    assert not firm.later().row("contacts", who)["do_not_ask"]


def test_mapped_fields_tell_more(firm: Any) -> None:
    for of in ("Contact", "Lead"):
        for name, kind in (("NPS__c", "double"), ("NPS_On__c", "date"), ("Tier__c", "string")):
            size = {"precision": 3} if kind == "double" else {"length": 20}
            by_hand.add_field(firm.fake.org, of, Field(name, kind, custom=True, **size))
    seen = [(of, n) for of in ("Contact", "Lead") for n in ("NPS__c", "NPS_On__c", "Tier__c")]
    by_hand.grant(firm.fake.org, firm.fake.account.username, seen)
    firm.options["fields"] = {
        "nps": "NPS__c",
        "nps_date": "NPS_On__c",
        "extra": {"tier": "Tier__c"},
    }
    who = firm.contact(NPS__c=9, NPS_On__c="2026-11-02", Tier__c="gold")
    told = firm.pull()
    (answer,) = told.rows("feedback")
    assert (answer["contact_id"], answer["kind"], answer["score"]) == (who, "nps", 9)
    assert f"{answer['at']:%Y-%m-%d}" == "2026-11-02"
    assert told.row("contacts", who)["extra.tier"] == "gold"


def test_who_sent_somebody_is_read_and_corrected(firm: Any) -> None:
    one, two = firm.contact("One"), firm.contact("Two")
    sent = firm.contact("Sent", **{REFERRED_BY: one})
    told = firm.pull()
    (row,) = told.rows("referrals")
    assert (row["referrer_id"], row["referred_id"], row["source"]) == (one, sent, "field")
    firm.edit("Contact", sent, **{REFERRED_BY: two})
    (row,) = firm.later().rows("referrals")
    assert row["referrer_id"] == two
    firm.edit("Contact", sent, **{REFERRED_BY: None})
    assert not firm.later().rows("referrals")


def test_a_referrer_is_found_by_a_short_id_and_by_e_mail(firm: Any) -> None:
    for of in ("Contact", "Lead"):
        by_hand.add_field(firm.fake.org, of, Field("Sent_By__c", length=80, custom=True))
    seen = [(of, "Sent_By__c") for of in ("Contact", "Lead")]
    by_hand.grant(firm.fake.org, firm.fake.account.username, seen)
    firm.options["fields"] = {"referred_by": ["Sent_By__c"]}
    sender = firm.contact("O'Neil", Email="o'neil@people.example")
    by_id = firm.contact("One", Sent_By__c=sender[:15])
    by_email = firm.contact("Two", Sent_By__c="O'Neil@people.example")
    firm.contact("Three", Sent_By__c="somebody else")
    told = firm.pull()
    assert {(r["referrer_id"], r["referred_id"]) for r in told.rows("referrals")} == {
        (sender, by_id),
        (sender, by_email),
    }
    assert told.notices["referrers"][0].startswith("1 people")


def test_contacts_that_cannot_be_seen_stop_the_pull(firm: Any) -> None:
    firm.fake.account.hidden_objects.add("Contact")
    with pytest.raises(AuthError, match="no contacts"):
        firm.pull()


@pytest.mark.parametrize(
    ("hidden", "tables"),
    [
        ("Case", {"tickets"}),
        ("Account", {"accounts"}),
        ("Lead", set()),
        ("Event", set()),
        ("CampaignMember", set()),
        ("OpportunityContactRole", set()),
    ],
)
def test_an_object_that_cannot_be_seen_is_absent_and_said(
    firm: Any, hidden: str, tables: set[str]
) -> None:
    firm.fake.account.hidden_objects.add(hidden)
    who = firm.contact()
    firm.sale(who)
    told = firm.pull()
    assert tables <= told.was_absent
    assert any(hidden in text for text in told.notices["permission"])
    assert told.row("contacts", who)
    assert firm.later().row("contacts", who)
