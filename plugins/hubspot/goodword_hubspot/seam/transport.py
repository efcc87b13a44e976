"""One request to HubSpot: paced, retried where that is safe, counted, its failure translated."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode, urlsplit

from goodword import UsageError
from goodword_hubspot.seam.failures import (
    Trouble,
    error_of,
    oversized,
    trouble_in,
    unreachable,
    unreadable,
    unusual,
)
from goodword_hubspot.seam.kinds import kind_of
from goodword_hubspot.seam.paths import path_for
from goodword_hubspot.seam.retrying import NEVER_SENT, NO_ANSWER, wait_before_retry
from goodword_hubspot.seam.telemetry import Telemetry, nameless

if TYPE_CHECKING:
    import urllib3

    from goodword_hubspot.seam.pacing import Pace


T = TypeVar("T")
LARGEST = 64 * 1024 * 1024
"""Bytes of an answer that are read; HubSpot's largest, 200 long e-mails, have half of it."""
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer.

    Args:
        status: HTTP status.
        headers: Headers, their names in small letters.
        data: What its JSON says (Any: HubSpot's own shapes); empty where nothing was said.
        what: The call it answers, without numbers of records.
    """

    status: int
    headers: Mapping[str, str]
    data: Mapping[str, Any]
    what: str

    def read(self, reader: Callable[[Mapping[str, Any]], T]) -> T:
        """Return what *reader* finds in the answer.

        Raises:
            ConnectorError: A part is missing, or is not what HubSpot sends.
        """
        try:
            return reader(self.data)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise unusual(self.what) from None


@dataclass(slots=True)
class Transport:
    """Sends requests over one pool of connections.

    Args:
        pool: The connections.
        host: Address of the API.
        version: Family of paths.
        token: Gives the key, for each request anew.
        pace: Holds calls back.
        sleep: Waits that many seconds before a retry.
        timeout: Seconds one answer may take.
        telemetry: Counts.
        read_only: Refuses every write: nothing may be changed.
        server_time: What HubSpot's clock said last, seconds since 1970.
    """

    pool: urllib3.PoolManager
    host: str
    version: str
    token: Callable[[], str]
    pace: Pace
    sleep: Callable[[float], None]
    timeout: float
    telemetry: Telemetry = field(default_factory=Telemetry)
    read_only: bool = False
    server_time: float | None = None

    def send(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, object]] = (),
        body: object | None = None,
    ) -> Reply:
        """Send a request until it is answered or not worth another try.

        Args:
            method: HTTP method.
            path: Numbered path, as the SDK makes it.
            query: Names and values of the query.
            body: What is sent as JSON.

        Raises:
            ConnectorError: HubSpot refused, or could not be reached.
            UsageError: It would write, and this connection may not.
        """
        kind = kind_of(method, path)
        what = nameless(method, path)
        if self.read_only and kind.writes:
            msg = f"{what} would write to HubSpot, and nothing may be written now."
            raise UsageError(msg, hint="Give --apply to write.")
        target = path_for(path, self.version)
        asked = f"?{urlencode([(name, _plain(value)) for name, value in query])}" if query else ""
        url = f"{self.host}{target}{asked}"
        payload = json.dumps(body).encode() if body is not None else None
        attempt = 0
        while True:
            attempt += 1
            self.pace.wait(kind, links="/associations/" in path)
            self.telemetry.count(method, path, kind)
            status, headers, content, fault = self._once(method, url, payload)
            if status > 0:
                self.pace.learn(headers)
                self.server_time = _said(headers) or self.server_time
                if 200 <= status < 300:
                    if content and (data := _json(content)) is not None:
                        return Reply(status, headers, data, what)
                    if not content or status == 204:
                        return Reply(status, headers, {}, what)
                    fault = unreadable(what)
                    status = 502 if kind.repeatable else status
            trouble = trouble_in(content) if content else Trouble()
            named = _asked(headers)
            seconds = wait_before_retry(kind, attempt, status, trouble.policy, named)
            if seconds is None:
                raise fault or error_of(status, trouble, what, named)
            self.telemetry.retries += 1
            self.sleep(seconds)

    def _once(
        self, method: str, url: str, payload: bytes | None
    ) -> tuple[int, Mapping[str, str], bytes, Exception | None]:
        """Send once, and return status, headers, body, and the error where no answer came.

        Raises:
            ConnectorError: The answer is longer than any of HubSpot's.
        """
        import urllib3

        headers = {
            "Authorization": f"Bearer {self.token()}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        what = nameless(method, urlsplit(url).path)
        faults = urllib3.exceptions
        try:
            answer = self.pool.request(
                method,
                url,
                body=payload,
                headers=headers,
                timeout=urllib3.Timeout(total=self.timeout),
                redirect=False,
                retries=False,
                preload_content=False,
            )
            content = answer.read(LARGEST + 1)
        except (faults.NewConnectionError, faults.ProxyError, faults.SSLError):
            return NEVER_SENT, {}, b"", unreachable(what, timed_out=False)
        except faults.ConnectTimeoutError:
            return NEVER_SENT, {}, b"", unreachable(what, timed_out=True)
        except faults.HTTPError as error:
            timed_out = isinstance(error, faults.TimeoutError)
            return NO_ANSWER, {}, b"", unreachable(what, timed_out=timed_out)
        lower = {name.lower(): value for name, value in answer.headers.items()}
        if len(content) > LARGEST:
            answer.close()
            raise oversized(what)
        return answer.status, lower, content, None


def _plain(value: object) -> object:
    """Return a value of a query as HubSpot writes it: true and false in small letters."""
    return str(value).lower() if isinstance(value, bool) else value


def _json(content: bytes) -> Mapping[str, Any] | None:
    """Return the object that stands in an answer (Any: HubSpot's own shapes), if one does."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _said(headers: Mapping[str, str]) -> float | None:
    """Return the time in the header ``Date``."""
    try:
        return parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return None


def _asked(headers: Mapping[str, str]) -> float | None:
    """Return the seconds HubSpot asked to wait, if it did."""
    text = headers.get("retry-after", "")
    return float(text) if _SECONDS.fullmatch(text) else None
