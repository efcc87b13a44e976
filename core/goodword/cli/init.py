"""``goodword init``: from the files a firm has to its ``goodword.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from goodword.cli.options import Folder
from goodword.cli.place import chosen, named_folder
from goodword.cli.screen import a_person_watches, show
from goodword.errors import SettingsError


def init(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(help="Spreadsheets, or a folder of them.", show_default=False)
    ],
    yes: Annotated[
        bool,
        typer.Option("--yes", "-y", help="Ask nothing: take what is sure, leave the rest out."),
    ] = False,
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
    caller: Annotated[
        str | None,
        typer.Option(
            "--caller", help="Who calls customers without a rep of their own.", show_default=False
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            "--language", help="Language of the words, a folder below words/.", show_default=False
        ),
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(
            "--time-zone",
            help="Time zone, such as Europe/London; else this computer's.",
            show_default=False,
        ),
    ] = None,
    ways: Annotated[
        list[str] | None,
        typer.Option(
            "--way",
            help="A way customers can refer somebody; may be given several times.",
            show_default=False,
        ),
    ] = None,
    connector: Annotated[
        str | None,
        typer.Option("--connector", help="Which connector reads them.", show_default=False),
    ] = None,
    folder: Folder = None,
) -> None:
    """Set up this folder from the spreadsheets you have.

    Shows how your files are understood, and asks about what is unsure. Your files are only read.
    What is written is goodword.toml, in this folder.
    """
    from goodword.cli.setting_up import SetUp, checked_zone, set_up
    from goodword.settings_file import load_settings

    if chosen(ctx).profile:
        msg = "init sets up the firm itself, not a profile of it."
        raise SettingsError(msg, hint="Leave out --profile; write [profile.NAME] by hand.")
    home = named_folder(ctx, folder) or Path.cwd()
    values = {"name": firm, "caller": caller, "language": language, "ways_to_refer": ways or None}
    said: dict[str, dict[str, Any]] = {
        "firm": {key: value for key, value in values.items() if value is not None}
    }
    if time_zone is not None:
        said["calendar"] = {"time_zone": checked_zone(time_zone)}
    ask = a_person_watches() and not yes
    set_up(home, SetUp(files, said, connector, ask=ask, force=force))
    if words:
        from goodword.words import copy_words

        spoken = load_settings(home).firm.language
        show(f"Copied {len(copy_words(home / 'words', spoken))} files to {home / 'words'}")
    show(
        "Next: goodword plan. Nothing is written to your list until you say goodword rollout live."
    )
