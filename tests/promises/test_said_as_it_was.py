"""What is written or shown says no more than is known: how thanks were given, whose sale it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from firm_in_memory import TODAY, House, open_house, person

from goodword.model import LogActivity


def grateful(folder: Path) -> House:
    """A firm in which one customer sent another person, and a rep was asked to say thank you."""
    house = open_house(
        folder / "firm",
        contacts=[person("sender"), person("sent", status="lead")],
        referrals=[
            {
                "referral_id": "r1",
                "referrer_id": "sender",
                "referred_id": "sent",
                "status": "received",
                "at": TODAY,
            }
        ],
    )
    house.sync()
    return house


def note(house: House) -> LogActivity:
    (noted,) = [a for a in house.later(1).plan().actions if isinstance(a, LogActivity)]
    return noted


@pytest.mark.promise("thanks.channel")
def test_a_thank_you_is_noted_with_the_way_in_which_it_was_given(tmp_path: Path) -> None:
    house = grateful(tmp_path)
    house.host.complete(house.task_of("sender", "thank_you"), channel="card")
    written = note(house)
    assert written.channel == "card"
    assert "by card" in written.body
    assert written.at == TODAY


@pytest.mark.promise("thanks.channel")
def test_where_nobody_said_how_the_note_does_not_say_it_either(tmp_path: Path) -> None:
    house = grateful(tmp_path)
    house.host.complete(house.task_of("sender", "thank_you"))
    written = note(house)
    assert written.channel == ""
    assert written.body == "Given by the rep who completed the task."


@pytest.mark.promise("money.account-labelled")
def test_a_sale_that_names_nobody_is_shown_as_the_companys(tmp_path: Path) -> None:
    from rich.console import Console

    from goodword.report import why_page

    house = open_house(
        tmp_path / "firm",
        contacts=[person("ana", account_id="mill"), person("bo")],
        accounts=[{"account_id": "mill", "name": "The Mill"}],
        deals=[
            {
                "deal_id": "d1",
                "account_id": "mill",
                "status": "won",
                "amount_cents": 123_400,
                "closed_at": TODAY.replace(year=TODAY.year - 1),
            }
        ],
        deal_contacts=[],
    )
    house.plan()
    pages = {}
    for who in ("ana", "bo"):
        console = Console(width=120)
        with console.capture() as captured:
            console.print(why_page(house.why(who)))
        pages[who] = captured.get()
    assert "bought by their company, credited to no person" in pages["ana"]
    assert "1,234.00" in pages["ana"]
    assert "bought by their company" not in pages["bo"]
