"""``goodword forget``: a person asked us to forget them."""

from __future__ import annotations

from typing import Annotated

import typer

from goodword.cli.asking import require_yes
from goodword.cli.options import Folder
from goodword.cli.place import open_firm
from goodword.cli.screen import at_work, show
from goodword.errors import GoodwordError


def forget(
    ctx: typer.Context,
    customer: Annotated[
        str, typer.Argument(help="Id, e-mail or name of the customer.", metavar="CUSTOMER")
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    folder: Folder = None,
) -> None:
    """Forget a customer: everything goodword keeps about them goes, for good.

    Our columns and tasks about them go, too; the rest of your list stays yours to delete. They
    never get a task from goodword again. Who is no longer on your list is found by id, e-mail or
    full name. Prints what is left, and where.
    """
    from goodword import run
    from goodword.cli.people import matching
    from goodword.forgetting import former
    from goodword.report import matches_page

    firm = open_firm(ctx, folder)
    found = matching(firm, customer)
    known, customer = {one for one, _ in found}, firm.whole_id(customer)
    if not any(customer.strip().casefold() in map(str.casefold, pair) for pair in found):
        away = "no longer on your list"
        found += [(one, away) for one in former(firm, customer) if one not in known]
    if len(found) > 1:
        show(matches_page(found, "goodword forget ID"))
        raise typer.Exit(1)
    if not found:
        msg = "No customer has that name, e-mail, phone or id."
        raise GoodwordError(msg, hint="Try a part of the name, or run goodword pull.")
    contact_id, name = found[0]
    if not yes:
        show(f"This is {name} ({contact_id}). It cannot be taken back.")
    require_yes("Forget this customer for good?", yes=yes)
    with at_work(firm, "Forgetting"):
        left = run.forget(firm, contact_id)
    if contact_id in map(firm.whole_id, firm.settings.rollout.contacts):
        left.append("goodword.toml names their id in the pilot, [rollout] contacts: take it out.")
    show("Forgotten. They never get a task from goodword again.")
    if left:
        show("Worth knowing:", *(f"  {line}" for line in left))
    show("Left to you: their row in your list, your own backups, and pages of plans you saved.")
