"""Two months with the exports people really have: nobody is asked twice, nothing gets lost.

Each file is made from a real export: its layout and headers stay, and its first person becomes
twelve invented ones. A month later a fresh export comes: two people more, one less, one with
another address, the newest first, and none of our columns.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from goodword_csv.files.encoding import decode
from goodword_csv.files.records import Record
from goodword_csv.layout.sniff import Sniffed, records_of, sniff

if TYPE_CHECKING:
    from conftest import CommandLine

pytestmark = pytest.mark.usefixtures("spreadsheets")
EXPORTS = Path(__file__).parents[1] / "data" / "exports"
NOVEMBER, DECEMBER = "2026-11-20", "2026-12-18"
FIRST = (
    *("Ada", "Ben", "Cleo", "Dag", "Elsa", "Finn", "Gwen"),
    *("Hugo", "Iris", "Jens", "Kaja", "Liam", "Mona", "Nils"),
)
LAST = (
    *("Holm", "Lund", "Berg", "Voss", "Marsh", "Reyes", "Kline"),
    *("Frost", "Stone", "Wells", "Hardy", "Poole", "Quist", "Rowan"),
)
REFUSES, ANSWERED, GONE, MOVED = 1, 4, 5, 6
"""Who does not want to be asked, has answered, is missing later, and has a new address then."""
THEN, LATER = list(range(12)), [13, 12, *(n for n in range(11, -1, -1) if n != GONE)]


@dataclass(frozen=True)
class Export:
    """One product's export.

    Attributes:
        name: The file below ``tests/data/exports``.
        row: 0-based index of the first record, which is made into people.
        swaps: What in it is one person's, beside name and address: ``{0}`` is a number of two
            digits, ``{1}`` a day.
        taken: Records that the people take the place of.
    """

    name: str
    row: int
    swaps: Mapping[str, str]
    taken: int = 2

    def of(self, people: Sequence[int], *, moved: bool = False) -> bytes:
        """Return the export with these people in it."""
        data = (EXPORTS / f"{self.name}.csv").read_bytes()
        layout, found = read(data)
        raws = [record.raw for record in found]
        made = [self._person(raws[self.row], at, moved=moved and at == MOVED) for at in people]
        raws[self.row : self.row + self.taken] = made
        decoded = decode(data, where=self.name)
        top = decoded.text[: decoded.text.index(found[0].raw)]  # the line "sep=;", if any
        mark = b"\xef\xbb\xbf" if decoded.bom else b""
        return mark + (top + "".join(raws)).encode(layout.encoding)

    def _person(self, raw: str, at: int, *, moved: bool) -> str:
        """Make one person of the pattern."""
        for old, new in self.swaps.items():
            assert old in raw, (old, raw)
            raw = raw.replace(old, new.format(at + 10, f"{at + 2:02}"))
        address = mail(at).replace("@", ".new@") if moved else mail(at)
        for old in ("nora.quill", "Nora.Quill", "nora"):
            raw = raw.replace(f"{old}@brightroof.example", address)
        name, family = FIRST[at], LAST[at]
        raw = raw.replace("nora.q@home", f"{name}@second").replace("nq@home", f"{name}@other")
        raw = raw.replace("Bright Roof", f"{family} Roof").replace("nora-quill", f"{name}-{family}")
        return raw.replace("Nora", name).replace("Quill", family).replace("Qu\u00e4l", family)


def mail(at: int) -> str:
    return f"{FIRST[at]}@{LAST[at]}.example".lower()


PHONE = {"900123": "9001{0}"}
SHORT = (
    Export("quickbooks-customers", 4, {"555-0143": "555-01{0}"}),
    Export("german-excel", 1, {"0001": "00{0}", "1234567": "12345{0}"}),
)
LONG = (
    Export("hubspot-contacts", 1, {"9001": "90{0}", "555-0143": "555-01{0}", "7001": "70{0}"}, 3),
    Export("linkedin-connections", 4, {}),
    Export("salesforce-contact-report", 1, PHONE),
    Export("salesforce-contacts", 1, {"AAAAA1": "AAAA{0}", "BBBBB1": "BBBB{0}", **PHONE}),
    Export("google-contacts", 1, {"0018": "00{0}", **PHONE}),
    Export("google-contacts-old", 1, {"0018": "00{0}", **PHONE}),
    Export("outlook", 1, PHONE),
    Export("mailchimp", 1, {"100200300": "1002003{0}", "abc123def4": "abc123de{0}"}),
    Export("brevo", 1, PHONE),
    Export("xero-contacts", 1, {"0042": "00{0}", "496 0000": "496 00{0}", **PHONE}),
    Export("shopify-customers", 1, {"8301122": "83011{0}", **PHONE}),
    Export("stripe-customers", 1, {"cus_NoraQuill01": "cus_{0}", **PHONE}),
    Export("zoho-contacts", 1, {"0527000": "05270{0}", "0528000": "05280{0}", **PHONE}),
)
EVENTS = (
    Export("shopify-orders", 1, {"#1001": "#10{0}", "2026-09-03": "2026-03-{1}"}, 3),
    Export("square-transactions", 1, {"TX1": "TX{0}", "PY1": "PY{0}", "-09-01": "-03-{1}"}),
    Export("surveymonkey", 2, {"11223344": "112233{0}", "09/14/2026": "11/{1}/2026"}),
    Export("typeform", 1, {"a1b2c3": "a1b2{0}", "tok1": "tok{0}", "/05/28": "/11/{1}"}),
)
LISTS = [
    *(pytest.param(each, id=each.name) for each in SHORT),
    *(pytest.param(each, id=each.name, marks=pytest.mark.long) for each in LONG),
]


def read(data: bytes) -> tuple[Sniffed, list[Record]]:
    layout = sniff(data, where="a file")
    return layout, list(records_of(decode(data, where="a file"), layout, where="a file"))


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a list of ours or theirs by its header, past what stands above it."""
    layout, found = read(path.read_bytes())
    header, body = found[layout.header_row].cells, found[layout.header_row + layout.header_rows :]
    return [dict(zip(header, record.cells, strict=False)) for record in body]


def tasks_of(path: Path) -> dict[str, dict[str, str]]:
    """The task list by key; nobody is in it twice."""
    rows = rows_of(path)
    people = [row["Customer"] for row in rows]
    assert len(set(people)) == len(people), people
    return {row["Goodword key"]: row for row in rows}


def fill(path: Path, name: str, title: str, text: str) -> None:
    """Write into one cell, as the user does in a spreadsheet program."""
    layout, found = read(path.read_bytes())
    at = found[layout.header_row].cells.index(title)
    (record,) = (each for each in found if name in each.raw)
    cells = record.raw.rstrip("\r\n").split(layout.delimiter)
    cells[at if at < 2 else at - len(record.cells)] = text  # no quoted cell stands before ours
    new = layout.delimiter.join(cells) + record.raw[len(record.raw.rstrip("\r\n")) :]
    data = path.read_bytes()
    path.write_bytes(data.replace(record.raw.encode(layout.encoding), new.encode(layout.encoding)))


def survey(days: Mapping[int, str]) -> str:
    """Say how content people were, by name and address."""
    lines = [f"{day},{FIRST[at]} {LAST[at]},{mail(at)},10" for at, day in days.items()]
    return "\n".join(["Date,Name,Email,NPS", *lines, ""])


def start(here: CommandLine, files: Mapping[str, bytes | str]) -> None:
    """Set up a firm that writes."""
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (here.folder / name).write_bytes(data)
    run(here, "init", *files, "--firm", "Marsh Street", "--yes")
    path = here.folder / "goodword.toml"
    path.write_text(path.read_text("utf-8").replace('"shadow"', '"live"'), "utf-8")


def run(here: CommandLine, *line: str) -> str:
    seen = here(*line)
    assert seen.exit_code == 0, (line, seen.output)
    return " ".join(seen.output.split())


def assert_only_ours_is_new(path: Path, before: bytes) -> None:
    """Every record is as it came, up to our cells behind its own."""
    after = read(path.read_bytes())[1]
    old = read(before)[1]
    assert len(after) == len(old)
    for one, other in zip(after, old, strict=True):
        body = other.raw.rstrip("\r\n")
        assert one.raw.startswith(body)
        assert one.raw.endswith(other.raw[len(body) :])
        assert one.cells[: len(other.cells)] == other.cells


@pytest.mark.parametrize("export", LISTS)
def test_a_list_from_the_first_file_to_the_second_decision(
    here: CommandLine, export: Export
) -> None:
    november, december = here.folder / "november.csv", here.folder / "december.csv"
    days = {at: f"2026-11-{at + 2:02}" for at in THEN}
    start(here, {november.name: export.of(THEN), "survey.csv": survey(days)})
    run(here, "sync", "--today", NOVEMBER)
    tasks = here.folder / "november.tasks.csv"
    assert len(tasks_of(tasks)) >= 4
    assert_only_ours_is_new(november, export.of(THEN))
    fill(november, FIRST[REFUSES], "Goodword do not ask", "x")
    fill(tasks, FIRST[ANSWERED], "Outcome", "no")
    for person in [row["Customer"] for row in tasks_of(tasks).values()]:
        if not person.startswith((FIRST[ANSWERED], FIRST[MOVED])):
            fill(tasks, person, "Done", "x")
    first, old = tasks_of(tasks), november.read_bytes()

    december.write_bytes(export.of(LATER, moved=True))
    said = run(here, "replace", december.name, "--yes")
    assert "known 11 new 2 missing 1" in said
    assert tasks_of(here.folder / "december.tasks.csv") == first
    assert november.read_bytes() == old
    (here.folder / "survey.csv").write_text(survey(days | {12: "2026-12-14", 13: "2026-12-15"}))
    run(here, "sync", "--today", DECEMBER)
    second = tasks_of(here.folder / "december.tasks.csv")
    assert second.keys() > first.keys()
    answered = [row["Outcome"] for row in second.values() if FIRST[ANSWERED] in row["Customer"]]
    assert answered == ["no"]
    fresh = {row["Customer"].split()[0] for key, row in second.items() if key not in first}
    assert fresh & {FIRST[12], FIRST[13]}
    assert not fresh & {FIRST[REFUSES], FIRST[GONE], FIRST[ANSWERED], FIRST[MOVED]}
    (marked,) = (row for row in rows_of(december) if row.get("Goodword do not ask"))
    assert FIRST[REFUSES] in str(marked)
    assert_only_ours_is_new(december, export.of(LATER, moved=True))
    after = december.read_bytes()
    assert "nothing" in run(here, "sync", "--today", DECEMBER).lower()
    assert december.read_bytes() == after


@pytest.mark.parametrize("export", EVENTS, ids=lambda export: export.name)
@pytest.mark.long
def test_a_fresh_file_about_what_happened_takes_the_place_of_the_old_one(
    here: CommandLine, export: Export
) -> None:
    people = [f"{FIRST[at]} {LAST[at]},{mail(at)}" for at in range(14)]
    customers = "\n".join(["Name,Email", *people, ""])
    files = {"customers.csv": customers, "november.csv": export.of(THEN)}
    start(here, {**files, "survey.csv": survey({9: "2026-11-03", 10: "2026-11-04"})})
    run(here, "sync", "--today", NOVEMBER)
    first = tasks_of(here.folder / "customers.tasks.csv")
    assert first
    old = export.of(LATER)
    (here.folder / "december.csv").write_bytes(old)
    assert "takes the place of november.csv" in run(here, "replace", "december.csv", "--yes")
    settings = tomllib.loads((here.folder / "goodword.toml").read_text("utf-8"))
    sources = [source["file"] for source in settings["plugin"]["csv"]["sources"]]
    assert sorted(sources) == ["customers.csv", "december.csv", "survey.csv"]
    run(here, "sync", "--today", DECEMBER)
    second = tasks_of(here.folder / "customers.tasks.csv")
    assert second.keys() >= first.keys()
    assert (here.folder / "december.csv").read_bytes() == old, "it is only read"
    assert_only_ours_is_new(here.folder / "customers.csv", customers.encode())
