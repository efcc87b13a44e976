"""A plan says what it was made of, what it would change and what nobody can see."""

from __future__ import annotations

from pathlib import Path

import pytest
from firm_in_memory import TODAY, House, fields_set, happy, open_house, person
from rich.console import Console

from goodword import looking
from goodword.errors import PlanError
from goodword.report import plan_page, reasons_of
from goodword.testing import MemoryConnector

PEOPLE = ("ada", "bo", "cy")


def firm_of(folder: Path, **tables: list[dict[str, object]]) -> House:
    return open_house(
        folder,
        contacts=[person(who) for who in PEOPLE],
        feedback=[happy(who, TODAY) for who in PEOPLE],
        **tables,
    )


@pytest.mark.long
@pytest.mark.promise("plan.identity")
def test_a_plan_is_a_file_that_names_its_rules_settings_and_versions(tmp_path: Path) -> None:
    house = firm_of(tmp_path / "firm")
    plan = house.plan()
    firm = house.firm()
    assert list((firm.state.folder / "plans").glob(f"{plan.plan_id}*"))
    written = firm.state.load_plan(plan.plan_id)
    assert written is not None
    assert written.plan_id == plan.plan_id
    assert written.rules_hash == firm.book.hash
    assert written.settings_hash == firm.settings.hash
    assert written.versions.keys() >= {"goodword"}
    house.settings("[caps]\nrep_open_tasks = 4\n")
    assert house.plan().settings_hash != plan.settings_hash
    house.settings("[ask]\ncooldown_days = 30\n")
    assert house.plan().settings_hash != plan.settings_hash


@pytest.mark.promise("plan.tags")
def test_a_plan_shows_how_many_contacts_get_new_tags(tmp_path: Path) -> None:
    house = firm_of(tmp_path / "firm")
    plan = house.plan()
    assert len(fields_set(plan)) == len(PEOPLE)
    console = Console(width=100)
    with console.capture() as shown:
        console.print(plan_page(plan, {}, reasons_of(house.firm().book)))
    assert "3 contacts with new tags" in shown.get()


@pytest.mark.promise("apply.other-account")
def test_a_plan_made_for_another_account_is_refused_whole(tmp_path: Path) -> None:
    house = firm_of(tmp_path / "firm")
    plan = house.plan()
    tables = {"contacts": house.host.rows("contacts"), "feedback": house.host.rows("feedback")}
    house.host = MemoryConnector(tables, account="elsewhere", today=TODAY)
    with pytest.raises(PlanError, match="account"):
        house.apply(plan.plan_id)
    assert house.host.tasks() == house.host.rows("own_fields") == []


@pytest.mark.promise("apply.old-plan")
@pytest.mark.parametrize(("days", "refused"), [(7, False), (8, True)])
def test_a_plan_older_than_seven_days_is_refused_whole(
    days: int, refused: bool, tmp_path: Path
) -> None:
    house = firm_of(tmp_path / "firm")
    plan = house.plan()
    house.later(days)
    if refused:
        with pytest.raises(PlanError, match="older than 7 days"):
            house.apply(plan.plan_id)
        assert house.host.tasks() == house.host.rows("own_fields") == []
    else:
        house.apply(plan.plan_id)
        assert house.host.rows("own_fields") != []


@pytest.mark.promise("apply.fields-changed")
def test_a_field_changed_since_the_plan_is_not_overwritten_unseen(tmp_path: Path) -> None:
    house = firm_of(tmp_path / "firm")
    plan = house.plan()
    house.host.put(own_fields=[{"contact_id": "ada", "why": "We know better."}])
    report = house.apply(plan.plan_id)
    assert report.exit_code == 3
    named = " ".join([*report.dropped, *getattr(report, "redecided", ())])
    assert "ada" in named.lower()
    assert house.host.own_fields("bo")["why"]


@pytest.mark.long
@pytest.mark.promise("blind.never-there", "blind.listed-everywhere")
def test_doctor_plan_and_why_each_name_what_cannot_be_checked(tmp_path: Path) -> None:
    house = firm_of(tmp_path / "firm", tickets=[])
    assert "overdue_invoice (needs invoices)" in house.plan().cannot_check
    assert not any("open_ticket" in line for line in house.plan().cannot_check)
    lines = {line.name: line for line in house.why("ada").suppressors}
    assert (lines["overdue_invoice"].state, lines["overdue_invoice"].sentence) == (
        "cannot check",
        "no invoices data",
    )
    told = " ".join(f"{check.name} {check.detail}" for check in looking.doctor(house.firm()))
    assert "overdue_invoice" in told
    house.host.put(invoices=[{"invoice_id": "i", "due_at": TODAY, "paid_at": TODAY}])
    assert not any("overdue_invoice" in line for line in house.plan().cannot_check)
