"""A greeting one year after the first purchase; nothing is asked."""

from __future__ import annotations

from goodword import Facts, Play, hookimpl


@hookimpl
def goodword_plays(c: Facts) -> list[Play]:
    days = c.days_since(c.first_purchase_at)
    return [
        Play(
            "anniversary",
            doc="A customer of one year is greeted.",
            when=(days >= 365) & (days < 379) & (c.consent != "no") & ~c.do_not_ask,
            record=c.first_deal_id,
            because="customer since {first_purchase_at}",
            words="quiet",
            due_days=5,
            tier=4,
        )
    ]
