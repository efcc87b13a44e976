"""Neighbours first; and nobody is asked in the town where we are short of staff."""

from __future__ import annotations

from goodword import Facts, Suppressor, Weight, hookimpl


@hookimpl
def goodword_ask_rules(c: Facts) -> list[Weight | Suppressor]:
    return [
        Weight("neighbour", c.when(c.city == "Leith", 25, otherwise=0), because="lives nearby"),
        Suppressor("no_staff", when=c.city == "Perth", because="we are short of staff in {city}"),
    ]
