"""What ``goodword init`` asks a person at a terminal, and what becomes of the answers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from goodword.cli.questions import _word, with_answer
from goodword.cli.time_zone import machine_zone, zone_meant
from goodword.host_files import Answer, Guess, Question
from goodword.settings_file import load_settings

if TYPE_CHECKING:
    from conftest import Terminal

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "customers.csv"
CTRL_C = "\x03"
UNSURE = """\
Name,Email,Last job,Dabei
Nora Quill,n@x.example,03/04/2026,ja
Ida Brandt,i@x.example,05/06/2026,nein
"""
FIRM = (
    ("Your firm's name", "Marsh Street"),
    ("Who calls", "Sam"),
    ("Several are separated by ;", "the link; a card at the desk"),
    ("Your time zone", "berlin"),
)

pytestmark = pytest.mark.usefixtures("spreadsheets")


def test_a_clear_list_is_asked_nothing_about_but_the_firm(terminal: Terminal) -> None:
    shutil.copy(EXAMPLE, terminal.folder)
    seen = terminal.goodword("init", "customers.csv", answers=[*FIRM, ("Is that right?", "")])
    assert seen.exit_code == 0, seen.text
    settings = load_settings(terminal.folder)
    assert (settings.firm.name, settings.firm.caller) == ("Marsh Street", "Sam")
    assert settings.firm.ways_to_refer == ("the link", "a card at the desk")
    assert settings.calendar.time_zone == "Europe/Berlin"


def test_enter_takes_the_time_zone_of_this_computer(terminal: Terminal) -> None:
    shutil.copy(EXAMPLE, terminal.folder)
    answers = [*((question, "") for question, _ in FIRM), ("Is that right?", "y")]
    seen = terminal.goodword("init", "customers.csv", answers=answers)
    assert seen.exit_code == 0, seen.text
    settings = load_settings(terminal.folder)
    assert settings.calendar.time_zone == "Europe/Paris"
    assert (settings.firm.name, settings.firm.ways_to_refer) == ("", ())


def test_an_unknown_time_zone_is_asked_again(terminal: Terminal) -> None:
    shutil.copy(EXAMPLE, terminal.folder)
    answers = [*FIRM[:3], ("Your time zone", "Marsh"), ("do not know", "Lisbon"), ("right?", "y")]
    assert terminal.goodword("init", "customers.csv", answers=answers).exit_code == 0
    assert load_settings(terminal.folder).calendar.time_zone == "Europe/Lisbon"


@pytest.mark.parametrize(
    ("column", "date", "expected"),
    [("1", "1", {"consent": "Dabei", "day_first": True}), ("2", "2", {"day_first": False})],
)
def test_what_is_unsure_is_asked_with_its_evidence(
    terminal: Terminal, column: str, date: str, expected: dict[str, object]
) -> None:
    (terminal.folder / "customers.csv").write_text(UNSURE, encoding="utf-8")
    answers = [
        ('What does column "Dabei" of customers.csv say?', column),
        ("a date such as 03/04 mean?", date),
        *FIRM,
        ("Is that right?", "y"),
    ]
    seen = terminal.goodword("init", "customers.csv", answers=answers)
    assert seen.exit_code == 0, seen.text
    assert "(it holds only yes and no)" in seen.text
    assert "Not sure" not in seen.text
    (source,) = load_settings(terminal.folder).plugin["csv"]["sources"]
    assert source["day_first"] is expected["day_first"]
    assert source["columns"].get("consent") == expected.get("consent")
    assert column == "1" or source["columns"]["do_not_contact"] == "Dabei"


def test_no_to_the_whole_writes_nothing(terminal: Terminal) -> None:
    shutil.copy(EXAMPLE, terminal.folder)
    seen = terminal.goodword("init", "customers.csv", answers=[*FIRM, ("Is that right?", "n")])
    assert seen.exit_code == 1
    assert "Nothing was written" in seen.text
    assert not (terminal.folder / "goodword.toml").exists()


@pytest.mark.parametrize(
    "number",
    [pytest.param(0, marks=pytest.mark.long), pytest.param(2, marks=pytest.mark.long), len(FIRM)],
)
def test_ctrl_c_at_any_question_writes_nothing(terminal: Terminal, number: int) -> None:
    shutil.copy(EXAMPLE, terminal.folder)
    asked = [*FIRM, ("Is that right?", "y")]
    answers = [*asked[:number], (asked[number][0], CTRL_C)]
    seen = terminal.goodword("init", "customers.csv", answers=answers)
    assert seen.exit_code == 130
    assert "Nothing is half-written" in seen.text
    assert sorted(path.name for path in terminal.folder.iterdir()) == ["customers.csv"]


def test_what_an_earlier_file_says_is_not_asked_again(terminal: Terminal) -> None:
    shutil.copy(EXAMPLE, terminal.folder)
    terminal.goodword("init", "customers.csv", answers=[*FIRM, ("Is that right?", "y")])
    again = terminal.goodword("init", "customers.csv", "--force", answers=[("Is that right?", "y")])
    assert again.exit_code == 0, again.text
    settings = load_settings(terminal.folder)
    assert (settings.firm.caller, settings.calendar.time_zone) == ("Sam", "Europe/Berlin")


def test_an_answer_changes_the_guess_and_leaves_the_first_one_alone() -> None:
    guess = Guess({"sources": [{"write": True}, {}], "region": "GB"}, ())
    changes = {
        ("settings", "sources", 0, "write"): None,
        ("settings", "sources", 1, "write"): True,
        ("firm", "region"): "DE",
    }
    changed = with_answer(guess, Answer("second", "", changes))
    assert changed.settings == {"sources": [{}, {"write": True}], "region": "GB"}
    assert changed.firm == {"region": "DE"}
    assert guess.settings == {"sources": [{"write": True}, {}], "region": "GB"}


def test_the_time_zone_of_a_computer_is_read_where_systems_keep_it(tmp_path: Path) -> None:
    link, written = tmp_path / "localtime", tmp_path / "timezone"
    assert machine_zone({}, link, written) == ""
    written.write_text("Asia/Tokyo\n")
    assert machine_zone({}, link, written) == "Asia/Tokyo"
    link.symlink_to("/usr/share/zoneinfo/Europe/Oslo")
    assert machine_zone({}, link, written) == "Europe/Oslo"
    assert machine_zone({"TZ": ":America/New_York"}, link, written) == "America/New_York"
    assert machine_zone({"TZ": "Marsh/Street"}, link, written) == ""
    assert machine_zone({"TZ": "../../etc/passwd"}, link, written) == ""
    assert machine_zone({"TZ": ":/usr/share/zoneinfo/No/Such"}, link, written) == ""
    assert machine_zone({"TZ": ":/usr/share/zoneinfo/Asia/Tokyo"}, link, written) == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("Europe/London", "Europe/London"),
        ("europe/london", "Europe/London"),
        ("new york", "America/New_York"),
        ("Zürich", "Europe/Zurich"),
        ("Marsh Street", None),
        ("", None),
    ],
)
def test_a_city_names_its_time_zone(line: str, zone: str | None) -> None:
    assert zone_meant(line) == zone


def test_the_number_in_an_answer_is_meant_before_its_place_in_the_list() -> None:
    grades = Question("Best?", "", (Answer("1", "1 is best"), Answer("6", "6 is best")))
    assert (_word(grades, "6"), _word(grades, "2"), _word(grades, "3")) == ("6", "6", None)
