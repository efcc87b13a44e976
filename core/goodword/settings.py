"""The settings of a firm as values, checked strictly, with errors a person can act on."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, Field, ValidationError, model_validator

from goodword.errors import SettingsError
from goodword.policy import (
    MOST_DAYS,
    Ask,
    Brakes,
    Calendar,
    Caps,
    Champions,
    Firm,
    Notify,
    Policy,
    Rollout,
    Section,
)
from goodword.rulebook import Override
from goodword.rules import Withheld
from goodword.tables import ColumnType

FILE = "goodword.toml"
VERSION = 2
UNHASHED = {"rollout", "brakes", "notify", "engine"}
"""Sections that decide where a plan is computed, whether it is written and who hears of it, never
what it says."""
M = TypeVar("M", bound=BaseModel)
Condition = str | int | bool


class RuleEntry(Section):
    """What every rule entry shares."""

    name: str = Field(description="Name of an existing rule to change, or of a new one.")
    enabled: bool = Field(default=True, description="false takes the rule out.")
    reason: str = Field("", description="Why a hard rule is changed; printed in every plan.")


class TriggerEntry(RuleEntry):
    """``[[ask.trigger]]``: a moment that opens a window for an ask."""

    when: Condition | None = Field(None, description="Condition over facts.")
    since: str | None = Field(None, description="Time fact the window counts from.")
    record: str | None = Field(None, description="Text fact with the id of the event.")
    because: str | None = Field(None, description="Sentence for the rep, facts in braces.")
    wait_days: int | None = Field(
        None, ge=0, le=MOST_DAYS, description="Days until the window opens."
    )
    expires_days: int | None = Field(
        None, ge=0, le=MOST_DAYS, description="Days the window stays open."
    )
    points: int | None = Field(None, description="Weight of the moment.")
    exempt: tuple[str, ...] | None = Field(None, description="Suppressors that do not apply.")


class SuppressorEntry(RuleEntry):
    """``[[ask.suppressor]]``: a reason not to ask now."""

    when: Condition | None = Field(None, description="Condition over facts.")
    since: str | None = Field(None, description="Time fact a rest period counts from.")
    days: Condition | None = Field(None, description="Length of the rest period, in days.")
    until: str | None = Field(None, description="Time fact at which it ends by itself.")
    verdict: Withheld | None = Field(None, description="wait, warm_up, recover or never.")
    because: str | None = Field(None, description="Sentence for the rep, facts in braces.")
    hard: bool | None = Field(None, description="Changing it needs a reason.")
    withdraws: bool | None = Field(None, description="Also closes an open ask.")


class WeightEntry(RuleEntry):
    """``[[ask.weight]]``: points added to the priority."""

    points: Condition | None = Field(None, description="Whole points, or an expression.")
    because: str | None = Field(None, description="Sentence for why, facts in braces.")


class PlayEntry(RuleEntry):
    """``[[play]]``: change, switch off or add a play."""

    doc: str | None = Field(None, description="One sentence for the docs.")
    verdict: str | None = Field(None, description="Fires for this verdict.")
    when: Condition | None = Field(None, description="Condition over facts.")
    record: str | None = Field(None, description="Text fact with the id that names the cycle.")
    every: str | None = Field(None, description="Cadence: week, month, quarter or year.")
    because: str | None = Field(None, description="Sentence for the rep, facts in braces.")
    words: str | None = Field(None, description="Name of the words file.")
    due_days: int | None = Field(
        None, ge=0, le=MOST_DAYS, description="Working days until the task is due."
    )
    tier: int | None = Field(None, description="Budget order; lower is served first.")


class AskSection(Ask):
    """``[ask]``: when a customer may be asked; rules of the firm's own below it."""

    trigger: tuple[TriggerEntry, ...] = ()
    suppressor: tuple[SuppressorEntry, ...] = ()
    weight: tuple[WeightEntry, ...] = ()


class ConnectorSection(Section):
    """``[connector]``: where the customers are."""

    name: str = Field("csv", description="Name of the connector; its settings are [plugin.NAME].")
    account: str = Field(
        "",
        description="Stable id of the host account, written by init; part of every task key. A "
        "connection to another account is refused.",
    )
    sandbox: bool | None = Field(
        None,
        description="Whether that account is a test account; a host that says otherwise is "
        "refused. Empty: not checked.",
    )


class PluginsSection(Section):
    """``[plugins]``: which third-party plugins may run."""

    enabled: tuple[str, ...] = Field(
        (), description="Plugins to load, by entry-point name; nothing else is ever loaded."
    )
    choose: dict[str, str] = Field(
        default_factory=dict, description="Which plugin answers a hook that only one may answer."
    )


class EngineSection(Section):
    """``[engine]``: what computes a plan; tests compare whole plans of all engines."""

    name: str = Field("polars", description="polars, duckdb or spark; spark reads no ``[extra]``.")
    memory_limit: str = Field(
        "",
        pattern=r"^(\d+(\.\d+)? ?[KMGT]i?B)?$",
        description="Memory DuckDB may use, such as 1GB. Empty: most of the machine's.",
    )
    spill: str = Field(
        "",
        description="Folder for tables on the way, of duckdb and spark. Empty: .goodword/spill.",
    )
    master: str = Field(
        "local[*]",
        description="Spark's master, such as spark://host:7077; local[*] is this machine.",
    )


class Settings(Section):
    """The whole ``goodword.toml``."""

    version: int = Field(VERSION, description="Version of this file's format.")
    firm: Firm = Firm()
    connector: ConnectorSection = ConnectorSection()
    ask: AskSection = AskSection()
    caps: Caps = Caps()
    calendar: Calendar = Calendar()
    champions: Champions = Champions()
    rollout: Rollout = Rollout()
    brakes: Brakes = Brakes()
    notify: Notify = Notify()
    plugins: PluginsSection = PluginsSection()
    engine: EngineSection = EngineSection()
    extra: dict[str, ColumnType] = Field(
        default_factory=dict, description="The firm's own contact columns: name = type."
    )
    play: tuple[PlayEntry, ...] = ()
    plugin: dict[str, dict[str, Any]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known_version(self) -> Settings:
        if self.version > VERSION:
            msg = f"version {self.version} was written by a newer goodword; update goodword"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _columns_the_engine_reads(self) -> Settings:
        if self.engine.name == "spark" and self.extra:
            msg = "spark cannot read columns of the firm's own: use duckdb, or take [extra] out"
            raise ValueError(msg)
        return self

    @property
    def policy(self) -> Policy:
        """The firm's numbers, for rules."""
        return Policy(
            firm=self.firm,
            ask=Ask(**{name: getattr(self.ask, name) for name in Ask.model_fields}),
            caps=self.caps,
            calendar=self.calendar,
            champions=self.champions,
            notify=self.notify,
        )

    @property
    def overrides(self) -> list[Override]:
        """The rule entries, in file order."""
        entries: list[tuple[str, RuleEntry]] = []
        entries += [("trigger", entry) for entry in self.ask.trigger]
        entries += [("suppressor", entry) for entry in self.ask.suppressor]
        entries += [("weight", entry) for entry in self.ask.weight]
        entries += [("play", entry) for entry in self.play]
        return [_override(kind, entry) for kind, entry in entries]

    @property
    def hash(self) -> str:
        """Short hash of every setting a plan depends on, part of each plan."""
        text = json.dumps(self.model_dump(mode="json", exclude=UNHASHED), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _override(kind: str, entry: RuleEntry) -> Override:
    keys = entry.model_dump(exclude={"name", "reason"}, exclude_none=True, exclude_unset=True)
    return Override(kind, entry.name, keys, entry.reason)


def validated(model: type[M], data: Mapping[str, object], where: str) -> M:
    """Return *data* as *model*, with errors that name the key and the nearest known one.

    Raises:
        SettingsError: The first thing that is wrong, by its path; values are not repeated.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        path = first["loc"]
        dotted = ".".join(str(part) for part in path)
        if first["type"] == "extra_forbidden":
            known = _names_at(model, path[:-1])
            near = difflib.get_close_matches(str(path[-1]), known, n=1, cutoff=0.5)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(known)}."
            msg = f"{where}: unknown setting {dotted!r}."
            raise SettingsError(msg, hint=hint) from None
        wanted = _WANTED.get(first["type"])
        told = f" must be {wanted}" if wanted else f": {first['msg'].removeprefix('Value error, ')}"
        msg = f"{where}: {dotted or 'the file'}{told}."
        raise SettingsError(msg, hint="See the settings reference.") from None


_WHOLE, _SWITCH = "a whole number, such as 5", "true or false, without quotes"
_WANTED = {
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_type": _SWITCH,
    "bool_parsing": _SWITCH,
    "string_type": 'text in quotes, such as "Monday"',
    "tuple_type": 'a list, such as ["one", "two"]',
    "list_type": 'a list, such as ["one", "two"]',
}
"""What a setting must be, by the kind of mistake."""


def _names_at(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """Return the setting names known at *path* below *model*."""
    here: type[BaseModel] = model
    for part in path:
        field = here.model_fields.get(str(part))
        if field is None:
            continue  # a list index
        kinds = [field.annotation, *get_args(field.annotation)]
        here = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), here)
    return list(here.model_fields)


RULE_ENTRIES: dict[str, type[RuleEntry]] = {
    "trigger": TriggerEntry,
    "suppressor": SuppressorEntry,
    "weight": WeightEntry,
    "play": PlayEntry,
}
"""Entry model of each rule kind, for the docs; same kinds as ``rulebook.KINDS``."""
