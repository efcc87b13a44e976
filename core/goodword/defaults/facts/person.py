"""Facts about the person: what the CRM says on the contact's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from goodword.defaults.facts.links import spoken
from goodword.defaults.facts.listing import listed

if TYPE_CHECKING:
    from datetime import date

    from goodword import Fact
    from goodword.defaults.facts.listing import Frame, Tables


def facts() -> list[Fact]:
    """Return the facts of this topic."""
    return [
        *listed(
            people,
            "contacts",
            """
            name text Full name; where there is none, the e-mail or phone.
            first_name text Name for a greeting.
            email text E-mail, lower case.
            status text lead, customer or lost, where the host says.
            account_id text Company or household.
            account_name text Name of that company.
            owner_id text Sales rep who looks after the person.
            owner_name text Name of that rep.
            city text Town of the person, else of the company.
            job_title text Role at the company.
            language text Two-letter language.
            created_at time When the person entered the CRM.
            """,
        ),
        *listed(people, "contacts", "kind text customer, partner, employee or other.", "customer"),
        *listed(
            people,
            "contacts",
            "consent text yes, no or unknown: may we contact this person about referrals.",
            "unknown",
        ),
        *listed(
            people,
            "contacts",
            """
            do_not_ask bool A rep ticked "do not ask".
            left_company bool The person no longer works there.
            """,
            fill=False,
        ),
    ]


def people(tables: Tables, as_of: date) -> Frame:
    """Return the contact's own columns, with the names of company and rep.

    A missing town is the company's.
    """
    import narwhals.stable.v2 as nw

    company = tables["accounts"].select(
        "account_id", nw.col("name").alias("account_name"), nw.col("city").alias(":city")
    )
    reps = tables["owners"].select("owner_id", nw.col("name").alias("owner_name"))
    return (
        tables["contacts"]
        .join(company, on="account_id", how="left")
        .join(reps, on="owner_id", how="left")
        .select(
            nw.coalesce(spoken(), "email", "phone", "name").alias("name"),
            spoken("first_name").alias("first_name"),
            *("contact_id", "email", "status", "account_id", "account_name"),
            *("owner_id", "owner_name", "job_title", "language", "created_at", "kind", "consent"),
            *("do_not_ask", "left_company"),
            nw.coalesce("city", ":city").alias("city"),
        )
    )
