"""Choosing a connector before there are settings: the one that reads files, or has a sample."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Literal

from goodword.errors import SettingsError

if TYPE_CHECKING:
    from goodword.connector import ConnectorSpec

INSTALL = "Install one: pip install goodword-csv"
_MEANS = {
    "guess": "reads files",
    "demo": "has a sample firm",
    "install": "needs anything installed",
    "export": "has a package that an admin can install",
}


def connector_with(
    gift: Literal["guess", "demo", "install", "export"], name: str | None
) -> ConnectorSpec[Any]:
    """Return the connector of *name*, or the first by name, that has the function *gift*.

    Raises:
        GoodwordError: There is none, or its plugin is broken.
    """
    from goodword.plugins import installed_plugins, load_plugins
    from goodword.policy import Policy

    if name is not None and name not in (known := installed_plugins()):
        raise _not_installed(name, known)
    plugins = load_plugins(third_party(name), Policy(), {}, {})
    specs = plugins.connectors()
    able = {key: spec for key, spec in specs.items() if getattr(spec, gift) is not None}
    chosen = name if name is not None else min(able, default=None)
    if chosen in able:
        return able[chosen]
    for broken in plugins.broken.values():
        raise broken
    who = f"No connector {name!r}" if name else "No installed connector"
    msg = f"{who} {_MEANS[gift]}."
    raise SettingsError(msg, hint=f"These do: {', '.join(sorted(able))}." if able else INSTALL)


def _not_installed(name: str, known: Collection[str]) -> SettingsError:
    """Return what is said of a connector that is missing; only our own packages are recommended."""
    from goodword.plugins import CONNECTORS

    msg = f"No plugin for {name!r} is installed."
    if name in CONNECTORS:
        hint = f"Install it beside goodword: pip install goodword-{name}"
    else:
        hint = f"Installed plugins: {', '.join(sorted(known))}."
    return SettingsError(msg, hint=hint)


def third_party(connector: str | None) -> list[str]:
    """Return *connector* as a plugin to enable, unless it ships with goodword."""
    from goodword.plugins import CONNECTORS

    return [connector] if connector and connector not in CONNECTORS else []
