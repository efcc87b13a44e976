"""``goodword why``: everything that led to one customer's decision."""

from __future__ import annotations

from typing import Annotated

import typer

from goodword.cli.options import Folder, Json, Today
from goodword.cli.place import open_firm
from goodword.cli.screen import at_work, show, show_json, warn_of_broken_plugins
from goodword.errors import GoodwordError


def why(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="Name (or part of it), e-mail, phone or id.")],
    folder: Folder = None,
    today: Today = None,
    json: Json = False,
) -> None:
    """Explain one customer's decision, rule by rule."""
    from goodword import looking
    from goodword.report import matches_page, why_page

    firm = open_firm(ctx, folder, today)
    with at_work(firm, "Looking"):
        found, explanation = looking.why(firm, query)
    warn_of_broken_plugins(firm)
    if not found:
        msg = "No customer has that name, e-mail, phone or id."
        raise GoodwordError(msg, hint="Try a part of the name, or run goodword pull.")
    if json:
        matches = [{"contact_id": contact, "name": name} for contact, name in found]
        told = None if explanation is None else explanation.model_dump(mode="json")
        show_json({"matches": matches, "explanation": told})
    elif explanation is None:
        show(matches_page(found))
    else:
        show(why_page(explanation))
