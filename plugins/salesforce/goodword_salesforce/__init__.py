"""goodword's connector for Salesforce: referral tasks on the Activity Timeline."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from goodword import (
    Capability,
    Connector,
    ConnectorSpec,
    Demo,
    InstallPackage,
    InstallStep,
    Lookups,
    Workplace,
    hookimpl,
)
from goodword_salesforce.settings import SalesforceSettings
from goodword_salesforce.wishes import WISHES

CAPABILITIES = frozenset(
    {
        Capability.FIELDS,
        Capability.TASKS,
        Capability.LINKS,
        Capability.FORGET,
    }
)
_PEOPLE = ("003", "00Q")
"""How ids of contacts and leads begin; no name begins so."""
BATCH = 1_000
"""Actions of one batch: five collections of 200 records, which travel in one call."""


@hookimpl
def goodword_connector() -> ConnectorSpec[SalesforceSettings]:
    """Announce the connector; nothing is opened or imported yet."""
    return ConnectorSpec(
        name="salesforce",
        settings=SalesforceSettings,
        capabilities=CAPABILITIES,
        open=_open,
        batch=BATCH,
        wishes=WISHES,
        install=_install,
        export=_export,
        demo=_demo,
        whole_id=_whole_id,
    )


def _open(settings: SalesforceSettings, work: Workplace) -> Connector:
    from goodword_salesforce.connector import open_connector

    return open_connector(settings, work)


def _whole_id(text: str) -> str:
    """Return the id of a contact or lead with its 18 characters; reports show 15 of them."""
    from goodword_salesforce.seam.ids import as_id

    person = text.strip().startswith(_PEOPLE)
    return (as_id(text) if person else None) or text


def _demo(folder: Path) -> Demo:
    from goodword_salesforce.demo import lay_out

    return lay_out(folder)


def _install(
    settings: SalesforceSettings, work: Workplace, what: Literal["plan", "apply", "remove"]
) -> tuple[InstallStep, ...]:
    from goodword_salesforce.install import install
    from goodword_salesforce.installing.visit import open_visit
    from goodword_salesforce.memory import LOOKUPS

    try:
        return install(open_visit(settings, work, read_only=what == "plan"), what)
    finally:
        Lookups(work.state / LOOKUPS, "").clear()  # what was looked up before is out of date


def _export(settings: SalesforceSettings, folder: Path) -> InstallPackage:
    from goodword_salesforce.package.export import for_admins

    return for_admins(settings, folder)
