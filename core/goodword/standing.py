"""Where a contact stands: stage of the life cycle, scores, segment.

Stage rules read the base facts; the champion hook sees the stage; ask rules see all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword.errors import PluginError, fault_of
from goodword.expressions import compile_expr
from goodword.facts import promised, require_one_row_each

if TYPE_CHECKING:
    from datetime import date

    import narwhals.stable.v2 as nw

    from goodword.engines import Engine
    from goodword.hookspecs import StageModel
    from goodword.tables import ColumnType, Frame

SCORE_TYPES: dict[str, ColumnType] = {
    "clv": "int",
    "crv": "int",
    "p_refer": "int",
    "n": "int",
    "model": "text",
    "confidence": "text",
}
SCORE_COLUMNS = tuple(SCORE_TYPES)
"""What the champion hook returns beside contact_id: cents, cents, permille, count, texts."""

MORE_TYPES: dict[str, ColumnType] = {"referral_worth": "int"}
"""What it may return as well, for rules to read: percent of a usual referral."""

DETAIL_TYPES: dict[str, ColumnType] = {
    "alive": "int",
    "expected": "int",
    "each": "int",
    "brought": "int",
    "one_referral": "int",
    "sends": "int",
    "doubts": "text",
    "reasons": "text",
}
"""What it may return for ``why``: permille, thousandths of a purchase or referral, cents, texts."""
DETAIL = "score:"
"""What stands before their names beside the facts, where a plugin may have a fact called so."""

SEGMENTS = ("Champion", "Affluent", "Advocate", "Nurture")
"""High/high, high customer value only, high referral value only, neither."""

HYSTERESIS = 5
"""Percentiles a contact may slip below the middle before it loses its segment (convention)."""


def add_stage(facts: Frame, model: StageModel, as_of: date) -> Frame:
    """Add ``stage`` (the highest one with evidence), ``stage_rule`` and ``borrowed``.

    A contact without any evidence stands at the first stage. ``borrowed`` marks trust lent by a
    referrer: the stage rests on a rule that says so.
    """
    import narwhals.stable.v2 as nw

    rank = {stage: number for number, stage in enumerate(model.stages)}
    stage: nw.Expr = nw.lit(model.stages[0])
    rule_name: nw.Expr = nw.lit("")
    borrowed: nw.Expr = nw.lit(value=False)
    for rule in sorted(model.rules, key=lambda r: (rank[r.stage], not r.borrowed, r.name)):
        holds = compile_expr(rule.when, as_of).fill_null(value=False)
        stage = nw.when(holds).then(nw.lit(rule.stage)).otherwise(stage)
        rule_name = nw.when(holds).then(nw.lit(rule.name)).otherwise(rule_name)
        borrowed = nw.when(holds).then(nw.lit(rule.borrowed)).otherwise(borrowed)
    return facts.with_columns(
        stage.alias("stage"), rule_name.alias("stage_rule"), borrowed.alias("borrowed")
    )


def checked_scores(scores: Frame, plugin: str, engine: Engine) -> Frame:
    """Return the champion hook's frame, computed, refusing what the hook does not promise.

    Args:
        scores: What the hook returned.
        plugin: Who returned it.
        engine: Where it is computed.

    Raises:
        PluginError: A column is missing or of another type, or a contact is there twice.
    """
    what = "goodword_champion_score"
    promised(scores, SCORE_TYPES, what, plugin)
    there = scores.collect_schema().names()
    told = {name: kind for name, kind in (MORE_TYPES | DETAIL_TYPES).items() if name in there}
    frame = promised(scores, SCORE_TYPES | told, what, plugin)
    try:
        computed = engine.materialise(frame)
    except Exception as error:  # a lazy table shows its mistakes late
        msg = f"Plugin {plugin!r}: the frame of {what} does not compute ({fault_of(error, '')})."
        raise PluginError(msg, hint="Fix or update the plugin.", plugin=plugin) from error
    require_one_row_each([computed], [what], [plugin], engine)
    return computed


def add_scores(facts: Frame, scores: Frame, own_fields: Frame, segments_from: int) -> Frame:
    """Add the champion hook's columns, ``score`` (0-100) and ``segment``.

    ``score`` is where the customer stands among the firm's scored customers: half the percentile
    of customer value, half that of referral value. Segments split both at the middle, ties low;
    a contact keeps its segment until it slips ``HYSTERESIS`` percentiles below. Fewer than
    *segments_from* scored customers get no segment.
    """
    import narwhals.stable.v2 as nw

    there = scores.collect_schema().names()
    details = [nw.col(name).alias(DETAIL + name) for name in DETAIL_TYPES if name in there]
    columns = ["contact_id", *SCORE_COLUMNS, *MORE_TYPES]
    for name in MORE_TYPES.keys() - set(there):
        scores = scores.with_columns(nw.lit(None, dtype=nw.Int64).alias(name))
    scored = scores.select(*columns, *details).filter(~nw.col("clv").is_null())
    ranked = scored.with_columns(nw.len().alias(":size"), nw.lit(1).alias(":one"))
    for value in ("clv", "crv"):
        ranked = _add_percentile(ranked, value)
    kept = [DETAIL + name for name in DETAIL_TYPES if name in there]
    before = own_fields.select("contact_id", nw.col("segment").alias(":before"))
    ranked = ranked.join(before, on="contact_id", how="left")
    high_clv = _is_high("clv", ("Champion", "Affluent"))
    high_crv = _is_high("crv", ("Champion", "Advocate"))
    segment = (
        nw.when(nw.col(":size") < segments_from)
        .then(nw.lit(None, dtype=nw.String))
        .when(high_clv & high_crv)
        .then(nw.lit(SEGMENTS[0]))
        .when(high_clv)
        .then(nw.lit(SEGMENTS[1]))
        .when(high_crv)
        .then(nw.lit(SEGMENTS[2]))
        .otherwise(nw.lit(SEGMENTS[3]))
    )
    score = (nw.col(":clv") + nw.col(":crv")) // 2
    ranked = ranked.with_columns(score.cast(nw.Int64).alias("score"), segment.alias("segment"))
    return facts.join(
        ranked.select(*columns, *kept, "score", "segment"), on="contact_id", how="left"
    ).with_columns(nw.col("segment").fill_null(""))


def _add_percentile(frame: Frame, value: str) -> Frame:
    """Add ``:value``, the share of customers with a lower value, in whole percent (0-100)."""
    import narwhals.stable.v2 as nw

    counts = frame.group_by(value).agg(nw.col(":one").sum().cast(nw.Int64).alias(":same"))
    below = nw.col(":same").cum_sum().over(order_by=value) - nw.col(":same")
    counts = counts.with_columns(below.cast(nw.Int64).alias(":below"))
    frame = frame.join(counts, on=value, how="left")
    others = nw.max_horizontal(nw.col(":size").cast(nw.Int64) - 1, nw.lit(1))
    percent = (nw.col(":below") * 100) // others
    return frame.with_columns(percent.cast(nw.Int64).alias(f":{value}")).drop(":same", ":below")


def _is_high(value: str, kept_by: tuple[str, ...]) -> nw.Expr:
    import narwhals.stable.v2 as nw

    was_high = nw.col(":before").is_in(list(kept_by)).fill_null(value=False)
    bar = nw.when(was_high).then(nw.lit(50 - HYSTERESIS)).otherwise(nw.lit(50))
    return nw.col(f":{value}") >= bar
