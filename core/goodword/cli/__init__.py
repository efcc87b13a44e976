"""The command line: one small module a command, nothing heavy loaded before it is needed."""

from __future__ import annotations

from goodword.cli.app import main, make_app

__all__ = ["main", "make_app"]
