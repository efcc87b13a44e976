"""Firms that lie on disk, one for each kind of host, for tests that kill processes or fill disks.

A firm is prepared once and copied for each trial; orders go to the process of ``killed_run``.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from firm_in_memory import happy, person
from typer.testing import CliRunner

from goodword import run, undoing
from goodword.cli import make_app
from goodword.firm import Firm
from goodword.ledger import Ledger
from goodword.testing import MemoryConnector

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PATHS = (HERE, ROOT / "core", ROOT / "plugins" / "csv")
KINDS = ("memory", "csv", "xlsx")
DAY = "2026-11-20"
FIRST, THEN, LAST = f"{DAY}T09:00:00", f"{DAY}T10:00:00", f"{DAY}T11:00:00"
"""When a firm is prepared, when a command is cut off, and when it is given again."""
RUN_ID = re.compile(rb"20\d{6}-\d{6}-[0-9a-f]{8,12}")
LIVE = '[rollout]\nmode = "live"\nstart_date = 2020-01-01\n'
MEMORY = """\
from goodword import hookimpl
from goodword.testing import memory_spec

@hookimpl
def goodword_connector():
    return memory_spec(batch=4)
"""
HEAD = ("Name", "Email", "Total Spent", "Last Job", "Referred By", "NPS")
PEOPLE = [
    (f"Pat {name}", f"{name.lower()}@list.example", "$900.00", "3/15/2026", "", "10")
    for name in ("Quill", "Brandt", "Moss", "Field", "Lane")
]
NAMES = re.compile(r"pat |quill|brandt|moss|@list\.example", re.IGNORECASE)
"""Finds any of the firm's people in a text."""
Order = dict[str, Any]


# ---------------------------------------------------------------------- in the process that may die


def verb_of(name: str) -> Callable[[Firm, Order], object]:
    """Return what carries out a command and tells about it."""
    return {
        "plan": _planned,
        "sync": lambda firm, _: _told(run.sync(firm)[1]),
        "apply": lambda firm, _: _told(run.apply(firm)),
        "undo": lambda firm, _: _told(undoing.undo(firm)),
        "forget": lambda firm, order: run.forget(firm, order["who"]),
        "look": look,
    }[name]


def _told(report: Any) -> Order:
    return {"exit_code": report.exit_code, "error": report.error, "failures": report.failures}


def look(firm: Firm, _: Order) -> Order:
    """Open everything as it lies and tell what it holds."""
    said: Order = {"host": host_state(firm.folder), "ledger": []}
    if firm.state.ledger.exists():
        with closing(Ledger(firm.state.ledger)) as ledger:
            ledger.verify()
            rows = ledger._db.execute("SELECT kind, contact_id, state FROM writes")
            said["ledger"] = sorted(list(row) for row in rows)
    firm.mirror.load()
    firm.state.load_plan()
    said["people"] = _people(firm)
    return said


def _planned(firm: Firm, _: Order) -> list[list[str]]:
    """Make a plan and tell what it holds; after a complete run that is nothing."""
    return sorted([action.kind, action.contact_id] for action in run.plan(firm).actions)


def _people(firm: Firm) -> list[str]:
    """Return the ids of everybody in any snapshot on disk; a table cut short tells nothing."""
    import polars

    found: set[str] = set()
    for path in firm.state.mirror.rglob("contacts*.parquet"):
        with suppress(polars.exceptions.PolarsError):
            found |= set(polars.read_parquet(path)["contact_id"].to_list())
    return sorted(found)


def host_state(folder: Path) -> Order:
    """Return what the host holds, without what differs from run to run, as plain values."""
    path = folder / "host.json"
    if path.exists():
        host = MemoryConnector(path=path)
        tasks = [{**task, "remote_id": "", "run_id": ""} for task in host.tasks()]
        held = (sorted(tasks, key=str), sorted(host.rows("own_fields"), key=str))
        said: Order = json.loads(json.dumps({"host": held}, default=str))
        return said
    return {
        path.name: _content(path)
        for path in sorted(folder.iterdir())
        if path.is_file() and path.suffix in (".csv", ".xlsx")
    }


def _content(path: Path) -> object:
    """Return the bytes of a file, or of each part of a workbook, run ids blotted out."""
    data = path.read_bytes()
    if path.suffix != ".xlsx":
        return _blotted(data)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: _blotted(book.read(name)) for name in book.namelist()}


def _blotted(data: bytes) -> str:
    return RUN_ID.sub(b"RUN", data).decode("latin-1")


# ---------------------------------------------------------------------- in the test


@dataclass
class Ended:
    """How an order ended: exit code or minus the signal, its steps, its answer if it lived."""

    code: int
    steps: list[str]
    answers: list[Order] = field(default_factory=list)

    @property
    def error(self) -> Order:
        """What the last command was refused with, or nothing."""
        return self.answers[-1].get("error", {}) if self.answers else {}

    @property
    def said(self) -> Any:
        """What the last command told."""
        return self.answers[-1]["said"]


@dataclass
class Lab:
    """Where firms are prepared, run and killed."""

    root: Path
    process: subprocess.Popen[str]

    def order(self, verbs: str, folder: Path, now: str = THEN, **more: object) -> Ended:
        """Carry out commands in a process of its own."""
        answer, log = self.root / "answer.json", self.root / "steps.log"
        answer.unlink(missing_ok=True)
        order = {"verbs": verbs.split(), "folder": str(folder), "now": now, **more}
        order |= {"answer": str(answer), "log": str(log)}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        steps = log.read_text(encoding="utf-8").splitlines()
        said = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else []
        for one in said:
            assert "fault" not in one, (verbs, one["trace"])
        return Ended(code, steps, said)

    def done(self, verbs: str, folder: Path, now: str = THEN, **more: object) -> Ended:
        """Carry out commands that must go well."""
        ended = self.order(verbs, folder, now, **more)
        refused = [one["error"] for one in ended.answers if "error" in one]
        assert ended.code == 0, (verbs, ended.code)
        assert not refused, (verbs, refused)
        return ended

    def copy(self, prepared: Path, name: str) -> Path:
        """Return a fresh copy of a prepared firm."""
        target = self.root / "trials" / name
        shutil.rmtree(target, ignore_errors=True)
        return Path(shutil.copytree(prepared, target, symlinks=True))

    def prepared(self, kind: str, stage: str) -> Path:
        """Return a firm as it is before *stage*: before its first sync, apply, undo or forget."""
        folder = self.root / f"{kind}-{stage}"
        if not folder.exists():
            folder.mkdir(parents=True)
            _write_firm(folder, kind)
            if stage not in ("plan", "sync"):
                self.done("plan", folder, FIRST)
            if stage in ("undo", "forget"):
                self.done("apply", folder, FIRST)
        return folder


@contextmanager
def open_lab(root: Path) -> Iterator[Lab]:
    """Start the process that carries out orders, with the plugins of tests installed."""
    site = root / "site"
    _install(site, "csv", "goodword_csv")
    _install(site, "kept", "goodword_kept")
    (site / "goodword_kept.py").write_text(MEMORY, encoding="utf-8")
    paths = os.pathsep.join(map(str, (site, *PATHS)))
    process = subprocess.Popen(
        [sys.executable, str(HERE / "killed_run.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Python's own files of compiled modules are no step of a run.
        env={
            **os.environ,
            **{"PYTHONPATH": paths, "POLARS_MAX_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        },
    )
    try:
        with process:
            yield Lab(root, process)
            assert process.stdin is not None
            process.stdin.close()
    finally:
        process.kill()


def who_is_asked(folder: Path) -> str:
    """Return a contact the firm's latest plan has a task for."""
    plan = Firm(folder, today=date.fromisoformat(DAY)).state.load_plan()
    assert plan is not None
    return next(a.contact_id for a in plan.actions if a.kind == "create_task")


def _install(site: Path, name: str, module: str) -> None:
    """Announce a plugin as an installed distribution does."""
    info = site / f"{name}_for_tests-1.0.dist-info"
    info.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {name}-for-tests\nVersion: 1.0\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[goodword]\n{name} = {module}\n", encoding="utf-8")


def _write_firm(folder: Path, kind: str) -> None:
    """Write the files of a firm that is live and has planned nothing yet."""
    if kind == "memory":
        settings = '[connector]\nname = "memory"\n[plugins]\nenabled = ["kept"]\n'
        (folder / "goodword.toml").write_text(settings + LIVE, encoding="utf-8")
        people = [f"p{number}" for number in range(5)]
        yesterday = date.fromisoformat(DAY) - timedelta(days=1)
        MemoryConnector(
            {
                "contacts": [person(who) for who in people],
                "feedback": [happy(who, yesterday) for who in people],
            },
            path=folder / "host.json",
        )
        return
    path = folder / f"customers.{kind}"
    if kind == "csv":
        rows = [HEAD, *PEOPLE]
        path.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    else:
        _write_workbook(path)
    arguments = ["--folder", str(folder), "init", str(path), "--yes"]
    done = CliRunner().invoke(make_app(), arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    shutil.rmtree(folder / ".goodword", ignore_errors=True)
    toml = folder / "goodword.toml"
    text = re.sub(r"(?ms)^\[rollout\]\n.*?(?=^\[|\Z)", LIVE, toml.read_text(encoding="utf-8"))
    toml.write_text(text, encoding="utf-8")


def _write_workbook(path: Path) -> None:
    """Write the list as a workbook with the fewest parts there may be."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in row) + "</row>"
        for row in (HEAD, *PEOPLE)
    )
    office = "http://schemas.openxmlformats.org"
    sheet_type = f"{office}/officeDocument/2006/relationships"
    package = f"{office}/package/2006"
    main = f"{office}/spreadsheetml/2006/main"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts: Mapping[str, str] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{sheet_type}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{sheet_type}"><sheets>'
        '<sheet name="Customers" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{sheet_type}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData>'
        "</worksheet>",
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>{text}')


def moment(text: str) -> datetime:
    """Return a moment of a firm's day, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
