"""What a connector's author gives the contract suite, and what the suite makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

import pytest

from goodword.connector import Capability
from goodword.errors import UsageError
from goodword.testing.contract_host import Puller, Sample

if TYPE_CHECKING:
    from pathlib import Path

    from goodword.connector import Connector, ConnectorSpec
    from goodword.errors import ConnectorError
    from goodword.tables import ColumnType

Answer: TypeAlias = Callable[[str, str], None]
"""``answer(task_key, outcome)``: the rep records the outcome on the host."""
Provoke: TypeAlias = "Mapping[type[ConnectorError], Callable[[], None]]"
"""Error to a callable that brings the host into a state where the next call raises it."""


class ContractFixtures:
    """Fixtures of the contract suite; a subclass overrides the first four at least."""

    @pytest.fixture
    def spec(self) -> ConnectorSpec[Any]:
        """Give the spec the plugin announces."""
        _require("spec")

    @pytest.fixture
    def connector(self) -> Connector:
        """Give an open connection to a fresh host with at least two people and a rep.

        Open it for the run ``run_id``, as ``Workplace.run_id`` tells it.
        """
        _require("connector")

    @pytest.fixture
    def reopen(self) -> Callable[[], Connector]:
        """Give a callable that opens the same host again, as the next run does."""
        _require("reopen")

    @pytest.fixture
    def answer(self) -> Answer:
        """Give a callable by which the rep records an outcome on a task, at the host."""
        _require("answer")

    @pytest.fixture
    def run_id(self) -> str:
        """Give the run the connector is opened for."""
        return "contract"

    @pytest.fixture
    def extra(self) -> Mapping[str, ColumnType]:
        """Give the types of the firm's own columns, where the connector maps any."""
        return {}

    @pytest.fixture
    def secrets(self) -> tuple[str, ...]:
        """Give the credentials the connector was opened with; none may stand in an error."""
        return ()

    @pytest.fixture
    def provoke(self) -> Provoke:
        """Give what makes the host fail as a whole: AuthError, RetryableError, SourceError."""
        return {}

    # -- made by the suite

    @pytest.fixture
    def puller(self, tmp_path: Path, extra: Mapping[str, ColumnType]) -> Puller:
        """Give a mirror to pull into."""
        return Puller(tmp_path / "contract-mirror", dict(extra))

    @pytest.fixture
    def sample(
        self, connector: Connector, tmp_path: Path, extra: Mapping[str, ColumnType]
    ) -> Sample:
        """Give actions for people and reps this host has."""
        pulled = Puller(tmp_path / "sample-mirror", dict(extra)).pull(connector)
        people, owners = pulled.contact_ids(), pulled.owner_ids()
        assert len(people) > 1, "The host of the contract suite needs at least two people."
        owner = owners[0] if owners else None
        return Sample(connector.account, people[0], people[1], owner)

    @pytest.fixture
    def holds(self, spec: ConnectorSpec[Any]) -> Callable[[Capability], bool]:
        """Give a question: does this host declare a capability?"""
        return lambda capability: capability in spec.capabilities


def _require(name: str) -> NoReturn:
    msg = f"The contract suite has no fixture {name!r}."
    raise UsageError(msg, hint=f"Override it in your subclass of ConnectorContract: def {name}().")
