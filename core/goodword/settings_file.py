"""Reading ``goodword.toml``: strict TOML, earlier versions, and the profiles laid over it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from goodword.errors import SettingsError
from goodword.settings import FILE, VERSION, Settings, validated

if TYPE_CHECKING:
    from pathlib import Path


def load_settings(folder: Path, profile: str = "") -> Settings:
    """Read ``goodword.toml`` in *folder*, with the sections of *profile* laid over it.

    Raises:
        SettingsError: No such file or profile, not TOML, or a key or value that is not known.
    """
    path = folder / FILE
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        msg = f"There is no {FILE} in {folder}."
        raise SettingsError(msg, hint="Run goodword init with your customer file.") from error
    except UnicodeDecodeError as error:
        msg = f"{path} is not UTF-8 text."
        raise SettingsError(msg, hint="Save it as UTF-8 and run again.") from error
    except tomllib.TOMLDecodeError as error:
        msg = f"{path}: {error}."
        raise SettingsError(msg, hint="Fix that line and run again.") from error
    except (ValueError, RecursionError) as error:  # a number or a nesting without end
        msg = f"{path} holds a number that is too long, or is nested too deeply."
        raise SettingsError(msg, hint="Look for what is not meant to be there.") from error
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror})."
        raise SettingsError(msg, hint="Check the file's permissions.") from error
    return validated(Settings, _laid_over(_as_of_today(data), profile), FILE)


def _as_of_today(data: dict[str, Any]) -> dict[str, Any]:
    """Return settings of an earlier version as this one reads them; the file stays as it is.

    Version 1 knew no ``[rollout]``. Whether such a firm writes, its ledger knows (``gather``).
    """
    return {**data, "version": VERSION} if data.get("version") == 1 else data


def _laid_over(data: dict[str, Any], profile: str) -> dict[str, Any]:
    """Return *data* with the sections below ``[profile.NAME]`` over it, key by key.

    A profile is another account: it never inherits the permission to write, nor the account.
    """
    profiles = data.pop("profile", {})
    if not profile:
        return data
    if not isinstance(profiles, dict) or profile not in profiles:
        msg = f"{FILE} has no section [profile.{profile}]."
        known = ", ".join(sorted(profiles)) if isinstance(profiles, dict) and profiles else "none"
        raise SettingsError(msg, hint=f"Profiles here: {known}.")
    data.pop("rollout", None)
    both = _merged(data, profiles[profile])
    both["rollout"] = {"mode": "shadow", **_section(both, "rollout")}
    here, there = _section(both, "connector"), _section(data, "connector")
    if here.get("account", "") == there.get("account", ""):
        msg = f"{FILE}: [profile.{profile}.connector] names no account of its own."
        hint = "Two states for one account would each write: give the profile its own account."
        raise SettingsError(msg, hint=hint)
    name = str(here.get("name", there.get("name", "")))
    place = _section(_section(both, "plugin"), name)
    if place and place == _section(_section(data, "plugin"), name):
        msg = f"{FILE}: [profile.{profile}] reads and writes the same place as the firm itself."
        hint = f"Give it files or a key of its own: [profile.{profile}.plugin.{name}]."
        raise SettingsError(msg, hint=hint)
    return both


def _section(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a section of raw settings; a wrong one is left for the check that names it."""
    section = data.get(name, {})
    return section if isinstance(section, dict) else {}


def _merged(under: dict[str, Any], over: Any) -> dict[str, Any]:
    if not isinstance(over, dict):
        msg = f"{FILE}: a profile holds sections, such as [profile.sandbox.connector]."
        raise SettingsError(msg, hint="Put each key below its section.")
    both = dict(under)
    for name, value in over.items():
        here = both.get(name)
        both[name] = _merged(here, value) if isinstance(here, dict) else value
    return both
