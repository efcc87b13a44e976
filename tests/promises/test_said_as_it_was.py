"""What is written or shown says no more than is known: how thanks were given, whose sale it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from firm_in_memory import TODAY, House, happy, new_tasks, open_house, person

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


@pytest.mark.long
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


def test_a_name_without_end_is_cut_on_the_page(tmp_path: Path) -> None:
    people = [person("pat", name="Pat " * 25_000), person("bo")]
    feedback = [happy("pat", TODAY), happy("bo", TODAY)]
    from rich.console import Console

    from goodword.report import plan_page, why_page

    house = open_house(tmp_path / "firm", contacts=people, feedback=feedback)
    console = Console(width=120)
    with console.capture() as shown:
        console.print(plan_page(house.plan(), {}, {}, full=True))
        console.print(why_page(house.why("pat")))
    assert "…" in shown.get()
    assert len(shown.get()) < 20_000


@pytest.mark.promise("words.preview")
def test_people_without_a_name_are_called_by_what_is_known_of_them(tmp_path: Path) -> None:
    people = [
        person("p-786b91dc", name="(030) 5550112", phone="+49305550112"),
        person("p-1", name=None, phone="+49305550113"),
        person("p-2", name=None, phone="+49305550114", email="zoe@quay.example"),
    ]
    feedback = [happy(str(one["contact_id"]), TODAY) for one in people]
    house = open_house(tmp_path / "firm", contacts=people, feedback=feedback)
    tasks = {task.contact_id: task for task in new_tasks(house.plan())}
    assert {who: task.contact_name for who, task in tasks.items()} == {
        "p-786b91dc": "+49305550112",
        "p-1": "+49305550113",
        "p-2": "zoe@quay.example",
    }
    for task in tasks.values():
        assert task.subject == f"Ask {task.contact_name} for an introduction"
        assert "\nHi,\n" in task.body
    for query in ("030 5550113", "+49 (30) 555-0113", "0049 30 5550113"):
        assert house.why(query).contact_id == "p-1"
