"""A firm whose every personal value and every secret is a canary, and ears for where one sings.

A canary is any text with ``MARK`` in it. The commands run in this process, so that everything they
log is heard, and end as they do for a user: an exception nobody expected becomes an apology.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest
from typer.testing import CliRunner

from goodword.cli import make_app
from goodword.cli.failures import apologise
from goodword.testing import MemoryConnector

MARK = "zqx"
TODAY = "2026-11-20"
SECRET = "Zqxtoken-5f1"  # noqa: S105 - invented, it must turn up nowhere
VARIABLE = "GOODWORD_CANARY_HOOK"
ANSWERS = frozenset(
    {"champions", "plan", "why", "words", "apply", "sync", "undo", "init", "demo", "history"}
)
"""Commands whose answer may name customers; no other prints one, and none on stderr."""

MEMORY_PLUGIN = """
from pathlib import Path
from goodword import ConnectorSpec, hookimpl
from goodword.testing import memory_spec

FAULTS = {
    "value": lambda: ValueError("Zqxvalue of Zqxpat Zqxdoe"),
    "key": lambda: KeyError("zqx@zqx.example"),
    "os": lambda: OSError(5, "Zqxdevice", "Zqxfolder"),
    "unicode": lambda: "Zqx".encode().decode("utf-16-le") and UnicodeDecodeError(
        "utf-8", b"Zqxpat", 0, 1, "Zqxreason"),
    "deep": lambda: RecursionError("Zqx"),
    "type": lambda: TypeError("Zqx" * 3000),
    "group": lambda: ExceptionGroup("Zqx", [ValueError("Zqxinner")]),
    "memory": lambda: MemoryError("Zqx"),
}


class Failing:
    def __init__(self, host, verb, kind):
        self.__dict__.update(_host=host, _verb=verb, _kind=kind)

    def __getattr__(self, name):
        if name == self._verb:
            raise FAULTS[self._kind]()
        return getattr(self._host, name)


@hookimpl
def goodword_connector():
    spec = memory_spec()

    def opened(settings, workplace):
        host = spec.open(settings, workplace)
        fault = Path("fault")
        if not fault.exists():
            return host
        verb, kind = fault.read_text().split()
        if verb == "open":
            raise FAULTS[kind]()
        return Failing(host, verb, kind)

    return ConnectorSpec(name="memory", settings=spec.settings, capabilities=spec.capabilities,
                         open=opened)
"""

HEARING = (
    "import pathlib, sys\n"
    "with pathlib.Path('heard.txt').open('ab') as file:\n    file.write(sys.stdin.buffer.read())\n"
)

SETTINGS = f"""\
[firm]
name = "Zqx Heating"
caller = "Zqxcaller"
ideal_client = "owners like Zqxina"
ways_to_refer = ["zqx.example/friends"]

[connector]
name = "memory"
account = "memory"

[rollout]
mode = "live"

[notify]
on = "always"
command = ['{sys.executable}', "hear.py"]

[plugins]
enabled = ["memory"]
"""


def tables() -> dict[str, list[Mapping[str, object]]]:
    """Six customers of a firm; whatever a person wrote about them is a canary."""
    people = {f"c{number}": f"Zqxpat Zqxdoe{number}" for number in range(1, 7)}
    buyers = ("c1", "c2", "c3", "c4", "c6")
    bought = date(2025, 3, 4)
    return {
        "owners": [{"owner_id": "o1", "name": "Zqxana Zqxlopez"}],
        "accounts": [{"account_id": "a1", "name": "Zqxhotel"}],
        "contacts": [
            {
                "contact_id": contact,
                "name": name,
                "email": f"zqx{contact}@zqx.example",
                "city": "Zqxtown",
                "job_title": "Zqxmaster",
                "account_id": "a1",
                "owner_id": "o1",
                "status": "customer" if contact in buyers else "lead",
                "consent": "yes",
            }
            for contact, name in people.items()
        ],
        "deals": [
            {"deal_id": f"d{who}", "status": "won", "amount_cents": 150_000, "closed_at": bought}
            for who in buyers
        ],
        "deal_contacts": [
            {"deal_id": f"d{who}", "contact_id": who, "primary": True} for who in buyers
        ],
        "activities": [
            {
                "activity_id": f"a{who}",
                "contact_id": who,
                "kind": "call",
                "subject": "Zqxcall about Zqxina",
                "at": date(2026, 11, 2),
            }
            for who in buyers
        ],
        "feedback": [
            {
                "feedback_id": f"f{who}",
                "contact_id": who,
                "kind": "nps",
                "score": 10,
                "at": date(2026, 11, 12),
            }
            for who in ("c1", "c2", "c3")
        ],
        "referrals": [
            {
                "referral_id": "r1",
                "referrer_id": "c4",
                "referred_id": "c5",
                "status": "received",
                "at": date(2026, 11, 18),
            }
        ],
    }


CSV = "Name,Email,Phone,Company,Account manager,Last purchase,Total spent,NPS,NPS date,Notes\n" + (
    "".join(
        f"Zqxpat Zqxdoe{n},zqx{n}@zqx.example,+44 7700 90012{n},Zqxhotel {n},Zqxana,2026-10-0{n},"
        f"1{n}00.00,10,2026-11-1{n},Zqxnote {n}\n"
        for n in range(1, 8)
    )
)


def install(site: Path, name: str, source: str | None) -> None:
    """Install the plugin *name*, as pip would leave it; without a source it is announced only."""
    if source is not None:
        (site / f"goodword_{name}.py").write_text(source, encoding="utf-8")
    info = site / f"goodword_{name}-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: goodword-{name}\nVersion: 1.0\n", encoding="utf-8"
    )
    points = f"[goodword]\n{name} = goodword_{name}\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    sys.modules.pop(f"goodword_{name}", None)


@dataclass
class CanaryFirm:
    """A firm's folder, the command line in it, and everything that was said there."""

    folder: Path
    site: Path
    log: pytest.LogCaptureFixture
    codes: dict[str, int] = field(default_factory=dict)
    stderr: str = ""

    def __call__(self, *arguments: str, today: bool = True) -> int:
        """Run one command as a user would, and listen for canaries; return its exit code."""
        given = [*arguments, "--today", TODAY] if today else [*arguments]
        self.log.clear()
        seen = CliRunner().invoke(make_app(), given)
        told, code = seen.stderr, seen.exit_code
        if seen.exception is not None and not isinstance(seen.exception, SystemExit):
            assert isinstance(seen.exception, Exception), arguments
            with CliRunner().isolation() as streams:
                apologise(seen.exception)
                told += streams[1].getvalue().decode()
        line = " ".join(arguments)
        self.codes[line] = code
        self.stderr += told
        silent(told, f"stderr of {line}")
        silent(self.log.text, f"log of {line}")
        if arguments[0] not in ANSWERS:
            silent(seen.stdout, f"stdout of {line}")
        self.listen()
        return code

    def listen(self) -> None:
        """Listen to the notices that were sent, and to the names of what we keep."""
        heard = self.folder / "heard.txt"
        if heard.exists():
            silent(heard.read_text(encoding="utf-8"), "a notice")
        for path in (self.folder / ".goodword").rglob("*"):
            silent(path.relative_to(self.folder).as_posix(), "the name of a file")

    def settings(self, text: str) -> None:
        (self.folder / "goodword.toml").write_text(text, encoding="utf-8")

    def every_command(self) -> None:
        """Run everything there is, on whatever state the firm is in."""
        for name in names():
            arguments = WITH.get(name, ())
            if arguments is not None:
                self(name, *arguments, today=name in ON_A_DAY)


def silent(text: str, where: str) -> None:
    """Fail when a canary sings in *text*; the test shows the place and the words around it."""
    at = text.lower().find(MARK)
    assert at < 0, f"a canary in {where}: …{text[max(0, at - 120) : at + 60]!r}…"


ON_A_DAY = frozenset({"plan", "sync", "why", "apply"})
WITH: dict[str, tuple[str, ...] | None] = {
    "init": ("missing-list.csv",),
    "why": ("c1",),
    "words": ("preview", "c1", "--today", TODAY),
    "forget": ("nobody-like-that",),
    "rollout": (),
    "demo": None,  # a firm of its own, with invented people
}


def names() -> list[str]:
    """Every command of the program, those of tomorrow included; pull, plan and apply first."""
    from typer.main import get_command

    group = get_command(make_app())
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    first = ["doctor", "pull", "plan", "apply", "sync"]
    known: Mapping[str, object] = getattr(group, "commands")  # noqa: B009 - Typer's own click
    return first + sorted(set(known) - {*first, "new-plugin"})


def spreadsheet_plugin(site: Path) -> None:
    """Announce the spreadsheet plugin of this checkout, unless it is installed."""
    if not any(point.name == "csv" for point in entry_points(group="goodword")):
        install(site, "csv", None)


def open_firm_of_canaries(folder: Path, site: Path, log: pytest.LogCaptureFixture) -> CanaryFirm:
    """Make the firm on a host in memory in *folder*."""
    log.set_level(logging.DEBUG)
    install(site, "memory", MEMORY_PLUGIN)
    MemoryConnector(tables(), path=folder / "host.json")
    (folder / "hear.py").write_text(HEARING, encoding="utf-8")
    firm = CanaryFirm(folder, site, log)
    firm.settings(SETTINGS)
    return firm
