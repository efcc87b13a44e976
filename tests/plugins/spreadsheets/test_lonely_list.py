"""One lonely list: a name, a phone, the last job and what was spent are enough."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

LONELY = """\
Name,Phone,Last job,Total spent,Referred by
Nora Quill,0117 496 0101,13/10/2026,"£1,960.17",
Ida Brandt,0117 496 0102,12/09/2026,£80.00,nora quill
Piet van der Laan,+44 117 496 0103,,£0.00,Somebody Else
Nora Quill,0117 496 0104,01/02/2026,£15.00,
"""
Lay = Callable[..., Any]


def test_a_list_without_ids_gives_people_sums_and_finished_jobs(desk: Lay) -> None:
    heard = desk({"people.csv": LONELY}).pull()
    assert len(heard.tables["contacts"]) == 4
    ida = heard.people()["Ida Brandt"]
    assert (ida["phone"], ida["first_name"]) == ("+441174960102", "Ida")
    (sums,) = (r for r in heard.tables["deal_rollups"] if r["contact_id"] == ida["contact_id"])
    assert (sums["purchase_days"], sums["sum_cents"]) == (1, 8000)
    assert (sums["first_at"], sums["last_at"]) == (None, datetime(2026, 9, 12))
    jobs = [row["at"] for row in heard.tables["activities"] if row["kind"] == "delivery"]
    assert jobs == [datetime(2026, 10, 13), datetime(2026, 9, 12), datetime(2026, 2, 1)]


def test_only_tables_the_list_can_fill_are_declared(desk: Lay) -> None:
    heard = desk({"people.csv": LONELY}).pull()
    assert heard.complete == {
        *("contacts", "deal_rollups", "activities", "referrals"),
        *("own_fields", "asks", "owners"),
    }


def test_referred_by_names_one_person_or_stays_open(desk: Lay) -> None:
    heard = desk({"people.csv": LONELY.replace("0117 496 0104", "0117 496 0101")}).pull()
    by_person = {row["referred_id"]: row for row in heard.tables["referrals"]}
    ida, piet = heard.contact("Ida Brandt"), heard.contact("Piet van der Laan")
    assert by_person[ida]["referrer_id"] == heard.contact("Nora Quill")
    assert by_person[ida]["status"] == "won"
    assert by_person[piet]["referrer_id"] is None
    assert by_person[piet]["status"] == "received"
    assert any("line 4" in notice and "referrer" in notice for notice in heard.notices)


def test_two_people_of_one_name_make_referred_by_ambiguous(desk: Lay) -> None:
    heard = desk({"people.csv": LONELY}).pull()
    ida = heard.contact("Ida Brandt")
    (row,) = (row for row in heard.tables["referrals"] if row["referred_id"] == ida)
    assert row["referrer_id"] is None


def test_sorting_the_list_changes_nobody_and_our_columns_travel_along(
    desk: Lay, fields: Callable[..., Any]
) -> None:
    firm = desk({"people.csv": LONELY})
    before = firm.pull()
    ids = [str(row["contact_id"]) for row in before.tables["contacts"]]
    firm.open().write([fields(one, stage="buy", score=i) for i, one in enumerate(ids)])
    path = firm.folder / "people.csv"
    header, *rows = path.read_text().splitlines(keepends=True)
    rows = [rows[2], rows[0], rows[3], rows[1]]
    path.write_text(header + "".join(rows))
    after = firm.pull()
    assert {row["contact_id"]: row["score"] for row in after.tables["own_fields"]} == {
        one: i for i, one in enumerate(ids)
    }
    for table in ("contacts", "deal_rollups", "activities", "referrals"):
        key = next(iter(before.tables[table][0]))
        assert sorted(after.tables[table], key=lambda row: str(row[key])) == sorted(
            before.tables[table], key=lambda row: str(row[key])
        )


def test_a_last_order_is_no_delivery(desk: Lay) -> None:
    heard = desk({"people.csv": LONELY.replace("Last job", "Last order")}).pull()
    assert "activities" not in heard.complete
    assert len(heard.tables["deal_rollups"]) == 4


def test_an_undated_low_score_counts_from_the_day_it_was_first_seen(desk: Lay) -> None:
    firm = desk({"people.csv": "Name,Email,NPS\nNora,nora@x.example,3\nIda,ida@x.example,10\n"})
    first = firm.pull()
    firm.today = datetime(2026, 12, 24).date()
    later = firm.pull(first.cursor)
    at = {row["score"]: row["at"] for row in later.tables["feedback"]}
    assert at == {3: datetime(2026, 11, 20), 10: None}
