"""What a score rests on, in the words of a rep: one sentence for each thing worth knowing."""

from __future__ import annotations

import numpy as np

from goodword.clv.arrays import Flags
from goodword.clv.histories import Clean

SMALL = "fewer than 20 customers, so this is the margin of a year so far, pulled to the mean"
SILENT = "hardly anybody bought twice yet, so this is the margin of a year so far"
ONCE = "bought once, so the firm's average speaks for what comes next"
SUMMED = "only sums are known, so the first purchase counts in the mean"
UNDATED = "no date of a purchase, so counted as a customer since today"
FUTURE = "a purchase is dated in the future, counted as today's"
CONTRADICTS = "number and dates of the purchases do not fit each other"
UNPROFITABLE = "brought no margin so far, refunds taken off"
UNPRICED = "no amount in the home currency, so the firm's average stands for it"
ENDED = "no longer a customer, so nothing more is expected"
UNDISCOUNTED = "counted with a discount of 1 % a year: without one, a contract may be worth any sum"
GIANT = "this customer alone brought more than half of all margin"
TOGETHER = "who buys more often also pays other amounts here, which the model leaves out"
SEEN = "purchases of their own, and the firm's average where there are few"


def told(
    data: Clean,
    *,
    giant: Flags,
    small: bool = False,
    silent: bool = False,
    together: bool = False,
    undiscounted: bool = False,
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return the reasons of each customer's score, shape (n,), joined by semicolons.

    Args:
        data: The histories scored, with what was odd about them.
        giant: Who alone brought most.
        small: The firm has too few customers for a model.
        silent: The firm has too few repeat purchases for one.
        together: Amounts move with frequency, which the model does not allow for.
        undiscounted: Contracts are counted without a discount.
    """
    whole, nobody = np.ones_like(giant), np.zeros_like(giant)
    lines = {
        SMALL: whole if small else nobody,
        SILENT: whole if silent else nobody,
        ONCE: nobody if small or silent else (data.x == 0),
        SEEN: nobody if small or silent else (data.x > 0),
        SUMMED: data.summed,
        UNDATED: data.undated,
        FUTURE: data.future,
        CONTRADICTS: data.contradicts,
        UNPROFITABLE: data.unprofitable,
        UNPRICED: data.unpriced,
        ENDED: data.ended,
        UNDISCOUNTED: whole if undiscounted else nobody,
        GIANT: giant,
        TOGETHER: whole if together else nobody,
    }
    code = np.zeros(giant.shape, dtype=np.int64)
    for bit, flag in enumerate(lines.values()):
        code |= flag.astype(np.int64) << bit
    codes, where = np.unique(code, return_inverse=True)
    words = [
        "; ".join(text for bit, text in enumerate(lines) if one >> bit & 1)
        for one in codes.tolist()
    ]
    return np.array(words, dtype=np.object_)[where.reshape(-1)]
