"""The link from a referrer to the person they referred: our label between two contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from goodword import LinkReferral, WriteResult
from goodword_hubspot.names import USER_DEFINED
from goodword_hubspot.seam.associations import link

if TYPE_CHECKING:
    from goodword_hubspot.desk import Desk


def write_links(desk: Desk, actions: Sequence[LinkReferral]) -> list[WriteResult]:
    """Link people; a link that is there stays as it is."""
    label = desk.label
    if label is None:
        error = "link_referral: the portal has no label 'Referred' between contacts."
        return [WriteResult(action.key, ok=False, error=error) for action in actions]
    pairs = [(action.contact_id, action.referred_id) for action in actions]
    link(desk.portal, "contacts", "contacts", pairs, label.given, USER_DEFINED)
    people = [one for pair in pairs for one in pair]
    desk.memory.note("contacts", ((one, "") for one in people), desk.portal.clock())
    return [
        WriteResult(action.key, ok=True, remote_id=f"{action.contact_id}-{action.referred_id}")
        for action in actions
    ]
