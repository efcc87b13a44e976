"""Accounts: firms and households. Of a person account, the person is read as its contact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from goodword_salesforce.seam.values import Row, is_true

if TYPE_CHECKING:
    from goodword import Sink


def put_accounts(sink: Sink, rows: Sequence[Row]) -> None:
    """Hand over accounts; those that were deleted or merged go."""
    gone = [row for row in rows if is_true(row, "IsDeleted")]
    sink.remove("accounts", [{"account_id": row["Id"]} for row in gone])
    sink.put(
        "accounts",
        [
            {
                "account_id": row["Id"],
                "name": row.get("Name"),
                "domain": _domain(row.get("Website", "")),
                "owner_id": row.get("OwnerId"),
                "city": row.get("BillingCity"),
                "industry": row.get("Industry"),
            }
            for row in rows
            if not is_true(row, "IsDeleted")
        ],
    )


def _domain(website: str) -> str | None:
    text = website.strip().lower()
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return None
    return host.removeprefix("www.") or None
