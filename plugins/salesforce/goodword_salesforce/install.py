"""What goodword needs in an org: looked at, made, or taken out again, and never overwritten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from goodword import InstallStep, RecordError
from goodword_salesforce.installing.deploy import Outcome, deploy
from goodword_salesforce.installing.fields import described, shape
from goodword_salesforce.installing.people import (
    Grant,
    check_same_org,
    give,
    lacking,
    permission_sets,
    take_back,
    wanted,
)
from goodword_salesforce.installing.values import Kept, keep_values
from goodword_salesforce.names import FIELDS, INTEGRATION, LIST_VIEW, PERMISSION_SETS
from goodword_salesforce.package.bundle import deploying, removing
from goodword_salesforce.package.parts import Part, parts
from goodword_salesforce.seam.soql import equal, select
from goodword_salesforce.shapes import NOT_WRITABLE, conflict, read_only

if TYPE_CHECKING:
    from goodword_salesforce.installing.visit import Visit

HIDDEN = "or it is there, and hidden from the integration user"
NOT_SEEN = "it was deployed, but the integration user does not see it: check its permission sets"
HELD_UP = "not made, because of what is in conflict; nothing was changed"
SHOW_IT = "add it to the page layout, so that reps can fill it in"
PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing of ours, how it stands, and the part of the package that makes it."""

    step: InstallStep
    part: Part | None = None


def install(visit: Visit, what: Literal["plan", "apply", "remove"]) -> tuple[InstallStep, ...]:
    """Look at, make or remove everything of ours in the org.

    Raises:
        SettingsError: The admin's sign-in leads to another org than goodword's.
    """
    check_same_org(visit.admin, visit.worker)
    if what == "plan":
        return tuple(each.step for each in plan_of(visit))
    return tuple(_made(visit) if what == "apply" else _removed(visit))


def plan_of(visit: Visit) -> list[Seen]:
    """Return every part with what is to be done about it; changes nothing."""
    by_name = {part.name: part for part in parts()}
    sets, found = permission_sets(visit.admin), described(visit.worker)
    seen: list[Seen] = []
    for field in FIELDS:
        for owner in field.objects:
            what, there = f"field {field.name} of {owner}", found.get((owner, field.name))
            if there is None:
                detail = f"{shape(field)}; {HIDDEN}" if sets else shape(field)
                step = InstallStep(what, "to make", detail)
            else:
                trouble = conflict(field, there)
                step = InstallStep(what, "conflict" if trouble else "there", trouble)
            seen.append(Seen(step, by_name[f"{owner}.{field.name}"]))
    complete = all(each.step.state != "to make" for each in seen)
    seen.append(_list_view_step(visit, by_name[f"Contact.{LIST_VIEW}"], fields=complete))
    writable = not any(read_only(each) for each in found.values())
    for name in PERMISSION_SETS:
        enough = name in sets and complete and (writable or name != INTEGRATION)
        step = InstallStep(f"permission set {name}", "there" if enough else "to make", "")
        seen.append(Seen(step, by_name[name]))
    grants = wanted(visit.admin, visit.worker, visit.settings)
    return seen + [Seen(each) for each in _grant_steps(visit, grants, sets)]


def _list_view_step(visit: Visit, part: Part, *, fields: bool) -> Seen:
    asked = select("ListView", "Id").where(
        equal("SobjectType", part.object), equal("DeveloperName", part.own_name)
    )
    try:
        there = any(True for _ in visit.admin.query(asked))
    except RecordError:  # not everybody may read list views; it came with the fields
        there = fields
    return Seen(InstallStep(f"list view {LIST_VIEW}", "there" if there else "to make", ""), part)


def _grant_steps(
    visit: Visit, grants: Sequence[Grant], sets: Mapping[str, str]
) -> Iterator[InstallStep]:
    for grant in grants:
        what = f"permission set {grant.permission_set} for {grant.whose}"
        if grant.unknown:
            yield InstallStep(what, "conflict", grant.unknown)
        elif grant.users:
            left = lacking(visit.admin, grant, sets.get(grant.permission_set, ""))
            yield InstallStep(what, "to make" if left else "there", "")


def _made(visit: Visit) -> list[InstallStep]:
    """Make what is missing: a trial first, then all or nothing; then see it as goodword will."""
    before = plan_of(visit)
    now = before
    if _give_all(visit):  # what was there and hidden is not deployed again
        now = plan_of(visit)
    missing = [each.part for each in now if each.part and each.step.state == "to make"]
    if missing:
        outcome = _deployed(visit, deploying(missing, visit.admin.version))
        if not outcome.well:
            return _refused(now, outcome)
    refused = _give_all(visit)
    return [
        _verified(old.step, new.step, refused)
        for old, new in zip(before, _strict(visit), strict=True)
    ]


def _strict(visit: Visit) -> list[Seen]:
    """Return how everything stands, where a field that cannot be written is in conflict."""
    found = described(visit.worker)
    locked = {f"field {name} of {owner}" for (owner, name), r in found.items() if read_only(r)}
    return [
        Seen(InstallStep(each.step.what, "conflict", NOT_WRITABLE), each.part)
        if each.step.state == "there" and each.step.what in locked
        else each
        for each in plan_of(visit)
    ]


def _verified(old: InstallStep, new: InstallStep, refused: Mapping[str, str]) -> InstallStep:
    """Return what became of a part, as the integration user sees it now."""
    if new.state == "to make":
        return InstallStep(new.what, "conflict", refused.get(new.what) or NOT_SEEN)
    if new.state == "there" and old.state == "to make":
        return InstallStep(new.what, "made", SHOW_IT if new.what in _for_reps() else "")
    return new


def _for_reps() -> set[str]:
    """Return the steps of fields that reps fill in; a deployment must not touch page layouts."""
    mine = (field for field in FIELDS if field.rep == "edit")
    return {f"field {field.name} of {owner}" for field in mine for owner in field.objects}


def _give_all(visit: Visit) -> dict[str, str]:
    """Give the permission sets that are there; return by step what was done or refused.

    Empty where everybody had theirs.
    """
    sets = permission_sets(visit.admin)
    done: dict[str, str] = {}
    for grant in wanted(visit.admin, visit.worker, visit.settings):
        set_id = sets.get(grant.permission_set, "")
        if set_id and lacking(visit.admin, grant, set_id):
            what = f"permission set {grant.permission_set} for {grant.whose}"
            done[what] = give(visit.admin, grant, set_id)
    return done


def _deployed(visit: Visit, found: Mapping[str, bytes]) -> Outcome:
    """Deploy files if a trial of the same files goes well."""
    for trial in (True, False):
        outcome = deploy(visit.admin, found, visit.clock, visit.sleep, check_only=trial)
        if not outcome.well:
            return outcome
    return outcome


def _refused(seen: Sequence[Seen], outcome: Outcome) -> list[InstallStep]:
    """Return what was to be made, with the reason where one is known; nothing was changed."""
    steps: list[InstallStep] = []
    told: set[str] = set()
    for each in seen:
        step, name = each.step, each.part.name if each.part else ""
        if step.state == "to make" and name and name in outcome.problems:
            told.add(name)
            step = InstallStep(step.what, "conflict", outcome.problems[name])
        elif step.state == "to make":
            step = InstallStep(step.what, "to make", HELD_UP)
        steps.append(step)
    others = {name: text for name, text in outcome.problems.items() if name not in told}
    if outcome.reason:
        others[PACKAGE] = outcome.reason
    return steps + [InstallStep(name or PACKAGE, "conflict", text) for name, text in others.items()]


def _unkept(visit: Visit, kept: Kept) -> str:
    """Say of which records no value could be kept, as far as that is known."""
    if visit.admin is visit.worker:
        return "those of records the integration user sees; of all with install_as"
    if not kept.unseen:
        return ""
    each = ", ".join(f"{number:,} {of}" for of, number in kept.unseen.items())
    return (
        f"not those of {sum(kept.unseen.values()):,} records that are hidden from the integration "
        f"user ({each}), where the admin has no {INTEGRATION} to see our fields"
    )


def _removed(visit: Visit) -> Iterator[InstallStep]:
    """Keep our values in a file, then take out what is ours, a trial first, and nothing else.

    Permission sets go last: until then they let us read what is kept.
    """
    _give_all(visit)
    known = {(owner, field.name): field for field in FIELDS for owner in field.objects}
    found = described(visit.worker)
    ours = {place: row for place, row in found.items() if not conflict(known[place], row)}
    sets = permission_sets(visit.admin)
    if ours:
        kept = keep_values(visit, ours)
        what = f"values of {kept.records} records, kept in {kept.file}"
        yield InstallStep(what, "made", _unkept(visit, kept))
    there = {f"{owner}.{name}" for owner, name in ours}
    seen = plan_of(visit)
    there |= {
        each.part.name
        for each in seen
        if each.part and each.part.type == "ListView" and ours and each.step.state == "there"
    }
    gone = [each for each in seen if each.part and each.part.name in there]
    last = [each for each in seen if each.part and each.part.name in sets]
    for group in (gone, last):
        if not group:
            continue
        if group is last:
            take_back(visit.admin, sets.values())
        chosen = [each.part for each in group if each.part]
        outcome = _deployed(visit, removing(chosen, visit.admin.version))
        if not outcome.well:
            left = [Seen(InstallStep(e.step.what, "to make", ""), e.part) for e in group]
            yield from (step for step in _refused(left, outcome) if step.state == "conflict")
            return
        yield from (InstallStep(each.step.what, "removed", "") for each in group)
