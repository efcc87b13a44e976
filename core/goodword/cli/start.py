"""``goodword start``: the whole way for somebody who never types a command."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from goodword.cli.known_firms import data_folder, known_firms, remember_firm
from goodword.cli.options import Folder, Today
from goodword.cli.place import FILE, chosen, named_folder
from goodword.cli.questions import asked_line, asked_yes
from goodword.cli.screen import a_person_watches, at_work, show, tell
from goodword.errors import SettingsError, SourceError, UsageError

if TYPE_CHECKING:
    from datetime import date

    from goodword.firm import Firm
    from goodword.host_files import HostFiles
    from goodword.model import Plan

V = TypeVar("V")
ASKED_ABOUT = 3
"""Most firms a person is asked about, when a file lies far from any."""


def start(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Your customer list, or a fresh export of it.", show_default=False),
    ] = None,
    folder: Folder = None,
    today: Today = None,
) -> None:
    """Do the week's work in plain words: set up, show the list, write it, open it.

    Asks before each step that lasts. For scripts there are init --yes, plan and apply.
    """
    if not a_person_watches():
        msg = "goodword start asks questions, and nobody can answer here."
        raise UsageError(msg, hint="In a script: goodword init --yes, then plan and apply.")
    if chosen(ctx).profile:
        msg = "start is about the firm itself, not a profile of it."
        raise SettingsError(msg, hint="Leave out --profile.")
    named = [path.absolute() for path in files or []]
    given = named_folder(ctx, folder)
    home = _home(given, named)
    if not named and (home / FILE).is_file():
        named = _something_else(_files(_firm(home, today)))
    elif not named:
        named = [_asked_file("Drop it on this window, or type where it is, and press Enter")]
        home = _home(given, named)
    if not (home / FILE).is_file():
        home = _firm_of(home, named) if given is None else home
    if not (home / FILE).is_file():
        _set_up(home, named)
    elif named:
        _take(home, named, today)
    remember_firm(data_folder(), home)
    _week(home, today)


def _home(given: Path | None, named: list[Path]) -> Path:
    """Return the firm's folder: the one given, else that with settings nearest to the file."""
    if given is not None:
        return given
    first = named[0] if named else Path.cwd()
    beside = first if first.is_dir() else first.parent
    return next((place for place in (beside, *beside.parents) if (place / FILE).is_file()), beside)


def _asked_file(question: str) -> Path:
    """Ask for the customer list; dropped on the window, it arrives as a typed path."""
    show("Where is your customer list? An Excel file (XLSX) or a CSV file.")
    while True:
        path = dropped(asked_line(question), windows=sys.platform == "win32")
        if path is not None and path.exists():
            return path.absolute()
        show("I find no such file. Try again, or close this window.")


def _something_else(files: HostFiles | None) -> list[Path]:
    """Ask whether to go on with the list, or with a fresh export of it."""
    if files is None:
        return []
    show(f"Your list: {files.written}")
    while True:
        line = asked_line("Press Enter to go on, or drop a fresh export on this window first")
        path = dropped(line, windows=sys.platform == "win32")
        if path is None:
            return []
        if path.is_file():
            return [path.absolute()]
        show("I find no such file. Try again, or just press Enter.")


def _firm_of(home: Path, named: list[Path]) -> Path:
    """Return the firm that files far from any are a fresh export of; *home* if they are of none."""
    if any(path.is_dir() for path in named):
        return home
    names = ", ".join(path.name for path in named)
    for firm in known_firms(data_folder())[:ASKED_ABOUT]:
        if asked_yes(f"Is {names} a fresh export for the firm in {firm}?", default=False):
            return firm
    return home


def dropped(line: str, *, windows: bool) -> Path | None:
    """Return the path a terminal types for a file that is dropped on it; None for no path.

    Args:
        line: What was typed: in quotes, or elsewhere than on Windows with a backslash before signs.
        windows: Backslashes stand between folders.
    """
    text = line.strip()
    if not text:
        return None
    if windows:
        text = text.removeprefix("& ").strip("\"'")
        return Path(text) if text else None
    if Path(text).expanduser().exists():
        return Path(text).expanduser()
    try:
        parts = shlex.split(text)
    except ValueError:  # a quote that is not closed
        return None
    return Path(parts[0]).expanduser() if len(parts) == 1 else None


def _set_up(home: Path, named: list[Path]) -> None:
    from goodword.cli.launcher import launchers_here, write_launchers
    from goodword.cli.setting_up import SetUp, set_up

    show(f"Setting up goodword for {', '.join(path.name for path in named)}.")
    show(
        "Your files are only read for now. A few questions first; Enter takes what is in brackets."
    )
    show("")
    _patiently(lambda: set_up(home, SetUp(named, ask=True)))
    names = launchers_here()
    if all((home / name).exists() for name in names):
        return
    if asked_yes(f'Put an icon, "{names[-1]}", beside it for the next time?', default=True):
        write_launchers(home, names)


def _take(home: Path, named: list[Path], today: date | None) -> None:
    """Take files that were dropped on a firm: its own list, or a fresh export of it."""
    from goodword.cli.replace import Wish, put_in_place

    files = _files(_firm(home, today))
    if files is None:
        return
    known = {path.resolve() for path in (*files.reads, files.opens)}
    for path in named:
        if not path.exists():
            msg = f"There is no file {str(path)!r}."
            raise SourceError(msg, hint="Check the name; quote it if it holds spaces.")
        if path.is_file() and path.resolve() not in known:
            show(f"{path.name} is new here. Is it a fresh export? I compare it with your list.")
            put_in_place(_firm(home, today), Wish(path))


def _week(home: Path, today: date | None) -> None:
    """Show the week's list, write it if that is wanted, and open it."""
    from goodword import run
    from goodword.cli.plan import page_of
    from goodword.pauses import read_pauses
    from goodword.report import run_page

    def planned() -> Plan:
        firm = _firm(home, today)
        with at_work(firm, "Reading your list"):
            return run.plan(firm)

    made = _patiently(planned)
    firm = _firm(home, today)
    show("", page_of(firm, made, asked=False))
    files = _files(firm)
    if not made.actions:
        show("There is nothing to write: everything is as it should be.")
        _open(files)
        return
    if read_pauses(home).whole(firm.as_of):
        show("goodword is paused, so nothing is written now. It goes on once the pause ends:")
        show(f"take the file PAUSE out of {home}, or say goodword resume.")
        return
    if not _agreed(made, files):
        show("Nothing was written.")
        raise typer.Exit(1)
    _allow(home, made)

    def written() -> None:
        again = _firm(home, today)
        with at_work(again, "Writing"):
            report = run.apply(again, made.plan_id)
        show("", run_page(report, "apply"))
        if report.exit_code:
            raise typer.Exit(report.exit_code)

    _patiently(written)
    _open(_files(firm))


def _agreed(made: Plan, files: HostFiles | None) -> bool:
    """Ask whether the plan may be written, with what that means the first time."""
    from goodword.report import counted

    tasks = sum(action.kind == "create_task" for action in made.actions)
    what = f"these {counted(tasks, 'task')}" if tasks else "these changes"
    where = files.written.name if files else "your CRM"
    if made.mode == "shadow":
        show(f"So far goodword only reads. A yes lets it write into {where}, now and later:")
        show("only columns of its own and a task list, each time after it has asked you.")
        show("A backup is made first.")
    return asked_yes(f"Write {what} into {where}?", default=False)


def _allow(home: Path, made: Plan) -> None:
    """Let the firm write, if it may only look so far."""
    from goodword.cli.rollout_setting import write_rollout

    if made.mode == "shadow":
        write_rollout(home, "", "live", {})


def _open(files: HostFiles | None) -> None:
    from goodword.cli.opening import opened

    if files is None:
        return
    if opened(files.opens):
        show(f"Opening {files.opens.name} …")
    else:
        show(f"Your list: {files.opens}")


def _files(firm: Firm) -> HostFiles | None:
    """Return the firm's files, where its host is files."""
    from goodword.settings import validated

    spec = firm.spec
    if spec.files is None:
        return None
    section = firm.settings.plugin.get(spec.name, {})
    model = validated(spec.settings, section, f"{FILE}, [plugin.{spec.name}]")
    return spec.files(model, firm.folder)


def _firm(home: Path, today: date | None) -> Firm:
    from goodword.firm import Firm

    return Firm(home, today=today)


def _patiently(do: Callable[[], V]) -> V:
    """Do it; where a file is in the way, such as one open in Excel, tell so and offer to retry."""
    while True:
        try:
            return do()
        except SourceError as error:
            tell(error.message, error.hint)
            if not asked_yes("Try again?", default=True):
                raise typer.Exit(1) from error
