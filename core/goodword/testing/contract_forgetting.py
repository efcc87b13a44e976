"""The contract of forgetting: nothing of ours about a person stays, and nobody else is touched."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from goodword.connector import Capability
from goodword.testing.contract_fixtures import ContractFixtures
from goodword.testing.contract_host import PRIVATE, STRANGER, VALUES, Pulled, Puller, Sample
from goodword.testing.memory_writes import NEEDS

if TYPE_CHECKING:
    from goodword.connector import Connector
    from goodword.model import Action

Holds = Callable[[Capability], bool]


class ForgettingContract(ContractFixtures):
    """What a connector with ``Capability.FORGET`` promises; one without it has no such verb."""

    def test_forgetting_a_person_leaves_no_trace_of_ours(
        self,
        connector: Connector,
        reopen: Callable[[], Connector],
        sample: Sample,
        holds: Holds,
        puller: Puller,
    ) -> None:
        """If it fails: remove open and done tasks and notes, and empty our fields on the contact.

        A fresh full pull and ``find`` know none of it afterwards.
        """
        if holds(Capability.FORGET):
            batch = _about(sample, connector, holds)
            assert all(result.ok for result in connector.write(batch))
            _forget(reopen(), sample.contact_id)
            pulled = puller.pull(reopen(), everything=True)
            assert _ours(pulled, sample.contact_id, batch) == []
            assert dict(reopen().find([action.key for action in batch])) == {}

    def test_a_task_the_rep_answered_is_forgotten_too(
        self,
        connector: Connector,
        reopen: Callable[[], Connector],
        sample: Sample,
        holds: Holds,
        puller: Puller,
        request: Any,
    ) -> None:
        """If it fails: forget tasks in every state, with the words and the answer on them."""
        if holds(Capability.FORGET) and holds(Capability.TASKS):
            answer = request.getfixturevalue("answer")
            task = sample.task()
            connector.write([task])
            answer(task.key, "yes")
            _forget(reopen(), sample.contact_id)
            assert puller.pull(reopen(), everything=True).ask(task.key) == {}

    def test_forgetting_twice_is_forgetting_once(
        self,
        connector: Connector,
        reopen: Callable[[], Connector],
        sample: Sample,
        holds: Holds,
        puller: Puller,
    ) -> None:
        """If it fails: let a second ``forget`` change nothing; a crash may hide the first."""
        if holds(Capability.FORGET):
            connector.write(_about(sample, connector, holds))
            first = list(_forget(reopen(), sample.contact_id))
            before = puller.pull(reopen(), everything=True).all_rows()
            assert list(_forget(reopen(), sample.contact_id)) == first
            assert puller.pull(reopen(), everything=True).all_rows() == before

    def test_forgetting_a_stranger_changes_nothing(
        self, connector: Connector, sample: Sample, holds: Holds, puller: Puller
    ) -> None:
        """If it fails: a contact the host does not know, or no longer, is no failure."""
        if holds(Capability.FORGET):
            connector.write(_about(sample, connector, holds))
            before = puller.pull(connector, everything=True).all_rows()
            _forget(connector, STRANGER)
            assert puller.pull(connector, everything=True).all_rows() == before

    def test_forgetting_one_person_touches_nobody_else(
        self,
        connector: Connector,
        reopen: Callable[[], Connector],
        sample: Sample,
        holds: Holds,
        puller: Puller,
    ) -> None:
        """If it fails: look only at what belongs to the contact; others keep tasks and fields."""
        if holds(Capability.FORGET):
            other = Sample(sample.account, sample.other_id, sample.contact_id, sample.owner_id)
            batch = _about(other, connector, holds)
            assert all(result.ok for result in connector.write(batch))
            before = _ours(puller.pull(reopen(), everything=True), other.contact_id, batch)
            _forget(reopen(), sample.contact_id)
            after = _ours(puller.pull(reopen(), everything=True), other.contact_id, batch)
            assert len(after) == len(before) > 0
            again = [action for action in batch if NEEDS[action.kind] is Capability.TASKS]
            later = [other.task("later")] if holds(Capability.TASKS) else []
            assert all(result.ok for result in reopen().write([*again, *later]))
            keys = [row["task_key"] for row in puller.pull(reopen(), everything=True).rows("asks")]
            assert sorted(keys) == sorted(action.key for action in [*again, *later])

    def test_what_is_left_is_said_without_naming_anybody(
        self,
        connector: Connector,
        sample: Sample,
        holds: Holds,
        puller: Puller,
        secrets: tuple[str, ...],
    ) -> None:
        """If it fails: say where something is left, in whole sentences, never what it says.

        Declare ``Capability.FORGET`` only with ``forget(contact_id)``.
        """
        assert not holds(Capability.FORGET) or callable(getattr(connector, "forget", None))
        if holds(Capability.FORGET):
            private = puller.pull(connector).private()
            connector.write(_about(sample, connector, holds))
            left = list(_forget(connector, sample.contact_id))
            assert [line for line in left if not line.rstrip().endswith(".")] == []
            said = " ".join(left)
            assert [text for text in {*private, *secrets, PRIVATE} if text in said] == []


def _forget(connector: Any, contact_id: str) -> tuple[str, ...]:
    return tuple(connector.forget(contact_id))


def _about(sample: Sample, connector: Connector, holds: Holds) -> list[Action]:
    """Return what this host can hold of ours about one person."""
    values: dict[str, str | int | None] = {n: VALUES[n] for n in sorted(connector.fields)}
    before: dict[str, str | int | None] = dict.fromkeys(values)
    fields = [sample.set_fields(values, before)] if values else []
    wanted: list[Action] = [*fields, sample.task(), sample.note()]
    return [action for action in wanted if holds(NEEDS[action.kind])]


def _ours(pulled: Pulled, contact_id: str, batch: list[Action]) -> list[dict[str, Any]]:
    """Return the rows that hold something of ours about a person."""
    asks = [row for row in pulled.rows("asks") if row["contact_id"] == contact_id]
    own = pulled.own(contact_id)
    filled = [own] if any(own.get(name) for name in VALUES) else []
    noted = {action.subject for action in batch if action.kind == "log_activity"}
    notes = [
        row
        for row in pulled.rows("activities")
        if row["contact_id"] == contact_id and row["subject"] in noted
    ]
    return [*asks, *filled, *notes]
