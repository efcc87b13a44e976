"""Large jobs: every sign arrives, every record has its result, a session may end anywhere."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import RecordError, RetryableError
from goodword_salesforce.seam.bulk import ingest, read
from goodword_salesforce.seam.collections import Change
from goodword_salesforce.seam.csv_text import decoded, encoded
from goodword_salesforce.seam.query import Wanted
from goodword_salesforce.seam.soql import Term, select

ROOT = "/services/data/v66.0/"
JOB = "7505g00000AbCdEAAV"
FAILED = (
    "DUPLICATE_VALUE:duplicate value found: Key__c duplicates value on record with id: {}:Key__c --"
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


class Jobs:
    """Answers of an org to large jobs; what was uploaded is told apart by the field Key__c."""

    def __init__(self, stub: Any, results: Mapping[str, str] | None = None) -> None:
        self.stub, self.results = stub, results or {}
        self.states = ["UploadComplete", "InProgress", "JobComplete"]
        self.uploads: list[list[dict[str, str]]] = []
        self.jobs = 0
        stub.script = self.answer

    def answer(self, call: Any) -> Any:
        path = call.path.removeprefix(ROOT)
        said = self.stub.said
        if call.method == "POST":
            self.jobs += 1
            return said(200, {"id": JOB, "state": "Open"})
        if path.endswith("/batches"):
            self.uploads.append(list(csv.DictReader(StringIO(call.body.decode(), newline=""))))
            return said(201)
        if path.endswith("successfulResults"):
            return said(200, self.sheet(failed=False), Sforce_Locator="null")
        if path.endswith("failedResults"):
            return said(200, self.sheet(failed=True), Sforce_Locator="null")
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return said(200, {"id": JOB, "state": state})

    def sheet(self, *, failed: bool) -> str:
        rows = [
            {"sf__Id": "" if failed else "00T5g00000AbCdE", **row}
            | ({"sf__Error": self.results[row["Key__c"]]} if failed else {"sf__Created": "true"})
            for upload in self.uploads
            for row in upload
            if (row["Key__c"] in self.results) is failed
        ]
        out = StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]) if rows else ["sf__Id"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()


def tasks(*keys: str) -> list[Change]:
    return [Change("Task", {"Key__c": key, "Subject": 'two\nlines, "quoted" 🎉'}) for key in keys]


@pytest.mark.promise("salesforce.large-jobs")
def test_each_record_of_a_job_has_its_own_result(org: Any, stub: Any, clock: Any) -> None:
    jobs = Jobs(stub, {"b": FAILED.format("00T5g00000AbCdE")})
    saved = ingest(org, "insert", tasks("a", "b", "c"), "Key__c")
    assert [each.ok for each in saved] == [True, False, True]
    assert saved[0].id == "00T5g00000AbCdEEAV"
    assert saved[0].created
    assert saved[1].there_already
    assert saved[1].trouble.record == "00T5g00000AbCdEEAV"
    assert saved[1].trouble.fields == ("Key__c",)
    assert jobs.uploads[0][0]["Subject"] == 'two\nlines, "quoted" 🎉'
    made, uploaded, closed = stub.data[:3]
    assert made.json == {
        "object": "Task",
        "operation": "insert",
        "contentType": "CSV",
        "lineEnding": "LF",
        "columnDelimiter": "COMMA",
    }
    assert uploaded.headers["content-type"].startswith("text/csv")
    assert closed.json == {"state": "UploadComplete"}
    assert clock.waited == [2.0]


@pytest.mark.promise("salesforce.large-jobs")
def test_a_job_by_a_unique_field_names_it(org: Any, stub: Any) -> None:
    Jobs(stub)
    assert ingest(org, "upsert", tasks("a"), "Key__c")[0].ok
    assert stub.data[0].json["externalIdFieldName"] == "Key__c"


@pytest.mark.promise("salesforce.sessions")
@pytest.mark.parametrize("place", range(6))
def test_a_session_that_ends_anywhere_in_a_job_loses_nothing(
    org: Any, stub: Any, place: int
) -> None:
    jobs = Jobs(stub)
    ended = []

    def script(call: Any) -> Any:
        if len(stub.data) == place + 1 and not ended:
            ended.append(call)
            return stub.refused(401, "INVALID_SESSION_ID")
        return jobs.answer(call)

    stub.script = script
    saved = ingest(org, "insert", tasks("a", "b"), "Key__c")
    assert [each.ok for each in saved] == [True, True]
    assert (len(jobs.uploads), jobs.jobs, stub.tokens) == (1, 1, 2)


def test_an_upload_without_an_answer_begins_a_new_job(org: Any, stub: Any) -> None:
    jobs = Jobs(stub)
    lost = []

    def script(call: Any) -> Any:
        if call.method == "PUT" and not lost:
            lost.append(call)
            return stub.said(0)
        return jobs.answer(call)

    stub.script = script
    assert ingest(org, "insert", tasks("a"), "Key__c")[0].ok
    assert (jobs.jobs, len(jobs.uploads)) == (2, 1)


def test_a_job_whose_end_was_told_without_an_answer_goes_on(org: Any, stub: Any) -> None:
    jobs = Jobs(stub)
    stub.script = lambda call: (
        stub.refused(400, "INVALIDJOBSTATE") if call.method == "PATCH" else jobs.answer(call)
    )
    assert ingest(org, "insert", tasks("a"), "Key__c")[0].ok


@pytest.mark.parametrize("state", ["Failed", "Aborted"])
def test_a_job_that_fails_is_said(org: Any, stub: Any, state: str) -> None:
    Jobs(stub).states = [state]
    with pytest.raises(RecordError, match=state) as caught:
        ingest(org, "insert", tasks("a"), "Key__c")
    assert "Bulk Data Load Jobs" in caught.value.hint


def test_a_job_that_never_ends_is_left_to_the_next_run(org: Any, stub: Any, clock: Any) -> None:
    Jobs(stub).states = ["InProgress"]
    with pytest.raises(RetryableError, match="60 minutes"):
        ingest(org, "insert", tasks("a"), "Key__c")
    assert max(clock.waited) == 30.0


def test_records_that_cannot_be_told_apart_are_not_sent(org: Any, stub: Any) -> None:
    for changes in (tasks("a", "a"), tasks("")):
        with pytest.raises(ValueError, match="told apart"):
            ingest(org, "insert", changes, "Key__c")
    assert not stub.calls
    assert ingest(org, "insert", [], "Key__c") == []


def test_records_that_met_a_lock_are_sent_in_one_more_job(org: Any, stub: Any) -> None:
    jobs = Jobs(stub, {"b": "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access:--"})
    first = stub.script

    def script(call: Any) -> Any:
        if jobs.jobs == 2 and call.path.endswith("/batches"):
            jobs.results, jobs.uploads = {}, []
        return first(call)

    stub.script = script
    saved = ingest(org, "insert", tasks("a", "b", "c"), "Key__c")
    assert [each.ok for each in saved] == [True, True, True]
    assert [[row["Key__c"] for row in upload] for upload in jobs.uploads] == [["b"]]


def test_a_record_the_job_says_nothing_of_is_not_taken_for_written(org: Any, stub: Any) -> None:
    jobs = Jobs(stub)
    stub.script = lambda call: (
        stub.said(200, "sf__Id\n") if call.path.endswith("Results") else jobs.answer(call)
    )
    saved = ingest(org, "insert", tasks("a"), "Key__c")[0]
    assert (saved.ok, saved.trouble.codes) == (False, ("NOT_PROCESSED",))


def test_a_large_query_is_read_page_by_page(org: Any, stub: Any) -> None:
    sheets = {"": ('"Id","Account.Name"\n"1","A\nB"\n', "abc"), "abc": ('"Id"\n"2"\n', "null")}
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


def test_values_are_written_so_that_empty_and_unchanged_differ() -> None:
    rows = [
        {"Id": "1", "Score__c": Decimal("1E+2"), "Ask__c": date(2026, 11, 22), "No__c": False},
        {"Id": "2", "Score__c": None, "At__c": datetime(2026, 11, 22, 9)},
    ]
    assert encoded(rows).decode().splitlines() == [
        "Id,Score__c,Ask__c,No__c,At__c",
        "1,100,2026-11-22,false,",
        "2,#N/A,,,2026-11-22T09:00:00Z",
    ]


@pytest.mark.promise("salesforce.any-text")
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_every_text_survives_the_way_there_and_back(texts: list[str]) -> None:
    rows = [{"Id": str(place), "Text__c": text} for place, text in enumerate(texts)]
    assert list(decoded(encoded(rows).decode())) == rows
