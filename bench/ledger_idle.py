"""Measure what a large ledger costs a run that has nothing to write.

``python bench/ledger_idle.py`` makes a ledger of 1,000,000 keys (or ``--keys``), then does all the
ledger work of an idle run several times, each in a process of its own. An idle run may spend one
second on it; the program ends with 1 when the median takes longer.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from figures import Figure, Reading, repeated

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "core"))

from goodword.connector import WriteResult  # noqa: E402 - found on the path set above
from goodword.ledger import Ledger  # noqa: E402 - found on the path set above
from goodword.model import Action, CreateTask, SetFields  # noqa: E402 - found on the path set above

LIMIT = 1.0
"""Seconds an idle run may add."""
BEGAN = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
A_RUN = 10_000
"""Writes of each run that filled the ledger."""
SNAPSHOT = 41


def key_of(number: int) -> str:
    """Return a key as they are: a hash, so in no order."""
    return hashlib.sha256(str(number).encode()).hexdigest()[:32]


def action_of(number: int) -> Action:
    """Return an invented write; every second one is a task."""
    who = f"contact-{number // 2}"
    if number % 2:
        values = {"stage": "buy", "score": number % 100}
        before = {"stage": "try", "score": None}
        return SetFields(key=key_of(number), contact_id=who, values=values, before=before)
    return CreateTask(
        key=key_of(number),
        contact_id=who,
        contact_name=f"Person {number}",
        owner_id=f"rep-{number % 40}",
        play="ask",
        cycle=f"survey-{number}",
        due=TODAY,
        subject=f"Ask Person {number} for a good word",
        body="They rated us 9 of 10 last week. " * 8,
        because=("rated us 9/10", "customer for two years"),
        rank=number,
        asks=True,
    )


def runs(keys: int) -> Iterator[tuple[str, datetime, list[Action]]]:
    """Return the runs that filled the ledger, one an hour."""
    for number, part in enumerate(batches(keys)):
        yield f"run-{number:05}", BEGAN + timedelta(hours=number), [action_of(n) for n in part]


def batches(keys: int) -> Iterator[range]:
    """Return the numbers of the writes of each run."""
    for first in range(0, keys, A_RUN):
        yield range(first, min(first + A_RUN, keys))


def fill(path: Path, keys: int) -> None:
    """Write *keys* writes, all but the last run's seen on the host, every 500th task deleted."""
    ledger = Ledger(path)
    for run, now, actions in runs(keys):
        ledger.start(run, "apply", "20260101-00000000", now, "rules", {"goodword": "0.2.0"})
        ledger.intend(run, actions, now)
        done = [(action, WriteResult(action.key, ok=True, remote_id="t")) for action in actions]
        ledger.settle(run, "20260101-00000000", done, now)
        ledger.finish(run, now)
    seen = [key_of(number) for number in range(0, keys, 2) if number % 1000]
    ledger.reconcile(seen, TODAY, SNAPSHOT)
    ledger.close()


def idle_run(path: Path, keys: int) -> list[Reading]:
    """Do what a run asks of the ledger when nothing happened since the one before."""
    found: list[Reading] = []

    def timed(what: str, work: Callable[[], object]) -> object:
        began = time.perf_counter()
        answer = work()
        found.append(Reading(what, "s", time.perf_counter() - began))
        return answer

    whole = time.perf_counter()
    now = datetime.now(UTC)
    run = f"idle-{now:%Y%m%d%H%M%S%f}"
    candidates = [key_of(number) for number in range(0, 2 * keys, max(keys // 2500, 1))]
    ledger = timed("open", lambda: Ledger(path))
    if not isinstance(ledger, Ledger):
        sys.exit("no ledger was opened")
    timed("clock, foreign runs, mode", lambda: (ledger.clock(), ledger.foreign(["run-00000"])))
    timed("open intents", ledger.open_intents)
    timed("differences of nothing", lambda: ledger.note_host([], {}, TODAY, SNAPSHOT + 1))
    timed("outstanding tasks", ledger.outstanding)
    timed(f"known, of {len(candidates):,} keys", lambda: ledger.known(candidates))
    timed("given, of 500 tasks", lambda: ledger.given(candidates[:500]))
    timed("fields written since", lambda: ledger.fields_since(SNAPSHOT + 1, now))
    timed("taken back, last run", lambda: (ledger.taken_back(), ledger.last_run(["apply"])))
    timed("forgotten, contents that expire", lambda: (ledger.forgotten(candidates), expire(ledger)))
    timed("start", lambda: ledger.start(run, "sync", "", now, "rules", {}))
    timed("finish", lambda: ledger.finish(run, datetime.now(UTC)))
    timed("close", ledger.close)
    return [*found, Reading("all ledger work of an idle run", "s", time.perf_counter() - whole)]


def expire(ledger: Ledger) -> int:
    """Empty what is older than the ledger itself: nothing."""
    return ledger.expire(BEGAN - timedelta(days=1))


def in_a_process(path: Path, keys: int) -> list[Reading]:
    """Measure an idle run in a process of its own."""
    arguments = [sys.executable, __file__, "--inside", str(path), "--keys", str(keys)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    return [Reading(what, unit, value) for what, unit, value in json.loads(done.stdout)]


def shown(figures: list[Figure], megabytes: float, keys: int) -> str:
    """Return the figures as lines to read."""
    lines = [f"A ledger of {keys:,} keys, {megabytes:,.0f} MB; median (lowest to highest):"]
    lines += [f"{f.median:9.4f} s  ({f.lowest:.4f} to {f.highest:.4f})  {f.what}" for f in figures]
    return "\n".join(lines)


def main() -> None:
    """Fill a ledger, measure idle runs, print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=1_000_000, help="writes in the ledger")
    parser.add_argument("--repeat", type=int, default=5, help="idle runs")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside is not None:
        readings = idle_run(chosen.inside, chosen.keys)
        print(json.dumps([[r.what, r.unit, r.value] for r in readings]))
        return
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "ledger.sqlite"
        began = time.perf_counter()
        fill(path, chosen.keys)
        took = time.perf_counter() - began
        print(f"Filled in {took:.0f} s", file=sys.stderr)
        figures = repeated(chosen.repeat, lambda: in_a_process(path, chosen.keys))
        print(shown(figures, path.stat().st_size / 1e6, chosen.keys))
    sys.exit(figures[-1].median > LIMIT)


if __name__ == "__main__":
    main()
