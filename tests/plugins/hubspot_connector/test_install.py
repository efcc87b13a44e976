"""Installing: a plan first, then what is missing, nothing overwritten, and only ours taken out."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from goodword_hubspot.doctor import SCOPES
from goodword_hubspot.fake import Account, Fault, Switches
from goodword_hubspot.names import CONTACT_PROPERTIES, GROUP
from goodword_hubspot.seam.schema import make_group, make_property, properties


def states(steps: Any) -> Counter[str]:
    return Counter(step.state for step in steps)


def ours(firm: Any, kind: str) -> set[str]:
    found = properties(firm.open().portal, kind)
    return {name for name, each in found.items() if each.group == GROUP}


def test_a_plan_changes_nothing(bare_firm: Any) -> None:
    steps = bare_firm.open(read_only=True).install("plan")
    assert states(steps) == {"to make": len(CONTACT_PROPERTIES) + 5}
    assert not bare_firm.fake.calls.writes()


def test_applying_makes_everything_and_a_second_time_nothing(bare_firm: Any) -> None:
    first = bare_firm.open().install("apply")
    assert "conflict" not in states(first)
    assert ours(bare_firm, "contacts") == {each.name for each in CONTACT_PROPERTIES}
    assert ours(bare_firm, "tasks") == ours(bare_firm, "notes") == {"goodword_key", "goodword_mark"}
    bare_firm.fake.calls.reset()
    again = bare_firm.open().install("apply")
    assert set(states(again)) == {"there"}
    assert not bare_firm.fake.calls.writes()


@pytest.mark.parametrize(
    ("switches", "level"),
    [
        (Switches(), "level A, by goodword_key"),
        (
            Switches(unique_task_property=False, creation_key="writable"),
            "level A, by hs_unique_creation_key",
        ),
        (Switches(unique_task_property=False), "level B, by goodword_key"),
        (Switches(task_schema_scope="crm.schemas.tasks.write"), "level C"),
    ],
)
def test_the_key_is_as_good_as_the_portal_allows(
    account: Account, bare_firm: Any, switches: Switches, level: str
) -> None:
    account.switches = switches
    from goodword_hubspot.fake.standard_properties import standard_definitions

    fresh = standard_definitions(account)
    object.__setattr__(bare_firm.fake.portal, "definitions", fresh)
    bare_firm.open().install("apply")
    (step,) = (s for s in bare_firm.open().install("plan") if s.what == "key of tasks")
    assert step.detail.startswith(level)


def test_a_portal_that_takes_no_reads_by_key_falls_to_level_b(bare_firm: Any) -> None:
    bare_firm.fake.faults.add(Fault(path="/crm/v3/objects/tasks/batch/read", status=400, times=0))
    bare_firm.open().install("apply")
    bare_firm.fake.faults.clear()
    assert bare_firm.open()._desk.place("tasks").level == "B"
    assert bare_firm.open()._desk.place("notes").level == "A"


def test_a_property_of_another_kind_in_the_way_is_told_and_left(bare_firm: Any) -> None:
    portal = bare_firm.open().portal
    make_group(portal, "contacts")
    theirs = next(p for p in CONTACT_PROPERTIES if p.name == "goodword_why")
    make_property(portal, type(theirs)("contacts", theirs.name, "Why", "number", "number", "Ours"))
    steps = bare_firm.open().install("apply")
    (conflict,) = (step for step in steps if step.state == "conflict")
    assert "goodword_why" in conflict.what
    assert properties(portal, "contacts")["goodword_why"].type == "number"


def test_removing_archives_ours_and_nothing_else(firm: Any) -> None:
    before = set(properties(firm.open().portal, "contacts"))
    steps = firm.open().install("remove")
    assert set(states(steps)) == {"removed"}
    after = set(properties(firm.open().portal, "contacts"))
    assert before - after == {each.name for each in CONTACT_PROPERTIES}
    assert firm.open()._desk.label is None


def test_installing_again_after_removing_brings_the_values_back(firm: Any) -> None:
    firm.change("contacts", "1001", goodword_why="Wait until 2026-12-01")
    firm.open().install("remove")
    firm.open().install("apply")
    from goodword_hubspot.seam.objects import read

    (record,) = read(firm.open().portal, "contacts", ["1001"], ["goodword_why"])
    assert record.get("goodword_why") == "Wait until 2026-12-01"


def test_a_key_without_the_right_to_make_properties_is_told_for_each(bare_firm: Any) -> None:
    bare_firm.fake.account.scopes.discard("crm.schemas.contacts.write")
    steps = bare_firm.open().install("apply")
    told = [step.detail for step in steps if step.state == "conflict"]
    assert told
    assert all("crm.schemas.contacts.write" in detail for detail in told[:3])


# -- doctor


def checks(firm: Any) -> dict[str, Any]:
    return {check.name: check for check in firm.open().check()}


def test_doctor_says_what_is_not_installed_yet_and_how(bare_firm: Any) -> None:
    check = checks(bare_firm)["hubspot install"]
    assert not check.ok
    assert "goodword install hubspot" in check.hint
    assert not bare_firm.fake.calls.writes()


@pytest.mark.parametrize("scope", [scope for scope in SCOPES if scope.kind])
def test_doctor_names_each_missing_scope_and_what_it_costs(firm: Any, scope: Any) -> None:
    firm.fake.account.scopes.discard(scope.name)
    check = checks(firm)[f"hubspot scope {scope.name}"]
    assert scope.costs in check.detail
    assert check.ok is not scope.needed
    assert check.hint


def test_doctor_names_the_level_the_limits_and_a_mapped_property_that_is_missing(
    firm: Any,
) -> None:
    firm.options["properties"] = {"do_not_contact": "no_such_property"}
    found = checks(firm)
    assert "level A" in found["hubspot tasks once"].detail
    assert "186 calls" in found["hubspot limits"].detail
    assert not found["hubspot property no_such_property"].ok


def test_doctor_notices_a_clock_that_is_wrong(firm: Any) -> None:
    connector = firm.open()
    object.__setattr__(connector.portal, "clock", lambda: firm.clock() + 7_200)
    check = {each.name: each for each in connector.check()}["hubspot clock"]
    assert not check.ok
    assert check.hint


def test_tasks_written_before_there_was_a_property_get_their_key_once_there_is(
    account: Account, bare_firm: Any
) -> None:
    from goodword.testing.contract_host import Sample

    account.switches = Switches(task_schema_scope="crm.schemas.tasks.write")
    bare_firm.open().install("apply")
    task = Sample("47102285", "1001", "1002", "51").task()
    bare_firm.open().write([task])
    assert bare_firm.open()._desk.place("tasks").level == "C"
    account.switches = Switches()
    bare_firm.clock.tick(3_600)
    bare_firm.open().install("apply")
    assert bare_firm.open()._desk.place("tasks").level == "A"
    assert set(bare_firm.open().find([task.key])) == {task.key}
    assert bare_firm.open().write([task])[0].ok
    assert len(list(bare_firm.fake.store.all("tasks"))) == 1
