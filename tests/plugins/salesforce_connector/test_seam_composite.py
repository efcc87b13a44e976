"""Many calls in one, and queries with all their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import RetryableError, UsageError
from goodword_salesforce.seam.client import Means
from goodword_salesforce.seam.composite import HEAVY_PARTS, PARTS, Ask, packs, send_all
from goodword_salesforce.seam.failures import RefusedError
from goodword_salesforce.seam.kinds import Kind
from goodword_salesforce.seam.query import (
    Wanted,
    departed,
    each_group,
    each_page,
    each_page_of,
)
from goodword_salesforce.seam.soql import Term, equal, one_of, select

ROOT = "/services/data/v66.0/"
CONTACTS = select("Contact", "Id", "Name", "Account.Name")


def light(number: int = 0) -> Ask:
    return Ask("GET", f"sobjects/Thing{number}/describe")


def heavy(number: int = 0, kind: Kind = Kind.READ) -> Ask:
    return Ask("GET", f"query?q={number}", heavy=True, kind=kind)


def each_part(stub: Any, answer: Callable[[dict[str, Any]], tuple[int, Any]]) -> None:
    """Let the server answer a composite call part by part."""

    def script(call: Any) -> Any:
        parts = []
        for part in call.json["compositeRequest"]:
            status, body = answer(part)
            parts.append(
                {
                    "httpStatusCode": status,
                    "body": body,
                    "httpHeaders": {"ETag": part["url"]},
                    "referenceId": part["referenceId"],
                }
            )
        return stub.said(200, {"compositeResponse": parts})

    stub.script = script


def sizes(stub: Any) -> list[int]:
    return [len(call.json["compositeRequest"]) for call in stub.data]


@given(st.lists(st.booleans(), max_size=120))
def test_calls_travel_in_as_few_as_can_be(kinds: list[bool]) -> None:
    asks = [heavy() if is_heavy else light() for is_heavy in kinds]
    found = list(packs(asks))
    assert sorted(place for pack in found for place in pack) == list(range(len(asks)))
    for pack in found:
        assert len(pack) <= PARTS
        assert sum(asks[place].heavy for place in pack) <= HEAVY_PARTS
    queries = sum(kinds)
    assert len(found) == max(-(-queries // HEAVY_PARTS), -(-len(kinds) // PARTS))


def test_answers_come_back_in_order_and_one_that_failed_spoils_no_other(
    org: Any, stub: Any
) -> None:
    def answer(part: Any) -> tuple[int, Any]:
        if "Thing3" in part["url"]:
            return 404, [{"errorCode": "NOT_FOUND", "message": "gone"}]
        return 200, {"name": part["url"]}

    each_part(stub, answer)
    answers = send_all(org, [light(number) for number in range(30)])
    assert sizes(stub) == [25, 5]
    assert [each.ok for each in answers] == [number != 3 for number in range(30)]
    assert answers[29].given()["name"] == f"{ROOT}sobjects/Thing29/describe"
    with pytest.raises(RefusedError, match="NOT_FOUND"):
        answers[3].given()


def test_nothing_to_ask_asks_nothing(org: Any, stub: Any) -> None:
    assert send_all(org, []) == []
    assert not stub.calls


def test_what_did_not_change_is_told_from_what_failed(org: Any, stub: Any) -> None:
    each_part(stub, lambda _: (304, None))
    answer = send_all(org, [Ask("GET", "x", headers={"If-Modified-Since": "yesterday"})])[0]
    assert (answer.status, answer.ok) == (304, False)
    sent = stub.data[0].json["compositeRequest"][0]
    assert sent["httpHeaders"] == {"If-Modified-Since": "yesterday"}


@pytest.mark.promise("salesforce.owners")
def test_every_write_inside_a_call_carries_its_own_headers(org: Any, stub: Any) -> None:
    each_part(stub, lambda _: (200, {}))
    asks = [Ask("PATCH", "sobjects/Lead/00Q", {"Title": "x"}, Kind.REPEATABLE), light()]
    send_all(org, asks)
    write, read = stub.data[0].json["compositeRequest"]
    assert write["httpHeaders"]["Sforce-Auto-Assign"] == "FALSE"
    assert write["httpHeaders"]["Sforce-Duplicate-Rule-Header"] == "allowSave=true"
    assert "httpHeaders" not in read


def test_a_call_that_takes_too_long_is_halved(org: Any, stub: Any) -> None:
    def script(call: Any) -> Any:
        parts = call.json["compositeRequest"]
        if len(parts) > 2:
            return stub.refused(504, "QUERY_TIMEOUT")
        found = [
            {"httpStatusCode": 200, "body": part["url"], "referenceId": part["referenceId"]}
            for part in parts
        ]
        return stub.said(200, {"compositeResponse": found})

    stub.script = script
    answers = send_all(org, [heavy(number) for number in range(5)])
    assert sizes(stub) == [5, 2, 3, 1, 2]
    assert [each.data for each in answers] == [f"{ROOT}query?q={number}" for number in range(5)]


def test_a_call_that_stalls_is_halved_too(opened: Any, stub: Any) -> None:
    org = opened(means=Means(timeout=0.2))
    stub.says(
        stub.said(-1),
        *[stub.said(200, {"compositeResponse": [{"httpStatusCode": 200, "referenceId": "part0"}]})],
    )
    assert len(send_all(org, [heavy(1), heavy(2)])) == 2
    assert sizes(stub) == [2, 1, 1]


def test_creates_that_were_not_answered_are_not_sent_again_in_halves(org: Any, stub: Any) -> None:
    stub.says(stub.refused(504, "QUERY_TIMEOUT"))
    create = Ask("POST", "composite/sobjects", {}, Kind.CREATE, heavy=True)
    with pytest.raises(RetryableError):
        send_all(org, [create, create])
    assert sizes(stub) == [2]


def test_a_part_that_met_a_busy_org_is_sent_again_alone(org: Any, stub: Any, clock: Any) -> None:
    busy = [True]

    def answer(part: Any) -> tuple[int, Any]:
        if part["url"].endswith("q=1") and busy and busy.pop():
            return 503, [{"errorCode": "SERVER_UNAVAILABLE", "message": ""}]
        return 200, part["url"]

    each_part(stub, answer)
    answers = send_all(org, [heavy(number) for number in range(3)])
    assert sizes(stub) == [3, 1]
    assert all(each.ok for each in answers)
    assert clock.waited == [0.5]


def test_a_write_in_a_call_of_many_is_refused_to_who_may_only_read(opened: Any, stub: Any) -> None:
    org = opened(read_only=True)
    with pytest.raises(UsageError):
        send_all(org, [light(), heavy(kind=Kind.REPEATABLE)])
    assert not stub.calls


def test_an_answer_that_lacks_a_part_is_not_taken(org: Any, stub: Any) -> None:
    stub.says(stub.said(200, {"compositeResponse": []}))
    with pytest.raises(RetryableError, match="is not as Salesforce's API gives it"):
        send_all(org, [light()])


def a_page(stub: Any, names: list[str], after: str = "") -> Any:
    records = [
        {"attributes": {"type": "Contact"}, "Id": name, "Name": name, "Account": {"Name": "Acme"}}
        for name in names
    ]
    body: dict[str, Any] = {"records": records, "done": not after, "totalSize": 3}
    return stub.said(200, body | ({"nextRecordsUrl": f"{ROOT}query/{after}"} if after else {}))


def test_a_session_that_ends_between_two_pages_loses_no_page(org: Any, stub: Any) -> None:
    stub.says(
        a_page(stub, ["a", "b"], "01gA-2"),
        stub.refused(401, "INVALID_SESSION_ID"),
        a_page(stub, ["c"]),
    )
    rows = [row for page in each_page(org, Wanted(CONTACTS)) for row in page]
    assert [row["Id"] for row in rows] == ["a", "b", "c"]
    assert rows[0] == {"Id": "a", "Name": "a", "Account.Name": "Acme"}
    assert stub.data[0].query == {"q": CONTACTS.text}
    assert [call.token for call in stub.data] == ["token-1", "token-1", "token-2"]


def test_deleted_and_archived_rows_are_asked_for_by_name(org: Any, stub: Any) -> None:
    stub.says(a_page(stub, []))
    assert list(each_page(org, Wanted(CONTACTS, gone_too=True))) == [()]
    assert stub.data[0].path == f"{ROOT}queryAll"


def test_a_long_query_travels_in_a_body(org: Any, stub: Any) -> None:
    ids = [f"003{number:015}" for number in range(400)]
    query = CONTACTS.where(one_of("Id", ids))
    each_part(stub, lambda _: (200, {"records": [], "done": True}))
    assert list(each_page(org, Wanted(query))) == [()]
    call = stub.data[0]
    assert call.path == f"{ROOT}composite"
    url = call.json["compositeRequest"][0]["url"]
    assert parse_qs(urlsplit(url).query)["q"] == [query.text]


@pytest.mark.parametrize("text", ["O'Neil", "back\\slash", "two\nlines", "Zoë 🎉", "100% & more+#"])
def test_a_text_with_any_sign_arrives_whole(org: Any, stub: Any, text: str) -> None:
    query = CONTACTS.where(equal("Name", text))
    stub.says(a_page(stub, []))
    list(each_page(org, Wanted(query)))
    assert stub.data[0].query["q"] == query.text
    each_part(stub, lambda _: (200, {"records": [], "done": True}))
    list(each_page_of(org, [Wanted(query)]))
    url = stub.data[1].json["compositeRequest"][0]["url"]
    assert unquote(url.partition("q=")[2]) == query.text
    assert list(org.transport.telemetry.queries) == [query.text] * 2


def test_the_pages_of_many_queries_travel_together(org: Any, stub: Any) -> None:
    def answer(part: Any) -> tuple[int, Any]:
        url = part["url"].removeprefix(ROOT)
        if url.startswith("query/"):
            return 200, {"records": [{"Id": url}], "done": True}
        more = {"done": False, "nextRecordsUrl": f"{ROOT}query/01g{len(url)}-1"}
        end = {"done": True}
        return 200, {"records": [{"Id": "first"}], **(more if "Contact" in url else end)}

    each_part(stub, answer)
    wanted = [Wanted(select(of, "Id")) for of in ("Contact", "Account", "Contact", "User")]
    pages = [(place, [row["Id"] for row in rows]) for place, rows in each_page_of(org, wanted)]
    assert [place for place, _ in pages] == [0, 1, 2, 3, 0, 2]
    assert sizes(stub) == [4, 2]


def test_groups_are_paged_by_their_key_until_a_page_is_not_full(org: Any, stub: Any) -> None:
    keys = [f"003{number:012}AAA" for number in range(4_500)]

    def script(call: Any) -> Any:
        text = call.query["q"]
        last = text.partition("ContactId > '")[2].partition("'")[0]
        found = [key for key in keys if key > last][:2_000]
        records = [{"ContactId": key, "won": 1.5} for key in found]
        return stub.said(200, {"records": records, "done": True, "totalSize": len(records)})

    stub.script = script
    query = select("OpportunityContactRole", "ContactId", Term("SUM", "Opportunity.Amount", "won"))
    pages = list(each_group(org, query.group_by("ContactId"), "ContactId"))
    assert [len(page) for page in pages] == [2_000, 2_000, 500]
    assert [row["ContactId"] for page in pages for row in page] == keys
    assert len(stub.data) == 3


def test_deleted_roles_are_named_with_how_far_back_is_known(org: Any, stub: Any) -> None:
    body = {
        "deletedRecords": [
            {"id": "00K5g00000AbCdE", "deletedDate": "2026-11-20T10:00:00.000+0000"}
        ],
        "earliestDateAvailable": "2026-11-07T09:00:00.000+0000",
        "latestDateCovered": "2026-11-22T09:59:00.000+0000",
    }
    each_part(stub, lambda _: (200, body))
    start, end = datetime(2026, 11, 20), datetime(2026, 11, 22, 10)
    found = departed(org, "OpportunityContactRole", start, end)
    assert [len(each) for each in found.ids] == [18]
    assert found.earliest == datetime(2026, 11, 7, 9)
    url = stub.data[0].json["compositeRequest"][0]["url"]
    assert parse_qs(urlsplit(url).query) == {
        "start": ["2026-11-20T00:00:00+00:00"],
        "end": ["2026-11-22T10:00:00+00:00"],
    }
