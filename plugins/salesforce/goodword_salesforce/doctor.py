"""What ``goodword doctor`` says about an org: sign-in, rights, consent, fields, people, calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodword import Check, RecordError
from goodword_salesforce.doctor_unseen import GRANT, consent, tasks
from goodword_salesforce.install import plan_of
from goodword_salesforce.installing.host import OrgHost
from goodword_salesforce.installing.visit import Visit
from goodword_salesforce.seam.failures import OutOfCallsError, RightsError
from goodword_salesforce.seam.query import Wanted, each_page
from goodword_salesforce.seam.soql import Term, equal, select
from goodword_salesforce.seam.values import number
from goodword_salesforce.settings import NEWEST, OLDEST

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk

CLOCK_SLACK = 60.0
"""Seconds our clock may differ from Salesforce's."""
INSTALL = "Run goodword install salesforce, look at its plan, then add --apply."


@dataclass(frozen=True, slots=True)
class Right:
    """An object or a field the integration user may not see, and what that costs.

    Args:
        object: API name of the object.
        fields: Fields of it; empty for the object itself.
        costs: What is missing without it, as a sentence ends: "no open complaints".
        needed: Without it nothing works.
    """

    object: str
    fields: tuple[str, ...]
    costs: str
    needed: bool = False


RIGHTS = (
    Right("Contact", (), "nothing can be read", needed=True),
    Right("Contact", ("Email",), "referrers named by e-mail address are not found"),
    Right("Contact", ("AccountId",), "sales of a firm without a contact role reach nobody"),
    Right("Contact", ("Phone", "MobilePhone"), "tasks show no telephone number"),
    Right("Contact", ("LeadSource",), "where contacts came from is not known"),
    Right("Lead", (), "leads are left out"),
    Right("Lead", ("Email",), "leads who are contacts already are not recognised"),
    Right("Account", (), "sales without a contact role reach nobody"),
    Right("Opportunity", (), "no sales: no score, no stage beyond try"),
    Right("Opportunity", ("Amount",), "sales have no amounts, so nobody's worth is known"),
    Right("Opportunity", ("AccountId",), "sales without a contact role reach nobody"),
    Right("OpportunityContactRole", (), "sales are known by firm only, not by person"),
    Right("Case", (), "open complaints do not hold an ask back"),
    Right("Case", ("ContactId",), "open complaints do not hold an ask back"),
    Right("CampaignMember", (), "answers to campaigns do not count"),
    Right("Task", (), "no task can be written", needed=True),
    Right("Event", (), "meetings do not count"),
)
"""Every object and field that is read and can be hidden; opt-outs have a check of their own."""
WRITTEN = ("Subject", "Description", "WhoId", "OwnerId", "ActivityDate", "Status", "Priority")
"""Standard fields every new task has; ours have checks of their own."""
CHANGED = ("Description", "OwnerId", "Status")
"""Standard fields of tasks that are changed later, to hand one over or to close it."""


def look(desk: Desk) -> list[Check]:
    """Look at everything, anew; a part that may not be looked at says so, and the others go on.

    Where the calls of the day are used up in between, what was seen until then is told.
    """
    desk.look_again()
    checks: list[Check] = []
    try:
        for check in _each(desk):
            checks.append(check)  # what came before a failure stays
    except OutOfCallsError as error:
        checks.append(Check("salesforce calls", ok=False, detail=error.message, hint=error.hint))
    return checks


def _each(desk: Desk) -> Iterator[Check]:
    organization = desk.organization
    kind = "a sandbox" if organization.sandbox else "no sandbox"
    where = f"{organization.id}, {kind}, {organization.zone}"
    yield Check("salesforce sign-in", ok=True, detail=f"{desk.settings.auth} is accepted")
    yield Check("salesforce org", ok=True, detail=where)
    for part in (_version, _clock, _rights, consent, _install, _mapped, _statuses, _owners, tasks):
        yield from _allowed(part, desk)
    yield from _currency(desk)
    yield from _limits(desk)


def _allowed(part: Callable[[Desk], Iterator[Check]], desk: Desk) -> Iterator[Check]:
    try:
        yield from list(part(desk))
    except (RightsError, RecordError) as error:
        name = f"salesforce {part.__name__.removeprefix('_')}"
        yield Check(name, ok=False, detail=error.message, hint=error.hint)


def _version(desk: Desk) -> Iterator[Check]:
    version = desk.settings.api_version
    known = float(OLDEST) <= float(version) <= float(NEWEST)
    told = "pinned" if known else f"newer than {NEWEST}, the newest whose shapes goodword knows"
    ends = desk.settings.auth == "password"
    yield Check(
        "salesforce api version",
        ok=not ends,
        detail=f"{version}, {told}" + ("; Salesforce ends signing in by password" if ends else ""),
        hint='Set auth = "jwt" before summer 2027; the README says how.' if ends else "",
    )


def _clock(desk: Desk) -> Iterator[Check]:
    said = desk.org.transport.server_time
    if said is None:
        return
    apart = abs(desk.org.clock() - said)
    yield Check(
        "salesforce clock",
        ok=apart <= CLOCK_SLACK,
        detail=f"{apart:,.0f} seconds apart from Salesforce's",
        hint="" if apart <= CLOCK_SLACK else "Set this computer's clock by a time server.",
    )


def _rights(desk: Desk) -> Iterator[Check]:
    """Look at what the integration user sees; what is optional and hidden is well, and said."""
    for right in RIGHTS:
        seen = desk.described(right.object)
        if right.fields and not seen:
            continue  # the object itself is told already
        hidden = [name for name in right.fields if name not in seen]
        if seen and not hidden:
            if right.object == "Task":
                yield _tasks(desk)
            elif not right.fields:
                yield Check(f"salesforce {right.object}", ok=True, detail="can be read")
            continue
        what = ".".join(filter(None, (right.object, " and ".join(hidden))))
        detail = f"hidden: {right.costs}"
        yield Check(f"salesforce {what}", ok=not right.needed, detail=detail, hint=GRANT)


def _tasks(desk: Desk) -> Check:
    """Look whether tasks can be made, handed over and closed."""
    seen = desk.described("Task")
    fixed = [name for name in WRITTEN if name not in seen or not seen[name].createable]
    if fixed:
        detail = f"no task can be written: {', '.join(fixed)} may not be filled in"
        return Check("salesforce Task", ok=False, detail=detail, hint=GRANT)
    fixed = [name for name in CHANGED if not seen[name].updateable]
    if fixed:
        detail = f"no task can be handed over or closed: {', '.join(fixed)} may not be changed"
        return Check("salesforce Task", ok=False, detail=detail, hint=GRANT)
    return Check("salesforce Task", ok=True, detail="can be read and written")


def _install(desk: Desk) -> Iterator[Check]:
    """Look at what install would make, as the integration user sees it."""
    host, work = OrgHost(desk.org), desk.work
    visit = Visit(
        host, host, desk.settings, work.folder, work.today, desk.org.clock, desk.org.sleep
    )
    steps = [each.step for each in plan_of(visit)]
    missing = [step for step in steps if step.state == "to make"]
    conflicts = [step for step in steps if step.state == "conflict"]
    for step in conflicts:
        hint = "goodword goes without it, and never touches yours; the README says what helps."
        yield Check(f"salesforce {step.what}", ok=False, detail=step.detail, hint=hint)
    locked = sorted(desk.troubles)
    for name in locked:
        yield Check(f"salesforce {name}", ok=False, detail=desk.troubles[name], hint=GRANT)
    done = len(steps) - len(missing) - len(conflicts)
    yield Check(
        "salesforce install",
        ok=not missing,
        detail=f"{done} of {len(steps)} parts are there",
        hint=INSTALL if missing else "",
    )


def _mapped(desk: Desk) -> Iterator[Check]:
    """Look at the fields the settings name; one is enough on contacts or on leads."""
    for name in desk.settings.fields.names:
        if not (desk.has("Contact", name) or desk.has("Lead", name)):
            detail = "named in [plugin.salesforce.fields]; it is not there, or it is hidden"
            hint = "Correct its API name, or let the integration user read it."
            yield Check(f"salesforce field {name}", ok=False, detail=detail, hint=hint)


def _statuses(desk: Desk) -> Iterator[Check]:
    detail = (
        f"a task begins as {desk.open_status!r} with the priority {desk.priority!r}, "
        f"and ends as {desk.closed_status!r}"
    )
    yield Check("salesforce task statuses", ok=True, detail=detail)


def _owners(desk: Desk) -> Iterator[Check]:
    active = sum(each.active for each in desk.owners.values())
    left = len(desk.owners) - active
    yield Check(
        "salesforce owners",
        ok=bool(active),
        detail=f"{active:,} users can be given tasks, {left:,} cannot",
        hint="" if active else GRANT,
    )
    yield from _fallback(desk)
    orphans = _count_orphans(desk)
    if orphans:
        which = "contact belongs" if orphans == 1 else "contacts belong"
        detail = f"{orphans:,} {which} to somebody who has left"
        hint = "Their tasks go to the owner of their account, else to fallback_owner."
        yield Check("salesforce contacts' owners", ok=True, detail=detail, hint=hint)


def _fallback(desk: Desk) -> Iterator[Check]:
    wanted = desk.settings.fallback_owner.lower()
    if wanted and not any(
        each.active and each.username.lower() == wanted for each in desk.owners.values()
    ):
        detail = "no active user of this org has the user name in fallback_owner"
        hint = (
            "Correct it in [plugin.salesforce]; it is that of Salesforce, not the e-mail address."
        )
        yield Check("salesforce fallback owner", ok=False, detail=detail, hint=hint)


def _count_orphans(desk: Desk) -> int:
    asked = select("Contact", Term("COUNT", "Id", "number")).where(equal("Owner.IsActive", False))
    rows = [row for page in each_page(desk.org, Wanted(asked)) for row in page]
    return int(number(rows[0], "number") or 0) if rows else 0


def _currency(desk: Desk) -> Iterator[Check]:
    own, wanted = desk.organization.currency, desk.settings.home_currency
    odd = bool(wanted and own and wanted != own)
    if desk.organization.multi_currency:
        told = f"{own}, and others, whose sums Salesforce converts into it"
    else:
        told = own or "one, which the org does not name; it is taken for that of goodword.toml"
    yield Check(
        "salesforce currency",
        ok=not odd,
        detail=told + (f"; home_currency says {wanted}" if odd else ""),
        hint="Leave home_currency out, or set it to the currency of the org." if odd else "",
    )


def _limits(desk: Desk) -> Iterator[Check]:
    quota = desk.org.transport.quota
    made = f"this look took {desk.org.transport.telemetry.total} calls"
    if quota.used is None or quota.most is None or quota.spendable is None:
        yield Check("salesforce calls", ok=True, detail=made)
        return
    detail = (
        f"{quota.used:,} of the {quota.most:,} of 24 hours are used; {quota.reserve:.0%} are kept "
        f"for other programs, {quota.spendable:,} are left for goodword; {made}"
    )
    enough = quota.spendable > 0
    hint = "" if enough else "Wait for calls to come back, or set reserve lower."
    yield Check("salesforce calls", ok=enough, detail=detail, hint=hint)
