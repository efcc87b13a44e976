"""A deployment: everything is checked first; only when all is right is anything done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from goodword_salesforce.fake import package_files, permission_sets
from goodword_salesforce.fake.answers import Json
from goodword_salesforce.fake.deploys import Deploy
from goodword_salesforce.fake.metadata_fields import WrongPartError, custom_field, told
from goodword_salesforce.fake.new_org import put
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.package_files import Name, Package, UnreadableError
from goodword_salesforce.fake.store import Row

ORDER = ("CustomField", "ListView", "PermissionSet")
"""Types this org deploys, each after what it may name."""
Step = Callable[[], bool]
"""Does one thing; returns whether it made something new."""


@dataclass(slots=True)
class _Plan:
    steps: list[tuple[Name, Step]]
    deploy: Deploy


def deploy(org: Org, run: Deploy, data: bytes) -> None:
    """Check the zip *data* and, unless only a check was asked, do what it says."""
    try:
        package = package_files.read(data)
    except UnreadableError as problem:
        run.error = str(problem)
        return
    plan = _Plan([], run)
    _check_manifest(package, run)
    for type_ in ORDER:
        for name in [one for one in package.parts if one[0] == type_ and one in package.listed]:
            _check(plan, name, partial(_coming, org, package, name))
    for name in reversed(package.going):
        _check(plan, name, partial(_going, org, name))
    only_check = run.options.get("checkOnly") is True
    if run.right and not only_check:
        for name, step in plan.steps:
            run.successes.append(_row(name, created=step()))
    elif run.right:
        run.successes += [_row(name) for name, _ in plan.steps]


def _check(plan: _Plan, name: Name, look: Callable[[], Step | str]) -> None:
    """Look at one component; what is only worth a warning is no failure."""
    try:
        found = look()
    except WrongPartError as problem:
        plan.deploy.failures.append(_row(name, problem=str(problem)))
        return
    if isinstance(found, str):
        plan.deploy.successes.append(_row(name, problem=found, warning=True))
    else:
        plan.steps.append((name, found))


def _check_manifest(package: Package, run: Deploy) -> None:
    for name in package.listed:
        if name not in package.parts:
            said = f"An object '{name[1]}' of type {name[0]} was named in package.xml, but was not"
            run.failures.append(_row(name, problem=f"{said} found in zipped directory"))
    for name in package.parts:
        if name not in package.listed:
            run.failures.append(_row(name, problem="it is not listed in package.xml"))


def _coming(org: Org, package: Package, name: Name) -> Step:
    """Return what makes or changes a component.

    Raises:
        WrongPartError: It cannot be.
    """
    type_, full = name
    element = package.parts[name]
    place, _, own = full.partition(".")
    if type_ == "PermissionSet":
        found = permission_sets.grants(org, element, package.parts)
        return lambda: permission_sets.keep(org, full, element, found)
    homes = org.schema.homes(place)
    if not homes:
        _wrong(f"Entity of type 'CustomObject' named '{place}' cannot be found")
    if type_ == "ListView":
        if not told(element, "label") or not told(element, "filterScope"):
            _wrong("Required field is missing: label or filterScope")
        return lambda: _list_view(org, place, own, told(element, "label"))
    field = custom_field(place, element)
    for target in field.refers:
        if org.schema.kind(target) is None:
            _wrong(f"referenceTo value of '{target}' does not resolve to a valid sObject type")
    before = org.schema.fields(homes[0]).get(field.name.lower())
    if before is not None and before.type != field.type:
        _wrong(f"Cannot update a field from a {before.type} to something else")

    def add() -> bool:
        org.schema.add(place, field, org.clock())
        for kind in homes:
            for row in org.store.every(kind.name):
                row.setdefault(field.name, field.default)
        return before is None

    return add


def _going(org: Org, name: Name) -> Step | str:
    """Return what deletes a component; a text when there is none."""
    type_, full = name
    place, _, own = full.partition(".")
    missing = f"No {type_} named: {full} found"
    if type_ == "PermissionSet":
        if full not in {row["Name"] for row in org.store.rows("PermissionSet")}:
            return missing
        holders = {row["PermissionSetId"] for row in org.store.rows("PermissionSetAssignment")}
        names = {row["Name"] for row in org.store.rows("PermissionSet") if row["Id"] in holders}
        if full in names:
            _wrong("You can't delete this permission set while it is assigned to users.")
        return lambda: permission_sets.remove(org, full)
    if type_ == "ListView":
        views = [row for row in org.store.rows("ListView") if _is_view(row, place, own)]
        if not views:
            return missing
        return lambda: org.store.tables["ListView"].pop(str(views[0]["Id"]), None) is None
    homes = org.schema.homes(place)
    found = org.schema.fields(homes[0]).get(own.lower()) if homes else None
    if type_ != "CustomField" or found is None or not found.custom:
        return missing

    def remove() -> bool:
        org.schema.remove(place, found.name, org.clock())
        for kind in homes:
            for row in org.store.every(kind.name):
                row.pop(found.name, None)
            org.store.forget_unique(kind, found)
        return False

    return remove


def _is_view(row: Row, place: str, own: str) -> bool:
    return (row["SobjectType"], row["DeveloperName"]) == (place, own)


def _list_view(org: Org, place: str, own: str, label: str) -> bool:
    if any(_is_view(row, place, own) for row in org.store.rows("ListView")):
        return False
    put(org, "ListView", {"Name": label, "DeveloperName": own, "SobjectType": place})
    return True


def _row(name: Name, *, created: bool = False, problem: str = "", warning: bool = False) -> Json:
    found: Json = {
        "componentType": name[0],
        "fullName": name[1],
        "fileName": f"{name[0]}/{name[1]}",
        "success": not problem or warning,
        "created": created,
        "changed": not problem,
        "deleted": False,
        "warning": warning,
        "problem": problem or None,
        "problemType": ("Warning" if warning else "Error") if problem else None,
    }
    return found


def _wrong(problem: str) -> NoReturn:
    raise WrongPartError(problem)
