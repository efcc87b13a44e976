"""Our fields and the field 'Referred by' on contacts and leads, and what guards all writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from goodword import LinkReferral, SetFields, UsageError
from goodword.testing.contract_host import Puller
from goodword_salesforce import goodword_connector
from goodword_salesforce.fake import Fault, by_hand
from goodword_salesforce.names import (
    KEY,
    NEXT_ASK,
    OWN,
    REFERRED_BY,
    SCORE,
    STAGE,
    WHY,
)

HARD = 'O\'Neil \\ "quoted" 🙂 <b>\nsecond line'


def fields(person: str, key: str = "", **values: Any) -> SetFields:
    key = key or f"fields {person} {sorted(values)}"
    return SetFields(key=key, contact_id=person, values=values, before={})


def link(referrer: str, referred: str) -> LinkReferral:
    key = f"link {referrer} {referred}"
    return LinkReferral(key=key, contact_id=referrer, referred_id=referred, at="2026-11-20")


# -- fields


def test_our_fields_are_written_on_contacts_leads_and_private_customers(firm: Any) -> None:
    private = next(str(r["Id"]) for r in firm.rows("Contact") if r["IsPersonAccount"])
    people = [firm.people()[0], private, firm.people("Lead")[0]]
    values: dict[str, Any] = {
        "stage": "repeat",
        "score": 42,
        "next_ask": "2026-12-01",
        "why": HARD,
        "clv": 1250,
    }
    results = firm.ready().write([fields(person, **values) for person in people])
    assert all(result.ok for result in results)
    rows = [*(firm.row("Contact", p) for p in people[:2]), firm.row("Lead", people[2])]
    for row in rows:
        assert (row[STAGE], row[SCORE], row[NEXT_ASK]) == ("repeat", 42, "2026-12-01")
        assert row[WHY] == HARD.replace("\n", " ")


def test_a_reason_too_long_is_cut_and_reads_back_whole_so_that_it_is_not_written_again(
    firm: Any, tmp_path: Path
) -> None:
    person, whole = firm.people()[0], "Wait until 2026-12-01: " + "asked on 2026-09-02; " * 30
    puller = Puller(tmp_path / "mirror", {})
    puller.pull(firm.open())
    assert firm.open().write([fields(person, why=whole)])[0].ok
    shown = firm.row("Contact", person)[WHY]
    assert len(shown) <= 255
    assert shown.endswith("…")
    assert puller.pull(firm.open()).own(person)["why"] == whole
    assert puller.pull(firm.open(), everything=True).own(person)["why"] == whole
    firm.edit("Contact", person, **{WHY: "somebody wrote here"})
    assert puller.pull(firm.open()).own(person)["why"] == "somebody wrote here"


def test_people_of_one_account_are_written_side_by_side(firm: Any) -> None:
    accounts = {p: str(firm.row("Contact", p)["AccountId"]) for p in firm.people()}
    sent: list[str] = []
    connector = firm.ready()
    request = connector.org.transport.line.request

    def listening(method: str, url: str, **options: Any) -> Any:
        for part in (options.get("json") or {}).get("compositeRequest", ()):
            sent.extend(record["id"] for record in part["body"]["records"])
        return request(method, url, **options)

    connector.org.transport.line.request = listening
    people = sorted(accounts, reverse=True)
    assert all(r.ok for r in connector.write([fields(person, score=10) for person in people]))
    assert sorted(sent) == sorted(people)
    order = [accounts[person] for person in sent]
    assert order == sorted(order)
    assert len(set(order)) < len(order)


def test_two_changes_of_one_person_go_one_after_the_other(firm: Any) -> None:
    person = firm.people()[0]
    batch = [fields(person, "first", score=10, stage="like"), fields(person, "second", score=20)]
    assert all(result.ok for result in firm.ready().write(batch))
    assert (firm.row("Contact", person)[SCORE], firm.row("Contact", person)[STAGE]) == (20, "like")


def test_a_lead_keeps_its_owner_whatever_assignment_rules_say_also_after_signing_in_again(
    firm: Any,
) -> None:
    lead = firm.people("Lead")[0]
    owner = firm.row("Lead", lead)["OwnerId"]
    firm.fake.account.assignment["Lead"] = firm.reps()[-1]
    connector = firm.ready()
    firm.edit("Lead", lead, OwnerId=owner)
    firm.fake.expire_sessions()
    assert connector.write([fields(lead, score=10)])[0].ok
    assert firm.row("Lead", lead)[SCORE] == 10
    assert firm.row("Lead", lead)["OwnerId"] == owner
    said = [call.headers.get("sforce-auto-assign") for call in firm.fake.calls.counted()]
    assert set(said) == {"FALSE"}
    assert 401 in firm.fake.calls.by_status()


@pytest.mark.promise("salesforce.alerts")
def test_a_duplicate_rule_that_alerts_does_not_keep_us_from_writing(firm: Any) -> None:
    firm.fake.account.duplicate_rules["Contact"] = "alert"
    one, other = firm.people()[:2]
    firm.edit("Contact", one, Email="same@people.example")
    firm.edit("Contact", other, Email="same@people.example")
    assert firm.ready().write([fields(one, score=10)])[0].ok


def test_a_rule_that_blocks_is_told(firm: Any) -> None:
    one, other = firm.people()[:2]
    firm.edit("Contact", one, Email="same@people.example")
    firm.edit("Contact", other, Email="same@people.example")
    firm.fake.account.duplicate_rules["Contact"] = "block"
    (result,) = firm.ready().write([fields(one, score=10)])
    assert not result.ok
    assert "DUPLICATES_DETECTED" in result.error


# -- links


def test_a_link_is_written_where_the_field_is_empty_and_a_persons_value_stays(firm: Any) -> None:
    referrer, referred, other = firm.people()[:3]
    lead = firm.people("Lead")[0]
    first = firm.ready().write([link(referrer, referred), link(referrer, lead)])
    assert all(result.ok for result in first)
    assert firm.row("Contact", referred)[REFERRED_BY] == referrer
    assert firm.row("Lead", lead)[REFERRED_BY] == referrer
    again, taken, backwards = firm.open().write(
        [link(referrer, referred), link(other, referred), link(lead, other)]
    )
    assert again.ok
    assert (taken.ok, taken.skipped) == (False, True)
    assert (backwards.ok, "only contacts" in backwards.error) == (False, True)
    assert firm.row("Contact", referred)[REFERRED_BY] == referrer


# -- guards


def test_a_read_only_connector_writes_nothing(firm: Any, a_task: Any) -> None:
    firm.ready()
    connector = firm.open(read_only=True)
    with pytest.raises(UsageError):
        connector.write([a_task()])
    with pytest.raises(UsageError):
        connector.write([fields(firm.people()[0], score=10)])
    assert firm.tasks() == []
    assert firm.fake.calls.writes() == []


def test_without_our_fields_everything_is_refused(bare_firm: Any) -> None:
    person = bare_firm.people()[0]
    (told,) = bare_firm.open().write([fields(person, score=10)])
    assert not told.ok
    assert bare_firm.open().fields == frozenset()
    assert bare_firm.fake.calls.writes() == []


def test_what_was_installed_is_seen_at_once_though_the_org_was_looked_at_before(
    bare_firm: Any,
) -> None:
    assert bare_firm.open().fields == frozenset()
    install = goodword_connector().install
    assert install is not None
    install(bare_firm.settings, bare_firm.work, "apply")
    assert bare_firm.open().fields == frozenset(OWN)


def test_permissions_taken_away_during_a_run_are_told_for_each_record(
    firm: Any, a_task: Any
) -> None:
    connector = firm.ready()
    by_hand.revoke(firm.fake.org, "Goodword_Integration", firm.fake.account.username)
    results = connector.write([a_task(), fields(firm.people()[0], score=10)])
    assert [result.ok for result in results] == [False, False]
    assert all("goodword" in result.error for result in results)
    assert firm.tasks() == []


def test_an_org_at_the_end_of_its_calls_is_left_alone(firm: Any, a_task: Any) -> None:
    connector = firm.ready()
    firm.fake.faults.add(Fault(path="/composite*", status=403, limit="daily"))
    with pytest.raises(Exception, match="calls of the day"):
        connector.write([a_task()])
    assert firm.tasks() == []
    firm.fake.faults.clear()
    assert firm.open().write([a_task()])[0].ok
    assert len(firm.tasks()) == 1
    assert firm.tasks()[0][KEY] == a_task().key
