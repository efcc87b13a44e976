"""Whether somebody opted out, and which opt-outs cannot be seen: who may have is not asked.

Salesforce keeps opt-outs in fields of the person and, where Data Protection and Privacy is on, in
records of their own (Individual) that the person leads to. A firm may have a checkbox of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodword_salesforce.names import PEOPLE
from goodword_salesforce.reading.columns import INDIVIDUAL, LINK, OF_INDIVIDUAL
from goodword_salesforce.seam.values import is_true

if TYPE_CHECKING:
    from goodword import Sink
    from goodword_salesforce.desk import Desk
    from goodword_salesforce.seam.values import Row

OPT_OUTS = ("HasOptedOutOfEmail", "DoNotCall")
"""Fields that must be seen: somebody who opted out in one that is hidden would be asked."""
CHECKBOX = "boolean"
"""Type of a field that says yes or no, a formula as well; any other may say it in any words."""
NO_RECORDS = "where the org keeps no privacy records any more, set privacy_records = false"
_HOW = "(field-level security, or a permission set of its own)"


@dataclass(frozen=True, slots=True)
class OptOuts:
    """The opt-outs of contacts, or of leads.

    Args:
        names: What says no where it is ticked.
        hidden: Fields that cannot be seen, so that anybody may have opted out there.
        unread: Fields of a privacy record that cannot be read, though it shows who has one.
        unclear: Fields that are no checkbox, so that nobody knows which of their words say no.
    """

    names: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()

    def refused(self, row: Row) -> bool:
        """Say whether a person opted out, as far as it can be seen."""
        return any(is_true(row, name) for name in self.names)

    def may_have_refused(self, row: Row) -> bool:
        """Say whether a person may have opted out where it cannot be seen."""
        return bool(self.hidden or self.unclear) or (bool(self.unread) and LINK in row)


def opt_outs(desk: Desk, of: str) -> OptOuts:
    """Return the opt-outs of contacts or leads, by the settings and what can be seen."""
    mapped, seen = desk.settings.fields, desk.described(of)
    names = [*OPT_OUTS, *(f"{INDIVIDUAL}.{name}" for name in OF_INDIVIDUAL)]
    hidden = [name for name in OPT_OUTS if name not in seen]
    unclear: list[str] = []
    if mapped.refusal in seen and seen[mapped.refusal].type == CHECKBOX:
        names.append(mapped.refusal)
    elif mapped.refuses_on(of):
        (unclear if mapped.refusal in seen else hidden).append(mapped.refusal)
    if keeps_individuals(desk) and LINK not in seen:
        hidden.append(LINK)
    unread = [f"{INDIVIDUAL}.{name}" for name in OF_INDIVIDUAL if not desk.has(INDIVIDUAL, name)]
    return OptOuts(
        tuple(names), tuple(hidden), tuple(unread) if LINK in seen else (), tuple(unclear)
    )


def shows_individuals(desk: Desk) -> bool:
    """Say whether the org shows that it keeps privacy records.

    Where it keeps none, object and fields are not there; where all is hidden, it looks the same.
    """
    return bool(desk.described(INDIVIDUAL)) or any(desk.has(of, LINK) for of in PEOPLE)


def keeps_individuals(desk: Desk) -> bool:
    """Say whether the org keeps privacy records: it shows so, or it did before."""
    before = desk.memory.privacy_records and desk.settings.privacy_records
    return before or shows_individuals(desk)


def on_one_only(desk: Desk) -> str:
    """Return what ``do_not_contact`` would be set to if its field is on one object of people only.

    Empty where the setting says it, or the field can be seen on both or on none.
    """
    mapped = desk.settings.fields
    seen = [of for of in PEOPLE if desk.has(of, mapped.refusal)]
    missed = [of for of in PEOPLE if of not in seen and desk.sees_people(of)]
    unsaid = all(mapped.refuses_on(of) for of in PEOPLE)
    return f"{seen[0]}.{mapped.refusal}" if unsaid and missed and len(seen) == 1 else ""


def tell_unseen(desk: Desk, sink: Sink, found: Mapping[str, OptOuts]) -> None:
    """Say which opt-outs cannot be seen or understood, and what helps.

    Args:
        desk: The org.
        sink: Where it is told.
        found: Object to its opt-outs.
    """
    hidden = [f"{of}.{name}" for of, outs in found.items() for name in outs.hidden]
    unclear = [f"{of}.{name}" for of, outs in found.items() for name in outs.unclear]
    unread = dict.fromkeys(name for outs in found.values() for name in outs.unread)
    if hidden:
        concerned = " and ".join(f"{of}s" for of, outs in found.items() if outs.hidden)
        text = f"{', '.join(hidden)} cannot be seen by the integration user. {concerned} may have "
        text += f"opted out there, so none of them is asked. Let the user read these fields {_HOW}"
        if one := on_one_only(desk):
            text += f'; where the field is on no other object, set do_not_contact = "{one}"'
        if any(LINK in outs.hidden for outs in found.values()) and not shows_individuals(desk):
            text += f"; {NO_RECORDS}"
        sink.notice("consent", f"{text}.")
    if unclear:
        text = f"{', '.join(unclear)} is no checkbox, so nobody knows which of its words say no, "
        text += "and nobody there is asked. Make it a checkbox, or name a formula field of that"
        sink.notice("consent", f"{text} type as do_not_contact.")
    if unread:
        text = f"{', '.join(unread)} cannot be seen by the integration user. Whoever has such a"
        text += " privacy record may have opted out there, so none of them is asked. Let the"
        sink.notice("consent", f"{text} user read these fields {_HOW}.")
