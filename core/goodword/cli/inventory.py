"""What the plugins of a firm add, as plain rows: for the terminal, for JSON and for the docs."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.rules import Play, Suppressor, Trigger, Weight

Row = dict[str, str]


def plugins(firm: Firm) -> list[Row]:
    """Return every plugin: name, version, state, the hooks it answers."""
    import goodword

    versions = firm.plugins.versions()
    rows = [
        {
            "name": name,
            "version": versions.get(name, goodword.__version__),
            "state": "works",
            "hooks": ", ".join(h.removeprefix("goodword_") for h in firm.plugins.hooks_of(name)),
        }
        for name in firm.plugins.names()
    ]
    rows += [
        {"name": name, "version": versions.get(name, ""), "state": str(error), "hooks": ""}
        for name, error in firm.plugins.broken.items()
    ]
    return rows


def facts(firm: Firm) -> list[Row]:
    """Return every fact rules may read: name, type, unit, doc, tables, plugin."""
    return [
        {
            "name": fact.name,
            "type": fact.type,
            "unit": fact.unit,
            "doc": fact.doc,
            "reads": ", ".join(fact.reads),
            "plugin": firm.book.sources[fact.name],
        }
        for fact in sorted(firm.book.facts, key=lambda fact: fact.name)
    ]


def hooks(firm: Firm) -> list[Row]:
    """Return every hook: name, what it is for, which plugins answer it."""
    from goodword import hookspecs
    from goodword.plugins import hook_names

    return [
        {
            "name": name,
            "doc": (inspect.getdoc(getattr(hookspecs, name)) or "").splitlines()[0],
            "plugins": ", ".join(impl.plugin_name for impl in firm.plugins.working(name)),
        }
        for name in hook_names()
    ]


def rules(firm: Firm) -> list[Row]:
    """Return every rule: kind, name, effect, sentence, plugin; as numbered for the decision."""
    book = firm.book
    every: list[Trigger | Suppressor | Weight | Play] = [*book.triggers, *book.suppressors]
    every += [*book.weights, *book.plays]
    return [
        {
            "kind": type(rule).__name__.lower(),
            "name": rule.name,
            "what": _effect(rule),
            "because": rule.because or getattr(rule, "doc", ""),
            "plugin": book.sources[rule.name],
        }
        for rule in every
    ]


def _effect(rule: Trigger | Suppressor | Weight | Play) -> str:
    """Return in a few words what a rule does when it applies."""
    from goodword.expressions import text_of
    from goodword.rules import Suppressor, Trigger, Weight

    if isinstance(rule, Trigger):
        return f"opens for {rule.expires_days} days, {rule.points} points"
    if isinstance(rule, Suppressor):
        marks = ("locked" if rule.locked else "hard" if rule.hard else "", rule.verdict)
        return " ".join(filter(None, marks))
    if isinstance(rule, Weight):
        return f"points: {text_of(rule.points)}"
    return f"task in {rule.due_days} working days"
