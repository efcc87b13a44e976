"""``goodword sync``: plan and apply in one go, for runs nobody watches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from goodword.cli.apply import finish
from goodword.cli.options import Folder, Json, Today
from goodword.cli.place import goodword, open_firm
from goodword.cli.plan import page_of
from goodword.cli.screen import at_work, show, show_json, tell
from goodword.errors import GoodwordError

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.model import Plan, RunReport


def sync(
    ctx: typer.Context,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="One line of counts, without names, for a log.")
    ] = False,
    folder: Folder = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Read, plan and write in one go.

    Where the plan is unusually large, or much of your data is missing, nothing is written: the plan
    waits for a person, and the exit code is 3.
    """
    from goodword import run

    firm = open_firm(ctx, folder, today)
    try:
        with at_work(firm, "Working"):
            made, report = run.sync(firm)
    except GoodwordError:
        if quiet:  # so that a log says when; the message itself follows on stderr
            show(f"{firm.clock():%Y%m%d-%H%M%S} sync: failed, see the next lines")
        raise
    if json:
        both = {"plan": made.model_dump(mode="json"), "run": report.model_dump(mode="json")}
        show_json(both)
    elif quiet:
        _log(firm, made, report)
    else:
        show(page_of(firm, made, asked=bool(report.stopped)))
        finish(firm, report, json=False, verb="sync")
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def _log(firm: Firm, made: Plan, report: RunReport) -> None:
    """Print one line of counts, and on stderr what a person has to see to; no names in either."""
    from goodword.pauses import read_pauses
    from goodword.report import quiet_line

    show(quiet_line(report, made.mode))
    for reason in report.stopped:
        tell(reason, f"{goodword(firm, 'plan')} shows it; then apply.", style="bold yellow")
    if report.failures or report.dropped:
        missing = len(report.failures) + len(report.dropped)
        hint = f"{goodword(firm, 'plan')} plans again what is missing."
        tell(f"{missing:,} actions of the plan were not written.", hint, style="bold yellow")
    if read_pauses(firm.folder).whole(firm.as_of):
        tell("Paused: nothing was written.", f"To go on: {goodword(firm, 'resume')}", style="bold")
