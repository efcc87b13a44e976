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
    from large_plan import plan_in_this_process

    return plan_in_this_process(folder, engine)


def answers(folder: Path, side: str) -> list[Reading]:
    """Leave what the product has just planned as a rival leaves its answers."""
    from large_plan import answers_in

    answers_in(folder, folder / "answers" / side)
    return []


def write(folder: Path) -> list[Reading]:
    """Write the mirror of a firm; its size is in the file ``contacts``."""
    from large_firm import write_mirror

    write_mirror(folder, int((folder / "contacts").read_text(encoding="ascii")))
    return []


def profile(folder: Path) -> list[Reading]:
    """Plan as the product does, looking where the time goes."""
    from hot_places import shares_of

    return shares_of(folder)


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
    from large_plan import scoring_in_this_process

    return scoring_in_this_process(folder)


def pull(folder: Path) -> list[Reading]:
    """Pull everything into a new mirror."""
    from paged_pull import pull_in_this_process

    return pull_in_this_process(folder / "pages", folder / "pulled")


def merge(folder: Path) -> list[Reading]:
    """Merge an incremental pull of a thousand contacts into that mirror."""
    from paged_pull import merge_in_this_process

    return merge_in_this_process(folder / "pages", folder / "pulled")


OURS, LITTLE = "goodword on polars", "goodword on duckdb, 1 GB"
"""The product on its own engine, and on one that may use little memory."""
SIDES: Mapping[str, Callable[[Path], list[Reading]]] = {
    OURS: ours,
    LITTLE: lambda folder: ours(folder, "duckdb"),
    f"answers of {OURS}": lambda folder: answers(folder, OURS),
    f"answers of {LITTLE}": lambda folder: answers(folder, LITTLE),
    "sql": sql,
    "pandas": pandas,
    "floor": floor,
    "scoring": scoring,
    "profile": profile,
    "write": write,
    "pull": pull,
    "merge": merge,
}
"""What can be measured or done, by name."""


def main() -> None:
    """Run one side and print its pieces."""
    side, folder = sys.argv[1], Path(sys.argv[2])
    print(json.dumps([[r.what, r.unit, r.value] for r in SIDES[side](folder)]))


if __name__ == "__main__":
    main()
