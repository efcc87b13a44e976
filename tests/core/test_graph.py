"""The referral graph stays a forest, whatever is claimed."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.graph import Forest, Link, forest, generations, network_value


def link(referrer: str, referred: str, day: int | None = 1, name: str = "") -> Link:
    at = None if day is None else datetime(2026, 1, day)
    return Link(name or f"{referrer}{referred}{day}", referrer, referred, at)


def pairs(trees: Forest) -> list[tuple[str, str]]:
    return [(kept.referrer, kept.referred) for kept in trees.links]


def reasons(trees: Forest) -> list[str]:
    return [item.reason for item in trees.set_aside]


def test_the_earliest_referrer_wins_and_later_claims_are_kept_as_evidence() -> None:
    trees = forest([link("bo", "cy", 9), link("ada", "cy", 3)])

    assert pairs(trees) == [("ada", "cy")]
    assert reasons(trees) == ["later"]


def test_a_claim_without_a_date_comes_after_all_others() -> None:
    assert pairs(forest([link("bo", "cy", None), link("ada", "cy", 30)])) == [("ada", "cy")]


def test_nobody_refers_themselves() -> None:
    assert reasons(forest([link("ada", "ada")])) == ["self"]


def test_two_who_refer_each_other_leave_the_earlier_link() -> None:
    trees = forest([link("ada", "bo", 2), link("bo", "ada", 3)])

    assert pairs(trees) == [("ada", "bo")]
    assert reasons(trees) == ["ring"]


def test_a_long_ring_is_cut_at_its_latest_link() -> None:
    trees = forest([link("a", "b", 1), link("b", "c", 2), link("c", "a", 3)])

    assert pairs(trees) == [("a", "b"), ("b", "c")]


def test_generations_hold_whom_they_sent_and_whom_those_sent() -> None:
    trees = forest([link("a", "b", 1), link("a", "c", 2), link("c", "d", 3)])

    assert trees.roots == ["a"]
    assert generations(trees, "a") == [["b", "c"], ["d"]]
    assert generations(trees, "d") == []


def test_network_value_fades_with_each_generation_and_stops() -> None:
    chain = forest([link("a", "b", 1), link("b", "c", 2), link("c", "d", 3), link("d", "e", 4)])
    direct = dict.fromkeys("abcde", 100.0)

    assert network_value(chain, direct, "a") == pytest.approx(100 + 50 + 25 + 12.5)
    assert network_value(chain, {}, "a") == 0


people = st.sampled_from("abcdef")
claims = st.lists(
    st.builds(link, people, people, st.none() | st.integers(1, 28), st.uuids().map(str)),
    max_size=30,
)


@given(claims, st.randoms())
def test_any_claims_in_any_order_give_one_and_the_same_forest(
    links: list[Link], order: random.Random
) -> None:
    trees = forest(links)
    shuffled = order.sample(links, len(links))

    assert forest(shuffled) == trees
    assert len(trees.links) + len(trees.set_aside) == len(links)
    referred = [kept.referred for kept in trees.links]
    assert len(referred) == len(set(referred))
    below = [generations(trees, root) for root in trees.roots]
    assert sum(len(level) for levels in below for level in levels) == len(trees.links)
