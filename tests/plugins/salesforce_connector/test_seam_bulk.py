"""Large jobs: every sign arrives, every page is read, a session may end anywhere."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import RecordError, RetryableError
from goodword_salesforce.seam.bulk import read
from goodword_salesforce.seam.csv_text import decoded
from goodword_salesforce.seam.query import Wanted
from goodword_salesforce.seam.soql import Term, select

JOB = "7505g00000AbCdEAAV"
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@pytest.mark.promise("salesforce.large-jobs", "salesforce.sessions")
def test_a_large_query_is_read_page_by_page(org: Any, stub: Any) -> None:
    sheets = {
        "": ('"Id","Account.Name"\n"1","A\nB"\n', "abc"),
        "abc": ('"Id","Account.Name"\n"2",""\n', "null"),
    }
    ended = []

    def script(call: Any) -> Any:
        if call.method == "POST":
            return stub.said(200, {"id": JOB})
        if not call.path.endswith("results"):
            return stub.said(200, {"state": "JobComplete"})
        locator = call.query.get("locator", "")
        if locator and not ended:
            ended.append(call)
            return stub.refused(401, "INVALID_SESSION_ID")
        text, after = sheets[locator]
        return stub.said(200, text, Sforce_Locator=after)

    stub.script = script
    query = select("Contact", "Id", "Account.Name")
    pages = list(read(org, Wanted(query, gone_too=True)))
    assert pages == [({"Id": "1", "Account.Name": "A\nB"},), ({"Id": "2"},)]
    assert stub.data[0].json == {"operation": "queryAll", "query": query.text}
    assert list(org.transport.telemetry.queries) == [query.text]


def test_sums_are_never_asked_of_a_large_job(org: Any, stub: Any) -> None:
    for query in (
        select("Contact", Term("COUNT", "Id", "n")),
        select("Contact", "AccountId").group_by("AccountId"),
    ):
        with pytest.raises(ValueError, match="group or sum"):
            list(read(org, Wanted(query)))
    assert not stub.calls


@pytest.mark.parametrize("state", ["Failed", "Aborted"])
def test_a_job_that_fails_is_said(org: Any, stub: Any, state: str) -> None:
    stub.script = lambda _: stub.said(200, {"id": JOB, "state": state})
    with pytest.raises(RecordError, match=state) as caught:
        list(read(org, Wanted(select("Contact", "Id"))))
    assert "Bulk Data Load Jobs" in caught.value.hint


def test_a_job_that_never_ends_is_left_to_the_next_run(org: Any, stub: Any, clock: Any) -> None:
    stub.script = lambda _: stub.said(200, {"id": JOB, "state": "InProgress"})
    with pytest.raises(RetryableError, match="60 minutes"):
        list(read(org, Wanted(select("Contact", "Id"))))
    assert max(clock.waited) == 30.0


@pytest.mark.promise("salesforce.any-text")
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_every_text_is_read_as_it_was_written(texts: list[str]) -> None:
    rows = [{"Id": str(place), "Text__c": text} for place, text in enumerate(texts)]
    sheet = StringIO(newline="")
    writer = csv.DictWriter(sheet, ["Id", "Text__c"], quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    assert list(decoded(sheet.getvalue())) == rows
