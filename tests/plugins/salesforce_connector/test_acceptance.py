"""Whole runs of a firm on the org, as its people would judge them, whatever breaks meanwhile."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from goodword import looking, previews, run
from goodword.cli.firm_file import firm_toml
from goodword.cli.people import the_contact
from goodword.connector import Workplace
from goodword.firm import Firm
from goodword.forgetting import former
from goodword_salesforce.fake import CONSUMER_KEY, USERNAME, Account, Fake, Fault, by_hand
from goodword_salesforce.fake.faults import RowFault
from goodword_salesforce.fake.sample import fill
from goodword_salesforce.install import install
from goodword_salesforce.installing.visit import open_visit
from goodword_salesforce.names import KEY, OWN
from goodword_salesforce.settings import SalesforceSettings

PEOPLE = ("Contact", "Lead")


@pytest.fixture
def account(private_key: str) -> Account:
    key = load_pem_private_key(private_key.encode(), None)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return Account(public_key=public.decode())


@pytest.fixture
def fake(account: Account) -> Iterator[Fake]:
    with Fake(account) as org:
        fill(org.org)
        yield org


@pytest.fixture
def home(fake: Fake, private_key: str, tmp_path: Path) -> Path:
    folder = tmp_path / "brightroof"
    folder.mkdir()
    key = folder / "goodword.key"
    key.touch(mode=0o600)
    key.write_text(private_key, encoding="ascii")
    own = {
        "username": USERNAME,
        "consumer_key": CONSUMER_KEY,
        "credential": {"file": "goodword.key"},
        "instance_url": fake.url,
    }
    settings = {
        "firm": {"name": "Brightroof", "currency": "GBP", "region": "GB"},
        "connector": {
            "name": "salesforce",
            "account": fake.org.sessions.org_id,
            "sandbox": False,
        },
        "rollout": {"mode": "live"},
        "plugin": {"salesforce": own},
    }
    (folder / "goodword.toml").write_text(firm_toml(settings), encoding="utf-8")
    work = Workplace(folder, Firm(folder).state.folder, "install", Firm(folder).as_of)
    visit = open_visit(SalesforceSettings.model_validate(own), work, time.time, lambda _: None)
    install(visit, "apply")
    fake.calls.reset()
    return folder


def tasks(fake: Fake) -> list[dict[str, Any]]:
    """Return our tasks that were not deleted."""
    rows = (dict(row) for row in fake.store.rows("Task"))
    return [row for row in rows if row.get(KEY) and not row["IsDeleted"]]


def keys(fake: Fake) -> Counter[str]:
    return Counter(str(row[KEY]) for row in tasks(fake))


def filled(fake: Fake) -> dict[str, dict[str, Any]]:
    """Return our fields of everybody who has one filled, by id."""
    rows = (row for kind in PEOPLE for row in fake.store.rows(kind) if not row["IsDeleted"])
    found = {str(row["Id"]): {n: row.get(n) for n in OWN.values() if row.get(n)} for row in rows}
    return {number: values for number, values in found.items() if values}


def applied(home: Path) -> Any:
    """Plan and apply; return the plan."""
    plan = run.plan(Firm(home))
    report = run.apply(Firm(home))
    assert report.exit_code == 0
    return plan


@pytest.mark.long
@pytest.mark.promise("salesforce.lost-answer")
def test_a_run_whose_answers_are_lost_leaves_each_task_once(home: Path, fake: Fake) -> None:
    plan = run.plan(Firm(home))
    wanted = [action.key for action in plan.actions if action.kind == "create_task"]
    fake.faults.add(Fault(method="POST", path="/composite*", times=2, drop=True, apply=True))
    run.apply(Firm(home))
    fake.faults.clear()
    run.plan(Firm(home))
    run.apply(Firm(home))
    assert keys(fake) == dict.fromkeys(wanted, 1)


@pytest.mark.long
@pytest.mark.promise("salesforce.one-bad")
def test_three_people_a_rule_refuses_are_named_and_everybody_else_is_written(
    home: Path, fake: Fake
) -> None:
    plan = run.plan(Firm(home))
    everybody = sorted({a.contact_id for a in plan.actions if a.kind == "set_fields"})
    bad = everybody[:3]
    fake.faults.on_rows(
        RowFault(ids=bad, code="FIELD_CUSTOM_VALIDATION_EXCEPTION", message="Ann Other is odd")
    )
    report = run.apply(Firm(home))
    assert report.exit_code != 0
    assert set(filled(fake)) == set(everybody) - set(bad)
    told = " ".join(str(failure) for failure in report.failures)
    assert "FIELD_CUSTOM_VALIDATION_EXCEPTION" in told
    assert "Ann Other" not in told


@pytest.mark.long
@pytest.mark.promise("salesforce.consent")
def test_where_an_opt_out_cannot_be_seen_nobody_is_asked(home: Path, fake: Fake) -> None:
    asked = [a for a in run.plan(Firm(home)).actions if a.kind == "create_task"]
    assert any(action.asks for action in asked)
    fake.account.hidden |= {(kind, "HasOptedOutOfEmail") for kind in PEOPLE}
    again = run.plan(Firm(home))
    assert not any(a.asks for a in again.actions if a.kind == "create_task")


@pytest.mark.long
@pytest.mark.promise("salesforce.reps-work")
def test_what_a_rep_changed_stays_and_what_a_rep_deleted_does_not_come_back(
    home: Path, fake: Fake
) -> None:
    applied(home)
    first, second, *_ = tasks(fake)
    by_hand.edit(fake.org, "Task", first["Id"], {"Subject": "Ring her after Easter"})
    by_hand.delete(fake.org, "Task", second["Id"])
    run.plan(Firm(home))
    run.apply(Firm(home))
    there = {row["Id"]: row for row in tasks(fake)}
    assert there[first["Id"]]["Subject"] == "Ring her after Easter"
    assert keys(fake)[second[KEY]] == 0


@pytest.mark.long
@pytest.mark.promise("salesforce.version")
def test_every_call_names_the_version_of_the_settings(home: Path, fake: Fake) -> None:
    applied(home)
    assert len(fake.calls.made) > 2
    paths = {call.path for call in fake.calls.made}
    others = ("/services/data/v66.0/", "/services/oauth2/")
    assert [path for path in paths if not path.startswith(others)] == []


@pytest.mark.promise("salesforce.never-out")
def test_no_session_is_ended(home: Path, fake: Fake) -> None:
    other = fake.session(USERNAME)
    applied(home)
    assert fake.org.sessions.user(other)


@pytest.mark.long
def test_an_id_of_fifteen_characters_as_reports_show_it_is_understood(
    home: Path, fake: Fake
) -> None:
    plan = run.plan(Firm(home))
    who = next(a.contact_id for a in plan.actions if a.kind == "create_task" and a.asks)
    short, firm = who[:15], Firm(home)
    assert the_contact(firm, f" {short} ")[0] == the_contact(firm, who)[0] == who
    told = looking.why(firm, short)[1]
    assert told is not None
    assert told.contact_id == who
    assert previews.preview(firm, short)[0][0][0] == who
    text = (home / "goodword.toml").read_text(encoding="utf-8")
    pilot = text.replace('mode = "live"', f'mode = "pilot"\ncontacts = ["{short}"]')
    (home / "goodword.toml").write_text(pilot, encoding="utf-8")
    actions = run.plan(Firm(home)).actions
    assert {a.contact_id for a in actions if a.kind == "create_task"} == {who}
    report = run.apply(Firm(home), struck=[the_contact(firm, short)[0]])
    assert report.exit_code == 0
    assert not tasks(fake)


@pytest.mark.long
def test_a_person_who_left_is_found_to_be_forgotten_by_fifteen_characters_too(
    home: Path, fake: Fake
) -> None:
    applied(home)
    who = str(tasks(fake)[0]["WhoId"])
    by_hand.delete(fake.org, "Contact", who)
    run.plan(Firm(home))
    assert former(Firm(home), who[:15]) == former(Firm(home), who) == [who]


def test_a_name_of_fifteen_letters_is_no_id(home: Path, fake: Fake) -> None:
    by_hand.add(fake.org, "Contact", {"LastName": "Christophertown"})
    run.plan(Firm(home))
    assert the_contact(Firm(home), "Christophertown")[1] == "Christophertown"
