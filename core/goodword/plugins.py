"""The plugins: which are loaded, what each answers to a hook, and who is named when one breaks.

Third-party plugins load only when ``[plugins] enabled`` names them; the bundled rules and the
connectors that ship with goodword are always on. Each hook function is called by itself with its
own plugin's settings, so that every answer and every error carries the plugin's name.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy

import goodword.defaults
from goodword import hookspecs
from goodword.connector import ConnectorSpec
from goodword.defaults import observed_margin
from goodword.errors import GoodwordError, PluginError, RuleError, SettingsError, fault_of
from goodword.rule_checks import a_kind, nearest
from goodword.settings import validated

if TYPE_CHECKING:
    from pydantic import BaseModel

    from goodword.policy import Policy

V = TypeVar("V")
DEFAULTS = "defaults"
"""Name of the bundled plugin."""
CONNECTORS = ("csv", "hubspot", "salesforce")
"""Connectors that ship with goodword; loaded where installed, their SDKs only when opened."""
BUNDLED = {"observed_margin": observed_margin}
"""Plugins that ship with the core and are on only where the firm enables them."""
ONE_ANSWER = frozenset({"goodword_stage_model", "goodword_champion_score"})
"""Hooks that one plugin answers; the bundled one where no other does."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one plugin answered to a hook."""

    plugin: str
    value: Any


@dataclass(slots=True)
class Plugins:
    """The loaded plugins of a firm.

    ``broken`` holds, by plugin name, why a plugin is out; reading commands go on without it,
    writing ones refuse. ``settings`` holds each plugin's validated settings.
    """

    manager: pluggy.PluginManager
    policy: Policy
    choose: Mapping[str, str]
    broken: dict[str, GoodwordError] = field(default_factory=dict)
    settings: dict[str, BaseModel] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Return the plugins that work, bundled one first, then by name."""
        names = {name for name, plugin in self.manager.list_name_plugin() if plugin is not None}
        return sorted(names - self.broken.keys(), key=lambda name: (name != DEFAULTS, name))

    def versions(self) -> dict[str, str]:
        """Return the distribution version of each installed third-party plugin."""
        found: dict[str, str] = {}
        for plugin, dist in self.manager.list_plugin_distinfo():
            name = self.manager.get_name(plugin)
            if name is not None:
                found[name] = str(dist.version)
        return found

    def words_folders(self) -> list[Path]:
        """Return where third-party plugins may keep words: ``words/`` beside their module."""
        plugins = (self.manager.get_plugin(name) for name in self.names() if name != DEFAULTS)
        files = [getattr(plugin, "__file__", None) for plugin in plugins]
        return [Path(file).parent / "words" for file in files if file]

    def hooks_of(self, plugin: str) -> list[str]:
        """Return the hooks *plugin* answers."""
        return [
            name
            for name in hook_names()
            if any(impl.plugin_name == plugin for impl in self.working(name))
        ]

    def call(self, hook: str, **arguments: object) -> list[Answer]:
        """Return what every plugin answers to *hook*, bundled plugin first, None left out.

        Raises:
            PluginError: A plugin raised; it is named. Whoever asks decides whether to ``drop`` it.
        """
        answers: list[Answer] = []
        for impl in self.working(hook):
            value = self.ask(impl, hook, arguments)
            if value is not None:
                answers.append(Answer(impl.plugin_name, value))
        return answers

    def one(self, hook: str, **arguments: object) -> Answer:
        """Return the answer of the one plugin in charge of *hook*.

        Raises:
            PluginError: Two third-party plugins answer and the settings do not choose.
        """
        chosen = self.choose.get(hook)
        impls = [impl for impl in self.working(hook) if chosen in (None, impl.plugin_name)]
        others = [impl for impl in impls if impl.plugin_name != DEFAULTS]
        answers: list[Answer] = []
        for impl in others or impls:
            value = self.ask(impl, hook, arguments)
            if value is not None:
                answers.append(Answer(impl.plugin_name, value))
        if not answers and others and chosen is None:
            for impl in impls:
                if impl.plugin_name == DEFAULTS:
                    answers.append(Answer(DEFAULTS, self.ask(impl, hook, arguments)))
        if len(answers) > 1:
            names = " and ".join(repr(answer.plugin) for answer in answers)
            msg = f"Plugins {names} both answer {hook}, which only one may."
            hint = f'Choose one: [plugins.choose] {hook} = "{answers[0].plugin}".'
            raise PluginError(msg, hint=hint)
        if not answers:
            msg = f"No plugin answers {hook}."
            raise PluginError(
                msg, hint=f"Check [plugins.choose] {hook}; the default is 'defaults'."
            )
        return answers[0]

    def first(self, hook: str, **arguments: object) -> Answer | None:
        """Return the first answer, third-party plugins before the bundled one."""
        for impl in reversed(self.working(hook)):
            value = self.ask(impl, hook, arguments)
            if value is not None:
                return Answer(impl.plugin_name, value)
        return None

    def drop(self, plugin: str, error: GoodwordError) -> None:
        """Take a plugin out as a whole: none of its answers is used any more."""
        self.broken[plugin] = error

    def connectors(self) -> dict[str, ConnectorSpec[Any]]:
        """Return the announced connectors by name.

        Raises:
            PluginError: Two plugins announce the same name.
        """
        specs: dict[str, tuple[str, ConnectorSpec[Any]]] = {}
        for answer in self.call("goodword_connector"):
            spec = expected(answer, "goodword_connector", ConnectorSpec, "ConnectorSpec(...)")
            name = spec.name
            if name in specs:
                msg = f"Plugins {specs[name][0]!r} and {answer.plugin!r} both announce {name!r}."
                raise PluginError(msg, hint="Take one out of [plugins] enabled.")
            specs[name] = (answer.plugin, spec)
        return {name: spec for name, (_, spec) in specs.items()}

    def working(self, hook: str) -> list[pluggy.HookImpl]:
        """Return the working implementations, bundled plugin first, then by plugin name."""
        caller: pluggy.HookCaller = getattr(self.manager.hook, hook)
        impls = [impl for impl in caller.get_hookimpls() if impl.plugin_name not in self.broken]
        return sorted(impls, key=lambda i: (i.plugin_name != DEFAULTS, i.plugin_name))

    def ask(self, impl: pluggy.HookImpl, hook: str, arguments: Mapping[str, object]) -> Any:
        """Call one function with the arguments it names and its own plugin's settings."""
        own = self.settings.get(impl.plugin_name, self.policy)
        given = {**arguments, "settings": own}
        wanted = {name: given[name] for name in (*impl.argnames, *impl.kwargnames) if name in given}
        try:
            return impl.function(**wanted)
        except RuleError as error:
            msg = f"Plugin {impl.plugin_name!r}, {hook}: {error.message}"
            raise RuleError(msg, hint=error.hint, plugin=impl.plugin_name) from error
        except GoodwordError:
            raise
        except Exception as error:
            fault = fault_of(error, impl.function.__module__)
            msg = f"Plugin {impl.plugin_name!r} failed in {hook} ({fault})."
            hint = _way_out(impl.plugin_name)
            raise PluginError(msg, hint=hint, plugin=impl.plugin_name) from error


def expected(answer: Answer, hook: str, kind: type[V], wanted: str) -> V:
    """Return the value of *answer* where it is a *kind*; an empty text is none.

    Args:
        answer: What a plugin said.
        hook: The hook it answered.
        kind: Type the hook promises.
        wanted: What to return instead, for the message.

    Raises:
        PluginError: It is something else.
    """
    value = answer.value
    if isinstance(value, kind) and not (isinstance(value, str) and not value.strip()):
        return value
    got = "an empty text" if isinstance(value, str) and kind is str else a_kind(value)
    msg = f"Plugin {answer.plugin!r}: {hook} returned {got}; return {wanted}."
    raise PluginError(msg, hint=_way_out(answer.plugin), plugin=answer.plugin)


def _way_out(plugin: str) -> str:
    return f"Fix or update it, or take {plugin!r} out of [plugins] enabled."


def hook_names() -> list[str]:
    """Return the names of all hooks, in the order they are documented."""
    members = inspect.getmembers(hookspecs, inspect.isfunction)
    names = [(inspect.getsourcelines(f)[1], name) for name, f in members]
    return [name for _, name in sorted(names) if name.startswith("goodword_")]


def load_plugins(
    enabled: Sequence[str],
    policy: Policy,
    choose: Mapping[str, str],
    sections: Mapping[str, Mapping[str, object]],
) -> Plugins:
    """Build the plugin manager and load what the settings allow.

    Args:
        enabled: Third-party plugins, by entry-point name.
        policy: The firm's numbers.
        choose: Which plugin answers a hook that only one may answer.
        sections: ``[plugin.NAME]`` sections of the settings.

    Raises:
        SettingsError: An enabled plugin is not installed, or a section has no plugin.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(goodword.defaults, DEFAULTS)
    plugins = Plugins(manager, policy, choose)
    installed = _entry_points()
    for name in sorted(BUNDLED.keys() & {*enabled}):
        manager.register(BUNDLED[name], name)
    missing = [name for name in enabled if name not in {*installed, *BUNDLED}]
    if missing:
        msg = f"[plugins] enabled names {missing[0]!r}, which is not installed."
        raise SettingsError(msg, hint=f"Installed: {', '.join(sorted({*installed, *BUNDLED}))}.")
    for name in sorted((installed.keys() - BUNDLED) & {*enabled, *CONNECTORS}):
        _load(plugins, installed[name])
    _validate_sections(plugins, sections)
    return plugins


def installed_plugins() -> frozenset[str]:
    """Return the names of every plugin that could be enabled here."""
    return frozenset({*_entry_points(), *BUNDLED})


def _entry_points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=hookspecs.PROJECT)}


def _load(plugins: Plugins, point: EntryPoint) -> None:
    """Load one entry point; a plugin that does not load is named and left out."""
    try:
        plugins.manager.load_setuptools_entrypoints(hookspecs.PROJECT, name=point.name)
        plugin = plugins.manager.get_plugin(point.name)
        problem = _problem(plugins.manager, plugin)
    except pluggy.PluginValidationError as error:
        problem = _misfit(error.plugin) or f"it does not load ({fault_of(error, point.module)})"
    except Exception as error:  # whatever a third party's import may raise, it is named
        problem = f"it does not load ({fault_of(error, point.module)})"
    if problem:
        msg = f"Plugin {point.name!r}: {problem}{'' if problem.endswith(('?', '.')) else '.'}"
        hint = _way_out(point.name)
        plugins.drop(point.name, PluginError(msg, hint=hint, plugin=point.name))


def _misfit(plugin: object) -> str:
    """Return which hook of *plugin* names an argument the hook does not have, or nothing."""
    for name in hook_names():
        function = getattr(plugin, name, None)
        if inspect.isroutine(function):
            has = inspect.signature(getattr(hookspecs, name)).parameters
            stray = [a for a in inspect.signature(function).parameters if a not in has]
            if stray:
                near = nearest(stray[0], has, f"It has: {', '.join(has) or 'none'}.")
                return f"{name} has no argument {stray[0]!r}. {near}"
    return ""


def _problem(manager: pluggy.PluginManager, plugin: object) -> str:
    """Return what is wrong with a plugin's hooks, or nothing."""
    for caller in manager.get_hookcallers(plugin) or []:
        for impl in caller.get_hookimpls():
            if impl.plugin is plugin and (impl.hookwrapper or impl.wrapper):
                return f"{caller.name} is a hook wrapper, which goodword does not run"
    known = set(hook_names())
    unknown = [n for n in dir(plugin) if n.startswith("goodword_") and n not in known]
    marked = [n for n in unknown if hasattr(getattr(plugin, n), f"{hookspecs.PROJECT}_impl")]
    if marked:
        near = nearest(marked[0], sorted(known), "See goodword plugins.")
        return f"there is no hook {marked[0]!r}. {near}"
    for name in hook_names():
        function = getattr(plugin, name, None)
        marks = (f"{hookspecs.PROJECT}_impl", f"{hookspecs.PROJECT}_spec")
        if inspect.isroutine(function) and not any(hasattr(function, mark) for mark in marks):
            return f"{name} lacks @hookimpl above it, so it would never be asked"
    return ""


def _validate_sections(plugins: Plugins, sections: Mapping[str, Mapping[str, object]]) -> None:
    """Validate every ``[plugin.NAME]`` section with the model its plugin gave."""
    models: dict[str, type[BaseModel]] = {}
    for impl in plugins.working("goodword_settings"):
        try:
            model: type[BaseModel] | None = impl.function()  # type: ignore[assignment]  # a seam
        except Exception as error:
            fault = fault_of(error, impl.function.__module__)
            msg = f"Plugin {impl.plugin_name!r} failed in goodword_settings ({fault})."
            problem = PluginError(msg, hint=_way_out(impl.plugin_name), plugin=impl.plugin_name)
            problem.__cause__ = error
            plugins.drop(impl.plugin_name, problem)
            continue
        if model is not None:
            models[impl.plugin_name] = model
    for name, model in models.items():  # only now: every model is known
        where = f"goodword.toml, [plugin.{name}]"
        plugins.settings[name] = validated(model, sections.get(name, {}), where)
    announced = {*models, *plugins.connectors(), *plugins.broken}
    stray = [name for name in sections if name not in announced]
    if stray:
        msg = f"goodword.toml has a section [plugin.{stray[0]}], but no such plugin is loaded."
        known = ", ".join(sorted(announced)) or "none"
        raise SettingsError(msg, hint=f"Enable it under [plugins]. With settings: {known}.")
