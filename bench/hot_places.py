"""Where the time of a plan goes: a look at the running line, two hundred times a second.

The line counts for the innermost function of goodword it is in, engines left out, so what polars
computes counts for whoever asked for it. Looking is not free: what it measures are shares, not
seconds.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread, get_ident
from types import FrameType
from typing import TypeVar

from figures import Reading
from large_plan import planned

T = TypeVar("T")
EVERY = 0.005
"""Seconds between two looks."""
HOTTEST = 3
"""Functions named of each piece."""
OURS = str(Path("core") / "goodword")
ENGINES = str(Path("core") / "goodword" / "engines")


def shares_of(folder: Path) -> list[Reading]:
    """Plan for the firm in *folder*; return the share of each piece, and of its hottest functions.

    A reading of a function is named after its piece, as in ``piece | module.function``.
    """
    looks: dict[str, Counter[str]] = {}

    def watched(what: str, work: Callable[[], T]) -> T:
        seen, over = looks.setdefault(what, Counter()), Event()
        looking = Thread(target=_look, args=(get_ident(), seen, over), daemon=True)
        looking.start()
        try:
            return work()
        finally:
            over.set()
            looking.join()

    planned(folder, "polars", watched)
    every = sum(seen.total() for seen in looks.values())
    readings = []
    for piece, seen in looks.items():
        readings.append(Reading(piece, "%", 100 * seen.total() / every))
        readings += [
            Reading(f"{piece} | {name}", "%", 100 * count / every)
            for name, count in seen.most_common(HOTTEST)
        ]
    return readings


def _look(thread: int, seen: Counter[str], over: Event) -> None:
    while not over.is_set():
        began = time.perf_counter()
        frame = sys._current_frames().get(thread)
        seen[_place(frame)] += 1
        over.wait(max(0.0, EVERY - (time.perf_counter() - began)))


def _place(frame: FrameType | None) -> str:
    """Return the innermost function of goodword that is running, or that an engine works for."""
    while frame is not None:
        path = frame.f_code.co_filename
        if OURS in path and ENGINES not in path:
            module = path.rpartition(OURS)[2].strip("/\\").removesuffix(".py")
            return f"{module}: {frame.f_code.co_qualname}"
        frame = frame.f_back
    return "elsewhere"
