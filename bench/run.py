"""Measure what ``docs/performance.md`` states: start-up, a small plan, large firms, large pulls.

Every repetition is a process of its own, so that nothing is warm but the disk cache. Wall time is
what a person waits; CPU time is what the machine works, on all cores, and hardly depends on what
else it does. Sides of a comparison take turns, and each ratio is taken within one turn. The rivals'
answers are compared with the product's first: where one differs, nothing is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from answers import differences
from children import run_child
from figures import Figure, Large, Reading, figure
from one_side import LITTLE, OURS
from paged_pull import write_pages
from performance_page import page, spreadsheets_of, with_spreadsheets
from start_up import measure_help, measure_sample

PAGE = Path("docs") / "performance.md"
RIVALS = ("sql", "pandas", LITTLE)
"""Sides that must answer as the product does."""
ALONE = ("floor", "scoring")
"""Measured beside the sides, without answers."""
BESIDE_UP_TO = 1_000_000
"""Largest firm that has rivals and is pulled; a larger one is measured once."""
PULLED_OFTEN_UP_TO = 100_000
"""Largest firm that is pulled as often as anything else; a larger one once."""


def measure_large(times: int, contacts: int, folder: Path) -> Large:
    """Measure plans for *contacts* people from a mirror on disk, side by side with the rivals."""
    firm = folder / "large"
    firm.mkdir()
    say(f"Writing an invented firm of {contacts:,} contacts ...")
    (firm / "contacts").write_text(str(contacts), encoding="ascii")
    one_side("write", firm)
    rivals = RIVALS if contacts <= BESIDE_UP_TO else ()
    if rivals:
        say(f"{contacts:,} contacts, comparing answers ...")
        refuse_other_answers(firm)
    turns: list[dict[str, list[Reading]]] = []
    for turn in range(times):
        say(f"{contacts:,} contacts, turn {turn + 1} ...")
        turns.append({side: one_side(side, firm) for side in (OURS, *rivals, *ALONE)})
    figures = {side: summed([turn[side] for turn in turns]) for side in turns[0]}
    ratios = {
        (side, what): figure(side, "", [ratio(turn, side, what) for turn in turns])
        for side in (*rivals, "floor")
        for what in ("wall", "CPU")
    }
    shares: list[Reading] = []
    if rivals:
        say(f"{contacts:,} contacts, looking where the time goes ...")
        shares = [each for each in one_side("profile", firm) if each.unit == "%"]
    shutil.rmtree(firm)
    return Large(contacts, figures, ratios, shares)


def one_side(side: str, folder: Path) -> list[Reading]:
    """Run one side in a process of its own; return its pieces and what the process took."""
    script = str(Path(__file__).with_name("one_side.py"))
    output, whole = run_child([script, side, str(folder)], folder, "whole process")
    return [*(Reading(*piece) for piece in json.loads(output)), *whole]


def refuse_other_answers(firm: Path) -> None:
    """Stop where a rival does not answer as the product does; it warms the disk cache, too."""
    for side in (OURS, *RIVALS):
        one_side(side, firm)
        if side in (OURS, LITTLE):
            one_side(f"answers of {side}", firm)
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


def measure_pull(times: int, contacts: int, folder: Path) -> dict[str, list[Figure]]:
    """Measure a pull of *contacts* people, and incremental ones after it, one after the other."""
    firm = folder / "pulled-firm"
    firm.mkdir()
    say(f"Pulling {contacts:,} contacts ...")
    write_pages(firm / "pages", contacts)
    pulls = []
    for _ in range(times if contacts <= PULLED_OFTEN_UP_TO else 1):
        shutil.rmtree(firm / "pulled", ignore_errors=True)
        pulls.append(one_side("pull", firm))
    merges = [one_side("merge", firm) for _ in range(times)]
    shutil.rmtree(firm)
    return {"pull": summed(pulls), "merge": summed(merges)}


def say(text: str) -> None:
    """Tell who waits what is being done."""
    print(text, file=sys.stderr)


def main() -> None:
    """Measure everything and print it, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="repetitions of each measurement")
    parser.add_argument(
        "--contacts",
        type=int,
        nargs="*",
        default=[100_000, 1_000_000, 5_000_000],
        help="sizes of the large firms; one beyond a million is measured once, without rivals",
    )
    parser.add_argument("--write", type=Path, help=f"page to write, such as {PAGE}")
    chosen = parser.parse_args()
    missing = [name for name in ("duckdb", "pandas", "pyarrow") if find_spec(name) is None]
    if missing:
        sys.exit(f"Not installed: {', '.join(missing)}. pip install -r requirements-dev.txt")
    load, times, sizes = os.getloadavg()[0], chosen.repeat, sorted(chosen.contacts)
    beside = [n for n in sizes if n <= BESIDE_UP_TO]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        small = {"help": measure_help(times, folder), "sample": measure_sample(times, folder)}
        large = [measure_large(times if n in beside else 1, n, folder) for n in sizes]
        pulls = {n: measure_pull(times, n, folder) for n in beside}
    text = page(small, large, pulls, times, load, datetime.now(UTC).date())
    print(text)
    if chosen.write is not None:
        before = chosen.write.read_text(encoding="utf-8") if chosen.write.exists() else ""
        kept = spreadsheets_of(before)
        text = with_spreadsheets(text, kept) if kept else text
        chosen.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
