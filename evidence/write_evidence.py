"""Work out the evidence: ``python evidence/write_evidence.py``, or ``--write docs/evidence.md``."""

from __future__ import annotations

import argparse
from pathlib import Path

from asking import all_worlds, missed
from cdnow import purchases, summary
from evidence_page import page
from golden import golden
from holdout import forecasts, rankings, split
from small_firms import SIZES, handfuls

FIRMS = 500
"""Small firms of each size."""


def evidence() -> str:
    """Return the page, worked out now.

    Raises:
        SystemExit: The comparison of ways to ask does not reach what it must.
    """
    sample, town = summary(), split(purchases())
    foreseen, found = forecasts(town)
    small = [handfuls(sample, size, FIRMS) for size in SIZES]
    worlds = all_worlds()
    if failed := missed(worlds):
        raise SystemExit("\n".join(failed))
    return page(golden(sample), foreseen, rankings(town, found), small, worlds)


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write the page there")
    path: Path | None = parser.parse_args().write
    text = evidence()
    if path is None:
        print(text)
    else:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
