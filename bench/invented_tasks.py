"""Tasks of ours that an invented firm holds from earlier: answered, open, expired, deleted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

ACCOUNT = "bench"
"""Account of the invented host: part of every task's key."""


def asks(
    rng: np.random.Generator, people: NDArray[np.int64], owners: int, today: datetime
) -> pl.DataFrame:
    """Return about 0.4 tasks a contact; an open one was written within the last six weeks."""
    from invented_firm import DAY, blank, chance, moment, named, pick, within

    from goodword.model import task_key

    each = rng.poisson(0.4, people.size)
    size = int(each.sum())
    who, place = np.repeat(people, each), within(each)
    state = pick(rng, size, {"done": 80, "open": 2, "expired": 8, "withdrawn": 5, "deleted": 5})
    now = np.int64(np.datetime64(today, "us").astype(np.int64))
    age = (rng.random(size) * 500).astype(np.int64) * DAY
    created = now - np.where(state == "open", age % (40 * DAY), age) + 9 * DAY // 24
    answers = {"": 15, "yes": 20, "no": 20, "later": 15, "no answer": 27, "never": 1}
    outcome = pick(rng, size, answers | {"wrong person": 1, "unhappy": 1})
    made = pl.DataFrame(
        {
            "n": who,
            "place": place,
            "owner": np.where(chance(rng, size, 0.02), rng.integers(0, owners, size), who % owners),
            "play": pick(
                rng, size, {"ask": 70, "thank_you": 10, "warm_up": 10, "quiet": 5, "recover": 5}
            ),
            "letter": pick(rng, size, {"f": 50, "d": 30, "v": 20}),
            "state": state,
            "created": created,
            "outcome": np.where(state == "done", outcome, ""),
            "dated": chance(rng, size, 0.5),
            "named": chance(rng, size, 0.3),
            "edited": chance(rng, size, 0.05),
        }
    ).with_columns(
        named("c", "n").alias("contact_id"),
        (pl.col("letter") + named("", "n") + named("-", "place")).alias("cycle"),
    )
    rows = made.select("contact_id", "play", "cycle").iter_rows()
    keys = [task_key(ACCOUNT, contact, play, cycle) for contact, play, cycle in rows]
    done = pl.col("state") == "done"
    told = pl.col("outcome")
    after = pl.col("created") + 3 * DAY
    return made.select(
        pl.Series("task_key", keys, dtype=pl.String),
        "contact_id",
        named("o", "owner").alias("owner_id"),
        "play",
        "cycle",
        "state",
        "edited",
        moment("created").alias("created_at"),
        (pl.col("created") + 2 * DAY).cast(pl.Datetime("us")).dt.truncate("1d").alias("due_at"),
        pl.when(done).then(after.cast(pl.Datetime("us"))).alias("done_at"),
        blank("outcome"),
        pl.when((told == "later") & pl.col("dated"))
        .then((after + 70 * DAY).cast(pl.Datetime("us")).dt.truncate("1d"))
        .alias("outcome_at"),
        pl.when((told == "yes") & pl.col("named"))
        .then(named("Friend ", "n"))
        .alias("outcome_name"),
    )
