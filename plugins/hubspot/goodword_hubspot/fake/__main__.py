"""Run the portal by hand: ``python -m goodword_hubspot.fake --port 8901 --seed 7``.

Each line typed meanwhile is something a person does in the portal; see ``fake/typed.py``.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from goodword_hubspot.fake.account import ALL_SCOPES, TIERS, Account
from goodword_hubspot.fake.sample import fill
from goodword_hubspot.fake.server import Fake
from goodword_hubspot.fake.typed import HELP


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the sample portal until it is interrupted, then print which calls were made."""
    words = argparse.ArgumentParser(prog="goodword_hubspot.fake", description=__doc__)
    words.add_argument("--port", type=int, default=8901, help="0 for any free port")
    words.add_argument("--seed", type=int, default=7, help="another seed, other people")
    words.add_argument("--tier", choices=sorted(TIERS), default="professional")
    words.add_argument("--empty", action="store_true", help="no sample data")
    lacks = "a scope the key lacks; may be given several times"
    words.add_argument(
        "--without", action="append", default=[], choices=sorted(ALL_SCOPES), help=lacks
    )
    given = words.parse_args(arguments)
    account = Account(tier=TIERS[given.tier], scopes=set(ALL_SCOPES) - set(given.without))
    fake = Fake(account, port=given.port, seed=given.seed)
    if not given.empty:
        fill(fake.portal, given.seed)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    write = sys.stdout.write
    with fake:
        write(f"A HubSpot portal is at {fake.url}\nIts key is {fake.account.key}\n")
        write(f"Ctrl+C ends it. Type what a person does there: {HELP}.\n")
        sys.stdout.flush()
        threading.Thread(target=_listen, args=(fake,), daemon=True).start()
        while not stop.wait(0.5):  # a wait without an end hears no signal on Windows
            pass
    write("\n" + "\n".join(fake.calls.lines()) + "\n")
    return 0


def _listen(fake: Fake) -> None:
    """Do what each line of the standard input says, until there are no more."""
    for line in sys.stdin:
        if line.strip():
            sys.stdout.write(f"{fake.typed(line)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
