"""Measure a list of 100,000 customers: read it, decide and write, beside a plain copy of it.

The plain copy is the least anybody must do: read every cell with the same reader, and write the
file with five columns more. Every measurement is a process of its own; wall time, CPU time and peak
memory are the system's.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from children import PATHS, PER_MEBIBYTE
from figures import Figure, Reading, repeated
from invented_list import MAPPED, write_csv, write_xlsx
from performance_page import SPREADSHEETS, where, with_spreadsheets
from start_up import announce, with_site

OURS = ("Stage", "Segment", "Score", "Next ask", "Why")
TODAY = "2026-11-20"
_STEPS = (
    ("pull", ("pull",)),
    ("plan, without a pull", ("plan", "--no-pull", "--today", TODAY)),
    ("apply, with its second look", ("apply", "--today", TODAY)),
    ("sync, with nothing to write", ("sync", "--today", TODAY)),
)


def main() -> None:
    """Measure both formats and print a table each, or write them into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, help="repetitions of each measurement")
    parser.add_argument("--people", type=int, default=100_000, help="rows of the list")
    parser.add_argument("--write", type=Path, help="page to write into, as docs/performance.md")
    parser.add_argument("--plain", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.plain is not None:
        plain_copy(chosen.plain)
        return
    load, day = os.getloadavg()[0], datetime.now(UTC).date()
    parts = [SPREADSHEETS.format(people=chosen.people), where(chosen.repeat, load, day)]
    with tempfile.TemporaryDirectory() as scratch:
        for write in (write_csv, write_xlsx):
            ending = write.__name__.removeprefix("write_")
            source = Path(scratch) / f"list.{ending}"
            write(source, chosen.people)
            figures = repeated(chosen.repeat, partial(_once, source))
            parts.append(table(ending.upper(), figures))
    section = "\n".join(parts)
    print(section)
    if chosen.write is not None:
        before = chosen.write.read_text(encoding="utf-8")
        chosen.write.write_text(with_spreadsheets(before, section), encoding="utf-8")


def table(title: str, figures: Sequence[Figure]) -> str:
    """Return the medians, one line a step."""
    steps: dict[str, dict[str, float]] = {}
    for figure in figures:
        step, _, what = figure.what.rpartition(", ")
        steps.setdefault(step, {})[what] = figure.median
    lines = [f"| {title} | wall s | CPU s | peak MiB |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {step} | {s['wall']:.1f} | {s['CPU']:.1f} | {s['peak']:,.0f} |"
        for step, s in steps.items()
    ]
    return "\n".join([*lines, ""])


def _once(source: Path) -> list[Reading]:
    """Measure the plain copy, then each step of a firm that has just set goodword up."""
    from goodword.cli.firm_file import write_firm

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        announce(folder)
        readings = _measured("plain read and write", [__file__, "--plain", str(source)], folder)
        firm = folder / "firm"
        firm.mkdir()
        shutil.copy(source, firm)
        write_firm(firm, _settings(source))
        program = with_site(folder)
        for step, arguments in _STEPS:
            readings += _measured(step, ["-c", program, "-C", str(firm), *arguments], folder)
        return readings


def _settings(source: Path) -> dict[str, object]:
    sheet = {
        "file": source.name,
        "sheet": "Customers" if source.suffix == ".xlsx" else "",
        "kind": "contacts",
        "write": True,
        "day_first": True,
        "columns": MAPPED,
    }
    return {
        "firm": {"name": "Bench", "fallback_owner": "Rep 1", "currency": "GBP", "region": "GB"},
        "connector": {"name": "csv", "account": "bench"},
        "rollout": {"mode": "live"},
        "plugin": {"csv": {"sources": [sheet], "currency": "GBP", "region": "GB"}},
    }


def _measured(step: str, arguments: Sequence[str], folder: Path) -> list[Reading]:
    """Run Python with *arguments* and return wall, CPU and peak memory of that one process."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, PATHS)), "NO_COLOR": "1"}
    said = folder / "said.txt"
    with said.open("wb") as out:
        began = time.perf_counter()
        child = os.posix_spawn(
            sys.executable,
            [sys.executable, *arguments],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, out.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, out.fileno(), 2),
            ],
        )
        _, status, used = os.wait4(child, 0)
        wall = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{step} failed:\n{said.read_text(encoding='utf-8')}")
    return [
        Reading(f"{step}, wall", "s", wall),
        Reading(f"{step}, CPU", "s", used.ru_utime + used.ru_stime),
        Reading(f"{step}, peak", "MiB", used.ru_maxrss / PER_MEBIBYTE),
    ]


# ---------------------------------------------------------------------- the plain copy


def plain_copy(source: Path) -> None:
    """Read every cell of the file, and write it with five columns more."""
    target = Path(tempfile.gettempdir()) / f"plain-{os.getpid()}{source.suffix}"
    copy: Callable[[Path, Path], None] = _plain_csv if source.suffix == ".csv" else _plain_xlsx
    copy(source, target)
    target.unlink()


def _plain_csv(source: Path, target: Path) -> None:
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([*row, *OURS] for row in rows)


def _plain_xlsx(source: Path, target: Path) -> None:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(source)
    book.get_sheet_by_index(0).to_python()
    part = "xl/worksheets/sheet1.xml"
    cells = [
        f'<c r="{letter}%b" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("UVWXY", OURS, strict=True)
    ]
    ours = "".join(cells).encode()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == part:
                data = re.sub(
                    rb'(<row r="([0-9]+)"[^>]*>.*?)</row>',
                    lambda found: found[1] + ours % ((found[2],) * len(OURS)) + b"</row>",
                    data,
                    flags=re.DOTALL,
                )
            new.writestr(entry, data)


if __name__ == "__main__":
    main()
