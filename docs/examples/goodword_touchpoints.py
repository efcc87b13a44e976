"""An open day every spring: whoever came has learned to trust us."""

from __future__ import annotations

from goodword import Touchpoint, hookimpl


@hookimpl
def goodword_touchpoints() -> list[Touchpoint]:
    return [Touchpoint("open_day", stage="trust", doc="Our open day.", pattern="open day")]
