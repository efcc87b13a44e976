"""What ``goodword doctor`` says about a portal: key, scopes, limits, properties, owners, clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodword import Check
from goodword_hubspot.install import plan_of
from goodword_hubspot.names import GROUP
from goodword_hubspot.seam.failures import RefusedError, ScopeError
from goodword_hubspot.seam.objects import list_page
from goodword_hubspot.seam.portal_facts import scopes_of_the_key

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk

CLOCK_SLACK = 60.0
"""Seconds our clock may differ from HubSpot's."""
INSTALL = "Run goodword install hubspot, look at its plan, then add --apply."
ADD = "Add it to the service key: HubSpot, Development > Keys > Service keys."
LEVELS = {
    "A": "level A: written by a unique key, so never twice",
    "B": "level B: looked for before it is written; after a lost answer a second one can exist "
    "until the next run archives it",
    "C": "level C: the key stands in the text, since the portal has no property for it; looked "
    "for before it is written, as at level B",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope the key may lack, and what that costs.

    Args:
        name: HubSpot's name.
        needed: Without it nothing works.
        costs: What is missing without it, as a sentence ends: "no survey answers".
        kind: Object whose first record shows whether it may be read; empty where only HubSpot's
            own list of the key's scopes tells.
    """

    name: str
    needed: bool
    costs: str
    kind: str = ""


SCOPES = (
    Scope("crm.objects.contacts.read", True, "nothing can be read", "contacts"),
    Scope("crm.objects.contacts.write", True, "no field, task or note can be written"),
    Scope("crm.schemas.contacts.read", True, "our properties cannot be found"),
    Scope("crm.schemas.contacts.write", False, "install cannot make our properties"),
    Scope("crm.objects.owners.read", True, "no task can be given to a rep"),
    Scope("crm.objects.companies.read", False, "no companies", "companies"),
    Scope("crm.objects.deals.read", False, "no sales: no score, no stage beyond try", "deals"),
    Scope("crm.schemas.deals.read", False, "deals without their own properties"),
    Scope("tickets", False, "open complaints do not hold an ask back", "tickets"),
    Scope(
        "crm.objects.feedback_submissions.read",
        False,
        "no survey answers (Service Hub Professional)",
        "feedback_submissions",
    ),
)
"""Every scope that is used; the README's table is made of the same."""


def look(desk: Desk) -> list[Check]:
    """Look at everything as it is now; the first check that fails as a whole ends it."""
    desk.look_again()
    account = desk.account
    kind = "a test account" if account.sandbox else "a standard account"
    checks = [
        Check("hubspot account", ok=True, detail=f"portal {account.id}, {kind}, {account.zone}")
    ]
    checks += _clock(desk)
    checks += _scopes(desk)
    for part in (_owners, _properties, _tasks, _limits):
        checks += _allowed(part, desk)
    return checks


def _allowed(part: Callable[[Desk], Iterator[Check]], desk: Desk) -> Iterator[Check]:
    try:
        yield from list(part(desk))
    except ScopeError as error:
        name = f"hubspot {part.__name__.removeprefix('_')}"
        yield Check(name, ok=False, detail=error.message, hint=error.hint)


def _clock(desk: Desk) -> Iterator[Check]:
    said = desk.portal.transport.server_time
    if said is None:
        return
    apart = abs(desk.portal.clock() - said)
    yield Check(
        "hubspot clock",
        ok=apart <= CLOCK_SLACK,
        detail=f"{apart:,.0f} seconds apart from HubSpot's",
        hint="" if apart <= CLOCK_SLACK else "Set this computer's clock by a time server.",
    )


def _scopes(desk: Desk) -> Iterator[Check]:
    """Look at each scope; one that is optional and missing is well, and said."""
    told = scopes_of_the_key(desk.portal)
    for scope in SCOPES:
        if not scope.kind and told is None:
            continue
        there = _can_be_read(desk, scope.kind) if scope.kind else scope.name in (told or ())
        yield Check(
            f"hubspot scope {scope.name}",
            ok=there or not scope.needed,
            detail="there" if there else f"missing: {scope.costs}",
            hint="" if there else ADD,
        )
    if told is None:
        unknown = " and ".join(each.name for each in SCOPES if not each.kind)
        detail = f"HubSpot does not say of this key whether it has {unknown}"
        yield Check("hubspot scopes", ok=True, detail=detail, hint="Look at the key in HubSpot.")


def _can_be_read(desk: Desk, kind: str) -> bool:
    try:
        list_page(desk.portal, kind, ("hs_object_id",))
    except (ScopeError, RefusedError):
        return False
    return True


def _owners(desk: Desk) -> Iterator[Check]:
    active = sum(each.active and each.person for each in desk.owners.values())
    yield Check(
        "hubspot owners",
        ok=active > 0,
        detail=f"{active:,} can be given tasks, {len(desk.owners) - active:,} cannot",
        hint="" if active else "Make a user of the portal an owner.",
    )


def _properties(desk: Desk) -> Iterator[Check]:
    steps = plan_of(desk)
    missing = [step.what for step in steps if step.state == "to make"]
    conflicts = [step for step in steps if step.state == "conflict"]
    for step in conflicts:
        yield Check(f"hubspot {step.what}", ok=False, detail=step.detail, hint=_remedy(step.detail))
    done = len(steps) - len(missing) - len(conflicts)
    yield Check(
        "hubspot install",
        ok=not missing,
        detail=f"{done} of {len(steps)} parts are there",
        hint=INSTALL if missing else "",
    )
    for name in sorted(_mapped(desk) - desk.defined("contacts").keys()):
        detail = "named in [plugin.hubspot.properties], but contacts have no such property"
        hint = "Correct the internal name of the property in goodword.toml."
        yield Check(f"hubspot property {name}", ok=False, detail=detail, hint=hint)


def _remedy(trouble: str) -> str:
    """Return what helps where a property is there that cannot be ours as it is."""
    if "lacks" in trouble:
        return "Until the option is back, goodword leaves this field alone."
    if "group" in trouble:
        return f"If it is goodword's own, move it into the group {GROUP} again; else leave it."
    return "Nothing to do: goodword goes without this field, and never touches yours."


def _mapped(desk: Desk) -> set[str]:
    mapped = desk.settings.properties
    names = {mapped.do_not_contact, mapped.kind, *mapped.referred_by, *mapped.extra.values()}
    return names - {""}


def _tasks(desk: Desk) -> Iterator[Check]:
    for kind in ("tasks", "notes"):
        yield Check(f"hubspot {kind} once", ok=True, detail=LEVELS[desk.place(kind).level])


def _limits(desk: Desk) -> Iterator[Check]:
    pace = desk.portal.transport.pace
    burst = f"{pace.burst.most} calls in {pace.burst.seconds:,.0f} seconds are used at most"
    left = (
        f", {pace.daily_left:,} of {pace.daily:,} left today"
        if pace.daily and (pace.daily_left is not None)
        else ""
    )
    made = f"; this look took {desk.portal.transport.telemetry.total} calls"
    yield Check("hubspot limits", ok=True, detail=f"{burst}{left}{made}")
