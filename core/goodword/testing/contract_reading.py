"""The contract of reading: check, pull, cursors, ids and canonical rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from goodword.own_fields import FIELDS
from goodword.testing.contract_fixtures import ContractFixtures
from goodword.testing.contract_host import Puller, cursor_of
from goodword.testing.contract_promises import promise

if TYPE_CHECKING:
    from pathlib import Path

    from goodword.connector import Connector


class ReadingContract(ContractFixtures):
    """What every connector promises about reading."""

    def test_the_account_is_named_and_stays_the_same(
        self, connector: Connector, reopen: Callable[[], Connector]
    ) -> None:
        """If it fails: return an id of the host account that no reconnect or token changes.

        It is part of every task key; a new one would make every task anew.
        """
        assert connector.account.strip()
        assert reopen().account == connector.account

    @promise("ours.only")
    def test_it_says_whether_this_is_a_test_account(
        self, connector: Connector, reopen: Callable[[], Connector]
    ) -> None:
        """If it fails: let ``sandbox`` be True for a test account of the host, else False.

        Settings made for a sandbox are refused at the real one, and the other way round.
        """
        assert isinstance(connector.sandbox, bool)
        assert reopen().sandbox is connector.sandbox

    @promise("ours.only")
    def test_it_only_claims_fields_of_ours(self, connector: Connector) -> None:
        """If it fails: let ``fields`` name columns of ``own_fields`` only."""
        assert connector.fields <= set(FIELDS)

    def test_a_healthy_host_passes_its_checks(self, connector: Connector, puller: Puller) -> None:
        """If it fails: report at least one check, say what was looked at, change nothing.

        A check that is not well also needs a hint that says what to do.
        """
        before = puller.pull(connector).all_rows()
        checks = connector.check()
        assert checks
        assert all(check.name and check.detail for check in checks)
        assert [check.name for check in checks if not check.ok] == []
        assert puller.pull(connector, everything=True).all_rows() == before

    def test_rows_fit_the_canonical_tables(self, connector: Connector, puller: Puller) -> None:
        """If it fails: deliver only columns of ``goodword.TABLES``, typed as they say.

        Money is whole cents, times are UTC, ids are texts; the error names table and column.
        """
        assert "contacts" in puller.pull(connector).snapshot.available

    def test_ids_are_the_same_in_every_connection(
        self, connector: Connector, reopen: Callable[[], Connector], tmp_path: Path
    ) -> None:
        """If it fails: use the host's own ids, never a row number or one made while reading."""
        first = Puller(tmp_path / "first", {}).pull(connector)
        second = Puller(tmp_path / "second", {}).pull(reopen())
        people = first.contact_ids()
        assert all(person.strip() for person in people)
        assert second.contact_ids() == people

    def test_pulling_everything_twice_gives_the_same_rows(
        self, connector: Connector, puller: Puller
    ) -> None:
        """If it fails: make reading depend on the host alone, not on time, order or chance."""
        first = puller.pull(connector).all_rows()
        assert puller.pull(connector, everything=True).all_rows() == first

    def test_continuing_from_the_cursor_keeps_what_did_not_change(
        self, connector: Connector, reopen: Callable[[], Connector], puller: Puller
    ) -> None:
        """If it fails: after ``pull(cursor)`` the mirror must equal a full pull.

        Call ``sink.whole`` only for tables that pull carries completely. The cursor is saved as
        JSON between runs: texts only.
        """
        first = puller.pull(connector)
        cursor = cursor_of(first)
        assert cursor is not None
        assert all(isinstance(part, str) for pair in cursor.value.items() for part in pair)
        assert puller.pull(reopen()).all_rows() == first.all_rows()

    def test_a_first_pull_says_which_tables_are_complete(
        self, connector: Connector, puller: Puller
    ) -> None:
        """If it fails: call ``sink.whole(table)`` for each table you serve, also an empty one.

        Otherwise rows that left the host would stay for ever, and an empty table would count as
        one we cannot see.
        """
        filled, complete = puller.listen(connector)
        assert "contacts" in complete
        assert sorted(filled - complete) == []
