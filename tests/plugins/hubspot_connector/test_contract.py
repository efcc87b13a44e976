"""The connector keeps every promise of the contract, at each level of exactly-once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goodword import AuthError, ConnectorError, ConnectorSpec, RetryableError
from goodword.testing import ConnectorContract
from goodword_hubspot import goodword_connector
from goodword_hubspot.connector import HubSpotConnector
from goodword_hubspot.fake import Account, Fault, Switches


class TestHubSpot(ConnectorContract):
    @pytest.fixture
    def account(self) -> Account:
        return Account()

    @pytest.fixture
    def spec(self) -> ConnectorSpec[Any]:
        return goodword_connector()

    @pytest.fixture
    def connector(self, firm: Any) -> HubSpotConnector:
        return firm.open()

    @pytest.fixture
    def reopen(self, firm: Any) -> Callable[[], HubSpotConnector]:
        return firm.open

    @pytest.fixture
    def answer(self, firm: Any) -> Callable[[str, str], None]:
        return firm.answer

    @pytest.fixture
    def secrets(self, key: str) -> tuple[str, ...]:
        return (key,)

    @pytest.fixture
    def provoke(self, firm: Any) -> dict[type[ConnectorError], Callable[[], None]]:
        def revoke() -> None:
            firm.fake.account.key = "pat-eu1-another"

        def break_down() -> None:
            firm.fake.faults.add(Fault(status=503, times=0))

        return {AuthError: revoke, RetryableError: break_down}


@pytest.mark.long
class TestHubSpotWithoutUniqueKeys(TestHubSpot):
    """Level B: the portal has our key property, but cannot keep it unique."""

    @pytest.fixture
    def account(self) -> Account:
        return Account(switches=Switches(unique_task_property=False))


class TestHubSpotWithoutOwnProperties(TestHubSpot):
    """Level C: the key cannot make properties of tasks, so ours stands in the text."""

    @pytest.fixture
    def account(self) -> Account:
        return Account(switches=Switches(task_schema_scope="crm.schemas.tasks.write"))
