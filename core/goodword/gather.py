"""Gathering what a firm's plan is made from: tables, rules, hooks, host, mode and pauses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from goodword.asks import completed_asks
from goodword.brakes import Baseline, blinding, lost_tables
from goodword.facts import canonical
from goodword.hookspecs import TaskText
from goodword.ledger import Ledger
from goodword.own_fields import overlaid
from goodword.pauses import read_pauses
from goodword.plan import PlanHead
from goodword.plugins import DEFAULTS, expected
from goodword.rollout import Scope
from goodword.situation import Host, Situation, Voices, decided
from goodword.standing import checked_scores
from goodword.table_set import TableSet
from goodword.words import compose

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.mirror import Snapshot
    from goodword.model import Candidate, Plan
    from goodword.rulebook import Rulebook
    from goodword.rules import Play
    from goodword.tables import Frame


START, PILOT_START, MODE = "start_date", "pilot_start_date", "mode"
BASELINE, ADOPTED, DAMAGED, ACCEPTED = "baseline", "adopted", "damaged", "accepted_on"
"""What the ledger keeps about the firm: since when it writes, and in which mode it did before there
were settings for that; what its data looked like; and how many tasks were found that it knew
nothing of, or that the copy was damaged, until a person has read a plan and applied it; and the
day of the last accepted run with the tasks that had gone from the host that day."""


def completed(firm: Firm, snapshot: Snapshot, ledger: Ledger) -> TableSet:
    """Return canonical tables: aliases resolved, asks and our fields completed from the ledger."""
    import narwhals.stable.v2 as nw

    tables = dict(snapshot.tables)
    asks = completed_asks(tables["asks"], ledger.outstanding(), firm.engine)
    asking = sorted(firm.book.asking)
    tables["asks"] = asks.with_columns(nw.col("play").is_in(asking).alias("asking"))
    written = ledger.fields_since(snapshot.number, snapshot.pulled_at)
    if written:
        tables["own_fields"] = overlaid(tables["own_fields"], written, firm.engine)
    return TableSet(canonical(tables, firm.engine), firm.engine.share)


def scope_of(firm: Firm, ledger: Ledger) -> Scope:
    """Return whom the firm lets goodword write about.

    A firm that wrote before there were modes goes on as live until its settings say otherwise.
    """
    rollout = firm.settings.rollout
    if "mode" not in rollout.model_fields_set and ledger.meta(MODE) == "live":
        rollout = rollout.model_copy(update={"mode": "live"})
    people = tuple(map(firm.whole_id, rollout.contacts))
    return Scope.of(rollout.model_copy(update={"contacts": people}))


def start_of(firm: Firm, ledger: Ledger, scope: Scope) -> date:
    """Return the day goodword began to write here in this mode; today before it has."""
    noted = PILOT_START if scope.mode == "pilot" else START
    return first_day(firm, ledger, (noted,)) or firm.as_of


def first_day(
    firm: Firm, ledger: Ledger, names: Iterable[str], seen: Iterable[date] = ()
) -> date | None:
    """Return the day goodword began: the firm's own, else the first noted or seen; None if none.

    Args:
        firm: The firm.
        ledger: Where the days are noted.
        names: What they are noted as.
        seen: Days on which something of ours was there already.
    """
    if firm.settings.rollout.start_date is not None:
        return firm.settings.rollout.start_date
    noted = (ledger.meta(name) for name in names)
    return min((*(date.fromisoformat(day) for day in noted if day), *seen), default=None)


def baseline_of(ledger: Ledger) -> Baseline | None:
    """Return what the firm's data looked like when a run was last accepted."""
    noted = ledger.meta(BASELINE)
    return Baseline.from_json(noted) if noted else None


def blinded(firm: Firm, snapshot: Snapshot, ledger: Ledger) -> Rulebook:
    """Return the firm's rules, and one more for each table that used to come and is missing."""
    baseline = baseline_of(ledger)
    if baseline is None:
        return firm.book
    lost = lost_tables(baseline, snapshot, firm.settings.brakes.allow_blind)
    rules = blinding(firm.book, lost)
    return firm.book.with_suppressors(rules) if rules else firm.book


def situation_of(
    firm: Firm,
    snapshot: Snapshot,
    tables: TableSet,
    host: Host,
    ledger: Ledger,
) -> Situation:
    """Return everything a plan of *firm* is made from.

    Args:
        firm: The firm.
        snapshot: The pull to decide on.
        tables: Its tables, completed.
        host: What the host can hold; with no capability, decisions are made but no action.
        ledger: What was written before.
    """
    scope = scope_of(firm, ledger)
    return replace(
        _plain(firm, snapshot, tables, host, blinded(firm, snapshot, ledger)),
        known=ledger.known,
        given=ledger.given,
        scope=canonical_scope(scope, tables, firm),
        withheld=ledger.withheld,
        start=firm.beginning_of(start_of(firm, ledger, scope)),
        paused=read_pauses(firm.folder).holding(firm.as_of),
    )


def nobody(firm: Firm, snapshot: Snapshot) -> Situation:
    """Return a situation without a ledger, to try the rules on *snapshot*."""
    nowhere = Host(firm.settings.connector.account, frozenset(), frozenset())
    tables = TableSet(snapshot.tables, firm.engine.share)
    return _plain(firm, snapshot, tables, nowhere, firm.book)


def _plain(
    firm: Firm, snapshot: Snapshot, tables: TableSet, host: Host, book: Rulebook
) -> Situation:
    return Situation(
        tables=tables,
        available=snapshot.available,
        book=book,
        policy=firm.settings.policy,
        extra=firm.settings.extra,
        as_of=firm.as_of,
        today=firm.local_today,
        host=host,
        voices=voices_of(firm),
        engine=firm.engine,
        known=lambda _: frozenset(),
        given=lambda _: {},
    )


def canonical_scope(scope: Scope, tables: Mapping[str, Frame], firm: Firm) -> Scope:
    """Return *scope* with the contacts of its pilot as they are called after merges."""
    import narwhals.stable.v2 as nw

    if not scope.contacts:
        return scope
    aliases = tables["aliases"].filter(nw.col("alias_id").is_in(sorted(scope.contacts)))
    moved = firm.engine.collect(aliases.select("contact_id"))["contact_id"].to_list()
    return replace(scope, contacts=scope.contacts | frozenset(str(c) for c in moved if c))


def voices_of(firm: Firm) -> Voices:
    """Return the hooks that speak while planning, as plain callables."""
    plugins = firm.plugins
    policy, folders = firm.settings.policy, firm.words_folders

    def score(tables: Mapping[str, Frame], facts: Frame, as_of: date) -> Frame:
        answer = plugins.one("goodword_champion_score", tables=tables, facts=facts, as_of=as_of)
        return checked_scores(answer.value, answer.plugin, firm.engine)

    def veto(candidate: Candidate) -> str | None:
        answer = plugins.first("goodword_veto", candidate=candidate)
        if answer is None:
            return None
        return expected(answer, "goodword_veto", str, "a reason or None")

    def words(candidate: Candidate, play: Play) -> TaskText:
        answer = plugins.first("goodword_compose", candidate=candidate, play=play)
        if answer is None:
            return compose(candidate, play, policy, folders)
        return expected(answer, "goodword_compose", TaskText, "TaskText(...) or None")

    return Voices(score, veto, words)


DECIDING = (
    *("goodword_stage_model", "goodword_touchpoints", "goodword_facts"),
    *("goodword_ask_rules", "goodword_champion_score", "goodword_plays"),
)
"""Hooks whose answers decide for the contacts."""


def decides_alone(firm: Firm) -> bool:
    """Say whether only goodword itself decides: a plugin may look at more than the tables."""
    impls = (impl for hook in DECIDING for impl in firm.plugins.working(hook))
    return all(impl.plugin_name == DEFAULTS for impl in impls)


def head_of(firm: Firm, snapshot: Snapshot, notices: Sequence[str] = ()) -> PlanHead:
    """Return what identifies a plan of *firm* made now from *snapshot*."""
    return PlanHead(
        created_at=firm.clock(),
        snapshot=snapshot.number,
        rules_hash=firm.book.hash,
        settings_hash=firm.settings.hash,
        versions=firm.versions,
        notices=(*notices, *snapshot.notices),
    )


def decided_frame(
    firm: Firm,
    made: Plan | None,
    snapshot: Snapshot,
    tables: TableSet,
    ledger: Ledger,
) -> tuple[Frame, date]:
    """Return the frame saved with the plan where it is still current, else decide afresh.

    And the day it was decided for.
    """
    same_day = made is not None and firm.today in (None, made.as_of)
    now = (firm.book.hash, firm.settings.hash, firm.versions)
    if made and same_day and (made.rules_hash, made.settings_hash, made.versions) == now:
        path = firm.state.frame_path(made.plan_id)
        if made.snapshot == snapshot.number and path.exists():
            return firm.engine.read(path), made.as_of
    nowhere = Host(firm.settings.connector.account, frozenset(), frozenset())
    return decided(situation_of(firm, snapshot, tables, nowhere, ledger)), firm.as_of
