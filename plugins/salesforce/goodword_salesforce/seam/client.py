"""The open org: one transport, and what its callers need besides."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from goodword_salesforce.seam.auth import Login
from goodword_salesforce.seam.quota import RESERVE, Quota
from goodword_salesforce.seam.session import TIMEOUT, open_line
from goodword_salesforce.seam.soql import Query
from goodword_salesforce.seam.transport import Transport


@dataclass(frozen=True, slots=True)
class Org:
    """An open Salesforce org.

    Args:
        transport: What sends, signs in and counts.
        clock: Current time, seconds since 1970.
        sleep: Waits that many seconds.
        chance: Gives a number from 0 to 1; writers that met at a lock part by it.
    """

    transport: Transport
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    chance: Callable[[], float]

    def spoken(self, query: Query) -> str:
        """Return the text of a query that is about to be sent, and keep it for the telemetry."""
        text = query.text
        self.transport.telemetry.queries.append(text)
        return text


@dataclass(frozen=True, slots=True)
class Means:
    """How to reach the org.

    Args:
        timeout: Seconds after which an answer that is not whole is given up.
        ca_file: File with the certificates of a company proxy; it starts at the firm's folder.
        reserve: Part of the org's daily calls that is left alone, from 0 to 1.
    """

    timeout: float = TIMEOUT
    ca_file: str = ""
    reserve: float = RESERVE


def open_org(
    login: Login,
    folder: Path,
    means: Means | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    chance: Callable[[], float] = random.random,
    *,
    read_only: bool = False,
) -> Org:
    """Return the org; nothing is sent yet, the first call signs in.

    Args:
        login: Who signs in, and where.
        folder: The firm's folder.
        means: How to reach it.
        clock: Current time, seconds since 1970.
        sleep: Waits that many seconds.
        chance: Gives a number from 0 to 1.
        read_only: Refuse every write.

    Raises:
        SettingsError: The certificate file cannot be read.
    """
    means = means or Means()
    line = open_line(login.instance_url, folder, means.ca_file, means.timeout)
    transport = Transport(login, line, sleep, Quota(means.reserve), read_only=read_only)
    line.listen(transport.hear)
    return Org(transport, clock, sleep, chance)
