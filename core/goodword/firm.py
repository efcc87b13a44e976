"""A firm: its folder with ``goodword.toml``, and what follows from it (plugins, rules, mirror)."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import goodword
from goodword.connector import Connector, ConnectorSpec, Workplace
from goodword.engines import Engine, open_engine
from goodword.errors import GoodwordError, PlanError, PluginError, SettingsError
from goodword.expressions import Facts
from goodword.facts import fact_types
from goodword.hookspecs import StageModel, Touchpoint
from goodword.mirror import Mirror, Snapshot
from goodword.plugins import DEFAULTS, Answer, Plugins, expected, load_plugins
from goodword.rule_checks import a_kind, check_touchpoints
from goodword.rulebook import DECISION_TYPES, TOML, Rulebook, assemble
from goodword.rules import Fact, Play, StageRule, Suppressor, Trigger, Weight
from goodword.settings import FILE, Settings, validated
from goodword.settings_file import load_settings
from goodword.state import State

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

V = TypeVar("V")
PROFILE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")
RULES: tuple[type[Trigger | Suppressor | Weight | Play], ...] = (Trigger, Suppressor, Weight, Play)
"""What the hooks of rules may return."""
Progress = Callable[[str], None]
"""Hears what is being done, one short phrase at a time."""


def utc_now() -> datetime:
    """Return the current time, UTC."""
    return datetime.now(UTC)


def this_machine() -> str:
    """Return what this computer is called: ``GOODWORD_MACHINE``, else its host name."""
    return os.environ.get("GOODWORD_MACHINE") or platform.node().split(".")[0].casefold()


def quiet(_: str) -> None:
    """Report no progress."""


@dataclass
class Firm:
    """A firm's folder, ready to run.

    Args:
        folder: Holds ``goodword.toml``, ``words/`` and ``.goodword/``.
        today: Day to decide for; None means now.
        clock: Current time, UTC.
        progress: Hears what is being done.
        profile: Name of the profile whose settings and state are used; empty for the firm's own.
        machine: What this computer is called, to notice a state folder copied to another one.
    """

    folder: Path
    today: date | None = None
    clock: Callable[[], datetime] = utc_now
    progress: Progress = quiet
    profile: str = ""
    machine: str = field(default_factory=this_machine)
    state: State = field(init=False)

    def __post_init__(self) -> None:
        if self.profile and not PROFILE_NAME.fullmatch(self.profile):
            msg = "The name of a profile holds small letters, digits, - and _ only."
            raise SettingsError(msg, hint="Name one of the [profile.NAME] sections.")
        self.state = State(self.folder, self.profile)

    @cached_property
    def settings(self) -> Settings:
        """The validated settings."""
        return load_settings(self.folder, self.profile)

    def pulled(self) -> Snapshot:
        """Return what was pulled last.

        Raises:
            PlanError: Nothing was pulled yet.
        """
        snapshot = self.mirror.load()
        if snapshot is None:
            msg = "Nothing was pulled yet."
            raise PlanError(msg, hint="Run goodword plan first; goodword pull reads only.")
        return snapshot

    @cached_property
    def plugins(self) -> Plugins:
        """The loaded plugins."""
        s = self.settings
        policy = s.policy.model_copy(update={"folder": self.folder})
        return load_plugins(s.plugins.enabled, policy, s.plugins.choose, s.plugin)

    @cached_property
    def book(self) -> Rulebook:
        """The firm's rules; a plugin whose rules do not work is taken out and named."""
        while True:
            try:
                return _book(self.plugins, self.settings)
            except GoodwordError as error:
                if error.plugin in {"", DEFAULTS, TOML}:
                    raise
                self.plugins.drop(error.plugin, error)

    def require_sound(self) -> None:
        """Refuse to write while a plugin is broken: its suppressors would be missing.

        Raises:
            PluginError: Names the plugin and what is wrong with it.
        """
        _ = self.book
        for name, error in self.plugins.broken.items():
            way_out = f"Fix it, or take {name!r} out of [plugins] enabled."
            known = "[plugins] enabled" in error.hint
            hint = error.hint if known else f"{error.hint} {way_out}".strip()
            raise PluginError(error.message, hint=hint, plugin=name) from error

    @property
    def as_of(self) -> date:
        """Day to decide for: today where the firm is, so that what it dated today counts."""
        return self.local_today

    @cached_property
    def local_today(self) -> date:
        """Day of the run in the firm's time zone; it stays the same for the whole run."""
        return self.day_now()

    def day_now(self) -> date:
        """Return the day it is now where the firm is, for runs that last past midnight."""
        if self.today is not None:
            return self.today
        return self.clock().astimezone(self.zone).date()

    @property
    def zone(self) -> ZoneInfo:
        """The firm's time zone."""
        name = self.settings.calendar.time_zone
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            msg = f"goodword.toml: calendar.time_zone {name!r} is not a time zone."
            raise SettingsError(msg, hint="Write it like Europe/London.") from error

    def beginning_of(self, day: date) -> datetime:
        """Return the first moment of *day* where the firm is, UTC without a zone.

        Date-only values stand at midnight UTC; where that is earlier, it counts.
        """
        midnight = datetime.combine(day, time.min)
        local = midnight.replace(tzinfo=self.zone).astimezone(UTC).replace(tzinfo=None)
        return min(midnight, local)

    @property
    def words_folders(self) -> tuple[Path, ...]:
        """Folders of words: the firm's own, then those of its plugins; bundled ones come last."""
        folders = [self.folder / "words", *self.plugins.words_folders()]
        return tuple(folder for folder in folders if folder.is_dir())

    @property
    def versions(self) -> dict[str, str]:
        """Versions of goodword and of every installed plugin."""
        return {"goodword": goodword.__version__, **self.plugins.versions()}

    @cached_property
    def engine(self) -> Engine:
        """What computes the facts."""
        chosen = self.settings.engine
        spill = self.folder / chosen.spill if chosen.spill else self.state.folder / "spill"
        return open_engine(
            chosen.name, memory_limit=chosen.memory_limit, spill=spill, master=chosen.master
        )

    def stay_here(self) -> None:
        """Compute on this machine whatever the settings choose: one look needs no cluster."""
        self.engine = open_engine("polars")

    @cached_property
    def mirror(self) -> Mirror:
        """The firm's copy of the host."""
        local = open_engine("polars")  # pages arrive on this machine, wherever is computed
        return Mirror(self.state.mirror, local, self.settings.extra, self.engine)

    @cached_property
    def spec(self) -> ConnectorSpec[Any]:
        """The connector the settings name."""
        specs = self.plugins.connectors()
        name = self.settings.connector.name
        if name in self.plugins.broken:
            raise self.plugins.broken[name]
        if name not in specs:
            msg = f"There is no connector {name!r}."
            hint = f"Install its plugin, or choose one of: {', '.join(sorted(specs)) or 'none'}."
            raise SettingsError(msg, hint=hint)
        return specs[name]

    def whole_id(self, text: str) -> str:
        """Return what a person typed; an id as the host writes it in full.

        A connector that is broken or missing knows no ids; what is wrong is said where it is used.
        """
        try:
            whole = self.spec.whole_id
        except GoodwordError:
            return text
        return text if whole is None else whole(text)

    def connector_settings(self) -> BaseModel:
        """Return the connector's own section, as its plugin understands it.

        Raises:
            SettingsError: It holds what the plugin does not know.
        """
        name = self.settings.connector.name
        section = self.settings.plugin.get(name, {})
        model: BaseModel = validated(self.spec.settings, section, f"{FILE}, [plugin.{name}]")
        return model

    def connect(self, run_id: str) -> Connector:
        """Open the connector for one run."""
        connector: Connector = self.spec.open(self.connector_settings(), self.workplace(run_id))
        return connector

    def workplace(self, run_id: str) -> Workplace:
        """Return where the connector works during one run."""
        return Workplace(
            folder=self.folder,
            state=self.state.folder,
            run_id=run_id,
            today=self.as_of,
            account=self.settings.connector.account,
            everybody=self.settings.rollout.mode != "pilot",
        )


def _book(plugins: Plugins, settings: Settings) -> Rulebook:
    """Ask every rule hook and layer the answers."""
    touchpoints = _touchpoints(plugins)
    facts = _facts(plugins, [point for _, point in touchpoints])
    types = fact_types([fact for _, fact in facts], settings.extra)
    base, all_facts = Facts(types), Facts({**types, **DECISION_TYPES})
    stages = plugins.one("goodword_stage_model", c=base)
    model = _stage_model(stages)
    check_touchpoints(touchpoints, model.stages, DEFAULTS)
    rules: list[tuple[str, Trigger | Suppressor | Weight | Play]] = []
    for hook in ("goodword_ask_rules", "goodword_plays"):
        for answer in plugins.call(hook, c=all_facts):
            rules += [(answer.plugin, rule) for rule in _listed(answer, hook, RULES, "rules")]
    return assemble((stages.plugin, model), facts, rules, settings.overrides, types)


def _stage_model(answer: Answer) -> StageModel:
    """Return the stage model in charge, refusing anything else."""
    hook = "goodword_stage_model"
    model = expected(answer, hook, StageModel, "StageModel(...)")
    _listed(Answer(answer.plugin, model.stages), hook, (str,), "texts as stages")
    _listed(Answer(answer.plugin, model.rules), hook, (StageRule,), "StageRule(...) as rules")
    return model


def _listed(answer: Answer, hook: str, kinds: tuple[type[V], ...], what: str) -> Sequence[V]:
    """Return the values of *answer*, refusing one that is no list of *kinds*.

    Raises:
        PluginError: It is a single value, a generator, or holds something else.
    """
    values = answer.value
    wrong = [] if isinstance(values, list | tuple) else [values]
    wrong = wrong or [value for value in values if not isinstance(value, kinds)]
    if wrong:
        msg = f"Plugin {answer.plugin!r}: {hook} returned {a_kind(wrong[0])}"
        msg += "." if not isinstance(values, list | tuple) else " in its list."
        raise PluginError(msg, hint=f"Return a list of {what}.", plugin=answer.plugin)
    return tuple(values)


def _touchpoints(plugins: Plugins) -> list[tuple[str, Touchpoint]]:
    """Gather the touchpoint catalogue with its plugins."""
    hook = "goodword_touchpoints"
    return [
        (answer.plugin, point)
        for answer in plugins.call(hook)
        for point in _listed(answer, hook, (Touchpoint,), "Touchpoint(...)")
    ]


def _facts(plugins: Plugins, touchpoints: Sequence[Touchpoint]) -> list[tuple[str, Fact]]:
    """Gather all facts with their plugins."""
    hook = "goodword_facts"
    return [
        (answer.plugin, fact)
        for answer in plugins.call(hook, touchpoints=touchpoints)
        for fact in _listed(answer, hook, (Fact,), "Fact(...)")
    ]
