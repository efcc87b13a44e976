"""Filling a words file: the sandbox, the two filters, and the tidy text that comes out.

The source has passed the grammar before anything is rendered. The rendering itself runs in
Jinja2's sandbox, without a loader, and stops at ``MAX_OUTPUT``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from goodword.errors import RuleError
from goodword.words.grammar import check

PLAIN = (str, int, date)
Plain: TypeAlias = "str | int | date | None"
Context: TypeAlias = Mapping[str, "Plain | Sequence[str] | Mapping[str, Plain]"]
"""What a words file may name: plain values, lists of texts, and groups such as ``firm``."""

MAX_OUTPUT = 8_192
"""Longest text of a task, in bytes; a first screen has about 1,500."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_TAG_LINE = re.compile(r"^[ \t]*(?:(?:\{%[^%\n]*%\}|\{#[^#\n]*#\})[ \t]*)+$", re.MULTILINE)
_MARK = "\x00"  # ends a line that holds tags only, so that the line leaves no gap in the text


def fill(source: str, context: Context, *, language: str, where: str) -> str:
    """Return *source* filled from *context*, without gaps where a tag stood.

    Args:
        source: Text of a words file, or a part of it.
        context: The values it may name.
        language: Language of the words; it decides how a date is written.
        where: File and play, for messages.

    Raises:
        RuleError: The template is not usable; the message names file, play and line.
    """
    template = _checked(source, frozenset(shape_of(context).items()), language, where)
    chunks: list[str] = []
    size = 0
    try:
        for chunk in template.generate(context):
            size += len(chunk.encode())
            if size > MAX_OUTPUT:
                msg = f"{where}: the text is longer than {MAX_OUTPUT} bytes."
                raise RuleError(msg, hint="Shorten it; a rep reads one screen.")
            chunks.append(chunk)
    except (TypeError, ValueError, TemplateError) as error:
        msg = f"{where}, line {_line_of(error)}: a value is missing or of another kind here."
        hint = "Test it first, as in {% if nps_last and nps_last > 8 %}; date needs a date."
        raise RuleError(msg, hint=hint) from error
    lines = [line.rstrip() for line in "".join(chunks).split("\n") if line.strip() != _MARK]
    text = "\n".join(lines).replace(_MARK, "")
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def shape_of(context: Context) -> dict[str, str | frozenset[str]]:
    """Return the names of *context*, without its values."""
    shape: dict[str, str | frozenset[str]] = {}
    for name, value in context.items():
        if value is None or isinstance(value, PLAIN):
            shape[name] = "plain"
        elif isinstance(value, Mapping):
            shape[name] = frozenset(value)
        else:
            shape[name] = "list" if isinstance(value, list | tuple) else "plain"
    return shape


def date_text(value: object, language: str) -> str:
    """Return a date as people write it: 12 November 2026, outside English 2026-11-12."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    if not isinstance(value, date):
        msg = "not a date"
        raise TypeError(msg)
    if language.split("-")[0] != "en":
        return f"{value:%Y-%m-%d}"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def list_of(value: str | Sequence[str] | None, word: str = "or") -> str:
    """Return a list as people say it: ``a, b or c``; *word* is the last link."""
    if value is None or isinstance(value, str):
        return value or ""
    *head, last = [*value] or [""]
    return f"{', '.join(head)} {word} {last}" if head else last


@lru_cache(maxsize=128)
def _checked(
    source: str, names: frozenset[tuple[str, str | frozenset[str]]], language: str, where: str
) -> Template:
    """Check and compile *source* once for all candidates of a play."""
    check(source, dict(names), where=where)

    def shown(value: object) -> object:
        """Show what is unknown as nothing, a time as its date, a list as people say it."""
        if isinstance(value, list | tuple):
            return list_of(value)
        return date_text(value, language) if value is None or isinstance(value, date) else value

    environment = ImmutableSandboxedEnvironment(
        autoescape=False,  # plain text; each connector escapes for its host
        undefined=StrictUndefined,
        lstrip_blocks=True,
        finalize=shown,
    )
    environment.globals.clear()
    environment.tests = {"none": lambda value: value is None}
    environment.filters = {"date": lambda value: date_text(value, language), "list_of": list_of}
    return environment.from_string(_TAG_LINE.sub(lambda line: line.group() + _MARK, source))


def _line_of(error: BaseException) -> int | str:
    """Return the line of the template in which *error* arose."""
    line: int | str = "?"
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == "<template>":
            line = step.tb_lineno
        step = step.tb_next
    return line
