"""What a firm's plan is made from: tables, rules, hooks and host, gathered for one run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from goodword.asks import completed_asks
from goodword.facts import canonical
from goodword.hookspecs import TaskText
from goodword.ledger import Ledger, created_tasks
from goodword.plan import Host, PlanHead, Situation, Voices, decided
from goodword.plugins import expected
from goodword.standing import checked_scores
from goodword.words import compose

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.mirror import Snapshot
    from goodword.model import Candidate, Plan
    from goodword.rules import Play
    from goodword.tables import Frame


def completed(firm: Firm, snapshot: Snapshot, ledger: Ledger) -> Mapping[str, Frame]:
    """Return canonical tables with aliases resolved and asks completed from ledger and plays."""
    import narwhals.stable.v2 as nw

    tables = dict(snapshot.tables)
    asks = completed_asks(tables["asks"], created_tasks(ledger.tasks()), firm.engine)
    asking = sorted(firm.book.asking)
    tables["asks"] = asks.with_columns(nw.col("play").is_in(asking).alias("asking"))
    return canonical(tables, firm.engine)


def situation_of(
    firm: Firm,
    snapshot: Snapshot,
    tables: Mapping[str, Frame],
    host: Host,
    ledger: Ledger | None = None,
) -> Situation:
    """Return everything a plan of *firm* is made from.

    Args:
        firm: The firm.
        snapshot: The pull to decide on.
        tables: Its tables, completed.
        host: What the host can hold; with no capability, decisions are made but no action.
        ledger: What was written before; None for a look that writes nothing.
    """
    return Situation(
        tables=tables,
        available=snapshot.available,
        book=firm.book,
        policy=firm.settings.policy,
        extra=firm.settings.extra,
        as_of=firm.as_of,
        today=firm.local_today,
        host=host,
        voices=voices_of(firm),
        engine=firm.engine,
        known=frozenset(ledger.states()) if ledger else frozenset(),
        given=ledger.given() if ledger else {},
    )


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


def head_of(firm: Firm, snapshot: Snapshot) -> PlanHead:
    """Return what identifies a plan of *firm* made now from *snapshot*."""
    return PlanHead(
        created_at=firm.clock(),
        snapshot=snapshot.number,
        settings_hash=firm.settings.hash,
        versions=firm.versions,
        notices=snapshot.notices,
    )


def decided_frame(
    firm: Firm, made: Plan | None, snapshot: Snapshot, tables: Mapping[str, Frame]
) -> Frame:
    """Return the frame saved with the plan where it is still current, else decide afresh."""
    same_day = made is not None and firm.today in (None, made.as_of)
    now = (firm.book.hash, firm.settings.hash, firm.versions)
    if made and same_day and (made.rules_hash, made.settings_hash, made.versions) == now:
        path = firm.state.frame_path(made.plan_id)
        if made.snapshot == snapshot.number and path.exists():
            return firm.engine.read(path)
    nowhere = Host(firm.settings.connector.account, frozenset(), frozenset())
    return decided(situation_of(firm, snapshot, tables, nowhere))
