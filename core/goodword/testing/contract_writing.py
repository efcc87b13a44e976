"""The contract of writing: fields, notes, links, refusals, order, errors and putting back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from goodword.connector import Capability
from goodword.errors import AuthError, ConnectorError, RetryableError
from goodword.testing.contract_fixtures import ContractFixtures, Provoke
from goodword.testing.contract_host import PRIVATE, STRANGER, VALUES, Puller, Sample
from goodword.testing.contract_promises import promise
from goodword.testing.memory_writes import NEEDS

if TYPE_CHECKING:
    from goodword.connector import Connector

Holds = Callable[[Capability], bool]


class WritingContract(ContractFixtures):
    """What every connector promises about writing, by the capabilities it declares."""

    def test_our_fields_are_written_read_back_and_emptied(
        self,
        connector: Connector,
        reopen: Callable[[], Connector],
        sample: Sample,
        holds: Holds,
        puller: Puller,
    ) -> None:
        """If it fails: deliver ``own_fields`` as the host has them now; None empties a field."""
        assert bool(connector.fields) is holds(Capability.FIELDS)
        if connector.fields:
            values: dict[str, str | int | None] = {n: VALUES[n] for n in sorted(connector.fields)}
            empty: dict[str, str | int | None] = dict.fromkeys(values)
            (written,) = connector.write([sample.set_fields(values, before=empty)])
            assert written.ok
            own = puller.pull(reopen()).own(sample.contact_id)
            assert {name: own[name] for name in values} == values
            (emptied,) = reopen().write([sample.set_fields(empty, before=values)])
            assert emptied.ok
            own = puller.pull(reopen()).own(sample.contact_id)
            assert [name for name in values if own.get(name)] == []

    def test_a_note_is_on_the_timeline_once(
        self,
        connector: Connector,
        reopen: Callable[[], Connector],
        sample: Sample,
        holds: Holds,
        puller: Puller,
    ) -> None:
        """If it fails: store our key with the note and look it up before writing another.

        It is read back in ``activities`` with its kind and the day it happened; ``find`` knows it.
        """
        if holds(Capability.NOTES):
            before = puller.pull(connector).rows("activities")
            note = sample.note()
            connector.write([note])
            (again,) = reopen().write([note])
            assert again.ok
            assert set(reopen().find([note.key])) == {note.key}
            new = [row for row in puller.pull(reopen()).rows("activities") if row not in before]
            assert [(row["contact_id"], row["kind"], row["at"].date()) for row in new] == [
                (note.contact_id, note.activity, note.at)
            ]

    def test_a_referral_is_linked_once(
        self,
        connector: Connector,
        reopen: Callable[[], Connector],
        sample: Sample,
        holds: Holds,
        puller: Puller,
    ) -> None:
        """If it fails: a link between two people exists or not; read it back in ``referrals``."""
        if holds(Capability.LINKS):
            link = sample.link()
            connector.write([link])
            (again,) = reopen().write([link])
            assert again.ok
            pairs = [
                (row["referrer_id"], row["referred_id"])
                for row in puller.pull(reopen()).rows("referrals")
            ]
            assert pairs.count((link.contact_id, link.referred_id)) == 1

    def test_what_the_host_cannot_hold_is_refused(
        self, connector: Connector, sample: Sample, holds: Holds, puller: Puller
    ) -> None:
        """If it fails: declare the capability, or answer its actions with an error.

        A host that swallows an action silently would make the ledger lie.
        """
        before = puller.pull(connector).all_rows()
        actions = sample.each_kind(connector.fields)
        undeclared = [action for action in actions if not holds(NEEDS[action.kind])]
        results = connector.write(undeclared) if undeclared else []
        assert [result.key for result in results] == [action.key for action in undeclared]
        assert [result.key for result in results if result.ok or not result.error] == []
        assert puller.pull(connector).all_rows() == before

    def test_results_come_in_the_order_of_the_batch_and_one_refusal_stops_nobody(
        self, connector: Connector, sample: Sample, holds: Holds
    ) -> None:
        """If it fails: give one result per action, in the order given, refused ones included.

        An action for someone the host does not know gets ``ok=False`` with an error; the rest of
        the batch is written.
        """
        if holds(Capability.TASKS):
            stranger = sample.task("stranger", STRANGER)
            batch = [sample.task("a"), stranger, sample.task("b"), sample.task("c")]
            results = connector.write(batch)
            assert [result.key for result in results] == [action.key for action in batch]
            assert [result.ok for result in results] == [True, False, True, True]
            assert set(connector.find([a.key for a in batch])) == {
                action.key for action in batch if action is not stranger
            }
        assert list(connector.write([])) == []

    @promise("private.people", "private.secrets")
    def test_a_refusal_names_no_person(
        self,
        connector: Connector,
        sample: Sample,
        puller: Puller,
        secrets: tuple[str, ...],
    ) -> None:
        """If it fails: say which kind of action was refused and why, never whose or with what.

        Errors reach logs and reports. Hosts like to repeat the request in theirs: do not pass
        their text on.
        """
        forbidden = {*puller.pull(connector).private(), *secrets, PRIVATE, STRANGER}
        refused = [
            result
            for action in sample.for_stranger(connector.fields)
            for result in connector.write([action])
        ]
        assert [result.key for result in refused if result.ok] == []
        said = " ".join(result.error for result in refused)
        assert all(result.error for result in refused)
        assert [text for text in forbidden if text in said] == []

    @pytest.mark.parametrize("verb", ["check", "pull", "find", "write"])
    @pytest.mark.parametrize("kind", [AuthError, RetryableError, ConnectorError])
    @promise("private.people", "private.secrets")
    def test_a_failing_host_raises_an_error_of_ours(
        self,
        kind: type[ConnectorError],
        verb: str,
        connector: Connector,
        sample: Sample,
        puller: Puller,
        provoke: Provoke,
        secrets: tuple[str, ...],
    ) -> None:
        """If it fails: translate the SDK's errors at one seam, with ``raise … from``.

        ``check`` may also report the trouble as a check that is not well. The hint says what to
        do; message and hint hold no credential and nobody's data.
        """
        if kind not in provoke:
            return
        private = puller.pull(connector).private()
        calls: dict[str, Callable[[], object]] = {
            "check": connector.check,
            "pull": lambda: puller.pull(connector),
            "find": lambda: connector.find([sample.task().key]),
            "write": lambda: connector.write(sample.each_kind(connector.fields)[:1]),
        }
        provoke[kind]()
        try:
            answer = calls[verb]()
        except kind as error:
            said, hint = str(error), error.hint
        else:
            assert verb == "check", f"{verb} did not raise {kind.__name__}"
            unwell = [check for check in _checks(answer) if not check.ok]
            assert unwell
            said = " ".join(f"{check.detail} {check.hint}" for check in unwell)
            hint = unwell[0].hint
        assert hint
        assert [text for text in {*private, *secrets, PRIVATE} if text in said] == []

    def test_a_run_can_be_put_back(
        self,
        connector: Connector,
        sample: Sample,
        holds: Holds,
        puller: Puller,
        run_id: str,
    ) -> None:
        """If it fails: declare RESTORE only with ``restore(run_id)``, which undoes every write."""
        restore = getattr(connector, "restore", None)
        assert holds(Capability.RESTORE) is (restore is not None)
        if restore is not None:
            before = puller.pull(connector).all_rows()
            actions = sample.each_kind(connector.fields)
            wanted = [action for action in actions if holds(NEEDS[action.kind])]
            assert all(result.ok for result in connector.write(wanted))
            assert restore(run_id) is True
            after = puller.pull(connector, everything=True).all_rows()
            assert {table: rows for table, rows in after.items() if rows} == {
                table: rows for table, rows in before.items() if rows
            }


def _checks(answer: object) -> list[Any]:
    return list(answer) if isinstance(answer, list | tuple) else []
