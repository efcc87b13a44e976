"""``python -m goodword_salesforce.package FOLDER``: the package as a project for the sf CLI."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from goodword import GoodwordError
from goodword_salesforce.package.export import COMMANDS, REMOVAL, export
from goodword_salesforce.settings import API_VERSION


def main(words: Sequence[str]) -> int:
    """Write the package into the folder that is named; return the exit code."""
    if len(words) != 1 or words[0].startswith("-"):
        sys.stderr.write("Name one new folder: python -m goodword_salesforce.package FOLDER\n")
        return 2
    folder = Path(words[0])
    try:
        written = export(folder, API_VERSION)
    except GoodwordError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    lines = (
        f"{len(written)} files are in {folder.name}. In that folder, with your own sign-in:",
        *(f"  {command}" for command in COMMANDS),
        "Then give the permission set Goodword_Integration to the integration user, and",
        "Goodword_Rep to reps. To take it out again:",
        f"  {REMOVAL}",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
