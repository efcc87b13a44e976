"""Write an invented firm as CSV exports: ``python bench/invented_exports.py FOLDER CONTACTS``.

One file a canonical table, times as ISO text, an empty cell for null.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from invented_firm import tables


def write_exports(folder: Path, contacts: int, seed: int = 7) -> None:
    """Write ``<table>.csv`` for every table of the firm into the new *folder*."""
    folder.mkdir(parents=True)
    begun: set[str] = set()
    for table, page in tables(contacts, seed):
        with (folder / f"{table}.csv").open("ab") as file:
            page.write_csv(
                file, include_header=table not in begun, datetime_format="%Y-%m-%dT%H:%M:%S%.6f"
            )
        begun.add(table)


def main() -> None:
    """Write the exports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("contacts", type=int)
    chosen = parser.parse_args()
    write_exports(chosen.folder, chosen.contacts)


if __name__ == "__main__":
    main()
