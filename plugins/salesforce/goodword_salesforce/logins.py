"""Who signs in, by the settings: the integration user, or the admin who installs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from goodword import read_secret
from goodword_salesforce.seam.auth import Flow, Login

if TYPE_CHECKING:
    from goodword_salesforce.settings import Auth, SalesforceSettings

FLOWS: dict[Auth, Flow] = {
    "jwt": "jwt",
    "client_credentials": "client_credentials",
    "sf_cli": "session",
    "password": "password",
}


def login_of(settings: SalesforceSettings, folder: Path) -> Login:
    """Return how to sign in; the secret is read when the first call needs it.

    Args:
        settings: The section ``[plugin.salesforce]``, or its ``installer``.
        folder: The firm's folder; a file or command of the secret starts there.
    """
    return Login(
        secret=lambda: read_secret(settings.secret, folder).get_secret_value(),
        flow=FLOWS[settings.auth],
        username=settings.username,
        consumer_key=settings.consumer_key,
        domain=settings.domain,
        instance_url=settings.instance_url,
        version=settings.api_version,
    )
