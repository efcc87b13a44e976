"""``goodword report``: how the week and the practice stand, as one page; the host is not touched.

The page is kept in the state folder, readable by its owner only, and opened in the browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from goodword.cli.options import Folder, Json, Today
from goodword.cli.place import open_firm, program
from goodword.cli.screen import a_person_watches, at_work, show, show_json
from goodword.errors import SettingsError

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.reporting import Report

STDOUT = "-"


def report(
    ctx: typer.Context,
    browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Show the page in the browser.")
    ] = True,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            help="Write the page to this file instead; - prints it.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    folder: Folder = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Show how asking goes: this week, what came of it, and what would help.

    Made from the latest plan and what is on this computer; the host is not touched.
    """
    from goodword import reporting
    from goodword.cli.opening import opened
    from goodword.cli.page_file import require_ours, write_page

    firm = open_firm(ctx, folder, today)
    if to == STDOUT and json:
        msg = "--to - and --json would both print."
        raise SettingsError(msg, hint="Name a file for the page: --to report.html.")
    if to not in (None, STDOUT):
        require_ours(to)
    with at_work(firm, "Looking"):
        told = reporting.report(firm)
        page = _document(firm, told)
    if to == STDOUT:
        typer.echo(page, nl=False)
        return
    path = write_page(to, page) if to else firm.state.save_report(told.as_of, page)
    if json:
        show_json(told.model_dump(mode="json"))
        return
    show(f"Written: {path} (only you can read it)")
    if browser and a_person_watches() and not opened(path):
        show("Open it in your browser.")


def _document(firm: Firm, told: Report) -> str:
    from goodword.report import reasons_of
    from goodword.report.report_html import report_document

    return report_document(
        told,
        reasons_of(firm.book),
        caller=firm.settings.firm.caller,
        program=program(firm),
    )
