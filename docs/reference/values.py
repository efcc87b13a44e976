"""The values hooks return: the fields of each, with types, defaults and meanings."""

from __future__ import annotations

import dataclasses
import inspect
import re

from goodword.connector import ConnectorSpec
from goodword.hookspecs import StageModel, TaskText, Touchpoint
from goodword.rules import Fact, Play, StageRule, Suppressor, Trigger, Weight
from reference.markdown import code, markdown, table

KINDS = (
    Trigger,
    Suppressor,
    Weight,
    Play,
    Fact,
    StageRule,
    StageModel,
    Touchpoint,
    TaskText,
    ConnectorSpec,
)
"""In the order a reader is likely to need them."""
_ARGUMENT = re.compile(r"^(\w+): (.*)$")


def values() -> str:
    """Return a section for each value."""
    return "\n\n".join(_section(kind) for kind in KINDS)


def _section(kind: type) -> str:
    text, meanings = _docstring(kind)
    headers = ["field", "type", "default", "meaning"]
    rows = [
        [code(field.name), code(str(field.type)), _default(field), meanings.get(field.name, "")]
        for field in dataclasses.fields(kind)
    ]
    if not meanings:
        headers, rows = headers[:3], [row[:3] for row in rows]
    return f"## {kind.__name__}\n\n{text}\n\n{table(headers, rows)}"


def _docstring(kind: type) -> tuple[str, dict[str, str]]:
    """Return the text of a docstring and the meanings below its ``Args:``."""
    text, _, arguments = (inspect.getdoc(kind) or "").partition("\nArgs:\n")
    meanings: dict[str, str] = {}
    name = ""
    for line in inspect.cleandoc(arguments).splitlines():
        start = _ARGUMENT.match(line)
        if start:
            name, meanings[start[1]] = start[1], start[2]
        elif name:
            meanings[name] += f" {line.strip()}"
    return markdown(text), {key: value.replace("``", "`") for key, value in meanings.items()}


def _default(field: dataclasses.Field[object]) -> str:
    if field.default is dataclasses.MISSING:
        return "needed"
    return code(repr(field.default))
