"""``goodword init``: from a spreadsheet to settings a person can read."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from goodword.cli.firm_file import firm_toml
from goodword.ledger import Ledger
from goodword.settings_file import load_settings

if TYPE_CHECKING:
    from conftest import CommandLine

EXPORTS = Path(__file__).parents[1] / "data" / "exports"
LIST = EXPORTS / "lonely-list.csv"
UNSURE = """\
Name,Email,Last job,Dabei
Nora,n@x.example,03/04/2026,ja
Ida,i@x.example,05/06/2026,nein
"""

pytestmark = pytest.mark.usefixtures("spreadsheets")


@pytest.fixture
def shop(here: CommandLine) -> CommandLine:
    """An empty folder with one customer list in it."""
    shutil.copy(LIST, here.folder / "customers.csv")
    return here


def test_a_list_is_understood_shown_and_saved(shop: CommandLine) -> None:
    before = (shop.folder / "customers.csv").read_bytes()
    seen = shop("init", "customers.csv", "--firm", "Marsh Street Plumbing")
    assert seen.exit_code == 0, seen.stderr
    assert "customers.csv" in seen.stdout
    assert "Next: goodword plan" in seen.stdout
    settings = load_settings(shop.folder)
    assert settings.firm.name == "Marsh Street Plumbing"
    assert settings.connector.name == "csv"
    assert settings.connector.account.startswith("csv-")
    assert (shop.folder / "customers.csv").read_bytes() == before


def test_what_was_saved_can_be_planned_at_once(shop: CommandLine) -> None:
    shop("init", "customers.csv")
    assert shop("doctor").exit_code == 0
    assert shop.on_the_day("plan").exit_code == 0


def test_the_file_explains_itself(shop: CommandLine) -> None:
    shop("init", "customers.csv")
    text = (shop.folder / "goodword.toml").read_text(encoding="utf-8")
    assert "# as your customers know it" in text
    assert "# ways_to_refer = [" in text


def test_everything_a_person_is_asked_can_be_said_on_the_command_line(shop: CommandLine) -> None:
    said = ("--firm", "Marsh", "--caller", "Sam", "--language", "en", "--time-zone", "Asia/Tokyo")
    ways = ("--way", "the link", "--way", "a card")
    assert shop("init", "customers.csv", *said, *ways).exit_code == 0
    settings = load_settings(shop.folder)
    assert (settings.firm.name, settings.firm.caller) == ("Marsh", "Sam")
    assert settings.firm.ways_to_refer == ("the link", "a card")
    assert settings.calendar.time_zone == "Asia/Tokyo"


def test_a_time_zone_nobody_knows_is_refused_and_nothing_is_written(shop: CommandLine) -> None:
    seen = shop("init", "customers.csv", "--time-zone", "Marsh/Street")
    assert seen.exit_code == 2
    assert "Write it like Europe/London" in seen.stderr
    assert not (shop.folder / "goodword.toml").exists()


def test_nothing_is_asked_where_nobody_can_answer_and_what_is_unsure_is_listed(
    here: CommandLine,
) -> None:
    (here.folder / "customers.csv").write_text(UNSURE, encoding="utf-8")
    seen = here("init", "customers.csv")
    assert seen.exit_code == 0, seen.output
    told = seen.stdout.partition("Not sure")[2]
    assert "could be either way round" in told
    assert 'column "Dabei" holds only yes/no' in told
    assert "Is that right?" not in seen.stdout


def test_what_leaves_people_alone_is_taken_where_nobody_can_answer(here: CommandLine) -> None:
    lines = ["Name,Email,Last job,Darf ran,Notiz"]
    lines += [f"Nora Quill,n{at}@x.example,2026-11-0{at},ja,has a dog" for at in range(1, 6)]
    lines += [
        "Ida Brandt,i@x.example,2026-11-06,nein,",
        "Karl Moor,k@x.example,2026-11-07,ja,verstorben",
    ]
    (here.folder / "customers.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    seen = here("init", "customers.csv", "--yes")
    assert seen.exit_code == 0, seen.output
    assert "Nobody was asked, so: yes means: we may contact them." in " ".join(seen.stdout.split())
    columns = load_settings(here.folder).plugin["csv"]["sources"][0]["columns"]
    assert columns["consent"] == "Darf ran"
    assert columns["remark"] == "Notiz"


def test_settings_that_are_there_are_not_overwritten(shop: CommandLine) -> None:
    (shop.folder / "goodword.toml").write_text('[firm]\nname = "Mine"\n', encoding="utf-8")
    seen = shop("init", "customers.csv", "--yes")
    assert seen.exit_code == 2
    assert "is there already" in seen.stderr
    assert "--force" in seen.stderr
    assert load_settings(shop.folder).firm.name == "Mine"


def test_with_force_the_old_settings_are_kept_beside_and_the_account_stays(
    shop: CommandLine,
) -> None:
    mine = (
        '[firm]\nname = "Mine"\nideal_client = "bakers"\n'
        '[connector]\nname = "csv"\naccount = "csv-mine"\n[caps]\nrep_open_tasks = 3\n'
        '[[ask.suppressor]]\nname = "tenure"\nsince = "first_purchase_at"\ndays = 5\n'
    )
    (shop.folder / "goodword.toml").write_text(mine, encoding="utf-8")
    seen = shop("init", "customers.csv", "--force", "--firm", "Ours")
    assert seen.exit_code == 0
    assert "The old file is kept as" in seen.stdout
    assert "Carried over from it: [firm], [caps], [ask]" in seen.stdout
    assert (shop.folder / "goodword.toml.old").read_text(encoding="utf-8") == mine
    settings = load_settings(shop.folder)
    assert settings.connector.account == "csv-mine"
    assert (settings.firm.name, settings.firm.ideal_client) == ("Ours", "bakers")
    assert settings.caps.rep_open_tasks == 3
    assert [rule.name for rule in settings.ask.suppressor] == ["tenure"]


def test_our_own_columns_are_not_called_unused(here: CommandLine) -> None:
    text = "Name,E-mail,Shoe,Goodword stage\nPat Doe,pat@example.com,42,buy\n"
    (here.folder / "customers.csv").write_text(text, encoding="utf-8")
    seen = here("init", "customers.csv").stdout
    assert "not used: Shoe" in seen
    assert "Goodword stage" not in seen


@pytest.mark.promise("words.files")
def test_the_words_can_be_copied_along(shop: CommandLine) -> None:
    seen = shop("init", "customers.csv", "--words")
    assert seen.exit_code == 0
    assert (shop.folder / "words" / "en" / "ask.txt").is_file()


def test_a_file_that_is_not_there_is_named(shop: CommandLine) -> None:
    seen = shop("init", "custmers.csv")
    assert seen.exit_code == 1
    assert "There is no file or folder 'custmers.csv'" in seen.stderr


def test_a_file_that_holds_nothing_is_refused_and_nothing_is_written(here: CommandLine) -> None:
    (here.folder / "empty.csv").write_bytes(b"")
    seen = here("init", "empty.csv")
    assert seen.exit_code == 1
    assert "empty.csv" in seen.stderr
    assert not (here.folder / "goodword.toml").exists()


def test_a_connector_that_is_not_there_is_refused(shop: CommandLine) -> None:
    seen = shop("init", "customers.csv", "--connector", "pipedrive")
    assert seen.exit_code == 2
    assert "No plugin for 'pipedrive' is installed" in seen.stderr
    assert "csv" in seen.stderr
    assert "pip install" not in seen.stderr  # who knows whose package that is


def test_a_connector_of_ours_that_is_missing_comes_with_the_way_to_install_it(
    shop: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodword.plugins.entry_points", lambda group: ())
    seen = shop("init", "customers.csv", "--connector", "salesforce")
    assert seen.exit_code == 2
    assert "pip install goodword-salesforce" in seen.stderr


def test_any_name_survives_being_written_and_read() -> None:
    names = ['Say "hi" \\ Söhne', "a\nb", "# no comment", "="]
    for name in names:
        settings = {"firm": {"name": name, "caller": ""}, "plugin": {"csv": {"x": [Path("a/b")]}}}
        read = tomllib.loads(firm_toml(settings))
        assert read["firm"]["name"] == name
        assert read["plugin"] == {"csv": {"x": ["a/b"]}}


@pytest.mark.long
@pytest.mark.promise("modes.shadow-first")
def test_a_new_firm_looks_before_anything_is_written(shop: CommandLine) -> None:
    seen = shop("init", "customers.csv")
    assert "until you say goodword rollout live" in seen.stdout
    text = (shop.folder / "goodword.toml").read_text(encoding="utf-8")
    assert re.search(r'^\[rollout\]\nmode = "shadow"  # .*goodword rollout', text, re.MULTILINE)
    before = (shop.folder / "customers.csv").read_bytes()
    assert "rollout live" in shop.on_the_day("plan").stdout
    refused = shop.on_the_day("apply")
    assert refused.exit_code == 1
    assert "shadow mode" in refused.stderr
    assert shop.on_the_day("sync").exit_code == 0
    assert (shop.folder / "customers.csv").read_bytes() == before


def test_a_firm_that_wrote_before_there_were_modes_stays_live_when_set_up_anew(
    shop: CommandLine,
) -> None:
    old = 'version = 1\n[firm]\nname = "Mine"\n[brakes]\ntasks = 7\n'
    (shop.folder / "goodword.toml").write_text(old, encoding="utf-8")
    assert shop("init", "customers.csv", "--force").exit_code == 0
    settings = load_settings(shop.folder)
    assert (settings.rollout.mode, settings.brakes.tasks) == ("shadow", 7), "it never wrote"
    (shop.folder / "goodword.toml").write_text(old, encoding="utf-8")
    ledger = Ledger(shop.folder / ".goodword" / "ledger.sqlite")
    ledger.set_meta("mode", "live")  # as the ledger of such a firm says once it is carried over
    ledger.close()
    assert shop("init", "customers.csv", "--force").exit_code == 0
    assert load_settings(shop.folder).rollout.mode == "live"


def test_init_is_not_about_a_profile(shop: CommandLine) -> None:
    seen = shop("--profile", "sandbox", "init", "customers.csv")
    assert seen.exit_code == 2
    assert "not a profile" in seen.stderr
