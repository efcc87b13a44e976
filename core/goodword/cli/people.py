"""Whom a user means: a customer by id, name or e-mail, a rep by id or name; never a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword.errors import GoodwordError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from goodword.firm import Firm


def rep_names(firm: Firm) -> dict[str, str]:
    """Return the names of the reps by id, from the latest pull."""
    from goodword import looking

    return looking.rep_names(firm)


def contact_names(firm: Firm) -> dict[str, str]:
    """Return the names of the customers by id, from the latest pull."""
    snapshot = firm.mirror.load()
    if snapshot is None:
        return {}
    rows = firm.engine.collect(snapshot.tables["contacts"].select("contact_id", "name")).rows()
    return {str(contact): str(name) for contact, name in rows if name}


def matching(firm: Firm, query: str) -> list[tuple[str, str]]:
    """Return id and name of the customers *query* means, as ``goodword why`` would.

    Raises:
        PlanError: Nothing was pulled yet.
    """
    from goodword.explain import find_contacts

    contacts = firm.pulled().tables["contacts"]
    return find_contacts(contacts, firm.whole_id(query), firm.engine)


def the_contact(firm: Firm, query: str) -> tuple[str, str]:
    """Return id and name of the one customer *query* means.

    Raises:
        GoodwordError: It means nobody, or several.
    """
    found = matching(firm, query)
    if not found:
        msg = "No customer has that name, e-mail, phone or id."
        raise GoodwordError(msg, hint="Try a part of the name, or run goodword pull.")
    if len(found) > 1:
        msg = f"That means {len(found)} customers."
        raise GoodwordError(msg, hint="Give the id; goodword why with the same words lists them.")
    return found[0]


def the_rep(firm: Firm, query: str) -> str:
    """Return the id of the one rep *query* means, by id or by name.

    Raises:
        GoodwordError: It means nobody, or several.
    """
    firm.pulled()
    names = rep_names(firm)
    if query in names:
        return query
    wanted = query.strip().casefold()
    found = _among(names, wanted)
    if len(found) == 1:
        return found[0]
    msg = f"That means {len(found)} reps." if found else "No rep has that name or id."
    hint = "Give the id: goodword plan --json shows it as owner_id."
    raise GoodwordError(msg, hint=hint if names else "Your data names no reps: name contacts.")


def _among(names: Mapping[str, str], wanted: str) -> list[str]:
    """Return the ids of the reps of that id or name; else of those whose name holds it."""
    exact = [i for i, name in names.items() if wanted in {i.casefold(), name.casefold()}]
    return exact or [i for i, name in names.items() if wanted and wanted in name.casefold()]
