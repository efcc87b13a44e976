"""What commands really print: each session runs in a fresh folder when the pages are made."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from reference.house import ROOT
from reference.markdown import block

EXAMPLES = ROOT / "docs" / "examples"
PLUGIN = ROOT / "plugins" / "csv"
WIDTH = "96"
"""Columns of the terminal on these pages."""
_START = "import sys; from goodword.cli import main; sys.argv[0] = 'goodword'; main()"
_VARYING = (
    (re.compile(r"\b\d{8}-\d{6}-[0-9a-f]{8,16}\b"), "20261120-090000-3f9a1c07"),
    (re.compile(r"(?<![\d-])(\d{8})-[0-9a-f]{8}\b"), r"\1-5c1d9e07"),
    (re.compile(r"pulled \d{4}-\d\d-\d\d \d\d:\d\d UTC"), "pulled 2026-11-20 09:00 UTC"),
)
"""Ids and times that differ from run to run, and what stands for them here."""
_FAILED = 1


FIRST_DAY = {
    "init": 'goodword init customers.csv --firm "Marsh Street Plumbing" --yes',
    "plan": "goodword plan --today 2026-11-20",
    "why": 'goodword why "Ida Marsh" --today 2026-11-20',
    "live": "goodword rollout live",
    "apply": "goodword apply --today 2026-11-20",
    "undo": "goodword undo",
}
"""The first day of a firm that has one list, step by step; each step needs those before it."""
LEFT_OUT = ("Held back", "Waiting for room", "Worth knowing", "Cannot check")
"""Parts of a plan that the short form of the demo leaves out."""


def demo(*, short: bool = False) -> str:
    """Return what ``goodword demo`` prints; *short* leaves parts of the plan out and says so."""
    text = _printed(("goodword demo",))[0]
    if short:
        parts = text.split("\n\n")
        kept = [part for part in parts if not part.startswith(LEFT_OUT)]
        place = next(n for n, part in enumerate(kept) if part.startswith("Nothing was written"))
        missing = [name for name in LEFT_OUT if any(part.startswith(name) for part in parts)]
        kept.insert(place, f"[left out here: {', '.join(missing)}]")
        text = "\n\n".join(kept)
    return block(text, "text")


def example_file(name: str, language: str) -> str:
    """Return the content of one of the example files."""
    return block((EXAMPLES / name).read_text(encoding="utf-8"), language)


def first_day(step: str) -> str:
    """Return one step of ``FIRST_DAY``, the command and what it prints."""
    number = list(FIRST_DAY).index(step)
    printed = _printed(tuple(FIRST_DAY.values()))[number]
    return block(f"$ {FIRST_DAY[step]}\n{printed}", "text")


@cache
def _printed(commands: tuple[str, ...]) -> tuple[str, ...]:
    """Return what each command prints, run one after the other in a fresh folder.

    Raises:
        RuntimeError: A command failed; its messages are shown.
    """
    with tempfile.TemporaryDirectory() as scratch:
        firm = Path(scratch).resolve() / "firm"
        firm.mkdir()
        for path in sorted(EXAMPLES.glob("*.csv")):
            shutil.copy(path, firm)
        environment = _environment(Path(scratch))
        return tuple(_run(line, firm, environment) for line in commands)


def _run(line: str, folder: Path, environment: dict[str, str]) -> str:
    arguments = shlex.split(line)[1:]
    done = subprocess.run(  # noqa: S603 - our own command line, with arguments of our own pages
        [sys.executable, "-c", _START, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode == _FAILED or "Traceback" in done.stderr:
        msg = f"{line} failed:\n{done.stdout}\n{done.stderr}"
        raise RuntimeError(msg)
    text = done.stdout.replace(f"{folder}{os.sep}", "").replace(str(folder), "this folder")
    for pattern, standing in _VARYING:
        text = pattern.sub(standing, text)
    return text.rstrip()


def _environment(scratch: Path) -> dict[str, str]:
    """Return an environment in which goodword finds its CSV plugin, also when not installed."""
    places = [str(ROOT / "core"), str(PLUGIN)]
    if not any(point.name == "csv" for point in entry_points(group="goodword")):
        places.append(str(_announced(scratch)))
    kept = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    return kept | {
        "PYTHONPATH": os.pathsep.join(places),
        "PYTHONIOENCODING": "utf-8",
        "COLUMNS": WIDTH,
        "NO_COLOR": "1",
        "TERM": "dumb",
    }


def _announced(scratch: Path) -> Path:
    """Return a folder that announces the CSV plugin of this checkout, as its wheel would."""
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [f"{name} = {module}" for name, module in project["entry-points"]["goodword"].items()]
    name, version = project["name"].replace("-", "_"), project["version"]
    folder = scratch / "announced" / f"{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {version}\n"
    (folder / "METADATA").write_text(metadata, encoding="utf-8")
    points = "\n".join(["[goodword]", *lines, ""])
    (folder / "entry_points.txt").write_text(points, encoding="utf-8")
    return folder.parent
