"""Measure what ``docs/performance.md`` states: start-up, a small plan, large firms, large pulls.

Every repetition is a process of its own, so that nothing is warm but the disk cache. Wall time is
what a person waits; CPU time is what the machine works, on all cores, and hardly depends on what
else it does. Sides of a comparison take turns, and each ratio is taken within one turn. The rivals'
answers are compared with the product's first: where one differs, nothing is measured. What was
measured is kept, so that a part of it can be measured anew.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from answers import differences
from children import run_child
from figures import Figure, Large, Measured, Pulled, Reading, Small, figure
from kept_figures import KEPT, figures_in, keep_figures
from one_side import LITTLE, OURS
from paged_pull import write_pages
from performance_page import page, spreadsheets_of, where, with_spreadsheets
from start_up import measure_help, measure_sample

PAGE = Path("docs") / "performance.md"
RIVALS = ("sql", "pandas", LITTLE)
"""Sides that must answer as the product does."""
ALONE = ("floor", "scoring")
"""Measured beside the sides, without answers."""
BESIDE_UP_TO = 1_000_000
"""Largest firm that has rivals and is pulled; a larger one is measured once."""
OFTEN_UP_TO = 100_000
"""Largest firm that is measured as often as anything else; a larger one ``SELDOM``."""
SELDOM = 3
"""Turns of a firm that takes ten minutes each; it is pulled once."""


def measure_large(times: int, contacts: int, folder: Path) -> Large:
    """Measure plans for *contacts* people from a mirror on disk, side by side with the rivals."""
    taken = now(times)
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
        side: {
            what: figure(side, "", [ratio(turn, side, what) for turn in turns])
            for what in ("wall", "CPU")
        }
        for side in (*rivals, "floor")
    }
    shares: list[Reading] = []
    if rivals:
        say(f"{contacts:,} contacts, looking where the time goes ...")
        shares = [each for each in one_side("profile", firm) if each.unit == "%"]
    shutil.rmtree(firm)
    return Large(contacts, taken, figures, ratios, shares)


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


def measure_pull(times: int, contacts: int, folder: Path) -> Pulled:
    """Measure a pull of *contacts* people, and incremental ones after it, one after the other."""
    taken = now(times)
    firm = folder / "pulled-firm"
    firm.mkdir()
    say(f"Pulling {contacts:,} contacts ...")
    write_pages(firm / "pages", contacts)
    pulls = []
    for _ in range(times if contacts <= OFTEN_UP_TO else 1):
        shutil.rmtree(firm / "pulled", ignore_errors=True)
        pulls.append(one_side("pull", firm))
    merges = [one_side("merge", firm) for _ in range(times)]
    shutil.rmtree(firm)
    return Pulled(contacts, taken, {"pull": summed(pulls), "merge": summed(merges)})


def measure_small(times: int, folder: Path) -> Small:
    """Measure starting up, and a plan for the sample firm."""
    return Small(now(times), measure_help(times, folder), measure_sample(times, folder))


def now(times: int) -> str:
    """Return when, on what and how often something is measured."""
    return where(times, os.getloadavg()[0], datetime.now(UTC).date())


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
    measured = Measured() if chosen.write is None else figures_in(KEPT)
    for newer in measurements(measured, chosen.repeat, sorted(chosen.contacts)):
        measured = newer
        if chosen.write is not None:
            keep_figures(measured, KEPT)
            write_page(measured, chosen.write)
    print(page(measured))


def measurements(measured: Measured, times: int, sizes: Sequence[int]) -> Iterator[Measured]:
    """Measure one thing after the other; yield *measured* with each of them."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        measured = replace(measured, small=measure_small(times, folder))
        yield measured
        for n in sizes:
            often = times if n <= OFTEN_UP_TO else min(times, SELDOM) if n <= BESIDE_UP_TO else 1
            measured = replace(
                measured, large={**measured.large, n: measure_large(often, n, folder)}
            )
            yield measured
            if n <= BESIDE_UP_TO:
                pulled = {**measured.pulled, n: measure_pull(often, n, folder)}
                measured = replace(measured, pulled=pulled)
                yield measured


def write_page(measured: Measured, path: Path) -> None:
    """Write the page; what another script measured stays."""
    kept = spreadsheets_of(path.read_text(encoding="utf-8")) if path.exists() else ""
    text = page(measured)
    path.write_text(with_spreadsheets(text, kept) if kept else text, encoding="utf-8")


if __name__ == "__main__":
    main()
