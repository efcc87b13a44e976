"""The package as a folder, for admins who deploy with Salesforce's own command line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from goodword import InstallPackage, SourceError
from goodword_salesforce.names import INTEGRATION, REP
from goodword_salesforce.package.bundle import removing
from goodword_salesforce.package.parts import parts

if TYPE_CHECKING:
    from goodword_salesforce.settings import SalesforceSettings

SOURCE, REMOVE, PROJECT = "force-app", "remove", "sfdx-project.json"
COMMANDS = (
    f"sf project deploy start --source-dir {SOURCE} --dry-run",
    f"sf project deploy start --source-dir {SOURCE}",
)
"""What an admin types in the folder: a look first, then the deployment."""
REMOVAL = f"sf project deploy start --metadata-dir {REMOVE} --ignore-warnings"
"""What takes everything out again; a part that is gone already is a warning only."""
THEN = (
    "In that folder, with your own sign-in (sf org login web):",
    *(f"  {command}" for command in COMMANDS),
    f"Then give the permission set {INTEGRATION} to the integration user, and {REP} to reps.",
    "To take it out again, once nobody has the permission sets any more:",
    f"  {REMOVAL}",
)
"""What an admin does with the folder, a line each."""


def for_admins(settings: SalesforceSettings, folder: Path) -> InstallPackage:
    """Write the package into *folder* and say what an admin does with it; nothing is sent."""
    return InstallPackage(export(folder, settings.api_version), THEN)


def export(folder: Path, version: str) -> tuple[str, ...]:
    """Write the package into *folder* as a project of the ``sf`` command line.

    Args:
        folder: New or empty folder, or one that holds the same package.
        version: Version of the API, such as ``64.0``.

    Returns:
        The files of the package, below the folder.

    Raises:
        SourceError: The folder holds something else, or cannot be written.
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
        _refuse_others(folder, found)
        for path, content in found.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    except OSError as error:
        msg = f"The package cannot be written into {folder.name!r} ({error.strerror})."
        raise SourceError(msg, hint="Name a folder that you may write to.") from None
    return tuple(found)


def _refuse_others(folder: Path, found: Mapping[str, bytes]) -> None:
    """Refuse a folder with a file that is not, byte for byte, one of the package."""
    for path in folder.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            continue
        ours = found.get(path.relative_to(folder).as_posix())
        if ours is None or path.is_symlink() or path.read_bytes() != ours:
            msg = f"The folder {folder.name!r} is not empty, so nothing was written into it."
            raise SourceError(msg, hint="Name a new folder.")
