"""The API families of the org, one file each."""

from __future__ import annotations

from goodword_salesforce.fake.routes import (
    bulk,
    changes,
    collections,
    composite,
    deployments,
    describes,
    queries,
    single,
)
from goodword_salesforce.fake.routing import Routes


def all_routes() -> Routes:
    """Return every address the org knows behind its version."""
    found = Routes(
        queries.ROUTES,
        bulk.ROUTES,
        deployments.ROUTES,
        collections.ROUTES,
        changes.ROUTES,
        describes.ROUTES,
        single.ROUTES,
    )
    found.add(composite.routes(found))
    return found
