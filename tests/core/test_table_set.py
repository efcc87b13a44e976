"""What several facts stand on is built once a run, and shared as the engine shares frames."""

from __future__ import annotations

from collections.abc import Mapping

from goodword.engines.polars_engine import PolarsEngine
from goodword.table_set import TableSet, derived
from goodword.tables import TABLES, Frame

ENGINE = PolarsEngine()


def tables() -> dict[str, Frame]:
    return {name: ENGINE.rows([], table.types) for name, table in TABLES.items()}


@derived
def open_deals(tables: Mapping[str, Frame], status: str) -> Frame:
    return tables["deals"].head(len(status))


@derived
def their_people(tables: Mapping[str, Frame], status: str) -> Frame:
    deals = open_deals(tables, status).select("deal_id")
    return tables["deal_contacts"].join(deals, on="deal_id", how="semi")


def test_a_frame_is_shared_once_for_each_of_its_values() -> None:
    shared: list[Frame] = []
    run = TableSet(tables(), lambda frame: shared.append(frame) or frame)

    first = their_people(run, "open")

    assert their_people(run, "open") is first
    assert len(shared) == 2
    assert their_people(run, "won") is not first


def test_with_another_table_only_what_read_it_is_built_anew() -> None:
    run = TableSet(tables())
    deals, people = open_deals(run, "open"), their_people(run, "open")
    others = run.replaced("deal_contacts", run["deal_contacts"].head(1))
    newer = run.replaced("deals", run["deals"].head(1))

    assert open_deals(others, "open") is deals
    assert their_people(others, "open") is not people
    assert their_people(newer, "open") is not people
    assert their_people(run, "open") is people


def test_outside_a_run_a_frame_is_built_each_time() -> None:
    loose = tables()

    assert open_deals(loose, "open") is not open_deals(loose, "open")


def test_what_was_built_on_the_other_tables_is_there_for_the_first_ones_too() -> None:
    run = TableSet(tables())
    others = run.replaced("asks", run["asks"].head(1))
    people = their_people(others, "open")

    assert their_people(run, "open") is people
    assert open_deals(run, "open") is open_deals(others, "open")
