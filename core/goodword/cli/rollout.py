"""``goodword rollout``: how much goodword may write, shown and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from goodword.cli.options import Folder, Json
from goodword.cli.place import FILE, goodword, open_firm
from goodword.cli.screen import show, show_json
from goodword.errors import SettingsError

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.rollout import Scope

MODES = ("shadow", "pilot", "live")


def rollout(
    ctx: typer.Context,
    mode: Annotated[
        str | None,
        typer.Argument(help="shadow, pilot or live; shown if left out.", metavar="[MODE]"),
    ] = None,
    owner: Annotated[
        list[str] | None,
        typer.Option("--owner", help="Pilot: a rep whose contacts take part, by id or name."),
    ] = None,
    contact: Annotated[
        list[str] | None,
        typer.Option("--contact", help="Pilot: a customer who takes part, by id, name or e-mail."),
    ] = None,
    folder: Folder = None,
    json: Json = False,
) -> None:
    """Show or change how much goodword may write.

    shadow: it plans and writes nothing. pilot: it writes about the named reps' contacts and the
    named customers only. live: it writes about everybody. Only [rollout] in goodword.toml changes.
    """
    firm = open_firm(ctx, folder)
    if mode is None:
        _require_no_names(owner, contact)
        _show(firm, json=json)
        return
    if mode not in MODES:
        msg = f"{mode!r} is no mode."
        raise SettingsError(msg, hint="Say shadow, pilot or live.")
    if mode != "pilot":
        _require_no_names(owner, contact)
    before = _now(firm)[0]
    lists = _lists(firm, owner or (), contact or ())
    if mode == "pilot" and not lists and not (before.owners or before.contacts):
        msg = "A pilot needs to know whom it is about."
        hint = "Add --owner REP or --contact CUSTOMER; each may be given several times."
        raise SettingsError(msg, hint=hint)
    _change(firm, before, mode, lists, json=json)


def _change(
    firm: Firm, before: Scope, mode: str, lists: dict[str, tuple[str, ...]], *, json: bool
) -> None:
    from goodword.cli.rollout_setting import write_rollout
    from goodword.firm import Firm as Opened

    section = f"[profile.{firm.profile}.rollout]" if firm.profile else "[rollout]"
    wrote = write_rollout(firm.folder, firm.profile, mode, lists)
    after = Opened(firm.folder, profile=firm.profile)
    if not json:
        changed = f"Changed: {section} in {FILE}, from {before.mode} to {mode}."
        show(changed if wrote else f"{FILE} says so already; nothing was changed.", "")
    _show(after, json=json)


def _show(firm: Firm, *, json: bool) -> None:
    from goodword.report import rollout_page

    scope, started = _now(firm)
    if json:
        people = {"owners": sorted(scope.owners), "contacts": sorted(scope.contacts)}
        show_json({"mode": scope.mode, **people, "since": started})
        return
    show(rollout_page(scope, started, _owners(firm, scope), lambda line: goodword(firm, line)))


def _now(firm: Firm) -> tuple[Scope, str]:
    """Return whom the firm lets goodword write about, and the day it first wrote in that mode."""
    from goodword.gather import PILOT_START, START, scope_of
    from goodword.rollout import Scope
    from goodword.working import open_ledger

    chosen = firm.settings.rollout
    fixed = str(chosen.start_date or "")
    if not firm.state.ledger.exists():
        return Scope.of(chosen), fixed
    with open_ledger(firm) as ledger:
        scope = scope_of(firm, ledger)
        noted = ledger.meta(PILOT_START if scope.mode == "pilot" else START)
    return scope, fixed or noted or ""


def _lists(
    firm: Firm, owners: list[str] | tuple[()], contacts: list[str] | tuple[()]
) -> dict[str, tuple[str, ...]]:
    """Return the ids of the named reps and customers, by setting."""
    from goodword.cli.people import the_contact, the_rep

    reps = tuple(dict.fromkeys(the_rep(firm, name) for name in owners))
    people = tuple(dict.fromkeys(the_contact(firm, name)[0] for name in contacts))
    return {name: ids for name, ids in (("owners", reps), ("contacts", people)) if ids}


def _owners(firm: Firm, scope: Scope) -> dict[str, str]:
    from goodword.cli.people import rep_names

    return rep_names(firm) if scope.owners else {}


def _require_no_names(owner: list[str] | None, contact: list[str] | None) -> None:
    if owner or contact:
        msg = "--owner and --contact belong to a pilot."
        raise SettingsError(msg, hint="Say goodword rollout pilot --owner REP.")
