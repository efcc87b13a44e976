"""Our fields on the contact: written only when they changed, in bands, never with an age."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from goodword.decide import ASKING, NEVER
from goodword.model import Action, SetFields, action_key, fields_action
from goodword.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import narwhals.stable.v2 as nw

    from goodword.engines import Engine
    from goodword.tables import Frame

Withheld: TypeAlias = Mapping[tuple[str, str | int | None], int]
"""Values of one contact's fields that were taken back, with how often each was undone."""

FIELDS = ("stage", "segment", "score", "next_ask", "why", "clv", "crv")
PLAIN = FIELDS[:5]
"""Those that mean something to everybody; the two values behind the score are for who reckons."""
NUMBERS = ("score", "clv", "crv")
INVITING = ("next_ask", "why")
"""Those that tell a rep whether to ask, and when."""
SCORE_BAND = 5
"""Points a score must move before it is written again (unless stage or segment changes)."""
VALUE_BAND = 5
"""A value must move by one part in this many (convention); what is foreseen moves a little daily.
"""
_NOTHING: tuple[Withheld, Withheld] = ({}, {})


def changed_fields(
    decisions: Frame,
    own_fields: Frame,
    writable: frozenset[str],
    account: str,
    engine: Engine,
    withheld: Mapping[str, Withheld] | None = None,
    today: date | None = None,
) -> list[SetFields]:
    """Return one action for each contact whose fields on the host are not what they should be.

    Args:
        decisions: The decided facts.
        own_fields: Our fields as they stand on the host.
        writable: Fields the host can hold.
        account: Host account, part of each key.
        engine: Where frames are computed.
        withheld: Values that were taken back, by contact; none of them is written again, but
            where what stands there invites to ask somebody who must not be asked: safety comes
            before an undo.
        today: Day of the run; a next ask up to then invites.
    """
    import narwhals.stable.v2 as nw

    names = [name for name in FIELDS if name in writable]
    if not names:
        return []
    before = own_fields.select(
        "contact_id", *(nw.col(name).alias(f"old:{name}") for name in FIELDS)
    )
    wanted = decisions.select(
        "contact_id",
        "stage",
        "segment",
        "score",
        nw.col("next_ask").dt.to_string("%Y-%m-%d").alias("next_ask"),
        "why",
        *(((nw.col(name) + 50) // 100).cast(nw.Int64).alias(name) for name in ("clv", "crv")),
    ).join(before, on="contact_id", how="left")
    wanted = wanted.with_columns(*_banded(names))
    differs = [_differs(name) for name in names]
    changed = engine.collect(wanted.filter(nw.any_horizontal(*differs, ignore_nulls=False)))
    changed = changed.sort("contact_id")  # one order, so that plans are equal
    once: dict[str | int | None, str | int | None] = {}  # most values are those of many others
    columns = [[once.setdefault(v, v) for v in changed[name].to_list()] for name in names]
    olds = [changed[f"old:{name}"].to_list() for name in names]
    people = changed["contact_id"].to_list()
    back = _holding(changed, withheld or {}, today)
    empty: dict[tuple[str, ...], dict[str, str | int | None]] = {}
    actions = (
        _action(str(contact), names, new, old, account, back.get(str(contact), _NOTHING), empty)
        for contact, new, old in zip(
            people, zip(*columns, strict=True), zip(*olds, strict=True), strict=True
        )
    )
    return [action for action in actions if action is not None]


def overruled(actions: Iterable[Action], withheld: Mapping[str, Withheld]) -> int:
    """Return how many of *actions* write a value although it was taken back."""
    return sum(
        any(pair in withheld.get(action.contact_id, {}) for pair in action.values.items())
        for action in actions
        if isinstance(action, SetFields)
    )


def _holding(
    changed: nw.DataFrame[Any], withheld: Mapping[str, Withheld], today: date | None
) -> dict[str, tuple[Withheld, Withheld]]:
    """Return which values stay as they are for each contact, and which are written all the same.

    What was undone is written all the same where the host invites to ask and the decision does
    not. What a person struck from such a plan stays struck.
    """
    if not withheld:
        return {}
    day = today.isoformat() if today else ""
    columns = ("contact_id", "why", "old:why", "old:next_ask")
    found: dict[str, tuple[Withheld, Withheld]] = {}
    for contact, why, stands, date_there in changed.select(columns).iter_rows():
        times = withheld.get(str(contact), {})
        undone = {pair: n for pair, n in times.items() if n and pair[0] in INVITING}
        if undone and _invites(str(why), stands or "", date_there or "", day):
            found[str(contact)] = ({p: n for p, n in times.items() if p not in undone}, undone)
        elif times:
            found[str(contact)] = (times, {})
    return found


def _invites(why: str, stands: str, date_there: str, day: str) -> bool:
    """Say whether what stands there asks a rep to do what the decision forbids."""
    if why.startswith(ASKING):
        return False
    if why.startswith(NEVER) and (stands or date_there):
        return not stands.startswith(NEVER) or bool(date_there)
    return stands.startswith(ASKING) or bool(date_there and date_there <= day)


def _banded(names: list[str]) -> list[nw.Expr]:
    """Keep the written numbers while stage and segment stay and the move is within the band.

    Of the two, only those the host holds can be compared.
    """
    import narwhals.stable.v2 as nw

    moved = [_differs(name) for name in ("stage", "segment") if name in names]
    same = ~nw.any_horizontal(*moved, ignore_nulls=False) if moved else nw.lit(value=True)

    def kept(name: str) -> nw.Expr:
        old, new = nw.col(f"old:{name}"), nw.col(name)
        by = (new - old).abs()
        close = by < SCORE_BAND if name == "score" else by * VALUE_BAND < old.abs()
        return nw.when((same & close).fill_null(value=False)).then(old).otherwise(new).alias(name)

    return [kept(name) for name in NUMBERS]


def _differs(name: str) -> nw.Expr:
    """Compare as a person reads: an empty cell equals no value."""
    import narwhals.stable.v2 as nw

    new, old = nw.col(name), nw.col(f"old:{name}")
    if name not in NUMBERS:
        return new.fill_null("") != old.fill_null("")
    return new.fill_null(-1) != old.fill_null(-1)


def _action(
    contact: str,
    names: list[str],
    news: tuple[str | int | None, ...],
    olds: tuple[str | int | None, ...],
    account: str,
    back: tuple[Withheld, Withheld],
    empty: dict[tuple[str, ...], dict[str, str | int | None]],
) -> SetFields | None:
    """Return the action that brings one contact's fields from what they are to what they should be.

    None where all that differs was taken back. Its key names both, so writing the same change
    later, after another one, is a write of its own; so is writing it after it was undone.
    Contacts who had nothing of ours share what was *empty*, by its names.
    """
    withheld, undone = back
    values: dict[str, str | int | None] = {}
    before: dict[str, str | int | None] = {}
    for name, new, old in zip(names, news, olds, strict=True):
        wanted = new if new != "" else None
        if new != old and (new or old or name in NUMBERS) and (name, wanted) not in withheld:
            values[name], before[name] = wanted, old
    if not values:
        return None
    change = "|".join([f"{name}={before[name]}>{value}" for name, value in values.items()])
    again = max((undone.get(pair, 0) for pair in values.items()), default=0)
    change += f"|again {again}" if again else ""
    key = action_key(account, contact, "set_fields", change)
    if not any(before.values()) and set(before.values()) == {None}:
        before = empty.setdefault(tuple(before), before)
    return fields_action(key, contact, values, before)


def overlaid(own_fields: Frame, written: Mapping[str, Mapping[str, Any]], engine: Engine) -> Frame:
    """Return our fields as they stand once what was *written* since the pull has arrived.

    Args:
        own_fields: Our fields as the host handed them over.
        written: Values by contact that the ledger wrote later.
        engine: Where frames are made.
    """
    import narwhals.stable.v2 as nw

    columns = own_fields.collect_schema().names()
    touched = nw.col("contact_id").is_in(sorted(written))
    before = engine.collect(own_fields.filter(touched)).to_native().to_dicts()
    rows = {str(row["contact_id"]): row for row in before}
    for contact_id, values in written.items():
        known = {name: value for name, value in values.items() if name in columns}
        rows[contact_id] = {**rows.get(contact_id, {"contact_id": contact_id}), **known}
    newer = engine.rows(list(rows.values()), TABLES["own_fields"].types).select(columns)
    return nw.concat([own_fields.filter(~touched).select(columns), newer])
