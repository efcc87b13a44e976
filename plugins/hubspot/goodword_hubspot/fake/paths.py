"""Both families of addresses: dated ones are read as their numbered form."""

from __future__ import annotations

import re
from typing import NamedTuple

VERSIONS = ("2026-03", "2026-09")
_DATED = re.compile(
    r"/(?P<family>crm/(?:objects|properties|owners|pipelines|associations|limits)|account-info)"
    r"/(?P<version>20\d\d-\d\d)(?P<rest>/.*|)\Z"
)
_NUMBERED = re.compile(r"/crm/v[34]/")


class Address(NamedTuple):
    """An address in numbered form.

    Args:
        path: Such as ``/crm/v3/objects/tasks``.
        version: ``numbered``, or the date it was asked under.
    """

    path: str
    version: str


def numbered(path: str) -> Address | None:
    """Return the numbered form of *path*; None when its version does not exist."""
    path = path.rstrip("/")
    found = _DATED.match(path)
    if found is None:
        return Address(path, "numbered")
    family, version, rest = found["family"], found["version"], found["rest"]
    if version not in VERSIONS:
        return None
    if family == "crm/objects" and re.match(r"/[^/]+/[^/]+/associations/", rest):
        return Address(f"/crm/v4/objects{rest}", version)
    if family == "crm/associations":
        return Address(f"/crm/v4/associations{rest}", version)
    if family == "account-info":
        return Address(f"/account-info/v3{rest}", version)
    return Address(f"/crm/v3/{family.removeprefix('crm/')}{rest}", version)


def is_numbered(path: str) -> bool:
    """Return whether *path* is of the family that will be switched off."""
    return _NUMBERED.match(path) is not None
