"""Measure the score: fitting a published sample, and a town of a million customers.

``python bench/scores.py`` draws the customers of a shop from the model itself, fits it and works
out twelve months of value for everybody, several times, each in a process of its own. Where another
Python holds ``lifetimes`` (``--beside``), the same histories are given to it in the same run. It is
archived, so it needs an environment of its own: ``pip install lifetimes "pandas<3"
"setuptools<81"``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from figures import Figure, Reading, repeated

ROOT = Path(__file__).parents[1]
SIZES = (2_357, 1_000_000)
OURS = """
import json, resource, sys, time
sys.path.insert(0, {core!r})
import numpy as np
from goodword.clv import bg_nbd
from goodword.clv.histories import Histories
from goodword.clv.worth import Terms, worth
h = np.load({path!r})
one, none = np.ones_like(h["x"]), np.zeros(h["x"].shape, dtype=bool)
history = Histories(h["x"] + 1, 740_000 - h["age"], 740_000 - h["age"] + h["recency"],
                    h["mean"] * (h["x"] + 1), ~none, h["mean"] * h["x"], h["x"], none)
worth(Histories(*(getattr(history, n)[:500] for n in history.__slots__[:-1])), 740_000.0, Terms())
before = time.process_time()
fitted = 0.0
if h["x"].size < 10_000:
    bg_nbd.fit(h["x"], h["recency"], h["age"])
    fitted = time.process_time() - before
before = time.process_time()
worth(history, 740_000.0, Terms())
print(json.dumps([fitted, time.process_time() - before,
                  resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
"""What is timed in a process of its own: computing time, and the most memory it held (Linux)."""
THEIRS = """
import json, resource, time, warnings
warnings.simplefilter("ignore")
import numpy as np
from lifetimes import BetaGeoFitter, GammaGammaFitter
h = np.load({path!r})
before = time.process_time()
model = BetaGeoFitter(penalizer_coef=0.0)
model.fit(h["x"], h["recency"] / 7, h["age"] / 7)
fitted = time.process_time() - before
before = time.process_time()
again = h["x"] > 0
money = GammaGammaFitter()
money.fit(h["x"][again], h["mean"][again])
for month in range(12):
    model.conditional_expected_number_of_purchases_up_to_time(
        (month + 1) * 52 / 12, h["x"], h["recency"] / 7, h["age"] / 7)
money.conditional_expected_average_profit(h["x"], h["mean"])
print(json.dumps([fitted, fitted + time.process_time() - before,
                  resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def draw(size: int, path: Path) -> None:
    """Write the histories of an invented shop: purchases, latest, age in days, mean in cents."""
    import numpy as np

    chance = np.random.default_rng(size)
    rate = chance.gamma(0.8, 1 / 60.0, size)
    leaves = chance.beta(0.6, 3.0, size)
    age = chance.integers(30, 1_200, size).astype(np.float64)
    x = np.zeros(size)
    at, last = np.zeros(size), np.zeros(size)
    alive = chance.random(size) >= 0.0
    while alive.any():
        at = np.where(alive, at + np.ceil(chance.exponential(1 / np.maximum(rate, 1e-9))), at)
        alive &= at <= age
        x += alive
        last = np.where(alive, at, last)
        alive &= chance.random(size) >= leaves
    mean = np.round(np.exp(chance.normal(8.5, 0.6, size)))
    np.savez(path, x=x, recency=last, age=age, mean=mean)


def measured(python: str, program: str, size: int, who: str) -> list[Reading]:
    """Run a program in a process of its own and return what it measured."""
    done = subprocess.run(  # noqa: S603 - our own program, written above
        [python, "-c", program], check=True, capture_output=True, text=True
    )
    fitted, whole, megabytes = json.loads(done.stdout.splitlines()[-1])
    name = f"{who}, {size:,} customers"
    readings = [Reading(f"{name}: fit and 12 months of value", "s", whole)]
    if fitted:
        readings.insert(0, Reading(f"{name}: fit", "s", fitted))
    return [*readings, Reading(f"{name}: memory", "MB", megabytes)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, help="times each is measured")
    parser.add_argument("--beside", metavar="PYTHON", help="a Python that has lifetimes")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"{size}.npz"
            draw(size, path)
            programs = [("goodword", sys.executable, OURS)]
            if chosen.beside:
                programs.append(("lifetimes", chosen.beside, THEIRS))
            for who, python, program in programs:
                text = program.format(core=str(ROOT / "core"), path=str(path))
                once = partial(measured, python, text, size, who)
                _show(repeated(chosen.repeat, once))


def _show(figures: list[Figure]) -> None:
    for one in figures:
        print(f"{one.what}: {one.lowest:,.3f} · {one.median:,.3f} · {one.highest:,.3f} {one.unit}")


if __name__ == "__main__":
    main()
