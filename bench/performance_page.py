"""The page on performance: figures beside what they mean and where they were taken."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version

from figures import Figure, Large, Measured, Reading, spread
from performance_summary import summary

WALL, CPU = ", wall", ", CPU"
WHAT = ("wall", "CPU")
VERSIONS = ("polars", "narwhals", "duckdb", "pandas", "pydantic", "pluggy", "typer")
_INTRO = """\
# Performance

Written by `make bench` (`python bench/run.py --write docs/performance.md`), not by hand. Every
repetition is a process of its own, and one before the others does not count. *Wall* is what a
person waits, *CPU* what the machine works on all its cores; each is given as lowest · **median** ·
highest, in seconds. Memory is the peak of a process and all it started. Ratios are taken within one
turn, in which every side runs once. The people are invented. Which engine to choose, and what the
CRM's limits mean for run times: [engines](engines.md).
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
twenty. Scores were worked out before and all sides read them from the same file; *scoring* is a
process that fits and values everybody, the facts it needs included.
"""
_RIVALS = """\
*sql* and *pandas* are `bench/rival_sql.py` and `bench/rival_pandas.py`, which do by hand what the
default rules do. Before anything is measured their answers are compared with the plan that was
written: the same verdict, priority and line for every contact, the same changed fields, the same
tasks for the same reps in the same order, the same tasks closed and moved. On top of them, goodword
writes the words of each task, saves every fact of every contact for `why`, and sums up what the
plan was decided on. *floor* reads all columns of all tables and writes one row a contact.
"""
_PULL = """\
## Pulling {contacts:,} contacts

Pages of a hundred rows go through the sink to disk, as a CRM's API gives them; what the host takes
to answer is not part of it. Then it is asked for news again and again: a thousand people spread
over the whole firm have changed, with their deals, our fields and some activities, and each has a
new one. That is merged into the mirror.
"""
_HOT = """\
## Where the time goes

Of a plan for {contacts:,} contacts. The running line is looked at two hundred times a second, and
counts for the innermost function of goodword it is in: what the engine computes counts for whoever
asked for it. Shares are of the whole plan, from starting to the written file.
"""
_DONE = """\
What was done about the hottest phases:

1. **Facts.** A frame that several facts need is built once a run. Where the plan closes a task of
   ours, facts are needed twice: before and after; for the first look only those are built that
   withdrawing rules read.
2. **The plan.** It is streamed to its file. A veto and the words of a task are asked for those who
   are about to get one, in the order of their priority, until every week is full; nothing is done
   in Python for each contact. What it was decided on is summed from the bytes of the columns.
3. **The mirror.** Pages become part files as they arrive, repeated keys are found through sums on
   disk, and tables are written in pieces. A table without news is taken over as it is, and beside a
   large one only what came since is written.
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


def page(measured: Measured) -> str:
    """Return the page about what was measured so far."""
    parts = [_INTRO, summary(measured)]
    if measured.small is not None:
        parts += [_HELP, measured.small.taken, _table(measured.small.help)]
        parts += [_SAMPLE, _table(measured.small.sample)]
    large = [firm for _, firm in sorted(measured.large.items())]
    for firm in large:
        parts += [_LARGE.format(contacts=firm.contacts), firm.taken]
        parts += [_RIVALS] if firm.shares else []
        parts += [_rows(firm.sides), _ratios(firm), _pieces(firm)]
    for contacts, pulled in sorted(measured.pulled.items()):
        parts += [_PULL.format(contacts=contacts), pulled.taken]
        parts += [_rows(pulled.sides), _kept(pulled.sides)]
    for firm in [firm for firm in large if firm.shares][-1:]:
        parts += [_HOT.format(contacts=firm.contacts), _places(firm.shares), _DONE]
    return "\n".join(parts)


def _rows(sides: Mapping[str, Sequence[Figure]]) -> str:
    """Return one line a side: time and memory of its whole process."""
    lines = ["| | wall | CPU | peak memory, MiB |", "| --- | --- | --- | --- |"]
    for side, figures in sides.items():
        whole = {f.what.removeprefix("whole process, "): f for f in figures}
        cells = " | ".join(spread(whole[what]) for what in ("wall", "CPU", "peak memory"))
        lines.append(f"| {side} | {cells} |")
    return "\n".join([*lines, ""])


def _ratios(firm: Large) -> str:
    """Return how many times as long as each other side the product took, within one turn."""
    lines = ["| goodword on polars takes | wall | CPU |", "| --- | --- | --- |"]
    for side, found in firm.ratios.items():
        cells = " | ".join(spread(found[what], 2) for what in WHAT)
        lines.append(f"| times as long as {side} | {cells} |")
    return "\n".join([*lines, ""])


def _pieces(firm: Large) -> str:
    """Return what the pieces of the product's plan took."""
    ours = firm.sides["goodword on polars"]
    return _table([f for f in ours if not f.what.startswith("whole process")])


def _kept(sides: Mapping[str, Sequence[Figure]]) -> str:
    """Return what was merged, and how many snapshots are kept in how much room."""
    pulled, merged = ({f.what: f for f in sides[side]} for side in ("pull", "merge"))
    return (
        f"Pulled: {pulled['rows'].median:,.0f} rows, {pulled['room they take'].median:,.0f} MiB on"
        f" disk. Merged: {merged['rows'].median:,.0f} rows each time. After the last one"
        f" {merged['snapshots on disk'].highest:.0f} snapshots are kept, older ones are pruned;"
        f" together they take {merged['room they take'].highest:,.0f} MiB.\n"
    )


def _places(shares: Sequence[Reading]) -> str:
    """Return the pieces of a plan by share, each with its hottest functions."""
    pieces = sorted((r for r in shares if " | " not in r.what), key=lambda r: -r.value)
    lines = ["| piece | share | mostly in |", "| --- | ---: | --- |"]
    for piece in pieces:
        inside = [r for r in shares if r.what.startswith(f"{piece.what} | ")]
        named = (f"`{r.what.partition(' | ')[2]}` {r.value:.0f} %" for r in inside)
        lines.append(f"| {piece.what} | {piece.value:.0f} % | {', '.join(named)} |")
    return "\n".join([*lines, ""])


def _table(figures: Sequence[Figure]) -> str:
    """Return one line a piece: wall and CPU time side by side, other units on their own."""
    lines = ["| | wall | CPU |", "| --- | --- | --- |"]
    cpu = {f.what.removesuffix(CPU): f for f in figures if f.what.endswith(CPU)}
    for figure in figures:
        if figure.what.endswith(WALL):
            what = figure.what.removesuffix(WALL)
            lines.append(f"| {what} | {spread(figure)} | {spread(cpu[what])} |")
    others = [f"{f.what}: {spread(f)} {f.unit}" for f in figures if f.unit != "s"]
    return "\n".join([*lines, "", *(f"{line}\n" for line in others)])


def where(times: int, load: float, day: date) -> str:
    """Return on what the figures were taken; no name of a machine or a person."""
    cores = os.cpu_count() or 1
    used = ", ".join(f"{name} {_version(name)}" for name in VERSIONS)
    often = "Once" if times == 1 else f"{times} times each"
    busy = ", so other programs were at work and wall times are too high" if load > 1 else ""
    return (
        f"Taken on {day.isoformat()}: {cores} cores, {_memory()}{platform.system()}"
        f" {platform.machine()}, Python {platform.python_version()}, {used}. {often}. Load average"
        f" when it began: {load:.1f}{busy}.\n"
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
