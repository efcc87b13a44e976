"""``goodword words``: the texts reps are given; list them, preview them, make them your own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from goodword.cli.options import Folder, Json, Today
from goodword.cli.place import open_firm
from goodword.cli.screen import at_work, show, show_json, warn_of_broken_plugins
from goodword.errors import SourceError


def make_app() -> typer.Typer:
    """Return the group of commands about words."""
    app = typer.Typer(
        help="Look at the texts reps are given; make them yours.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.command("list")(list_words)
    app.command("preview")(preview)
    app.command("copy")(copy)
    return app


def list_words(ctx: typer.Context, folder: Folder = None, json: Json = False) -> None:
    """List the texts, and which of them are your own."""
    from goodword.report import words_page
    from goodword.words.files import names_in

    firm = open_firm(ctx, folder)
    language = firm.settings.firm.language
    rows = []
    for name in sorted(names_in(language, firm.words_folders)):
        own = Path("words", language, f"{name}.txt")
        there = (firm.folder / own).is_file()
        rows.append(
            {"name": name, "language": language, "from": own.as_posix() if there else "goodword"}
        )
    if json:
        show_json({"words": rows})
    else:
        show(words_page(rows))


def preview(
    ctx: typer.Context,
    contact: Annotated[str, typer.Argument(help="Name (or part of it), e-mail, phone or id.")],
    play: Annotated[
        str | None,
        typer.Option("--play", help="Which play; else the one planned.", show_default=False),
    ] = None,
    folder: Folder = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Show a task as the rep would read it."""
    from goodword import previews
    from goodword.report import matches_page, task_page

    firm = open_firm(ctx, folder, today)
    with at_work(firm, "Writing"):
        found, shown = previews.preview(firm, contact, play)
    warn_of_broken_plugins(firm)
    if json:
        matches = [{"contact_id": one, "name": name} for one, name in found]
        show_json({"matches": matches, "task": None if shown is None else shown.model_dump()})
    elif shown is None:
        show(matches_page(found, "goodword words preview ID"))
    else:
        show(task_page(shown.play, shown.subject, shown.body, shown.note))


def copy(
    ctx: typer.Context,
    force: Annotated[
        bool, typer.Option("--force", help="Start again from ours; yours are kept as .txt.old.")
    ] = False,
    folder: Folder = None,
) -> None:
    """Copy goodword's texts into your folder, where you can change them."""
    from goodword.report import counted
    from goodword.words import copy_words
    from goodword.words.files import names_in

    firm = open_firm(ctx, folder)
    language, target = firm.settings.firm.language, firm.folder / "words"
    if force:
        set_aside(target / language, names_in("en", []))
    written = copy_words(target, language)
    show(f"Copied {counted(len(written), 'file')} to {target / language}")
    if not written:
        show("All are there already, and were left as they are.")


def set_aside(folder: Path, names: frozenset[str]) -> None:
    """Rename the words of *names* in *folder*, so that fresh ones can take their place.

    Raises:
        SourceError: The folder cannot be written.
    """
    for name in sorted(names):
        path = folder / f"{name}.txt"
        if path.exists():
            try:
                path.replace(path.with_suffix(".txt.old"))
            except OSError as error:
                msg = f"{path} cannot be renamed ({error.strerror})."
                raise SourceError(msg, hint="Make the folder writable and try again.") from error
