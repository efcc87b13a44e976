"""How an org is set up: who may log in, what is switched on, and what nobody has verified.

Some behaviour of the real host is known only by hearsay. Each such point is a switch here, so a
connector can be tried against every way the host may turn out to be.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

CONSUMER_KEY = "3MVG9goodword0000000000000000000000000000000000000000000000000000000000.fake"
CONSUMER_SECRET = "C0FFEE00C0FFEE00C0FFEE00C0FFEE00"  # noqa: S105  # only this fake takes it
USERNAME = "goodword@brightroof.example"
"""The integration user of a new org."""
ADMIN = "admin@brightroof.example"
DOMAIN = "brightroof.my.salesforce.com"


@dataclass(frozen=True, slots=True)
class Switches:
    """Behaviour of the real host that is unverified, or differs between orgs.

    Args:
        bin_keeps_unique: Whether a deleted record still blocks its unique values.
        composite_inherits_headers: Whether parts of a composite call also get the headers of
            the call; documented is that they get none but those about login and format.
        bulk_polls: How often a bulk job says it is not done yet.
        bulk_refuses: Fields that bulk jobs do not know, though REST does.
        deploy_polls: How often a deployment says it is not done yet.
        stamp_filterable: False in orgs that describe SystemModstamp as not filterable.
    """

    bin_keeps_unique: bool = False
    composite_inherits_headers: bool = False
    bulk_polls: int = 1
    bulk_refuses: frozenset[str] = frozenset({"IndividualId", "PhotoUrl"})
    deploy_polls: int = 1
    stamp_filterable: bool = True


@dataclass(slots=True)
class Account:
    """One org's setup; a test changes it while a run is under way, as an admin would.

    Args:
        consumer_key: Of the external client app.
        consumer_secret: Its secret, for the client-credentials flow.
        public_key: PEM of the key that assertions are signed with; empty: none uploaded.
        username: The integration user.
        admin: The person who deploys.
        domain: The org's own host name.
        versions: API versions spoken, oldest and newest.
        daily_calls: Calls in any 24 hours.
        busy: Long requests of others that run right now; 25 and no more are let in.
        person_accounts: Whether accounts can be persons.
        multi_currency: Whether there is more than one currency.
        currency: The org's own.
        rates: Worth of one unit of a currency in the org's own.
        hidden: (object, field) no session of ours can see.
        hidden_objects: Objects no session of ours can see.
        read_only: (object, field) no session of ours can change.
        unshared: Ids of records that are not shared with the integration user: no query of theirs
            shows them.
        assignment: Object to the owner its active assignment rule gives.
        duplicate_rules: Object to whether doubles by e-mail raise an alert or are blocked.
        deployers: Usernames that may deploy metadata.
        token_clock: Seconds since 1970 by which signed assertions run out; callers sign by the
            clock of the machine.
    """

    consumer_key: str = CONSUMER_KEY
    consumer_secret: str = CONSUMER_SECRET
    public_key: str = ""
    username: str = USERNAME
    admin: str = ADMIN
    domain: str = DOMAIN
    versions: tuple[int, int] = (60, 67)
    daily_calls: int = 100_000
    busy: int = 0
    person_accounts: bool = True
    multi_currency: bool = False
    currency: str = "GBP"
    rates: dict[str, str] = field(default_factory=lambda: {"GBP": "1", "EUR": "0.85"})
    hidden: set[tuple[str, str]] = field(default_factory=set)
    hidden_objects: set[str] = field(default_factory=set)
    read_only: set[tuple[str, str]] = field(default_factory=set)
    unshared: set[str] = field(default_factory=set)
    assignment: dict[str, str] = field(default_factory=dict)
    duplicate_rules: dict[str, Literal["alert", "block"]] = field(default_factory=dict)
    deployers: set[str] = field(default_factory=lambda: {ADMIN, USERNAME})
    switches: Switches = field(default_factory=Switches)
    token_clock: Callable[[], float] = time.time


def new_key_pair() -> tuple[str, str]:
    """Return a new private key and its public key, both as PEM."""
    key = generate_private_key(public_exponent=65_537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()
