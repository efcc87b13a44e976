"""The page of the benchmarks: figures beside what they mean and where they were taken."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version

from figures import Figure

WALL, CPU = ", wall", ", CPU"
VERSIONS = ("polars", "narwhals", "pydantic", "pluggy", "typer")
_INTRO = """\
# Benchmarks

Written by `python bench/run.py --write docs/benchmarks.md`, not by hand; `make bench` prints the
same and writes nothing. Every repetition is a process of its own, and one before the others does
not count. *Wall* is what a person waits, *CPU* what the machine works on all its cores; each is
given as lowest · **median** · highest, in seconds. The people are invented.
"""
_HELP = """\
## `goodword --help`

Aim: at most 0.3 s CPU, and no engine, no settings model and no vendor's SDK imported. The latter
is checked before anything is measured.
"""
_SAMPLE = """\
## A plan for the sample firm

`goodword plan` on the bundled workbook with some sixty customers, from typing it to the last line:
start of Python, reading the workbook, deciding, writing the plan to `.goodword`, printing. Aim: at
most 2 s.
"""
_LARGE = """\
## {contacts:,} contacts

A firm with about four deals, ten touches, half a survey answer and 0.4 earlier asks a contact,
already pulled: its mirror is on disk as Parquet. *Decided* is what the aim speaks of (at most 3 s):
imports, plugins, rules, facts, stages, scores, and a verdict with its reason for every contact. The
plan (budget, words of the tasks, changed tags) comes on top; it is that of a first run, in which
every contact gets new tags. Pulling from a host is not part of it; there the host's limits decide.
"""
SPREADSHEETS = """\
## A list of {people:,} customers as a file

Written by `python bench/spreadsheets.py --write docs/benchmarks.md`. An invented list with 20
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


def page(
    figures: Mapping[str, Sequence[Figure]], contacts: int, times: int, load: float, day: date
) -> str:
    """Return the page.

    Args:
        figures: Figures by part: help, sample, large.
        contacts: Size of the large firm.
        times: Repetitions of each measurement.
        load: Load average when the measuring began.
        day: Day of the measurement.
    """
    parts = [
        _INTRO,
        where(times, load, day),
        _HELP,
        _table(figures["help"]),
        _SAMPLE,
        _table(figures["sample"]),
        _LARGE.format(contacts=contacts),
        _table(figures["large"]),
    ]
    return "\n".join(parts)


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


def _spread(figure: Figure) -> str:
    digits = 2 if figure.unit == "s" else 0
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
