"""The page on performance: figures beside what they mean and where they were taken."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise

from figures import Figure

WALL, CPU = ", wall", ", CPU"
VERSIONS = ("polars", "narwhals", "duckdb", "pandas", "pydantic", "pluggy", "typer")
_INTRO = """\
# Performance

Written by `make bench` (`python bench/run.py --write docs/performance.md`), not by hand. Every
repetition is a process of its own, and one before the others does not count. *Wall* is what a
person waits, *CPU* what the machine works on all its cores; each is given as lowest · **median** ·
highest, in seconds. Memory is the peak of a process and all it started. The people are invented.
Which engine to choose, and what the CRM's limits mean for run times: [engines](engines.md).
"""
_HELP = """\
## `goodword --help`

Aim: at most 0.3 s, and no engine, no settings model and no vendor's SDK imported. The latter is
checked before anything is measured.
"""
_SAMPLE = """\
## A plan for the sample firm

`goodword plan` on the bundled workbook with some sixty customers, from typing it to the last line:
start of Python, reading the workbook, deciding, writing the plan to `.goodword`, printing. Aim: at
most 2 s.
"""
_LARGE = """\
## {contacts:,} contacts

A firm with about four deals (skewed), ten activities, 0.45 survey answers, 0.3 referrals and 0.4
earlier tasks of ours a contact, already pulled: its mirror is on disk as Parquet. The plan is that
of a usual day: our fields stand on the host as an earlier plan left them, but for one contact in
twenty. Scores were worked out before, and all sides read them from the same file; *scoring* stands
by itself. *sql* and *pandas* are `bench/rival.sql` and `bench/rival_pandas.py`, which do by hand
what the default rules do and are compared in every turn: the same verdict, priority and line for
every
contact, the same changed fields, the same tasks for the same reps in the same order, the same tasks
closed and moved. On top of them, goodword writes the words of each task, saves every fact of every
contact for `why`, and sums up what the plan was decided on. *floor* reads all columns of all tables
and writes one row a contact.
"""
_PULL = """\
## Pulling {contacts:,} contacts

Pages of a hundred rows go through the sink to disk, as a CRM's API gives them, then a thousand
contacts and what happened to them are merged into the mirror as an incremental pull. What the host
takes to answer is not part of it. Aim: at most 300 MiB whatever the number.
"""
_PHASES = """\
## The three hottest phases, and what was done about them

Profiles of a plan at 100,000 contacts, taken before these changes and after them:

1. **All facts were built twice** where the plan closes a task of ours, which in a large firm is
   every day: once to find out whose open asks are withdrawn, and again without those tasks. Now
   only the facts that withdrawing rules read are built for the first look. Deciding took 15 s of
   computing time, and takes 9 s.
2. **Writing and merging a mirror** held every table in memory, grouped all its rows by key, and
   wrote tables nobody had touched anew. Tables are now written in pieces; new rows replace old ones
   by their keys alone; repeated keys are found through sums on disk; a table without news is
   copied.
   A pull of 100,000 contacts took 430 MiB, and takes 220 MiB.
3. **The sum over the grounds of a plan** went through Python numbers one by one; it now reads the
   bytes of the column as they are.
"""
SPREADSHEETS = """\
## A list of {people:,} customers as a file

Written by `python bench/spreadsheets.py --write docs/performance.md`. An invented list with 20
columns of every kind, 17 of them mapped, set up a moment ago: nobody was asked, so the first apply
writes tags for everybody. *Plain* is the least anybody must do: read every cell (csv module;
python-calamine) and write the file with five columns more (csv module; the sheet's part patched as
text in a copied zip). Medians.

Aim: pull, plan and apply at most twice the plain copy, 300 MiB for CSV and 700 MiB for XLSX. It is
not reached: deciding, the plan as a document and the ledger of 100,000 writes take most of the time
and memory, and a CSV file is copied in about a second.
"""
"""Heading and words of the section about spreadsheets, which its own script measures."""


def with_spreadsheets(page: str, section: str) -> str:
    """Return the page with *section* as its last, in the place of the one that was there."""
    return page.partition(_heading())[0].rstrip() + "\n\n" + section


def spreadsheets_of(page: str) -> str:
    """Return the section about spreadsheets, or nothing."""
    _, heading, rest = page.partition(_heading())
    return heading + rest


def _heading() -> str:
    return SPREADSHEETS.partition("{")[0]


@dataclass(frozen=True, slots=True)
class Large:
    """What was measured of one large firm: figures by side, and ratios to the product."""

    contacts: int
    sides: Mapping[str, Sequence[Figure]]
    ratios: Sequence[Figure]


def page(
    small: Mapping[str, Sequence[Figure]],
    large: Sequence[Large],
    pulls: Mapping[int, Mapping[str, Sequence[Figure]]],
    times: int,
    load: float,
    day: date,
) -> str:
    """Return the page.

    Args:
        small: Figures of start-up: help, sample.
        large: Firms by size.
        pulls: Figures of a pull and a merge, by number of contacts.
        times: Repetitions of each measurement.
        load: Load average when the measuring began.
        day: Day of the measurement.
    """
    parts = [
        _INTRO,
        where(times, load, day),
        _HELP,
        _table(small["help"]),
        _SAMPLE,
        _table(small["sample"]),
    ]
    for firm in large:
        parts += [
            _LARGE.format(contacts=firm.contacts),
            _beside(firm),
            _ratios(firm),
            _pieces(firm),
        ]
    parts += _growth(large)
    for contacts, sides in pulls.items():
        parts += [_PULL.format(contacts=contacts), _rows(sides)]
    return "\n".join([*parts, _PHASES])


def _beside(firm: Large) -> str:
    return _rows(firm.sides)


def _rows(sides: Mapping[str, Sequence[Figure]]) -> str:
    """Return one line a side: time and memory of its whole process."""
    lines = ["| | wall | CPU | peak memory, MiB |", "| --- | --- | --- | --- |"]
    for side, figures in sides.items():
        whole = {f.what.removeprefix("whole process, "): f for f in figures}
        cells = " | ".join(_spread(whole[what]) for what in ("wall", "CPU", "peak memory"))
        lines.append(f"| {side} | {cells} |")
    return "\n".join([*lines, ""])


def _ratios(firm: Large) -> str:
    """Return how many times as long as each rival the product took, within one turn."""
    lines = ["| goodword on polars, times | ratio within a turn |", "| --- | --- |"]
    lines += [f"| {figure.what} | {_spread(figure, 2)} |" for figure in firm.ratios]
    return "\n".join([*lines, ""])


def _pieces(firm: Large) -> str:
    """Return what the pieces of the product's plan took."""
    return _table(
        [f for f in firm.sides["goodword on polars"] if not f.what.startswith("whole process")]
    )


def _growth(large: Sequence[Large]) -> list[str]:
    """Return how the product's time grows from each size to the next."""
    lines = []
    for less, more in pairwise(large):
        took = [
            next(
                f.median
                for f in each.sides["goodword on polars"]
                if f.what.endswith("process, CPU")
            )
            for each in (less, more)
        ]
        times = f"{took[1] / took[0]:.1f} times the computing time"
        lines.append(f"From {less.contacts:,} to {more.contacts:,} contacts: {times}.\n")
    return lines


def _table(figures: Sequence[Figure]) -> str:
    """Return one line a piece: wall and CPU time side by side, other units on their own."""
    lines = ["| | wall | CPU |", "| --- | --- | --- |"]
    cpu = {f.what.removesuffix(CPU): f for f in figures if f.what.endswith(CPU)}
    for figure in figures:
        if figure.what.endswith(WALL):
            what = figure.what.removesuffix(WALL)
            lines.append(f"| {what} | {_spread(figure)} | {_spread(cpu[what])} |")
    others = [f"{f.what}: {_spread(f)} {f.unit}" for f in figures if f.unit != "s"]
    return "\n".join([*lines, "", *(f"{line}\n" for line in others)])


def _spread(figure: Figure, digits: int | None = None) -> str:
    digits = (2 if figure.unit == "s" else 0) if digits is None else digits
    low, middle, high = (
        f"{value:,.{digits}f}" for value in (figure.lowest, figure.median, figure.highest)
    )
    return f"{low} · **{middle}** · {high}"


def where(times: int, load: float, day: date) -> str:
    """Return on what the figures were taken; no name of a machine or a person."""
    cores = os.cpu_count() or 1
    used = ", ".join(f"{name} {_version(name)}" for name in VERSIONS)
    return (
        f"Taken on {day.isoformat()}: {cores} cores, {_memory()}{platform.system()}"
        f" {platform.machine()}, Python {platform.python_version()}, {used}."
        f" {times} repetitions each. Load average when it began: {load:.1f}"
        f"{', so other programs were at work and wall times are too high' if load > 1 else ''}.\n"
    )


def _memory() -> str:
    """Return the machine's memory, where the system tells it."""
    if not hasattr(os, "sysconf") or sys.platform == "win32":
        return ""
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{gibibytes:.0f} GiB of memory, "


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
