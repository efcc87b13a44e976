"""What a write must satisfy before the portal takes it: names, values, owners, stages, keys."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from goodword_hubspot.fake.answers import Json, RefusedError
from goodword_hubspot.fake.object_types import ObjectType
from goodword_hubspot.fake.portal import Portal
from goodword_hubspot.fake.properties import Property
from goodword_hubspot.fake.store import Record
from goodword_hubspot.fake.values import BadValueError, as_kept, reject

Claims = set[tuple[str, str]]
"""Unique values other inputs of the same batch want."""


def checked(
    portal: Portal,
    kind: ObjectType,
    values: Mapping[str, str],
    record: Record | None,
    claims: Claims,
    *,
    mandatory: Sequence[str] = (),
) -> dict[str, str]:
    """Return *values* as the portal will keep them.

    Args:
        portal: Where.
        kind: Object of the record.
        values: As sent.
        record: The record to change, or None for a new one.
        claims: Unique values other inputs want; this input's are added.
        mandatory: Properties a new record needs beyond the host's own rules.

    Raises:
        RefusedError: With one entry a problem.
    """
    kept: dict[str, str] = {}
    problems: list[Json] = []
    for name, value in values.items():
        definition = portal.definitions.live(kind.name, name)
        try:
            if definition is None:
                message = f'Property "{name}" does not exist'
                reject("PROPERTY_DOESNT_EXIST", message)
            if definition.read_only:
                message = f'"{name}" is a read only property; its value cannot be set.'
                reject("READ_ONLY_VALUE", message)
            kept[name] = as_kept(definition, value)
            _check_elsewhere(portal, kind, definition, kept[name], values, record)
        except BadValueError as problem:
            ignored = {"PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE"}
            if kind.name != "tasks" or record is None or problem.code not in ignored:
                problems.append(_problem(name, problem))
    if problems:
        raise _not_valid(problems)
    if record is None:
        _require(kind, kept, (*kind.required, *mandatory))
    _check_unique(portal, kind, kept, record, claims)
    if record is not None and _goes_back(portal, kind, kept, record):
        del kept["lifecyclestage"]
    return kept


def _check_elsewhere(
    portal: Portal,
    kind: ObjectType,
    definition: Property,
    value: str,
    values: Mapping[str, str],
    record: Record | None,
) -> None:
    """Look up values whose options live elsewhere: owners, pipelines, stages."""
    if not value:
        return
    if definition.refers_to == "OWNER":
        owner = portal.owners.get(value)
        may = owner is not None and (
            not owner.archived or portal.account.switches.archived_owner_takes_records
        )
        if not may:
            reject("INVALID_OWNER_ID", f"Owner {value} does not exist or is inactive")
    elif definition.name in {"pipeline", "hs_pipeline"}:
        if portal.pipelines.get(kind.name, value) is None:
            reject("INVALID_OPTION", f"{value} is not a pipeline of this account")
    elif definition.name in {"dealstage", "hs_pipeline_stage"}:
        of = "pipeline" if definition.name == "dealstage" else "hs_pipeline"
        default = next(portal.pipelines.all(kind.name)).id
        before = record.properties.get(of, "") if record is not None else ""
        pipeline = portal.pipelines.get(kind.name, values.get(of, "") or before or default)
        if pipeline is None or pipeline.stage(value) is None:
            reject("INVALID_OPTION", f"{value} is not a stage of that pipeline")


def _require(kind: ObjectType, kept: Mapping[str, str], names: Sequence[str]) -> None:
    missing = [name for name in names if not kept.get(name)]
    if missing:
        raise RefusedError(
            400,
            "VALIDATION_ERROR",
            f"Error creating {kind.singular.upper()}. Some required properties were not set.",
            context={"properties": missing},
        )


def _check_unique(
    portal: Portal,
    kind: ObjectType,
    kept: Mapping[str, str],
    record: Record | None,
    claims: Claims,
) -> None:
    for name in portal.definitions.unique(kind.name):
        value = kept.get(name, "")
        if not value:
            continue
        holder = portal.store.holder(kind.name, name, value)
        if holder is not None and (record is None or holder.id != record.id):
            raise conflict(kind, name, value, holder.id, record)
        if (name, value.lower()) in claims:
            raise conflict(kind, name, value, 0, record)
        claims.add((name, value.lower()))


def conflict(
    kind: ObjectType, name: str, value: str, holder: int, record: Record | None
) -> RefusedError:
    """Return the refusal for a unique *value* that another record holds."""
    if (kind.name, name) == ("contacts", "email"):
        message = f"Contact already exists. Existing ID: {holder}"
        return RefusedError(409, "CONFLICT", message)
    on = record.id if record is not None else 0
    message = (
        f"Cannot set PropertyValueCoordinates{{objectType={kind.singular.upper()}, "
        f"propertyName={name}, value={value}}} on {on}. {holder} already has that value."
    )
    error: Json = {"message": message, "code": "CONFLICTING_UNIQUE_VALUE"}
    return RefusedError(400, "VALIDATION_ERROR", message, errors=[error])


def _goes_back(portal: Portal, kind: ObjectType, kept: Mapping[str, str], record: Record) -> bool:
    """Return whether the lifecycle stage would move backward, which the host ignores."""
    before, after = record.properties.get("lifecyclestage", ""), kept.get("lifecyclestage", "")
    definition = portal.definitions.live(kind.name, "lifecyclestage")
    if not before or not after or definition is None:
        return False
    order = [option.value for option in definition.options]
    return order.index(after) < order.index(before)


def _problem(name: str, problem: BadValueError) -> Json:
    return {
        "message": problem.message,
        "code": problem.code,
        "context": {"propertyName": [name]},
    }


def _not_valid(problems: Sequence[Json]) -> RefusedError:
    words = [
        {"isValid": False, "message": one["message"], "error": one["code"]} for one in problems
    ]
    message = f"Property values were not valid: {json.dumps(words, ensure_ascii=False)}"
    return RefusedError(400, "VALIDATION_ERROR", message, errors=problems)
