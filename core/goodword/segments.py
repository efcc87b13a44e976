"""Who stands out: how many customers each segment holds, and three lists of people to know.

Champions buy and send others, affluents buy, advocates send, the rest do neither yet; published
field experiments gained most by giving each group what it lacks. Hidden champions bring more by
whom they send than by what they buy; potential champions buy, are happy and sent nobody yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from goodword.gather import completed, decided_frame
from goodword.model import Value
from goodword.standing import DETAIL, SEGMENTS
from goodword.working import open_ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from goodword.firm import Firm

MOST = 25
"""People shown in each list; the rest are counted."""
READ = (
    *("contact_id", "name", "segment", "clv", "crv", "p_refer", "score"),
    *("referrals_given", "good_sign_at", "recovery_state", "verdict", "next_ask"),
    DETAIL + "doubts",
)
Row = dict[str, Any]


class Person(Value):
    """Somebody on a list: worth in cents, chance to refer in permille, what is next, and doubts."""

    contact_id: str
    name: str
    clv: int
    crv: int
    p_refer: int
    verdict: str
    next_ask: date | None
    doubts: str


class Listed(Value):
    """The first people of a list, and how many it holds in all."""

    people: tuple[Person, ...]
    number: int


class Standouts(Value):
    """Customers by segment, in the order of ``SEGMENTS``, and the lists.

    ``scored`` counts everybody with a score; below ``needed`` there are no segments.
    """

    segments: Mapping[str, int]
    scored: int
    needed: int
    champions: Listed
    potential: Listed
    hidden: Listed
    doubtful: Listed


def standouts(firm: Firm) -> Standouts:
    """Return who stands out, as the latest plan decided it.

    Raises:
        PlanError: Nothing was pulled yet.
    """
    snapshot = firm.pulled()
    made = firm.state.load_plan()
    with open_ledger(firm) as ledger:
        tables = completed(firm, snapshot, ledger)
        frame, _ = decided_frame(firm, made, snapshot, tables, ledger)
    there = set(frame.collect_schema().names())
    found = firm.engine.collect(frame.select(*(name for name in READ if name in there)))
    blank = dict.fromkeys(READ)
    scored = [blank | row for row in found.iter_rows(named=True) if row["clv"] is not None]
    counts = Counter(row["segment"] for row in scored)
    return Standouts(
        segments={segment: counts[segment] for segment in SEGMENTS},
        scored=len(scored),
        needed=firm.settings.champions.segments_from,
        champions=_listed(filter(_is_champion, scored), _by_worth),
        potential=_listed(filter(_is_potential, scored), _by_chance),
        hidden=_listed(filter(_is_hidden, scored), _by_worth),
        doubtful=_listed((r for r in scored if r[DETAIL + "doubts"]), _by_worth),
    )


def _by_worth(row: Row) -> tuple[int, ...]:
    return (-int(row["crv"]), -int(row["clv"]))


def _by_chance(row: Row) -> tuple[int, ...]:
    return (-int(row["p_refer"]), -int(row["clv"]))


def _is_champion(row: Row) -> bool:
    return bool(row["segment"] == "Champion")


def _is_hidden(row: Row) -> bool:
    """Say whether somebody low as a customer is high by whom they send, and did send somebody."""
    return bool(row["segment"] == "Advocate" and row["referrals_given"])


def _is_potential(row: Row) -> bool:
    """Say whether somebody buys much, showed joy, is not in trouble, and sent nobody yet."""
    calm = row["recovery_state"] in (None, "clear", "proven") and row["verdict"] != "never"
    joy = row["good_sign_at"] is not None
    return bool(row["segment"] == "Affluent" and calm and joy and not row["referrals_given"])


def _listed(rows: Iterable[Row], order: Callable[[Row], tuple[int, ...]]) -> Listed:
    chosen = sorted(rows, key=lambda row: (order(row), str(row["contact_id"])))
    people = tuple(
        Person(
            contact_id=str(row["contact_id"]),
            name=str(row["name"] or row["contact_id"]),
            clv=int(row["clv"]),
            crv=int(row["crv"]),
            p_refer=int(row["p_refer"]),
            verdict=str(row["verdict"]),
            next_ask=row["next_ask"].date() if row["next_ask"] else None,
            doubts=str(row[DETAIL + "doubts"] or ""),
        )
        for row in chosen[:MOST]
    )
    return Listed(people=people, number=len(chosen))
