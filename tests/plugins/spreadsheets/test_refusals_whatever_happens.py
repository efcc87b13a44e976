"""Whatever is done to a list with ids of its own, who refused stays refused."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from goodword_csv.rows.contact_rows import read_list
from goodword_csv.rows.notices import Notices
from goodword_csv.rows.register import Register
from goodword_csv.rows.roll_call import Roll
from goodword_csv.rows.sources import read_sheets
from goodword_csv.rows.typed_rows import TypedRows
from goodword_csv.settings import CsvSettings

HEADER = ["No", "Name", "Email", "Phone", "Goodword stage", "Goodword why", "Goodword do not ask"]
FIELDS = {"contact_id": "No", "name": "Name", "email": "Email", "phone": "Phone"}
SOURCE = {"file": "people.csv", "kind": "contacts", "write": True, "columns": FIELDS}
SETTINGS = CsvSettings.model_validate({"region": "GB", "sources": [SOURCE]})
NAMES = ("Nora Quill", "Ida Brandt", "Tom Reyes", "Eva Lund", "Nils Berg", "Ada Holm")
HOUR = 3600
THEIRS, OURS = slice(0, 4), slice(4, 7)

Rows = list[list[str]]


@dataclass
class World:
    """A list, what goodword knows, and who ever refused."""

    folder: Path
    rows: Rows
    register: Register | None = None
    roll: Roll | None = None
    has_ours: bool = True

    def pull(self, saved_at: int) -> None:
        """Save the list as it is at a time, and read it."""
        out = io.StringIO()
        width = 7 if self.has_ours else 4
        csv.writer(out).writerows(row[:width] for row in [HEADER, *self.rows])
        (self.folder / "people.csv").write_text(out.getvalue(), "utf-8", newline="")
        os.utime(self.folder / "people.csv", (saved_at, saved_at))
        (sheet,) = read_sheets(SETTINGS, self.folder)
        rows = TypedRows(sheet, SETTINGS, Notices())
        self.roll = read_list(rows, Notices(), self.register, date(2026, 11, 20)).roll
        self.register = self.roll.register

    def write(self, run: int) -> None:
        """Write everybody's fields, and the marks that were lost, as a run does."""
        assert self.roll is not None
        assert self.register is not None
        self.has_ours = True
        values: dict[str, dict[str, str | int | None]] = {}
        for one, row in zip(self.roll.ids, self.rows, strict=True):
            assert one is not None
            row[4:6] = ["buy", f"{row[1]} in run {run}"]
            values[one] = {"stage": row[4], "why": row[5]}
            if one in self.roll.remembered:
                row[6] = "x"
        os.utime(self.folder / "people.csv", (HOUR * run, HOUR * run))
        trail = self.register.trail.written(self.folder / "people.csv", values)
        marked = self.register.with_marks(self.roll.remembered)
        self.register = replace(marked, ours=True, trail=trail)

    def refused(self) -> set[str]:
        """Names of everybody on the list who is not asked."""
        assert self.roll is not None
        answers = zip(self.roll.ids, self.roll.refused, self.rows, strict=True)
        return {
            row[1] for one, said, row in answers if said == "yes" or one in self.roll.remembered
        }


def permuted(rows: Rows, block: slice, order: list[int]) -> Rows:
    """Move some of the columns to other rows, as sorting them alone does."""
    found = [list(row) for row in rows]
    for row, other in zip(found, order, strict=True):
        row[block] = rows[other][block]
    return found


OPS = ["mark", "ours", "ids", "renumber", "fresh", "older", "correct", "write", "shuffle", "drop"]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_who_refused_stays_refused(tmp_path_factory: object, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("list")  # type: ignore[attr-defined]  # pytest's own fixture
    rows = [
        [f"{100 + n}", name, f"p{n}@x.example", f"0117 496 01{n:02}", "", "", ""]
        for n, name in enumerate(NAMES)
    ]
    world = World(folder, rows)
    world.pull(HOUR)
    world.write(1)
    world.pull(HOUR)
    refused: set[str] = set()
    kept, kept_at = [list(row) for row in world.rows], HOUR
    gone: Rows = []
    for step, op in enumerate(data.draw(st.lists(st.sampled_from(OPS), min_size=3, max_size=8)), 2):
        saved_at = HOUR * step
        order = data.draw(st.permutations(range(len(world.rows))))
        if op == "mark" and world.has_ours:
            row = world.rows[order[0]]
            row[6] = "x"
            refused.add(row[1])
        elif op == "ours":
            world.rows = permuted(world.rows, OURS, order)
        elif op == "ids":
            world.rows = permuted(world.rows, slice(0, 1), order)
        elif op == "renumber":
            for number, row in enumerate(world.rows):
                row[0] = f"{step}{number:03}"
        elif op == "fresh":
            world.has_ours = False
            world.rows = [[*row[THEIRS], "", "", ""] for row in world.rows]
        elif op == "older" and world.has_ours:
            world.rows = [list(row) for row in kept]
            gone = []
            saved_at = kept_at
        elif op == "correct":
            row = world.rows[order[0]]
            row[2] = f"new{step}@x.example"
        elif op == "write":
            world.write(step)
            kept, kept_at = [list(row) for row in world.rows], saved_at
        elif op == "shuffle":
            world.rows = [world.rows[at] for at in order]
        elif op == "drop" and gone:
            world.rows.append(gone.pop())
        elif op == "drop" and len(world.rows) > 3:
            gone.append(world.rows.pop(order[0]))
        world.pull(saved_at)
        here = {row[1] for row in world.rows}
        assert refused & here <= world.refused(), (step, op)
