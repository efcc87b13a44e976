"""The touchpoint catalogue: what a firm does, or should do, at each stage of the life cycle.

A touch counts as a touchpoint when its kind is listed, or when the subject of an activity contains
one of the pattern's words (separated by ``|``, upper and lower case alike).
"""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING

from goodword import Touchpoint
from goodword.defaults.facts.listing import count, end_of, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import narwhals.stable.v2 as nw

    from goodword import Fact
    from goodword.defaults.facts.listing import Build, Frame, Tables

_LINES = """
know      advert           optional    advert             advert|advertisement
know      article          should_have -                  press|guest article|trade article
know      referred_lead    should_have referred_lead      referred by
like      site_visit       optional    site_visit,page    -
like      newsletter       should_have newsletter         newsletter
like      blog             optional    blog               blog
like      social           optional    social,video       podcast|video
like      reception        should_have call,email,message -
trust     marketing_kit    should_have -                  marketing kit|brochure|information pack
trust     white_paper      optional    -                  white paper|whitepaper|guide|e-book|ebook
trust     case_study       should_have -                  case study|success story|testimonial
trust     presentation     optional    presentation       presentation|demo
try       webinar          optional    webinar            webinar|workshop
try       evaluation       should_have evaluation         evaluation|audit|assessment|free trial
try       discovery        should_have discovery          discovery|first consultation|consultation
try       nurture          optional    nurture            nurture
buy       welcome_kit      should_have welcome            welcome kit|new customer kit|onboarding
buy       delivery         should_have delivery           delivery|handover|installation
buy       financing        optional    -                  credit terms|payment plan
repeat    survey           should_have survey             survey
repeat    related_offer    should_have offer              cross-sell|upsell|upgrade|special offer
repeat    customer_event   optional    event              customer event|customer evening
repeat    service_visit    should_have visit,maintenance  maintenance|annual service|check-up
refer     results_review   should_have results_review     results review|review meeting
refer     partner_intro    optional    introduction       partner introduction|introduction to
refer     peer_event       optional    peer_event         peer-to-peer|round table|mastermind
refer     community        optional    community          community|customer club|advisory board
"""
"""Stage, id, importance, kinds, pattern; "-" for none."""

_SPECIAL = re.compile(r"[.^$*+?()\[\]{}\\]")
"""Characters every engine's pattern language gives a meaning; words are taken literally."""

_DOCS = {
    "advert": "An advert the person answered.",
    "article": "An article about us, or by us, that the person read.",
    "referred_lead": "A first contact because somebody sent the person.",
    "site_visit": "A visit to our web site or premises.",
    "newsletter": "Our newsletter.",
    "blog": "Our blog.",
    "social": "A video, a podcast or a post.",
    "reception": "A call or mail that was answered well.",
    "marketing_kit": "The kit that says who we are and whom we help.",
    "white_paper": "A guide that helps without selling.",
    "case_study": "The story of a customer with the same problem.",
    "presentation": "A presentation or demonstration.",
    "webinar": "A webinar or workshop.",
    "evaluation": "An evaluation, audit or trial.",
    "discovery": "A first consultation.",
    "nurture": "A series of useful mails after a first contact.",
    "welcome_kit": "The kit every new customer gets.",
    "delivery": "Delivery or handover.",
    "financing": "Terms that make buying easier.",
    "survey": "A survey on how it went.",
    "related_offer": "An offer that fits what was bought.",
    "customer_event": "An event for customers.",
    "service_visit": "A visit to look after what was bought.",
    "results_review": "A meeting that looks at what was achieved.",
    "partner_intro": "An introduction to a partner who helps further.",
    "peer_event": "A meeting where customers teach each other.",
    "community": "A club, board or community of customers.",
}


def touchpoints() -> list[Touchpoint]:
    """Return the bundled catalogue, in the order of the stages."""
    return [_touchpoint(*line.split(maxsplit=4)) for line in _LINES.strip().splitlines()]


def _touchpoint(stage: str, name: str, importance: str, kinds: str, pattern: str) -> Touchpoint:
    return Touchpoint(
        id=name,
        stage=stage,
        doc=_DOCS[name],
        kinds=tuple(kinds.split(",")) if kinds != "-" else (),
        pattern=pattern if pattern != "-" else "",
        importance="should_have" if importance == "should_have" else "optional",
    )


def facts(catalogue: Sequence[Touchpoint]) -> list[Fact]:
    """Return, for each stage, how many touches show that the contact was reached there.

    Args:
        catalogue: Every touchpoint, the bundled ones and those of other plugins.
    """
    by_stage: dict[str, list[Touchpoint]] = {}
    for point in catalogue:
        by_stage.setdefault(f"touched_{point.stage}", []).append(point)
    lines = "\n".join(f"{name} int Touches of stage {name[8:]}." for name in by_stage)
    return listed(counted(by_stage), "activities touches", lines, fill=0) if by_stage else []


def counted(groups: Mapping[str, Sequence[Touchpoint]]) -> Build:
    """Return a build with one column a group: how many touches of its touchpoints there were.

    Single activities and the host's own sums may describe the same touches, so of the two the
    larger count is taken.
    """

    def build(tables: Tables, as_of: date) -> Frame:
        import narwhals.stable.v2 as nw

        day_end = nw.lit(end_of(as_of))
        happened = tables["activities"].filter(
            ~nw.col("contact_id").is_null() & (nw.col("at") < day_end)
        )
        subject = nw.col("subject").str.to_lowercase()
        single = happened.select(
            "contact_id",
            *(
                _times(nw.lit(1), _is_of(nw.col("kind"), subject, g)).alias(n)
                for n, g in groups.items()
            ),
        )
        host = tables["touches"].filter(~nw.col("contact_id").is_null())
        times = nw.col("count").fill_null(0)
        summed = host.select(
            "contact_id",
            *(_times(times, _is_of(nw.col("kind"), None, g)).alias(n) for n, g in groups.items()),
        )
        sums = [
            frame.group_by("contact_id").agg(count(name) for name in groups)
            for frame in (single, summed)
        ]
        return (
            nw.concat(sums, how="vertical")
            .group_by("contact_id")
            .agg(nw.col(name).max() for name in groups)
        )

    # The rules hash is made of names: another catalogue must have another one.
    points = [(p.id, p.stage, p.kinds, p.pattern) for group in groups.values() for p in group]
    build.__qualname__ = f"counted({points})"
    return build


def _times(number: nw.Expr, condition: nw.Expr) -> nw.Expr:
    import narwhals.stable.v2 as nw

    counts = nw.when(condition.fill_null(value=False)).then(number).otherwise(nw.lit(0))
    return counts.cast(nw.Int64)


def _is_of(kind: nw.Expr, subject: nw.Expr | None, group: Sequence[Touchpoint]) -> nw.Expr:
    """Return the condition that a touch is one of the touchpoints of *group*."""
    kinds = sorted({name for point in group for name in point.kinds})
    conditions = [kind.is_in(kinds).fill_null(value=False)]
    words = [word for point in group for word in point.pattern.lower().split("|") if word]
    if subject is not None and words:
        any_of = "|".join(_SPECIAL.sub(r"\\\g<0>", word) for word in words)
        conditions.append(subject.str.contains(any_of).fill_null(value=False))
    return reduce(lambda a, b: a | b, conditions)
