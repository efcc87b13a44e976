"""The page of evidence, in the words of docs/evidence.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from asking import CONTROL, NULL, SEEDS, Compared
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

No set of real referrals is public. Nothing on this page says how many referrals a firm will get. The first parts say
how well the score foresees buying, on real customers. The last one says whether the rules find in an invented town what
was planted there; whether the world is like that, only your own asks can tell.
"""


ASKED = (
    *("asked", "asks", "referrals per 100 asks", "referrals", "of them unhappy inside"),
    "of them unhappy for all to see",
)
ASKING = f"""\
## Whom to ask, and when: an invented town

{len(SEEDS)} towns of 2,000 customers are lived through week by week, {len(CONTROL)} where there is nothing to find: a year of asking at
random, from which there is something to learn, then a year under each way of asking, with the same people, joys and
troubles. *Both* and *timing only* are this program's own rules, run from facts to budget every four weeks on what the
town's CRM would show; *timing only* has the weights of the score switched off in `goodword.toml`. *Score only* asks whom
the same score puts first, whatever the day. All but *everyone* have room for the same number of asks.

Planted from publications: three in ten customers refer at all, four in ten of their asks succeed at the best moment.
Planted by us, without a source: moods and troubles, answers to surveys, how fast a good moment fades (half in four
weeks), and that each ask without an answer halves the next one's chance. The rules assume the last two as well: this
shows that they do what they mean to, not that the world is like that. So the size of the numbers means nothing; what
counts is that a difference is found where one was planted and none where there is none, and who is left in peace.

"±" is the spread between towns. "Unhappy for all to see" means an open ticket, a complaint or an unhappy answer of the
last 60 days without a good sign since, or a score of 0 to 6 of the last 180 days; nobody like that may be asked.

**Where the rules lose.** Asking everyone each quarter brings more referrals in all, for seven times the asks, and asks
about a thousand times in each town somebody who is unhappy for all to see. The claim is fewer asks and less harm, not
more referrals. And most of the gain is the right moment: knowing who refers adds from nothing to a seventh to it.
"""


def page(
    numbers: Iterable[Golden],
    foreseen: Iterable[Forecast],
    ranked: Sequence[Ranking],
    small: Iterable[Handfuls],
    worlds: Mapping[str, Sequence[Compared]],
) -> str:
    """Return the whole page."""
    parts = [HEAD, published(numbers), holdout(foreseen, ranked), firms(small), asking(worlds)]
    return "\n".join(parts)


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


def asking(worlds: Mapping[str, Sequence[Compared]]) -> str:
    """Return what six ways of asking brought in invented towns."""
    parts = [ASKING]
    for world, found in worlds.items():
        rows = [
            (
                one.policy,
                f"{one.tally.asks:,}",
                f"{one.tally.per_100:.2f} ± {one.spread:.2f}",
                f"{one.tally.referrals:,}",
                f"{one.tally.unhappy / max(1, one.tally.asks):.0%}",
                f"{one.tally.seen_unhappy:,}",
            )
            for one in found
        ]
        parts.append(
            f"### {world.capitalize()}\n\n{_table(ASKED, rows)}\n\n{_verdict(world, found)}\n"
        )
    return "\n".join(parts)


def _verdict(world: str, found: Sequence[Compared]) -> str:
    rate = {one.policy: one.tally.per_100 for one in found}
    random, spenders = rate["both"] / rate["random"], rate["both"] / rate["top spenders"]
    if world == NULL:
        of = {one.policy: one.per_100_of(len(SEEDS)) for one in found}
        few = of["both"] / of["random"], of["both"] / of["everyone"]
        return (
            f"There is nothing to find here; both together bring {random:.2f} times the referrals per ask of asking at\n"
            f"random, {rate['both'] / rate['everyone']:.2f} times that of asking everyone. Chance alone moves these numbers by a few in a hundred.\n"
            f"The first {len(SEEDS)} of these towns, as many as the other worlds have, gave {few[0]:.2f} and {few[1]:.2f}. That was too\n"
            "rough to tell nothing from something, and the reason why there are more of them here."
        )
    return (
        f"Both together bring {random:.1f} times the referrals per ask of asking at random, {spenders:.1f} times that of\n"
        f"asking the top spenders, {rate['both'] / rate['timing only']:.2f} times that of good timing alone."
    )


def _as_published(number: float) -> str:
    return f"{number:g}" if abs(number) < 1000 else f"{number:.3f}"


def _listed(names: Sequence[str]) -> str:
    *most, last = names or ("none of them",)
    return f"{', '.join(most)} and {last}" if most else last


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
