"""What doctor sees: the portal as it is now, and every scope the key lacks."""

from __future__ import annotations

from typing import Any

import pytest

from goodword_hubspot.doctor import SCOPES
from goodword_hubspot.fake import Account, Switches
from goodword_hubspot.seam.schema import archive_property

ONLY_TOLD = [scope for scope in SCOPES if not scope.kind]


def checks(firm: Any) -> dict[str, Any]:
    return {check.name: check for check in firm.open(read_only=True).check()}


def test_a_property_archived_since_this_mornings_run_is_missed(firm: Any) -> None:
    assert checks(firm)["hubspot install"].ok
    for name in ("goodword_score", "goodword_ask_outcome"):
        archive_property(firm.open().portal, "contacts", name)
    firm.clock.tick(7_200)
    found = checks(firm)["hubspot install"]
    assert not found.ok
    assert found.detail.startswith("15 of 17")


def test_the_clock_is_looked_at_although_the_account_is_known(firm: Any) -> None:
    assert firm.open().account
    assert checks(firm)["hubspot clock"].ok


@pytest.mark.parametrize("scope", ONLY_TOLD, ids=[scope.name for scope in ONLY_TOLD])
def test_a_scope_that_no_reading_shows_is_missed_too(
    firm: Any, account: Account, scope: Any
) -> None:
    name = f"hubspot scope {scope.name}"
    assert checks(firm)[name].detail == "there"
    account.scopes.discard(scope.name)
    found = checks(firm)[name]
    assert scope.costs in found.detail
    assert found.ok is not scope.needed
    assert found.hint


def test_where_hubspot_does_not_tell_the_scopes_of_a_key_that_is_said(
    firm: Any, account: Account
) -> None:
    account.switches = Switches(token_info=False)
    account.scopes.discard("crm.objects.contacts.write")
    found = checks(firm)
    assert "crm.objects.contacts.write" in found["hubspot scopes"].detail
    assert found["hubspot scopes"].ok
    assert "hubspot scope crm.objects.contacts.write" not in found
    assert found["hubspot scope crm.objects.contacts.read"].detail == "there"


def test_asking_for_the_scopes_sends_the_key_nowhere_else(firm: Any, key: str) -> None:
    checks(firm)
    asked = [call for call in firm.fake.calls.made if "access-token-info" in call.path]
    assert len(asked) == 1
    assert key not in str(firm.open().portal.transport.telemetry)
    assert not firm.fake.calls.writes()
