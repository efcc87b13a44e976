"""The account behind the portal: its key, tier, scopes, currency, and what nobody has verified.

Some behaviour of the real host is known only by hearsay. Each such point is a switch here, so a
connector can be tried against every way the host may turn out to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

KEY = "pat-eu1-5a3d0000-0000-4000-8000-0000c0ffee00"
"""The key of a new portal; only this fake takes it."""

ALL_SCOPES = frozenset(
    {
        "crm.objects.companies.read",
        "crm.objects.companies.write",
        "crm.objects.contacts.read",
        "crm.objects.contacts.write",
        "crm.objects.deals.read",
        "crm.objects.deals.write",
        "crm.objects.feedback_submissions.read",
        "crm.objects.owners.read",
        "crm.schemas.companies.read",
        "crm.schemas.contacts.read",
        "crm.schemas.contacts.write",
        "crm.schemas.deals.read",
        "oauth",
        "tickets",
    }
)


@dataclass(frozen=True, slots=True)
class Tier:
    """What an account paid for.

    Args:
        name: As HubSpot sells it.
        burst: Calls in any ten seconds.
        daily: Calls from midnight to midnight in the account's time zone.
        association_burst: Association calls in any ten seconds.
        feedback: Whether survey answers exist (Service Hub Professional and up).
        daily_headers: False for public apps (OAuth), which are not told of a daily limit.
    """

    name: str
    burst: int
    daily: int
    association_burst: int
    feedback: bool
    daily_headers: bool = True


FREE = Tier("FREE", 100, 250_000, 100, feedback=False)
PROFESSIONAL = Tier("PROFESSIONAL", 190, 625_000, 150, feedback=True)
ENTERPRISE = Tier("ENTERPRISE", 190, 1_000_000, 150, feedback=True)
PUBLIC_APP = Tier("PUBLIC_APP", 110, 625_000, 150, feedback=True, daily_headers=False)
TIERS = {tier.name.lower(): tier for tier in (FREE, PROFESSIONAL, ENTERPRISE, PUBLIC_APP)}


@dataclass(frozen=True, slots=True)
class Switches:
    """Behaviour of the real host that is unverified, or differs between portals.

    Args:
        unique_task_property: Whether a property of tasks, notes and other activities may be
            created with unique values.
        creation_key: Whether activities have ``hs_unique_creation_key``, and whether it takes
            a value.
        task_schema_scope: The scope that lets a key create properties of activities.
        search_lag: Seconds until a write shows in search at the latest; some show sooner, so
            a later change can be seen before an earlier one.
        key_reads_lag: Whether reads by a unique property lag like search does.
        keeps_primary_id: Whether a merge keeps the id of the first record (a beta).
        ties_by_id: Whether search orders records of equal sort value by id.
        results_in_order: Whether a batch answers in the order it was asked.
        embedded_page: Associations listed inside a record before they continue elsewhere.
        conflicts_fail_the_batch: Whether a conflict fails a whole upsert even with trace ids.
        archived_owner_takes_records: Whether a deactivated owner can be given a record.
        deal_calculations: Whether deals have the won flag and the amount in home currency.
        links_need_both_writes: Whether linking needs the write scope of both object types.
        token_info: Whether the key can ask for its own scopes.
        numbered_paths: False once /crm/v3 and /crm/v4 have been switched off.
        required_on_create: Properties an admin made mandatory; enforced by 2026-09 and later.
    """

    unique_task_property: bool = True
    creation_key: Literal["absent", "read-only", "writable"] = "read-only"
    task_schema_scope: str = "crm.schemas.contacts.write"
    search_lag: float = 3.0
    key_reads_lag: bool = False
    keeps_primary_id: bool = False
    ties_by_id: bool = False
    results_in_order: bool = False
    embedded_page: int = 100
    conflicts_fail_the_batch: bool = True
    archived_owner_takes_records: bool = False
    deal_calculations: bool = True
    links_need_both_writes: bool = False
    token_info: bool = True
    numbered_paths: bool = True
    required_on_create: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Account:
    """One account; a test changes it while a run is under way, as an admin would."""

    key: str = KEY
    scopes: set[str] = field(default_factory=lambda: set(ALL_SCOPES))
    tier: Tier = PROFESSIONAL
    switches: Switches = field(default_factory=Switches)
    portal_id: int = 47102285
    time_zone: str = "Europe/London"
    currency: str = "GBP"
    exchange_rates: dict[str, str] = field(default_factory=lambda: {"GBP": "1", "EUR": "0.85"})
    """Worth of one unit in the home currency; its keys are the currencies deals may have."""
