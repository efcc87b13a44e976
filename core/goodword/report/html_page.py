"""What every HTML page of ours shares: the template it is made from, bars, moments, safe text.

A page is one file that needs no script, no network and no other file. Every value is escaped, and
signs that could turn or hide text are taken out.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from goodword.report.phrases import (
    clean,
    counted,
    day_of,
    in_words,
    unlock_line,
    verdict_counts,
    waiting_reason,
    without_code,
)

HEADING = 60
"""Longest line in capitals that is shown as a heading within the words of a task."""


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a list with bars: how many, of what, and how long its bar is (0 to 100)."""

    number: int
    name: str
    note: str
    percent: int


def shares(counts: Mapping[str, int], notes: Mapping[str, str]) -> list[Share]:
    """Return *counts* as lines with bars, the most first; the longest bar is the largest one."""
    most = max(counts.values(), default=0)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        Share(number, in_words(name), notes.get(name, ""), percent_of(number, most))
        for name, number in ranked
        if number > 0
    ]


def percent_of(number: int, most: int) -> int:
    """Return the length of a bar: 0 for nothing, else at least 1 so that it can be seen."""
    return max(1, round(100 * number / most)) if number > 0 and most > 0 else 0


def moment_of(at: datetime) -> str:
    """Return a time as "22 Nov 2026, 11:08 UTC"."""
    there = at.astimezone(UTC) if at.tzinfo else at
    return f"{day_of(there.date())[4:]}, {there:%H:%M} UTC"


@cache
def template(name: str) -> Template:
    """Return a template, read once; whatever it prints is made safe to show, then escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "day": day_of,
        "short_day": lambda day: day_of(day)[:-5],
        "parts": _parts,
        "words": in_words,
        "counted": counted,
        "typed": _typed,
        "waits": waiting_reason,
        "told": without_code,
        "verdicts": verdict_counts,
        "unlocks": unlock_line,
    }
    return environment.get_template(name)


def _shown(value: object) -> object:
    """Return *value* without signs that steer; what the template itself made stays as it is."""
    return value if hasattr(value, "__html__") else clean(value)


def _typed(text: str) -> str:
    """Return *text* as it is typed in a command; an id with odd signs is quoted."""
    return shlex.quote(clean(text).replace("\n", " "))


def _parts(body: str) -> list[tuple[str, str]]:
    """Return the paragraphs of a task, each with the heading it may begin with.

    A heading is a first line in capitals, as the bundled words have them.
    """
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", body.replace("\r\n", "\n")))
    split = [part.partition("\n") for part in paragraphs if part]
    return [
        (first, rest)
        if first.isupper() and len(first) <= HEADING
        else ("", f"{first}\n{rest}".strip())
        for first, _, rest in split
    ]
