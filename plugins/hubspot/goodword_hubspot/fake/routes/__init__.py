"""The API families of the portal, one file each."""

from __future__ import annotations

from goodword_hubspot.fake.routes import (
    account_info,
    batches,
    labels,
    links,
    merges,
    objects,
    owners,
    pipelines,
    properties,
    property_batches,
    property_groups,
    searching,
)
from goodword_hubspot.fake.routing import Routes, in_order
from goodword_hubspot.fake.search import Search


def all_routes(search: Search) -> Routes:
    """Return every address the portal knows."""
    return in_order(
        account_info.ROUTES,
        batches.ROUTES,
        labels.ROUTES,
        links.ROUTES,
        merges.ROUTES,
        objects.ROUTES,
        owners.ROUTES,
        pipelines.ROUTES,
        properties.ROUTES,
        property_batches.ROUTES,
        property_groups.ROUTES,
        searching.routes(search),
    )
