"""The hooks: every place where a plugin can add to goodword or replace a part of it.

A hook is called once a run with whole tables or conditions, never once a contact; the two that see
single contacts (veto, compose) see only the shortlist. ``settings`` is always the plugin's own
validated settings (the model it returned from ``goodword_settings``), or the firm's ``Policy``
when it has none. Arguments a plugin does not need may be left out of its signature.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import pluggy

from goodword.expressions import Facts
from goodword.rules import AskRule, Fact, Play, StageRule
from goodword.tables import Frame

if TYPE_CHECKING:
    from pydantic import BaseModel

    from goodword.connector import ConnectorSpec
    from goodword.model import Candidate, RunReport

PROJECT = "goodword"
"""Name of the pluggy project and of the entry-point group."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@dataclass(frozen=True, slots=True)
class StageModel:
    """Stages in order, the evidence for each, and label sets to show them by."""

    stages: tuple[str, ...]
    rules: tuple[StageRule, ...]
    labels: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """One touch a firm has or should have: which stage it belongs to and what counts as it."""

    id: str
    stage: str
    doc: str
    kinds: tuple[str, ...] = ()
    pattern: str = ""
    importance: Literal["should_have", "optional"] = "should_have"


@dataclass(frozen=True, slots=True)
class TaskText:
    """Words of one task; ``due_days`` overrides the play's working days."""

    subject: str
    body: str
    due_days: int | None = None


@hookspec
def goodword_connector() -> ConnectorSpec[BaseModel] | None:
    """Announce a connector to a host CRM or file.

    Asked once at start-up, all answers are kept. None means "not mine". Two connectors of one
    name are an error that names both plugins.
    """


@hookspec
def goodword_settings() -> type[BaseModel] | None:
    """Return the pydantic model of this plugin's section ``[plugin.NAME]``.

    Asked once at start-up. The validated model is handed to this plugin's other hooks as
    ``settings``; an unknown key names the nearest one.
    """


@hookspec
def goodword_stage_model(c: Facts, settings: BaseModel) -> StageModel | None:
    """Return the stages and the evidence for each.

    One plugin answers; the default is the seven stages know, like, trust, try, buy, repeat,
    refer. A contact stands at the highest stage with evidence.
    """


@hookspec
def goodword_touchpoints(settings: BaseModel) -> Sequence[Touchpoint] | None:
    """Add touchpoints to the catalogue that stage evidence is counted from.

    All answers are kept; ids are unique, and each names a stage of the stage model.
    """


@hookspec
def goodword_facts(touchpoints: Sequence[Touchpoint], settings: BaseModel) -> Sequence[Fact] | None:
    """Add facts: typed columns, one value a contact, that rules may read.

    *touchpoints* is the whole catalogue, every plugin's, so that facts can count touches of it;
    the bundled ``touched_<stage>`` facts do.

    All answers are kept. The schema is known before any data; the frame a fact's ``build``
    returns is checked to hold each contact at most once.
    """


@hookspec
def goodword_ask_rules(c: Facts, settings: BaseModel) -> Sequence[AskRule] | None:
    """Add triggers, suppressors and weights.

    All answers are kept; names are unique across kinds, and ``goodword.toml`` beats a plugin,
    which beats the default.
    """


@hookspec
def goodword_champion_score(
    tables: Mapping[str, Frame], facts: Frame, as_of: date, settings: BaseModel
) -> Frame | None:
    """Score the customers.

    One plugin answers. Returns ``contact_id, clv, crv`` (cents), ``p_refer`` (permille),
    ``n`` (observations), ``model`` and ``confidence`` (low, medium, high). A contact left out
    has no score. *facts* also holds ``stage``. For rules it may add ``referral_worth`` (what one
    referral of theirs is worth, in percent of the firm's usual).

    For ``why`` it may add ``alive`` (chance to be still a customer, permille), ``expected``
    (purchases ahead, in thousandths), ``each`` (margin of one, cents), ``brought`` (worth of their
    referrals so far, cents), ``one_referral`` (worth of one more, cents), ``sends``
    (referrals to expect in a year, in thousandths), ``doubts`` (referrals a person should look at)
    and ``reasons``; the last two are texts.
    """


@hookspec
def goodword_plays(c: Facts, settings: BaseModel) -> Sequence[Play] | None:
    """Add plays: who gets which task, when, with which words.

    All answers are kept; ``goodword.toml`` may switch one off.
    """


@hookspec(firstresult=True)
def goodword_veto(candidate: Candidate, settings: BaseModel) -> str | None:
    """Return a reason code to pass over this candidate, or None.

    Plain Python, asked only for candidates that would otherwise get a task, in order of
    priority; the first reason wins and the turn passes to the next contact.
    """


@hookspec(firstresult=True)
def goodword_compose(candidate: Candidate, play: Play, settings: BaseModel) -> TaskText | None:
    """Return the words of a task, or None to leave them to the next plugin.

    The default renders the play's words file.
    """


@hookspec
def goodword_applied(report: RunReport, settings: BaseModel) -> None:
    """Hear what a run wrote.

    Called after the ledger is complete. An error here becomes a notice; the others still run.
    """
