"""From a candidate to the words of its task: what a words file may name, and which file it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from goodword.hookspecs import TaskText
from goodword.tables import EXTRA_PREFIX
from goodword.words.files import names_in, read_words
from goodword.words.grammar import check
from goodword.words.template import Context, Plain, fill

if TYPE_CHECKING:
    from goodword.model import Candidate
    from goodword.policy import Policy
    from goodword.rules import Play

MAX_VALUE = 200
"""Longest value shown, in characters; longer ones are cut with an ellipsis."""
MAX_SUBJECT = 200
"""Longest subject, in characters; hosts cut at 255."""
MAX_ITEMS = 12
"""Most entries of a list that are shown."""
PERSONAL = 2
"""Most personal facts in a task: enough to be personal, too few to be a file on somebody."""
INTRODUCTION = "_introduction"
"""Ending of the words for people who do not buy from us: they introduce, they do not vouch."""

GROUPS: dict[str, tuple[str, ...]] = {
    "firm": ("name", "caller", "ideal_client"),
    "about": ("job_title", "company", "since", "city"),
}
"""Groups of every words file; ``about`` holds the allowed personal facts, two of them at most."""
LISTS = ("because", "ways", "targets")
PLAIN = ("name", "first_name", "rep", "play", "trigger", "segment", "contact_id")


def compose(candidate: Candidate, play: Play, policy: Policy, folders: Sequence[Path]) -> TaskText:
    """Return the words of *candidate*'s task, in the firm's language.

    Args:
        candidate: The contact with its facts, and the event's columns if there is one.
        play: The play the task belongs to.
        policy: The firm's settings.
        folders: Where words are looked for before the bundled ones, the firm's own first.

    Raises:
        RuleError: The words file is missing or wrong; the message names file, play and line.
    """
    language = policy.firm.language
    name = play.words or play.name
    if play.asks and not _buys(candidate) and name + INTRODUCTION in names_in(language, folders):
        name += INTRODUCTION
    return render(name, context_of(candidate, policy), language=language, folders=folders)


def render(name: str, context: Context, *, language: str, folders: Sequence[Path]) -> TaskText:
    """Return the words file *name* filled from *context*.

    Raises:
        RuleError: The words file is missing or wrong; the message names file, play and line.
    """
    file = read_words(name, language=language, folders=folders)
    where = _where(file.shown, str(context.get("play") or name))
    subject = " ".join(fill(file.subject, context, language=language, where=where).split())
    body = fill(file.body, context, language=language, where=where)
    return TaskText(_cut(subject, MAX_SUBJECT), body)


def check_words(
    play: Play, *, language: str, folders: Sequence[Path], known: Iterable[str] | None = None
) -> None:
    """Check the words of *play* without rendering them.

    Args:
        play: The play; the introduction words of a play that asks are checked, too.
        language: The firm's language.
        folders: Where words are looked for before the bundled ones.
        known: Facts, and for a play of events the columns of its events; None checks the
            language of the file only.

    Raises:
        RuleError: The words file is missing or wrong; the message names file, play and line.
    """
    name = play.words or play.name
    variants = {name} | ({name + INTRODUCTION} & names_in(language, folders))
    for variant in sorted(variants):
        file = read_words(variant, language=language, folders=folders)
        for part in (file.subject, file.body):
            shape = None if known is None else _shape(known)
            check(part, shape, where=_where(file.shown, play.name))


def context_of(candidate: Candidate, policy: Policy) -> Context:
    """Return what the words about *candidate* may name; unknown values are None.

    Every fact (and event column) by its own name, the firm's own columns as ``extra.x``, and
    ``firm``, ``about``, ``because``, ``ways``, ``targets``, ``name``, ``first_name``, ``rep``,
    ``play``, ``trigger``, ``segment``, ``contact_id``. Texts are one line each and never longer
    than ``MAX_VALUE``.
    """
    facts = {name: _clean(value) for name, value in candidate.facts.items()}
    plain = {name: value for name, value in facts.items() if not name.startswith(EXTRA_PREFIX)}
    extra = {
        name.removeprefix(EXTRA_PREFIX): value
        for name, value in facts.items()
        if name.startswith(EXTRA_PREFIX)
    }
    firm = policy.firm
    own_rep = candidate.owner_id in (None, facts.get("owner_id"))  # else that one has left
    targets = str(facts.get("targets") or "").split(";")
    return plain | {
        "extra": extra,
        "firm": {"name": firm.name, "caller": firm.caller, "ideal_client": firm.ideal_client},
        "about": _about(facts),
        "because": _list(candidate.because),
        "ways": _list(firm.ways_to_refer),
        "targets": _list(targets),
        "name": _clean(candidate.name) or facts.get("email") or candidate.contact_id,
        "first_name": _spoken(facts.get("first_name")) or _own_name(facts),
        "rep": (facts.get("owner_name") if own_rep else None) or firm.caller,
        "play": candidate.play,
        "trigger": candidate.trigger,
        "segment": facts.get("segment"),
        "contact_id": candidate.contact_id,
    }


def _about(facts: dict[str, Plain]) -> dict[str, Plain]:
    """Keep the first two of the allowed personal facts that are known."""
    first = facts.get("first_purchase_at")
    found: dict[str, Plain] = {
        "job_title": facts.get("job_title"),
        "company": facts.get("account_name"),
        "since": first.year if isinstance(first, datetime) else None,
        "city": facts.get("city"),
    }
    shown = [name for name, value in found.items() if value][:PERSONAL]
    return {name: value if name in shown else None for name, value in found.items()}


def _own_name(facts: dict[str, Plain]) -> Plain:
    """Return the name for a greeting; none where an e-mail or a number stands for the name."""
    name = facts.get("name")
    return None if name == facts.get("email") else _spoken(name)


def _spoken(name: Plain) -> Plain:
    """Return a name that one can say: a number in its place is none."""
    return name if isinstance(name, str) and any(map(str.isalpha, name)) else None


def _buys(candidate: Candidate) -> bool:
    """Tell whether the person can speak from experience: a customer, not a partner or a lead."""
    facts = candidate.facts
    if (facts.get("kind") or "customer") != "customer":
        return False
    return bool(facts.get("purchase_days")) or facts.get("status") == "customer"


def _shape(known: Iterable[str]) -> dict[str, str | frozenset[str]]:
    names = [*known]
    extra = [name.removeprefix(EXTRA_PREFIX) for name in names if name.startswith(EXTRA_PREFIX)]
    plain = [name for name in names if not name.startswith(EXTRA_PREFIX)]
    groups = {group: frozenset(members) for group, members in GROUPS.items()}
    shape: dict[str, str | frozenset[str]] = dict.fromkeys([*plain, *PLAIN], "plain")
    return shape | dict.fromkeys(LISTS, "list") | groups | {"extra": frozenset(extra)}


def _clean(value: object) -> Plain:
    """Return a text as one line without control characters, other values as they are."""
    if isinstance(value, str):
        plain = value.isprintable()
        text = value if plain else "".join(s if s.isprintable() else " " for s in value)
        return _cut(" ".join(text.split()), MAX_VALUE) or None
    return value if isinstance(value, int | datetime) else None


def _list(values: Iterable[str]) -> tuple[str, ...]:
    texts = (str(_clean(value) or "") for value in values)
    return tuple(text for text in texts if text)[:MAX_ITEMS]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _where(shown: str, play: str) -> str:
    return f"Words file {shown} (play {play!r})"
