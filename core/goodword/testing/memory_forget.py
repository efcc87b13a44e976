"""How the host in memory forgets one person: all that we wrote, and nothing that is the firm's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword.testing.memory_host import MemoryHost


def forget_person(host: MemoryHost, contact_id: str) -> tuple[str, ...]:
    """Remove our tasks, notes and fields of a person, and say what is left of them."""
    for task in host.rows("asks"):
        if task["contact_id"] == contact_id:
            key = str(task["task_key"])
            host.remove("asks", (key,))
            host.receipts.pop(key, None)
    for key, receipt in list(host.receipts.items()):
        if receipt.get("contact_id") == contact_id:
            if receipt["kind"] == "log_activity":
                host.remove("activities", (receipt["remote_id"],))
            del host.receipts[key]
    host.remove("own_fields", (contact_id,))
    left = []
    if host.get("contacts", (contact_id,)) is not None:
        left.append("The host still has the person's own page; delete it there.")
    referrals = host.rows("referrals")
    if any(contact_id in (row.get("referrer_id"), row.get("referred_id")) for row in referrals):
        left.append("The host still has referrals that name the person; delete them there.")
    return tuple(left)
