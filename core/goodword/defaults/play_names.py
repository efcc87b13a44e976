"""Names of the bundled plays that facts read back: which of our tasks meant what.

A renamed play stays in its tuple for ever, so that its old tasks keep their meaning.
"""

from __future__ import annotations

ASKS = ("ask",)
"""Bundled plays whose tasks ask for a referral; plays of plugins say so themselves."""
THANKS = ("thank_you",)
"""Plays whose tasks thank for a referral; their cycle is ``referral id:event``."""
WARM_UPS = ("warm_up", "quiet")
"""Plays whose tasks are a conversation that asks for nothing."""
RECOVERIES = ("recover",)
"""Plays whose tasks put something right."""
