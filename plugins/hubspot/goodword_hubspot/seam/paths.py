"""The two families of API paths: numbered (/crm/v3, /crm/v4), and dated (/crm/objects/2026-03).

The SDK speaks the numbered family only, which HubSpot ends in 2027.
"""

from __future__ import annotations

import re

_RULES = (
    (re.compile(r"^/crm/v3/objects/"), "/crm/objects/{}/"),
    (re.compile(r"^/crm/v3/properties/"), "/crm/properties/{}/"),
    (re.compile(r"^/crm/v3/owners/?"), "/crm/owners/{}/"),
    (re.compile(r"^/crm/v3/pipelines/"), "/crm/pipelines/{}/"),
    (re.compile(r"^/crm/v3/lists/"), "/crm/lists/{}/"),
    (re.compile(r"^/crm/v4/associations/"), "/crm/associations/{}/"),
    (re.compile(r"^/crm/v4/objects/"), "/crm/objects/{}/"),
)


def path_for(path: str, version: str) -> str:
    """Return *path* in the family the settings name; a path with no dated twin stays.

    Args:
        path: Numbered path, as the SDK makes it.
        version: ``v3`` for the numbered family, else a date such as ``2026-03``.
    """
    if version == "v3":
        return path
    for pattern, dated in _RULES:
        found, count = pattern.subn(dated.format(version), path)
        if count:
            return found.rstrip("/")
    return path
