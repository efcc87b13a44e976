"""The values a run passes along: actions, candidates, plans and reports, all frozen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

STAGES = ("know", "like", "trust", "try", "buy", "repeat", "refer")
"""The seven stages of the default model, lowest first."""

OUTCOMES = ("yes", "later", "no", "never", "wrong person", "unhappy", "no answer")
"""What a rep may record on a task; the same words in every connector."""

ISO_DATE = "%Y-%m-%d"

Mode: TypeAlias = Literal["shadow", "pilot", "live"]
"""How much may be written: nothing, about named contacts only, or about everybody."""


class Value(BaseModel):
    """A frozen value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SetFields(Value):
    """Write our own fields of one contact; *before* holds what they replace."""

    kind: Literal["set_fields"] = "set_fields"
    key: str
    contact_id: str
    values: Mapping[str, str | int | None]
    before: Mapping[str, str | int | None]


_GIVEN = {"key", "contact_id", "values", "before"}
"""Fields that were set; pydantic copies it before it changes it."""


def fields_action(
    key: str,
    contact_id: str,
    values: Mapping[str, str | int | None],
    before: Mapping[str, str | int | None],
) -> SetFields:
    """Return the action, unchecked: for values that goodword itself made.

    A first run makes one for everybody on the list. Checked, each takes three times as long, and
    970 bytes instead of 570, for it then has its own copy of what all have in common.
    """
    action = SetFields.__new__(SetFields)
    values_of = {
        "kind": "set_fields",
        "key": key,
        "contact_id": contact_id,
        "values": values,
        "before": before,
    }
    object.__setattr__(action, "__dict__", values_of)
    object.__setattr__(action, "__pydantic_fields_set__", _GIVEN)
    object.__setattr__(action, "__pydantic_extra__", None)
    object.__setattr__(action, "__pydantic_private__", None)
    return action


class CreateTask(Value):
    """Give a rep a task; *key* is frozen for ever, so the task exists at most once."""

    kind: Literal["create_task"] = "create_task"
    key: str
    contact_id: str
    contact_name: str
    owner_id: str | None
    play: str
    cycle: str
    due: date
    subject: str
    body: str
    because: tuple[str, ...]
    rank: int
    asks: bool
    rule: str = ""
    """What made it: the trigger of an ask, else the play."""
    fingerprint: str = ""
    """Hash of the facts it was decided on; a task whose facts changed is decided anew."""


class UpdateTask(Value):
    """Change owner or due date of one of our open, untouched tasks."""

    kind: Literal["update_task"] = "update_task"
    key: str
    task_key: str
    contact_id: str
    owner_id: str | None
    before: Mapping[str, str | None]


class CloseTask(Value):
    """Close one of our open, untouched tasks: it expired or a suppressor withdrew it."""

    kind: Literal["close_task"] = "close_task"
    key: str
    task_key: str
    contact_id: str
    state: Literal["expired", "withdrawn"]
    reason: str


class RemoveTask(Value):
    """Take back an open, untouched task that an undone run created."""

    kind: Literal["remove_task"] = "remove_task"
    key: str
    task_key: str
    contact_id: str


class LogActivity(Value):
    """Write down on the contact's timeline something that really happened."""

    kind: Literal["log_activity"] = "log_activity"
    key: str
    contact_id: str
    owner_id: str | None
    activity: str
    at: date
    subject: str
    body: str
    channel: str = ""
    """How it was done (call, email, card), where the host says; empty where it does not."""


class LinkReferral(Value):
    """Link referrer and referred person where the host has a typed link."""

    kind: Literal["link_referral"] = "link_referral"
    key: str
    contact_id: str
    referred_id: str
    at: date


Action: TypeAlias = Annotated[
    SetFields | CreateTask | UpdateTask | CloseTask | RemoveTask | LogActivity | LinkReferral,
    Field(discriminator="kind"),
]


class Candidate(Value):
    """A contact on the shortlist, as veto and compose hooks see it.

    ``facts`` holds the contact's row of the facts frame (and the event's columns for plays of
    events); ``because`` the sentences for the rep, first the moment, then the rest.
    """

    contact_id: str
    name: str
    play: str
    cycle: str
    trigger: str
    because: tuple[str, ...]
    priority: int
    account_id: str | None
    owner_id: str | None
    facts: Mapping[str, str | int | bool | datetime | None]


class Backlog(Value):
    """A candidate for whom there was no room, or whom a veto passed over."""

    contact_id: str
    contact_name: str
    owner_id: str | None
    play: str
    priority: int
    reason: str


class Brake(Value):
    """One reason why a run nobody watches leaves its plan to a person."""

    code: str
    """Stable name, such as ``many_tasks`` or ``shrank:contacts``."""
    text: str
    """What it is about, with numbers, and what to do; no personal data."""


class Unlock(Value):
    """Data that is missing, and for how many contacts at most it would help."""

    fact: str
    """The fact nobody has."""
    table: str
    """The canonical table it would come from."""
    opens: Literal["moment", "stage"]
    """What it would give: a good moment to ask, or where a contact stands."""
    number: int
    wish: str
    """What to add, as it begins a sentence: "a column with survey scores"."""


class Plan(Value):
    """Everything one run wants to write, for a person to read first."""

    plan_id: str
    created_at: datetime
    as_of: date
    account: str
    rules_hash: str
    settings_hash: str
    versions: Mapping[str, str]
    snapshot: int
    contacts: int
    actions: tuple[Action, ...]
    verdicts: Mapping[str, int]
    held: Mapping[str, int]
    backlog: tuple[Backlog, ...]
    """The first ones who wait; how many there are in all stands in *waiting* by reason."""
    waiting: Mapping[str, int]
    cannot_check: tuple[str, ...]
    notices: tuple[str, ...]
    mode: Mode = "live"
    scope: str = ""
    """Whom the mode lets this plan write about, in words; empty for everybody."""
    out_of_scope: int = 0
    """Contacts with something to write who are left out because of the mode."""
    brakes: tuple[Brake, ...] = ()
    """Why a run that nobody watches would stop here; empty when it would not."""
    calls: int = 0
    """Estimated calls to the host."""
    unlocks: tuple[Unlock, ...] = ()
    """Missing data that would help, most first."""


class Failure(Value):
    """One action the host refused, without personal data."""

    key: str
    kind: str
    contact_id: str
    error: str


class RunReport(Value):
    """What one apply, sync or undo did."""

    run_id: str
    plan_id: str
    applied: Mapping[str, int]
    skipped: int
    dropped: tuple[str, ...]
    failures: tuple[Failure, ...]
    notices: tuple[str, ...]
    changed: tuple[str, ...] = ()
    """Names of actions (kind and key) written, for plugins that report."""
    kind: str = "apply"
    """What ran: apply, sync or undo."""
    stopped: tuple[str, ...] = ()
    """Why the run stopped before everything was written: a brake, a pause."""
    error: str = ""
    """The failure that ended the run, without personal data; empty where none did."""

    @property
    def exit_code(self) -> int:
        """0 when the whole plan was written as it stands, 3 when not, 1 when the run failed.

        What an undo leaves as it is, because it happened or a person changed it, is left on
        purpose: nothing is missing then.
        """
        if self.error:
            return 1
        left = () if self.kind == "undo" else (self.dropped or self.skipped)
        return 3 if self.failures or self.stopped or left else 0


def task_key(account: str, contact_id: str, play: str, cycle: str) -> str:
    """Return the key of a task, frozen for ever (a golden test guards it).

    Args:
        account: Stable id of the host account.
        contact_id: Canonical id of the contact.
        play: Name of the play (its first name, where it was renamed).
        cycle: What makes this task different from the next one of the same play.
    """
    return _digest(account, contact_id, play, cycle)


def action_key(account: str, contact_id: str, kind: str, content: str) -> str:
    """Return the key of an action that is not a task, such as a field write or a note."""
    return _digest(account, contact_id, f"#{kind}", content)


def plan_id_of(as_of: date, account: str, rules_hash: str, actions: Iterable[Action]) -> str:
    """Return the id of a plan: its day and a short hash of everything it would write.

    A plan that was changed after it was made no longer has its id.
    """
    whole = hashlib.sha256(f"{account}\n{rules_hash}".encode())
    ordered = sorted(actions, key=attrgetter("key"))
    for key, same in groupby(ordered, key=attrgetter("key")):
        for line in sorted(action.model_dump_json() for action in same):
            whole.update(f"\n{key} {line}".encode())
    if not ordered:
        whole.update(b"\n")
    return f"{as_of:%Y%m%d}-{whole.hexdigest()[:8]}"


def _digest(*parts: str) -> str:
    """Hash the parts; a bar inside one is escaped, so that no two lists of parts are one text."""
    plain = [
        part.replace("\\", "\\\\").replace("|", "\\|") if "|" in part else part for part in parts
    ]
    return hashlib.sha256("|".join(plain).encode()).hexdigest()[:32]
