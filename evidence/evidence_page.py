"""The page of evidence, in the words of docs/evidence.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from golden import Golden
from holdout import Forecast, Ranking
from small_firms import Handfuls

RANKED = (
    *("ranked by", "best tenth's share of money", "of the real best tenth"),
    *("rank, all", "rank, repeat buyers"),
)
HEAD = """\
# Evidence

Written by `make evidence`, not by hand. It shows what the score can do on purchases that really happened, and what it
cannot. The data are those of a music shop (CDNOW, 1997-98) that the published models were made with; they are fetched
with their hash and read as a zip file.

No set of real referrals is public. Nothing on this page says how many referrals a firm will get; it says how well the
score foresees buying, which is one half of it.
"""


def page(
    numbers: Iterable[Golden],
    foreseen: Iterable[Forecast],
    ranked: Sequence[Ranking],
    small: Iterable[Handfuls],
) -> str:
    """Return the whole page."""
    return "\n".join([HEAD, published(numbers), holdout(foreseen, ranked), firms(small)])


def published(numbers: Iterable[Golden]) -> str:
    """Return the table of published numbers with ours beside them."""
    rows = [(n.what, _as_published(n.published), f"{n.ours:.4f}", n.source) for n in numbers]
    return f"""\
## Published numbers, and ours

Fitted without a prior, as they were published. A test fails when one of ours moves away.

{_table(("what", "published", "ours", "published in"), rows)}
"""


def holdout(foreseen: Iterable[Forecast], ranked: Sequence[Ranking]) -> str:
    """Return what 39 weeks said about the next 39."""
    errors = [(f.name, f"{f.mean_error:.3f}", f"{f.ratio:.2f}") for f in foreseen]
    rows = [
        (r.name, *(f"{n:.3f}" for n in (r.capture, r.precision, r.all_customers, r.repeaters)))
        for r in ranked
    ]
    first, *others = ranked
    beaten = [r.name for r in others if r.all_customers > first.all_customers]
    return f"""\
## 39 weeks, and the 39 after

All 23,570 customers were scored on what they did until 30 September 1997; then the next 39 weeks were counted. The
score is the one a run makes, with the prior.

{_table(("purchases foreseen by", "mean error", "foreseen ÷ real"), errors)}

{_table(RANKED, rows)}

The first two columns are what a list of whom to call is for: how much of the money to come the best tenth of the list
brings, and how many of those who spent most are in it. The last two are rank correlations (Spearman) with the money
that came.

**Where the model loses.** Over all customers it ranks worse than {_listed(beaten)}. Six in ten bought once and never
again, which nobody can tell apart by dates; the model takes them for customers still, plain counting does not.
"""


def firms(small: Iterable[Handfuls]) -> str:
    """Return how often fits of small firms ran away."""
    rows = [(f"{h.size}", f"{h.fits}", f"{h.ran_away}") for h in small]
    return f"""\
## Small firms

Random handfuls of the published sample, each fitted as a firm of its own; a fit has run away when it found no peak or a
parameter is more than fifty times its usual value.

{_table(("customers", "firms", "ran away"), rows)}
"""


def _as_published(number: float) -> str:
    return f"{number:g}" if abs(number) < 1000 else f"{number:.3f}"


def _listed(names: Sequence[str]) -> str:
    *most, last = names or ("none of them",)
    return f"{', '.join(most)} and {last}" if most else last


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
