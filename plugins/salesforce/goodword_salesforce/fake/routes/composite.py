"""Up to 25 calls in one, which counts as one; at most five of them query or write many."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from goodword_salesforce.fake.answers import Answer, Json, RefusedError, refuse
from goodword_salesforce.fake.org import Org
from goodword_salesforce.fake.request import Request, actor_of
from goodword_salesforce.fake.routing import Route, Routes

MOST_PARTS = 25
MOST_HEAVY = 5
INHERITED = ("authorization", "accept", "content-type")
_ADDRESS = re.compile(r"/services/data/(v\d+\.0)(/.*)")
_REFERENCE = re.compile(r"@\{(\w+)((?:\.\w+|\[\d+\])*)\}")
HALTED = RefusedError(
    "PROCESSING_HALTED",
    "The transaction was rolled back since another operation in the same transaction failed.",
)


def routes(all_of_them: Routes) -> tuple[Route, ...]:
    """Return the address of composite calls, whose parts go to *all_of_them*."""

    def handle(org: Org, request: Request) -> Answer:
        return _composite(org, request, all_of_them)

    return (Route("POST", "/composite/?", "composite", handle, "closed"),)


def _composite(org: Org, request: Request, known: Routes) -> Answer:
    body = request.json()
    parts = body.get("compositeRequest")
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        refuse("JSON_PARSER_ERROR", "compositeRequest must be a list of objects")
    _check(parts, known)
    together = body.get("allOrNone") is True
    before = org.store.copy() if together else None
    answers: dict[str, Answer] = {}
    for part in parts:
        name = str(part.get("referenceId"))
        answers[name] = _part(org, request, known, part, answers)
    failed = [name for name, answer in answers.items() if answer.status >= 400]
    if before is not None and failed:
        org.store.become(before)
        for name in answers:
            if name not in failed:
                answers[name] = Answer(400, HALTED.as_body())
    return Answer(200, {"compositeResponse": [_shown(*pair) for pair in answers.items()]})


def _check(parts: list[Json], known: Routes) -> None:
    """Refuse too many parts, too many heavy ones, and names used twice.

    Raises:
        RefusedError: The whole call is not done.
    """
    if len(parts) > MOST_PARTS:
        refuse("LIMIT_EXCEEDED", f"Limit of {MOST_PARTS} subrequests per composite exceeded")
    names = [part.get("referenceId") for part in parts]
    if not all(isinstance(name, str) and re.fullmatch(r"\w+", name) for name in names):
        refuse("INVALID_INPUT", "each subrequest needs a referenceId of letters and digits")
    if len(set(map(str, names))) < len(names):
        refuse("INVALID_INPUT", "referenceId must be unique in the request")
    slots = []
    for part in parts:
        found = known.find(str(part.get("method")), _split(part)[1])
        slots.append(found[0].slot if found is not None else "")
    if sum(slot in {"query", "collections"} for slot in slots) > MOST_HEAVY:
        refuse(
            "LIMIT_EXCEEDED",
            f"Limit of {MOST_HEAVY} Query, QueryAll or sObject Collections subrequests exceeded",
        )
    if "closed" in slots:
        refuse("INVALID_INPUT", "this resource cannot be part of a composite request")


def _split(part: Json) -> tuple[str, str, str]:
    """Return version, address and query of a part."""
    split = urlsplit(str(part.get("url")))
    match = _ADDRESS.fullmatch(split.path)
    return ("", "", "") if match is None else (match.group(1), match.group(2), split.query)


def _part(
    org: Org, request: Request, known: Routes, part: Json, answers: Mapping[str, Answer]
) -> Answer:
    try:
        filled: Json = {
            name: _filled(value, answers) for name, value in part.items() if name != "referenceId"
        }
    except RefusedError as problem:
        return Answer(400, problem.as_body())
    version, path, query = _split(filled)
    if version != request.version:
        wrong = RefusedError("INVALID_INPUT", "the url must have the version of the whole call")
        return Answer(400, wrong.as_body())
    given = filled.get("httpHeaders")
    own = {str(k).lower(): str(v) for k, v in given.items()} if isinstance(given, dict) else {}
    inherits = org.account.switches.composite_inherits_headers
    headers = {
        **{name: value for name, value in request.headers.items() if inherits or name in INHERITED},
        **own,
    }
    inner = Request(
        str(filled.get("method")),
        path,
        version,
        dict(parse_qsl(query, keep_blank_values=True)),
        headers,
        json.dumps(filled.get("body")).encode(),
        actor_of(request.actor.user_id, headers),
        inside=True,
    )
    return known.answer(org, inner)


def _shown(name: str, answer: Answer) -> Json:
    return {
        "body": answer.body,
        "httpHeaders": dict(answer.headers),
        "httpStatusCode": answer.status,
        "referenceId": name,
    }


def _filled(value: object, answers: Mapping[str, Answer]) -> object:
    """Return *value* with references to earlier parts replaced by what those answered."""
    if isinstance(value, dict):
        return {name: _filled(inner, answers) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, answers) for inner in value]
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: _referred(match, answers), value)
    return value


def _referred(match: re.Match[str], answers: Mapping[str, Answer]) -> str:
    earlier = answers.get(match.group(1))
    found = None if earlier is None or earlier.status >= 400 else earlier.body
    for step in re.findall(r"\w+", match.group(2)):
        if isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        elif isinstance(found, dict) and step in found:
            found = found[step]
        else:
            found = None
    if not isinstance(found, str | int | float):
        refuse("PROCESSING_HALTED", f"Invalid reference specified. No value for {match.group()}")
    return str(found)
