"""The firm the pages are about: one with every setting left at its default, and no other plugin."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from goodword.firm import Firm
from goodword.plugins import load_plugins
from goodword.policy import Policy
from goodword.rulebook import Rulebook
from goodword.settings import Settings

ROOT = Path(__file__).parents[2]
"""Top of the repository."""


@cache
def default_firm() -> Firm:
    """Return a firm with default settings; it has no folder and is never run."""
    firm = Firm(Path("a-firm"))
    firm.settings = Settings()
    firm.plugins = load_plugins((), Policy(), {}, {})
    return firm


def default_book() -> Rulebook:
    """Return the bundled rules."""
    return default_firm().book
