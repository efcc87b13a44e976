"""Which of goodword's promises a standard test shows, on every host that keeps the contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., None])


def promise(*names: str) -> Callable[[Test], Test]:
    """Name the promises a standard test shows; the page of promises is made from the source.

    A mark of pytest would have to be registered by everybody who inherits the suite.
    """
    del names

    def keep(test: Test) -> Test:
        return test

    return keep
