"""A look at one task's words before it is planned: for whom, by which play, as the rep reads it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from goodword.decisions import Decisions
from goodword.errors import GoodwordError, RuleError
from goodword.explain import find_contacts
from goodword.gather import completed, decided_frame, voices_of
from goodword.hookspecs import TaskText
from goodword.ledger import Ledger
from goodword.model import Action, CreateTask, Value
from goodword.shortlist import Place, candidate_of, shortlist

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.model import Plan
    from goodword.rules import Play
    from goodword.tables import Frame


class Preview(Value):
    """One task as the rep would read it."""

    play: str
    subject: str
    body: str
    note: str
    """Why it is not planned, for a task that is not."""


def preview(
    firm: Firm, query: str, play: str | None = None
) -> tuple[list[tuple[str, str]], Preview | None]:
    """Return the contacts *query* means and, when it is exactly one, a task's words.

    Args:
        firm: The firm; something was pulled.
        query: Name (or part of it), e-mail, phone or id.
        play: Name of a play; None means the planned or open task, else the play that asks.

    Raises:
        PlanError: Nothing was pulled yet.
        GoodwordError: Nobody is meant.
        RuleError: There is no such play, or its words are wrong.
    """
    snapshot = firm.pulled()
    made = firm.state.load_plan()
    ledger = Ledger(firm.state.ledger)
    try:
        tables = completed(firm, snapshot, ledger)
        frame, _ = decided_frame(firm, made, snapshot, tables, ledger)
        found = find_contacts(tables["contacts"], firm.whole_id(query), firm.engine)
        open_keys = _open(firm, tables["asks"], found[0][0]) if len(found) == 1 else []
        given = ledger.written(open_keys)
    finally:
        ledger.close()
    if not found:
        msg = "No customer has that name, e-mail, phone or id."
        raise GoodwordError(msg, hint="Try a part of the name, or run goodword pull.")
    if len(found) > 1:
        return found, None
    contact = found[0][0]
    planned, there = _planned(made, contact, play), _given(given, play)
    if planned is None and there is not None:  # the rep has it, and its words are fixed
        return found, _preview(there.play, TaskText(there.subject, there.body), "")
    chosen = _play(firm, planned.play if planned is not None else play)
    decisions = Decisions.of(frame, firm.engine)
    place = _place(firm, chosen, contact, decisions, tables, planned.key if planned else "")
    if planned is not None:
        text = voices_of(firm).compose(candidate_of(place, decisions, planned.owner_id), chosen)
        return found, _preview(chosen.name, text, "")
    owner = decisions.owner(contact) or firm.settings.firm.fallback_owner or None
    text = voices_of(firm).compose(candidate_of(place, decisions, owner), chosen)
    return found, _preview(chosen.name, text, str(decisions.row(contact)["why"]))


def _place(
    firm: Firm,
    play: Play,
    contact: str,
    decisions: Decisions,
    tables: Mapping[str, Frame],
    key: str,
) -> Place:
    """Return the contact's place in the queue for *play*, or one as if the play fired today.

    Where there are several, the one with *key* is meant.

    Raises:
        GoodwordError: The play is about events, and the contact has none.
    """
    account, as_of = firm.settings.connector.account, firm.as_of
    queue = shortlist(decisions, firm.book, tables, as_of, account, _unknown, firm.engine)
    theirs = [p for p in queue if p.contact_id == contact and p.play.name == play.name]
    if theirs:
        return next((place for place in theirs if place.key == key), theirs[0])
    if play.events is not None:
        msg = f"Nothing happened lately for this contact that the play {play.name!r} is about."
        raise GoodwordError(msg, hint="Choose a contact that has such a task, or another play.")
    return Place(play, contact, cycle="preview", key="", priority=0, event={})


def _preview(play: str, text: TaskText, note: str) -> Preview:
    return Preview(play=play, subject=text.subject, body=text.body, note=note)


def _planned(made: Plan | None, contact: str, play: str | None) -> CreateTask | None:
    """Return the contact's task in the latest plan, of *play* if one is named."""
    for action in made.actions if made is not None else ():
        theirs = action.contact_id == contact
        if isinstance(action, CreateTask) and theirs and play in (None, action.play):
            return action
    return None


def _unknown(_: Iterable[str]) -> frozenset[str]:
    """Count no task as given before: a preview shows it all the same."""
    return frozenset()


def _open(firm: Firm, asks: Frame, contact: str) -> list[str]:
    """Return the keys of the contact's open tasks."""
    import narwhals.stable.v2 as nw

    theirs = asks.filter(nw.col("contact_id") == contact, nw.col("state") == "open")
    keys = firm.engine.collect(theirs.select("task_key"))["task_key"].to_list()
    return [str(key) for key in keys]


def _given(tasks: Iterable[Action], play: str | None) -> CreateTask | None:
    """Return the first of these tasks, of *play* if one is named."""
    created = (task for task in tasks if isinstance(task, CreateTask))
    return next((task for task in created if play in (None, task.play)), None)


def _play(firm: Firm, name: str | None) -> Play:
    """Return the play of *name*, or the first one that asks.

    Raises:
        RuleError: There is no such play.
    """
    plays = {play.name: play for play in firm.book.plays}
    asking = next((play.name for play in firm.book.plays if play.asks), None)
    wanted = name or asking or next(iter(plays), "ask")
    if wanted in plays:
        return plays[wanted]
    near = difflib.get_close_matches(wanted, plays, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Plays: {', '.join(sorted(plays))}."
    msg = f"There is no play {wanted!r}."
    raise RuleError(msg, hint=hint)
