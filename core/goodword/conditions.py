"""Conditions as text: what an admin writes in ``goodword.toml`` becomes the same tree as ``c``.

The text is parsed by Python's own parser and walked by a whitelist: facts, ``extra.X``, literals,
comparisons, ``and or not``, ``is None``, ``in (…)``, ``x if condition else y``, ``+ - *``,
``days_since(fact)`` and ``doublings(number)``. Everything else is refused, and nothing is ever
executed.
"""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

from goodword.errors import RuleError
from goodword.expressions import Expr, fact, literal

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LENGTH = 2_000
"""Longest condition text accepted, in characters; a rule a person can read is far shorter."""

MAX_NODES = 600
"""Most parts a condition may have; beyond it nobody can read it, and walking it costs too much."""

MAX_DEPTH = 100
"""Deepest nesting of a condition; every engine and every walk of ours stays within its stack."""

MOST = 2**63 - 1
"""Largest whole number, of either sign: what a column can hold."""

_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "eq",
    ast.NotEq: "ne",
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
}
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul"}


def parse(text: str | int | bool) -> Expr:
    """Return the condition written as *text*; a bare number or boolean stands for itself.

    Raises:
        RuleError: The text is too long, not an expression, or uses something not allowed.
    """
    if not isinstance(text, str):
        return _literal(text)
    if len(text) > MAX_LENGTH:
        msg = f"The condition has {len(text)} characters, more than {MAX_LENGTH}."
        raise RuleError(msg, hint="Split it into several rules.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice quotes the text, on stderr
            tree = ast.parse(text.strip(), mode="eval")
        if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
            raise RecursionError
        found = _walk(tree.body)
        if _is_deeper(found, MAX_DEPTH):
            raise RecursionError
    except (SyntaxError, ValueError) as error:
        place = getattr(error, "offset", None)  # its text is not repeated: it may name somebody
        msg = f"The condition is not readable{f' at character {place}' if place else ''}."
        hint = "Write it like: tickets_open > 0 and tier == 'gold'."
    except (RecursionError, MemoryError):
        msg, hint = (
            "The condition is too long or nested too deeply.",
            "Split it into several rules.",
        )
    else:
        return found
    raise RuleError(msg, hint=hint)


def _is_deeper(expr: Expr, most: int) -> bool:
    """Tell whether *expr* is nested deeper than *most*, without nesting calls."""
    level: list[Expr] = [expr]
    for _ in range(most):
        level = [arg for one in level for arg in one.args if isinstance(arg, Expr)]
        if not level:
            return False
    return True


def _literal(value: str | int | bool) -> Expr:
    """Return *value* as a node, where a column could hold it."""
    if isinstance(value, int) and abs(value) > MOST:
        msg = f"The condition holds a number beyond {MOST:.0e}."
        raise RuleError(msg, hint="Money is in whole cents, time in days; use a smaller number.")
    if isinstance(value, str):
        value.encode()  # a lone half of a sign is no text; the caller refuses it
    return literal(value)


def _walk(node: ast.expr) -> Expr:
    match node:
        case ast.Name(id=name):
            return fact(name)
        case ast.Attribute(value=ast.Name(id="extra"), attr=name):
            return fact(f"extra.{name}")
        case ast.Constant(value=bool() | int() | str() as value):
            return _literal(value)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return _literal(-value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Expr("not", (_walk(operand),))
        case ast.BoolOp(op=ast.And() | ast.Or() as op, values=values):
            return _fold("and" if isinstance(op, ast.And) else "or", values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return Expr(_ARITHMETIC[type(op)], (_walk(left), _walk(right)))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return Expr("when", (_walk(test), _walk(body), _walk(orelse)))
        case ast.Call(func=ast.Name(id="days_since" | "doublings" as op), args=[one], keywords=[]):
            return Expr(op, (_walk(one),))
        case ast.Compare(left=left, ops=ops, comparators=rights):
            return _compare(left, ops, rights)
        case _:
            raise _refused(node)


def _fold(op: str, values: Sequence[ast.expr]) -> Expr:
    result = _walk(values[0])
    for value in values[1:]:
        result = Expr(op, (result, _walk(value)))
    return result


def _compare(left: ast.expr, ops: Sequence[ast.cmpop], rights: Sequence[ast.expr]) -> Expr:
    """Read ``a < b <= c`` as ``(a < b) and (b <= c)``."""
    result: Expr | None = None
    for op, right in zip(ops, rights, strict=True):
        part = _one_comparison(left, op, right)
        result = part if result is None else Expr("and", (result, part))
        left = right
    if result is None:  # Python's grammar gives every comparison at least one operator
        raise _refused(left)
    return result


def _one_comparison(left: ast.expr, op: ast.cmpop, right: ast.expr) -> Expr:
    match op, right:
        case ast.Is(), ast.Constant(value=None):
            return _walk(left).is_null()
        case ast.IsNot(), ast.Constant(value=None):
            return _walk(left).is_known()
        case ast.In(), ast.Tuple(elts=items) | ast.List(elts=items) if items:
            values = [_walk(item) for item in items]
            if all(value.op == "lit" for value in values):
                return Expr("in", (_walk(left), *values))
        case _ if type(op) in _COMPARE:
            return Expr(_COMPARE[type(op)], (_walk(left), _walk(right)))
    raise _refused(right)


def _refused(node: ast.AST) -> RuleError:
    msg = f"{type(node).__name__} is not allowed in a condition."
    hint = "Use facts, texts, numbers, comparisons, and/or/not, is None, in (...), days_since(...)."
    return RuleError(msg, hint=hint)
