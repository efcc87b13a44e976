"""Taking goodword out of an org: our values kept first, a trial, then all of ours and no more."""

from __future__ import annotations

import csv
import stat
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from goodword import InstallStep, SourceError
from goodword_salesforce import names
from goodword_salesforce.fake import ADMIN, by_hand
from goodword_salesforce.install import install
from goodword_salesforce.names import FIELDS, INTEGRATION, REP
from goodword_salesforce.package.parts import parts

PLACES = {(owner, each.name) for each in FIELDS for owner in each.objects}
WHY = 'Ask: O\'Neil said "yes"\nwith a \U0001f642 and a \\'


def states(steps: dict[str, InstallStep]) -> Counter[str]:
    return Counter(step.state for step in steps.values())


def worked(firm: Any) -> tuple[str, str, str]:
    """Install, and leave values of ours on a contact, a lead and a task; return their ids."""
    firm.run("apply")
    org = firm.fake.org
    contact = by_hand.add(org, "Contact", {"LastName": "O'Neil"})
    by_hand.edit(org, "Contact", contact, {names.STAGE: "refer", names.WHY: WHY, names.CLV: 1250})
    lead = by_hand.add(org, "Lead", {"LastName": "Okafor", "Company": "Okafor Ltd"})
    by_hand.edit(org, "Lead", lead, {names.DO_NOT_ASK: True})
    given = {"WhoId": contact, names.KEY: "abc", names.OUTCOME: "wrong person"}
    return contact, lead, by_hand.add(org, "Task", {"Subject": "Ask", **given})


def test_removing_keeps_our_values_in_a_file_first(firm: Any) -> None:
    contact, lead, task = worked(firm)
    by_hand.add(firm.fake.org, "Contact", {"LastName": "Without"})
    assert firm.run("remove").popitem()[1].state == "removed"
    (path,) = firm.folder.glob("salesforce-values-*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["object", "id", "field", "value"]
    assert [[*row[:3], row[3].removesuffix(".0")] for row in rows] == [
        ["Contact", contact, names.CLV, "1250"],
        ["Contact", contact, names.STAGE, "refer"],
        ["Contact", contact, names.WHY, WHY],
        ["Lead", lead, names.DO_NOT_ASK, "true"],
        ["Task", task, names.KEY, "abc"],
        ["Task", task, names.OUTCOME, "wrong person"],
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_answers_on_events_and_on_tasks_of_any_age_are_kept_too(firm: Any) -> None:
    contact, _, _ = worked(firm)
    org, formula = firm.fake.org, '=HYPERLINK("http://evil.example")'
    event = by_hand.add(org, "Event", {"Subject": "Visit", "WhoId": contact, names.NAME: "Sam"})
    keyless = by_hand.add(org, "Task", {"Subject": "Call", names.NAME: formula})
    old = by_hand.add(org, "Task", {"Subject": "Old", "ActivityDate": "2024-05-01"})
    by_hand.complete(org, old, {names.OUTCOME: "never"})
    gone = by_hand.add(org, "Task", {"Subject": "Gone", names.NAME: "Kit"})
    by_hand.delete(org, "Task", gone)
    by_hand.edit(org, "Contact", contact, {names.CLV: -1250})
    steps = firm.run("remove")
    assert any(what.startswith("values of 6 records") for what in steps)
    (path,) = firm.folder.glob("salesforce-values-*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        kept = {(row[0], row[1], row[2]): row[3] for row in csv.reader(file)}
    assert kept["Event", event, names.NAME] == "Sam"
    assert kept["Task", keyless, names.NAME] == f"'{formula}"
    assert kept["Task", old, names.OUTCOME] == "never"
    assert kept["Contact", contact, names.CLV].startswith("-1250")
    assert gone not in {number for _, number, _ in kept}


def kept(firm: Any) -> set[tuple[str, str]]:
    (path,) = firm.folder.glob("salesforce-values-*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {(row[1], row[2]) for row in csv.reader(file)}


def test_values_of_records_that_only_the_admin_sees_are_kept_too(firm: Any) -> None:
    contact, lead, task = worked(firm)
    firm.fake.account.unshared.update({contact, lead})
    ours = [(of, each.name) for each in FIELDS for of in each.objects if of in names.PEOPLE]
    by_hand.grant(firm.fake.org, ADMIN, ours)
    steps = firm.run("remove")
    (what,) = (what for what in steps if what.startswith("values of 3 records"))
    assert steps[what].detail == ""
    found = kept(firm)
    assert {(contact, names.STAGE), (lead, names.DO_NOT_ASK), (task, names.KEY)} <= found


def test_values_that_nobody_who_looks_can_see_are_counted_by_their_records(firm: Any) -> None:
    """An admin sees every record, and of our fields those that a permission set shows."""
    contact, lead, _ = worked(firm)
    firm.fake.account.unshared.update({contact, lead})
    steps = firm.run("remove")
    (what,) = (what for what in steps if what.startswith("values of 1 record"))
    assert "2 records" in steps[what].detail
    assert "1 Contact, 1 Lead" in steps[what].detail
    assert "Goodword_Integration" in steps[what].detail


def test_who_installs_as_the_integration_user_is_told_whose_records_are_kept(firm: Any) -> None:
    worked(firm)
    firm.fake.account.deployers.add(firm.fake.account.username)
    steps = firm.run("remove", admin="")
    (what,) = (what for what in steps if what.startswith("values of 3 records"))
    assert "install_as" in steps[what].detail


def test_removing_takes_out_everything_of_ours_and_nothing_else(firm: Any) -> None:
    worked(firm)
    before = len(firm.fake.org.deploys)
    steps = firm.run("remove")
    assert states(steps) == {"made": 1, "removed": len(parts())}
    assert any(what.startswith("values of 3 records") for what in steps)
    assert not firm.fields()
    for name in ("PermissionSet", "PermissionSetAssignment", "ListView"):
        assert not list(firm.fake.store.rows(name))
    assert list(firm.fake.store.rows("Task"))
    options = [each.options["checkOnly"] for each in firm.fake.org.deploys.values()]
    assert options[before:] == [True, False, True, False]
    assert set(states(firm.run("plan"))) == {"to make"}


def test_removing_leaves_a_field_that_is_not_ours(firm: Any) -> None:
    firm.run("apply")
    firm.change("Contact", names.WHY, type="double")
    firm.run("remove")
    assert firm.fields() == {("Contact", names.WHY)}


def test_removing_stops_where_a_trial_fails_and_nothing_is_taken(firm: Any) -> None:
    worked(firm)
    firm.let_fail(fullName=f"Contact.{names.STAGE}", problem="A flow uses it")
    steps = firm.run("remove")
    assert steps["field Goodword_Stage__c of Contact"].detail == "A flow uses it"
    assert "removed" not in states(steps)
    assert firm.fields() == PLACES
    assert firm.having() == {INTEGRATION: 1, REP: 2}


def test_removing_without_room_for_the_values_removes_nothing(firm: Any) -> None:
    worked(firm)
    lost = replace(firm.visit(), folder=firm.folder / "not" / "there")
    with pytest.raises(SourceError, match="cannot be written"):
        install(lost, "remove")
    assert firm.fields() == PLACES


def test_removing_twice_keeps_both_files_and_an_empty_org_is_no_failure(firm: Any) -> None:
    for _ in range(2):
        firm.run("apply")
        firm.run("remove")
    assert len(list(firm.folder.glob("*.csv"))) == 2
    assert firm.run("remove") == {}
