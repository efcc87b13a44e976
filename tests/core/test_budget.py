"""The budget: nobody's week overflows, no customer is crowded, and the right ones come first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword import Candidate, Facts, Play, Trigger, Weight
from goodword.budget import Accepted, Load, Team, Waiting, walk
from goodword.decisions import Decisions
from goodword.engines.polars_engine import PolarsEngine
from goodword.policy import Caps
from goodword.shortlist import shortlist
from goodword.testing import fact_types_in
from goodword.testing.decisions import decided_frame

TODAY = date(2026, 11, 20)
KNOWN: dict[str, object] = {
    "contact_id": "c00",
    "name": "Someone",
    "owner_id": "o1",
    "account_id": "a1",
    "at": TODAY,
    "record": "r",
    "points": 1,
}
TYPES = fact_types_in([KNOWN])
C = Facts(TYPES)
MOMENT = Trigger("moment", since=C.at, record=C.record, because="a moment")
POINTS = Weight("points", points=C.points, because="points")
ASK = Play("ask", "Ask.", verdict="ask", asks=True)
HELLO = Play("hello", "Greet.", verdict="ask", tier=3)
THANKS = Play("thanks", "Thank.", verdict="ask", tier=0)
NOBODY = Team(frozenset(), frozenset(), {}, None)


def person(
    contact: str, points: int = 1, owner: str | None = "o1", account: str | None = None
) -> dict[str, object]:
    changes = {"contact_id": contact, "points": points, "owner_id": owner, "account_id": account}
    return KNOWN | changes


def served(
    people: Sequence[dict[str, object]],
    plays: Sequence[Play] = (ASK,),
    *,
    caps: Caps | None = None,
    load: Load | None = None,
    team: Team = NOBODY,
    veto: Callable[[Candidate], str | None] = lambda candidate: None,
) -> tuple[list[Accepted], list[Waiting]]:
    book, frame = decided_frame([MOMENT, POINTS, *plays], people, TODAY, types=TYPES)
    decisions = Decisions(frame)
    places = shortlist(decisions, book, {}, TODAY, "acct", lambda _: frozenset(), PolarsEngine())
    return walk(places, decisions, team, load or empty(), caps or Caps(), veto)


def empty() -> Load:
    return Load(Counter(), set(), set())


def who(accepted: Sequence[Accepted]) -> list[str]:
    return [item.place.contact_id for item in accepted]


def why(backlog: Sequence[Waiting]) -> dict[str, str]:
    return {item.contact_id: item.reason for item in backlog}


# ------------------------------------------------------------------ caps


@pytest.mark.promise("caps.rep", "caps.backlog")
def test_a_rep_gets_no_more_than_its_open_tasks_allow() -> None:
    people = [person(f"c{n}", points=n) for n in range(1, 8)]
    accepted, backlog = served(people, caps=Caps(rep_open_tasks=5))
    assert who(accepted) == ["c7", "c6", "c5", "c4", "c3"]
    assert why(backlog) == {"c2": "rep_full", "c1": "rep_full"}
    assert [item.priority for item in backlog] == [2, 1]


@pytest.mark.promise("caps.rep")
def test_tasks_that_are_open_already_count() -> None:
    load = Load(Counter({"o1": 4}), set(), set())
    accepted, _ = served([person("c1"), person("c2")], load=load)
    assert who(accepted) == ["c1"]


def test_each_rep_has_a_week_of_its_own() -> None:
    people = [person("c1"), person("c2"), person("c3", owner="o2"), person("c4", owner=None)]
    accepted, backlog = served(people, caps=Caps(rep_open_tasks=1))
    assert who(accepted) == ["c1", "c3", "c4"]
    assert why(backlog) == {"c2": "rep_full"}


@pytest.mark.promise("caps.firm")
def test_the_firm_may_limit_a_run() -> None:
    people = [person("c1"), person("c2", owner="o2")]
    accepted, backlog = served(people, caps=Caps(firm_tasks_per_run=1))
    assert (who(accepted), why(backlog)) == (["c1"], {"c2": "firm_full"})


# ------------------------------------------------------------------ customers


def test_a_contact_has_one_thing_open_at_a_time() -> None:
    accepted, backlog = served([person("c1")], [ASK, HELLO])
    assert [item.place.play.name for item in accepted] == ["ask"]
    assert [(item.play, item.reason) for item in backlog] == [("hello", "contact_busy")]
    busy = Load(Counter(), {"c1"}, set())
    assert why(served([person("c1")], load=busy)[1]) == {"c1": "contact_busy"}


def test_a_greeting_waits_for_a_thank_you_and_putting_right_does_not() -> None:
    right = Play("right", "Put right.", verdict="ask", tier=1)
    accepted, backlog = served([person("c1")], [THANKS, right])
    assert [item.place.play.name for item in accepted] == ["thanks", "right"]
    accepted, backlog = served([person("c1")], [THANKS, HELLO])
    assert [item.place.play.name for item in accepted] == ["thanks"]
    assert [(item.play, item.reason) for item in backlog] == [("hello", "contact_busy")]
    being_thanked = Load(Counter(), set(), set(), called={"c1"})
    assert why(served([person("c1")], [HELLO], load=being_thanked)[1]) == {"c1": "contact_busy"}


@pytest.mark.promise("caps.order")
def test_thank_yous_come_first_and_in_any_number() -> None:
    load = Load(Counter(), {"c1"}, set())
    accepted, _ = served([person("c1"), person("c2", points=9)], [ASK, THANKS], load=load)
    assert [(item.place.play.name, item.place.contact_id) for item in accepted] == [
        ("thanks", "c2"),
        ("thanks", "c1"),
        ("ask", "c2"),
    ]


@pytest.mark.promise("caps.account-turn")
def test_only_one_contact_of_an_account_is_asked_at_a_time() -> None:
    people = [person("c1", account="a1"), person("c2", points=5, account="a1")]
    accepted, backlog = served(people)
    assert (who(accepted), why(backlog)) == (["c2"], {"c1": "account_turn"})


@pytest.mark.promise("caps.account-turn")
def test_an_ask_open_at_the_account_holds_the_others_back_but_not_a_greeting() -> None:
    load = Load(Counter(), set(), {"a1"})
    accepted, backlog = served([person("c1", account="a1")], [ASK, HELLO], load=load)
    assert [item.place.play.name for item in accepted] == ["hello"]
    assert [(item.play, item.reason) for item in backlog] == [("ask", "account_turn")]


def test_people_without_an_account_do_not_wait_for_each_other() -> None:
    assert who(served([person("c1"), person("c2")])[0]) == ["c1", "c2"]


# ------------------------------------------------------------------ veto


def test_a_veto_passes_the_turn_to_the_next_contact_of_the_account() -> None:
    people = [person("c1", points=9, account="a1"), person("c2", account="a1")]
    accepted, backlog = served(
        people, veto=lambda candidate: "on_holiday" if candidate.contact_id == "c1" else None
    )
    assert (who(accepted), why(backlog)) == (["c2"], {"c1": "veto:on_holiday"})


def test_a_full_rep_passes_the_turn_of_the_account_too() -> None:
    people = [
        person("c1", points=9, owner="o1", account="a1"),
        person("c2", owner="o2", account="a1"),
    ]
    load = Load(Counter({"o1": 5}), set(), set())
    accepted, backlog = served(people, load=load)
    assert (who(accepted), why(backlog)) == (["c2"], {"c1": "rep_full"})


def test_a_veto_is_asked_only_for_those_there_is_room_for() -> None:
    heard: list[str] = []

    def veto(candidate: Candidate) -> str | None:
        heard.append(candidate.contact_id)
        return None

    served(
        [person(f"c{n}", points=n) for n in range(1, 10)], caps=Caps(rep_open_tasks=2), veto=veto
    )
    assert heard == ["c9", "c8"]


# ------------------------------------------------------------------ who gets it


@pytest.mark.parametrize(
    ("owner", "account", "assignee"),
    [
        ("here", "a1", "here"),
        ("unlisted", "a1", "unlisted"),
        ("gone", "a1", "boss"),
        (None, "a1", "boss"),
        ("gone", "a2", "fallback"),
        ("gone", "a3", "fallback"),
        (None, None, "fallback"),
    ],
)
@pytest.mark.promise("owner.inactive")
def test_a_task_goes_to_the_contacts_rep_else_the_accounts_else_the_fallback(
    owner: str | None, account: str | None, assignee: str
) -> None:
    team = Team(
        active=frozenset({"here", "boss"}),
        left=frozenset({"gone"}),
        account_owners={"a1": "boss", "a2": "gone"},
        fallback="fallback",
    )
    assert team.assignee(owner, account) == assignee


def test_the_candidate_knows_who_will_ask() -> None:
    team = Team(frozenset(), frozenset({"o1"}), {}, "boss")
    accepted, _ = served([person("c1")], team=team)
    assert accepted[0].candidate.owner_id == "boss"


# ------------------------------------------------------------------ always


PEOPLE = st.lists(
    st.tuples(
        st.integers(0, 5), st.sampled_from(["o1", "o2", None]), st.sampled_from(["a1", "a2", None])
    ),
    max_size=12,
)


@settings(max_examples=50)  # each example decides
@given(PEOPLE, st.integers(1, 3), st.none() | st.integers(1, 6), st.sets(st.integers(0, 11)))
@pytest.mark.promise("caps.rep", "caps.firm", "caps.account-turn", "caps.backlog", "caps.order")
def test_the_caps_hold_and_nobody_is_lost(
    people: list[tuple[int, str | None, str | None]],
    rep: int,
    firm: int | None,
    vetoed: set[int],
) -> None:
    rows = [person(f"c{n:02}", *values) for n, values in enumerate(people)]
    accepted, backlog = served(
        rows,
        [ASK, HELLO, THANKS],
        caps=Caps(rep_open_tasks=rep, firm_tasks_per_run=firm),
        veto=lambda candidate: "no" if int(candidate.contact_id[1:]) in vetoed else None,
    )
    assert len(accepted) + len(backlog) == 3 * len(people)
    assert max(Counter(item.candidate.owner_id for item in accepted).values(), default=0) <= rep
    assert firm is None or len(accepted) <= firm
    assert [c for c in who(accepted) if int(c[1:]) in vetoed] == []
    asked = [item for item in accepted if item.place.play.asks]
    accounts = Counter(item.candidate.account_id for item in asked if item.candidate.account_id)
    assert set(accounts.values()) <= {1}
    later = Counter(item.place.contact_id for item in accepted if item.place.play.tier > 0)
    assert set(later.values()) <= {1}
    assert [item.place.order for item in accepted] == sorted(item.place.order for item in accepted)
