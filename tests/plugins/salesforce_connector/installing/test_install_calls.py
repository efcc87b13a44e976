"""Installing over the wire: the form Salesforce wants, its pages, its identity, its refusals."""

from __future__ import annotations

import io
import json
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from goodword import AuthError, RetryableError, SettingsError
from goodword_salesforce.installing.deploy import deploy
from goodword_salesforce.installing.host import OrgHost
from goodword_salesforce.installing.people import user_of
from goodword_salesforce.logins import login_of
from goodword_salesforce.package.bundle import deploying
from goodword_salesforce.package.parts import parts
from goodword_salesforce.seam.soql import select
from goodword_salesforce.settings import SalesforceSettings

ROOT = "/services/data/v66.0/"
STARTED = {"id": "0AfQy00000000001AAA", "deployOptions": {"checkOnly": True}}


def form(call: Any) -> dict[str, tuple[str | None, str, bytes]]:
    """Return the parts of a form: file name, type and content by name."""
    head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
    found = {}
    for part in message_from_bytes(head + call.body).get_payload():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        found[str(name)] = (part.get_filename(), part.get_content_type(), content)
    return found


def deployed(org: Any, clock: Any) -> Any:
    files = deploying(parts(), "66.0")
    return deploy(OrgHost(org), files, clock, clock.sleep, check_only=True)


def test_a_deployment_is_a_form_with_options_and_a_zip_and_is_watched_to_its_end(
    stub: Any, org: Any, clock: Any
) -> None:
    busy = stub.said(200, {"deployResult": {"status": "Pending"}})
    done = stub.said(200, {"deployResult": {"status": "Succeeded", "checkOnly": True}})
    stub.says(stub.said(201, STARTED), busy, busy, done)
    assert deployed(org, clock).well
    sent, *looks = stub.data
    assert (sent.method, sent.path) == ("POST", f"{ROOT}metadata/deployRequest")
    parts_sent = form(sent)
    assert list(parts_sent) == ["entity_content", "file"]
    assert parts_sent["entity_content"][1] == "application/json"
    options = json.loads(parts_sent["entity_content"][2])["deployOptions"]
    assert options["checkOnly"] is True
    assert options["testLevel"] == "NoTestRun"
    name, kind, content = parts_sent["file"]
    assert (name, kind) == ("package.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "package.xml" in archive.namelist()
    assert [look.path.removeprefix(ROOT) for look in looks] == [
        f"metadata/deployRequest/{STARTED['id']}"
    ] * 3
    assert {look.query["includeDetails"] for look in looks} == {"true"}
    assert clock.waited == [1.0, 2.0]


def test_a_lost_answer_to_a_deployment_is_sent_again(stub: Any, org: Any, clock: Any) -> None:
    done = stub.said(200, {"deployResult": {"status": "Succeeded"}})
    stub.says(stub.said(0), stub.said(201, STARTED), done)
    assert deployed(org, clock).well


def test_a_session_that_ends_while_waiting_is_renewed(stub: Any, org: Any, clock: Any) -> None:
    done = stub.said(200, {"deployResult": {"status": "Succeeded"}})
    over = stub.refused(401, "INVALID_SESSION_ID")
    stub.says(stub.said(201, STARTED), over, done)
    assert deployed(org, clock).well
    assert stub.tokens == 2


def test_a_user_who_may_not_deploy_is_told_the_two_ways_out(
    stub: Any, org: Any, clock: Any
) -> None:
    stub.says(stub.refused(403, "INSUFFICIENT_ACCESS", "insufficient access rights"))
    with pytest.raises(AuthError) as caught:
        deployed(org, clock)
    assert "install_as" in caught.value.hint


def test_the_failures_of_parts_come_from_the_details(stub: Any, org: Any, clock: Any) -> None:
    failure = {"fullName": "Contact.Goodword_CLV__c", "problem": "no\n more  fields"}
    failed = {"status": "Failed", "details": {"componentFailures": [failure]}}
    stub.says(stub.said(201, STARTED), stub.said(200, {"deployResult": failed}))
    assert deployed(org, clock).problems == {"Contact.Goodword_CLV__c": "no more fields"}


def test_a_plan_can_not_write(stub: Any, opened: Any, clock: Any) -> None:
    from goodword import UsageError

    with pytest.raises(UsageError):
        deployed(opened(read_only=True), clock)
    assert not stub.data


def test_every_page_of_a_query_is_read(stub: Any, org: Any) -> None:
    first = {
        "done": False,
        "records": [{"Id": "1"}],
        "nextRecordsUrl": f"{ROOT}query/01gQy0000000001-2000",
    }
    stub.says(stub.said(200, first), stub.said(200, {"done": True, "records": [{"Id": "2"}]}))
    rows = list(OrgHost(org).query(select("PermissionSetAssignment", "Id")))
    assert [row["Id"] for row in rows] == ["1", "2"]
    assert stub.data[0].query == {"q": "SELECT Id FROM PermissionSetAssignment"}


def test_the_user_is_the_end_of_the_identity(stub: Any, org: Any) -> None:
    address = "https://login.salesforce.com/id/00DQy0000000001MAA/005Qy0000000001AAA"
    stub.says(stub.said(200, {"identity": address, "query": f"{ROOT}query"}))
    assert user_of(OrgHost(org)) == "005Qy0000000001AAA"
    assert stub.data[0].path == ROOT
    stub.says(stub.said(200, {"query": f"{ROOT}query"}))
    assert user_of(OrgHost(org)) == ""


def test_deleting_needs_no_answer(stub: Any, org: Any) -> None:
    stub.says(stub.said(204))
    OrgHost(org).delete("sobjects/PermissionSetAssignment/0PaQy0000000001AAA")
    assert stub.data[0].method == "DELETE"


def test_an_org_that_is_away_is_said_to_be_away(stub: Any, org: Any, clock: Any) -> None:
    stub.says(stub.said(503))
    with pytest.raises(RetryableError):
        deployed(org, clock)


# -- who signs in


def test_settings_say_who_signs_in_and_the_secret_is_read_when_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"username": "robot@harbour.example", "consumer_key": "3MVG9", "domain": "acme.my"}
    settings = SalesforceSettings.model_validate({**given, "install_as": "boss"})
    login = login_of(settings, tmp_path)
    assert (login.flow, login.username, login.domain) == ("jwt", given["username"], "acme.my")
    assert login.version == settings.api_version
    with pytest.raises(SettingsError, match="GOODWORD_SALESFORCE_KEY"):
        login.secret()
    monkeypatch.setenv("GOODWORD_SALESFORCE_KEY", "a key\n")
    assert login.secret() == "a key"
    admin = login_of(settings.installer, tmp_path)
    assert (admin.flow, admin.username) == ("session", "boss")
