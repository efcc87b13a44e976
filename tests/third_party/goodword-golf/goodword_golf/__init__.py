"""Customers who play golf with us: a rest after each round, and a golf day for the regulars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from goodword import Fact, Play, Suppressor, hookimpl, last, total

if TYPE_CHECKING:
    from goodword import Facts


class GolfSettings(BaseModel):
    """``[plugin.golf]``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rest_days: int = Field(10, ge=0, description="Rest after a round, so that it stays a game.")
    regular_rounds: int = Field(3, ge=1, description="Rounds that make somebody a regular.")


@hookimpl
def goodword_settings() -> type[BaseModel]:
    """Return the settings of this plugin."""
    return GolfSettings


@hookimpl
def goodword_facts(settings: GolfSettings) -> list[Fact]:
    """Return how often and when last somebody played with us."""
    golf = "kind == 'golf'"
    rounds = total("activities", count="golf_rounds", by="at", where=golf)
    latest = last("activities", by="at", take={"golf_last_at": "at"}, where=golf)
    return [
        Fact("golf_rounds", "int", "Rounds with us so far.", rounds, ("activities",), fill=0),
        Fact("golf_last_at", "time", "Latest round with us.", latest, ("activities",)),
    ]


@hookimpl
def goodword_ask_rules(c: Facts, settings: GolfSettings) -> list[Suppressor]:
    """Return the rest after a round."""
    return [
        Suppressor(
            "golf_rest",
            since=c.golf_last_at,
            days=settings.rest_days,
            because="played golf with us on {golf_last_at}",
        )
    ]


@hookimpl
def goodword_plays(c: Facts, settings: GolfSettings) -> list[Play]:
    """Return the invitation to the golf day."""
    return [
        Play(
            "golf_day",
            doc="Regular players are invited to the golf day.",
            when=(c.golf_rounds >= settings.regular_rounds) & (c.consent != "no") & ~c.do_not_ask,
            every="year",
            because="has played {golf_rounds} rounds with us",
            due_days=4,
            tier=4,
        )
    ]
