"""Who is no longer on the list can be forgotten, too, wherever something of ours was left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine

pytestmark = pytest.mark.usefixtures("spreadsheets")
DAY = ("--today", "2026-11-20")
PEOPLE = """\
Name,Email,Phone,Town,Last job,NPS,Referred by
Nora Quill,nora@x.example,+44 117 496 0101,Leeds,2026-11-02,10,
Ida Brandt,ida@x.example,+44 117 496 0102,Bonn,2026-11-08,10,
Tom Reyes,tom@x.example,+44 117 496 0103,York,2026-11-10,10,Ida
Eva Lund,eva@x.example,+44 117 496 0104,York,2026-11-12,,
"""


@pytest.fixture
def firm(here: CommandLine) -> CommandLine:
    """A firm that writes: its tasks for the week are in its list."""
    (here.folder / "customers.csv").write_text(PEOPLE, encoding="utf-8")
    assert here("init", "customers.csv", "--firm", "Marsh Street", "--yes").exit_code == 0
    settings = here.folder / "goodword.toml"
    text = settings.read_text("utf-8").replace('mode = "shadow"', 'mode = "live"')
    settings.write_text(text, "utf-8")
    seen = here("sync", *DAY)
    assert seen.exit_code == 0, seen.output
    assert "Ida Brandt" in (here.folder / "customers.tasks.csv").read_text("utf-8-sig")
    return here


def without_ida(firm: CommandLine, name: str) -> Path:
    path = firm.folder / name
    lines = [line for line in PEOPLE.splitlines() if not line.startswith("Ida")]
    path.write_text("\n".join([*lines, ""]).replace(",Ida", ","), "utf-8")
    return path


def naming(firm: CommandLine, *texts: str) -> set[str]:
    """The files, backups and old files of the firm apart, in which somebody is still named."""
    found = set()
    for path in firm.folder.rglob("*"):
        apart = "backups" in path.parts or path.name in {"customers.csv", "goodword.toml.old"}
        if path.is_file() and not apart:
            data = path.read_bytes()
            found |= {path.name for text in texts if text.encode() in data}
    return found


@pytest.mark.long
@pytest.mark.promise("forget.purged")
@pytest.mark.parametrize("called", ["ida@x.example", "Ida Brandt", "IDA BRANDT"])
def test_who_is_gone_from_the_list_is_forgotten_by_address_and_name(
    firm: CommandLine, called: str
) -> None:
    without_ida(firm, "customers.csv")
    assert firm("sync", *DAY).exit_code == 0
    seen = firm("forget", called, "--yes")
    assert seen.exit_code == 0, seen.output
    assert "Forgotten" in seen.output
    assert naming(firm, "Ida Brandt", "ida@x.example", "117 496 0102") == set()
    assert firm("forget", called, "--yes").exit_code == 1
    (firm.folder / "customers.csv").write_text(PEOPLE, encoding="utf-8")
    assert firm("sync", *DAY).exit_code in {0, 3}
    assert "Ida" not in (firm.folder / "customers.tasks.csv").read_text("utf-8-sig")


@pytest.mark.promise("forget.purged")
@pytest.mark.parametrize("gone", [True, False])
def test_what_is_ours_beside_a_replaced_list_is_cleaned_and_the_list_is_named(
    firm: CommandLine, gone: bool
) -> None:
    new = firm.folder / "december.csv"
    if gone:
        without_ida(firm, new.name)
    else:
        new.write_text(PEOPLE, "utf-8")
    seen = firm("replace", "december.csv", "--yes", "--missing-ok")
    assert seen.exit_code == 0, seen.output
    assert "Ida Brandt" in (firm.folder / "customers.tasks.csv").read_text("utf-8-sig")
    assert firm("sync", *DAY).exit_code == 0
    seen = firm("forget", "ida@x.example", "--yes")
    assert seen.exit_code == 0, seen.output
    theirs = set() if gone else {"december.csv"}
    assert naming(firm, "Ida Brandt", "ida@x.example") - theirs == set()
    assert "customers.csv is a list that another took the place of" in " ".join(seen.output.split())


def test_a_part_of_another_name_forgets_nobody_by_mistake(firm: CommandLine) -> None:
    (firm.folder / "customers.csv").write_text(
        PEOPLE.replace("Ida Brandt", "Ida Brandtner")
        .replace("ida@x", "other@y")
        .replace("0102", "0177"),
        "utf-8",
    )
    assert firm("sync", *DAY).exit_code == 0
    seen = firm("forget", "Ida Brandt", "--yes")
    assert seen.exit_code == 1
    assert "no longer on your list" in seen.output
    assert "other@y.example" in seen.output
