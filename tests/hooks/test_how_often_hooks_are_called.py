"""Hooks are asked once a run, however many customers there are; a veto only of the shortlisted."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from plugin_house import House

from goodword import run
from goodword.model import CreateTask
from goodword.testing import MemoryConnector

COUNTING = """\
from pathlib import Path
from goodword import hookimpl

def noted(hook):
    with Path(__file__).with_suffix(".calls").open("a") as calls:
        calls.write(hook + "\\n")

@hookimpl
def goodword_touchpoints():
    noted("goodword_touchpoints")
    return []

@hookimpl
def goodword_facts():
    noted("goodword_facts")
    return []

@hookimpl
def goodword_ask_rules(c):
    noted("goodword_ask_rules")
    return []

@hookimpl
def goodword_plays(c):
    noted("goodword_plays")
    return []

@hookimpl
def goodword_champion_score(tables, facts, as_of):
    noted("goodword_champion_score")
    import narwhals.stable.v2 as nw
    nothing = nw.lit(None, dtype=nw.Int64)
    words = nw.lit(None, dtype=nw.String)
    return facts.select("contact_id", nothing.alias("clv"), nothing.alias("crv"),
        nothing.alias("p_refer"), nothing.alias("n"), words.alias("model"),
        words.alias("confidence"))

@hookimpl
def goodword_veto(candidate):
    noted("goodword_veto")

@hookimpl
def goodword_compose(candidate, play):
    noted("goodword_compose")
"""
ONCE = ("goodword_touchpoints", "goodword_facts", "goodword_ask_rules", "goodword_plays")


def many(folder: Path, delighted: int, calm: int) -> None:
    """Put so many customers on the host, the first of whom have just praised us."""
    people = [f"c{number:05}" for number in range(delighted + calm)]
    bought = date(2025, 11, 14)
    host = folder / "host.json"
    host.unlink()
    MemoryConnector(
        {
            "contacts": [
                {
                    "contact_id": who,
                    "name": f"Pat {who}",
                    "owner_id": "ana",
                    "status": "customer",
                    "consent": "yes",
                }
                for who in people
            ],
            "owners": [{"owner_id": "ana", "name": "Ana Lopez"}],
            "deals": [
                {"deal_id": f"d{who}", "status": "won", "amount_cents": 90_000, "closed_at": bought}
                for who in people
            ],
            "deal_contacts": [{"deal_id": f"d{who}", "contact_id": who} for who in people],
            "activities": [
                {
                    "activity_id": f"a{who}",
                    "contact_id": who,
                    "kind": "call",
                    "at": date(2026, 11, 2),
                }
                for who in people
            ],
            "feedback": [
                {
                    "feedback_id": f"f{who}",
                    "contact_id": who,
                    "kind": "nps",
                    "score": 10,
                    "at": date(2026, 11, 12),
                }
                for who in people[:delighted]
            ],
        },
        path=host,
    )


@pytest.mark.parametrize("calm", [40, 800])
def test_hooks_are_called_once_a_run_and_a_veto_for_those_about_to_be_asked(
    house: House, calm: int
) -> None:
    many(house.folder, 30, calm)
    house.install("counting", COUNTING)
    made = run.plan(house.firm())
    calls = (house.site / "goodword_counting.calls").read_text().split()
    called = Counter(calls)
    new = [action for action in made.actions if isinstance(action, CreateTask)]

    assert made.contacts == 30 + calm
    assert new
    assert {hook: called[hook] for hook in ONCE} == dict.fromkeys(ONCE, 1)
    assert called["goodword_champion_score"] == 1
    assert called["goodword_compose"] == len(new)
    assert len(new) <= called["goodword_veto"] <= len(new) + 1
