"""One side of a comparison in a process of its own: ``python bench/one_side.py SIDE FOLDER``.

Prints what its pieces took as JSON. The answers are left in ``FOLDER/answers/SIDE``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from figures import Reading


def current(folder: Path) -> Path:
    """Return the snapshot in use of the firm in *folder*."""
    mirror = folder / ".goodword" / "mirror"
    return mirror / (mirror / "current").read_text(encoding="ascii")


def ours(folder: Path, engine: str = "polars") -> list[Reading]:
    """Plan as the product does."""
    from large_firm import plan_in_this_process

    return plan_in_this_process(folder, engine, folder / "answers" / f"goodword on {engine}")


def sql(folder: Path) -> list[Reading]:
    """Plan by hand-written SQL."""
    from rival_sql import decide_in_sql

    decide_in_sql(current(folder), folder / "scores.parquet", folder / "answers" / "sql")
    return []


def pandas(folder: Path) -> list[Reading]:
    """Plan by a pandas script."""
    from rival_pandas import decide_in_pandas

    decide_in_pandas(current(folder), folder / "scores.parquet", folder / "answers" / "pandas")
    return []


def floor(folder: Path) -> list[Reading]:
    """Read every column of every table, and write a row a contact; nothing is computed."""
    import polars as pl

    began = time.perf_counter()
    for path in sorted(current(folder).glob("*.parquet")):
        pl.read_parquet(path)
    read = time.perf_counter() - began
    contacts = pl.read_parquet(current(folder) / "contacts.parquet")
    contacts.write_parquet(folder / "floor.parquet")
    return [Reading("of it reading", "s", read)]


def scoring(folder: Path) -> list[Reading]:
    """Fit the models and value every customer."""
    from large_firm import scoring_in_this_process

    return scoring_in_this_process(folder)


def pull(folder: Path) -> list[Reading]:
    """Pull everything into a new mirror."""
    from paged_pull import pull_in_this_process

    return pull_in_this_process(folder / "pages", folder / "pulled")


def merge(folder: Path) -> list[Reading]:
    """Merge an incremental pull of a thousand contacts into that mirror."""
    from paged_pull import merge_in_this_process

    return merge_in_this_process(folder / "pages", folder / "pulled")


SIDES: Mapping[str, Callable[[Path], list[Reading]]] = {
    "goodword on polars": ours,
    "goodword on duckdb": lambda folder: ours(folder, "duckdb"),
    "sql": sql,
    "pandas": pandas,
    "floor": floor,
    "scoring": scoring,
    "pull": pull,
    "merge": merge,
}
"""What can be measured, by name."""


def main() -> None:
    """Run one side and print its pieces."""
    side, folder = sys.argv[1], Path(sys.argv[2])
    print(json.dumps([[r.what, r.unit, r.value] for r in SIDES[side](folder)]))


if __name__ == "__main__":
    main()
