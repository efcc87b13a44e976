"""The settings: every key of ``goodword.toml`` with its type, default and reason."""

from __future__ import annotations

import types
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from goodword.credentials import Credential
from goodword.settings import RULE_ENTRIES, Settings
from goodword_csv.settings import CsvSettings, Source
from reference.markdown import about, code, markdown, table

HEADERS = ("key", "value", "default", "meaning and reason")
_NAMES: dict[object, str] = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    date: "day",
    dict: "table",
    Credential: "where a secret is kept",
    Any: "any",
}
_BELOW = {"plugin", "play"}
"""Keys of the file with a section of their own on the page."""


def settings() -> str:
    """Return the top of the file, then a section for each of its sections."""
    single: list[str] = []
    parts: list[str] = []
    for name, field in Settings.model_fields.items():
        model = _model_of(field)
        if model is not None and get_origin(field.annotation) is None:
            intro = about(model.__doc__)
            parts.append(f"## [{name}]\n\n{intro}\n\n{_table(model.model_fields.items())}")
        elif name not in _BELOW:
            single.append(name)
    top = _table((name, Settings.model_fields[name]) for name in single)
    return "\n\n".join((f"## Top of the file\n\n{top}", *parts))


def rule_entries() -> str:
    """Return the keys of the firm's own rules."""
    parts = []
    for kind, model in RULE_ENTRIES.items():
        head = "[[play]]" if kind == "play" else f"[[ask.{kind}]]"
        text = about(model.__doc__)
        parts.append(f"## {head}\n\n{text}\n\n{_table(model.model_fields.items())}")
    return "\n\n".join(parts)


def csv_settings() -> str:
    """Return the sections of the CSV plugin."""
    parts = []
    for head, model in (("[plugin.csv]", CsvSettings), ("[[plugin.csv.sources]]", Source)):
        text = about(model.__doc__)
        parts.append(f"## {head}\n\n{text}\n\n{_table(model.model_fields.items())}")
    return "\n\n".join(parts)


def _table(fields: Iterable[tuple[str, FieldInfo]]) -> str:
    rows = [
        (code(name), _kind(field), _default(field), markdown(field.description or ""))
        for name, field in fields
        if _model_of(field) in {None, Credential}
    ]
    return table(HEADERS, rows)


def _model_of(field: FieldInfo) -> type[BaseModel] | None:
    """Return the model a field holds, alone or in a list."""
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def _kind(field: FieldInfo) -> str:
    """Return the type of a field in words, with its limits."""
    words = _words(field.annotation)
    for limit in field.metadata:
        if isinstance(limit, Ge):
            words += f", {limit.ge} or more"
        elif isinstance(limit, Le):
            words += f", at most {limit.le}"
    return words


def _words(kind: Any) -> str:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return " or ".join(code(str(value)) for value in arguments)
    if origin in {Union, types.UnionType}:
        return " or ".join(dict.fromkeys(_words(a) for a in arguments if a is not type(None)))
    if origin is tuple:
        return f"list of {_words(arguments[0])}"
    if origin is dict:
        return f"table of {_words(arguments[1])}"
    return _NAMES.get(kind, getattr(kind, "__name__", str(kind)))


def _default(field: FieldInfo) -> str:
    """Return the default as TOML writes it."""
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined:
        return "needed"
    if isinstance(value, bool):
        return code(str(value).lower())
    if value is None or value in ("", (), {}):
        return "none"
    return code(f'"{value}"' if isinstance(value, str) else str(value))
