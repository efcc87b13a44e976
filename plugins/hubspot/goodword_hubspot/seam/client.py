"""The SDK on one seam: every one of its calls goes through one transport.

The SDK makes a client, a pool and a timeout of its own for each of its sixty packages; its
``api_factory`` lets us give it one of ours instead.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit
from urllib.request import proxy_bypass

from goodword import SettingsError
from goodword_hubspot.seam.pacing import Pace
from goodword_hubspot.seam.transport import Reply, Transport

if TYPE_CHECKING:
    import urllib3

    from goodword_hubspot.settings import HubSpotSettings

CONNECTIONS = 4


@dataclass(frozen=True, slots=True)
class Portal:
    """An open HubSpot portal.

    Args:
        sdk: HubSpot's client (Any: it has no types); every call of it goes through *transport*.
        transport: What sends, paces and counts.
        clock: Current time, seconds since 1970.
        sleep: Waits that many seconds.
    """

    sdk: Any
    transport: Transport
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    def ask(self, method: Callable[..., Any], *args: object, **options: object) -> Reply:
        """Call a method of the SDK and return the whole answer, its JSON included.

        The SDK's own reading of answers loses what it does not know, such as the errors of a
        batch that was answered with 200.
        """
        reply: Reply = method(*args, _preload_content=False, **options)
        return reply

    def get(self, path: str) -> Reply:
        """Read a path that the SDK has no method for."""
        return self.transport.send("GET", path)


def open_portal(
    settings: HubSpotSettings,
    token: Callable[[], str],
    folder: Path,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    *,
    read_only: bool = False,
) -> Portal:
    """Return the portal of *settings*; nothing is sent yet.

    Args:
        settings: The section ``[plugin.hubspot]``.
        token: Gives the key; asked for each request anew.
        folder: The firm's folder; a relative certificate file starts there.
        clock: Current time, seconds since 1970.
        sleep: Waits that many seconds.
        read_only: Refuse every write.

    Raises:
        SettingsError: The certificate file cannot be read.
    """
    from hubspot import HubSpot  # type: ignore[import-untyped]  # the SDK has no types

    transport = Transport(
        pool=_pool(settings, folder),
        host=settings.host,
        version=settings.api_version,
        token=token,
        pace=Pace(clock, sleep, settings.burst_per_10s),
        sleep=sleep,
        timeout=settings.timeout_seconds,
        read_only=read_only,
    )
    return Portal(HubSpot(api_factory=_factory(transport)), transport, clock, sleep)


def _factory(transport: Transport) -> Callable[[Any, str, Any], Any]:
    """Return what the SDK asks for each of its api objects: one client a package, ours inside."""
    clients: dict[str, Any] = {}

    def send(method: str, url: str, **given: Any) -> Reply:
        parts = urlsplit(url)
        query = [*parse_qsl(parts.query), *(given.get("query_params") or ())]
        return transport.send(method.upper(), parts.path, query, given.get("body"))

    def make(package: Any, api_name: str, _: Any) -> Any:
        if package.__name__ not in clients:
            client = package.ApiClient(configuration=package.Configuration())
            client.rest_client.request = send
            clients[package.__name__] = client
        return getattr(package, api_name)(api_client=clients[package.__name__])

    return make


def _pool(settings: HubSpotSettings, folder: Path) -> urllib3.PoolManager:
    """Return the connections: through the company's proxy and with its certificates, if any."""
    import urllib3

    from goodword import TIMELY_POOLS

    certificates = str(folder / settings.ca_file) if settings.ca_file else _named_certificates()
    if certificates is not None and not Path(certificates).is_file():
        msg = "The certificate file of [plugin.hubspot] ca_file is not there."
        raise SettingsError(msg, hint="Correct its name; it starts at the firm's folder.")
    options: dict[str, Any] = {"maxsize": CONNECTIONS, "ca_certs": certificates}
    parts = urlsplit(settings.host)
    proxy = os.environ.get(f"{parts.scheme}_proxy") or os.environ.get(
        f"{parts.scheme.upper()}_PROXY"
    )
    if proxy and not proxy_bypass(parts.hostname or ""):
        pool: urllib3.PoolManager = urllib3.ProxyManager(proxy, **options)
    else:
        pool = urllib3.PoolManager(**options)
    pool.pool_classes_by_scheme = dict(TIMELY_POOLS)
    return pool


def _named_certificates() -> str | None:
    """Return the certificates that the environment names, as ``requests`` would take them."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE")
