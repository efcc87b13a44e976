"""Measure what a first pull of a large HubSpot portal takes: memory, calls, and time of our own.

``python bench/hubspot_pull.py`` fills the portal on this machine with 100,000 contacts (or
``--contacts``) in a process of its own and pulls it once. The portal takes calls as fast as they
come, so the seconds are ours alone; a real portal permits 100 calls in ten seconds and up.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "core"), str(ROOT / "plugins" / "hubspot")]

from goodword.connector import Workplace  # noqa: E402 - found on the path set above
from goodword.engines import open_engine  # noqa: E402 - found on the path set above
from goodword.mirror import Mirror  # noqa: E402 - found on the path set above
from goodword_hubspot.connector import open_connector  # noqa: E402 - found on the path set above
from goodword_hubspot.fake import KEY, Account, Fake, Tier  # noqa: E402 - as above
from goodword_hubspot.fake.times import as_stamp  # noqa: E402 - as above
from goodword_hubspot.settings import TOKEN_VARIABLE, HubSpotSettings  # noqa: E402 - as above

ENDLESS = Tier("ENDLESS", 10**9, 10**9, 10**9, feedback=True)
DAY = 86_400_000


def portal(contacts: int, line: Connection) -> None:
    """Serve a portal of so many contacts until *line* says to end."""
    fake = Fake(Account(tier=ENDLESS))
    made = fake.portal.now() - DAY
    stamp = as_stamp(made)
    for number in range(contacts):
        values = {
            "firstname": "Ann",
            "lastname": f"Quill {number}",
            "email": f"ann.{number}@customers.example",
            "lifecyclestage": "customer",
            "num_contacted_notes": "3",
            "notes_last_contacted": stamp,
            "createdate": stamp,
            "lastmodifieddate": stamp,
        }
        fake.store.create("contacts", values, made)
    with fake:
        line.send(fake.url)
        line.recv()


def megabytes() -> float:
    """Return the largest memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Pull once and print the figures."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--contacts", type=int, default=100_000)
    contacts = words.parse_args().contacts
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    server = context.Process(target=portal, args=(contacts, theirs), daemon=True)
    server.start()
    os.environ[TOKEN_VARIABLE] = KEY
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = HubSpotSettings.model_validate({"host": ours.recv(), "burst_per_10s": 10**6})
        work = Workplace(folder, folder / "state", "bench", date(2026, 11, 22))
        connector = open_connector(settings, work)
        intake = Mirror(folder / "mirror", open_engine("polars"), {}).intake()
        before, begun = megabytes(), time.process_time()
        cursor = connector.pull(None, intake)
        pulled, took = megabytes(), time.process_time() - begun
        rows = intake.commit(cursor, datetime.now(UTC)).rows["contacts"]
        print(f"{rows:,} contacts, {connector.portal.transport.telemetry.total:,} calls")
        print(f"memory: {before:.0f} MB before, {pulled:.0f} MB at most while pulling,")
        print(f"        {megabytes():.0f} MB at most with writing the snapshot")
        print(f"time of our own: {took:.1f} s")
    ours.send("end")
    server.join(10)


if __name__ == "__main__":
    main()
