"""The commands: the very help each of them prints."""

from __future__ import annotations

from collections.abc import Iterator

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from goodword.cli import make_app
from reference.markdown import block, code, table

WIDTH = 88
"""Columns of the help on these pages."""


def commands() -> str:
    """Return the help of the program and of every command."""
    return "\n\n".join(f"## {name}\n\n{block(text, 'text')}" for name, text, _ in _walk())


def command_list() -> str:
    """Return one line a command: what it does."""
    rows = [(code(name), first) for name, _, first in _walk() if " " in name]
    return table(("command", "what it does"), rows)


def names() -> list[str]:
    """Return the full name of every command, as a user types it."""
    return [name for name, _, _ in _walk()]


def _walk() -> Iterator[tuple[str, str, str]]:
    """Yield name, help and first sentence of the program and of each command below it."""
    program = get_command(make_app())
    if isinstance(program, TyperGroup):
        yield from _below(program, "goodword", None)


def _below(
    command: TyperCommand | TyperGroup, name: str, parent: typer.Context | None
) -> Iterator[tuple[str, str, str]]:
    """Yield a command, then those below it."""
    own = name.rsplit(" ", 1)[-1]
    context = typer.Context(
        command, info_name=own, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH
    )
    first = (command.help or "").strip().split("\n\n")[0]
    yield name, command.get_help(context), " ".join(first.split())
    if isinstance(command, TyperGroup):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if isinstance(found, TyperCommand | TyperGroup):
                yield from _below(found, f"{name} {child}", context)
