"""The canonical tables: what every connector fills and every fact is computed from.

Ids are opaque strings of the host. Times are UTC-naive; a date-only value is that date at
midnight. Money is integer cents of the firm's home currency. A connector fills what it can: a
column it leaves out is null, a table it never mentions is *unavailable* (we then cannot check
what depends on it, and say so), which is different from a table that is there and empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

Frame: TypeAlias = "nw.LazyFrame[Any]"
"""A lazy table of whatever engine the firm runs on (Any: narwhals' own type of the native)."""

ColumnType = Literal["text", "int", "bool", "time"]
"""The four value types; ``int`` counts, cents and scores, ``time`` a UTC-naive instant."""

EXTRA_PREFIX = "extra."
"""Prefix of admin-mapped custom columns of ``contacts``, e.g. ``extra.tier``."""


@dataclass(frozen=True, slots=True)
class Column:
    """One typed column of a canonical table."""

    name: str
    type: ColumnType
    doc: str


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table; *key* names the columns that identify a row."""

    name: str
    doc: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def types(self) -> dict[str, ColumnType]:
        """Column name to type, in declared order."""
        return {column.name: column.type for column in self.columns}


def _columns(text: str) -> tuple[Column, ...]:
    """Read ``name type doc`` lines into columns."""
    rows = (line.split(maxsplit=2) for line in text.strip().splitlines())
    return tuple(Column(name, _type(kind), doc) for name, kind, doc in rows)


def _type(word: str) -> ColumnType:
    kinds: dict[str, ColumnType] = {"text": "text", "int": "int", "bool": "bool", "time": "time"}
    return kinds[word]


def _table(name: str, doc: str, columns: str, key: str) -> Table:
    return Table(name, doc, _columns(columns), tuple(key.split()))


_ALL = (
    _table(
        "contacts",
        "People the firm knows; one row a person.",
        """
        contact_id text The host's id of the person.
        name text Full name as the firm writes it.
        first_name text Name for a greeting.
        email text Primary e-mail, lower case.
        phone text Primary phone, E.164 where it could be read.
        account_id text Company or household the person belongs to.
        owner_id text Sales rep who looks after the person.
        kind text customer, partner, employee or other; null counts as customer.
        status text lead, customer or lost; null if the host does not say.
        consent text yes, no or unknown: may we contact this person about referrals.
        do_not_ask bool Our own field: a rep ticked "do not ask".
        left_company bool The person no longer works there.
        language text Two-letter language of the person, if known.
        city text Town, for the greeting and for specific asks.
        job_title text Role, a fact that may be mentioned.
        created_at time When the person entered the CRM.
        """,
        "contact_id",
    ),
    _table(
        "aliases",
        "Ids that were merged or converted into another contact.",
        """
        alias_id text The id that is no longer used.
        contact_id text The contact it stands for now.
        """,
        "alias_id",
    ),
    _table(
        "accounts",
        "Companies or households.",
        """
        account_id text The host's id.
        name text Name of the company.
        domain text Web or mail domain, lower case.
        owner_id text Account owner, used when a contact has no active owner.
        city text Town.
        industry text Branch of trade.
        target bool The firm would like to be introduced to this company.
        """,
        "account_id",
    ),
    _table(
        "owners",
        "Sales reps who can be given tasks.",
        """
        owner_id text The host's id of the rep.
        name text Name shown in reports.
        email text E-mail, lower case.
        active bool False once the rep has left; null counts as active.
        """,
        "owner_id",
    ),
    _table(
        "deals",
        "Sales: one row a deal, order or invoice, refunds as negative amounts.",
        """
        deal_id text The host's id.
        account_id text Company the deal belongs to.
        name text What was sold.
        kind text new, repeat, renewal or refund; null if the host does not say.
        status text open, won or lost.
        amount_cents int Amount in cents of the home currency.
        margin_cents int Gross margin in cents, where the host knows it.
        created_at time When the deal was opened.
        closed_at time When it was won or lost.
        """,
        "deal_id",
    ),
    _table(
        "deal_contacts",
        "Which people a deal is credited to.",
        """
        deal_id text The deal.
        contact_id text The person.
        primary bool The person who bought; without one, credit is shared equally.
        """,
        "deal_id contact_id",
    ),
    _table(
        "deal_rollups",
        "Sums of a person's purchases, where the host sums for us.",
        """
        contact_id text The person.
        purchase_days int Number of different days with a purchase.
        first_at time First purchase.
        last_at time Latest purchase.
        sum_cents int Sum of amounts in cents of the home currency.
        """,
        "contact_id",
    ),
    _table(
        "activities",
        "Things that happened with a person, each with its date.",
        """
        activity_id text The host's id.
        contact_id text The person.
        owner_id text The rep who did it.
        kind text call meeting email note visit event gift favour thank_you delivery milestone …
        at time When it happened.
        subject text Subject line or campaign name, matched by the touchpoint catalogue.
        direction text out or in, where the host knows it.
        """,
        "activity_id",
    ),
    _table(
        "touches",
        "How often each kind of touch happened, from activities or from the host's rollups.",
        """
        contact_id text The person.
        kind text Same words as activities.kind.
        count int Number of touches.
        first_at time First one.
        last_at time Latest one.
        """,
        "contact_id kind",
    ),
    _table(
        "tickets",
        "Support tickets, complaints and escalations.",
        """
        ticket_id text The host's id.
        contact_id text The person.
        kind text ticket, complaint or escalation.
        status text open or closed.
        opened_at time When it was raised.
        closed_at time When it was resolved.
        positive bool The person said the solution was good.
        """,
        "ticket_id",
    ),
    _table(
        "feedback",
        "Survey answers and reviews.",
        """
        feedback_id text The host's id.
        contact_id text The person.
        kind text nps (0–10), csat (1–5) or review (1–5).
        score int The answer on its scale.
        at time When it was given.
        """,
        "feedback_id",
    ),
    _table(
        "invoices",
        "Invoices that were sent; unpaid ones past their date hold back an ask.",
        """
        invoice_id text The host's id.
        contact_id text The person.
        amount_cents int Amount in cents of the home currency.
        due_at time When it falls due.
        paid_at time When it was paid; null while open.
        """,
        "invoice_id",
    ),
    _table(
        "referrals",
        "Who sent whom, with the date of each thing that came of it.",
        """
        referral_id text The host's id.
        referrer_id text The person who put in a good word.
        referred_id text The person who was referred, once a contact.
        referred_name text Name only, while the person has not agreed to be stored.
        status text received, met, won or lost.
        at time When the referral was received.
        met_at time First meeting.
        won_at time First purchase of the referred person.
        lost_at time When it came to nothing.
        came_anyway bool The person would have found us without the referral.
        source text Where the claim came from: field, form, rep, or link for a click on a link.
        """,
        "referral_id",
    ),
    _table(
        "asks",
        "Our own tasks read back from the host, with the rep's outcome.",
        """
        task_key text Our key of the task.
        remote_id text The host's id of the task.
        contact_id text The person it is about.
        owner_id text The rep who has it now.
        play text Which play made it.
        cycle text Id of what set it off.
        run_id text Run that wrote it, where the host keeps that; another machine's run stops ours.
        state text open, done, deleted, expired or withdrawn.
        edited bool The rep changed our words, or began to answer.
        created_at time When we wrote it.
        due_at time When it is due.
        done_at time When the rep completed it.
        outcome text yes, later, no, never, wrong person, unhappy or no answer.
        outcome_at time Date the rep gave to ask again; without an outcome it means "later".
        outcome_name text Name the rep gave with the outcome ("yes").
        channel text How the rep did it (call, email, meeting, card), where the host says.
        asking bool The task asks for a referral; goodword fills this in from its plays.
        """,
        "task_key",
    ),
    _table(
        "own_fields",
        "Our own fields as they stand on the host now.",
        """
        contact_id text The person.
        stage text Stage of the life cycle.
        segment text Champion, Affluent, Advocate or Nurture.
        score int 0–100.
        next_ask text ISO date of the next possible ask.
        why text One line: why, or why not.
        clv int Customer value, whole units of the home currency.
        crv int Referral value, whole units of the home currency.
        """,
        "contact_id",
    ),
)

WORDS: dict[str, dict[str, frozenset[str]]] = {
    "contacts": {
        "kind": frozenset({"customer", "partner", "employee", "other"}),
        "status": frozenset({"lead", "customer", "lost"}),
        "consent": frozenset({"yes", "no", "unknown"}),
    },
    "deals": {
        "kind": frozenset({"new", "repeat", "renewal", "refund"}),
        "status": frozenset({"open", "won", "lost"}),
    },
    "tickets": {
        "kind": frozenset({"ticket", "complaint", "escalation"}),
        "status": frozenset({"open", "closed"}),
    },
    "feedback": {"kind": frozenset({"nps", "csat", "review"})},
    "referrals": {"status": frozenset({"received", "met", "won", "lost"})},
    "asks": {"state": frozenset({"open", "done", "deleted", "expired", "withdrawn"})},
}
"""The columns of closed words, by table: a connector delivers one of them, or nothing."""

TABLES: dict[str, Table] = {table.name: table for table in _ALL}
"""Every canonical table by name."""
