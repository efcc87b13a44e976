"""The bundled rules: moments, reasons not to ask, weights, plays, stages, touchpoints, codes."""

from __future__ import annotations

import ast

from goodword.decide import NO_TRIGGER, OPEN_END, WINDOW_CLOSES
from goodword.defaults.stages import LABELS
from goodword.defaults.touchpoints import touchpoints as bundled_touchpoints
from goodword.expressions import Expr, text_of
from goodword.report.phrases import WAITING
from goodword.rules import Play, Suppressor, Trigger
from reference.house import default_book
from reference.markdown import block, code, sentence, table

EFFECTS = {
    "never": "never ask",
    "recover": "recover first",
    "wait": "wait",
    "warm_up": "warm up first",
}
CODES = {
    NO_TRIGGER: "Nothing happened lately that is a good moment to ask.",
    WINDOW_CLOSES: "What holds the ask back outlasts the moment, which is simply missed.",
    OPEN_END: "What holds the ask back has no date of its own: somebody must act first.",
}
"""Codes of the core, beside the names of suppressors."""


def triggers() -> str:
    """Return the moments that open a window."""
    rows = [(code(t.name), _opens(t), t.because, str(t.points)) for t in default_book().triggers]
    return table(("moment", "window", "what the rep reads", "points"), rows)


def _opens(trigger: Trigger) -> str:
    wait = f"from day {trigger.wait_days}, " if trigger.wait_days else ""
    exempt = ", ".join(code(name) for name in trigger.exempt)
    suffix = f"; not stopped by {exempt}" if exempt else ""
    return sentence(f"{wait}{trigger.expires_days} days after {_code(trigger.since)}{suffix}")


def suppressors() -> str:
    """Return the reasons not to ask, most severe first: the reason codes of a decision."""
    rows = [
        (code(s.name), EFFECTS[s.verdict], _holds(s), _strength(s), s.because)
        for s in default_book().suppressors
    ]
    return table(("code", "instead", "holds", "change it", "what the rep reads"), rows)


def _holds(rule: Suppressor) -> str:
    parts = []
    if rule.since is not None:
        parts.append(f"{_days(rule.days)} from {_code(rule.since)}")
    if rule.when is not None:
        parts.append(f"{'where' if parts else 'while'} {_code(rule.when)}")
    if rule.until is not None:
        parts.append(f"until {_code(rule.until)}")
    return " ".join(parts)


def _days(days: Expr | int | None) -> str:
    return f"{_code(days) if isinstance(days, Expr) else days} days"


def _strength(rule: Suppressor) -> str:
    change = "never" if rule.locked else "with a reason" if rule.hard else "freely"
    return f"{change}; closes an open ask" if rule.withdraws else change


def weights() -> str:
    """Return what moves a contact up or down the list."""
    rows = [(code(w.name), _code(w.points), w.because) for w in default_book().weights]
    return table(("weight", "points", "why"), rows)


def plays() -> str:
    """Return the bundled plays in the order a week fills up, then the condition of each."""
    bundled = default_book().plays
    rows = [
        (code(p.name), p.doc, _fires(p), f"{p.due_days} working day{'s'[: p.due_days > 1]}")
        for p in bundled
    ]
    conditions = [f"{p.name}\n    {_conjuncts(p.when)}" for p in bundled if p.when is not None]
    return "\n\n".join(
        (
            table(("play", "what it is for", "fires", "due within"), rows),
            "Conditions:",
            block("\n\n".join(conditions), "text"),
        )
    )


def _fires(play: Play) -> str:
    if play.events is not None:
        return "for each new event of a referral"
    if play.verdict is not None:
        return f"for the verdict `{play.verdict}`"
    return f"once a {play.every}" if play.every else f"once for each {_code(play.record)}"


def stages() -> str:
    """Return the stages with their evidence and second labels."""
    book = default_book()
    other = LABELS["duct_tape"]
    rows = []
    for stage in book.stages.stages:
        shown = [r for r in book.stages.rules if r.stage == stage]
        evidence = "; ".join(
            f"{_code(rule.when)} (`{rule.name}`{', borrowed trust' if rule.borrowed else ''})"
            for rule in shown
        )
        rows.append((stage, other[stage], evidence))
    return table(("stage", "also called", "evidence"), rows)


def touchpoints() -> str:
    """Return the bundled touchpoints by stage."""
    rows = [
        (
            point.stage,
            code(point.id),
            point.doc,
            point.importance.replace("_", " "),
            ", ".join(code(kind) for kind in point.kinds),
            ", ".join(point.pattern.split("|")) if point.pattern else "",
        )
        for point in bundled_touchpoints()
    ]
    return table(("stage", "touchpoint", "meaning", "", "kinds", "words in the subject"), rows)


def codes() -> str:
    """Return the codes the core adds to those of the suppressors."""
    rows = [(code(name), "decision", text) for name, text in CODES.items()]
    rows += [(code(name), "no room", sentence(text) + ".") for name, text in WAITING.items()]
    rows += [
        (code("veto:…"), "no room", "A plugin passed the candidate over and gave its own code."),
        (code("withdrawn"), "task closed", "A reason not to ask arose while the task was open."),
        (code("expired"), "task closed", "The task was long overdue; closed without a rest."),
    ]
    return table(("code", "where", "meaning"), rows)


def _code(expr: Expr | None) -> str:
    """Return an expression as code within a line."""
    return code(_text(expr)) if expr is not None else ""


def _text(expr: Expr) -> str:
    """Return an expression as one may write it in ``goodword.toml``, with few brackets."""
    return ast.unparse(_Flat().visit(ast.parse(text_of(expr), mode="eval")))


def _conjuncts(expr: Expr) -> str:
    """Return a condition with each of its parts on a line of its own."""
    tree = _Flat().visit(ast.parse(text_of(expr), mode="eval")).body
    whole = not (isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And))
    parts = [tree] if whole else tree.values
    shown = [f"({ast.unparse(p)})" if isinstance(p, ast.BoolOp) else ast.unparse(p) for p in parts]
    return "\n    and ".join(shown)


class _Flat(ast.NodeTransformer):
    """Makes ``(a and b) and c`` one ``and`` of three."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.BoolOp:
        self.generic_visit(node)
        values: list[ast.expr] = []
        for value in node.values:
            alike = isinstance(value, ast.BoolOp) and type(value.op) is type(node.op)
            values += value.values if alike and isinstance(value, ast.BoolOp) else [value]
        return ast.BoolOp(node.op, values)
