"""The bundled facts, one file a topic: everything the default rules, words and scores read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from goodword import Fact, Policy, Touchpoint


def facts(settings: Policy, catalogue: Sequence[Touchpoint]) -> list[Fact]:
    """Return every bundled fact; touches are counted over the whole touchpoint *catalogue*."""
    from goodword.defaults import touchpoints
    from goodword.defaults.facts import (
        account,
        asks,
        buying,
        feedback,
        person,
        recovery,
        referrals,
        relationship,
        service,
        targets,
    )

    return [
        *person.facts(),
        *buying.facts(settings),
        *feedback.facts(),
        *service.facts(),
        *recovery.facts(settings),
        *relationship.facts(),
        *asks.facts(settings),
        *account.facts(),
        *referrals.facts(),
        *targets.facts(),
        *touchpoints.facts(catalogue),
    ]
