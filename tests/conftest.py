"""What every test may use: the bundled sample firm, and a guard against the network."""

from __future__ import annotations

import ipaddress
import os
import shutil
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("goodword.testing")

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "plugins" / "csv" / "goodword_csv" / "sample" / "harbour-heating.xlsx"

# One thorough, repeatable set of examples everywhere: a red run can be run again.
settings.register_profile(
    "goodword",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# For a long search on purpose: HYPOTHESIS_PROFILE=search pytest tests/core
settings.register_profile("search", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "goodword"))


def _refuse_the_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Stop a connection to any host but this machine; no test may depend on one."""
    if event != "socket.connect":
        return
    address = arguments[1]
    if not isinstance(address, tuple):  # a Unix socket
        return
    host = address[0]
    if host == "localhost" or ipaddress.ip_address(host).is_loopback:
        return
    message = f"a test tried to connect to {host}; tests stay on this machine"
    raise RuntimeError(message)


sys.addaudithook(_refuse_the_network)


@pytest.fixture
def today() -> date:
    """The Friday on which the sample firm's week is planned."""
    return date(2026, 11, 20)


@pytest.fixture
def sample_workbook(tmp_path: Path) -> Path:
    """A copy of the sample workbook that the test may change."""
    return Path(shutil.copy(SAMPLE, tmp_path / SAMPLE.name))
