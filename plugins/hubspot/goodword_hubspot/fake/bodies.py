"""Checks a request body against the client library's own models, stricter than it does itself.

The library sends what it is given. Here every field must be known to the model, have its type,
be there if the model requires it, and hold a value the model allows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Protocol, cast

UNTYPED = {("PublicObjectSearchRequest", "sorts")}
"""The models say text, the documentation shows objects: whoever searches looks at it."""

TOLERATED = {("PropertyUpdate", "hasUniqueValue")}
"""Unknown to the model; the host is said to answer 200 to it and to change nothing."""

SCALARS: Mapping[str, type] = {"str": str, "int": int, "bool": bool, "datetime": str}


class _Model(Protocol):
    """What we use of a model class of the library."""

    openapi_types: Mapping[str, str]
    attribute_map: Mapping[str, str]

    def __call__(self, **fields: object) -> object: ...


def problems(package: str, model: str, body: object) -> list[str]:
    """Say what is wrong with *body* as a *model* of the library's *package*; empty when nothing.

    Args:
        package: Module of the client library, such as ``hubspot.crm.contacts``.
        model: Class name, or ``list[Name]``, or ``dict[str, Name]``.
        body: Parsed JSON.
    """
    return list(_problems(package, model, body, "body"))


def _problems(package: str, kind: str, value: object, where: str) -> Iterator[str]:
    if kind == "object":
        return
    if kind.startswith("list["):
        if isinstance(value, list):
            for number, item in enumerate(value):
                yield from _problems(package, kind[5:-1], item, f"{where}[{number}]")
        else:
            yield f"{where} must be a list"
    elif kind.startswith("dict[str, "):
        if isinstance(value, dict):
            for name, item in value.items():
                yield from _problems(package, kind[10:-1], item, f"{where}.{name}")
        else:
            yield f"{where} must be an object"
    elif kind in SCALARS:
        if not isinstance(value, SCALARS[kind]) or (kind == "int" and isinstance(value, bool)):
            yield f"{where} must be of type {kind}"
    else:
        yield from _problems_of_model(package, kind, value, where)


def _problems_of_model(package: str, name: str, value: object, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} must be an object"
        return
    model = _model(package, name)
    attributes = {json_name: own for own, json_name in model.attribute_map.items()}
    given: dict[str, object] = {}
    for field, item in value.items():
        if (name, field) in TOLERATED:
            continue
        if field not in attributes:
            yield f"{where} has an unknown field: {field}"
        elif item is not None:
            given[attributes[field]] = item
            if (name, field) not in UNTYPED:
                kind = model.openapi_types[attributes[field]]
                yield from _problems(package, kind, item, f"{where}.{field}")
    try:
        model(local_vars_configuration=_strict(package), **given)
    except ValueError as problem:
        yield f"{where}: {problem}"


@cache
def _model(package: str, name: str) -> _Model:
    return cast("_Model", getattr(import_module(f"{package}.models"), name))


@cache
def _strict(package: str) -> object:
    configuration = import_module(f"{package}.configuration").Configuration()
    configuration.client_side_validation = True
    return cast("object", configuration)
