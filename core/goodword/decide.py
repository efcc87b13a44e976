"""Facts x rules = decisions: one verdict a contact, with its reason, its date and its priority.

Triggers open a window, suppressors close it, weights rank. All rules become columns of one lazy
frame (``flagged``); the verdict is chosen from those columns. They are more than the facts and say
nothing that the facts do not, so nobody keeps them: who explains one contact (``why``) or looks
for one rule adds the same columns again, so what is shown is what was decided.

Columns of a decision: ``verdict, code, trigger, cycle, opens, closes, next_ask, next_code,
priority, moment, because, why``. Columns of a rule: ``on: opens: closes: open:`` (triggers),
``fails: until:`` (suppressors) and ``points:`` (weights).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

from goodword.expressions import compile_expr
from goodword.rules import Deciding, Suppressor, Trigger
from goodword.sentences import sentences

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

    from goodword.expressions import Expr
    from goodword.rulebook import Rulebook
    from goodword.tables import Frame

NO_TRIGGER = "no_trigger"
"""Reason code when nothing happened that would be a good moment to ask."""
WINDOW_CLOSES = "window_closes"
"""Next-date code: what holds the ask back outlasts the moment, which is simply missed."""
OPEN_END = "open_end"
"""Next-date code: what holds the ask back has no date of its own (an open ticket)."""

ASKING, NEVER = "Ask: ", "Never: "
"""How the line written on a contact begins where asking is right today, and where it never is."""

DECISION = (
    *(":chosen", "trigger", "cycle", "opens", "closes", "verdict", "code", "next_ask"),
    *("next_code", "priority", "moment", "because", "why"),
)
"""Columns of a decision; ``:chosen`` is the number of the trigger that speaks today."""


def flagged(frame: Frame, rules: Iterable[Deciding], as_of: date) -> Frame:
    """Return facts, decided or not, with what each of *rules* says today, and until when.

    Args:
        frame: One row a contact, with the facts these rules read.
        rules: Some rules, or all of a firm (``Rulebook.deciding``).
        as_of: Day of the run.
    """
    columns = [column for rule in rules for column in _flags(rule, as_of)]
    return frame.with_columns(columns) if columns else frame


def _flags(rule: Deciding, as_of: date) -> list[nw.Expr]:
    if isinstance(rule, Trigger):
        return _trigger_flags(rule, as_of)
    if isinstance(rule, Suppressor):
        return _suppressor_flags(rule, as_of)
    return [_compile_int(rule.points, as_of).alias(f"points:{rule.name}")]


def _trigger_flags(trigger: Trigger, as_of: date) -> list[nw.Expr]:
    import narwhals.stable.v2 as nw

    name, today = trigger.name, _midnight(as_of)
    since = compile_expr(trigger.since, as_of)
    known = ~since.is_null() & ~compile_expr(trigger.record, as_of).is_null()
    if trigger.when is not None:
        known = known & compile_expr(trigger.when, as_of)
    on = known.fill_null(value=False)
    opens = since.dt.truncate("1d") + nw.lit(timedelta(days=trigger.wait_days))
    closes = opens + nw.lit(timedelta(days=trigger.expires_days))
    is_open = on & (opens <= nw.lit(today)) & (closes >= nw.lit(today))
    return [
        on.alias(f"on:{name}"),
        nw.when(on).then(opens).alias(f"opens:{name}"),
        nw.when(on).then(closes).alias(f"closes:{name}"),
        is_open.fill_null(value=False).alias(f"open:{name}"),
    ]


def _suppressor_flags(suppressor: Suppressor, as_of: date) -> list[nw.Expr]:
    import narwhals.stable.v2 as nw

    today = nw.lit(_midnight(as_of))
    ends: list[nw.Expr] = []
    conditions: list[nw.Expr] = []
    if suppressor.when is not None:
        conditions.append(compile_expr(suppressor.when, as_of))
    if suppressor.since is not None and suppressor.days is not None:
        start = compile_expr(suppressor.since, as_of).dt.truncate("1d")
        ends.append(start + _days(suppressor.days, as_of))
        conditions.append(ends[0] > today)
    if suppressor.until is not None:
        ends.append(compile_expr(suppressor.until, as_of).dt.truncate("1d"))
        conditions.append(ends[-1] > today)
    fails = reduce(lambda a, b: a & b, conditions).fill_null(value=False)
    end = _latest(ends)
    return [
        fails.alias(f"fails:{suppressor.name}"),
        nw.when(fails).then(end).alias(f"until:{suppressor.name}"),
    ]


def _days(days: Expr | int, as_of: date) -> nw.Expr:
    import narwhals.stable.v2 as nw

    if isinstance(days, int):
        return nw.lit(timedelta(days=days))
    return nw.lit(timedelta(days=1)) * compile_expr(days, as_of)


def _compile_int(points: Expr | int, as_of: date) -> nw.Expr:
    import narwhals.stable.v2 as nw

    if isinstance(points, int):
        return nw.lit(points)
    return compile_expr(points, as_of).fill_null(0).cast(nw.Int64)


def decide(facts: Frame, book: Rulebook, as_of: date) -> Frame:
    """Return *facts* with a decision for every contact (columns: see the module docstring).

    Args:
        facts: One row a contact: base facts, stage and scores; a former decision is replaced.
        book: The firm's rules.
        as_of: Day of the run (UTC).
    """
    import narwhals.stable.v2 as nw

    kept = [name for name in facts.collect_schema().names() if name not in DECISION]
    # What many columns read is a column first: within an expression it would be built each time.
    frame = flagged(facts, book.deciding, as_of)
    frame = frame.with_columns([*_held_by_shared(book), _coming(book, as_of).alias(":coming")])
    frame = frame.with_columns(_held(book))
    frame = frame.with_columns(_chosen(book).alias(":chosen"), _upcoming(book).alias(":upcoming"))
    frame = frame.with_columns(nw.coalesce(":chosen", ":upcoming").alias(":pick"))
    frame = frame.with_columns(
        _by_trigger(book, lambda t: nw.lit(t.name), nw.String).alias("trigger"),
        _by_trigger(book, lambda t: compile_expr(t.record, as_of), nw.String).alias("cycle"),
        _by_trigger(book, lambda t: nw.col(f"opens:{t.name}"), nw.Datetime("us")).alias("opens"),
        _by_trigger(book, lambda t: nw.col(f"closes:{t.name}"), nw.Datetime("us")).alias("closes"),
        _by_exemption(book, "first", nw.Int64).alias(":first"),
        _by_exemption(book, "last", nw.Datetime("us")).alias(":until"),
        _by_exemption(book, "endless", nw.Boolean).alias(":endless"),
        _by_trigger(book, lambda t: nw.lit(t.points), nw.Int64).fill_null(0).alias(":points"),
    )
    frame = _verdicts(frame, book)
    weights = [nw.col(f"points:{weight.name}") for weight in book.weights]
    priority = reduce(add, weights, nw.col(":points"))
    frame = frame.with_columns(
        priority.cast(nw.Int64).alias("priority"), _moment(book).alias("moment")
    )
    frame = frame.with_columns(_because(book).alias("because"))
    frame = frame.with_columns(_why().alias("why"))
    return frame.select(*kept, *DECISION)


def _key(trigger: Trigger) -> str:
    return ",".join(sorted(trigger.exempt))


def _special(book: Rulebook) -> frozenset[str]:
    """Return the suppressors that some trigger is exempt from; all others hold back every one."""
    return frozenset(name for trigger in book.triggers for name in trigger.exempt)


def _held_by_shared(book: Rulebook) -> list[nw.Expr]:
    """Return what the suppressors of every trigger say: which fails first, until when, endless."""
    import narwhals.stable.v2 as nw

    special = _special(book)
    numbered = [(n, r) for n, r in enumerate(book.suppressors) if r.name not in special]
    first: nw.Expr = nw.lit(None, dtype=nw.Int64)
    endless: nw.Expr = nw.lit(value=False)
    for number, rule in reversed(numbered):
        first = nw.when(nw.col(f"fails:{rule.name}")).then(nw.lit(number)).otherwise(first)
        endless = endless | _endless(rule)
    untils = [nw.col(f"until:{rule.name}") for _, rule in numbered]
    last = _latest(untils)
    return [first.alias("first:*"), last.alias("last:*"), endless.alias("endless:*")]


def _held(book: Rulebook) -> list[nw.Expr]:
    """Return the same for each distinct exemption, with the special rules that still apply."""
    import narwhals.stable.v2 as nw

    special = _special(book)
    columns: dict[str, list[nw.Expr]] = {}
    for trigger in book.triggers:
        firsts, lasts, endless = [nw.col("first:*")], [nw.col("last:*")], nw.col("endless:*")
        for number, rule in enumerate(book.suppressors):
            if rule.name in special and rule.name not in trigger.exempt:
                firsts.append(nw.when(nw.col(f"fails:{rule.name}")).then(nw.lit(number)))
                lasts.append(nw.col(f"until:{rule.name}"))
                endless = endless | _endless(rule)
        key = _key(trigger)
        columns[key] = [
            _least(firsts).alias(f"first:{key}"),
            _latest(lasts).alias(f"last:{key}"),
            endless.alias(f"endless:{key}"),
        ]
    return [column for group in columns.values() for column in group]


def _endless(rule: Suppressor) -> nw.Expr:
    import narwhals.stable.v2 as nw

    return nw.col(f"fails:{rule.name}") & nw.col(f"until:{rule.name}").is_null()


def _chosen(book: Rulebook) -> nw.Expr:
    """Number the trigger that speaks: the first open and free one, else the first open."""
    import narwhals.stable.v2 as nw

    chosen: nw.Expr = nw.lit(None, dtype=nw.Int64)
    numbered = list(enumerate(book.triggers))
    for number, trigger in reversed(numbered):
        chosen = nw.when(nw.col(f"open:{trigger.name}")).then(nw.lit(number)).otherwise(chosen)
    for number, trigger in reversed(numbered):
        free = nw.col(f"open:{trigger.name}") & nw.col(f"first:{_key(trigger)}").is_null()
        chosen = nw.when(free).then(nw.lit(number)).otherwise(chosen)
    return chosen


def _coming(book: Rulebook, as_of: date) -> nw.Expr:
    """Return the first day after today on which a window opens."""
    import narwhals.stable.v2 as nw

    today = nw.lit(_midnight(as_of))
    opens = [nw.col(f"opens:{trigger.name}") for trigger in book.triggers]
    later = [nw.when(each > today).then(each) for each in opens]
    return _least(later) if later else nw.lit(None, dtype=nw.Datetime("us"))


def _upcoming(book: Rulebook) -> nw.Expr:
    """Number the trigger whose window opens next, earliest first, ties by rank."""
    import narwhals.stable.v2 as nw

    result: nw.Expr = nw.lit(None, dtype=nw.Int64)
    for number, trigger in reversed(list(enumerate(book.triggers))):
        next_one = nw.col(f"opens:{trigger.name}") == nw.col(":coming")
        result = nw.when(next_one).then(nw.lit(number)).otherwise(result)
    return result


def _by_trigger(book: Rulebook, value: Any, dtype: Any) -> nw.Expr:
    import narwhals.stable.v2 as nw

    result: nw.Expr = nw.lit(None, dtype=dtype)
    for number, trigger in enumerate(book.triggers):
        picked = nw.col(":pick") == nw.lit(number)
        result = nw.when(picked).then(value(trigger)).otherwise(result)
    return result


def _by_exemption(book: Rulebook, what: str, dtype: Any) -> nw.Expr:
    """Return what holds the picked trigger back: one branch for all of the same exemption."""
    import narwhals.stable.v2 as nw

    alike: dict[str, list[int]] = {}
    for number, trigger in enumerate(book.triggers):
        alike.setdefault(_key(trigger), []).append(number)
    result: nw.Expr = nw.lit(None, dtype=dtype)
    for key, numbers in alike.items():
        picked = nw.col(":pick").is_in(numbers)
        result = nw.when(picked).then(nw.col(f"{what}:{key}")).otherwise(result)
    return result


def _verdicts(frame: Frame, book: Rulebook) -> Frame:
    """Add verdict, code and the date of the next possible ask."""
    import narwhals.stable.v2 as nw

    never: nw.Expr = nw.lit(None, dtype=nw.Int64)
    verdict_of: nw.Expr = nw.lit("ask")
    name_of: nw.Expr = nw.lit("")
    seen: set[str] = set()
    for number, rule in reversed(list(enumerate(book.suppressors))):
        if rule.verdict == "never":
            never = nw.when(nw.col(f"fails:{rule.name}")).then(nw.lit(number)).otherwise(never)
        if rule.verdict not in seen:  # the last number of a verdict: rules stand by severity
            seen.add(rule.verdict)
            upto = nw.col(":first") <= nw.lit(number)
            verdict_of = nw.when(upto).then(nw.lit(rule.verdict)).otherwise(verdict_of)
        named = nw.col(":code") == nw.lit(number)
        name_of = nw.when(named).then(nw.lit(rule.name)).otherwise(name_of)
    is_open = ~nw.col(":chosen").is_null()
    frame = frame.with_columns(never.alias(":never"))
    spoken = nw.when(is_open).then(nw.col(":first"))
    frame = frame.with_columns(nw.coalesce(nw.col(":never"), spoken).alias(":code"))
    is_never = ~nw.col(":never").is_null()
    missed = nw.col(":until") > nw.col("closes")
    next_ask = nw.max_horizontal(nw.col("opens"), nw.col(":until"))
    blank = nw.lit(None, dtype=nw.Datetime("us"))
    no_date = is_never | nw.col("trigger").is_null() | nw.col(":endless") | missed
    return frame.with_columns(
        nw.when(is_never)
        .then(nw.lit("never"))
        .when(is_open)
        .then(verdict_of)
        .otherwise(nw.lit("wait"))
        .alias("verdict"),
        nw.when(~nw.col(":code").is_null() | is_open)
        .then(name_of)
        .otherwise(nw.lit(NO_TRIGGER))
        .alias("code"),
        nw.when(no_date.fill_null(value=False)).then(blank).otherwise(next_ask).alias("next_ask"),
        nw.when(is_never | nw.col("trigger").is_null())
        .then(nw.lit(""))
        .when(missed.fill_null(value=False))
        .then(nw.lit(WINDOW_CLOSES))
        .when(nw.col(":endless"))
        .then(nw.lit(OPEN_END))
        .otherwise(nw.lit(""))
        .alias("next_code"),
    )


def _moment(book: Rulebook) -> nw.Expr:
    """Return the sentence of the trigger that speaks; null where there is none."""
    import narwhals.stable.v2 as nw

    texts = {number: trigger.because for number, trigger in enumerate(book.triggers)}
    return sentences(texts, nw.col(":pick"), book.types)


def _because(book: Rulebook) -> nw.Expr:
    """Return the sentence of the decision: the moment for an ask, else what holds it back."""
    import narwhals.stable.v2 as nw

    texts = {number: rule.because for number, rule in enumerate(book.suppressors)}
    held = sentences(texts, nw.col(":code"), book.types)
    quiet = held.fill_null("nothing happened lately that makes a good moment to ask")
    asking = nw.col("verdict") == nw.lit("ask")
    return nw.when(asking).then(nw.col("moment")).otherwise(quiet)


def _why() -> nw.Expr:
    """Return the one line written on the contact: verdict, reason, fixed date; never an age."""
    import narwhals.stable.v2 as nw

    labels = {"ask": "Ask", "warm_up": "Warm up first", "recover": "Recover first"}
    label: nw.Expr = nw.lit("Never")
    for verdict, text in {**labels, "wait": "Wait"}.items():
        label = nw.when(nw.col("verdict") == nw.lit(verdict)).then(nw.lit(text)).otherwise(label)
    dated = (nw.col("verdict") == nw.lit("wait")) & ~nw.col("next_ask").is_null()
    day = nw.col("next_ask").dt.to_string("%Y-%m-%d")
    until = nw.when(dated).then(nw.concat_str(nw.lit(" until "), day)).otherwise(nw.lit(""))
    return nw.concat_str(label, until, nw.lit(": "), nw.col("because"))


def _latest(times: Sequence[nw.Expr]) -> nw.Expr:
    """Return the latest of *times*, null where none is known; Spark compares two or more only."""
    import narwhals.stable.v2 as nw

    if not times:
        return nw.lit(None, dtype=nw.Datetime("us"))
    return nw.max_horizontal(*times) if len(times) > 1 else times[0]


def _least(values: Sequence[nw.Expr]) -> nw.Expr:
    """Return the least of one or more *values*."""
    import narwhals.stable.v2 as nw

    return nw.min_horizontal(*values) if len(values) > 1 else values[0]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
