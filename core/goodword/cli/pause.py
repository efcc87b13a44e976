"""``goodword pause`` and ``goodword resume``: stop all writing, or one rep's part."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from goodword.cli.options import Folder, Today, a_day
from goodword.cli.people import the_rep
from goodword.cli.place import goodword, open_firm
from goodword.cli.screen import at_work, show
from goodword.errors import SettingsError

if TYPE_CHECKING:
    from goodword.firm import Firm

Rep = Annotated[
    str | None,
    typer.Option("--owner", help="Only this rep's customers (id or name).", show_default=False),
]


def pause(
    ctx: typer.Context,
    owner: Rep = None,
    until: Annotated[
        date | None,
        typer.Option(
            "--until",
            help="First day on which writing goes on by itself.",
            parser=a_day,
            metavar="DAY",
            show_default=False,
        ),
    ] = None,
    close_open: Annotated[
        bool, typer.Option("--close-open", help="First close our open asks nobody has touched.")
    ] = False,
    folder: Folder = None,
    today: Today = None,
) -> None:
    """Stop all writing until you resume.

    A run at work stops before its next batch. It is a file named PAUSE in the firm's folder:
    making one by hand does the same.
    """
    from goodword import looking
    from goodword.cli.pause_file import pause_everything, pause_owner

    firm = open_firm(ctx, folder, today)
    if until is not None and until <= firm.as_of:
        msg = "--until names a day that is not to come."
        raise SettingsError(msg, hint="It is the first day on which writing goes on.")
    rep = the_rep(firm, owner) if owner is not None else None
    if close_open and looking.mode_of(firm) == "shadow":
        _close(firm, rep)  # refuses: nothing of ours is open there
    if rep is None:  # first of all the pause stands; then what is open may take its time
        pause_everything(firm.folder, until)
    else:
        pause_owner(firm.folder, rep, until, firm.as_of)
    code = _close(firm, rep) if close_open else 0
    _tell(firm)
    show(_end(firm, owner, until))
    if code:
        raise typer.Exit(code)


def resume(
    ctx: typer.Context, owner: Rep = None, folder: Folder = None, today: Today = None
) -> None:
    """End a pause: of everything, or of one rep.

    Reps who were paused by name stay so when the pause of everything ends; resume once more, or
    name them.
    """
    from goodword.cli.pause_file import resume_everything, resume_owner
    from goodword.pauses import read_pauses

    firm = open_firm(ctx, folder, today)
    before = read_pauses(firm.folder)
    if not before.everything and not before.owners:
        show("Nothing is paused.")
        return
    if owner is not None:
        resume_owner(firm.folder, _paused_rep(firm, owner), firm.as_of)
    else:
        resume_everything(firm.folder, firm.as_of)
    _tell(firm)
    show(f"Next: {goodword(firm, 'plan')}")


def _close(firm: Firm, rep: str | None) -> int:
    """Close our open asks, show it, and return the exit code."""
    from goodword.closing import close_open
    from goodword.report import run_page

    with at_work(firm, "Closing"):
        report = close_open(firm, rep)
    show(run_page(report, "pause"), "")
    return report.exit_code


def _tell(firm: Firm) -> None:
    """Show what is paused now."""
    from goodword.pauses import read_pauses

    told = read_pauses(firm.folder).words(firm.as_of)
    show(*(line.replace(f" until {date.max}", "") for line in told or ("Nothing is paused.",)))


def _paused_rep(firm: Firm, owner: str) -> str:
    """Return the id of the rep meant; one who left the list is found in the pause itself."""
    from goodword.pauses import read_pauses

    return owner if owner in read_pauses(firm.folder).owners else the_rep(firm, owner)


def _end(firm: Firm, owner: str | None, until: date | None) -> str:
    go_on = goodword(firm, "resume" if owner is None else "resume --owner REP")
    return f"To go on{' before that' if until else ''}: {go_on}"
