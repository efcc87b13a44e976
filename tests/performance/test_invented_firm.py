"""The invented firm speed is measured on: the same every time, and as awkward as a real one."""

from __future__ import annotations

from collections import defaultdict

import polars as pl
import pytest
from invented_firm import tables

PEOPLE = 3_000


def firm(contacts: int = PEOPLE, seed: int = 7) -> dict[str, pl.DataFrame]:
    pages: dict[str, list[pl.DataFrame]] = defaultdict(list)
    for table, page in tables(contacts, seed):
        pages[table].append(page)
    return {table: pl.concat(found) for table, found in pages.items()}


@pytest.fixture(scope="module")
def made() -> dict[str, pl.DataFrame]:
    return firm()


def test_one_seed_gives_one_firm(made: dict[str, pl.DataFrame]) -> None:
    again = firm()
    assert made.keys() == again.keys()
    assert all(made[table].equals(again[table]) for table in made)
    assert not made["deals"].equals(firm(seed=8)["deals"])


def test_its_tables_are_canonical_with_keys_of_their_own(made: dict[str, pl.DataFrame]) -> None:
    from goodword.tables import TABLES

    for table, frame in made.items():
        assert set(frame.columns) <= TABLES[table].types.keys()
        keys = frame.select(TABLES[table].key)
        assert keys.n_unique() == keys.height, table


def test_shares_are_those_of_a_service_firm(made: dict[str, pl.DataFrame]) -> None:
    each = {table: frame.height / PEOPLE for table, frame in made.items()}
    assert 3.5 < each["deals"] < 4.5
    assert 9.5 < each["activities"] < 10.5
    assert 0.4 < each["feedback"] < 0.55
    assert 0.27 < each["referrals"] < 0.34
    by_person = made["deal_contacts"].group_by("contact_id").len()["len"]
    assert by_person.max() > 5 * by_person.mean()  # type: ignore[operator]  # counts


def test_referrals_form_a_forest(made: dict[str, pl.DataFrame]) -> None:
    number = pl.col("referrer_id").str.slice(1).cast(pl.Int64)
    referred = pl.col("referred_id").str.slice(1).cast(pl.Int64)
    links = made["referrals"].filter(pl.col("referrer_id") != pl.col("referred_id"))
    assert links.filter(number >= referred).is_empty()


def test_what_breaks_engines_is_planted(made: dict[str, pl.DataFrame]) -> None:
    deals, feedback = made["deals"], made["feedback"]
    assert deals.filter(pl.col("margin_cents") < 0, pl.col("amount_cents") > 0).height
    assert deals["amount_cents"].null_count()
    shared = made["deal_contacts"].filter(pl.len().over("deal_id") > 1).join(deals, on="deal_id")
    assert shared.filter(pl.col("amount_cents") % 2 == 1).height
    assert feedback.filter(pl.len().over("contact_id", "at") > 1).height
    for table, column in (("contacts", "name"), ("activities", "at"), ("feedback", "score")):
        assert made[table][column].null_count(), (table, column)
