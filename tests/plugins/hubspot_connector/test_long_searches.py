"""Searches of any length: they end, and lose nobody."""

from __future__ import annotations

from typing import Any

import pytest

from goodword_hubspot.fake import Fake
from goodword_hubspot.fake.times import as_stamp
from goodword_hubspot.reading import paging
from goodword_hubspot.reading.paging import changed_since
from goodword_hubspot.seam.records import Record


def contacts_in(fake: Fake, count: int, instants: int) -> None:
    now = fake.portal.now()
    for number in range(count):
        stamp = now - 1_000 * (number % instants)
        values = {"lastmodifieddate": as_stamp(stamp), "createdate": as_stamp(stamp)}
        fake.store.create("contacts", values, stamp)


def found(firm: Any) -> list[Record]:
    portal = firm.open().portal
    pages = changed_since(portal, "contacts", ["email"], 0)
    return [record for page in pages for record in page]


@pytest.mark.parametrize(("count", "instants"), [(900, 1), (900, 900), (1_300, 7), (600, 2)])
@pytest.mark.promise("hubspot.search-end")
def test_a_search_ends_and_loses_nobody_beyond_what_one_query_gives(
    empty_fake: Fake,
    firm: Any,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    instants: int,
) -> None:
    monkeypatch.setattr(paging, "MOST", 400)
    firm.fake = empty_fake
    contacts_in(empty_fake, count, instants)
    firm.clock.tick(60)
    assert len({record.id for record in found(firm)}) == count


@pytest.mark.promise("hubspot.one-instant")
def test_more_than_ten_thousand_people_changed_in_one_instant_are_all_read(
    empty_fake: Fake, firm: Any
) -> None:
    firm.fake = empty_fake
    contacts_in(empty_fake, 10_250, 1)
    firm.clock.tick(60)
    assert len({record.id for record in found(firm)}) == 10_250
