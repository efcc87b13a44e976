"""Run the portal by hand: ``python -m goodword_hubspot.fake --port 8901 --seed 7``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from goodword_hubspot.fake.account import TIERS, Account
from goodword_hubspot.fake.sample import fill
from goodword_hubspot.fake.server import Fake


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the sample portal until it is interrupted, then print which calls were made."""
    words = argparse.ArgumentParser(prog="goodword_hubspot.fake", description=__doc__)
    words.add_argument("--port", type=int, default=8901, help="0 for any free port")
    words.add_argument("--seed", type=int, default=7, help="another seed, other people")
    words.add_argument("--tier", choices=sorted(TIERS), default="professional")
    words.add_argument("--empty", action="store_true", help="no sample data")
    given = words.parse_args(arguments)
    fake = Fake(Account(tier=TIERS[given.tier]), port=given.port, seed=given.seed)
    if not given.empty:
        fill(fake.portal, given.seed)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    write = sys.stdout.write
    with fake:
        write(f"A HubSpot portal is at {fake.url}\nIts key is {fake.account.key}\n")
        write("Ctrl+C ends it.\n")
        sys.stdout.flush()
        while not stop.wait(0.5):  # a wait without an end hears no signal on Windows
            pass
    write("\n" + "\n".join(fake.calls.lines()) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
