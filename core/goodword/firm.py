"""A firm: its folder with ``goodword.toml``, and what follows from it (plugins, rules, mirror)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import goodword
from goodword.connector import Connector, ConnectorSpec, Workplace
from goodword.engines import Engine, open_engine
from goodword.errors import GoodwordError, PluginError, SettingsError
from goodword.expressions import Facts
from goodword.facts import fact_types
from goodword.hookspecs import Touchpoint
from goodword.mirror import Mirror
from goodword.plugins import DEFAULTS, Plugins, load_plugins
from goodword.rule_checks import check_touchpoints
from goodword.rulebook import DECISION_TYPES, TOML, Rulebook, assemble
from goodword.rules import Fact, Play, Suppressor, Trigger, Weight
from goodword.settings import Settings, load_settings, validated
from goodword.state import State

if TYPE_CHECKING:
    from pathlib import Path

Progress = Callable[[str], None]
"""Hears what is being done, one short phrase at a time."""


def utc_now() -> datetime:
    """Return the current time, UTC."""
    return datetime.now(UTC)


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
    """

    folder: Path
    today: date | None = None
    clock: Callable[[], datetime] = utc_now
    progress: Progress = quiet
    state: State = field(init=False)

    def __post_init__(self) -> None:
        self.state = State(self.folder)

    @cached_property
    def settings(self) -> Settings:
        """The validated settings."""
        return load_settings(self.folder)

    @cached_property
    def plugins(self) -> Plugins:
        """The loaded plugins."""
        s = self.settings
        return load_plugins(s.plugins.enabled, s.policy, s.plugins.choose, s.plugin)

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
            hint = f"Fix it, or take {name!r} out of [plugins] enabled. {error.hint}".strip()
            raise PluginError(error.message, hint=hint, plugin=name) from error

    @cached_property
    def as_of(self) -> date:
        """Day of the run (UTC)."""
        return self.today or self.clock().astimezone(UTC).date()

    @cached_property
    def local_today(self) -> date:
        """Day of the run where the firm is, for due dates."""
        if self.today is not None:
            return self.today
        name = self.settings.calendar.time_zone
        try:
            zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            msg = f"goodword.toml: calendar.time_zone {name!r} is not a time zone."
            raise SettingsError(msg, hint="Write it like Europe/London.") from error
        return self.clock().astimezone(zone).date()

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
        return open_engine(self.settings.engine.name)

    @cached_property
    def mirror(self) -> Mirror:
        """The firm's copy of the host."""
        return Mirror(self.state.mirror, self.engine, self.settings.extra)

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

    def connect(self, run_id: str) -> Connector:
        """Open the connector for one run."""
        name = self.settings.connector.name
        where = f"goodword.toml, [plugin.{name}]"
        section = self.settings.plugin.get(name, {})
        model = validated(self.spec.settings, section, where)
        work = Workplace(
            folder=self.folder,
            state=self.state.folder,
            run_id=run_id,
            today=self.as_of,
            account=self.settings.connector.account,
        )
        connector: Connector = self.spec.open(model, work)
        return connector


def _book(plugins: Plugins, settings: Settings) -> Rulebook:
    """Ask every rule hook and layer the answers."""
    touchpoints = _touchpoints(plugins)
    facts = _facts(plugins, [point for _, point in touchpoints])
    types = fact_types([fact for _, fact in facts], settings.extra)
    base, all_facts = Facts(types), Facts({**types, **DECISION_TYPES})
    stages = plugins.one("goodword_stage_model", c=base)
    check_touchpoints(touchpoints, stages.value.stages, DEFAULTS)
    rules: list[tuple[str, Trigger | Suppressor | Weight | Play]] = []
    for hook in ("goodword_ask_rules", "goodword_plays"):
        for answer in plugins.call(hook, c=all_facts):
            rules += [(answer.plugin, _a_rule(rule, answer.plugin, hook)) for rule in answer.value]
    return assemble((stages.plugin, stages.value), facts, rules, settings.overrides, types)


def _a_rule(rule: object, plugin: str, hook: str) -> Trigger | Suppressor | Weight | Play:
    if isinstance(rule, Trigger | Suppressor | Weight | Play):
        return rule
    msg = f"Plugin {plugin!r}: {hook} returned a {type(rule).__name__}."
    raise PluginError(msg, hint="Return a list of rules.", plugin=plugin)


def _touchpoints(plugins: Plugins) -> list[tuple[str, Touchpoint]]:
    """Gather the touchpoint catalogue with its plugins.

    Raises:
        PluginError: A hook returned something else than touchpoints.
    """
    points: list[tuple[str, Touchpoint]] = []
    for answer in plugins.call("goodword_touchpoints"):
        for point in answer.value:
            if not isinstance(point, Touchpoint):
                msg = f"Plugin {answer.plugin!r}: goodword_touchpoints returned a "
                msg += f"{type(point).__name__}."
                raise PluginError(msg, hint="Return Touchpoint(...).", plugin=answer.plugin)
            points.append((answer.plugin, point))
    return points


def _facts(plugins: Plugins, touchpoints: Sequence[Touchpoint]) -> list[tuple[str, Fact]]:
    """Gather all facts with their plugins.

    Raises:
        PluginError: A hook returned something else than facts.
    """
    facts: list[tuple[str, Fact]] = []
    for answer in plugins.call("goodword_facts", touchpoints=touchpoints):
        for fact in answer.value:
            if not isinstance(fact, Fact):
                msg = f"Plugin {answer.plugin!r}: goodword_facts returned a {type(fact).__name__}."
                raise PluginError(msg, hint="Return a list of Fact(...).", plugin=answer.plugin)
            facts.append((answer.plugin, fact))
    return facts
