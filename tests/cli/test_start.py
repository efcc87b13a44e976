"""``goodword start``: a list dropped on an icon becomes the week's tasks, in plain questions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from goodword.cli.known_firms import KEPT, data_folder, known_firms, remember_firm
from goodword.cli.which_firm import dropped
from goodword.settings_file import load_settings

if TYPE_CHECKING:
    from conftest import CommandLine, Terminal

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "customers.csv"
CTRL_C = "\x03"
DAY = ("--today", "2026-11-20")
SET_UP = [
    ("Your firm's name", "Marsh Street"),
    ("Who calls", "Sam"),
    ("Several are separated by ;", ""),
    ("Your time zone", "London"),
    ("Is that right?", "y"),
    ("Put an icon", "n"),
]
WRITE = ("Write these 5 tasks into", "y")

pytestmark = pytest.mark.usefixtures("spreadsheets")


@pytest.fixture
def shop(terminal: Terminal) -> Terminal:
    """A terminal in a folder that holds one customer list."""
    shutil.copy(EXAMPLE, terminal.folder / "customers.csv")
    return terminal


@pytest.fixture
def firm(shop: Terminal, here: CommandLine) -> Terminal:
    """A terminal in a firm that was set up."""
    made = here("init", "customers.csv", "--yes", "--time-zone", "Europe/London")
    assert made.exit_code == 0, made.output
    return shop


def opened(terminal: Terminal) -> list[str]:
    """What the desktop was told to open."""
    log = terminal.folder.parent / "opened"
    return log.read_text().splitlines() if log.exists() else []


def left_in(folder: Path) -> Iterator[str]:
    """What a person sees in a folder."""
    return (path.name for path in sorted(folder.iterdir()) if not path.name.startswith("."))


def test_a_list_dropped_becomes_tasks_and_is_opened(shop: Terminal) -> None:
    seen = shop.goodword("start", "customers.csv", *DAY, answers=[*SET_UP, WRITE])
    assert seen.exit_code == 0, seen.text
    assert seen.text.index("Grace Okoye") < seen.text.index("Write these 5 tasks into")
    assert "So far goodword only reads" in seen.text
    assert "A backup is made first." in seen.text
    assert "Goodword stage" in (shop.folder / "customers.csv").read_text(encoding="utf-8")
    assert "Ida Marsh" in (shop.folder / "customers.tasks.csv").read_text(encoding="utf-8-sig")
    assert opened(shop) == [str(shop.folder / "customers.tasks.csv")]
    settings = load_settings(shop.folder)
    assert (settings.rollout.mode, settings.firm.caller) == ("live", "Sam")


@pytest.mark.long
def test_a_workbook_is_opened_itself(terminal: Terminal) -> None:
    book = openpyxl.Workbook()
    for row in (["Name", "Phone"], ["Nora Quill", "0117 496 0101"], ["Ida", "0117 496 0102"]):
        book.worksheets[0].append(row)
    book.save(terminal.folder / "Kunden März.xlsx")
    book.close()
    answers = [("Which country are your customers in?", "united kingdom"), *SET_UP]
    written = ("into Kunden März.xlsx?", "y")
    seen = terminal.goodword("start", "Kunden März.xlsx", *DAY, answers=[*answers, written])
    assert seen.exit_code == 0, seen.text
    assert opened(terminal) == [str(terminal.folder / "Kunden März.xlsx")]
    assert load_settings(terminal.folder).firm.region == "GB"


@pytest.mark.long
def test_the_second_time_nothing_is_asked_but_what_is_new(firm: Terminal) -> None:
    go_on = ("Press Enter to go on", "")
    first = firm.goodword("start", *DAY, answers=[go_on, WRITE])
    assert first.exit_code == 0, first.text
    second = firm.goodword("start", *DAY, answers=[go_on])
    assert second.exit_code == 0, second.text
    assert "There is nothing to write" in second.text
    assert len(opened(firm)) == 2


@pytest.mark.long
def test_no_writes_nothing_and_goodword_goes_on_looking_only(firm: Terminal) -> None:
    before = (firm.folder / "customers.csv").read_bytes()
    seen = firm.goodword("start", "customers.csv", *DAY, answers=[(WRITE[0], "n")])
    assert seen.exit_code == 1
    assert "Nothing was written" in seen.text
    assert (firm.folder / "customers.csv").read_bytes() == before
    assert load_settings(firm.folder).rollout.mode == "shadow"
    assert opened(firm) == []


@pytest.mark.parametrize("number", [0, 4, 5])
def test_ctrl_c_while_setting_up_leaves_the_list_and_never_half_a_file(
    shop: Terminal, number: int
) -> None:
    before = (shop.folder / "customers.csv").read_bytes()
    answers = [*SET_UP[:number], (SET_UP[number][0], CTRL_C)]
    seen = shop.goodword("start", "customers.csv", *DAY, answers=answers)
    assert seen.exit_code == 130, seen.text
    assert (shop.folder / "customers.csv").read_bytes() == before
    whole = [] if number < 5 else ["goodword.toml"]  # once set up, that stays
    assert list(left_in(shop.folder)) == ["customers.csv", *whole]


@pytest.mark.long
def test_ctrl_c_at_the_last_question_writes_nothing(firm: Terminal) -> None:
    before = (firm.folder / "customers.csv").read_bytes()
    seen = firm.goodword("start", "customers.csv", *DAY, answers=[(WRITE[0], CTRL_C)])
    assert seen.exit_code == 130
    assert (firm.folder / "customers.csv").read_bytes() == before
    assert load_settings(firm.folder).rollout.mode == "shadow"


@pytest.mark.long
def test_a_list_open_in_excel_is_told_and_tried_again(firm: Terminal) -> None:
    lock = firm.folder / "~$customers.csv"
    lock.write_bytes(b"")
    answers = [WRITE, ("Try again?", "y"), ("Try again?", "n")]
    seen = firm.goodword("start", "customers.csv", *DAY, answers=answers)
    assert seen.exit_code == 1, seen.text
    assert seen.text.count("customers.csv is open in Excel") == 2
    assert "Close it there" in seen.text
    lock.unlink()
    again = firm.goodword("start", "customers.csv", *DAY, answers=[WRITE])
    assert again.exit_code == 0, again.text
    assert "So far goodword only reads" not in again.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.pdf", b"%PDF-1.7\n", "list.pdf"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "save it as XLSX"),
        ("empty.csv", b"", "empty.csv"),
        ("notes.csv", b"Colour,Size\nred,4\n", "None of these is a list of customers"),
    ],
)
def test_a_wrong_file_is_named_and_nothing_is_set_up(
    terminal: Terminal, name: str, content: bytes, said: str
) -> None:
    (terminal.folder / name).write_bytes(content)
    seen = terminal.goodword("start", name, answers=[("Try again?", "n")])
    assert seen.exit_code == 1
    assert said in seen.text
    assert list(left_in(terminal.folder)) == [name]


def test_a_file_that_is_not_there_is_named(firm: Terminal) -> None:
    seen = firm.goodword("start", "custmers.csv", *DAY)
    assert seen.exit_code == 1
    assert "There is no file" in seen.text
    assert "custmers.csv" in seen.text


@pytest.mark.long
def test_a_paused_firm_is_told_so_and_nothing_is_written(firm: Terminal) -> None:
    before = (firm.folder / "customers.csv").read_bytes()
    (firm.folder / "PAUSE").touch()
    seen = firm.goodword("start", "customers.csv", *DAY)
    assert (seen.exit_code, "goodword is paused" in seen.text) == (0, True), seen.text
    assert (firm.folder / "customers.csv").read_bytes() == before


@pytest.mark.long
def test_without_a_file_it_is_asked_for(shop: Terminal) -> None:
    answers = [
        ("Where is your customer list?", "nowhere.csv"),
        ("I find no such file", f"'{shop.folder / 'customers.csv'}' "),
        *SET_UP,
        (WRITE[0], "n"),
    ]
    assert shop.goodword("start", *DAY, answers=answers).exit_code == 1
    assert (shop.folder / "goodword.toml").is_file()


@pytest.mark.long
def test_the_icon_is_put_beside_the_list_if_wanted(shop: Terminal) -> None:
    answers = [*SET_UP[:-1], ("Put an icon", "y"), (WRITE[0], "n")]
    shop.goodword("start", "customers.csv", *DAY, answers=answers)
    assert "start-goodword.desktop" in left_in(shop.folder)


@pytest.mark.long
def test_a_fresh_export_takes_the_place_of_the_list(firm: Terminal) -> None:
    firm.goodword("start", "customers.csv", *DAY, answers=[WRITE])
    downloads = firm.folder.parent / "downloads"
    downloads.mkdir()
    shutil.copy(EXAMPLE, downloads / "export.csv")
    answers = [
        (f"for the firm in {firm.folder}?", "y"),
        ("Go on with the new file?", "y"),
    ]
    seen = firm.goodword("start", str(downloads / "export.csv"), *DAY, answers=answers)
    assert seen.exit_code == 0, seen.text
    assert "There is nothing to write" in seen.text
    assert not (downloads / "goodword.toml").exists()
    assert "is copied into" in seen.text
    assert opened(firm)[-1] == str(firm.folder / "export.tasks.csv")


@pytest.mark.long
def test_a_fresh_export_open_in_excel_is_tried_again(firm: Terminal) -> None:
    firm.goodword("start", "customers.csv", *DAY, answers=[WRITE])
    shutil.copy(EXAMPLE, firm.folder / "export.csv")
    lock = firm.folder / "~$export.csv"
    lock.write_bytes(b"")

    def answers() -> Iterator[tuple[str, str]]:
        yield "Go on with the new file?", "y"
        yield "Try again?", "perhaps"
        lock.unlink()
        yield "Try again?", "y"
        yield "Go on with the new file?", "y"

    seen = firm.goodword("start", "export.csv", *DAY, answers=answers())
    assert seen.exit_code == 0, seen.text
    assert "export.csv is open in Excel" in seen.text
    assert opened(firm)[-1] == str(firm.folder / "export.tasks.csv")


@pytest.mark.long
def test_a_list_that_was_written_in_part_is_opened_all_the_same(firm: Terminal) -> None:
    path = firm.folder / "customers.csv"

    def answers() -> Iterator[tuple[str, str]]:
        yield WRITE[0], "perhaps"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if "Grace Okoye" not in line), "utf-8")
        yield WRITE

    seen = firm.goodword("start", "customers.csv", *DAY, answers=answers())
    assert seen.exit_code == 3, seen.text
    assert opened(firm) == [str(firm.folder / "customers.tasks.csv")]


def test_nobody_there_to_answer_is_said_at_once(here: CommandLine) -> None:
    seen = here("start", "customers.csv")
    assert seen.exit_code == 2
    assert "init --yes" in seen.stderr


@pytest.mark.parametrize(
    ("line", "windows", "path"),
    [
        ("", False, None),
        ('"C:\\Büro & Co\\list.xlsx" ', True, "C:\\Büro & Co\\list.xlsx"),
        ("& 'C:\\a b\\list.xlsx'", True, "C:\\a b\\list.xlsx"),
        ("/home/a\\ b/K\\&S.xlsx ", False, "/home/a b/K&S.xlsx"),
        ("'/home/a b/list.xlsx'", False, "/home/a b/list.xlsx"),
        ("'/home/a", False, None),
    ],
)
def test_what_a_terminal_types_for_a_dropped_file_is_understood(
    line: str, windows: bool, path: str | None
) -> None:
    assert dropped(line, windows=windows) == (None if path is None else Path(path))


def test_firms_are_remembered_newest_first_while_they_are_there(tmp_path: Path) -> None:
    firms = [tmp_path / f"firm {number}" for number in range(KEPT + 2)]
    for firm in firms:
        firm.mkdir()
        (firm / "goodword.toml").touch()
        remember_firm(tmp_path / "data", firm)
    remember_firm(tmp_path / "data", firms[-2])
    (firms[-1] / "goodword.toml").unlink()
    assert known_firms(tmp_path / "data")[:2] == [firms[-2], firms[-3]]
    assert (tmp_path / "data" / "firms").stat().st_mode & 0o777 == 0o600
    assert known_firms(tmp_path / "nowhere") == []


def test_a_persons_data_lies_where_each_system_keeps_it() -> None:
    home = Path("/home/pat")
    assert data_folder({}, "linux", home) == home / ".local/share/goodword"
    assert data_folder({"XDG_DATA_HOME": "/data"}, "linux", home) == Path("/data/goodword")
    assert data_folder({}, "darwin", home) == home / "Library/Application Support/goodword"
    assert data_folder({"LOCALAPPDATA": "/l"}, "win32", home) == Path("/l/goodword")
