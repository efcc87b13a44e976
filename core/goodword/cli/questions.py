"""Asking a person in plain words: yes or no, a line of text, or one answer of several.

Ctrl-C and the end of the input stop the command, before anything more is done. Whether anybody is
there to answer is for the caller to know.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer

from goodword.cli.screen import show

if TYPE_CHECKING:
    from goodword.host_files import Answer, Guess, Question

LISTED = 6
"""Answers that are shown with a number each; of more, only what is typed is looked for."""


def asked_line(question: str, default: str = "") -> str:
    """Return the line a person types, without the spaces around it; Enter gives *default*."""
    shown = f" [{default}]" if default else ""
    line: str = _heard(
        lambda: typer.prompt(f"{question}{shown}", default=default, show_default=False)
    )
    return line.strip() or default


def asked_yes(question: str, *, default: bool) -> bool:
    """Return whether a person agrees; Enter gives *default*."""
    agreed: bool = _heard(lambda: typer.confirm(question, default=default))
    return agreed


def asked_for(
    question: str, understood: Callable[[str], str | None], sorry: str, default: str = ""
) -> str:
    """Ask until the line makes sense; Enter gives *default*, as it is.

    Args:
        question: The question.
        understood: Returns what a line means, None for one that means nothing.
        sorry: What is said then.
        default: The answer that Enter gives.
    """
    while True:
        line = asked_line(question, default)
        if line == default:
            return default
        meant = understood(line)
        if meant is not None:
            return meant
        show(sorry)


def settled(guess: Guess) -> Guess:
    """Return *guess* with every question of it asked and answered."""
    for question in guess.questions:
        answer = _asked(question)
        if answer is not None:
            guess = with_answer(guess, answer)
    told = {question.notice for question in guess.questions}
    notices = tuple(notice for notice in guess.notices if notice not in told)
    return replace(guess, notices=notices, questions=())


def unasked(guess: Guess) -> Guess:
    """Return *guess* where nobody is asked: with what leaves people alone taken as it seems."""
    told = list(guess.notices)
    for question in guess.questions:
        answer = _meant(question, question.default) if question.careful else None
        if answer is not None:
            guess = with_answer(guess, answer)
            taken = f"{question.text} Nobody was asked, so: {answer.meaning or answer.word}."
            told = [taken if notice == question.notice else notice for notice in told]
    return replace(guess, notices=tuple(told))


def with_answer(guess: Guess, answer: Answer) -> Guess:
    """Return *guess* with what *answer* changes in it."""
    both: dict[str, Any] = _copied({"settings": guess.settings, "firm": guess.firm})
    for path, value in answer.changes.items():
        here: Any = both
        for part in path[:-1]:
            here = here[part]
        if value is None:
            here.pop(path[-1], None)
        else:
            here[path[-1]] = value
    for path, text in answer.adds.items():
        here = both
        for part in path[:-1]:
            here = here[part]
        there = here.get(path[-1], [])
        before = [there] if isinstance(there, str) else list(there)
        here[path[-1]] = [*before, text] if before else text
    return replace(guess, settings=both["settings"], firm=both["firm"])


def _asked(question: Question) -> Answer | None:
    """Return the answer a person gives; None leaves it open."""
    show("", question.text, f"  ({question.evidence})")
    if {answer.word for answer in question.answers} == {"yes", "no"}:
        agreed = asked_yes("  Yes or no", default=question.default == "yes")
        return _meant(question, "yes" if agreed else "no")
    if len(question.answers) <= LISTED:
        numbered = enumerate(question.answers, start=1)
        show(*(f"  {number}  {answer.meaning or answer.word}" for number, answer in numbered))
    sorry = "  That is none of the answers; Enter leaves it open."
    default = _number(question) if len(question.answers) <= LISTED else question.default
    word = asked_for("  Your answer", lambda line: _word(question, line), sorry, default)
    return _meant(question, _word(question, word) or "")


def _word(question: Question, line: str) -> str | None:
    """Return the word of the answer meant: by word or meaning, else by number."""
    said = line.casefold()
    for answer in question.answers:
        if said in {answer.word.casefold(), answer.meaning.casefold()}:
            return answer.word
    if len(question.answers) <= LISTED and line.isdecimal():
        number = int(line)
        return question.answers[number - 1].word if 1 <= number <= len(question.answers) else None
    return None


def _number(question: Question) -> str:
    words = [answer.word for answer in question.answers]
    return str(words.index(question.default) + 1) if question.default in words else ""


def _meant(question: Question, word: str) -> Answer | None:
    return next((answer for answer in question.answers if answer.word == word), None)


def _copied(value: object) -> Any:
    """Return mappings and lists of *value* as ones that can be changed."""
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(item) for item in value]
    return value


def _heard(ask: Callable[[], Any]) -> Any:
    """Ask; Ctrl-C and the end of the input stop the command.

    Raises:
        KeyboardInterrupt: A person stopped, or nobody answers any more.
    """
    if sys.platform != "win32":  # polars lets a waiting read go on: Ctrl-C would wait for Enter
        signal.siginterrupt(signal.SIGINT, True)
    try:
        return ask()
    except typer.Abort as error:
        typer.echo()
        raise KeyboardInterrupt from error
