"""What other connectors for Salesforce stumbled over, tried on this one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from goodword_salesforce.fake import Account, Fake, by_hand
from goodword_salesforce.fake.fields import Field
from goodword_salesforce.fake.times import as_moment
from goodword_salesforce.reading import feeds

PAGE = 2_000


@pytest.fixture
def fake(clock: Any, request: pytest.FixtureRequest) -> Iterator[Fake]:
    """Give an org with nobody in it; with several currencies for the test that is about them."""
    with Fake(Account(multi_currency="home" in request.fixturenames), clock) as running:
        yield running


def people(firm: Any) -> set[str]:
    return {row["contact_id"] for row in firm.told.rows("contacts")}


@pytest.mark.promise("salesforce.late")
def test_a_change_that_shows_after_it_was_passed_is_not_lost(firm: Any) -> None:
    firm.contact("Angove")
    firm.pull()
    saved = firm.clock() - 600  # saved ten minutes before the pull, shown after it
    late = firm.contact("Bolitho")
    firm.fake.store.get(firm.fake.org.kind("Contact"), late)["SystemModstamp"] = as_moment(saved)
    firm.pull()
    assert late in people(firm)


@pytest.mark.promise("salesforce.one-instant")
def test_more_people_changed_in_one_instant_than_fit_a_page_are_all_read(firm: Any) -> None:
    firm.contact("Angove")
    firm.pull()
    firm.clock.now += 3_600
    many = {firm.contact(f"Moyle {number}", ago=0) for number in range(PAGE + 150)}
    stamps = {
        firm.fake.store.get(firm.fake.org.kind("Contact"), each)["SystemModstamp"] for each in many
    }
    assert len(stamps) == 1
    firm.pull()
    assert many <= people(firm)


@pytest.mark.promise("salesforce.first-day")
def test_the_first_pull_reaches_back_to_the_oldest_record(firm: Any) -> None:
    old = firm.contact("Chenoweth", ago=9_000)
    firm.sale(old, days=8_000, Amount=1_200.0)
    firm.pull()
    assert old in people(firm)
    (sums,) = firm.told.rows("deal_rollups")
    assert (sums["contact_id"], sums["sum_cents"]) == (old, 120_000)


@pytest.mark.promise("salesforce.no-stamps")
def test_an_org_whose_usual_time_stamp_cannot_be_asked_for_is_followed_by_another(
    firm: Any,
) -> None:
    account = firm.fake.account
    account.switches = replace(account.switches, stamp_filterable=False)
    one = firm.contact("Dyer", Title="Baker")
    firm.pull()
    firm.clock.now += 3_600
    firm.edit("Contact", one, Title="Miller")
    firm.later()
    assert firm.told.row("contacts", one)["job_title"] == "Miller"
    assert firm.calls < 3


def refuse_in_jobs(firm: Any, name: str) -> None:
    """Let large jobs not know a field, as some do not."""
    account = firm.fake.account
    account.switches = replace(account.switches, bulk_refuses=frozenset({name}))


@pytest.mark.promise("salesforce.job-fields")
def test_a_field_that_large_jobs_refuse_is_read_without_them(
    firm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_in_jobs(firm, "Title")
    many = {firm.contact(f"Eddy {number}") for number in range(PAGE + 50)}
    monkeypatch.setattr(feeds, "JOB", -100)  # as if a job were worth it for so few
    firm.pull()
    assert people(firm) == many
    assert any("job" in call.kind or "bulk" in call.kind for call in firm.fake.calls.made)


@pytest.mark.promise("salesforce.job-fields")
def test_a_field_that_large_jobs_refuse_is_read_without_them_of_changes_too(
    firm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_in_jobs(firm, "Title")
    firm.contact("Angove")
    firm.pull()
    firm.clock.now += 3_600
    many = {firm.contact(f"Eddy {number}", ago=0) for number in range(PAGE + 50)}
    monkeypatch.setattr(feeds, "JOB", -100)
    firm.pull()
    assert many <= people(firm)


@pytest.mark.promise("salesforce.currencies")
@pytest.mark.parametrize("home", ["GBP", "EUR"])
def test_amounts_of_several_currencies_are_in_one_that_is_named(firm: Any, home: str) -> None:
    firm.options = {"home_currency": home}
    person = firm.contact("Fallow")
    firm.sale(person, Amount=100.0, CurrencyIsoCode="EUR")
    firm.sale(person, Amount=50.0, CurrencyIsoCode="GBP")
    told = firm.pull()
    (said,) = (text for text in told.notices["currency"] if "mounts" in text or "Sums" in text)
    assert home in said
    sums = [row["sum_cents"] for row in told.rows("deal_rollups")]
    if home == "GBP":  # the org's own, into which Salesforce converts
        assert sums == [13_500]
    else:
        assert sums in ([None], [])


@pytest.mark.promise("salesforce.ids")
def test_a_short_id_and_a_long_one_are_one_person(firm: Any) -> None:
    referrer = firm.contact("Gilbert")
    field = Field("Sent_By__c", "string", 80, custom=True)
    by_hand.add_field(firm.fake.org, "Contact", field)
    by_hand.grant(firm.fake.org, firm.fake.account.username, [("Contact", "Sent_By__c")])
    sent = firm.contact("Hocking", Sent_By__c=referrer[:15])
    firm.options = {"fields": {"referred_by": ["Sent_By__c"]}}
    firm.pull()
    found = {(row["referrer_id"], row["referred_id"]) for row in firm.told.rows("referrals")}
    assert found == {(referrer, sent)}
