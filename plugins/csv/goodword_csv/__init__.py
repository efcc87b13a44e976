"""goodword's connector for spreadsheets: CSV and XLSX files a firm already has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from goodword import (
    Capability,
    Connector,
    ConnectorSpec,
    Demo,
    Guess,
    HostFiles,
    Replacement,
    Workplace,
    hookimpl,
)
from goodword_csv.headers.wishes import WISHES
from goodword_csv.settings import CsvSettings

EVERYTHING_AT_ONCE = 1_000_000
"""All actions of a run are one batch: a file is replaced once, not once a page."""


@hookimpl
def goodword_connector() -> ConnectorSpec[CsvSettings]:
    """Announce the connector; nothing is opened or imported yet."""
    return ConnectorSpec(
        name="csv",
        settings=CsvSettings,
        capabilities=frozenset(
            {Capability.FIELDS, Capability.TASKS, Capability.RESTORE, Capability.FORGET}
        ),
        open=_open,
        batch=EVERYTHING_AT_ONCE,
        guess=_guess,
        demo=_demo,
        wishes=WISHES,
        files=_files,
        replace=_replace,
        former=_former,
    )


def _open(settings: CsvSettings, work: Workplace) -> Connector:
    from goodword_csv.connector import SpreadsheetConnector

    return SpreadsheetConnector(settings, work)


def _guess(files: Sequence[Path], folder: Path) -> Guess:
    from goodword_csv.guessing.proposal import propose

    return propose(files, folder)


def _demo(folder: Path) -> Demo:
    from goodword_csv.demo import lay_out

    return lay_out(folder)


def _files(settings: CsvSettings, folder: Path) -> HostFiles:
    reads = dict.fromkeys(folder / source.file for source in settings.sources)
    written = folder / settings.customers.file
    beside = written.with_name(f"{written.stem}.tasks.csv")
    in_list = bool(settings.customers.sheet) or not beside.is_file()
    return HostFiles(tuple(reads), written, opens=written if in_list else beside)


def _former(settings: CsvSettings, work: Workplace, text: str) -> tuple[str, ...]:
    from goodword_csv.tasks.former_people import former_people

    return former_people(settings, work, text)


def _replace(
    settings: CsvSettings, work: Workplace, new: Path, of: str
) -> Replacement | tuple[str, ...]:
    from goodword_csv.replacing.replacement import replacement

    return replacement(settings, work, new, of)
