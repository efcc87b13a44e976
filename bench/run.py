"""Measure what the pages state about speed: start-up, a small firm's plan, a large firm's decision.

Every repetition is a process of its own, so that nothing is warm but the disk cache. Wall time is
what a person waits; CPU time is what the machine works, on all cores, and hardly depends on what
else it does. Nothing is written into the repository unless ``--write`` names a page.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path

from benchmarks_page import page, spreadsheets_of, with_spreadsheets
from figures import Figure, Reading, repeated
from large_firm import measure_in_this_process, write_mirror

ROOT = Path(__file__).parents[1]
PATHS = (ROOT / "core", ROOT / "plugins" / "csv")
START = "import sys; from goodword.cli import main; sys.argv[0] = 'goodword'; main()"
ENGINES = ("narwhals", "polars", "duckdb", "pyspark", "pandas", "numpy", "pyarrow", "pydantic")
"""Modules that help must not load; vendors' SDKs are listed in the test of the same promise."""


def run_child(arguments: Sequence[str], folder: Path, what: str) -> tuple[str, list[Reading]]:
    """Run Python with *arguments* in *folder*; return its output and what it took, as *what*."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, PATHS)), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, [Reading(f"{what}, wall", "s", wall), Reading(f"{what}, CPU", "s", cpu)]


def measure_help(times: int, folder: Path) -> list[Figure]:
    """Measure ``goodword --help``, and make sure that it loads no engine."""
    listing = f"{START.removesuffix('; main()')}; sys.argv[1:] = ['--help']\n" + (
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', [name for name in {ENGINES!r} if name in sys.modules])"
    )
    output, _ = run_child(["-c", listing], folder, "")
    if not output.rstrip().endswith("loaded: []"):
        sys.exit(f"--help loads what it should not: {output.splitlines()[-1]}")
    return repeated(times, lambda: run_child(["-c", START, "--help"], folder, "goodword --help")[1])


def measure_sample(times: int, folder: Path) -> list[Figure]:
    """Measure ``goodword plan`` on the sample workbook, its reading and printing included."""
    from goodword.cli.firm_file import write_firm
    from goodword_csv.demo import lay_out

    firm = folder / "sample"
    firm.mkdir()
    sample = lay_out(firm)
    write_firm(firm, sample.settings)
    announce(folder)
    arguments = ["-c", with_site(folder), "plan", "--today", sample.today.isoformat()]
    return repeated(times, lambda: run_child(arguments, firm, "goodword plan")[1])


def announce(folder: Path) -> None:
    """Put into *folder* the entry point an installed CSV plugin leaves, if there is none."""
    if any(point.name == "csv" for point in entry_points(group="goodword")):
        return
    info = folder / "goodword_csv-0.dist-info"
    info.mkdir()
    metadata = "Metadata-Version: 2.1\nName: goodword-csv\nVersion: 0\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    (info / "entry_points.txt").write_text("[goodword]\ncsv = goodword_csv\n", encoding="utf-8")


def with_site(folder: Path) -> str:
    """Return the program with *folder* as a place where plugins are announced."""
    return f"import sys; sys.path.append({str(folder)!r}); {START}"


def measure_large(times: int, contacts: int, folder: Path) -> list[Figure]:
    """Measure deciding and planning for *contacts* people from a mirror on disk."""
    firm = folder / "large"
    firm.mkdir()
    print(f"Writing an invented firm of {contacts:,} contacts ...", file=sys.stderr)
    write_mirror(firm, contacts)

    def once() -> list[Reading]:
        output, whole = run_child([__file__, "--inside", str(firm)], folder, "whole process")
        pieces = [Reading(what, unit, value) for what, unit, value in json.loads(output)]
        return [*pieces, *whole]

    return repeated(times, once)


def main() -> None:
    """Measure everything and print it, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="repetitions of each measurement")
    parser.add_argument("--contacts", type=int, default=100_000, help="size of the large firm")
    parser.add_argument("--write", type=Path, help="page to write, such as docs/benchmarks.md")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside is not None:
        readings = measure_in_this_process(chosen.inside)
        print(json.dumps([[r.what, r.unit, r.value] for r in readings]))
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        figures = {
            "help": measure_help(chosen.repeat, folder),
            "sample": measure_sample(chosen.repeat, folder),
            "large": measure_large(chosen.repeat, chosen.contacts, folder),
        }
    text = page(figures, chosen.contacts, chosen.repeat, load, datetime.now(UTC).date())
    print(text)
    if chosen.write is not None:
        before = chosen.write.read_text(encoding="utf-8") if chosen.write.exists() else ""
        kept = spreadsheets_of(before)
        text = with_spreadsheets(text, kept) if kept else text
        chosen.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
