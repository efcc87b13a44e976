"""Random years of a small firm: reps, an admin, a clock and bad luck, one step at a time.

A step is a name and a seed of its own, so that a list of steps, or a part of it, can be played
again: ``play(seed, steps)``. After every step ``years_judge`` compares host and state with what
may have happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeAlias

from years_runs import Runs

Step: TypeAlias = tuple[str, int]
WEIGHTS: Mapping[str, int] = {
    **{"completes": 14, "edits": 3, "deletes": 4, "hands_on": 3},
    **{"survey": 12, "moment": 10, "deal": 3, "ticket": 3, "solves": 4, "referral": 4},
    **{"referral_moves": 5, "opts": 2, "owner_changes": 3, "rep_leaves": 1, "merge": 1},
    **{"page_goes": 1, "page_back": 1, "newcomer": 2, "erase": 1},
    **{"time": 20, "pause": 2, "resume": 4, "mode": 3},
    **{"fails": 2, "crash": 3, "backup": 2, "loses_ledger": 1, "puts_back": 1},
    **{"pull": 1, "plan": 3, "apply": 4, "sync": 10, "plan_apply": 5, "undo": 3, "release": 3},
    **{"adopt": 1, "forget": 1, "locked": 1, "two_at_once": 1, "other_machine": 1, "moves": 1},
    **{"clock_back": 1, "why": 2, "status": 1},
}
"""What can happen, and how often against the others."""


class Years(Runs):
    """The firm, step by step."""

    def take(self, step: Step) -> None:
        """Take one step, and look whether all is as it may be."""
        name, seed = step
        renamed = {"mode": "mode_switch", "backup": "backup_ledger"}
        pulled = self._pulled()
        self.happened[f"step {name}"] += 1
        getattr(self, renamed.get(name, name))(Random(seed))  # noqa: S311 - a step, not a secret
        if self._pulled() != pulled:
            self.judge.check_history(self.ledger_file)
            self.gone_everywhere(deep=seed % 5 == 0)


def steps_of(seed: int, number: int) -> list[Step]:
    """Draw the steps of a seed."""
    chance = Random(seed)  # noqa: S311 - steps, not secrets
    names = chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=number)
    return [(name, chance.randrange(2**32)) for name in names]


class Breach(AssertionError):  # noqa: N818  # a promise that was broken, not an error of ours
    """A step after which something was not as it may be.

    Args:
        said: What it was, and how to play it again.
        after: Number of steps that were taken.
    """

    def __init__(self, said: str, after: int) -> None:
        super().__init__(said)
        self.after = after


def play(seed: int, steps: Iterable[Step]) -> Years:
    """Play steps from the beginning, in a folder of their own.

    Raises:
        Breach: After a step something was not as it may be; names the steps up to it.
    """
    taken: list[Step] = []
    with TemporaryDirectory() as folder:
        years = Years(Path(folder), Random(seed))  # noqa: S311 - a firm, not a secret
        for step in steps:
            taken.append(step)
            try:
                years.take(step)
            except Exception as error:
                said = f"{type(error).__name__}: {error}"
                msg = f"play({seed}, {taken})\n{said}"
                raise Breach(msg, len(taken)) from error
        return years


def shrunk(seed: int, steps: Sequence[Step], tries: int = 60) -> list[Step]:
    """Leave out steps as long as something still breaks."""
    kept = list(steps)
    size = max(1, len(kept) // 2)
    while tries > 0:
        at = 0
        while at < len(kept) and tries > 0:
            fewer = kept[:at] + kept[at + size :]
            tries -= 1
            try:
                play(seed, fewer)
                at += size
            except Breach:
                kept = fewer
        if size == 1:
            break
        size //= 2
    return kept
