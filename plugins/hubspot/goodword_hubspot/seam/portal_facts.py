"""What a portal says about itself: account, owners, pipelines of deals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from goodword import AuthError, Trail
from goodword_hubspot.seam.failures import RefusedError, endless
from goodword_hubspot.seam.shapes import after_in, id_of, rows

if TYPE_CHECKING:
    from goodword_hubspot.seam.client import Portal

ACCOUNT = "/account-info/v3/details"
TOKEN = "/oauth/v2/private-apps/get/access-token-info"  # noqa: S105 - a path, not a secret
TEST_ACCOUNTS = frozenset({"SANDBOX", "DEVELOPER_TEST", "APP_DEVELOPER"})
OWNERS_PAGE = 100


@dataclass(frozen=True, slots=True)
class Account:
    """The portal's account.

    Args:
        id: Number of the portal.
        type: STANDARD, SANDBOX, DEVELOPER_TEST or APP_DEVELOPER.
        currency: Its home currency, empty if it does not say.
        zone: Its time zone.
    """

    id: str
    type: str
    currency: str
    zone: tzinfo

    @property
    def sandbox(self) -> bool:
        """Whether it is a test account."""
        return self.type in TEST_ACCOUNTS


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody records can belong to; *active* is False once they were deactivated."""

    id: str
    name: str
    email: str
    active: bool
    person: bool


def read_account(portal: Portal) -> dict[str, str]:
    """Return what ``account_in`` needs to know of the account the key belongs to."""
    return portal.get(ACCOUNT).read(_account)


def account_in(data: Mapping[str, str]) -> Account:
    """Return the account of what ``read_account`` returned."""
    return Account(
        id=data["portalId"],
        type=data["accountType"] or "STANDARD",
        currency=data["companyCurrency"],
        zone=_zone(data["timeZone"]),
    )


def scopes_of_the_key(portal: Portal) -> frozenset[str] | None:
    """Return the scopes of the key, None where HubSpot does not tell them for this kind of key."""
    try:
        reply = portal.transport.send("POST", TOKEN, body={"tokenKey": portal.transport.token()})
    except (AuthError, RefusedError):
        return None
    return reply.read(lambda data: frozenset(str(each) for each in rows(data, "scopes")))


def each_owner(portal: Portal) -> Iterator[Owner]:
    """Yield the owners: those at work, then those who were deactivated."""
    for archived in (False, True):
        after, trail = "", Trail(endless("owners"))
        while True:
            options: dict[str, object] = {"limit": OWNERS_PAGE, "archived": archived}
            if after:
                options["after"] = after
            reply = portal.ask(portal.sdk.crm.owners.owners_api.get_page, **options)
            owners = reply.read(partial(_owners, active=not archived))
            yield from owners
            after = trail.go(reply.read(after_in), len(owners))
            if not after:
                break


def deal_stages(portal: Portal) -> dict[str, str]:
    """Return what each stage of every deal pipeline means: open, won or lost."""
    return portal.ask(portal.sdk.crm.pipelines.pipelines_api.get_all, "deals").read(_stages)


def _account(data: Mapping[str, Any]) -> dict[str, str]:
    names = ("accountType", "companyCurrency", "timeZone")
    return {"portalId": id_of(data["portalId"]), **{n: str(data.get(n) or "") for n in names}}


def _stages(data: Mapping[str, Any]) -> dict[str, str]:
    return {
        str(stage["id"]): _meaning(stage.get("metadata") or {})
        for pipeline in rows(data)
        for stage in rows(pipeline, "stages")
    }


def _meaning(metadata: Mapping[str, Any]) -> str:
    """Return what a stage means: its probability tells, since every portal names it anew."""
    try:
        probability = float(metadata.get("probability") or "0.5")
    except ValueError:
        probability = 0.5
    closed = str(metadata.get("isClosed") or "").lower() == "true"
    if probability >= 1:
        return "won"
    return "lost" if closed or probability <= 0 else "open"


def _owners(data: Mapping[str, Any], *, active: bool) -> list[Owner]:
    return [_owner(each, active=active) for each in rows(data)]


def _owner(data: Mapping[str, Any], *, active: bool) -> Owner:
    names = (str(data.get(name) or "") for name in ("firstName", "lastName"))
    email = str(data.get("email") or "").lower()
    return Owner(
        id=id_of(data["id"]),
        name=" ".join(name for name in names if name) or email,
        email=email,
        active=active,
        person=str(data.get("type") or "PERSON") == "PERSON",
    )


def _zone(name: str) -> tzinfo:
    """Return the zone, UTC where the computer does not know it."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
