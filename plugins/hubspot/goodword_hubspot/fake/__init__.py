"""A HubSpot portal on this machine: stateful, strict, and broken on purpose when a test asks.

It speaks the documented API over a real socket, so the real client library can be used with it.
It refuses what HubSpot refuses. Where nobody has verified how HubSpot behaves, a switch decides
(see ``Switches``).
"""

from __future__ import annotations

from goodword_hubspot.fake.account import (
    ALL_SCOPES,
    ENTERPRISE,
    FREE,
    KEY,
    PROFESSIONAL,
    PUBLIC_APP,
    Account,
    Switches,
    Tier,
)
from goodword_hubspot.fake.calls import Call, Calls
from goodword_hubspot.fake.faults import Fault, Faults
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.server import Fake

__all__ = [
    "ALL_SCOPES",
    "ENTERPRISE",
    "FREE",
    "KEY",
    "PROFESSIONAL",
    "PUBLIC_APP",
    "Account",
    "Call",
    "Calls",
    "Fake",
    "Fault",
    "Faults",
    "Portal",
    "Switches",
    "Tier",
]
