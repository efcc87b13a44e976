"""``goodword init``: from the files a firm has to its ``goodword.toml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodword.cli.file_connectors import connector_with, third_party
from goodword.cli.options import Folder
from goodword.cli.place import chosen, named_folder
from goodword.cli.screen import a_person_watches, show
from goodword.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from goodword.connector import ConnectorSpec, Guess

CARRIED = (
    *("rollout", "brakes", "notify", "caps", "ask", "calendar", "champions", "play"),
    *("engine", "extra", "profile"),
)
"""Sections that ``--force`` takes over from the old file as they are, beside ``[firm]``."""


def init(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(help="Spreadsheets, or a folder of them.", show_default=False)
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, just write.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace goodword.toml; the old one is kept.")
    ] = False,
    words: Annotated[
        bool, typer.Option("--words", help="Also copy the words of the tasks, to change them.")
    ] = False,
    firm: Annotated[
        str | None,
        typer.Option("--firm", help="The firm's name, as customers know it.", show_default=False),
    ] = None,
    connector: Annotated[
        str | None,
        typer.Option("--connector", help="Which connector reads them.", show_default=False),
    ] = None,
    folder: Folder = None,
) -> None:
    """Set up this folder from the spreadsheets you have.

    Shows how your files are understood, and asks. Your files are only read. What is written is
    goodword.toml, in this folder.
    """
    from goodword.cli.firm_file import FILE, OLD, refuse_to_overwrite, write_firm
    from goodword.report import guess_page

    if chosen(ctx).profile:
        msg = "init sets up the firm itself, not a profile of it."
        raise SettingsError(msg, hint="Leave out --profile; write [profile.NAME] by hand.")
    home = named_folder(ctx, folder) or Path.cwd()
    refuse_to_overwrite(home, force=force)
    before = _settings_before(home / FILE)
    _require_files(files)
    spec = connector_with("guess", connector)
    guess = guess_of(spec, files, home)
    show(guess_page(guess), "")
    ask = a_person_watches() and not yes
    if firm is None and ask and not {**guess.firm, **_section(before, "firm")}.get("name"):
        firm = typer.prompt(
            "Your firm's name, as customers know it", default="", show_default=False
        )
    if ask and not typer.confirm("Is that right? Then goodword.toml is written", default=True):
        show("Nothing was written. Change headers in the file, or name other files, and try again.")
        raise typer.Exit(1)
    settings = firm_settings(spec.name, guess, firm, account_of(home, spec, guess))
    replaced = (home / FILE).exists()
    kept, left = carried_over(before, settings, named=firm is not None)
    path = write_firm(home, kept, force=force)
    show(f"Written: {path}")
    if replaced:
        show(*_told_of_old(home / OLD, [name for name in kept if name in before], left))
    if words:
        from goodword.words import copy_words

        language = str(settings["firm"].get("language", "en"))
        show(f"Copied {len(copy_words(home / 'words', language))} files to {home / 'words'}")
    show(
        "Next: goodword plan. Nothing is written to your list until you say goodword rollout live."
    )


def guess_of(spec: ConnectorSpec[Any], files: Sequence[Path], home: Path) -> Guess:
    """Return what *spec* makes of the files.

    Raises:
        SettingsError: The connector reads no files.
    """
    if spec.guess is None:
        msg = f"The connector {spec.name!r} does not read files."
        raise SettingsError(msg, hint="Write goodword.toml by hand; see docs/settings.md.")
    return spec.guess([path.resolve() for path in files], home)


def firm_settings(
    connector: str, guess: Guess, name: str | None, account: str
) -> dict[str, dict[str, Any]]:
    """Return the settings to be written, the firm's own first."""
    firm = {"name": "", "caller": "", "language": "en", **guess.firm}
    if name is not None:
        firm["name"] = name
    sections: dict[str, dict[str, Any]] = {
        "firm": firm,
        "connector": {"name": connector, "account": account},
    }
    if third_party(connector):
        sections["plugins"] = {"enabled": third_party(connector)}
    return sections | {"plugin": {connector: dict(guess.settings)}}


def account_of(home: Path, spec: ConnectorSpec[Any], guess: Guess) -> str:
    """Return the id these files have as an account: the one used before, else the connector's."""
    from goodword.cli.firm_file import FILE
    from goodword.connector import Workplace
    from goodword.settings import validated
    from goodword.state import State

    before = _section(_settings_before(home / FILE), "connector")
    if before.get("name", spec.name) == spec.name and before.get("account"):
        return str(before["account"])
    model = validated(spec.settings, guess.settings, f"The guess of the connector {spec.name!r}")
    work = Workplace(home, State(home).folder, run_id="init", today=date.today())
    return str(spec.open(model, work).account)


def carried_over(
    before: Mapping[str, Any], fresh: Mapping[str, Any], *, named: bool
) -> tuple[dict[str, Any], list[str]]:
    """Return *fresh* settings with what an earlier file says, and the sections left behind.

    How the files are read comes from *fresh*; what a person decided (numbers, rules, the firm's
    own words) from *before*.

    Args:
        before: The earlier file.
        fresh: The settings just guessed.
        named: The firm's name was given anew, so it is not carried over.
    """
    kept = dict(fresh)
    for name, section in before.items():
        if name == "firm" and isinstance(section, Mapping):
            given = {"name": fresh["firm"]["name"]} if named else {}
            kept["firm"] = {**fresh["firm"], **section, **given}
        elif name in CARRIED:
            kept[name] = section
    fixed = {"version", "firm", "connector", "plugin", *CARRIED}
    return kept, [name for name in before if name not in fixed]


def _told_of_old(path: Path, sections: Sequence[str], left: Sequence[str]) -> list[str]:
    """Return where the replaced file is, and what of it the new one has."""
    names = [name for name in sections if name in {"firm", *CARRIED}]
    told = [f"The old file is kept as {path}"]
    if names:
        told.append(f"Carried over from it: {', '.join(f'[{name}]' for name in names)}")
    else:
        told.append("Nothing was carried over from it.")
    if left:
        told.append(f"Not carried over: {', '.join(f'[{name}]' for name in left)}")
    return [*told, "How your files are read, [plugin], was written anew."]


def _section(settings: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = settings.get(name, {})
    return section if isinstance(section, Mapping) else {}


def _settings_before(path: Path) -> Mapping[str, Any]:
    """Return an earlier file's settings, empty where there is none."""
    import tomllib

    try:
        before = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):  # no file, or one that is being replaced because it is broken
        return {}
    if "rollout" not in before and _wrote_before_modes(path.parent):
        before["rollout"] = {"mode": "live"}
    return before


def _wrote_before_modes(home: Path) -> bool:
    """Say whether the firm wrote before its settings knew modes; it goes on as live then."""
    from goodword.gather import MODE
    from goodword.ledger import Ledger
    from goodword.state import State

    path = State(home).ledger
    if not path.exists():
        return False
    ledger = Ledger(path)
    try:
        return ledger.meta(MODE) == "live"
    finally:
        ledger.close()


def _require_files(files: Sequence[Path]) -> None:
    for path in files:
        if not path.exists():
            msg = f"There is no file or folder {str(path)!r}."
            raise SourceError(msg, hint="Check the name; quote it if it holds spaces.")
