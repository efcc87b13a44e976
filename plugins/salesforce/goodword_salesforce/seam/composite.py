"""Many calls in one: at most 25, at most 5 of them queries or collections; it counts as one call.

The answer is 200 whatever became of its parts; each part has a status of its own. A call that
takes too long is halved and sent again, as far as that can do no harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from goodword_salesforce.seam.failures import (
    TookTooLongError,
    Trouble,
    as_given,
    error_of,
    trouble_in,
    unusual,
)
from goodword_salesforce.seam.ids import each_of
from goodword_salesforce.seam.kinds import Kind, heaviest
from goodword_salesforce.seam.retrying import wait_before_retry
from goodword_salesforce.seam.session import SAVING
from goodword_salesforce.seam.telemetry import nameless

if TYPE_CHECKING:
    from goodword_salesforce.seam.client import Org

PARTS, HEAVY_PARTS = 25, 5
"""Most calls in one, and most queries and collections among them (Salesforce's REST guide)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One call, to be sent with others.

    Args:
        method: HTTP method.
        path: Path below ``/services/data/vNN.0/``, its values quoted.
        body: What is sent as JSON.
        kind: Whether it may be sent twice.
        heavy: It is a query or a collection.
        headers: Headers of its own; those of the call around it do not reach it.
    """

    method: str
    path: str
    body: object | None = None
    kind: Kind = Kind.READ
    heavy: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one call.

    Args:
        status: Its HTTP status; 304 where nothing changed since the time it asked about.
        data: What its JSON says (Any: Salesforce's own shapes).
        headers: Its headers.
        trouble: Why it was refused.
        what: The call, without ids.
    """

    status: int
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    trouble: Trouble = field(default_factory=Trouble)
    what: str = ""

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300

    def given(self) -> Any:
        """Return the data (Any: Salesforce's own shapes).

        Raises:
            ConnectorError: It was refused.
        """
        if not self.ok:
            raise error_of(self.status, self.trouble, self.what)
        return self.data


def send_all(org: Org, asks: Sequence[Ask]) -> list[Answer]:
    """Send calls, packed into as few as can be; one answer each, in order.

    Raises:
        ConnectorError: A call around them failed; what one of them says is in its answer.
    """
    answers: dict[int, Answer] = {}
    for places in packs(asks):
        answers |= _settled(org, {place: asks[place] for place in places})
    return [answers[place] for place in range(len(asks))]


def packs(asks: Sequence[Ask]) -> Iterator[list[int]]:
    """Yield the places of the calls that go together: as few packs as possible."""
    heavy = [place for place, ask in enumerate(asks) if ask.heavy]
    light = [place for place, ask in enumerate(asks) if not ask.heavy]
    while heavy or light:
        pack, heavy = heavy[:HEAVY_PARTS], heavy[HEAVY_PARTS:]
        room = PARTS - len(pack)
        yield sorted(pack + light[:room])
        light = light[room:]


def _settled(org: Org, asks: Mapping[int, Ask]) -> dict[int, Answer]:
    """Send one pack, and those of its calls again that met a busy org."""
    answers: dict[int, Answer] = {}
    waiting, attempt = dict(asks), 0
    while waiting:
        attempt += 1
        got = dict(zip(waiting, _sent(org, list(waiting.values())), strict=True))
        waits: dict[int, float] = {}
        for place, answer in got.items():
            trouble = answer.trouble
            seconds = wait_before_retry(
                asks[place].kind, attempt, answer.status, trouble.codes, daily=trouble.daily
            )
            if answer.ok or seconds is None:
                answers[place] = answer
            else:
                waits[place] = seconds
        waiting = {place: asks[place] for place in waits}
        if waits:
            org.transport.telemetry.retries += len(waits)
            org.sleep(max(waits.values()))
    return answers


def _sent(org: Org, asks: Sequence[Ask]) -> list[Answer]:
    """Send calls as one; halve them where it takes too long."""
    kind = heaviest([ask.kind for ask in asks])
    divisible = len(asks) > 1 and kind.repeatable
    body = {
        "allOrNone": False,
        "compositeRequest": [
            _part(org.transport.root, number, ask) for number, ask in enumerate(asks)
        ],
    }
    try:
        reply = org.transport.send("POST", "composite", body, kind=kind, hurried=divisible)
    except TookTooLongError:
        if not divisible:
            raise
        middle = len(asks) // 2
        return [*_sent(org, asks[:middle]), *_sent(org, asks[middle:])]
    with as_given("POST composite"):
        found = each_of(reply.data["compositeResponse"])
        by_name = {part["referenceId"]: part for part in found}
        if len(found) != len(asks):
            raise unusual(what="POST composite")
        return [_answer(by_name[_label(number)], ask) for number, ask in enumerate(asks)]


def _part(root: str, number: int, ask: Ask) -> dict[str, object]:
    part: dict[str, object] = {
        "method": ask.method,
        "url": f"{root}{ask.path}",
        "referenceId": _label(number),
    }
    if ask.body is not None:
        part["body"] = ask.body
    headers = {**(SAVING if ask.kind.writes else {}), **ask.headers}
    if headers:
        part["httpHeaders"] = headers
    return part


def _answer(part: Mapping[str, Any], ask: Ask) -> Answer:
    status, body, headers = part["httpStatusCode"], part.get("body"), part.get("httpHeaders")
    if not isinstance(status, int) or not 100 <= status < 600:
        raise unusual(what="POST composite")
    return Answer(
        status,
        body,
        dict(headers or {}),
        trouble_in(body) if status >= 400 else Trouble(),
        nameless(ask.method, ask.path),
    )


def _label(number: int) -> str:
    return f"part{number}"
