"""Conditions as data: the facts proxy ``c``, the small tree it builds, and its way to narwhals.

A rule holds an ``Expr``: a tree that knows which facts it reads, has a stable text (the one that
``goodword.toml`` accepts and that the rules hash is made of) and checks its own types. It holds no
date and imports no engine; ``compile_expr(expr, as_of)`` turns it into a narwhals expression that
gives the same answer on polars, DuckDB and Spark.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from goodword.errors import RuleError
from goodword.tables import EXTRA_PREFIX, ColumnType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import narwhals.stable.v2 as nw

Scalar: TypeAlias = "str | int | bool"
RESERVED = frozenset({"when", "extra", "days_since", "doublings"})
"""Names a fact may not have, because the proxy and the text form use them."""

_COMPARE = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_ARITHMETIC = {"add": "+", "sub": "-", "mul": "*"}
_LOGIC = {"and": "and", "or": "or"}


@dataclass(frozen=True, slots=True, eq=False)
class Expr:
    """One node of a condition; build it with the facts proxy, never by hand."""

    op: str
    args: tuple[Expr | Scalar, ...]

    def __eq__(self, other: object) -> Expr:  # type: ignore[override]  # builds a node
        return _binary("eq", self, other)

    def __ne__(self, other: object) -> Expr:  # type: ignore[override]  # builds a node
        return _binary("ne", self, other)

    def __lt__(self, other: object) -> Expr:
        return _binary("lt", self, other)

    def __le__(self, other: object) -> Expr:
        return _binary("le", self, other)

    def __gt__(self, other: object) -> Expr:
        return _binary("gt", self, other)

    def __ge__(self, other: object) -> Expr:
        return _binary("ge", self, other)

    def __and__(self, other: object) -> Expr:
        return _binary("and", self, other)

    def __or__(self, other: object) -> Expr:
        return _binary("or", self, other)

    def __add__(self, other: object) -> Expr:
        return _binary("add", self, other)

    def __sub__(self, other: object) -> Expr:
        return _binary("sub", self, other)

    def __mul__(self, other: object) -> Expr:
        return _binary("mul", self, other)

    def __radd__(self, other: object) -> Expr:
        return _binary("add", other, self)

    def __rsub__(self, other: object) -> Expr:
        return _binary("sub", other, self)

    def __rmul__(self, other: object) -> Expr:
        return _binary("mul", other, self)

    def __rand__(self, other: object) -> Expr:
        raise _brackets(sign="&")

    def __ror__(self, other: object) -> Expr:
        raise _brackets(sign="|")

    __hash__ = object.__hash__

    def __invert__(self) -> Expr:
        return Expr("not", (self,))

    def __bool__(self) -> bool:
        msg = "A condition has no truth value while a rule is being written."
        raise RuleError(msg, hint="Write & for and, | for or, ~ for not.")

    def is_null(self) -> Expr:
        """Return the condition that this value is unknown."""
        return Expr("null", (self,))

    def is_known(self) -> Expr:
        """Return the condition that this value is known."""
        return Expr("known", (self,))

    def is_in(self, values: Iterable[Scalar]) -> Expr:
        """Return the condition that this value is one of *values*."""
        if isinstance(values, str) or not isinstance(values, Iterable):
            msg = f"is_in({values!r}) needs a list of values."
            raise RuleError(msg, hint=f"Write .is_in([{values!r}]).")
        return Expr("in", (self, *(literal(value) for value in values)))

    def __str__(self) -> str:
        return text_of(self)


def literal(value: object) -> Expr:
    """Return *value* as a node; texts, whole numbers and booleans only."""
    if isinstance(value, Expr):
        return value
    if value is None:
        msg = "A rule compares with None."
        raise RuleError(msg, hint="Write .is_null() or .is_known() instead.")
    if isinstance(value, bool | int | str):
        return Expr("lit", (value,))
    msg = f"A rule uses a value of type {type(value).__name__}."
    raise RuleError(msg, hint="Use a text, a whole number (money in cents) or True/False.")


def fact(name: str) -> Expr:
    """Return the node that reads fact *name*."""
    return Expr("fact", (name,))


def _brackets(sign: str) -> RuleError:
    msg = f"{sign} has a plain value on its left, where a condition belongs."
    hint = f"Put brackets around comparisons: (c.a > 3) {sign} (c.b > 1)."
    return RuleError(msg, hint=hint)


def _binary(op: str, left: object, right: object) -> Expr:
    return Expr(op, (literal(left), literal(right)))


class Extra:
    """The typed custom columns of the contacts, as ``c.extra.tier``."""

    def __init__(self, proxy: Facts) -> None:
        self._proxy = proxy

    def __getattr__(self, name: str) -> Expr:
        return self._proxy[EXTRA_PREFIX + name]


class Facts:
    """The facts proxy ``c`` handed to rule hooks: ``c.nps_last >= 9``.

    Args:
        types: Every fact a rule may read, with its type.
    """

    def __init__(self, types: Mapping[str, ColumnType]) -> None:
        self._types = types

    def __getitem__(self, name: str) -> Expr:
        if name not in self._types:
            raise unknown_fact(name, self._types)
        return fact(name)

    def __getattr__(self, name: str) -> Expr:
        if name.startswith("__"):  # protocol look-ups of Python itself, such as copy
            raise AttributeError(name)
        return self[name]

    @property
    def extra(self) -> Extra:
        """The custom columns declared under ``[extra]`` in the settings."""
        return Extra(self)

    def when(self, condition: Expr, value: object, *, otherwise: object) -> Expr:
        """Return *value* where *condition* holds, else *otherwise*."""
        return Expr("when", (condition, literal(value), literal(otherwise)))

    def days_since(self, moment: Expr) -> Expr:
        """Return whole calendar days (UTC) from *moment* to the day of the run."""
        return Expr("days_since", (moment,))

    def doublings(self, number: Expr) -> Expr:
        """Return how often *number* doubles from 1, in hundredths: 8 gives 300, 1 and less 0.

        Points made with it multiply: what counts twice stands 100 points higher.
        """
        return Expr("doublings", (number,))


def unknown_fact(name: str, known: Iterable[str]) -> RuleError:
    """Return the error for a misspelt fact, naming the nearest one."""
    column = name.removeprefix(EXTRA_PREFIX)
    if column == name:
        near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]!r}?" if near else "See goodword plugins --facts."
    else:
        own = [each.removeprefix(EXTRA_PREFIX) for each in known if each.startswith(EXTRA_PREFIX)]
        near = difflib.get_close_matches(column, own, n=1, cutoff=0.6)
        hint = f'Declare it under [extra] in goodword.toml: {column} = "text", or its own type.'
        hint = f"Did you mean '{EXTRA_PREFIX}{near[0]}'?" if near else hint
    return RuleError(f"Unknown fact {name!r}.", hint=hint)


def reads(expr: Expr) -> frozenset[str]:
    """Return the names of all facts *expr* reads."""
    if expr.op == "fact":
        return frozenset({str(expr.args[0])})
    return frozenset().union(*(reads(arg) for arg in expr.args if isinstance(arg, Expr)))


def text_of(expr: Expr) -> str:
    """Return the stable text of *expr*; ``conditions.parse`` reads it back to the same tree."""
    op, args = expr.op, expr.args
    if op == "fact":
        return str(args[0])
    if op == "lit":
        return repr(args[0])
    parts = [text_of(arg) if isinstance(arg, Expr) else repr(arg) for arg in args]
    if op == "not":
        return f"(not {parts[0]})"
    if op in {"null", "known"}:
        return f"({parts[0]} is {'None' if op == 'null' else 'not None'})"
    if op == "in":
        return f"({parts[0]} in ({', '.join(parts[1:])},))"
    if op == "when":
        return f"({parts[1]} if {parts[0]} else {parts[2]})"
    if op in {"days_since", "doublings"}:
        return f"{op}({parts[0]})"
    sign = {**_COMPARE, **_ARITHMETIC, **_LOGIC}[op]
    return f"({parts[0]} {sign} {parts[1]})"


def type_of(expr: Expr, types: Mapping[str, ColumnType]) -> ColumnType:
    """Return the type of *expr* over facts of *types*; there are no implicit casts.

    Raises:
        RuleError: An unknown fact, or an operation on values of the wrong type.
    """
    op, args = expr.op, expr.args
    if op == "fact":
        name = str(args[0])
        if name not in types:
            raise unknown_fact(name, types)
        return types[name]
    if op == "lit":
        return _literal_type(args[0])
    kinds = [type_of(arg, types) for arg in args if isinstance(arg, Expr)]
    if op in _COMPARE or op == "in":
        ordered = op in {"lt", "le", "gt", "ge"}
        _require(len(set(kinds)) == 1 and not (ordered and kinds[0] == "bool"), expr, kinds)
        return "bool"
    if op in _LOGIC or op == "not":
        _require(set(kinds) == {"bool"}, expr, kinds)
        return "bool"
    if op in _ARITHMETIC:
        _require(set(kinds) == {"int"}, expr, kinds)
        return "int"
    if op == "when":
        _require(kinds[0] == "bool" and kinds[1] == kinds[2], expr, kinds)
        return kinds[1]
    if op == "days_since":
        _require(kinds == ["time"], expr, kinds)
        return "int"
    if op == "doublings":
        _require(kinds == ["int"], expr, kinds)
        return "int"
    return "bool"  # null, known


def _literal_type(value: object) -> ColumnType:
    if isinstance(value, bool):
        return "bool"
    return "int" if isinstance(value, int) else "text"


def _require(fits: bool, expr: Expr, kinds: list[ColumnType]) -> None:
    if not fits:
        msg = f"{text_of(_unquoted(expr))} does not work on {' and '.join(kinds)}."
        raise RuleError(msg, hint="Compare like with like; money is in whole cents.")


def _unquoted(expr: Expr) -> Expr:
    """Return *expr* for a message, without the texts it compares with: one may be a name."""
    if expr.op == "lit" and isinstance(expr.args[0], str):
        return Expr("lit", ("…",))
    return Expr(expr.op, tuple(_unquoted(a) if isinstance(a, Expr) else a for a in expr.args))


def compile_expr(expr: Expr, as_of: date) -> nw.Expr:
    """Return *expr* as a narwhals expression for a run on the day *as_of* (UTC)."""
    import narwhals.stable.v2 as nw

    op = expr.op
    if op == "fact":
        return nw.col(str(expr.args[0]))
    if op == "lit":
        return nw.lit(expr.args[0])  # type: ignore[arg-type]  # a literal holds no node
    args = [compile_expr(arg, as_of) for arg in expr.args if isinstance(arg, Expr)]
    if op == "in":
        return args[0].is_in([arg.args[0] for arg in expr.args[1:] if isinstance(arg, Expr)])
    if op == "when":
        return nw.when(args[0].fill_null(value=False)).then(args[1]).otherwise(args[2])
    if op == "days_since":
        midnight = nw.lit(datetime(as_of.year, as_of.month, as_of.day))
        return (midnight - args[0].dt.truncate("1d")).dt.total_minutes() // (24 * 60)
    if op == "doublings":
        least = nw.when(args[0] < 1).then(nw.lit(1)).otherwise(args[0])
        return (least.cast(nw.Float64).log(2) * 100.0 + 0.5).floor().cast(nw.Int64)
    return _OPERATIONS[op](*args)


_OPERATIONS: dict[str, Callable[..., nw.Expr]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "not": lambda a: ~a,
    "null": lambda a: a.is_null(),
    "known": lambda a: ~a.is_null(),
}
