"""An answer in the task list belongs to the person the task was written for."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import CommandLine

pytestmark = pytest.mark.usefixtures("spreadsheets")
PEOPLE = """\
Name,Email,Phone,Town,Last job,NPS
Nora Quill,nora@x.example,+44 117 496 0101,Leeds,2026-11-02,10
Ida Brandt,ida@x.example,+44 117 496 0102,Bonn,2026-11-08,10
Tom Reyes,tom@x.example,+44 117 496 0103,York,2026-11-10,10
"""


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


@pytest.mark.long
@pytest.mark.parametrize("also", [(), ("Customer",)])
def test_a_tampered_contact_id_moves_no_outcome(here: CommandLine, also: tuple[str, ...]) -> None:
    (here.folder / "customers.csv").write_text(PEOPLE, encoding="utf-8")
    assert here("init", "customers.csv", "--firm", "Marsh Street", "--yes").exit_code == 0
    settings = here.folder / "goodword.toml"
    settings.write_text(settings.read_text("utf-8").replace('"shadow"', '"live"'), "utf-8")
    assert here("sync", "--today", "2026-11-20").exit_code == 0
    path = here.folder / "customers.tasks.csv"
    rows = rows_of(path)
    theirs = {row["Customer"]: row for row in rows}
    nora, ida = theirs["Nora Quill"], theirs["Ida Brandt"]
    nora["Outcome"] = "never"
    for title in ("Contact id", *also):
        nora[title] = ida[title]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    seen = here("plan", "--today", "2026-11-21")
    said = " ".join(seen.output.split())
    assert 'another "Contact id" than the task was written for; its key counts' in said
    assert here("sync", "--today", "2026-11-21").exit_code in {0, 3}
    why = {row["Name"]: row["Goodword why"] for row in rows_of(here.folder / "customers.csv")}
    assert why["Nora Quill"].startswith("Never")
    assert not why["Ida Brandt"].startswith("Never")
