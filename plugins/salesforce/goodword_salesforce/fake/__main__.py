"""Run the org by hand: ``python -m goodword_salesforce.fake --port 8902 --seed 7``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from goodword_salesforce.fake.account import Account, new_key_pair
from goodword_salesforce.fake.sample import fill
from goodword_salesforce.fake.server import Fake


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the sample org until it is interrupted, then print which calls were made."""
    words = argparse.ArgumentParser(prog="goodword_salesforce.fake", description=__doc__)
    words.add_argument("--port", type=int, default=8902, help="0 for any free port")
    words.add_argument("--seed", type=int, default=7, help="another seed, other people")
    words.add_argument("--empty", action="store_true", help="no sample data")
    words.add_argument("--key", type=Path, help="write a new private key for signing in here")
    given = words.parse_args(arguments)
    account = Account()
    if given.key is not None:
        private, account.public_key = new_key_pair()
        given.key.touch(mode=0o600)
        given.key.write_text(private, encoding="ascii")
    fake = Fake(account, port=given.port)
    if not given.empty:
        fill(fake.org, given.seed)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    write = sys.stdout.write
    with fake:
        write(f"A Salesforce org is at {fake.url}\n")
        write(f"Its integration user is {account.username}\n")
        write(f"Consumer key: {account.consumer_key}\nSecret: {account.consumer_secret}\n")
        if given.key is not None:
            write(f"Private key: {given.key}\n")
        write(f"Session id: {fake.session()}\nOf the admin: {fake.session(account.admin)}\n")
        write("Ctrl+C ends it.\n")
        sys.stdout.flush()
        while not stop.wait(0.5):  # a wait without an end hears no signal on Windows
            pass
    write("\n" + "\n".join(fake.calls.lines()) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
