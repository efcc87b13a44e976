"""What the tests of the promises share: ``firm_in_memory`` is importable, and a house on demand."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests are no package, and share one module


@pytest.fixture
def house(tmp_path: Path) -> Callable[..., Any]:
    """Open a firm with these tables: ``house(contacts=[...], feedback=[...])``."""
    from firm_in_memory import open_house

    return lambda **options: open_house(tmp_path / "firm", **options)
