"""What a pull brings: all of it, what changed, and what HubSpot shows nobody who does not ask."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from goodword import AuthError, ConnectorError, RetryableError
from goodword.testing.contract_host import Pulled, Puller
from goodword_hubspot.fake import Account, Fake, Fault, Switches
from goodword_hubspot.fake.times import as_stamp
from goodword_hubspot.names import TASK_TO_CONTACT
from goodword_hubspot.seam.associations import link
from goodword_hubspot.seam.objects import Input, archive, create
from goodword_hubspot.seam.records import milliseconds

DAY = 86_400
DEAL_TO_CONTACT = 3


class Mirror:
    """The firm's copy, pulled again and again as its runs do."""

    def __init__(self, firm: Any, folder: Path, extra: dict[str, Any] | None = None) -> None:
        self.firm, self._puller = firm, Puller(folder, extra or {})

    def pull(self, after: float = 600, **options: Any) -> Pulled:
        self.firm.clock.tick(after)
        self.firm.fake.calls.reset()
        return self._puller.pull(self.firm.open(), **options)

    @property
    def calls(self) -> dict[str, int]:
        return dict(self.firm.fake.calls.by_kind())


@pytest.fixture
def mirror(firm: Any, tmp_path: Path) -> Mirror:
    return Mirror(firm, tmp_path / "mirror")


def new_contact(firm: Any, **values: str) -> str:
    (record,) = create(firm.open().portal, "contacts", [Input(values, trace="new")]).records
    return record.id


def by_id(rows: list[dict[str, Any]], column: str = "contact_id") -> dict[str, dict[str, Any]]:
    return {row[column]: row for row in rows}


# -- a first pull


def test_a_first_pull_brings_every_table_the_portal_has(mirror: Mirror) -> None:
    pulled = mirror.pull()
    counts = {table: len(rows) for table, rows in pulled.all_rows().items()}
    assert counts["contacts"] == 61
    assert counts["deals"] == counts["deal_contacts"] == 84
    assert min(counts[t] for t in ("accounts", "owners", "tickets", "feedback", "touches")) > 0
    assert "invoices" not in counts


def test_people_who_opted_out_or_bounced_may_not_be_asked(mirror: Mirror, firm: Any) -> None:
    rows = mirror.pull().rows("contacts")
    assert sorted({row["consent"] for row in rows}) == ["no", "unknown"]
    assert sum(row["consent"] == "no" for row in rows) == 3
    firm.options["require_legal_basis"] = True
    again = mirror.pull(everything=True).rows("contacts")
    assert {row["consent"] for row in again} == {"no"}


def test_owners_who_left_are_known_and_inactive(mirror: Mirror) -> None:
    owners = by_id(mirror.pull().rows("owners"), "owner_id")
    assert owners["54"]["active"] is False
    assert owners["55"]["active"] is False  # a queue is nobody
    assert owners["51"] == {
        "owner_id": "51",
        "name": "Morwenna Hale",
        "email": "morwenna.hale@brightroof.example",
        "active": True,
    }


@pytest.mark.promise("hubspot.merged")
def test_merged_people_stand_once_and_both_merge_fields_count(mirror: Mirror) -> None:
    pulled = mirror.pull()
    aliases = pulled.rows("aliases")
    people = by_id(pulled.rows("contacts"))
    assert len(aliases) == 2
    assert {row["contact_id"] for row in aliases} <= people.keys()
    assert not {row["alias_id"] for row in aliases} & people.keys()
    deals = {row["contact_id"] for row in pulled.rows("deal_contacts")}
    assert not deals & {row["alias_id"] for row in aliases}


def test_amounts_in_other_currencies_are_in_the_home_currency_or_left_out_and_counted(
    mirror: Mirror, firm: Any
) -> None:
    portal = firm.open().portal
    values = {"dealname": "Panels", "amount": "100", "deal_currency_code": "EUR"}
    stage = {"pipeline": "default", "dealstage": "closedwon", "closedate": "1794000000000"}
    create(portal, "deals", [Input(values | stage, trace="eur")])
    amounts = {row["name"]: row["amount_cents"] for row in mirror.pull().rows("deals")}
    assert amounts["Panels"] == 8500


def test_a_firms_own_columns_are_read_by_their_type(firm: Any, tmp_path: Path) -> None:
    firm.options["properties"] = {"extra": {"deals": "num_associated_deals"}}
    mirror = Mirror(firm, tmp_path / "extra", {"deals": "int"})
    rows = mirror.pull().rows("contacts")
    assert all(isinstance(row["extra.deals"], int | None) for row in rows)
    assert any(row["extra.deals"] for row in rows)


def test_a_contact_without_a_name_or_an_address_is_a_row(mirror: Mirror, firm: Any) -> None:
    number = new_contact(firm, phone="+44 1632 960001")
    row = by_id(mirror.pull().rows("contacts"))[number]
    assert (row["name"], row["email"], row["phone"]) == (None, None, "+441632960001")


def test_an_empty_portal_is_no_failure(empty_fake: Fake, firm: Any, tmp_path: Path) -> None:
    firm.fake = empty_fake
    firm.install()
    rows = Mirror(firm, tmp_path / "empty").pull().all_rows()
    assert rows["contacts"] == []


@pytest.mark.parametrize("page", [1, 2])
@pytest.mark.promise("hubspot.every-page")
def test_every_page_of_the_people_of_a_deal_is_read(firm: Any, tmp_path: Path, page: int) -> None:
    link(firm.open().portal, "deals", "contacts", [("1001", "1005"), ("1001", "1006")], 3)
    firm.fake.account.switches = Switches(embedded_page=page)
    pulled = Mirror(firm, tmp_path / "paged").pull()
    people = [r["contact_id"] for r in pulled.rows("deal_contacts") if r["deal_id"] == "1001"]
    assert sorted(people) == ["1001", "1005", "1006"]


@pytest.mark.parametrize(
    ("scope", "table", "word"),
    [
        ("tickets", "tickets", "Support tickets"),
        ("crm.objects.feedback_submissions.read", "feedback", "Survey answers"),
        ("crm.objects.deals.read", "deals", "Deals"),
        ("crm.objects.companies.read", "accounts", "Companies"),
    ],
)
def test_what_the_key_may_not_read_is_absent_and_said(
    mirror: Mirror, firm: Any, scope: str, table: str, word: str
) -> None:
    firm.fake.account.scopes.discard(scope)
    pulled = mirror.pull()
    assert table not in pulled.snapshot.available
    assert any(word in notice and scope in notice for notice in pulled.snapshot.notices)
    assert table not in mirror.pull().snapshot.available


def test_a_scope_taken_away_between_two_pulls_makes_a_table_absent(
    mirror: Mirror, firm: Any
) -> None:
    assert "tickets" in mirror.pull().snapshot.available
    firm.fake.account.scopes.discard("tickets")
    assert "tickets" not in mirror.pull().snapshot.available


def test_a_key_revoked_in_the_middle_ends_the_pull_and_keeps_the_copy(
    mirror: Mirror, firm: Any
) -> None:
    before = mirror.pull().all_rows()

    def revoke() -> None:
        firm.fake.account.key = "pat-eu1-another"

    key = firm.fake.account.key
    firm.fake.faults.add(Fault(path="/crm/v3/objects/deals/search", meanwhile=revoke))
    with pytest.raises(AuthError):
        mirror.pull()
    firm.fake.account.key = key
    assert mirror.pull().all_rows() == before


# -- changes


def test_an_idle_pull_makes_one_search_for_each_kind_and_writes_nothing(mirror: Mirror) -> None:
    mirror.pull()
    mirror.pull(after=900)
    kinds = ("contacts", "deals", "tickets", "feedback_submissions", "tasks")
    assert mirror.calls == {f"{kind} search": 1 for kind in kinds}


def test_the_next_morning_looks_thoroughly_and_changes_nothing(mirror: Mirror) -> None:
    before = mirror.pull().all_rows()
    assert mirror.pull(after=DAY).all_rows() == before
    calls = mirror.calls
    assert calls["contacts list"] == calls["deals list"] == 1  # the recycle bins
    assert calls["deals to contacts batch read"] == 1
    assert calls["owners list"] == 2
    assert not mirror.firm.fake.calls.writes()


@pytest.mark.promise("hubspot.bursts")
def test_an_edited_pipeline_that_touches_every_deal_costs_one_reading_of_them(
    mirror: Mirror, firm: Any
) -> None:
    before = mirror.pull().all_rows()
    firm.clock.tick(60)
    now = firm.fake.portal.now()
    for deal in firm.fake.store.all("deals"):
        stamp = {"hs_lastmodifieddate": as_stamp(now)}
        firm.fake.store.change(deal, {}, now, stamps=stamp)
    assert mirror.pull(after=900).all_rows() == before
    assert mirror.calls["deals search"] == 1
    assert sum(mirror.calls.values()) <= 7
    mirror.pull(after=900)
    assert sum(mirror.calls.values()) == 5, "and is not read again"


@pytest.mark.promise("hubspot.search-late")
def test_a_change_that_search_shows_late_comes_with_the_next_pull(
    firm: Any, tmp_path: Path
) -> None:
    firm.fake.account.switches = Switches(search_lag=50)
    mirror = Mirror(firm, tmp_path / "late")
    mirror.pull()
    firm.change("contacts", "1003", city="Penzance")
    assert by_id(mirror.pull(after=1).rows("contacts"))["1003"]["city"] != "Penzance"
    assert by_id(mirror.pull(after=60).rows("contacts"))["1003"]["city"] == "Penzance"


@pytest.mark.parametrize("ahead", [-3_600, 3_600])
def test_a_clock_that_is_wrong_loses_no_change(
    firm: Any, tmp_path: Path, ahead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = Mirror(firm, tmp_path / "clock")
    ours = firm.open

    def skewed(**options: Any) -> Any:
        connector = ours(**options)
        portal = connector.portal
        object.__setattr__(portal, "clock", lambda: firm.clock() + ahead)
        return connector

    monkeypatch.setattr(firm, "open", skewed)
    mirror.pull()
    firm.change("contacts", "1003", city="Penzance")
    assert by_id(mirror.pull().rows("contacts"))["1003"]["city"] == "Penzance"


@pytest.mark.promise("hubspot.address")
def test_a_changed_address_is_the_same_person(mirror: Mirror, firm: Any) -> None:
    out = next(r for r in mirror.pull().rows("contacts") if r["consent"] == "no" and r["email"])
    firm.change("contacts", out["contact_id"], email="new.address@customers.example")
    rows = mirror.pull().rows("contacts")
    assert len(rows) == 61
    row = by_id(rows)[out["contact_id"]]
    assert (row["email"], row["consent"]) == ("new.address@customers.example", "no")


@pytest.mark.promise("hubspot.archived")
def test_archived_people_and_deals_leave_with_the_next_morning(mirror: Mirror, firm: Any) -> None:
    mirror.pull()
    archive(firm.open().portal, "contacts", ["1003"])
    archive(firm.open().portal, "deals", ["1002"])
    pulled = mirror.pull(after=DAY)
    assert "1003" not in by_id(pulled.rows("contacts"))
    assert "1002" not in by_id(pulled.rows("deals"), "deal_id")
    assert "1002" not in by_id(pulled.rows("deal_contacts"), "deal_id")


@pytest.mark.promise("hubspot.late-links")
def test_a_person_added_to_an_old_deal_is_seen_the_next_morning(mirror: Mirror, firm: Any) -> None:
    mirror.pull()
    link(firm.open().portal, "deals", "contacts", [("1001", "1009")], DEAL_TO_CONTACT)
    pulled = mirror.pull(after=DAY)
    pairs = {(row["deal_id"], row["contact_id"]) for row in pulled.rows("deal_contacts")}
    assert ("1001", "1009") in pairs


@pytest.mark.promise("hubspot.merged")
def test_two_people_merged_between_two_pulls_are_one(mirror: Mirror, firm: Any) -> None:
    from goodword_hubspot.fake.merging import merge
    from goodword_hubspot.fake.object_types import CONTACTS

    before = len(mirror.pull().rows("contacts"))
    store = firm.fake.store
    one, other = (store.get("contacts", number) for number in ("1004", "1005"))
    merge(firm.fake.portal, CONTACTS, one, other, at=firm.fake.portal.now())
    pulled = mirror.pull()
    assert len(pulled.rows("contacts")) == before - 1
    assert {"1004", "1005"} & {row["alias_id"] for row in pulled.rows("aliases")}


def test_a_person_erased_for_privacy_is_forgotten_the_next_morning(
    mirror: Mirror, firm: Any
) -> None:
    mirror.pull()
    person = firm.fake.store.get("contacts", "1003")
    firm.fake.store.erase("contacts", person)
    pulled = mirror.pull(after=DAY)
    assert "1003" not in by_id(pulled.rows("contacts"))
    tables = pulled.all_rows().values()
    assert not [r for rows in tables for r in rows if r.get("contact_id") == "1003"]


def test_a_key_that_suddenly_sees_hardly_anybody_erases_nobody(mirror: Mirror, firm: Any) -> None:
    mirror.pull()
    for number in range(1001, 1040):
        firm.fake.store.erase("contacts", firm.fake.store.get("contacts", str(number)))
    pulled = mirror.pull(after=DAY)
    assert len(pulled.rows("contacts")) == 61
    assert any("too many" in notice for notice in pulled.snapshot.notices)


# -- referrals


def test_a_property_that_names_the_referrer_is_a_referral(mirror: Mirror, firm: Any) -> None:
    people = by_id(mirror.pull().rows("contacts"))
    address = people["1002"]["email"]
    firm.change("contacts", "1005", goodword_referred_by=address)
    firm.change("contacts", "1006", goodword_referred_by="1003")
    firm.change("contacts", "1007", goodword_referred_by="Somebody Unknown")
    pulled = mirror.pull()
    pairs = {(r["referrer_id"], r["referred_id"]) for r in pulled.rows("referrals")}
    assert pairs == {("1002", "1005"), ("1003", "1006")}
    assert any("referrer" in notice for notice in pulled.snapshot.notices)


def test_the_label_between_two_people_is_a_referral_whichever_of_them_changed(
    mirror: Mirror, firm: Any
) -> None:
    label = firm.open()._desk.label
    portal = firm.open().portal
    mirror.pull()
    link(portal, "contacts", "contacts", [("1002", "1005")], label.given, "USER_DEFINED")
    firm.change("contacts", "1005", city="Bude")
    (row,) = mirror.pull().rows("referrals")
    assert (row["referrer_id"], row["referred_id"]) == ("1002", "1005")
    assert isinstance(row["at"], datetime)


def test_times_are_read_in_every_form() -> None:
    from goodword_hubspot.seam.records import time_of

    moment = datetime(2026, 11, 20, 9, 30)
    forms = ("2026-11-20T09:30:00Z", "2026-11-20T09:30:00.000Z", str(milliseconds(moment)))
    assert [time_of(form) for form in forms] == [moment] * 3
    assert time_of("soon") is None
    assert TASK_TO_CONTACT == 204


def test_a_portal_that_is_down_is_a_retryable_failure(mirror: Mirror, firm: Any) -> None:
    firm.fake.faults.add(Fault(status=503, times=0))
    with pytest.raises(RetryableError):
        mirror.pull()
    with pytest.raises(ConnectorError):
        firm.open().find(["ab" * 16])


def test_the_smaller_part_of_a_portal_without_goodwords_properties_is_read(
    bare_firm: Any, tmp_path: Path, account: Account
) -> None:
    pulled = Mirror(bare_firm, tmp_path / "bare").pull()
    assert len(pulled.rows("contacts")) == 61
    assert bare_firm.open().fields == frozenset()


@pytest.mark.parametrize("scope", ["crm.objects.owners.read", "crm.schemas.deals.read"])
def test_without_a_scope_that_only_helps_the_rest_is_read(
    mirror: Mirror, firm: Any, scope: str
) -> None:
    firm.fake.account.scopes.discard(scope)
    rows = mirror.pull().rows("deals")
    assert {row["status"] for row in rows} >= {"won", "open"}


def test_without_its_own_files_everything_is_read_anew(mirror: Mirror, firm: Any) -> None:
    before = mirror.pull().all_rows()
    for path in (firm.folder / "state").glob("hubspot*"):
        path.unlink()
    assert mirror.pull(after=DAY).all_rows() == before
    assert mirror.calls["contacts list"] == 1


@pytest.mark.parametrize("version", ["2026-03", "2026-09"])
@pytest.mark.promise("hubspot.paths")
def test_the_whole_way_works_on_dated_paths_alone(firm: Any, tmp_path: Path, version: str) -> None:
    from goodword.testing.contract_host import Sample

    firm.options["api_version"] = version
    firm.fake.account.switches = Switches(numbered_paths=False)
    mirror = Mirror(firm, tmp_path / "dated")
    assert len(mirror.pull().rows("contacts")) == 61
    sample = Sample("47102285", "1001", "1002", "51")
    connector = firm.open()
    assert all(result.ok for result in connector.write(sample.each_kind(connector.fields)))
    stranger = sample.task("stranger", "999999")
    assert not firm.open().write([stranger])[0].ok
    pulled = mirror.pull()
    assert pulled.ask(sample.task().key)["state"] == "open"
    assert pulled.own("1001")["score"] == 42
    assert mirror.pull(after=DAY).ask(sample.task().key)["state"] == "open"
    assert firm.open().forget("1001")


def pages(count: int, size: int = 100) -> int:
    return max(1, -(-count // size))


def test_a_first_pull_needs_as_many_calls_as_the_formula_says(mirror: Mirror) -> None:
    """Setup, the lists, one search for tasks and own notes, the engagements of late."""
    rows = mirror.pull().all_rows()
    setup = 9  # account, owners twice, pipelines, four property lists, labels
    listed = ("contacts", "accounts", "deals", "tickets", "feedback")
    lists = sum(pages(len(rows[table])) for table in listed)
    searches = 2 + 4
    links = len({row["activity_id"].split("-")[0] for row in rows["activities"]})
    assert len(mirror.firm.fake.calls) == setup + lists + searches + links


def test_a_few_changes_need_no_more_calls_than_one_page_of_each(mirror: Mirror, firm: Any) -> None:
    mirror.pull()
    for number in range(1001, 1021):
        firm.change("contacts", str(number), city="Bude")
    firm.change("deals", "1001", amount="77")
    mirror.pull()
    assert mirror.calls["contacts search"] == mirror.calls["deals search"] == 1
    assert mirror.calls["deals to contacts batch read"] == 1
    searches, links = 5, 4  # deals and contacts, each with people and with companies
    assert len(firm.fake.calls) <= searches + links


def test_an_edition_without_surveys_has_no_feedback_and_the_rest(firm: Any, tmp_path: Path) -> None:
    from goodword_hubspot.fake import FREE

    firm.fake.account.tier = FREE
    pulled = Mirror(firm, tmp_path / "free").pull()
    assert "feedback" not in pulled.snapshot.available
    assert len(pulled.rows("contacts")) == 61


def test_a_scope_that_is_granted_later_is_used_from_the_next_morning_on(
    mirror: Mirror, firm: Any
) -> None:
    firm.fake.account.scopes -= {"tickets", "crm.objects.companies.read"}
    assert "tickets" not in mirror.pull().snapshot.available
    firm.fake.account.scopes |= {"tickets", "crm.objects.companies.read"}
    pulled = mirror.pull(after=DAY)
    assert len(pulled.rows("tickets")) == 10
    assert len(pulled.rows("accounts")) == 4
    mirror.pull()
    assert mirror.calls["tickets search"] == 1
