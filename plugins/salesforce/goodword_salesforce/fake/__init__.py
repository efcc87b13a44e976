"""A Salesforce org on this machine: stateful, strict, and broken on purpose when a test asks.

It speaks the documented API over a real socket, so the real client library can be used with it.
It refuses what Salesforce refuses. Where nobody has verified how Salesforce behaves, a switch
decides (see ``Switches``).
"""

from __future__ import annotations

from goodword_salesforce.fake.account import (
    ADMIN,
    CONSUMER_KEY,
    CONSUMER_SECRET,
    DOMAIN,
    USERNAME,
    Account,
    Switches,
    new_key_pair,
)
from goodword_salesforce.fake.calls import Call, Calls
from goodword_salesforce.fake.faults import Fault, Faults, RowFault
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.server import Fake

__all__ = [
    "ADMIN",
    "CONSUMER_KEY",
    "CONSUMER_SECRET",
    "DOMAIN",
    "USERNAME",
    "Account",
    "Call",
    "Calls",
    "Fake",
    "Fault",
    "Faults",
    "Org",
    "RowFault",
    "Switches",
    "new_key_pair",
]
