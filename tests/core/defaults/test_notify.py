"""The notice of a run: delivered to a real command and a real server, and never personal."""

from __future__ import annotations

import json
import logging
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from goodword import GoodwordError, Policy, RunReport, __version__
from goodword.credentials import Credential
from goodword.defaults import goodword_applied, notify
from goodword.errors import SettingsError
from goodword.model import Failure
from goodword.policy import Firm, Notify

LOOPBACK = Path(__file__).parents[2] / "data" / "loopback"
TOKEN = "zq9-canary-token"  # noqa: S105 - invented, it must turn up nowhere
VARIABLE = "GOODWORD_TEST_HOOK"


@dataclass
class Inbox:
    """What a server was sent, and how it answers."""

    port: int = 0
    scheme: str = "http"
    answers: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    delay: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = f"/services/{TOKEN}") -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"


def serving(inbox: Inbox, context: ssl.SSLContext | None = None) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            inbox.paths.append(self.path)
            inbox.bodies.append(json.loads(body))
            inbox.over.wait(inbox.delay)
            status, headers = inbox.answers.pop(0) if inbox.answers else (200, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(TOKEN)))
            self.end_headers()
            self.wfile.write(TOKEN.encode())

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that left
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        inbox.scheme = "https"
    inbox.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


@pytest.fixture
def open_inbox() -> Iterator[Callable[..., Inbox]]:
    servers: list[tuple[Inbox, ThreadingHTTPServer]] = []

    def opened(context: ssl.SSLContext | None = None) -> Inbox:
        inbox = Inbox()
        servers.append((inbox, serving(inbox, context)))
        return inbox

    yield opened
    for inbox, server in servers:
        inbox.over.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def inbox(open_inbox: Callable[..., Inbox]) -> Inbox:
    return open_inbox()


def report(**changes: object) -> RunReport:
    values: dict[str, object] = {
        "run_id": "20261120-090000-ab12",
        "plan_id": "20261120-deadbeef",
        "applied": {"create_task": 3, "set_fields": 9},
        "skipped": 0,
        "dropped": (),
        "failures": (),
        "notices": ("Pat Doe was left out.",),
        "changed": ("create_task 0a1b",),
        "kind": "sync",
    }
    return RunReport.model_validate(values | changes)


REFUSED = Failure(key="0a1b", kind="create_task", contact_id="c-77", error="refused: Pat Doe")


def policy(**changes: object) -> Policy:
    notify = Notify.model_validate({"on": "always", **changes})
    firm = Firm(name="Harbour Heating", caller="ana", fallback_owner="rep-9")
    return Policy(firm=firm, notify=notify)


def sent_to(url: str, monkeypatch: pytest.MonkeyPatch, **changes: object) -> str:
    """Send a notice to a webhook; return what went wrong, checked for the token."""
    monkeypatch.setenv(VARIABLE, url)
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        goodword_applied(report(**changes), policy(url=Credential(env=VARIABLE)))
    except GoodwordError as error:
        told = error
    else:
        return ""
    assert type(told) is GoodwordError
    assert TOKEN not in f"{told!r}{told}{told.__cause__!r}{told.__context__!r}"
    return told.message


def test_a_webhook_hears_counts_and_one_sentence(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert sent_to(inbox.url(), monkeypatch, failures=(REFUSED,), dropped=("Pat Doe",)) == ""
    assert inbox.paths == [f"/services/{TOKEN}"]
    assert inbox.bodies == [
        {
            "goodword": __version__,
            "run": "20261120-090000-ab12",
            "kind": "sync",
            "plan": "20261120-deadbeef",
            "result": "partly",
            "written": {"create_task": 3, "set_fields": 9},
            "failures": 1,
            "refused": {"create_task": 1},
            "dropped": 1,
            "stopped": [],
            "error": "",
            "text": "goodword sync 20261120-090000-ab12: something was left unwritten "
            "(12 written, 1 refused, 1 dropped).",
        }
    ]
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({}, "done"),
        ({"dropped": ("x",)}, "partly"),
        ({"stopped": ("61 new tasks, more than 50.",)}, "stopped"),
        ({"error": "customers.xlsx is open in Excel.", "stopped": ("x",)}, "failed"),
    ],
)
def test_how_a_run_ended_is_one_word(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], result: str
) -> None:
    assert sent_to(inbox.url(), monkeypatch, **changes) == ""
    assert inbox.bodies[0]["result"] == result


def test_a_run_that_went_well_is_told_only_where_the_firm_wants_it(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, inbox.url())
    on_failure = policy(on="failure", url={"env": VARIABLE})
    goodword_applied(report(), on_failure)
    goodword_applied(report(), policy())  # names neither a command nor an address
    assert inbox.bodies == []
    goodword_applied(report(skipped=1), on_failure)
    assert [body["result"] for body in inbox.bodies] == ["partly"]


@pytest.mark.promise("private.people", "private.secrets")
def test_nothing_personal_is_in_a_notice(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "Harbour Heating"
    home = Path.home() / "lists" / "harbour.csv"
    error = (
        f"{folder}/goodword.toml: refused for c-77 (pat@doe.example) by ana, harbour-heating.xlsx, "
        f"rep-9 at https://crm.example/{TOKEN}; see /srv/big lists/pat doe.csv and {home} "
        f"and C:\\Users\\Ana\\list.csv on {notify.platform.node()}"
    )
    monkeypatch.setenv(VARIABLE, inbox.url())
    settings = policy(url={"env": VARIABLE}).model_copy(update={"folder": folder})
    goodword_applied(report(error=error, stopped=(error,), failures=(REFUSED,)), settings)
    told = json.dumps(inbox.bodies[0])
    hidden = ("c-77", "doe", "ana", "harbour", "heating", "rep-9", TOKEN, "crm.example", "/srv")
    for word in (*hidden, "lists", "Users", str(tmp_path), str(Path.home()) + "/"):
        assert word.lower() not in told.lower(), word
    assert "the firm's folder/goodword.toml: refused for somebody" in inbox.bodies[0]["error"]


def test_a_very_long_error_is_cut(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sent_to(inbox.url(), monkeypatch, error="word " * 10_000) == ""
    assert len(inbox.bodies[0]["error"]) == 500


# ---------------------------------------------------------------- a webhook that misbehaves


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_a_webhook_that_refuses_is_named_by_its_status(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    inbox.answers = [(status, {})]
    told = f"The notice was not sent: the webhook said {status}."
    assert sent_to(inbox.url(), monkeypatch) == told


def test_a_slow_webhook_does_not_hold_the_run(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "TIMEOUTS", (1.0, 0.3))
    inbox.delay = 20
    began = time.monotonic()
    assert "did not answer in time" in sent_to(inbox.url(), monkeypatch)
    assert time.monotonic() - began < 5


def test_a_webhook_that_is_away_is_told(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    told = sent_to("http://127.0.0.1:9/" + TOKEN, monkeypatch)
    assert told == "The notice was not sent: the webhook cannot be reached."


def test_a_redirect_is_followed_on_the_same_host_only(
    inbox: Inbox, open_inbox: Callable[..., Inbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.answers = [(307, {"Location": "/second"})]
    assert sent_to(inbox.url(), monkeypatch) == ""
    assert inbox.paths[1:] == ["/second"]
    assert inbox.bodies[0] == inbox.bodies[1]
    other = open_inbox()
    for target in (other.url(), "http://crm.example/", "//crm.example/"):
        inbox.answers = [(302, {"Location": target})]
        assert "leads to another host" in sent_to(inbox.url(), monkeypatch)
    inbox.answers = [(302, {"Location": "http://[broken"})]
    assert "cannot be reached" in sent_to(inbox.url(), monkeypatch)
    assert other.bodies == []


def test_redirects_without_end_are_given_up(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.answers = [(308, {"Location": "/again"})] * 50
    assert "the webhook said 308" in sent_to(inbox.url(), monkeypatch)
    assert len(inbox.paths) == 1 + notify.MOST_REDIRECTS


@pytest.mark.parametrize(
    "url",
    [f"http://crm.example/{TOKEN}", f"ftp://127.0.0.1/{TOKEN}", TOKEN, f"https://[{TOKEN}", "://"],
)
def test_only_https_leaves_this_computer(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no https address" in sent_to(url, monkeypatch)


def trusted() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK / "server.pem")
    return context


def test_https_needs_a_certificate_this_computer_trusts(
    open_inbox: Callable[..., Inbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(variable, raising=False)
    inbox = open_inbox(trusted())
    assert "certificate is not trusted" in sent_to(inbox.url(), monkeypatch)
    assert inbox.bodies == []
    for variable in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        with monkeypatch.context() as patch:
            patch.setenv(variable, str(LOOPBACK / "certificate.pem"))
            assert sent_to(inbox.url(), patch) == ""
    assert len(inbox.bodies) == 2


def test_a_missing_secret_is_told_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(SettingsError, match=f"{VARIABLE} is not set"):
        goodword_applied(report(), policy(url={"env": VARIABLE}))


# ---------------------------------------------------------------- a command


def script(folder: Path, body: str) -> tuple[str, ...]:
    (folder / "hear.py").write_text(body, encoding="utf-8")
    return (sys.executable, "hear.py")


@pytest.mark.promise("private.secrets")
def test_a_command_reads_the_notice_without_a_shell_and_without_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, TOKEN)
    command = script(
        tmp_path,
        "import json, os, pathlib, sys\n"
        "heard = {'body': json.load(sys.stdin), 'arguments': sys.argv[1:]}\n"
        "heard['env'] = dict(os.environ)\n"
        "pathlib.Path('heard.json').write_text(json.dumps(heard))\n"
        "print('loud'); print('loud', file=sys.stderr)\n",
    )
    settings = policy(command=(*command, "$HOME; touch made")).model_copy(
        update={"folder": tmp_path}
    )
    goodword_applied(report(), settings)
    heard = json.loads((tmp_path / "heard.json").read_text(encoding="utf-8"))
    assert heard["body"] == notify.notice(report(), settings)
    assert heard["arguments"] == ["$HOME; touch made"]
    assert not (tmp_path / "made").exists()
    assert TOKEN not in json.dumps(heard)
    ours = {*notify.INHERITED, "PYTHONPATH", "LC_CTYPE", "GOODWORD_NETWORK_ATTEMPTS"}
    assert heard["env"].keys() <= ours


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (f"import sys; sys.exit('{TOKEN}')", "its command ended with code 1"),
        ("import time; time.sleep(60)", "its command took over 1 seconds"),
    ],
)
def test_a_command_that_fails_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    body: str,
    told: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(notify, "PATIENCE", 1.0)
    settings = policy(command=script(tmp_path, body)).model_copy(update={"folder": tmp_path})
    with pytest.raises(GoodwordError, match=told):
        goodword_applied(report(), settings)
    assert TOKEN not in "".join(capfd.readouterr())


def test_a_command_that_is_not_there_does_not_keep_the_webhook_from_hearing(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, inbox.url())
    settings = policy(command=("no-such-program", TOKEN), url={"env": VARIABLE})
    with pytest.raises(GoodwordError, match="cannot be started") as error:
        goodword_applied(report(), settings)
    assert TOKEN not in str(error.value)
    assert len(inbox.bodies) == 1
