"""goodword's connector for HubSpot: referral tasks and stages inside the portal."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from goodword import Capability, Connector, ConnectorSpec, Demo, InstallStep, Workplace, hookimpl
from goodword_hubspot.settings import HubSpotSettings
from goodword_hubspot.wishes import WISHES

CAPABILITIES = frozenset(
    {
        Capability.FIELDS,
        Capability.TASKS,
        Capability.NOTES,
        Capability.LINKS,
        Capability.FORGET,
    }
)


@hookimpl
def goodword_connector() -> ConnectorSpec[HubSpotSettings]:
    """Announce the connector; nothing is opened or imported yet."""
    return ConnectorSpec(
        name="hubspot",
        settings=HubSpotSettings,
        capabilities=CAPABILITIES,
        open=_open,
        batch=100,
        wishes=WISHES,
        install=_install,
        demo=_demo,
    )


def _open(settings: HubSpotSettings, work: Workplace) -> Connector:
    from goodword_hubspot.connector import open_connector

    return open_connector(settings, work)


def _demo(folder: Path) -> Demo:
    from goodword_hubspot.demo import lay_out

    return lay_out(folder)


def _install(
    settings: HubSpotSettings, work: Workplace, what: Literal["plan", "apply", "remove"]
) -> tuple[InstallStep, ...]:
    from goodword_hubspot.connector import open_connector

    return open_connector(settings, work, read_only=what == "plan").install(what)
