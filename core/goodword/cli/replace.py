"""``goodword replace``: a fresh export takes the place of a file, and nobody is lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as replaced
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodword.cli.asking import require_yes
from goodword.cli.bringing_in import BroughtIn, brought_in
from goodword.cli.options import Folder
from goodword.cli.place import FILE, OLD, goodword, open_firm
from goodword.cli.questions import asked_for
from goodword.cli.screen import a_person_watches, at_work, show
from goodword.errors import GoodwordError, PlanError, SettingsError, SourceError

if TYPE_CHECKING:
    from goodword.charge import Work
    from goodword.firm import Firm
    from goodword.host_files import Replacement

NAMED = 10
"""Names of missing customers that are shown; the others are counted."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants.

    Args:
        new: The fresh export.
        of: The file it replaces; empty to find out.
        yes: Do it without asking.
        missing_ok: Also when many customers are missing.
    """

    new: Path
    of: str = ""
    yes: bool = False
    missing_ok: bool = False


def replace(
    ctx: typer.Context,
    new_file: Annotated[Path, typer.Argument(help="The fresh export.", show_default=False)],
    of: Annotated[
        str,
        typer.Option("--of", help="The file it replaces, where that is not clear.", metavar="FILE"),
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    missing_ok: Annotated[
        bool, typer.Option("--missing-ok", help="Also when many customers are missing from it.")
    ] = False,
    folder: Folder = None,
) -> None:
    """Go on with a fresh export in the place of your list.

    Shows who is known, new and missing, and asks. Then goodword's columns, every "do not ask" and
    the task list move into the new file, and goodword.toml names it. The old file stays as it is.
    """
    firm = open_firm(ctx, folder)
    put_in_place(firm, Wish(new_file, of, yes=yes, missing_ok=missing_ok))
    show(f"Next: {goodword(firm, 'plan')}")


def put_in_place(firm: Firm, wish: Wish) -> None:
    """Let a fresh export take the place of a file of the firm, once the user has agreed.

    Raises:
        GoodwordError: It cannot be read, is like no file of the firm, or nobody is there to answer;
            or the firm is paused, or may not write and the old list holds something of ours.
        Exit: The answer is no; nothing was written.
    """
    from goodword.approval import require_awake
    from goodword.working import working

    if firm.profile:
        msg = "replace is about the firm itself, not a profile of it."
        raise SettingsError(msg, hint="Leave out --profile, or change its section by hand.")
    if not wish.new.is_file():
        msg = f"There is no file {str(wish.new)!r}."
        raise SourceError(msg, hint="Check the name; quote it if it holds spaces.")
    require_awake(firm)
    in_place = _in_place(firm, wish.new)
    if in_place is not None:
        show(f"Done already: {_plain(in_place.name)} is the file that is read.")
        show("A fresh export saved under that very name is noticed by itself.")
        return
    with working(firm, "replace") as work, brought_in(firm.folder, wish.new) as new:
        with at_work(firm, "Comparing"):
            made = _made(work, replaced(wish, new=new.path))
            pointed = _pointed(work, made)
            _require_ours_may_move(work, made)
        show(*map(_plain, _page(made, new)))
        if _in_shadow(work):
            show(f"goodword is in shadow mode: only {FILE} changes, and nothing in your files.")
        _require_agreement(firm, made, wish)
        if _pointed(work, made) != pointed:
            msg = f"{FILE} was changed meanwhile; nothing was written."
            raise SourceError(msg, hint="Run the same command again.")
        require_awake(firm)
        _require_ours_may_move(work, made)
        with at_work(firm, "Writing"):
            _begin(work)
            changed = made.write()
            _point(firm, made, pointed, new.path if new.origin and changed else wish.new)
            _tell(work, made, new.path)
        show("", *map(_plain, _done(work, made, new.path, bool(changed))))


def _in_place(firm: Firm, new: Path) -> Path | None:
    """Return the file that is read already and that *new* is, or came from; None for a new one."""
    files = firm.spec.files
    if files is None:
        return None
    reads = files(firm.connector_settings(), firm.folder).reads
    here = firm.folder / new.name
    if here not in reads or not here.is_file() or new.resolve() == here.resolve():
        return next((path for path in reads if path.resolve() == new.resolve()), None)
    came = new.read_bytes()
    kept = (firm.state.folder / "backups").glob("*/*")
    copies = (path for path in kept if path.name.startswith(f"{new.stem}."))
    return here if any(path.read_bytes() == came for path in (here, *copies)) else None


def _require_ours_may_move(work: Work, made: Replacement) -> None:
    """Refuse in shadow mode where something of ours would be written into the new file."""
    if _in_shadow(work) and made.changes():
        msg = f"goodword is in shadow mode, and {made.old} holds something of ours that would have"
        msg += " to move into the new file. Nothing was written."
        first = goodword(work.firm, "rollout live")
        raise PlanError(msg, hint=f"First: {first}. Then run the same command again.")


def _in_shadow(work: Work) -> bool:
    from goodword.gather import scope_of

    return scope_of(work.firm, work.ledger).mode == "shadow"


def _made(work: Work, wish: Wish) -> Replacement:
    """Ask the connector what the new file would mean; ask the user which file it replaces."""
    from goodword.connector import Workplace
    from goodword.host_files import Replacement

    firm, spec = work.firm, work.firm.spec
    if spec.replace is None:
        msg = f"The connector {spec.name!r} reads no files, so there is none to replace."
        raise SettingsError(msg, hint="Only lists in files are replaced.")
    model, account = firm.connector_settings(), work.connector.account
    place = Workplace(firm.folder, firm.state.folder, work.run_id, firm.as_of, account)
    found = spec.replace(model, place, wish.new, wish.of)
    if isinstance(found, Replacement):
        return found
    found = spec.replace(model, place, wish.new, _which(found, wish))
    if isinstance(found, Replacement):
        return found
    msg = f"It is not clear which file {wish.new.name} replaces."
    raise SourceError(msg, hint="Name it: --of FILE")


def _which(files: tuple[str, ...], wish: Wish) -> str:
    """Ask which file is replaced."""
    if wish.yes or not a_person_watches():
        msg = f"{wish.new.name} could replace {' or '.join(files)}."
        raise SourceError(msg, hint="Name the one it replaces: --of FILE")
    show(_plain(f"Which file does {wish.new.name} replace?"))
    show(*(_plain(f"  {number}  {name}") for number, name in enumerate(files, start=1)))
    numbered = {str(number): name for number, name in enumerate(files, start=1)}
    return asked_for(
        "Its number", lambda line: numbered.get(line), "Type one of the numbers.", default=""
    )


def _plain(line: str) -> str:
    """Return a line that no name in it can break or steer the terminal with."""
    from goodword.report import clean

    return clean(line).replace("\n", " ")


def _page(made: Replacement, new: BroughtIn) -> Iterator[str]:
    yield f"{new.path.name} takes the place of {made.old}."
    if new.origin is not None:
        yield f"It is copied into {new.path.parent}, and the copy is what is read from now on."
    if made.people:
        yield f"  known    {made.known:,}"
        yield f"  new      {made.new:,}"
        yield f"  missing  {made.missing:,}"
    for name in made.missing_names[:NAMED]:
        yield f"           {name}"
    more = made.missing - len(made.missing_names[:NAMED])
    if made.missing_names and more > 0:
        yield f"           and {more:,} more"
    if made.missing:
        yield "Who is missing stays on record and is not asked; coming back, they are known."
    yield from made.notices


def _require_agreement(firm: Firm, made: Replacement, wish: Wish) -> None:
    """Ask whether to go on; many missing customers need a yes of their own."""
    before = made.known + made.missing
    limit = firm.settings.brakes.shrink_percent
    many = made.people and made.missing * 100 > before * limit
    if many and not wish.missing_ok:
        if wish.yes:
            msg = f"{made.missing:,} of {before:,} customers are missing, more than {limit} %."
            raise GoodwordError(msg, hint="Was the export filtered? If not, add --missing-ok.")
        require_yes(
            f"{made.missing:,} of {before:,} customers are missing. Is that right?", yes=False
        )
    require_yes("Go on with the new file?", yes=wish.yes)


def _pointed(work: Work, made: Replacement) -> tuple[bytes, bytes]:
    """Return the settings as they are, and naming the new file.

    The account stays, for every task's key hangs on it.

    Raises:
        SettingsError: They are laid out in a way that must be changed by hand.
        SourceError: They cannot be read.
    """
    from goodword.cli.section_edit import with_section

    firm, account = work.firm, work.connector.account
    name = firm.spec.name
    try:
        before = (firm.folder / FILE).read_bytes()
    except OSError as error:
        msg = f"{firm.folder / FILE} cannot be read ({error.strerror})."
        raise SourceError(msg, hint="Check the permissions of the file and its folder.") from error
    by_hand = f"Lay it out as goodword init does: [plugin.{name}] in a line, its settings below it."
    after = with_section(before, ["plugin", name], made.settings, by_hand=by_hand)
    pinned = {**firm.settings.connector.model_dump(exclude_unset=True), "account": account}
    by_hand = f'Write account = "{account}" below a line [connector], and run it again.'
    return before, with_section(after, ["connector"], pinned, by_hand=by_hand)


def _point(firm: Firm, made: Replacement, pointed: tuple[bytes, bytes], new: Path) -> None:
    """Let the settings name the new file; a copy of them as they were is kept."""
    from goodword.cli.rollout_setting import replace_whole

    before, after = pointed
    path = firm.folder / FILE
    try:
        if after != before:
            shutil.copy2(path, firm.folder / OLD)
            replace_whole(path, after)
    except OSError as error:
        msg = f"{path} cannot be changed ({error.strerror}); it still names {made.old}."
        again = goodword(firm, f'replace "{new}"')
        hint = f"Make room on the disk or check the permissions, then run: {again}"
        raise SourceError(msg, hint=hint) from error


def _begin(work: Work) -> None:
    """Note in the ledger that a run of its own begins, for whoever looks into the history."""
    firm, ledger = work.firm, work.ledger
    mode = "shadow" if _in_shadow(work) else ""
    ledger.start(work.run_id, "replace", "", firm.clock(), firm.book.hash, firm.versions, mode=mode)


def _tell(work: Work, made: Replacement, new: Path) -> None:
    """Add to the history which file took the place of which, with the counts of people."""
    change = f"{made.old} -> {new.name}"
    if made.people:
        change += f"; {made.known} known, {made.new} new, {made.missing} missing"
    now = work.firm.clock()
    work.ledger.tell(work.run_id, "replace", change, now)
    work.ledger.finish(work.run_id, now)


def _done(work: Work, made: Replacement, new: Path, changed: bool) -> Iterator[str]:
    stays = f" {made.old} stays as it is; you may put it away."
    yield f"{FILE} names {new.name} now.{stays if (work.firm.folder / made.old).is_file() else ''}"
    copy = work.firm.state.folder / "backups" / work.run_id
    back = f"To go back: rename {OLD} to {FILE}."
    if changed:
        back += f" {new.name} as it came is in {copy}."
    yield back
