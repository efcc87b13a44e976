"""What a customer is worth: by what they will buy, and by whom they send.

Value by purchases comes from the models of ``goodword.clv``, for all customers at once; value by
referrals from ``referral_worth``, and from what those they sent have brought. People without a
purchase, and people who opted out, have no score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from goodword import Histories, Terms, value_of_one, worth
from goodword.defaults.facts.listing import start_of
from goodword.defaults.referral_credit import Credit, credit
from goodword.defaults.referral_worth import referral_scores

if TYPE_CHECKING:
    from datetime import date

    import narwhals.stable.v2 as nw
    import numpy as np
    from numpy.typing import NDArray

    from goodword import Policy
    from goodword.defaults.facts.listing import Frame, Tables

CONFIDENCE = ("low", "medium", "high")
MOST_CENTS = 1e15
"""Largest score; whole numbers above it are no longer exact in the models."""


def champion_score(tables: Tables, facts: Frame, as_of: date, settings: Policy) -> Frame:
    """Return the score of every customer, with how it came about.

    Columns: ``contact_id, clv, crv, p_refer, n, model, confidence, referral_worth`` (percent of a
    usual referral), ``alive`` (permille), ``expected`` (thousandths of a purchase), ``each``,
    ``brought`` and ``one_referral`` (cents), ``sends`` (thousandths of a referral a year),
    ``doubts`` and ``reasons``; a model that does not know
    one of them leaves it null.
    """
    import narwhals.stable.v2 as nw
    import numpy as np

    rules = settings.champions
    known = referral_scores(tables, facts, as_of, settings).with_columns(
        _days_ago("first_purchase_at", as_of).alias(":first"),
        _days_ago("last_purchase_at", as_of).alias(":last"),
    )
    table = known.collect("polars")
    today = float(as_of.toordinal())
    terms = Terms(
        horizon_months=rules.horizon_months,
        annual_discount_percent=float(rules.annual_discount_percent),
        sells=rules.sells,
        contract_months=rules.contract_months,
    )
    found = worth(_histories(table, today), today, terms)

    def column(name: str, values: NDArray[Any] | None, times: float = 1.0) -> nw.Series[Any]:
        if values is None:
            nothing = [None] * len(table)
            return nw.new_series(name, nothing, nw.Int64(), backend="polars")
        whole = _whole(values, times)
        return nw.new_series(name, whole, nw.Int64(), backend="polars")

    names = table["contact_id"].to_list()
    share = float(table["share"][0]) if names else 0.0
    given = credit(tables, facts, as_of, settings, share)
    reasons = found.reasons.tolist()
    if given.notes:
        told = ((text, given.notes.get(name)) for name, text in zip(names, reasons, strict=True))
        reasons = [f"{text}; referrals: {note}" if note else text for text, note in told]
    doubts = [given.doubts.get(name) for name in names]
    one, compared = _one_referral(table, given)
    brought = [given.cents.get(name, 0) for name in names]
    words = [CONFIDENCE[level] for level in found.confidence.tolist()]
    scored = table.with_columns(
        column("clv", found.value),
        column("crv", np.asarray(table["rate"].to_numpy(), dtype=np.float64) * one),
        column("one_referral", one),
        column("sends", np.asarray(table["rate"].to_numpy(), dtype=np.float64), 1000.0),
        column("referral_worth", compared),
        column("alive", found.alive, 1000.0),
        column("expected", found.expected, 1000.0),
        column("each", found.each),
        nw.lit(found.model).alias("model"),
        nw.new_series("confidence", words, nw.String(), backend="polars"),
        nw.new_series("brought", brought, nw.Int64(), backend="polars"),
        nw.new_series("doubts", doubts, nw.String(), backend="polars"),
        nw.new_series("reasons", reasons, nw.String(), backend="polars"),
    )
    return scored.lazy().select(
        *("contact_id", "clv", "crv", "p_refer", "n", "model", "confidence"),
        *("referral_worth", "alive", "expected", "each", "brought", "one_referral"),
        *("sends", "doubts", "reasons"),
    )


def _one_referral(
    table: nw.DataFrame[Any], given: Credit
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Return what one more referral of each customer is worth, in cents and in percent of usual.

    What theirs brought in a full first year counts, pulled towards the firm's usual.
    """
    import numpy as np

    usual = np.asarray(table["one"].to_numpy(), dtype=np.float64)
    cents, number = np.zeros((2, usual.size))
    if given.settled:
        settled = [given.settled.get(name, (0, 0)) for name in table["contact_id"].to_list()]
        cents, number = np.asarray(settled, dtype=np.float64).reshape(-1, 2).T
    one = np.asarray(value_of_one(cents, number, usual))
    firm = float(usual[0]) if usual.size else 0.0
    return one, np.maximum(one / firm * 100.0, 1.0) if firm > 0 else None


def _histories(table: nw.DataFrame[Any], today: float) -> Histories:
    """Return the purchase histories in *table*; where only sums are known, those."""
    import numpy as np

    def numbers(name: str) -> NDArray[np.float64]:
        return np.asarray(table[name].to_numpy(), dtype=np.float64)  # null becomes NaN

    days, total, later = numbers("n"), numbers("margin_cents"), numbers("later_days")
    summed = np.isnan(later)
    return Histories(
        days=days,
        first=today - numbers(":first"),
        last=today - numbers(":last"),
        total=total,
        priced=numbers("sales_priced") > 0,
        spent=np.where(summed, total, numbers("later_cents")),
        paid=np.where(summed, days, later),
        summed=summed,
        ended=np.asarray((table["status"] == "lost").fill_null(value=False).to_numpy()),
    )


def _days_ago(column: str, as_of: date) -> nw.Expr:
    """Return whole days from *column* to the day of the run; below 0 for a date to come."""
    import narwhals.stable.v2 as nw

    passed = nw.lit(start_of(as_of)) - nw.col(column).dt.truncate("1d")
    return (passed.dt.total_minutes() // (24 * 60)).cast(nw.Float64)


def _whole(values: NDArray[Any], times: float) -> NDArray[np.int64]:
    """Round to whole numbers, halves up."""
    import numpy as np

    return np.floor(np.minimum(values * times, MOST_CENTS) + 0.5).astype(np.int64)
