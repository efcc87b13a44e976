"""Setting up a firm from its files: what they are, what is asked, and the settings written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from goodword.cli.earlier_settings import (
    carried_over,
    section_of,
    settings_before,
    told_of_old,
)
from goodword.cli.file_connectors import connector_with, third_party
from goodword.cli.place import FILE, OLD
from goodword.cli.questions import asked_for, asked_line, asked_yes, settled, unasked
from goodword.cli.screen import show
from goodword.cli.time_zone import known_zone, machine_zone, zone_meant
from goodword.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from goodword.connector import ConnectorSpec
    from goodword.host_files import Guess

Said = Mapping[str, Mapping[str, Any]]
"""What a person said about the firm, by section and setting."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """How a firm is to be set up.

    Args:
        files: Its spreadsheets, or folders of them.
        said: What the command line says about it, by section and setting.
        connector: Which connector reads the files; None for the one that can.
        ask: Somebody is there to answer.
        force: Replace settings that are there.
    """

    files: Sequence[Path]
    said: Said = field(default_factory=dict)
    connector: str | None = None
    ask: bool = False
    force: bool = False


def set_up(home: Path, wanted: SetUp) -> None:
    """Write the ``goodword.toml`` of *home*, having asked what the files leave open.

    Raises:
        SettingsError: The firm is set up already.
        SourceError: A file cannot be read, or is no list of customers.
        Exit: A person said that it is not right; nothing was written.
    """
    from goodword.cli.firm_file import refuse_to_overwrite, write_firm
    from goodword.report import guess_page

    refuse_to_overwrite(home, force=wanted.force)
    before = settings_before(home / FILE)
    _require_files(wanted.files)
    spec = connector_with("guess", wanted.connector)
    guess = guess_of(spec, wanted.files, home)
    if not wanted.ask:
        guess = unasked(guess)
    show(guess_page(guess, asked=wanted.ask), "")
    said = wanted.said
    if wanted.ask:
        guess = settled(guess)
        said = about_the_firm(home, said, before, guess)
        show("")
        if not asked_yes("Is that right? Then goodword.toml is written", default=True):
            show(
                "Nothing was written. Change headers in the file, or name other files, "
                "and try again."
            )
            raise typer.Exit(1)
    settings = firm_settings(spec.name, guess, account_of(home, spec, guess))
    replaced = (home / FILE).exists()
    kept, left = carried_over(before, settings, said)
    path = write_firm(home, kept, force=wanted.force)
    show(f"Written: {path}")
    if replaced:
        show(*told_of_old(home / OLD, [name for name in kept if name in before], left))


def about_the_firm(home: Path, said: Said, before: Mapping[str, Any], guess: Guess) -> Said:
    """Return *said* with what a person answers about the firm itself.

    What is said or settled already is not asked again.
    """
    firm = {**guess.firm, **section_of(before, "firm"), **said.get("firm", {})}
    new: dict[str, Any] = {}
    if not firm.get("name"):
        new["name"] = asked_line("Your firm's name, as customers know it")
    if not firm.get("caller"):
        new["caller"] = asked_line("Who calls customers that have no rep of their own? A name")
    languages = languages_in(home)
    if not firm.get("language") and len(languages) > 1:
        choices = ", ".join(languages)
        new["language"] = asked_for(
            f"Language of the words in the tasks ({choices})",
            lambda line: line if line in languages else None,
            f"  Say one of {choices}.",
            "en",
        )
    if not firm.get("ways_to_refer"):
        show("How can your customers refer somebody to you? A link, a card, a number to call.")
        line = asked_line("Several are separated by ; and Enter leaves it for later")
        new["ways_to_refer"] = [way.strip() for way in line.split(";") if way.strip()]
    calendar = {**section_of(before, "calendar"), **said.get("calendar", {})}
    zone: dict[str, Any] = {}
    if not calendar.get("time_zone"):
        zone["time_zone"] = asked_for(
            "Your time zone, or a large city in it",
            zone_meant,
            "  I do not know that one. Try the largest city near you, such as London or Berlin.",
            machine_zone(),
        )
    found = {"firm": new, "calendar": zone}
    filled = {
        name: {key: value for key, value in section.items() if value}
        for name, section in found.items()
    }
    return {name: {**filled.get(name, {}), **said.get(name, {})} for name in {**filled, **said}}


def languages_in(home: Path) -> list[str]:
    """Return the languages there are words in: those goodword comes with, and the firm's own."""
    from goodword.words.files import BUNDLED

    places = [place for place in (BUNDLED, home / "words") if place.is_dir()]
    return sorted({path.name for place in places for path in place.iterdir() if path.is_dir()})


def checked_zone(name: str) -> str:
    """Return *name*, a time zone.

    Raises:
        SettingsError: It is none.
    """
    if not known_zone(name):
        msg = f"{name!r} is not a time zone."
        raise SettingsError(msg, hint="Write it like Europe/London.")
    return name


def guess_of(spec: ConnectorSpec[Any], files: Sequence[Path], home: Path) -> Guess:
    """Return what *spec* makes of the files.

    Raises:
        SettingsError: The connector reads no files.
    """
    if spec.guess is None:
        msg = f"The connector {spec.name!r} does not read files."
        raise SettingsError(msg, hint="Write goodword.toml by hand; see docs/settings.md.")
    return spec.guess([path.resolve() for path in files], home)


def firm_settings(connector: str, guess: Guess, account: str) -> dict[str, dict[str, Any]]:
    """Return the settings to be written, the firm's own first."""
    sections: dict[str, dict[str, Any]] = {
        "firm": {"name": "", "caller": "", "language": "en", **guess.firm},
        "connector": {"name": connector, "account": account},
    }
    if third_party(connector):
        sections["plugins"] = {"enabled": third_party(connector)}
    zone = machine_zone()
    if zone:
        sections["calendar"] = {"time_zone": zone}
    return sections | {"plugin": {connector: dict(guess.settings)}}


def account_of(home: Path, spec: ConnectorSpec[Any], guess: Guess) -> str:
    """Return the id these files have as an account: the one used before, else the connector's."""
    from goodword.connector import Workplace
    from goodword.settings import validated
    from goodword.state import State

    before = section_of(settings_before(home / FILE), "connector")
    if before.get("name", spec.name) == spec.name and before.get("account"):
        return str(before["account"])
    model = validated(spec.settings, guess.settings, f"The guess of the connector {spec.name!r}")
    work = Workplace(home, State(home).folder, run_id="init", today=date.today())
    return str(spec.open(model, work).account)


def _require_files(files: Sequence[Path]) -> None:
    for path in files:
        if not path.exists():
            msg = f"There is no file or folder {str(path)!r}."
            raise SourceError(msg, hint="Check the name; quote it if it holds spaces.")
