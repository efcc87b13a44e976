"""How a command ends when something is wrong: a message, what to do next, an exit code.

0 everything went well · 1 a failure · 2 the command, the settings or a rule must change ·
3 part of a plan was not written · 130 stopped by Ctrl-C · 141 nobody reads the output any more.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any

import typer
import typer.core

from goodword.cli.screen import tell
from goodword.errors import GoodwordError

INTERRUPTED = 130
UNREAD = 141


class Guarded(typer.core.TyperGroup):
    """The group of all commands: errors become messages, whatever command raised them."""

    def invoke(self, ctx: Any) -> Any:  # Typer's own context, whose type it keeps to itself
        """Run the command; every failure we understand ends in its exit code."""
        try:
            return super().invoke(ctx)
        except GoodwordError as error:
            tell(error.message, error.hint)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            tell("Stopped. Nothing is half-written; run the same command to go on.", style="bold")
            raise typer.Exit(INTERRUPTED) from error
        except BrokenPipeError as error:
            _stop_writing()
            raise typer.Exit(UNREAD) from error


def apologise(error: Exception) -> None:
    """Tell about a fault of ours: its kind and its place, never its text or any value."""
    tell(
        f"Sorry, that is a fault in goodword: {type(error).__name__} at {_place(error)}.",
        "Please report this line to the authors; it holds nothing about your customers.",
    )


def _place(error: Exception) -> str:
    """Return file and line of the deepest frame that is ours or a plugin's."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "goodword" in frame.filename] or frames
    if not ours:
        return "place unknown"
    path = Path(ours[-1].filename)
    return f"{path.parent.name}/{path.name}:{ours[-1].lineno}"


def _stop_writing() -> None:
    """Send what is still to be printed nowhere, so that leaving does not fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
