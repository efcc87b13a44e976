"""Limits by the portal's clock: ten seconds, one second for search, a day, and their headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from goodword_hubspot.fake import FREE, PUBLIC_APP, Account, Fake

Call = Callable[..., Any]
LIST = "/crm/v3/objects/contacts"
SEARCH = {"filterGroups": [], "properties": [], "sorts": [], "after": "0"}


def statuses(call: Call, count: int, path: str = LIST) -> list[int]:
    return [call("GET", path).status_code for _ in range(count)]


def test_the_burst_of_the_tier_is_all_a_rolling_ten_seconds_take(
    account: Account, clock: Any, call: Call
) -> None:
    account.tier = FREE
    assert set(statuses(call, 60)) == {200}
    clock.tick(5)
    assert set(statuses(call, 40)) == {200}
    answer = call("GET", LIST)
    assert (answer.status_code, answer.json()["policyName"]) == (429, "TEN_SECONDLY_ROLLING")
    assert answer.json()["errorType"] == "RATE_LIMIT"
    assert answer.headers["X-HubSpot-RateLimit-Remaining"] == "0"
    assert "Retry-After" not in answer.headers
    clock.tick(5)
    assert set(statuses(call, 60)) == {200}
    assert statuses(call, 1) == [429]


def test_search_takes_five_a_second_and_none_of_the_ten_seconds(clock: Any, call: Call) -> None:
    path = f"{LIST}/search"
    answers = [call("POST", path, json=SEARCH) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[5].json()["policyName"] == "SECONDLY"
    assert answers[0].headers["x-hubspot-rate-limit-exemptions"] == '["ten-secondly"]'
    assert not [name for name in answers[0].headers if name.startswith("X-HubSpot-RateLimit")]
    clock.tick(1)
    assert call("POST", path, json=SEARCH).status_code == 200
    left = call("GET", LIST).headers["X-HubSpot-RateLimit-Remaining"]
    assert left == "189"


def test_the_day_ends_at_midnight_of_the_account(fake: Fake, clock: Any, call: Call) -> None:
    fake.account.time_zone = "America/New_York"
    assert statuses(call, 1) == [200]
    fake.portal.limits.used_today = fake.account.tier.daily
    answer = call("GET", LIST)
    assert (answer.status_code, answer.json()["policyName"]) == (429, "DAILY")
    usage = "/account-info/v3/api-usage/daily/private-apps"
    assert call("GET", usage).status_code == 429
    clock.tick(13 * 3600)  # past midnight in London, not yet in New York
    assert statuses(call, 1) == [429]
    clock.tick(5 * 3600)
    (row,) = call("GET", usage).json()["results"]
    assert (row["currentUsage"], row["usageLimit"]) == (1, 625_000)


def test_headers_tell_what_is_left_except_the_day_to_public_apps(
    account: Account, call: Call
) -> None:
    headers = call("GET", LIST).headers
    assert headers["X-HubSpot-RateLimit-Max"] == "190"
    assert headers["X-HubSpot-RateLimit-Remaining"] == "189"
    assert headers["X-HubSpot-RateLimit-Interval-Milliseconds"] == "10000"
    assert headers["X-HubSpot-RateLimit-Daily-Remaining"] == "624999"
    account.tier = PUBLIC_APP
    assert "X-HubSpot-RateLimit-Daily" not in call("GET", LIST).headers


def test_association_calls_have_a_burst_of_their_own(clock: Any, call: Call) -> None:
    path = "/crm/v4/associations/tasks/contacts/batch/read"
    answers = [call("POST", path, json={"inputs": []}).status_code for _ in range(151)]
    assert (set(answers[:150]), answers[150]) == ({200}, 429)
    assert statuses(call, 1) == [200]
    clock.tick(10)
    assert call("POST", path, json={"inputs": []}).status_code == 200


def test_the_date_of_an_answer_goes_by_the_portals_clock(clock: Any, call: Call) -> None:
    assert call("GET", LIST).headers["Date"] == "Wed, 18 Nov 2026 11:06:40 GMT"
    clock.tick(60)
    assert call("GET", LIST).headers["Date"] == "Wed, 18 Nov 2026 11:07:40 GMT"
