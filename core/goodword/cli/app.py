"""All commands together, and the way in and out of the program."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from goodword.cli import (
    adopt,
    apply,
    champions,
    demo,
    doctor,
    forget,
    history,
    init,
    install,
    launcher,
    pause,
    plan,
    plugins,
    pull,
    release,
    replace,
    report,
    rollout,
    schedule,
    start,
    status,
    sync,
    undo,
    why,
)
from goodword.cli import words as words_command
from goodword.cli.failures import Guarded, apologise
from goodword.cli.place import Chosen
from goodword.cli.screen import prepare_streams


def make_app() -> typer.Typer:
    """Return the command line, ready to run or to be documented."""
    app = typer.Typer(
        name="goodword",
        cls=Guarded,
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # plain help starts twice as fast, and reads well anywhere
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_before)
    app.command("start")(start.start)
    app.command("init")(init.init)
    app.command("install")(install.install)
    app.command("launcher")(launcher.launcher)
    app.command("doctor")(doctor.doctor)
    app.command("status")(status.status)
    app.command("pull")(pull.pull)
    app.command("plan")(plan.plan)
    app.command("report")(report.report)
    app.command("why")(why.why)
    app.command("champions")(champions.champions)
    app.add_typer(words_command.make_app(), name="words")
    app.command("rollout")(rollout.rollout)
    app.command("apply")(apply.apply)
    app.command("sync")(sync.sync)
    app.command("replace")(replace.replace)
    app.command("schedule")(schedule.schedule)
    app.command("pause")(pause.pause)
    app.command("resume")(pause.resume)
    app.command("undo")(undo.undo)
    app.command("release")(release.release)
    app.command("history")(history.history)
    app.command("forget")(forget.forget)
    app.command("adopt")(adopt.adopt)
    app.add_typer(plugins.make_app(), name="plugins")
    app.command("demo")(demo.demo)
    return app


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.disable()  # a command is short, and reference counts free what is large: a tenth faster
    prepare_streams()
    try:
        make_app()(prog_name="goodword")
    except Exception as error:
        apologise(error)
        sys.exit(1)


def _print_version(wanted: bool) -> None:
    """Print the version and leave, if that is what was asked."""
    if wanted:
        from goodword import __version__

        typer.echo(f"goodword {__version__}")
        raise typer.Exit


def _before(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Option("--folder", "-C", help="The firm's folder.", show_default=False),
    ] = None,
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            help="Use the settings of [profile.NAME] and their own state.",
            metavar="NAME",
            envvar="GOODWORD_PROFILE",
            show_default=False,
        ),
    ] = "",
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Ask the right customer for a good word at the right moment.

    Start with: goodword init customers.xlsx, then goodword plan. Or look first: goodword demo.
    """
    ctx.obj = Chosen(folder, profile)
