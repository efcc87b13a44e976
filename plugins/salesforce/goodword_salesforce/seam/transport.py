"""One call to Salesforce: signed in, retried where that is safe, counted, its failure translated.

simple-salesforce would sign in again by itself after a 401, and lose the call's headers with it; it
is given a session only, so that the loop here is the one that does it, once a call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from goodword import AuthError, UsageError
from goodword_salesforce.seam.auth import SIGNING_IN, Access, Login, sign_in
from goodword_salesforce.seam.failures import (
    TookTooLongError,
    Trouble,
    error_of,
    oversized,
    trouble_in,
    unreachable,
    unreadable,
)
from goodword_salesforce.seam.kinds import Kind, kind_of
from goodword_salesforce.seam.quota import Quota
from goodword_salesforce.seam.retrying import (
    NEVER_SENT,
    NO_ANSWER,
    TIMED_OUT,
    wait_before_retry,
)
from goodword_salesforce.seam.session import TooLongError
from goodword_salesforce.seam.telemetry import Telemetry, nameless

if TYPE_CHECKING:
    import requests
    from simple_salesforce.api import Salesforce

JSON, CSV = "application/json", "text/csv"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer.

    Args:
        data: What its JSON says, None where it says nothing (Any: Salesforce's own shapes; numbers
            with a point are ``Decimal``).
        headers: Its headers; names in any case.
        text: Its text, where CSV was asked for.
    """

    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A form that is sent instead of JSON.

    Args:
        parts: Name to file name (None for a plain part), content and its type.
    """

    parts: Mapping[str, tuple[str | None, bytes | str, str]]


@dataclass(slots=True)
class Transport:
    """Sends calls over one connection, in one session that is renewed when it ends.

    Args:
        login: Who signs in, and where.
        line: The connection.
        sleep: Waits that many seconds before a retry.
        quota: The org's calls of the day.
        telemetry: Counts.
        read_only: Refuses every write: nothing may be changed.
        server_time: What Salesforce's clock said last, seconds since 1970.
    """

    login: Login
    line: requests.Session
    sleep: Callable[[float], None]
    quota: Quota = field(default_factory=Quota)
    telemetry: Telemetry = field(default_factory=Telemetry)
    read_only: bool = False
    server_time: float | None = None
    _client: Salesforce | None = field(default=None, repr=False)
    _token: str = field(default="", repr=False)
    _headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def send(
        self,
        method: str,
        path: str,
        body: object | None = None,
        *,
        kind: Kind | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        upload: Upload | None = None,
        accept: str = JSON,
        hurried: bool = False,
    ) -> Reply:
        """Send a call until it is answered or not worth another try.

        Args:
            method: HTTP method.
            path: Path below ``/services/data/vNN.0/``, its values quoted.
            body: What is sent as JSON.
            kind: Whether it may be sent twice; by the method, where it is not given.
            query: Names and values of the query.
            headers: More headers; they are sent with every try.
            upload: What is sent instead of JSON.
            accept: ``JSON``, or ``CSV`` for the text of an answer.
            hurried: An answer that takes too long is not asked for again: the caller asks for less.

        Raises:
            ConnectorError: Salesforce refused, could not be reached, or has no calls left.
            UsageError: It would write, and this connection may not.
        """
        kind = kind or kind_of(method)
        what = nameless(method, path)
        if self.read_only and kind.writes:
            msg = f"{what} would write to Salesforce, and nothing may be written now."
            raise UsageError(msg, hint="Give --apply to write.")
        options = _options(body, query, headers, upload, accept)
        attempt, renewed = 0, False
        while True:
            attempt += 1
            self.quota.need(1)
            client = self._session()
            self.telemetry.count(method, path, kind)
            status, found = self._once(client, method, path, options, accept, what)
            if isinstance(found, Reply):
                return found
            trouble = found if isinstance(found, Trouble) else Trouble()
            if status == 401 and not renewed:
                self._renew()
                renewed, attempt = True, attempt - 1
                continue
            error = found if isinstance(found, Exception) else error_of(status, trouble, what)
            seconds = wait_before_retry(kind, attempt, status, trouble.codes, daily=trouble.daily)
            if seconds is None or (hurried and isinstance(error, TookTooLongError)):
                raise error
            self.telemetry.retries += 1
            self.sleep(seconds)

    def hear(self, headers: Mapping[str, str]) -> None:
        """Learn from the headers of an answer; the connection calls this for each."""
        self._headers = headers
        self.quota.learn(headers.get("Sforce-Limit-Info", ""))
        self.server_time = _said(headers) or self.server_time

    @property
    def root(self) -> str:
        """Path that all paths of the pinned API version begin with."""
        return f"/services/data/v{self.login.version}/"

    def local(self, address: str) -> str:
        """Return an address that an answer named as a path below ``root``.

        Raises:
            ConnectorError: It is of another API version.
        """
        if not address.startswith(self.root):
            raise unreadable(what="the next page")
        return address.removeprefix(self.root)

    def _session(self) -> Salesforce:
        """Return simple-salesforce with our session, signing in when there is none."""
        from simple_salesforce.api import Salesforce

        if self._client is None:
            access = self._sign_in()
            self._token = access.token
            self._client = Salesforce(
                session_id=access.token,
                instance_url=f"https://{access.host}",
                version=self.login.version,
                session=self.line,
                parse_float=Decimal,
                object_pairs_hook=dict,
            )
            self._client.headers.pop("X-PrettyPrint", None)
        return self._client

    def _renew(self) -> None:
        """Sign in again.

        Raises:
            AuthError: There is no newer session than the one that ended.
        """
        ended, self._token, self._client = self._token, "", None
        self._session()
        if self._token == ended:
            self._client = None
            msg = "Salesforce does not accept the session any more."
            raise AuthError(msg, hint="Sign in again: for the sf CLI, run sf org login web.")

    def _sign_in(self) -> Access:
        """Sign in; a network that fails is tried again."""
        import requests

        attempt = 0
        while True:
            attempt += 1
            self.telemetry.sign_ins += 1
            try:
                return sign_in(self.login, self.line)
            except TooLongError:
                raise oversized(SIGNING_IN) from None
            except requests.RequestException as broken:
                status = _status_of(broken)
                timed_out = _too_slow(broken)
            seconds = wait_before_retry(Kind.READ, attempt, status)
            if seconds is None:
                raise unreachable(SIGNING_IN, timed_out=timed_out)
            self.telemetry.retries += 1
            self.sleep(seconds)

    def _once(
        self,
        client: Salesforce,
        method: str,
        path: str,
        options: dict[str, Any],
        accept: str,
        what: str,
    ) -> tuple[int, Reply | Trouble | Exception]:
        """Send once; return the status and the answer, or what went wrong instead of one."""
        import requests
        from simple_salesforce.exceptions import SalesforceError
        from simple_salesforce.util import call_salesforce

        try:
            if accept == JSON and not options.get("data"):
                data = client.restful(path, method=method, **options)
                return 200, Reply(data, self._headers)
            headers = {**client.headers, **options["headers"]}
            rest = {name: value for name, value in options.items() if name != "headers"}
            url = f"{client.base_url}{path}"
            answer = call_salesforce(url, method, self.line, headers, **rest)
            text = answer.content.decode("utf-8")
        except SalesforceError as refused:
            return refused.status, trouble_in(refused.content)
        except TooLongError:
            raise oversized(what) from None
        except requests.exceptions.JSONDecodeError:
            return NO_ANSWER, unreadable(what)
        except requests.RequestException as broken:
            timed_out = _too_slow(broken)
            return _status_of(broken), unreachable(what, timed_out=timed_out)
        # what restful says of an answer that is no object, or one too deep or too large to read
        except (ValueError, TypeError, ArithmeticError, RecursionError):
            return NO_ANSWER, unreadable(what)
        return answer.status_code, Reply(None, answer.headers, text)


def _options(
    body: object | None,
    query: Mapping[str, str] | None,
    headers: Mapping[str, str] | None,
    upload: Upload | None,
    accept: str,
) -> dict[str, Any]:
    """Return what ``requests`` is given besides method and address."""
    named: dict[str, str | None] = {"Accept": accept, **(headers or {})}
    options: dict[str, Any] = {"headers": named, "params": query}
    if body is not None:
        options["json"] = body
    if upload is not None:
        named["Content-Type"] = None  # requests writes it, with the boundary of the parts
        options["files"] = upload.parts
    return options


def _status_of(broken: requests.RequestException) -> int:
    """Return how far a call came that got no answer."""
    import requests
    from urllib3.exceptions import NewConnectionError

    if _too_slow(broken) and not isinstance(broken, requests.exceptions.ConnectTimeout):
        return TIMED_OUT
    never = (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)
    reason = getattr(broken.args[0], "reason", None) if broken.args else None
    if isinstance(broken, never) or isinstance(reason, NewConnectionError):
        return NEVER_SENT
    return NO_ANSWER


def _too_slow(broken: requests.RequestException) -> bool:
    """Say whether time ran out; in the midst of a body ``requests`` calls that a broken line."""
    import requests
    from urllib3.exceptions import ReadTimeoutError

    within = bool(broken.args) and isinstance(broken.args[0], ReadTimeoutError)
    return within or isinstance(broken, requests.Timeout)


def _said(headers: Mapping[str, str]) -> float | None:
    """Return the time in the header ``Date``."""
    try:
        return parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
