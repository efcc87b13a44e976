"""What the tests of hooks share: ``plugin_house`` is importable, and a house with plugins."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests are no package, and share one module

if TYPE_CHECKING:
    from plugin_house import House


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A firm whose plugins are gone after the test."""
    from plugin_house import House

    folder, site = tmp_path / "firm", tmp_path / "site"
    folder.mkdir()
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    yield House(folder, site)
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "")).startswith(str(site)):
            del sys.modules[name]
