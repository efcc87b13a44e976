"""Conditions from strangers: any text is a condition or a refusal, soon and bounded."""

from __future__ import annotations

import ast
import contextlib
import time
from datetime import date

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goodword.conditions import MAX_DEPTH, MAX_LENGTH, parse
from goodword.errors import RuleError
from goodword.expressions import Expr, compile_expr, fact, reads, text_of, type_of
from goodword.tables import ColumnType

CANARY = "Zoë Quill"
TYPES: dict[str, ColumnType] = {"a": "int", "b": "text", "c": "bool", "d": "time"}


def survives(text: str | int | bool) -> Expr | None:
    """Parse *text* and use what comes out everywhere; only a refusal may interrupt that."""
    began = time.perf_counter()
    found, refused = None, None
    try:
        found = parse(text)
    except RuleError as error:
        refused = error
    assert time.perf_counter() - began < 5
    if refused is not None:
        assert len(str(refused)) < 400
        assert refused.__cause__ is None
        return None
    assert isinstance(found, Expr)
    assert reads(found) is not None
    assert text_of(parse(text_of(found))) == text_of(found) or len(text_of(found)) > MAX_LENGTH
    compile_expr(found, date(2026, 11, 20))
    with contextlib.suppress(RuleError):
        type_of(found, TYPES)
    return found


PIECES = st.sampled_from(
    [
        *("a", "b", "c", "d", "extra.x", "days_since(d)", "'gold'", "7", "-1", "True", "None"),
        *(" and ", " or ", " not ", " is ", " is not ", " in ", " if ", " else ", " == ", " < "),
        *("+", "-", "*", "**", "/", "(", ")", "[", "]", "{", "}", ",", ":", ":=", ".", "__class__"),
        *("lambda", "yield", "await", "f'{a}'", "b'x'", "...", "1e999", "1j", "0x", "\\", "\n"),
        *("#", ";", "\0", "\ud800", "'\\ud800'", "'\\N{DASH}'", "'\\d'", "1if 2else 3", "🙂"),
    ]
)


@given(st.text(max_size=200))
@example("\ud800")
@example("'\ud800' == b")
@example("'\\ud800' == b")
@example("'\\d' == b")
@example("0or 1")
@example("a == '\0'")
@example("\x0c a")
@example("a\\\n")
@example("\ufeffa")
@example("a # coding: rot13")
@example("# -*- coding: nonsense -*-\na")
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    survives(text)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_pieces_of_python_are_a_condition_or_refused(text: str) -> None:
    survives(text)


LEAVES = st.sampled_from(["a", "b", "c", "d", "'x'", "3", "True", "None", "extra.y"])
GROWN = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(
            inner, st.sampled_from(["and", "or", "==", "<", "in", "+", "*", "is"]), inner
        ).map(" ".join),
        inner.map(lambda x: f"({x})"),
        inner.map(lambda x: f"not {x}"),
        inner.map(lambda x: f"-{x}"),
        inner.map(lambda x: f"days_since({x})"),
        inner.map(lambda x: f"doublings({x})"),
        inner.map(lambda x: f"{x}.real"),
        inner.map(lambda x: f"{x}()"),
        inner.map(lambda x: f"{x}[0]"),
        inner.map(lambda x: f"[{x} for a in b]"),
        st.tuples(inner, inner, inner).map(lambda x: f"{x[0]} if {x[1]} else {x[2]}"),
        st.tuples(inner, inner).map(lambda x: f"({x[0]}, {x[1]})"),
    ),
    max_leaves=30,
)


@pytest.mark.long
@given(GROWN)
def test_any_expression_of_python_is_a_condition_or_refused(text: str) -> None:
    survives(text)


@given(st.integers() | st.integers(min_value=2**62) | st.booleans())
def test_any_number_is_a_condition_or_refused(value: int) -> None:
    found = survives(value)
    assert (found is None) == (abs(value) >= 2**63)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 900 + "a" + ")" * 900,
        "not " * 400 + "a",
        "-" * 1_900 + "1",
        "~" * 1_900 + "a",
        "a" + " and a" * 300,
        "a" + " + a" * 250,
        "a" + " < a" * 250,
        "1 if a else " * 100 + "2",
        "days_since(" * 180 + "a" + ")" * 180,
        "[" * 1_000,
        "{" * 1_000,
        "a" + ".a" * 900,
        "a" + "()" * 900,
        "9" * MAX_LENGTH,
        "9" * 5_000,
        "0x" + "f" * 1_900,
        "'" + "x" * 1_990 + "'" + "'",
        "b'" + "x" * 1_900 + "'",
        "a" * MAX_LENGTH + "a",
        "a" * 1_000_000,
        "lambda: " * 240 + "a",
        "f'{" * 60 + "a" + "}'" * 60,
    ],
    ids=lambda text: f"{text[:12]}-{len(text)}",
)
def test_a_condition_without_end_is_refused_soon(text: str) -> None:
    assert survives(text) is None


def test_the_deepest_condition_allowed_still_runs() -> None:
    condition = parse("a == 1" + " or a == 1" * (MAX_DEPTH - 2))
    assert type_of(condition, TYPES) == "bool"
    rows = pl.DataFrame({"a": [1, 2]})
    import narwhals.stable.v2 as nw

    found = nw.from_native(rows).filter(compile_expr(condition, date(2026, 11, 20)))
    assert found.shape == (1, 1)
    assert survives("a == 1" + " or a == 1" * MAX_DEPTH) is None


@pytest.mark.parametrize(
    "text",
    [
        f"b == '{CANARY}",
        f"b == '{CANARY}' and",
        f"'{CANARY}' > 3",
        f"b.startswith('{CANARY}')",
        f"'{CANARY}' in b",
        f"f'{CANARY}'",
        f"b'{CANARY}'",
        f"b == '{CANARY}' + 1",
        f"('{CANARY}' is b)",
    ],
)
def test_a_refusal_never_repeats_a_text_of_the_rule(text: str) -> None:
    with pytest.raises(RuleError) as refused:
        type_of(parse(text), TYPES)
    chain = [refused.value, refused.value.__cause__, refused.value.__context__]
    assert "Quill" not in " ".join(f"{error!r} {error}" for error in chain[:2])


def test_nothing_written_in_a_rule_is_ever_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object) -> None:
        msg = "it ran"
        raise AssertionError(msg)

    for name in ("eval", "exec"):
        monkeypatch.setattr(f"builtins.{name}", run)
    for text in ("__import__('os').abort()", "a if (b := exit()) else c", "[].append(1)", "a > 1"):
        survives(text)
    assert text_of(parse("a > 1")) == text_of(fact("a") > 1)


@given(st.text(max_size=30))
def test_a_text_in_a_rule_stays_that_text(value: str) -> None:
    if "\ud800" <= max(value, default="") <= "\udfff" or any(
        "\ud800" <= v <= "\udfff" for v in value
    ):
        return
    written = f"b == {value!r}"
    assert ast.literal_eval(written.removeprefix("b == ")) == value
    found = parse(written)
    side = found.args[1]
    assert isinstance(side, Expr)
    assert side.args == (value,)
