"""A look into an org to install: as the user who installs, and as the one who works there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from goodword_salesforce.installing.host import OrgHost
from goodword_salesforce.logins import login_of
from goodword_salesforce.seam.client import Means, open_org

if TYPE_CHECKING:
    from goodword import Workplace
    from goodword_salesforce.installing.host import Host
    from goodword_salesforce.settings import SalesforceSettings


@dataclass(frozen=True, slots=True)
class Visit:
    """One look into an org, and what may be needed for it.

    Args:
        admin: The org, as the user who installs.
        worker: The org, as the integration user; the same, where that user installs.
        settings: The section ``[plugin.salesforce]``.
        folder: The firm's folder; values are kept in it before they are removed.
        today: The day.
        clock: Current time in seconds.
        sleep: Waits that many seconds.
    """

    admin: Host
    worker: Host
    settings: SalesforceSettings
    folder: Path
    today: date
    clock: Callable[[], float]
    sleep: Callable[[float], None]


def open_visit(
    settings: SalesforceSettings,
    work: Workplace,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    *,
    read_only: bool = False,
) -> Visit:
    """Open the org of the settings to install; nothing is sent yet.

    Args:
        settings: The section ``[plugin.salesforce]``.
        work: The firm's folders and the day.
        clock: Current time, seconds since 1970.
        sleep: Waits that many seconds.
        read_only: Refuse every write.
    """
    means = Means(settings.timeout_seconds, settings.ca_file, settings.reserve)

    def opened(who: SalesforceSettings) -> Host:
        login = login_of(who, work.folder)
        org = open_org(login, work.folder, means, clock, sleep, read_only=read_only)
        return OrgHost(org)

    worker = opened(settings)
    admin = opened(settings.installer) if settings.install_as else worker
    return Visit(admin, worker, settings, work.folder, work.today, clock, sleep)
