"""An invented firm of any size in the canonical tables, the same for the same seed.

Shares follow what a service firm's CRM looks like: a long tail of small buyers, some complaints,
few referrals. Everything is made up; names are numbers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

TODAY = datetime(2026, 11, 20)
PER_OWNER = 500
"""Contacts looked after by one rep."""

Row = dict[str, object]


def tables(contacts: int, seed: int = 7) -> Iterator[tuple[str, list[Row]]]:
    """Yield ``(table, rows)`` pages for a firm of *contacts* people.

    About 4 deals, 10 activities (as touches and single ones), half a survey answer, a quarter of
    a referral and 0.4 past asks a contact.
    """
    rng = random.Random(seed)  # noqa: S311 - invented data, not a secret
    owners = max(1, contacts // PER_OWNER)
    yield (
        "owners",
        [{"owner_id": f"o{n}", "name": f"Rep {n}", "active": n % 20 != 19} for n in range(owners)],
    )
    yield (
        "accounts",
        [
            {"account_id": f"a{n}", "name": f"Company {n}", "owner_id": f"o{n % owners}"}
            for n in range(contacts // 2 + 1)
        ],
    )
    for start in range(0, contacts, 10_000):
        yield from _page(rng, start, min(start + 10_000, contacts), contacts, owners)


def _page(
    rng: random.Random, start: int, stop: int, contacts: int, owners: int
) -> Iterator[tuple[str, list[Row]]]:
    """Yield one page of people with all that happened to them."""
    pages: dict[str, list[Row]] = {name: [] for name in _PAGED}
    for n in range(start, stop):
        pages["contacts"].append(_contact(rng, n, contacts, owners))
        _deals(rng, n, pages)
        _touches(rng, n, pages)
        _signals(rng, n, contacts, pages)
    yield from pages.items()


_PAGED = (
    "contacts",
    "deals",
    "deal_contacts",
    "activities",
    "touches",
    "tickets",
    "feedback",
    "invoices",
    "referrals",
    "asks",
)


def _contact(rng: random.Random, n: int, contacts: int, owners: int) -> Row:
    return {
        "contact_id": f"c{n}",
        "name": f"Person {n}",
        "first_name": "Person",
        "email": f"person{n}@example.com",
        "account_id": f"a{rng.randrange(contacts // 2 + 1)}",
        "owner_id": f"o{n % owners}",
        "consent": "no" if rng.random() < 0.08 else "yes" if rng.random() < 0.5 else None,
        "created_at": TODAY - timedelta(days=rng.randrange(2000)),
    }


def _deals(rng: random.Random, n: int, pages: dict[str, list[Row]]) -> None:
    for number in range(min(40, int(rng.lognormvariate(0.9, 0.9)))):
        deal = f"d{n}-{number}"
        closed = TODAY - timedelta(days=rng.randrange(1500))
        pages["deals"].append(
            {
                "deal_id": deal,
                "status": "won" if rng.random() < 0.8 else "lost",
                "amount_cents": int(rng.lognormvariate(10, 1)),
                "created_at": closed - timedelta(days=20),
                "closed_at": closed,
            }
        )
        pages["deal_contacts"].append({"deal_id": deal, "contact_id": f"c{n}", "primary": True})


def _touches(rng: random.Random, n: int, pages: dict[str, list[Row]]) -> None:
    for kind in ("email", "call", "meeting"):
        count = rng.randrange(8)
        if count:
            last = TODAY - timedelta(days=rng.randrange(400))
            pages["touches"].append(
                {
                    "contact_id": f"c{n}",
                    "kind": kind,
                    "count": count,
                    "first_at": last - timedelta(days=300),
                    "last_at": last,
                }
            )
    if rng.random() < 0.5:
        pages["activities"].append(
            {
                "activity_id": f"v{n}",
                "contact_id": f"c{n}",
                "kind": rng.choice(("delivery", "call", "meeting", "gift", "milestone")),
                "at": TODAY - timedelta(days=rng.randrange(200)),
            }
        )


def _signals(rng: random.Random, n: int, contacts: int, pages: dict[str, list[Row]]) -> None:
    def recently(days: int) -> datetime:
        return TODAY - timedelta(days=rng.randrange(days))

    contact = f"c{n}"
    if rng.random() < 0.5:
        pages["feedback"].append(
            {
                "feedback_id": f"f{n}",
                "contact_id": contact,
                "kind": "nps",
                "score": rng.randrange(11),
                "at": recently(300),
            }
        )
    if rng.random() < 0.06:
        is_open = rng.random() < 0.5
        opened = recently(300)
        pages["tickets"].append(
            {
                "ticket_id": f"t{n}",
                "contact_id": contact,
                "kind": rng.choice(("ticket", "complaint")),
                "status": "open" if is_open else "closed",
                "opened_at": opened,
                "closed_at": None if is_open else opened + timedelta(days=3),
            }
        )
    if rng.random() < 0.03:
        pages["invoices"].append(
            {"invoice_id": f"i{n}", "contact_id": contact, "due_at": recently(60)}
        )
    if rng.random() < 0.26:
        pages["referrals"].append(
            {
                "referral_id": f"r{n}",
                "referrer_id": f"c{rng.randrange(contacts)}",
                "referred_id": contact,
                "status": rng.choice(("received", "met", "won", "lost")),
                "at": recently(900),
            }
        )
    if rng.random() < 0.4:
        asked = recently(500)
        pages["asks"].append(
            {
                "task_key": f"k{n}",
                "contact_id": contact,
                "owner_id": "o0",
                "play": "ask",
                "cycle": f"old{n}",
                "state": "done",
                "created_at": asked,
                "due_at": asked,
                "done_at": asked,
                "outcome": rng.choice(("yes", "no", "later", "no answer", None)),
            }
        )
