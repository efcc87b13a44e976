"""Deploying metadata: a form with options and a zip, and asking how it went."""

from __future__ import annotations

import json
from email.message import Message
from email.parser import BytesParser

from goodword_salesforce.fake.answers import Answer, Json, not_found, refuse
from goodword_salesforce.fake.deploying import deploy
from goodword_salesforce.fake.deploys import Deploy
from goodword_salesforce.fake.ids import full_id, numbered
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.request import Request
from goodword_salesforce.fake.routing import Route

MAY_NOT = (
    "use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions"
)


def _start(org: Org, request: Request) -> Answer:
    user = org.live(request.actor.user_id)
    if user is None or user["Username"] not in org.account.deployers:
        refuse("INSUFFICIENT_ACCESS", MAY_NOT, 403)
    options, data = _form(request)
    run = Deploy(numbered("0Af", len(org.deploys) + 1), options)
    org.deploys[run.id] = run
    deploy(org, run, data)
    body = {"id": run.id, "deployOptions": options, "deployResult": _result(org, run, ended=False)}
    return Answer(201, body)


def _form(request: Request) -> tuple[Json, bytes]:
    """Return the options and the zip of a form.

    Raises:
        RefusedError: It is no such form.
    """
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        refuse("UNSUPPORTED_MEDIA_TYPE", f"Content-Type not supported: {kind}", 415)
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    form = BytesParser().parsebytes(head + request.body)
    options: object = None
    data: bytes | None = None
    for part in form.walk():
        if part.get_content_type() == "application/json":
            options = _options(_content(part))
        elif part.get_filename() is not None:
            data = _content(part)
    if not isinstance(options, dict) or data is None:
        refuse("INVALID_MULTIPART_REQUEST", "a part with deployOptions and a zip are needed")
    if options.get("singlePackage") is not True:
        refuse("INVALID_INPUT", "this org only takes a single package")
    return options, data


def _content(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _options(content: bytes) -> object:
    try:
        body = json.loads(content)
    except ValueError:
        refuse("JSON_PARSER_ERROR", "the options cannot be read")
    return body.get("deployOptions") if isinstance(body, dict) else None


def _status(org: Org, request: Request) -> Answer:
    run = org.deploys.get(full_id(request.params["deploy"]))
    if run is None:
        raise not_found()
    run.polls += 1
    ended = run.polls > org.account.switches.deploy_polls
    body: Json = {"id": run.id, "deployOptions": run.options}
    body["deployResult"] = _result(org, run, ended=ended)
    if ended and request.query.get("includeDetails") == "true":
        result = _result(org, run, ended=True)
        result["details"] = {
            "componentSuccesses": run.successes,
            "componentFailures": run.failures,
        }
        body["deployResult"] = result
    return Answer(200, body)


def _result(org: Org, run: Deploy, *, ended: bool) -> Json:
    status = ("Succeeded" if run.right else "Failed") if ended else "InProgress"
    found: Json = {
        "id": run.id,
        "checkOnly": run.options.get("checkOnly") is True,
        "status": status,
        "done": ended,
        "success": ended and run.right,
        "createdDate": org.now(),
        "numberComponentsTotal": len(run.successes) + len(run.failures),
        "numberComponentsDeployed": len(run.successes) if ended else 0,
        "numberComponentErrors": len(run.failures) if ended else 0,
        "numberTestsTotal": 0,
        "rollbackOnError": run.options.get("rollbackOnError") is True,
        "runTestsEnabled": False,
    }
    if ended and run.error:
        found |= {"errorStatusCode": "INVALID_PACKAGE", "errorMessage": run.error}
    return found


ROUTES = (
    Route("POST", "/metadata/deployRequest/?", "deploy", _start, "closed"),
    Route("GET", "/metadata/deployRequest/{deploy}/?", "deploy status", _status, "closed"),
)
