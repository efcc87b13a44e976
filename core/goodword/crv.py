"""What a customer is worth by whom they send: referral value after Kumar, Petersen and Leone.

A type-one referral would not have joined otherwise: it counts with its margin, less marketing and
reward, plus the acquisition cost saved. A type-two referral would have joined anyway: only the
saving counts. Formula as given in Journal of Marketing 74(5), 2010 (read in a secondary source):

    sum over periods t of  (A - a - M + ACQ1) / (1 + r)^t   for each type-one referral
                         + ACQ2 / (1 + r)^t                 for each type-two referral

with A margin, a reward, M marketing cost, ACQ acquisition cost saved, r the rate per period. Plain
numbers of any one unit; nothing here rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, Self, TypeVar

PRIOR_ASKS = 10
"""Asks assumed before a customer's own (convention)."""

PRIOR_REFERRALS = 5
"""Referrals of the usual worth assumed before a customer's own (convention): one good one alone
says little about the next."""

PERIODS_A_YEAR = 2
"""The published work counts in half-years; referrals are credited for about one year."""


class Number(Protocol):
    """A number, or a whole column of them: the formulas below suit both."""

    def __add__(self, other: Self | float, /) -> Self:
        """Return the sum."""
        ...

    def __mul__(self, other: Self | float, /) -> Self:
        """Return the product."""
        ...

    def __truediv__(self, other: Self | float, /) -> Self:
        """Return the quotient."""
        ...


N = TypeVar("N", bound=Number)


def rate_per_period(annual_percent: float, periods: int = PERIODS_A_YEAR) -> float:
    """Return the rate per period that compounds to *annual_percent* a year (15 -> 0.07238)."""
    return float((1 + annual_percent / 100) ** (1 / periods)) - 1


def type_one(
    margins: Sequence[float], *, marketing: float, reward: float, saving: float, rate: float
) -> float:
    """Return the present value of a referral that would not have joined otherwise.

    Args:
        margins: Gross margin of each period.
        marketing: Cost of keeping the customer, per period.
        reward: Paid to the referrer in the first period.
        saving: Acquisition cost saved in the first period.
        rate: Discount rate per period.
    """
    flows = [margin - marketing for margin in margins]
    kept = sum(flow / (1 + rate) ** t for t, flow in enumerate(flows, start=1))
    return kept + (saving - reward) / (1 + rate)


def type_two(
    *, reward: float, saving: float, rate: float, net_reward_on_type_two: bool = True
) -> float:
    """Return the present value of a referral that would have joined anyway.

    The published formula leaves out the reward that was paid all the same; by default it is taken
    off, because a paid reward is a cost. Without a reward both are equal.
    """
    paid = reward if net_reward_on_type_two else 0.0
    return (saving - paid) / (1 + rate)


def expected_value(p_type_one: N, one: N, two: N) -> N:
    """Return the value of a referral whose type is unknown: the mix of both."""
    return one * p_type_one + two * (p_type_one * -1.0 + 1.0)


def share_of_type_one(prior: float, anyway: N, otherwise: N) -> N:
    """Return the share of referrals that would not have come anyway.

    Args:
        prior: Share assumed before any answer; it weighs as much as two answers.
        anyway: Answers "would have come anyway".
        otherwise: Answers "would not have come".
    """
    return (otherwise + 2.0 * prior) / (anyway + otherwise + 2.0)


def referral_rate(referrals: N, years: N, mean: N, prior_years: float) -> N:
    """Return the referrals a year to expect: own record, shrunken towards the firm's *mean*."""
    return (referrals + mean * prior_years) / (years + prior_years)


def value_of_one(brought: N, referrals: N, usual: N) -> N:
    """Return what one more referral of theirs is worth: their own so far, pulled to the *usual*."""
    return (brought + usual * float(PRIOR_REFERRALS)) / (referrals + float(PRIOR_REFERRALS))


def acceptance(yes: N, asks: N, prior: N) -> N:
    """Return the chance that the next ask brings a referral: (yes + 10 prior) / (asks + 10)."""
    return (yes + prior * float(PRIOR_ASKS)) / (asks + float(PRIOR_ASKS))
