"""The generated parts of README and docs/: each function returns Markdown made from the code.

The pages call them in cog blocks; ``make docs`` writes the pages anew and ``cog --check`` fails
when one is stale.
"""

from __future__ import annotations

from reference.commands import command_list, commands
from reference.dependencies import dependencies
from reference.facts import facts
from reference.hooks import hooks
from reference.outputs import demo, example_file, first_day
from reference.promises import promises
from reference.rules import codes, plays, stages, suppressors, touchpoints, triggers, weights
from reference.settings import csv_settings, rule_entries, settings
from reference.sheets import known_exports, own_columns, sheet_kinds
from reference.tables import tables
from reference.values import values
from reference.words import word_names, words_file

__all__ = [
    "codes",
    "command_list",
    "commands",
    "csv_settings",
    "demo",
    "dependencies",
    "example_file",
    "facts",
    "first_day",
    "hooks",
    "known_exports",
    "own_columns",
    "plays",
    "promises",
    "rule_entries",
    "settings",
    "sheet_kinds",
    "stages",
    "suppressors",
    "tables",
    "touchpoints",
    "triggers",
    "values",
    "weights",
    "word_names",
    "words_file",
]
