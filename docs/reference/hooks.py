"""The hooks: what each is asked, what an answer does, and the smallest plugin that works."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from goodword import hookspecs
from goodword.plugins import DEFAULTS, ONE_ANSWER, hook_names
from reference.house import ROOT, default_firm
from reference.markdown import block, markdown

EXAMPLES = ROOT / "docs" / "examples"
_ONE_LINE = 88
"""Longest signature written on one line."""


def hooks() -> str:
    """Return a section for every hook, in the order of ``hookspecs.py``."""
    return "\n\n".join(_section(name) for name in hook_names())


def signature(spec: Callable[..., Any]) -> str:
    """Return the signature of a hook as its specification writes it."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(spec)))
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef) or function.returns is None:
        msg = f"{spec} is not a hook specification with a return type"
        raise TypeError(msg)
    arguments, returns = ast.unparse(function.args), ast.unparse(function.returns)
    text = f"def {function.name}({arguments}) -> {returns}: ..."
    if len(text) <= _ONE_LINE:
        return text
    each = "".join(f"    {ast.unparse(argument)},\n" for argument in function.args.args)
    return f"def {function.name}(\n{each}) -> {returns}: ..."


def _section(name: str) -> str:
    spec = getattr(hookspecs, name)
    example = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8")
    return "\n\n".join(
        (
            f"## {name}",
            block(signature(spec), "python"),
            markdown(inspect.getdoc(spec) or ""),
            f"*{_who_answers(name)}*",
            block(example, "python"),
        )
    )


def _who_answers(name: str) -> str:
    """Return in a sentence whose answer counts, and whether there is a bundled one."""
    plugins = default_firm().plugins
    bundled = any(impl.plugin_name == DEFAULTS for impl in plugins.working(name))
    options = getattr(getattr(hookspecs, name), f"{hookspecs.PROJECT}_spec", {})
    if name in ONE_ANSWER:
        return (
            "One plugin answers: yours instead of the bundled one. Two plugins that answer "
            "are an error until `[plugins.choose]` names one."
        )
    if options.get("firstresult"):
        rest = "The core answers when no plugin does." if name.endswith("compose") else ""
        return f"Plugins are asked in turn, and the first answer counts. {rest}".strip()
    if bundled:
        return "All answers are kept, together with the bundled ones."
    return "All plugins are asked."
