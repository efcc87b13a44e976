"""The invented firm: the same for the same seed, in full swing whatever the clock says."""

# ruff: noqa: S608  # SOQL of a test is no SQL
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goodword_salesforce.fake import Fake
from goodword_salesforce.fake.sample import FORMER, fill
from goodword_salesforce.fake.times import days_before

Query = Callable[..., Any]


def count(query: Query, kind: str, where: str = "") -> int:
    rows = query(f"SELECT COUNT(Id) n FROM {kind} {where}")
    return int(rows[0]["n"])


def test_the_firm_has_about_sixty_people_of_every_kind(fake: Fake, query: Query) -> None:
    fill(fake.org)
    assert 55 <= count(query, "Contact") <= 65
    assert count(query, "Lead") == 6
    assert count(query, "Lead", "WHERE IsConverted = true") == 1
    assert count(query, "Account", "WHERE IsPersonAccount = true") == 16
    assert count(query, "Contact", "WHERE HasOptedOutOfEmail = true") == 2
    assert count(query, "Contact", "WHERE Email = null") == 2
    assert count(query, "Contact", "WHERE IsEmailBounced = true") == 1
    assert count(query, "Contact", "WHERE Owner.IsActive = false") == 2
    assert count(query, "Case", "WHERE IsClosed = false") == 3
    merged = query("SELECT Id FROM Contact WHERE MasterRecordId != null", everything=True)
    assert len(merged) == 1


def test_the_same_seed_gives_the_same_people(fake: Fake, clock: Any) -> None:
    with Fake(clock=clock) as other, Fake(clock=clock) as third:
        for one, seed in ((fake, 7), (other, 7), (third, 8)):
            fill(one.org, seed)
        assert fake.store.tables == other.store.tables
        assert fake.store.tables["Contact"] != third.store.tables["Contact"]


def test_addresses_are_reserved_ones(fake: Fake) -> None:
    fill(fake.org)
    people = [row for kind in ("Contact", "Lead", "User") for row in fake.store.every(kind)]
    addresses = [str(row["Email"]) for row in people if row["Email"]]
    assert all(address.endswith(".example") for address in addresses)
    assert FORMER[0] in addresses


@pytest.mark.parametrize("days", [0, 200])
def test_the_latest_sale_is_always_some_days_ago(fake: Fake, clock: Any, days: int) -> None:
    clock.tick(days * 86_400)
    fill(fake.org)
    won = [str(row["CloseDate"]) for row in fake.store.rows("Opportunity") if row["IsWon"]]
    assert days_before(fake.org.today(), 20) < max(won) <= fake.org.today()
