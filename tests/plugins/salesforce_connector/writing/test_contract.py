"""The connector keeps every promise of the contract, whichever way the bin keeps unique values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from goodword import AuthError, ConnectorError, ConnectorSpec, RetryableError
from goodword.testing import ConnectorContract
from goodword_salesforce import goodword_connector
from goodword_salesforce.fake import CONSUMER_SECRET, Account, Fault, Switches


class TestSalesforce(ConnectorContract):
    @pytest.fixture
    def spec(self) -> ConnectorSpec[Any]:
        return goodword_connector()

    @pytest.fixture
    def connector(self, firm: Any) -> Any:
        return firm.open()

    @pytest.fixture
    def reopen(self, firm: Any) -> Any:
        return firm.open

    @pytest.fixture
    def answer(self, firm: Any) -> Any:
        return firm.answer

    @pytest.fixture
    def secrets(self) -> tuple[str, ...]:
        return (CONSUMER_SECRET,)

    @pytest.fixture
    def provoke(self, firm: Any) -> dict[type[ConnectorError], Callable[[], None]]:
        def shut_out() -> None:
            firm.fake.account.consumer_secret = "another"  # noqa: S105 - it opens nothing
            firm.fake.expire_sessions()

        def break_down() -> None:
            firm.fake.faults.add(Fault(status=503, times=0))

        return {AuthError: shut_out, RetryableError: break_down}


@pytest.mark.long
class TestSalesforceWhoseBinKeepsUniqueValues(TestSalesforce):
    """What a deleted record held in a unique field stays taken: nobody has verified which it is."""

    @pytest.fixture
    def account(self) -> Account:
        return Account(switches=Switches(bin_keeps_unique=True))
