"""Two months with the exports people really have: nobody is asked twice, nothing gets lost.

Each list is made from a real export: its layout and headers stay, and its first person becomes
twelve invented ones. A month later a fresh export comes: two people more, one less, one with
another address, the newest first, and none of our columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from goodword_csv.files.encoding import decode
from goodword_csv.files.records import read_records
from goodword_csv.layout.sniff import records_of, sniff

if TYPE_CHECKING:
    from conftest import CommandLine

pytestmark = pytest.mark.usefixtures("spreadsheets")
EXPORTS = Path(__file__).parents[1] / "data" / "exports"
NOVEMBER, DECEMBER = "2026-11-20", "2026-12-18"
FIRST = "Ada Ben Cleo Dag Elsa Finn Gwen Hugo Iris Jens Kaja Liam Mona Nils".split()
LAST = "Holm Lund Berg Voss Marsh Reyes Kline Frost Stone Wells Hardy Poole Quist Rowan".split()
MOVED, GONE, REFUSES = 2, 5, 3
"""Whose address changes, who is missing later, and who does not want to be asked."""


@dataclass(frozen=True)
class Export:
    """One product's export.

    Attributes:
        name: The file below ``tests/data/exports``.
        row: 0-based index of the record that is made into people.
        swaps: What in it is one person's, beside the name and the address; ``{}`` is a number.
    """

    name: str
    row: int
    swaps: Mapping[str, str]

    def text(self, people: Sequence[int], *, moved: bool = False) -> bytes:
        """Return the export with these people in it."""
        data = (EXPORTS / f"{self.name}.csv").read_bytes()
        layout = sniff(data, where=self.name)
        found = decode(data, where=self.name)
        lines = found.text.splitlines(keepends=True)
        top = 1 if lines[0].startswith("sep=") else 0
        text = "".join(lines[top:])
        all_records = list(read_records(text, layout.delimiter, where=self.name))
        raws = [record.raw for record in all_records]
        header, first = raws[: self.row], raws[self.row]
        end = self.row + (3 if self.name == "hubspot-contacts" else 2)
        footer = raws[end:]
        made = [self.person(first, at, moved=moved and at == MOVED) for at in people]
        whole = "".join([*lines[:top], *header, *made, *footer])
        return whole.encode(found.encoding)

    def person(self, raw: str, at: int, *, moved: bool = False) -> str:
        """Make one person of the pattern."""
        name, family = FIRST[at], LAST[at]
        for old, new in self.swaps.items():
            assert old in raw, (old, raw)
            raw = raw.replace(old, new.format(at + 10))
        address = f"{'new.' if moved else ''}{name.lower()}@{family.lower()}.example"
        for old in ("nora.quill", "Nora.Quill", "nora"):
            raw = raw.replace(f"{old}@brightroof.example", address)
        raw = raw.replace("nora.q@home", f"{name}@second").replace("nq@home", f"{name}@other")
        raw = raw.replace("Bright Roof", f"{family} Roof").replace("nora-quill", f"{name}-{family}")
        return raw.replace("Nora", name).replace("Quill", family).replace("Qu\u00e4l", family)


LISTS = (
    Export("hubspot-contacts", 1, {"9001": "90{}", "555-0143": "555-01{}", "7001": "70{}"}),
    Export("salesforce-contact-report", 1, {"900123": "9001{}"}),
    Export("salesforce-contacts", 1, {"AAAAAAA1": "AAAAAA{}", "900123": "9001{}", "0018": "00{}"}),
    Export("google-contacts", 1, {"900123": "9001{}", "0018": "00{}"}),
    Export("google-contacts-old", 1, {"900123": "9001{}", "0018": "00{}"}),
    Export("outlook", 1, {"900123": "9001{}"}),
    Export("linkedin-connections", 4, {}),
    Export("mailchimp", 1, {"100200300": "1002003{}", "abc123def4": "abc123de{}"}),
    Export("brevo", 1, {"900123": "9001{}"}),
    Export("quickbooks-customers", 4, {"0143": "01{}"}),
    Export("xero-contacts", 1, {"0042": "00{}", "496 0000": "496 00{}", "900123": "9001{}"}),
    Export("shopify-customers", 1, {"8301122": "83011{}", "900123": "9001{}"}),
    Export("stripe-customers", 1, {"cus_NoraQuill01": "cus_{}", "900123": "9001{}"}),
    Export("zoho-contacts", 1, {"3000000527000": "3000000527{}", "900123": "9001{}"}),
    Export("german-excel", 1, {"0001": "00{}", "1234567": "12345{}"}),
)
EVENTS = (
    Export("shopify-orders", 1, {"#1001": "#10{}"}),
    Export("square-transactions", 1, {"TX1": "TX{}", "PY1": "PY{}", "CU1": "CU{}"}),
    Export("surveymonkey", 2, {"11223344": "112233{}"}),
    Export("typeform", 1, {"a1b2c3": "a1b2{}", "tok1": "tok{}"}),
)


def survey(people: Sequence[int]) -> str:
    """Say how content everybody was, by name and address."""
    lines = [
        f"2026-11-{at + 2:02},{FIRST[at]} {LAST[at]},{FIRST[at].lower()}@{LAST[at].lower()}.example,10"
        for at in people
    ]
    return "\n".join(["Date,Name,Email,NPS", *lines, ""])


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a list of ours or theirs by its header, past what stands above it."""
    data = path.read_bytes()
    layout = sniff(data, where=path.name)
    found = list(records_of(decode(data, where=path.name), layout, where=path.name))
    header = found[layout.header_row].cells
    body = found[layout.header_row + layout.header_rows :]
    return [dict(zip(header, record.cells, strict=False)) for record in body]


def tasks_of(path: Path) -> dict[str, dict[str, str]]:
    """The task list by key; nobody is asked twice in it."""
    rows = rows_of(path)
    asked = [row["Customer"] for row in rows if row["Play"] == "ask"]
    assert len(set(asked)) == len(asked), asked
    return {row["Goodword key"]: row for row in rows}


def asked_in(tasks: Mapping[str, Mapping[str, str]]) -> set[str]:
    return {row["Customer"] for row in tasks.values() if row["Play"] == "ask"}


def start(here: CommandLine, files: Mapping[str, bytes | str]) -> None:
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (here.folder / name).write_bytes(data)
    seen = here("init", *files, "--firm", "Marsh Street", "--yes")
    assert seen.exit_code == 0, seen.output
    path = here.folder / "goodword.toml"
    path.write_text(path.read_text("utf-8").replace('"shadow"', '"live"'), "utf-8")


def run(here: CommandLine, *line: str) -> str:
    seen = here(*line)
    assert seen.exit_code == 0, (line, seen.output)
    return " ".join(seen.output.split())


@pytest.mark.parametrize("export", LISTS, ids=lambda export: export.name)
def test_a_list_from_the_first_file_to_the_second_decision(
    here: CommandLine, export: Export
) -> None:
    november, december = list(range(12)), [13, 12, *(n for n in range(11, -1, -1) if n != GONE)]
    start(here, {"november.csv": export.text(november), "survey.csv": survey(november)})
    run(here, "sync", "--today", NOVEMBER)
    first = tasks_of(here.folder / "november.tasks.csv")
    assert len(asked_in(first)) >= 4
    print([r["Customer"] for r in first.values()])
    fresh = export.text(december, moved=True)
    (here.folder / "december.csv").write_bytes(fresh)
    said = run(here, "replace", "december.csv", "--yes")
    print(said)
    print(run(here, "sync", "--today", DECEMBER))
    second = tasks_of(here.folder / "december.tasks.csv")
    print([r["Customer"] for r in second.values()])
