"""What every test may use: the bundled sample firm, and a guard against the network."""

from __future__ import annotations

import gc
import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("goodword.testing")

# Each command runs without the cycle collector; thousands of them in one process need it rarely.
gc.set_threshold(200_000, 20, 20)

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


GUARD = ROOT / "tests" / "network_guard"


def _guarded(environment: Mapping[str, str]) -> dict[str, str]:
    """Return *environment* with the guard first among what Python imports."""
    folders = [str(GUARD), *environment.get("PYTHONPATH", "").split(os.pathsep)]
    path = os.pathsep.join(dict.fromkeys(folder for folder in folders if folder))
    attempts = {ATTEMPTS: os.environ[ATTEMPTS]} if ATTEMPTS in os.environ else {}
    return {**attempts, **environment, "PYTHONPATH": path}


def _guard_children() -> None:
    """Start every child with the guard, whatever environment a test hands to it."""
    start = subprocess.Popen.__init__

    def guarded(self: Any, *arguments: Any, **options: Any) -> None:
        given = options.get("env")
        options["env"] = _guarded(os.environ if given is None else given)
        start(self, *arguments, **options)

    subprocess.Popen.__init__ = guarded  # type: ignore[method-assign]  # for children of tests


sys.path.insert(0, str(GUARD))
try:
    guard = importlib.import_module("sitecustomize")
    if not hasattr(guard, "refuse_the_network"):  # Python came with one of its own
        del sys.modules["sitecustomize"]
        guard = importlib.import_module("sitecustomize")
finally:
    sys.path.remove(str(GUARD))
ATTEMPTS: str = guard.ATTEMPTS
os.environ["PYTHONPATH"] = _guarded(os.environ)["PYTHONPATH"]  # for children of other kinds
_guard_children()


@pytest.fixture(autouse=True, scope="session")
def network_attempts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the guard notes what it refused, in this process and in every child."""
    path = tmp_path_factory.mktemp("network") / "attempts"
    path.touch()
    os.environ[ATTEMPTS] = str(path)
    yield path
    del os.environ[ATTEMPTS]
    told = path.read_text(encoding="utf-8")
    assert not told, f"a child tried to reach the network: {told}"


@pytest.fixture(autouse=True)
def _nobody_reached_for_the_network(network_attempts: Path) -> Iterator[None]:
    """Fail a test that tried, even where the code it runs swallowed the refusal."""
    yield
    told = network_attempts.read_text(encoding="utf-8")
    network_attempts.write_text("", encoding="utf-8")
    assert not told, f"this test tried to reach the network: {told}"


@pytest.fixture
def today() -> date:
    """The Friday on which the sample firm's week is planned."""
    return date(2026, 11, 20)


@pytest.fixture
def sample_workbook(tmp_path: Path) -> Path:
    """A copy of the sample workbook that the test may change."""
    return Path(shutil.copy(SAMPLE, tmp_path / SAMPLE.name))
