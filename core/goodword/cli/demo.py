"""``goodword demo``: the whole way on an invented firm, in a folder of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodword.cli.demo_folder import lay_out, remember
from goodword.cli.file_connectors import connector_with
from goodword.cli.plan import page_of
from goodword.cli.screen import at_work, show
from goodword.errors import GoodwordError

if TYPE_CHECKING:
    from goodword.connector import ConnectorSpec, Demo
    from goodword.firm import Firm
    from goodword.model import Plan


def demo(
    folder: Annotated[
        Path, typer.Option("--folder", "-C", help="Where to lay out the sample firm.")
    ] = Path("goodword-demo"),
    connector: Annotated[
        str | None,
        typer.Option("--connector", "--crm", help="Whose sample to use.", show_default=False),
    ] = None,
) -> None:
    """Show the whole way on an invented firm.

    Everything happens in a folder of its own, without network; delete it when you have seen it.
    """
    home = folder.resolve()
    spec = connector_with("demo", connector)
    sample = lay_out(home, spec)
    try:
        _walk_through(home, folder, spec, sample)
        if sample.close and sys.stdin.isatty():
            told = (
                "The CRM of this demo runs on this computer until you press Enter here. Until then"
            )
            show("", f"{told} the commands above work in a second window.")
            sys.stdin.readline()
    finally:
        if sample.close:
            sample.close()


def _walk_through(home: Path, folder: Path, spec: ConnectorSpec[Any], sample: Demo) -> None:
    """Plan the sample's week, apply it, and plan once more."""
    from goodword import run
    from goodword.firm import Firm
    from goodword.report import counted, run_page

    firm = Firm(home, today=sample.today)
    if spec.install is not None:
        _say("0. What goodword needs in the CRM is made; nothing of anybody else's is touched:")
        _install(firm, spec)
    _say(f"1. An invented firm is laid out in {folder}. goodword plans its week of {sample.today}:")
    with at_work(firm, "Planning"):
        made = run.plan(firm)
    show(page_of(firm, made))
    _show_host(sample, made, "This is what a rep sees there now of")
    _say("2. The plan is applied:")
    with at_work(firm, "Applying"):
        report = run.apply(firm)
    show(run_page(report, "apply"))
    remember(home, sample.leaves)
    _show_host(sample, made, "This is what the rep sees there then of")
    _say("3. Planned once more, on the same day:")
    later = Firm(home, today=sample.today)
    with at_work(later, "Planning"):
        again = run.plan(later)
    count = len(again.actions)
    show(f"{counted(count, 'action')}: what is written is not written again.")
    if sample.close is None or sys.stdin.isatty():
        _say("Look at it yourself:")
        leaves = (f"  open {_shown(path)}" for path in sample.leaves)
        show(*leaves, *_examples(made, folder, sample))
    else:
        show("", "The CRM of this demo ran on this computer, and ends now.")
    if count:
        msg = "The second plan of the demo is not empty."
        raise GoodwordError(msg, hint="Please report this to the authors of goodword.")


def _install(firm: Firm, spec: ConnectorSpec[Any]) -> None:
    from goodword.connector import Workplace
    from goodword.report import install_page

    if spec.install is not None:
        account = firm.settings.connector.account
        work = Workplace(firm.folder, firm.state.folder, "install", firm.as_of, account)
        show(install_page(spec.install(firm.connector_settings(), work, "apply")))


def _show_host(sample: Demo, made: Plan, title: str) -> None:
    """Show what a rep sees at the host of the first person who gets a task."""
    first = next((one for one in made.actions if one.kind == "create_task"), None)
    if sample.shows is not None and first is not None:
        _say(f"{title} {first.contact_name}:")
        show(*(sample.shows(first.contact_id) or ["  nothing of goodword"]))


def _say(text: str) -> None:
    from rich.text import Text

    show("", Text(text, style="bold cyan"), "")


def _examples(made: Plan, folder: Path, sample: Demo) -> list[str]:
    """Return commands worth trying, about people of this very plan."""
    named = [action.contact_name for action in made.actions if action.kind == "create_task"]
    held = [waiting.contact_name for waiting in made.backlog]
    option = f"--folder {folder}"
    dated = f"{option} --today {sample.today}"
    lines = [f'  goodword why "{name}" {dated}' for name in (*named[:1], *held[:1])]
    lines += [f'  goodword words preview "{name}" {dated}' for name in named[:1]]
    return [*lines, f"  goodword undo {option}"]


def _shown(path: Path) -> str:
    """Return *path* as seen from here, where it is below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
