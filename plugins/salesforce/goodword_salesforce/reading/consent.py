"""Whether somebody opted out, and which opt-outs cannot be seen: who may have is not asked.

Salesforce keeps opt-outs in fields of the person and, where Data Protection and Privacy is on, in
records of their own (Individual) that the person leads to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goodword_salesforce.names import PEOPLE
from goodword_salesforce.reading.columns import CONTACT, INDIVIDUAL, LINK, OF_INDIVIDUAL
from goodword_salesforce.seam.values import is_true

if TYPE_CHECKING:
    from goodword_salesforce.desk import Desk
    from goodword_salesforce.seam.values import Row

OPT_OUTS = ("HasOptedOutOfEmail", "DoNotCall")
"""Fields that must be seen: somebody who opted out in one that is hidden would be asked."""


@dataclass(frozen=True, slots=True)
class OptOuts:
    """The opt-outs of contacts, or of leads.

    Args:
        names: What says no where it is ticked.
        hidden: Fields that cannot be seen, so that anybody may have opted out there.
        unread: Fields of a privacy record that cannot be read, though it shows who has one.
    """

    names: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def refused(self, row: Row) -> bool:
        """Say whether a person opted out, as far as it can be seen."""
        return any(is_true(row, name) for name in self.names)

    def may_have_refused(self, row: Row) -> bool:
        """Say whether a person may have opted out where it cannot be seen."""
        return bool(self.hidden) or (bool(self.unread) and LINK in row)


def opt_outs(desk: Desk, of: str) -> OptOuts:
    """Return the opt-outs of contacts or leads, by the settings and what can be seen."""
    mapped = desk.settings.fields.do_not_contact
    names = (*OPT_OUTS, *(f"{INDIVIDUAL}.{name}" for name in OF_INDIVIDUAL), mapped)
    hidden = [name for name in OPT_OUTS if not desk.has(of, name)]
    if mapped and not desk.has(of, mapped) and (of == CONTACT or not desk.has(CONTACT, mapped)):
        hidden.append(mapped)  # one of the firm's own may be on contacts only
    if keeps_individuals(desk) and not desk.has(of, LINK):
        hidden.append(LINK)
    unread = [f"{INDIVIDUAL}.{name}" for name in OF_INDIVIDUAL if not desk.has(INDIVIDUAL, name)]
    shown = desk.has(of, LINK)
    return OptOuts(tuple(filter(None, names)), tuple(hidden), tuple(unread) if shown else ())


def keeps_individuals(desk: Desk) -> bool:
    """Say whether the org shows that it keeps privacy records.

    Where it keeps none, object and fields are not there; where all is hidden, it looks the same.
    """
    return bool(desk.described(INDIVIDUAL)) or any(desk.has(of, LINK) for of in PEOPLE)
