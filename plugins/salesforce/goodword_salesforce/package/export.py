"""The package as a folder, for admins who deploy with Salesforce's own command line."""

from __future__ import annotations

import json
from pathlib import Path

from goodword import SourceError
from goodword_salesforce.package.bundle import removing
from goodword_salesforce.package.parts import parts

SOURCE, REMOVE, PROJECT = "force-app", "remove", "sfdx-project.json"
COMMANDS = (
    f"sf project deploy start --source-dir {SOURCE} --dry-run",
    f"sf project deploy start --source-dir {SOURCE}",
)
"""What an admin types in the folder: a look first, then the deployment."""
REMOVAL = f"sf project deploy start --metadata-dir {REMOVE} --ignore-warnings"
"""What takes everything out again; a part that is gone already is a warning only."""


def export(folder: Path, version: str) -> tuple[str, ...]:
    """Write the package into *folder* as a project of the ``sf`` command line.

    Args:
        folder: New or empty folder.
        version: Version of the API, such as ``64.0``.

    Returns:
        The files that were written, below the folder.

    Raises:
        SourceError: The folder holds something, or cannot be written.
    """
    project = {
        "name": "goodword",
        "packageDirectories": [{"path": SOURCE, "default": True}],
        "sourceApiVersion": version,
    }
    found = {PROJECT: (json.dumps(project, indent=2) + "\n").encode()}
    found |= {f"{SOURCE}/main/default/{part.path}": part.xml for part in parts()}
    found |= {f"{REMOVE}/{path}": content for path, content in removing(parts(), version).items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            msg = f"The folder {folder.name!r} is not empty, so nothing was written into it."
            raise SourceError(msg, hint="Name a new folder.")
        for path, content in found.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    except OSError as error:
        msg = f"The package cannot be written into {folder.name!r} ({error.strerror})."
        raise SourceError(msg, hint="Name a folder that you may write to.") from None
    return tuple(found)
