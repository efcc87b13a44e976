"""``goodword start``: the whole way for somebody who never types a command."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from goodword.cli.known_firms import data_folder, remember_firm
from goodword.cli.options import Folder, Today
from goodword.cli.place import FILE, chosen, named_folder
from goodword.cli.questions import asked_yes
from goodword.cli.screen import a_person_watches, at_work, show, tell
from goodword.cli.which_firm import asked_export, asked_list, firm_beside, firm_of
from goodword.errors import SettingsError, SourceError, UsageError

if TYPE_CHECKING:
    from datetime import date

    from goodword.firm import Firm
    from goodword.host_files import HostFiles
    from goodword.model import Plan

V = TypeVar("V")


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
    home = firm_beside(given, named)
    if not named and (home / FILE).is_file():
        known = _files(_firm(home, today))
        named = asked_export(known.written) if known is not None else []
    elif not named:
        named = [asked_list()]
        home = firm_beside(given, named)
    if not (home / FILE).is_file():
        home = firm_of(home, named) if given is None else home
    if not (home / FILE).is_file():
        _set_up(home, named)
    elif named:
        _take(home, named, today)
    remember_firm(data_folder(), home)
    _week(home, today)


def _set_up(home: Path, named: list[Path]) -> None:
    from goodword.cli.launcher import launchers_here, write_launchers
    from goodword.cli.setting_up import SetUp, set_up
    from goodword.report import clean

    show(clean(f"Setting up goodword for {', '.join(path.name for path in named)}."))
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
    from goodword.report import clean

    files = _files(_firm(home, today))
    if files is None:
        return
    known = {path.resolve() for path in (*files.reads, files.opens)}
    for path in named:
        if not path.exists():
            msg = f"There is no file {str(path)!r}."
            raise SourceError(msg, hint="Check the name; quote it if it holds spaces.")
        if path.is_file() and path.resolve() not in known:
            name = clean(path.name)
            show(f"{name} is new here. Is it a fresh export? I compare it with your list.")
            _patiently(partial(_replaced, home, path, today))


def _replaced(home: Path, path: Path, today: date | None) -> None:
    from goodword.cli.replace import Wish, put_in_place

    put_in_place(_firm(home, today), Wish(path))


def _week(home: Path, today: date | None) -> None:
    """Show the week's list, write it if that is wanted, and open it."""
    from goodword import run
    from goodword.cli.plan import page_of
    from goodword.pauses import read_pauses
    from goodword.report import clean, run_page

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
        show(f"take the file PAUSE out of {clean(home)}, or say goodword resume.")
        return
    if not _agreed(made, files):
        show("Nothing was written.")
        raise typer.Exit(1)
    _allow(home, made)

    def written() -> int:
        again = _firm(home, today)
        with at_work(again, "Writing"):
            report = run.apply(again, made.plan_id)
        show("", run_page(report, "apply"))
        return report.exit_code

    code = _patiently(written)
    _open(_files(firm))
    if code:
        raise typer.Exit(code)


def _agreed(made: Plan, files: HostFiles | None) -> bool:
    """Ask whether the plan may be written, with what that means the first time."""
    from goodword.report import clean, counted

    tasks = sum(action.kind == "create_task" for action in made.actions)
    what = f"these {counted(tasks, 'task')}" if tasks else "these changes"
    where = clean(files.written.name) if files else "your CRM"
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
    from goodword.report import clean

    if files is None:
        return
    if opened(files.opens):
        show(clean(f"Opening {files.opens.name} …"))
    else:
        show(clean(f"Your list: {files.opens}"))


def _files(firm: Firm) -> HostFiles | None:
    """Return the firm's files, where its host is files."""
    files = firm.spec.files
    return None if files is None else files(firm.connector_settings(), firm.folder)


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
