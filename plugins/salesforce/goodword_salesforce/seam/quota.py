"""The org's calls of 24 hours: what answers say of them, and the part left to other programs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from goodword_salesforce.seam.failures import OutOfCallsError

RESERVE = 0.1
"""Part of the daily calls that is never touched: the firm's other programs share them."""
_USAGE = re.compile(r"(?:^|[;,\s])api-usage=([0-9]{1,12})/([0-9]{1,12})(?![0-9])")
_WAIT = "What was sent is kept; a later run goes on from here, calls come back within 24 hours."


@dataclass(slots=True)
class Quota:
    """How many calls the org has left, as far as an answer said.

    Args:
        reserve: Part of the daily calls left alone, from 0 to 1.
        used: Calls of the last 24 hours by all programs; None until an answer names them.
        most: Calls the org may have in 24 hours.
    """

    reserve: float = RESERVE
    used: int | None = None
    most: int | None = None

    @property
    def spendable(self) -> int | None:
        """Calls that may still be made with the reserve left alone; None while unknown."""
        if self.used is None or self.most is None:
            return None
        return max(0, self.most - self.used - round(self.most * self.reserve))

    def learn(self, header: str) -> None:
        """Take over ``Sforce-Limit-Info``, such as ``api-usage=18/5000; per-app-…``."""
        found = _USAGE.search(header)
        if found and int(found[2]) > 0:
            self.used, self.most = int(found[1]), int(found[2])

    def need(self, calls: int) -> None:
        """Refuse what would need more calls than may be spent; says nothing while unknown.

        Raises:
            OutOfCallsError: The org's reserve would be touched.
        """
        left = self.spendable
        if left is not None and left < calls:
            msg = (
                f"Salesforce's calls of the day are nearly used up: {calls} needed, {left} left "
                f"before the {self.reserve:.0%} kept for the org's other programs."
            )
            raise OutOfCallsError(msg, hint=_WAIT)
