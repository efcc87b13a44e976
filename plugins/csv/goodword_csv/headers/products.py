"""Which known export a header row belongs to."""

from __future__ import annotations

from functools import cache

from goodword_csv.headers.contact_exports import CONTACT_EXPORTS
from goodword_csv.headers.product import Product
from goodword_csv.headers.record_exports import RECORD_EXPORTS
from goodword_csv.headers.vocabulary import header_key, role_of

PRODUCTS: tuple[Product, ...] = CONTACT_EXPORTS + RECORD_EXPORTS
"""Known exports; the one with the longest matching signature is taken."""


def product_of(headers: tuple[str, ...]) -> Product | None:
    """The export a header row belongs to, or None."""
    keys = {header_key(header) for header in headers}
    matching = [product for product in PRODUCTS if product.signature <= keys]
    return max(matching, key=lambda product: len(product.signature), default=None)


def is_known_header(header: str) -> bool:
    """Say whether a cell is a header word we know, in general or of one product."""
    return role_of(header) is not None or header_key(header) in _product_keys()


@cache
def _product_keys() -> frozenset[str]:
    return frozenset(key for product in PRODUCTS for key in product.headers)
