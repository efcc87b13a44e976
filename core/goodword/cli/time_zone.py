"""The time zone of this computer, and the one a person means by a city."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

LOCALTIME, TIMEZONE = Path("/etc/localtime"), Path("/etc/timezone")
_ZONES = "zoneinfo/"
"""What stands before the name of a zone where ``/etc/localtime`` points to."""


def machine_zone(
    environ: Mapping[str, str] = os.environ,
    localtime: Path = LOCALTIME,
    timezone: Path = TIMEZONE,
) -> str:
    """Return the name of this computer's time zone; empty where it does not say one we know.

    Args:
        environ: The environment; ``TZ`` counts first, as everywhere.
        localtime: A link to the zone's file, on macOS and most Linux systems.
        timezone: A file that holds the name, on some.
    """
    named = environ.get("TZ", "").lstrip(":")
    if named:
        return known_zone(named.partition(_ZONES)[2] if _ZONES in named else named)
    try:
        target = localtime.readlink().as_posix()
    except OSError:
        target = ""
    try:
        written = timezone.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        written = ""
    return known_zone(target.partition(_ZONES)[2]) or known_zone(written)


def known_zone(name: str) -> str:
    """Return *name* if it is a time zone, else nothing."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    return name


def zone_meant(line: str) -> str | None:
    """Return the time zone a person means by its name, or by that of its city."""
    plain = unicodedata.normalize("NFKD", line.strip()).encode("ascii", "ignore").decode()
    said = plain.replace(" ", "_").casefold()
    names = sorted(available_timezones())
    exact = [name for name in names if name.casefold() == said]
    cities = [name for name in names if "/" in name and name.rpartition("/")[2].casefold() == said]
    return next(iter([*exact, *cities]), None)
