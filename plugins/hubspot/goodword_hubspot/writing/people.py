"""Whether the people of a batch are still in the portal: known from the pull, else looked up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from goodword_hubspot.seam.objects import read

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk


def missing_people(desk: Desk, contacts: Iterable[str]) -> frozenset[str]:
    """Return those of the contacts the portal does not have."""
    known = desk.ids("contacts")
    unsure = {each for each in contacts if each not in known}
    asked = sorted(each for each in unsure if each.isdigit())
    found = {record.id for record in read(desk.portal, "contacts", asked, ["hs_object_id"])}
    return frozenset(unsure - found)
