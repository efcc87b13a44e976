"""The published data the models are checked against; ``histories_of`` is importable."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from cdnow import Summary, summary

sys.path.insert(0, str(Path(__file__).parent))  # tests are no package, and share one module


@pytest.fixture(scope="session")
def cdnow() -> Summary:
    """The sample of 2,357 customers, times in weeks."""
    return summary()
