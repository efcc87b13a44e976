"""The invented firm, and the portal run by hand."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Any

import requests

from goodword_hubspot.fake import Fake
from goodword_hubspot.fake.sample import ARCHIVED_OWNER, fill


def values(fake: Fake, kind: str, name: str) -> list[str]:
    return [record.properties.get(name, "") for record in fake.store.all(kind)]


def test_the_same_seed_tells_the_same_story_and_another_seed_another(clock: Any) -> None:
    names = []
    for seed in (7, 7, 8):
        with Fake(clock=clock) as fake:
            fill(fake.portal, seed)
            names.append(values(fake, "contacts", "email"))
    assert names[0] == names[1] != names[2]


def test_the_firm_has_everybody_a_referral_engine_meets(fake: Fake) -> None:
    fill(fake.portal)
    assert 55 <= len(values(fake, "contacts", "email")) <= 65
    assert "true" in values(fake, "contacts", "hs_email_optout")
    assert "OTHER" in values(fake, "contacts", "hs_email_hard_bounce_reason_enum")
    assert "" in values(fake, "contacts", "email")
    assert str(ARCHIVED_OWNER) in values(fake, "contacts", "hubspot_owner_id")
    assert {"PROMOTER", "DETRACTOR"} <= set(
        values(fake, "feedback_submissions", "hs_response_group")
    )
    assert {"3", "4"} == set(values(fake, "tickets", "hs_pipeline_stage"))
    assert any(values(fake, "contacts", "hs_merged_object_ids"))
    assert {one.type for one in fake.portal.owners.all()} == {"PERSON", "QUEUE"}


def test_nobody_in_the_sample_is_real(fake: Fake) -> None:
    fill(fake.portal)
    emails = [email for email in values(fake, "contacts", "email") if email]
    emails += [owner.email for owner in fake.portal.owners.all()]
    assert all(email.endswith(".example") for email in emails)
    assert all(one.startswith("01632 96") for one in values(fake, "contacts", "phone") if one)


def test_by_hand_it_prints_its_address_and_in_the_end_its_calls() -> None:
    command = [sys.executable, "-m", "goodword_hubspot.fake", "--port", "0", "--seed", "7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        first, second = child.stdout.readline(), child.stdout.readline()
        headers = {"Authorization": f"Bearer {second.split()[-1]}"}
        url = first.split()[-1]
        answer = requests.get(f"{url}/crm/v3/objects/contacts", headers=headers, timeout=10)
        child.send_signal(signal.SIGINT)
        said = child.stdout.read()
    assert len(answer.json()["results"]) == 10
    assert child.returncode == 0
    assert "1  contacts list" in said
    assert "1  calls over 1 connections" in said
