"""The firm's own numbers: every constant of the default policy, each with its reason.

These are the sections ``[firm] [ask] [caps] [calendar] [champions] [rollout] [brakes] [notify]``
of ``goodword.toml``; the settings reference is generated from the descriptions below. Days are
calendar days, money is whole cents of the home currency. Reasons marked "convention" have no
published basis we could verify; the firm should tune them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from goodword.credentials import Credential
from goodword.model import Mode

MOST_DAYS = 36_500
"""Longest period a setting may name: a hundred years."""


class Section(BaseModel):
    """One section of ``goodword.toml``; unknown keys are refused with the nearest name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Firm(Section):
    """Who the firm is, as it speaks to its customers."""

    name: str = Field("", description="Name of the firm as customers know it.")
    caller: str = Field("", description="Who signs when a contact has no rep of its own.")
    fallback_owner: str = Field(
        "", description="Rep (the host's id) who gets the tasks of contacts nobody looks after."
    )
    language: str = Field("en", description="Language of the words, a folder below words/.")
    currency: str = Field(
        "USD",
        pattern="^[A-Z]{3}$",
        description="Home currency, three letters. Amounts in another are left out and counted.",
    )
    region: str = Field(
        "US",
        pattern="^[A-Z]{2}$",
        description="Country of phone numbers written without a country code, two letters.",
    )
    ways_to_refer: tuple[str, ...] = Field(
        (),
        description="The firm's real ways to refer (a link, a card, a number); shown in tasks.",
    )
    ideal_client: str = Field(
        "", description="Whom the firm helps best, in one phrase; makes an ask specific."
    )


class Ask(Section):
    """When a customer may be asked, and when not."""

    cooldown_days: int = Field(
        90,
        ge=1,
        le=MOST_DAYS,
        description="Rest after an ask without answer. Survey vendors throttle at 30-90 days.",
    )
    after_no_days: int = Field(
        180, ge=1, le=MOST_DAYS, description="Rest after a no. Convention: twice the rest."
    )
    after_later_days: int = Field(
        60,
        ge=1,
        le=MOST_DAYS,
        description="Rest after 'later' when the rep gave no date. Convention.",
    )
    asks_per_year: int = Field(
        4, ge=1, description="Most asks per contact in 365 days: one a quarter. Convention."
    )
    unanswered_in_a_row: int = Field(
        3, ge=1, description="Unanswered asks in a row after which we pause. Convention."
    )
    unanswered_pause_days: int = Field(
        365, ge=1, le=MOST_DAYS, description="Length of that pause. Convention."
    )
    survey_rest_days: int = Field(
        30,
        ge=0,
        le=MOST_DAYS,
        description="Rest after a survey answer, except for the moment that answer itself opens. "
        "Survey vendors recommend 30-60 days between contacts.",
    )
    tenure_days: int = Field(
        90,
        ge=0,
        le=MOST_DAYS,
        description="Youngest relationship asked, counted from the first purchase; delivery and "
        "milestone moments are exempt. B2B survey practice: three months.",
    )
    complaint_days: int = Field(
        60,
        ge=0,
        le=MOST_DAYS,
        description="Block after a complaint, unless recovery is proven first. Convention.",
    )
    detractor_days: int = Field(
        180,
        ge=0,
        le=MOST_DAYS,
        description="How long an unhappy answer blocks (NPS 0-6; satisfaction or review 1-2 of 5); "
        "a happy one of its kind lifts it. Convention.",
    )
    recovery_days: int = Field(
        14,
        ge=0,
        le=MOST_DAYS,
        description="A good sign this long after the fix proves recovery. Convention.",
    )
    favour_days: int = Field(
        14,
        ge=0,
        le=MOST_DAYS,
        description="Rest after a favour, gift or thank-you, so that an ask never feels like its "
        "price. Practice: never ask right after a favour; the days are convention.",
    )
    conversation_days: int = Field(
        45,
        ge=1,
        le=MOST_DAYS,
        description="A conversation at most this old comes before an ask, else we warm up first. "
        "Practice: conversation first; the days are convention.",
    )
    first_purchase_wait_days: int = Field(
        90,
        ge=0,
        le=MOST_DAYS,
        description="Wait after the first purchase. B2B survey practice: three months.",
    )
    moment_days: int = Field(
        30,
        ge=0,
        le=MOST_DAYS,
        description="How long a good moment lasts: a top score, work done, a milestone, a problem "
        "solved. Survey and referral practice asks right after; the days are convention.",
    )
    loyalty_days: int = Field(
        45,
        ge=0,
        le=MOST_DAYS,
        description="How long a renewal or repeat purchase is a reason to ask, after its wait. "
        "Convention.",
    )
    first_purchase_days: int = Field(
        60,
        ge=0,
        le=MOST_DAYS,
        description="How long the first purchase is a reason to ask, after its wait. Convention.",
    )
    delivery_wait_days: int = Field(
        0,
        ge=0,
        le=MOST_DAYS,
        description="Wait after work was done or goods came. Services: at once, with the results "
        "in sight. Goods: 7, as survey practice waits a week after delivery.",
    )
    repeat_wait_days: int = Field(
        14, ge=0, le=MOST_DAYS, description="Wait after a repeat purchase. Convention."
    )
    resolved_wait_days: int = Field(
        14, ge=0, le=MOST_DAYS, description="Wait after a well-resolved ticket. Convention."
    )
    require_consent: bool = Field(
        default=False,
        description="Ask only where consent is a recorded yes (unknown counts as no).",
    )
    quiet_after_days: int = Field(
        120,
        ge=1,
        le=MOST_DAYS,
        description="Silence after which a customer is greeted, without an ask. Convention.",
    )


class Caps(Section):
    """How much one person is asked to do, or is asked, at a time."""

    rep_open_tasks: int = Field(
        5, ge=1, description="Open tasks of ours per rep, of any play. Convention: a week's worth."
    )
    account_days: int = Field(
        30,
        ge=0,
        le=MOST_DAYS,
        description="One ask per account in this many days. Reference-programme practice.",
    )
    firm_tasks_per_run: int | None = Field(
        None,
        ge=1,
        description="Most new tasks in one run for the whole firm; empty means no limit.",
    )


class Calendar(Section):
    """When reps work."""

    time_zone: str = Field("UTC", description="Time zone of due dates, such as Europe/London.")
    holidays: tuple[date, ...] = Field((), description="Days without due tasks, as 2026-12-25.")
    expire_days: int = Field(
        30,
        ge=1,
        le=MOST_DAYS,
        description="An open task this long overdue is closed, without a cooldown.",
    )


class Champions(Section):
    """What a customer and a referral are worth."""

    margin_percent: int = Field(
        100,
        ge=1,
        le=100,
        description="Gross margin in percent of the amount where deals carry none. 100 ranks by "
        "revenue; it scales everyone alike.",
    )
    horizon_months: int = Field(
        12,
        ge=1,
        le=60,
        description="How far ahead a customer's purchases are counted. Published practice projects "
        "one year; further ahead the discount, and doubt, eat the rest.",
    )
    sells: Literal["orders", "contracts"] = Field(
        "orders",
        description="orders: customers buy when they like and leave without a word. contracts: "
        "they renew each period or end; all renewals to come are counted, discounted.",
    )
    contract_months: int = Field(
        12, ge=1, le=120, description="Length of a contract, where the firm sells contracts."
    )
    type_one_percent: int = Field(
        50,
        ge=0,
        le=100,
        description="Share of referred customers who would not have come anyway; published work on "
        "referral value finds the split roughly even.",
    )
    acquisition_saving_cents: int = Field(
        0, ge=0, description="Cost of winning a customer without a referral, in cents."
    )
    reward_cents: int = Field(0, ge=0, description="Reward paid per referred customer, in cents.")
    marketing_cents: int = Field(
        0, ge=0, description="Yearly cost of keeping a referred customer, in cents."
    )
    net_reward_on_type_two: bool = Field(
        default=True,
        description="Deduct the reward for customers who would have come anyway, too: it is paid.",
    )
    annual_discount_percent: int = Field(
        15,
        ge=0,
        description="Yearly discount rate; 15 is the rate of the published referral work. "
        "Contracts are counted with 1 at least: without one they may be worth any sum.",
    )
    prior_years: int = Field(
        1,
        ge=1,
        description="Years of average behaviour assumed before a customer's own. Convention.",
    )
    link_days: int = Field(
        30,
        ge=1,
        le=MOST_DAYS,
        description="A click on a referrer's link counts for this long, until the person is met or "
        "buys. Referral programmes give a click 30 days.",
    )
    meeting_days: int = Field(
        90,
        ge=1,
        le=MOST_DAYS,
        description="A good word counts when it led to a first meeting within this time. Referral "
        "programmes give three months.",
    )
    purchase_days: int = Field(
        365,
        ge=1,
        le=MOST_DAYS,
        description="A first purchase later than this is no longer a referral's doing. Published "
        "work on referral value credits a referral for about one year.",
    )
    segments_from: int = Field(
        20, ge=4, description="Fewest customers for a split into segments. Convention."
    )


class Rollout(Section):
    """How much goodword may write yet."""

    mode: Mode = Field(
        "shadow",
        description="shadow plans and writes nothing; pilot writes about the reps and contacts "
        "named below only; live writes about everybody. Look first, then trust.",
    )
    owners: tuple[str, ...] = Field(
        (), description="Reps (the host's ids) whose contacts take part in the pilot."
    )
    contacts: tuple[str, ...] = Field(
        (), description="Contacts (the host's ids) that take part in the pilot."
    )
    start_date: date | None = Field(
        None,
        description="Referrals and complaints older than this are evidence, never tasks. Empty: "
        "the day of the first run that wrote, so that nobody starts with a hundred overdue "
        "thank-yous.",
    )


class Brakes(Section):
    """When a run nobody watches leaves its plan for a person instead of writing it."""

    tasks: int = Field(50, ge=0, description="Most new tasks. Convention: ten reps' full weeks.")
    contacts: int = Field(500, ge=0, description="Most contacts changed. Convention.")
    shrink_percent: int = Field(
        20,
        ge=0,
        le=100,
        description="Largest loss of rows of any table since the last accepted run, in percent. "
        "A list that lost a fifth overnight was more likely filtered or half-exported.",
    )
    allow_blind: tuple[str, ...] = Field(
        (),
        description="Tables that used to come and may be missing now, such as tickets. Until a "
        "lost table stands here, nobody is asked whom its rules might have protected.",
    )


class Notify(Section):
    """Who hears how a run went; never a name or any other detail of a customer."""

    on: Literal["failure", "always"] = Field(
        "failure",
        description="failure: only when a run failed, stopped, or left something unwritten.",
    )
    command: tuple[str, ...] = Field(
        (),
        description="Program and arguments, started without a shell; it reads one JSON object on "
        "its standard input.",
    )
    url: Credential | None = Field(
        None,
        description='Webhook that gets the same JSON object by POST, as { env = "NAME" }, '
        '{ file = "path" } or { command = ["program", "argument"] }: it is a secret.',
    )


class Policy(Section):
    """All sections a default rule may read."""

    firm: Firm = Firm()
    ask: Ask = Ask()
    caps: Caps = Caps()
    calendar: Calendar = Calendar()
    champions: Champions = Champions()
    notify: Notify = Notify()
    folder: Path = Path()
    """The firm's folder, where relative files and commands of the settings start."""
