"""Who sent whom: a forest whatever the claims say, and a reason for each claim set aside."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from goodword.graph import Forest, Link, Person, Windows, forest, plain_address

DAY = datetime(2026, 3, 1)


def later(days: int) -> datetime:
    return DAY + timedelta(days=days)


def chain(size: int) -> list[Link]:
    return [Link(f"r{n:03}", f"p{n:03}", f"p{n + 1:03}", later(n)) for n in range(size)]


def aside(found: Forest) -> dict[str, str]:
    return {item.link.id: item.reason for item in found.set_aside}


def test_the_first_claim_binds_and_later_ones_are_kept_as_evidence() -> None:
    found = forest([Link("b", "bo", "eve", later(2)), Link("a", "ada", "eve", later(1))])

    assert [(link.referrer, link.referred) for link in found.links] == [("ada", "eve")]
    assert aside(found) == {"b": "later"}


def test_nobody_sends_themselves_under_whatever_address() -> None:
    people = {
        "ada": Person("Ada+news@example.com", "+441"),
        "twin": Person("ada@example.com"),
        "phone": Person("other@example.org", "+441"),
    }
    claims = [Link("s", "ada", "ada"), Link("t", "ada", "twin"), Link("p", "ada", "phone")]

    assert aside(forest(claims, people)) == {
        "s": "self",
        "t": "same_person",
        "p": "same_person",
    }
    assert plain_address("no address") == ""


def test_somebody_who_was_a_customer_before_was_not_sent() -> None:
    people = {"old": Person(since=later(-1)), "new": Person(since=later(5))}
    claims = [Link("a", "ada", "old", DAY), Link("b", "ada", "new", DAY)]

    assert aside(forest(claims, people)) == {"a": "order"}
    assert aside(forest([Link("c", "new", "eve", DAY)], people)) == {"c": "order"}


def test_a_sale_more_than_a_year_later_is_not_the_referrals_doing() -> None:
    claims = [
        Link("slow", "ada", "bo", DAY, later(366)),
        Link("quick", "ada", "cy", DAY, later(365)),
    ]

    assert aside(forest(claims)) == {"slow": "late"}


def test_the_first_purchase_tells_where_the_crm_gives_no_date_of_winning() -> None:
    people = {"bo": Person(since=later(400)), "cy": Person(since=later(300))}
    claims = [Link("slow", "ada", "bo", DAY), Link("quick", "ada", "cy", DAY)]

    assert aside(forest(claims, people)) == {"slow": "late"}


def test_a_good_word_leads_to_a_meeting_within_ninety_days_and_a_click_within_thirty() -> None:
    claims = [
        Link("word", "ada", "bo", DAY, later(200), later(90)),
        Link("forgotten", "ada", "cy", DAY, later(200), later(91)),
        Link("click", "ada", "dan", DAY, later(200), later(30), "link"),
        Link("old click", "ada", "eve", DAY, later(40), None, "link"),
    ]

    assert aside(forest(claims)) == {"forgotten": "cold", "old click": "cold"}
    assert aside(forest(claims, windows=Windows(link=40, meeting=91))) == {}


def test_a_ring_is_cut_where_it_would_close() -> None:
    ring = [Link(f"r{n}", f"p{n}", f"p{(n + 1) % 3}", later(n)) for n in range(3)]

    assert aside(forest(ring)) == {"r2": "ring"}


def test_a_colleague_counts_and_is_looked_at() -> None:
    people = {"ada": Person("ada@firm.example"), "bo": Person("bo@firm.example")}
    public = {"ada": Person("ada@gmail.com"), "bo": Person("bo@gmail.com")}
    claim = [Link("a", "ada", "bo", DAY)]

    assert [flag.doubt for flag in forest(claim, people).review] == ["same_domain"]
    assert forest(claim, public).review == ()


def test_many_in_a_week_are_looked_at() -> None:
    claims = [Link(f"r{n}", "ada", f"p{n}", later(0)) for n in range(7)]

    assert [flag.link.id for flag in forest(claims).review] == ["r5", "r6"]


def test_a_chain_of_a_hundred_has_an_end() -> None:
    found = forest(chain(100))

    assert len(found.links) == 100
    assert len(forest([*chain(100), Link("back", "p100", "p000", later(101))]).links) == 100


claims = st.lists(
    st.builds(
        Link,
        st.integers(0, 999).map(str),
        st.integers(0, 8).map(str),
        st.integers(0, 8).map(str),
        st.none() | st.integers(0, 20).map(later),
        st.none() | st.integers(0, 900).map(later),
        st.none() | st.integers(0, 200).map(later),
        st.sampled_from(["", "link", "rep"]),
    ),
    unique_by=lambda link: link.id,
    max_size=40,
)


@given(claims, st.integers())
def test_whatever_is_claimed_a_forest_comes_out_in_one_way(links: list[Link], seed: int) -> None:
    people = {str(n): Person(f"p{n % 7}@firm{n % 3}.example", "", later(n)) for n in range(6)}
    found = forest(links, people)
    shuffled = list(links)
    Random(seed).shuffle(shuffled)  # noqa: S311 - an order, not a secret

    assert forest(shuffled, people) == found
    assert len(found.links) + len(found.set_aside) == len(links)
    parents = {link.referred: link.referrer for link in found.links}
    assert len(parents) == len(found.links)
    for person in parents:
        walked = [person]
        while walked[-1] in parents:
            walked.append(parents[walked[-1]])
            assert len(walked) <= len(parents) + 1
