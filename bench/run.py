"""Measure what ``docs/performance.md`` states: start-up, a small plan, large firms, large pulls.

Every repetition is a process of its own, so that nothing is warm but the disk cache. Wall time is
what a person waits; CPU time is what the machine works, on all cores, and hardly depends on what
else it does. Sides of a comparison take turns, and each ratio is taken within one turn. The rivals'
answers are compared with the product's: where one differs, nothing is reported.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from answers import differences
from children import run_child
from figures import Figure, Reading, figure, repeated
from large_firm import write_mirror
from paged_pull import write_pages
from performance_page import Large, page, spreadsheets_of, with_spreadsheets

PAGE = Path("docs") / "performance.md"
START = "import sys; from goodword.cli import main; sys.argv[0] = 'goodword'; main()"
ENGINES = ("narwhals", "polars", "duckdb", "pyspark", "pandas", "numpy", "pyarrow", "pydantic")
"""Modules that help must not load; vendors' SDKs are listed in the test of the same promise."""
OURS, SQL, PANDAS = "goodword on polars", "sql", "pandas"
ALONE = ("floor", "scoring")
"""Measured beside the sides, without answers."""
PANDAS_UP_TO = 1_000_000
"""Largest firm that is also given to pandas and to the pull; larger ones need too much time."""


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


def measure_large(times: int, contacts: int, folder: Path, *, rivals: bool) -> Large:
    """Measure plans for *contacts* people from a mirror on disk, side by side with the rivals."""
    firm = folder / "large"
    print(f"Writing an invented firm of {contacts:,} contacts ...", file=sys.stderr)
    write_mirror(firm, contacts)
    sides = [OURS, SQL]
    sides += [PANDAS] if rivals and find_spec("pandas") else []
    sides += ["goodword on duckdb"] if find_spec("goodword.engines.duckdb_engine") else []
    turns: list[dict[str, list[Reading]]] = []
    for turn in range(times + (times > 1)):
        print(f"{contacts:,} contacts, turn {turn} ...", file=sys.stderr)
        turns.append({side: one_side(side, firm) for side in [*sides, *ALONE]})
        refuse_other_answers(firm, sides)
    counted = turns[1:] or turns  # the first one warms the disk cache
    figures = {side: summed([turn[side] for turn in counted]) for side in turns[0]}
    ratios = [
        figure(f"{side}, {what}", "", [ratio(turn, side, what) for turn in counted])
        for side in sides[1:]
        for what in ("wall", "CPU")
    ]
    shutil.rmtree(firm)
    return Large(contacts, figures, ratios)


def one_side(side: str, folder: Path) -> list[Reading]:
    """Run one side in a process of its own; return its pieces and what the process took."""
    script = str(Path(__file__).with_name("one_side.py"))
    output, whole = run_child([script, side, str(folder)], folder, "whole process")
    return [*(Reading(*piece) for piece in json.loads(output)), *whole]


def refuse_other_answers(firm: Path, sides: list[str]) -> None:
    """Stop where a rival does not answer as the product does."""
    for side in sides[1:]:
        other = differences(firm / "answers" / OURS, firm / "answers" / side)
        if other:
            sys.exit(f"{side} answers otherwise: " + "; ".join(other))


def summed(turns: list[list[Reading]]) -> list[Figure]:
    """Return the figures of one side over all turns."""
    return [
        figure(first.what, first.unit, [turn[number].value for turn in turns])
        for number, first in enumerate(turns[0])
    ]


def ratio(turn: dict[str, list[Reading]], side: str, what: str) -> float:
    """Return how many times as long as *side* the product took in one turn."""
    took = {
        name: next(r.value for r in turn[name] if r.what == f"whole process, {what}")
        for name in (OURS, side)
    }
    return took[OURS] / took[side]


def measure_pull(contacts: int, folder: Path) -> dict[str, list[Figure]]:
    """Measure, once, a pull of *contacts* people and an incremental one after it."""
    firm = folder / "pulled-firm"
    firm.mkdir()
    write_pages(firm / "pages", contacts)
    figures = {side: summed([one_side(side, firm)]) for side in ("pull", "merge")}
    shutil.rmtree(firm)
    return figures


def main() -> None:
    """Measure everything and print it, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="repetitions of each measurement")
    parser.add_argument(
        "--contacts",
        type=int,
        nargs="*",
        default=[100_000, 1_000_000],
        help="sizes of the large firms; one beyond a million is measured once, without pandas",
    )
    parser.add_argument("--write", type=Path, help=f"page to write, such as {PAGE}")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        small = {
            "help": measure_help(chosen.repeat, folder),
            "sample": measure_sample(chosen.repeat, folder),
        }
        sizes = sorted(chosen.contacts)
        large = [
            measure_large(
                chosen.repeat if n <= PANDAS_UP_TO else 1, n, folder, rivals=n <= PANDAS_UP_TO
            )
            for n in sizes
        ]
        pulls = {n: measure_pull(n, folder) for n in sizes if n <= PANDAS_UP_TO}
    text = page(small, large, pulls, chosen.repeat, load, datetime.now(UTC).date())
    print(text)
    if chosen.write is not None:
        before = chosen.write.read_text(encoding="utf-8") if chosen.write.exists() else ""
        kept = spreadsheets_of(before)
        text = with_spreadsheets(text, kept) if kept else text
        chosen.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
