"""``goodword plugins``: which are there, what each adds; and a start for one of your own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodword.cli.options import Folder, Json
from goodword.cli.place import open_firm
from goodword.cli.screen import show, show_json, warn_of_broken_plugins

if TYPE_CHECKING:
    from goodword.firm import Firm


def make_app() -> typer.Typer:
    """Return the group of commands about plugins."""
    app = typer.Typer(
        help="List the plugins and what they add; start a new one.",
        rich_markup_mode=None,
    )
    app.callback(invoke_without_command=True)(plugins)
    app.command("new")(new)
    return app


def plugins(
    ctx: typer.Context,
    facts: Annotated[bool, typer.Option("--facts", help="List every fact rules can read.")] = False,
    hooks: Annotated[bool, typer.Option("--hooks", help="List every hook, with answers.")] = False,
    rules: Annotated[bool, typer.Option("--rules", help="List every rule and its source.")] = False,
    folder: Folder = None,
    json: Json = False,
) -> None:
    """List the plugins, or the facts, hooks and rules they add."""
    if ctx.invoked_subcommand is not None:
        return
    from goodword import report
    from goodword.cli import inventory

    firm = _firm(ctx, folder)
    _ = firm.book  # a plugin whose rules do not fit shows as broken
    listings = {
        "facts": (facts, inventory.facts, report.facts_page),
        "hooks": (hooks, inventory.hooks, report.hooks_page),
        "rules": (rules, inventory.rules, report.rules_page),
    }
    wanted = {name: parts[1:] for name, parts in listings.items() if parts[0]}
    wanted = wanted or {"plugins": (inventory.plugins, report.plugins_page)}
    answers = {name: gather(firm) for name, (gather, _) in wanted.items()}
    warn_of_broken_plugins(firm)
    if json:
        show_json(answers)
    else:
        show(*(page(answers[name]) for name, (_, page) in wanted.items()))


def new(
    name: Annotated[str, typer.Argument(help="Name of the plugin, such as loyalty.")],
    into: Annotated[
        Path, typer.Option("--into", help="Where to put it.", show_default="this folder")
    ] = Path(),
) -> None:
    """Start a plugin: an installable folder with one rule and a passing test."""
    from goodword.cli.new_plugin import write_plugin

    made = write_plugin(name, into)
    show(
        f"Made {made}: one rule, one test.",
        f"  try it      cd {made} && python -m pip install -e . pytest && python -m pytest",
        f'  switch on   [plugins] enabled = ["{name}"] in goodword.toml',
        "  see it      goodword plugins --rules",
    )


def _firm(ctx: typer.Context, folder: Path | None) -> Firm:
    """Return the firm here, or one with default settings where there is none."""
    from goodword.cli.place import FILE, named_folder
    from goodword.settings import Settings

    firm = open_firm(ctx, folder)
    if named_folder(ctx, folder) is None and not (firm.folder / FILE).is_file():
        firm.settings = Settings()
    return firm
