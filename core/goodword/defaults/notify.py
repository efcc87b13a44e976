"""The notice of a run: how it went, in counts, to a command or a webhook of the firm's own.

It holds no contact, no name, no path and no host: only what ran, how it ended, how many changes
of each kind were written, and why it stopped. ``text`` says the same in one sentence, which chat
webhooks show as it is.
"""

from __future__ import annotations

import ipaddress
import json
import os
import platform
import re
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urljoin, urlsplit

from goodword import GoodwordError, RunReport, __version__, read_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from goodword import Policy

PATIENCE = 30.0
"""Seconds the firm's command may take."""
TIMEOUTS = (5.0, 15.0)
"""Seconds a webhook may take to be reached, and to answer."""
MOST_REDIRECTS = 3
LONGEST = 500
"""Longest sentence passed on, in characters."""
INHERITED = (
    *("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "TMP"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA"),
)
"""Variables the firm's command sees; those with secrets of ours are not among them."""
ENDED = {
    "done": "everything was written",
    "partly": "something was left unwritten",
    "stopped": "it stopped by itself",
    "failed": "it failed",
}
_LOGS = ("connectionpool", "connection", "poolmanager", "util.retry")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CLEANED = (
    (re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE), "an address"),
    (re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+"), "an address"),
    (
        re.compile(
            r"(?<![\w.])(?:[A-Za-z]:[\\/]|\\\\|~?/)\S+"  # a drive, a server, a root or a home
            r"(?: [^\s/\\]*[/\\]\S*)*"  # folders with blanks in their names
            r"(?:(?: [^\s,;:()/\\]+){1,4}\.\w{2,5}(?!\w))?"  # a file with blanks in its name
        ),
        "a file",
    ),
    (re.compile(r"[^\s\"'/\\]+\.(?:xlsx|xlsm|csv|tsv|txt)\b"), "a file"),
)


def applied(report: RunReport, settings: Policy) -> None:
    """Send the notice of a run where the firm wants it.

    Raises:
        GoodwordError: A notice was not delivered; the message holds neither it nor its address.
    """
    notify = settings.notify
    if notify.url is None and not notify.command:
        return
    if notify.on == "failure" and result_of(report) == "done":
        return
    body = json.dumps(notice(report, settings)).encode()
    problems = []
    if notify.command:
        problems.append(_run(notify.command, body, settings.folder))
    if notify.url is not None:
        url = read_secret(notify.url, settings.folder).get_secret_value()
        problems.append(_post(url, body))
    told = " ".join(problem for problem in problems if problem)
    if told:
        raise GoodwordError(told, hint="See [notify] in goodword.toml.")


def result_of(report: RunReport) -> str:
    """Return how a run ended: done, partly, stopped or failed."""
    if report.error:
        return "failed"
    if report.stopped:
        return "stopped"
    return "partly" if report.exit_code else "done"


def notice(report: RunReport, settings: Policy) -> dict[str, object]:
    """Return the notice of a run as the JSON object that is sent."""
    result = result_of(report)
    written = sum(report.applied.values())
    counts = f"{written} written, {len(report.failures)} refused, {len(report.dropped)} dropped"
    ended = "nothing was written" if result == "done" and not written else ENDED[result]
    name = f"{report.kind} {report.run_id}".strip()
    return {
        "goodword": __version__,
        "run": report.run_id,
        "kind": report.kind,
        "plan": report.plan_id,
        "result": result,
        "written": dict(report.applied),
        "failures": len(report.failures),
        "refused": dict(Counter(failure.kind for failure in report.failures)),
        "dropped": len(report.dropped),
        "stopped": [_impersonal(sentence, report, settings) for sentence in report.stopped],
        "error": _impersonal(report.error, report, settings),
        "text": f"goodword {name}: {ended} ({counts}).",
    }


def _impersonal(text: str, report: RunReport, settings: Policy) -> str:
    """Return *text* without the names of the firm, its people, its folders and this computer."""
    firm = settings.firm
    for folder, shown in ((settings.folder.resolve(), "the firm's folder"), (Path.home(), "~")):
        if folder != Path(folder.anchor):
            text = text.replace(str(folder), shown)
    ids = {failure.contact_id for failure in report.failures}
    names = {name: "somebody" for name in ids if len(name) > 4 or not name.isdigit()}
    names |= {firm.caller: "somebody", firm.fallback_owner: "somebody"}
    names |= {firm.name: "the firm", platform.node(): "this computer"}
    for name, shown in sorted(names.items(), key=lambda pair: -len(pair[0])):
        words = [re.escape(word) for word in re.findall(r"\w+", name)]
        if words:
            pattern = r"(?<!\w)" + r"[\W_]+".join(words) + r"(?!\w)"
            text = re.sub(pattern, shown, text, flags=re.IGNORECASE)
    for form, shown in _CLEANED:
        text = form.sub(shown, text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _run(command: tuple[str, ...], body: bytes, folder: Path) -> str:
    """Hand *body* to the firm's command; return what went wrong."""
    import subprocess

    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - the firm's own command, without a shell
            command,
            input=body,
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"The notice was not delivered: its command took over {PATIENCE:.0f} seconds."
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else "not a command"
        return f"The notice was not delivered: its command cannot be started ({told})."
    if done.returncode:
        return f"The notice was not delivered: its command ended with code {done.returncode}."
    return ""


def _post(url: str, body: bytes) -> str:
    """Send *body* to the webhook; return what went wrong, without the address."""
    import requests

    if not _sendable(url):
        return "The notice was not sent: the webhook is no https address."
    try:
        with requests.Session() as session, _unheard():
            session.trust_env = not _is_loopback(urlsplit(url))  # proxies, certificates
            for _ in range(MOST_REDIRECTS + 1):
                status, target = _sent(session, url, body)
                if status not in _REDIRECTS:
                    break
                if not _same_place(url, target):
                    return "The notice was not sent: the webhook leads to another host."
                url = target
    except requests.exceptions.SSLError:
        return "The notice was not sent: the webhook's certificate is not trusted."
    except requests.exceptions.Timeout:
        return "The notice was not sent: the webhook did not answer in time."
    except (requests.exceptions.RequestException, ValueError, OSError):
        return "The notice was not sent: the webhook cannot be reached."
    return "" if 200 <= status < 300 else f"The notice was not sent: the webhook said {status}."


def _sent(session: Any, url: str, body: bytes) -> tuple[int, str]:  # loaded only when needed
    """Send *body* once; return the status and where the answer leads. Its text is not read."""
    given = os.environ
    own = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
    verify = next((given[name] for name in own if given.get(name)), True)
    headers = {"Content-Type": "application/json", "User-Agent": f"goodword/{__version__}"}
    with session.post(
        url,
        data=body,
        headers=headers,
        timeout=TIMEOUTS,
        allow_redirects=False,
        stream=True,
        verify=verify,
    ) as answer:
        return answer.status_code, urljoin(url, answer.headers.get("Location", ""))


def _sendable(url: str) -> bool:
    """Tell whether *url* is https, or leads no further than this computer."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts))
        )
    except ValueError:
        return False


def _is_loopback(parts: SplitResult) -> bool:
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _same_place(one: str, other: str) -> bool:
    """Tell whether two addresses are of the same host, port and kind."""
    first, second = urlsplit(one), urlsplit(other)
    here = (first.scheme, first.hostname, first.port)
    return here == (second.scheme, second.hostname, second.port)


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep the network library from logging the address, which is a secret."""
    import logging

    loggers = [logging.getLogger(f"urllib3.{name}") for name in _LOGS]
    for logger in loggers:
        logger.addFilter(_nothing)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(_nothing)


def _nothing(_: object) -> bool:
    """Let no log record pass."""
    return False
