"""Forgetting a person: everything goodword knows about them goes, but the keys of their tasks.

The keys say nothing about anybody; they stay, so that a forgotten person never gets a task again.
The ledger keeps a keyed hash of the contact's id for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from goodword.erasures import remember
from goodword.errors import GoodwordError
from goodword.gather import BASELINE, baseline_of
from goodword.ledger import RECONCILED
from goodword.redaction import same_people, without
from goodword.snapshots import filled_columns

if TYPE_CHECKING:
    from goodword.firm import Firm
    from goodword.ledger import Ledger
    from goodword.mirror import Snapshot

MENTIONED = ("name", "email", "phone")
"""Columns of a contact by which other people's tasks may speak of them."""


def forget_here(
    firm: Firm, ledger: Ledger, contact_ids: Sequence[str], snapshot: Snapshot
) -> Snapshot:
    """Remove *contact_ids* from everything in the state folder and return the copy that is left.

    Args:
        firm: The firm.
        ledger: Its open ledger.
        contact_ids: The people, under every id they ever had.
        snapshot: A copy that may still hold their names.
    """
    _not_missed(firm, ledger, contact_ids, snapshot)
    mentions = sorted({*_mentions(firm, contact_ids, snapshot), *ledger.called(contact_ids)})
    remember(firm.state.folder, map(ledger.pseudonym, contact_ids))
    before = ledger.mark_of_forgotten()
    ledger.forget(contact_ids, mentions, firm.clock())
    firm.state.forget_plans()
    firm.state.ledger_copy.unlink(missing_ok=True)
    marks = before, ledger.mark_of_forgotten()
    left = firm.mirror.purge(contact_ids, marks) or snapshot
    ledger.set_meta(RECONCILED, str(left.number))  # the copy is smaller, its tasks are the same
    return left


def _not_missed(firm: Firm, ledger: Ledger, contact_ids: Sequence[str], snapshot: Snapshot) -> None:
    """Take what goes with these people out of the baseline, so that no later run misses it."""
    import narwhals.stable.v2 as nw

    baseline, engine = baseline_of(ledger), firm.engine
    if baseline is None:
        return
    tables = {name: snapshot.tables[name] for name in sorted(snapshot.available)}
    left = without(tables, same_people(contact_ids, snapshot.tables["aliases"], engine))
    rows: dict[str, int] = {}
    filled: dict[str, set[str]] = {}
    for name, frame in left.items():
        kept = engine.materialise(frame)
        number = int(engine.collect(kept.select(nw.len().alias("n")))["n"][0])
        rows[name] = snapshot.rows.get(name, number) - number
        filled[name] = set(snapshot.filled.get(name, ())) - set(filled_columns(kept, engine))
    ledger.set_meta(BASELINE, baseline.less(rows, filled).to_json())


def ids_of(firm: Firm, contact_id: str, snapshot: Snapshot) -> list[str]:
    """Return every id of one person: *contact_id*, what it was merged into, what into that."""
    pairs = firm.engine.collect(snapshot.tables["aliases"].select("alias_id", "contact_id")).rows()
    found, fresh = {contact_id}, {contact_id}
    while fresh:
        both = [(str(alias), str(target)) for alias, target in pairs if target]
        fresh = {a for a, t in both if t in fresh} | {t for a, t in both if a in fresh}
        fresh -= found
        found |= fresh
    return sorted(found)


def former(firm: Firm, query: str) -> list[str]:
    """Return the ids of people whom *query* stands for and who may be on the host no more.

    The ledger knows them by id; a connector that keeps something of theirs by address and name.
    """
    from goodword.ledger import Ledger

    found: set[str] = set()
    query = firm.whole_id(query)
    if firm.state.ledger.exists():
        ledger = Ledger(firm.state.ledger)
        try:
            found |= ledger.knows([query.strip()])
        finally:
            ledger.close()
    if firm.spec.former is not None:
        found |= set(firm.spec.former(firm.connector_settings(), firm.workplace(""), query))
    return sorted(found)


def require_known(
    firm: Firm, ledger: Ledger, contact_ids: Iterable[str], snapshot: Snapshot
) -> None:
    """Refuse to forget somebody who is not there, so that a misspelt id is noticed.

    Who was there once and is still on record counts: a list may have lost their row.

    Raises:
        GoodwordError: Nobody of that id is in the copy, the ledger or the connector's memory.
    """
    import narwhals.stable.v2 as nw

    wanted = sorted(contact_ids)
    here = snapshot.tables["contacts"].filter(nw.col("contact_id").is_in(wanted))
    if len(firm.engine.collect(here.select("contact_id"))) or ledger.knows(wanted):
        return
    kept, work = firm.spec.former, firm.workplace("")
    settings = firm.connector_settings()
    if kept is None or not any(one in kept(settings, work, one) for one in wanted):
        msg = "There is nobody of that id."
        raise GoodwordError(msg, hint="Look the id up with goodword why NAME.")


def _mentions(firm: Firm, contact_ids: Sequence[str], snapshot: Snapshot) -> list[str]:
    import narwhals.stable.v2 as nw

    here = nw.col("contact_id").is_in(list(contact_ids))
    rows = firm.engine.collect(snapshot.tables["contacts"].filter(here).select(*MENTIONED)).rows()
    return sorted({str(value) for row in rows for value in row if value})
