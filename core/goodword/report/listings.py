"""Plain listings: checks, plugins, facts, hooks, rules, words, guesses, matches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType

from goodword.report.layout import GAP, heading, lines, page, table
from goodword.report.phrases import clean, counted, in_words, open_sentence, short, without_code

if TYPE_CHECKING:
    from goodword.connector import Check, InstallStep
    from goodword.host_files import Guess

SURE, LIKELY = 0.9, 0.6
"""From which confidence a guess is called sure, or likely."""
OURS = "goodword "
"""How our own columns begin; a person need not hear that they are not read as theirs."""


def checks_page(checks: Iterable[Check]) -> RenderableType:
    """Return one line a check: whether it is well, what was found, what to do."""
    rows = [
        (
            "✓" if check.ok else "✗",
            check.name,
            "\n→ ".join(filter(None, (check.detail, check.hint))),
        )
        for check in checks
    ]
    return table(rows, whole=(0,))


_SIGNS = {"there": "✓", "made": "✓", "to make": "+", "removed": "-", "conflict": "✗"}


def install_page(steps: Iterable[InstallStep]) -> RenderableType:
    """Return one line a part of ours in a CRM: how it stands, what it is, what to know."""
    rows = [
        (_SIGNS[step.state], step.state, "\n→ ".join(filter(None, (step.what, step.detail))))
        for step in steps
    ]
    return table(rows, whole=(0, 1))


def pull_page(rows: Mapping[str, int], notices: Sequence[str]) -> Group:
    """Return how many rows of each table were read."""
    parts: list[RenderableType] = [
        heading("Read"),
        table([(f"{number:,}", in_words(name)) for name, number in rows.items()], numbers=(0,)),
    ]
    if notices:
        parts += [GAP, heading("Worth knowing"), lines(map(without_code, notices))]
    return page([*parts, GAP, "Next: goodword plan"])


def guess_page(guess: Guess, *, asked: bool = False) -> Group:
    """Return what ``init`` read from the files, and what it leaves alone.

    With *asked* its questions are put to a person next, so what they leave open is not told here.
    """
    parts: list[RenderableType] = [heading("This is how your files are understood")]
    for source in dict.fromkeys(column.source for column in guess.columns):
        here = [column for column in guess.columns if column.source == source]
        rows = [
            (column.column, column.meaning, _sure(column.confidence), column.evidence)
            for column in here
            if column.meaning
        ]
        parts += [GAP, heading(source)]
        parts.append(table(rows, headers=("column", "read as", "sure?", "because"), quiet=(3,)))
        ignored = [
            column.column
            for column in here
            if not column.meaning and not column.column.casefold().startswith(OURS)
        ]
        if ignored:
            parts.append(lines([f"not used: {', '.join(ignored)}"], style="dim"))
    open_points = [question.notice for question in guess.questions if question.notice]
    told = [notice for notice in guess.notices if notice not in open_points]
    if told:
        parts += [GAP, heading("Worth knowing"), lines(map(without_code, told))]
    if open_points and not asked:
        parts += [GAP, heading("Not sure", "nobody was asked"), lines(open_points)]
    return page(parts)


def _sure(confidence: float) -> str:
    if confidence >= SURE:
        return "sure"
    return "likely" if confidence >= LIKELY else "please check"


def matches_page(found: Sequence[tuple[str, str]], command: str = "goodword why ID") -> Group:
    """Return the contacts a query means, when it is more than one."""
    return page(
        [
            heading(f"{counted(len(found), 'match')}: which one?"),
            table([(contact, short(name)) for contact, name in found], headers=("id", "name")),
            f"Give the id: {command}",
        ]
    )


def plugins_page(plugins: Iterable[Mapping[str, str]]) -> RenderableType:
    """Return the plugins with version, state and the hooks each answers."""
    rows = [(p["name"], p["version"], p["state"], p["hooks"]) for p in plugins]
    return table(rows, headers=("plugin", "version", "state", "answers"), whole=(0, 1))


def facts_page(facts: Iterable[Mapping[str, str]]) -> RenderableType:
    """Return every fact a rule may read."""
    rows = [(f["name"], f["type"], f["doc"], f["reads"], f["plugin"]) for f in facts]
    return table(rows, headers=("fact", "type", "what it is", "reads", "from"), quiet=(3, 4))


def hooks_page(hooks: Iterable[Mapping[str, str]]) -> RenderableType:
    """Return every hook, what it is for and who answers it."""
    rows = [(h["name"], h["doc"], h["plugins"]) for h in hooks]
    return table(rows, headers=("hook", "what for", "answered by"), quiet=(2,))


def rules_page(rules: Iterable[Mapping[str, str]]) -> RenderableType:
    """Return every rule, layered: what it is, what it says, and where it comes from."""
    rows = [
        (r["kind"], r["name"], r["what"], open_sentence(r["because"]), r["plugin"]) for r in rules
    ]
    headers = ("kind", "rule", "effect", "says", "from")
    return table(rows, headers=headers, quiet=(4,), whole=(0,))


def words_page(words: Iterable[Mapping[str, str]]) -> RenderableType:
    """Return every words file, and whether it is the firm's own."""
    rows = [(w["name"], w["language"], w["from"]) for w in words]
    return table(rows, headers=("words", "language", "from"))


def task_page(play: str, subject: str, body: str, note: str = "") -> Group:
    """Return a task as the rep reads it; *note* says what is decided where none is planned."""
    parts = [heading(subject, f"play {in_words(play)}"), GAP, lines(body.splitlines())]
    if not note:
        return page(parts)
    name = in_words(play)
    like = "an ask" if play == "ask" else f"the task {name!r}"
    told = [f"No task planned; this is how {like} would read.", f"Decided for now: {clean(note)}"]
    return page([*told, GAP, *parts])
