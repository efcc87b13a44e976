"""Small phrases of the reports: counts, days, reasons in words, text that is safe to print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword.model import Unlock
    from goodword.rulebook import Rulebook

WAITING = {
    "rep_full": "the rep's week is full",
    "firm_full": "the run's limit for the whole firm is reached",
    "contact_busy": "the contact already has a task of ours",
    "account_turn": "a colleague at the same account comes first",
}
"""Why a candidate waits in the backlog."""
ENDINGS = {
    "window_closes": "the moment will be over before the rest is",
    "open_end": "no date yet, somebody must act first",
}
"""What the core adds to a held ask; these count contacts that are held already."""
VERDICTS = {
    "ask": "ask",
    "warm_up": "warm up first",
    "recover": "recover first",
    "wait": "wait",
    "never": "never ask",
}
ACTIONS = {
    "create_task": "new task",
    "set_fields": "contact with new tags",
    "update_task": "task moved to another rep",
    "close_task": "task closed",
    "remove_task": "task taken back",
    "log_activity": "note on the timeline",
    "link_referral": "referral linked",
    "restored": "write taken back",
}
"""What each kind of action is called, for one of it."""
TAKEN_BACK = ACTIONS | {"update_task": "task given back to its rep"}
"""The same, where an undo did it; ``applied_line`` has its own words for tags."""
KINDS = {
    "create_task": "new task",
    "set_fields": "tags",
    "update_task": "another rep",
    "close_task": "closing a task",
    "remove_task": "taking a task back",
    "log_activity": "note",
    "link_referral": "link",
    "replace": "new list",
}
"""What a refused write, or a line of history, is called."""
_MANY = {
    "contact with new tags": "contacts with new tags",
    "task moved to another rep": "tasks moved to another rep",
    "task given back to its rep": "tasks given back to their reps",
    "task closed": "tasks closed",
    "task taken back": "tasks taken back",
    "note on the timeline": "notes on the timeline",
    "referral linked": "referrals linked",
    "write taken back": "writes taken back",
    "match": "matches",
    "person": "people",
    "more person": "more people",
}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_MONTHS = tuple(month[:3] for month in _LONG_MONTHS)
_FIELD = re.compile(r"\{[^{}]*\}")
_CODE = re.compile(r"^[a-z_]+: (?=[A-Z])")


def counted(number: int, thing: str) -> str:
    """Return "1 task", "2 tasks"; *thing* is the word for one."""
    word = thing if number == 1 else _MANY.get(thing, f"{thing}s")
    return f"{number:,} {word}"


def applied_line(kind: str, number: int, verb: str) -> str:
    """Return what a run did *number* times: "8 contacts with new tags", or taken back by undo."""
    if verb != "undo":
        return counted(number, ACTIONS.get(kind, in_words(kind)))
    if kind == "set_fields":
        return f"{counted(number, 'contact')}: our tags taken back"
    return counted(number, TAKEN_BACK.get(kind, in_words(kind)))


def day_of(day: date) -> str:
    """Return a day as "Mon 23 Nov 2026", in English wherever the program runs."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def week_of(first: date, last: date) -> str:
    """Return a week as "16 to 22 November 2026", "30 November to 6 December 2026"."""
    end = f"{last.day} {_LONG_MONTHS[last.month - 1]} {last.year}"
    if first.month == last.month:
        return f"{first.day} to {end}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {_LONG_MONTHS[first.month - 1]}{year} to {end}"


def in_words(name: str) -> str:
    """Return the name of a rule, play or code as words: thank_you is "thank you"."""
    return name.replace("_", " ")


def nobody_of(reps: Mapping[str, str]) -> str:
    """Return whose the tasks without a rep are: nobody's yet, or yours where no rep is named."""
    return "Nobody yet" if reps else "Your week"


def reasons_of(book: Rulebook) -> dict[str, str]:
    """Return every suppressor's sentence with its facts left open, by the rule's name."""
    return {rule.name: open_sentence(rule.because) for rule in book.suppressors}


def open_sentence(because: str) -> str:
    """Return a rule's sentence with its facts left open: "asked on …"."""
    return _FIELD.sub("…", because)


def waiting_reason(code: str) -> str:
    """Return why a candidate waits, in words."""
    if code.startswith("veto:"):
        return f"passed over: {in_words(code.removeprefix('veto:'))}"
    return WAITING.get(code, in_words(code))


def verdict_counts(verdicts: Mapping[str, int]) -> str:
    """Return "6 ask · 2 warm up first · 47 wait"."""
    return " · ".join(f"{verdicts[v]:,} {text}" for v, text in VERDICTS.items() if verdicts.get(v))


def unlock_line(unlock: Unlock) -> str:
    """Return what a piece of missing data would do, for how many."""
    wish = unlock.wish[:1].upper() + unlock.wish[1:]
    people = f"up to {counted(unlock.number, 'more customer')}"
    if unlock.opens == "stage":
        return f"{wish} would show where {people} stand{'s' if unlock.number == 1 else ''}."
    return f"{wish} could open a good moment for {people}."


def short(text: str, most: int = 60) -> str:
    """Return *text* on one line that fits a screen, cut with an ellipsis."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most and len(text) <= 4 * most else f"{line[: most - 1]}…"


def without_code(notice: str) -> str:
    """Return a notice of a pull without the code other programs read."""
    return _CODE.sub("", notice)


def clean(text: object) -> str:
    """Return *text* without signs that could steer a terminal; lines stay lines."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in str(text))
