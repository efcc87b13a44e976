"""What a words file may say: a whitelist over Jinja2's syntax tree, refused line by line.

Plain names and the groups ``firm.x``, ``about.x``, ``extra.x``; texts and numbers; comparisons,
``and or not in``, ``x if y else z``; ``if`` and ``for`` over a list; the filters ``date`` and
``list_of``. There is no call, no arithmetic, no assignment and no other file, so a text can
neither reach anything nor grow or run without end.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from jinja2 import Environment, TemplateSyntaxError, nodes

from goodword.errors import RuleError

Shape: TypeAlias = Mapping[str, "str | frozenset[str]"]
"""The names a file may use: ``plain``, ``list``, or the member names of a group."""

MAX_SOURCE = 16_000
"""Longest words file, in characters; the bundled ones have about 2,000."""
MAX_DEPTH = 30
"""Deepest nesting of tags and conditions."""
MAX_LOOPS = 2
"""Deepest nesting of loops: two short lists, so a text ends quickly."""

FILTERS = ("date", "list_of")
TESTS = ("none",)
_LOOP = frozenset({"first", "last", "index"})
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.If,
    nodes.For,
    nodes.CondExpr,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
    nodes.Const,
    nodes.Filter,
    nodes.Test,
)


def check(source: str, shape: Shape | None, *, where: str) -> None:
    """Refuse what the language does not hold, and names that *shape* does not know.

    Args:
        source: Text of a words file, or a part of it.
        shape: The names it may use; None checks the language only.
        where: File and play, for messages.

    Raises:
        RuleError: With file, play and line, and the nearest name for an unknown one.
    """
    if len(source) > MAX_SOURCE:
        msg = f"{where}: the file is longer than {MAX_SOURCE} characters."
        raise RuleError(msg, hint="Shorten it; a rep reads one screen.")
    try:
        tree = Environment(autoescape=False).parse(source)  # noqa: S701 - parses, renders nothing
    except TemplateSyntaxError as error:
        told = re.sub(r"(?<=unknown tag) '.*|, got .*", "", error.message or "", flags=re.DOTALL)
        msg = f"{where}, line {error.lineno}: {told.rstrip('.')}."
        raise RuleError(msg, hint="Compare with the bundled words: {{ name }}, {% if %}.") from None
    except (RecursionError, ValueError):  # too many brackets, or digits
        msg = f"{where}: the template is too complicated."
        raise RuleError(msg, hint="Write it more simply.") from None
    _walk(tree, shape, where, frozenset(), depth=0, loops=0)


def _walk(
    node: nodes.Node,
    shape: Shape | None,
    where: str,
    local: frozenset[str],
    *,
    depth: int,
    loops: int,
) -> None:
    """Visit *node* and everything below it; *local* holds the loop variables in sight."""
    at = f"{where}, line {node.lineno}"
    if depth > MAX_DEPTH:
        msg = f"{at}: the template is nested too deeply."
        raise RuleError(msg, hint="Write it more simply.")
    if not isinstance(node, _ALLOWED):
        msg = f"{at}: {type(node).__name__.lower()} is not part of a words file."
        hint = "Use {{ name }}, {% if %}, {% for %} and the filters date and list_of."
        raise RuleError(msg, hint=hint)
    if isinstance(node, nodes.Getattr):
        _check_member(node, shape, at, local)
        return
    if isinstance(node, nodes.For):
        local |= _loop_names(node, shape, at, loops)
        loops += 1
    elif isinstance(node, nodes.Name):
        _check_name(node, shape, at, local)
    elif isinstance(node, nodes.Filter | nodes.Test):
        _check_filter(node, at)
    elif isinstance(node, nodes.CondExpr) and node.expr2 is None:
        msg = f"{at}: 'if' without 'else'."
        raise RuleError(msg, hint='Write {{ "a" if b else "c" }}.')
    for child in node.iter_child_nodes():
        _walk(child, shape, where, local, depth=depth + 1, loops=loops)


def _loop_names(node: nodes.For, shape: Shape | None, at: str, loops: int) -> frozenset[str]:
    lists = sorted(name for name, kind in (shape or {}).items() if kind == "list")
    listed = isinstance(node.iter, nodes.Name) and (shape is None or node.iter.name in lists)
    if not listed or node.recursive:
        hint = f"Lists are: {', '.join(lists)}." if lists else "Loop over a list, such as because."
        msg = f"{at}: a loop goes over one of the lists only."
        raise RuleError(msg, hint=hint)
    if loops >= MAX_LOOPS or not isinstance(node.target, nodes.Name):
        msg = f"{at}: this loop is nested too deeply, or has more than one variable."
        raise RuleError(msg, hint="Write {% for reason in because %}.")
    return frozenset({node.target.name, "loop"})


def _check_name(node: nodes.Name, shape: Shape | None, at: str, local: frozenset[str]) -> None:
    if shape is None or node.name in local:
        return
    if node.name not in shape:
        raise _unknown(node.name, shape, at)
    kind = shape[node.name]
    if isinstance(kind, frozenset):
        members = ", ".join(f"{node.name}.{member}" for member in sorted(kind))
        msg = f"{at}: {node.name} is a group."
        raise RuleError(msg, hint=f"Name one of its members: {members or 'it has none'}.")


def _check_member(node: nodes.Getattr, shape: Shape | None, at: str, local: frozenset[str]) -> None:
    if not isinstance(node.node, nodes.Name) or node.attr.startswith("_"):
        msg = f"{at}: .{node.attr} is not allowed here."
        raise RuleError(msg, hint="Only groups have members, such as firm.name or extra.tier.")
    group = node.node.name
    if group == "loop" and group in local:
        members: frozenset[str] = _LOOP
    elif shape is None:
        return
    elif group not in shape:
        raise _unknown(group, shape, at)
    else:
        kind = shape[group]
        members = kind if isinstance(kind, frozenset) else frozenset()
    if node.attr not in members:
        full = f"{group}.{node.attr}"
        raise _unknown(full, [f"{group}.{member}" for member in members], at)


def _check_filter(node: nodes.Filter | nodes.Test, at: str) -> None:
    known, what = (FILTERS, "filter") if isinstance(node, nodes.Filter) else (TESTS, "test")
    if node.name not in known:
        msg = f"{at}: unknown {what} {node.name!r}."
        raise RuleError(msg, hint=f"Use {' or '.join(known)}.")
    plain = all(isinstance(arg, nodes.Const) for arg in node.args)
    most = 1 if node.name == "list_of" else 0
    if node.kwargs or node.dyn_args or node.dyn_kwargs or not plain or len(node.args) > most:
        msg = f"{at}: {node.name} takes {'one text' if most else 'nothing'} in brackets."
        raise RuleError(msg, hint='Write {{ at|date }} or {{ ways|list_of("and") }}.')


def _unknown(name: str, known: Iterable[str], at: str) -> RuleError:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}?" if near else "See goodword plugins --facts."
    msg = f"{at}: unknown name {name!r}."
    return RuleError(msg, hint=hint)
