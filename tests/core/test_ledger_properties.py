"""Whatever happens in whatever order, the ledger answers as a plain dictionary would."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from ledger_writes import NOW, TODAY, fields, note, task

from goodword import WriteResult
from goodword.ledger import Ledger
from goodword.model import Action

PEOPLE = ("ada", "bo", "cy")
KEYS = [f"{kind}-{who}-{n}" for kind in ("task", "note", "field") for who in PEOPLE for n in (1, 2)]
ONCE = ("create_task", "log_activity")


def action_of(key: str) -> Action:
    kind, who, number = key.split("-")
    if kind == "field":
        return fields(key, who, score=int(number))
    return task(key, who, name=f"Name of {who}") if kind == "task" else note(key, who)


@dataclass
class Row:
    """A write as a person would keep it in a list."""

    action: Action
    run: str
    state: str
    at: datetime
    seen: bool = False
    missing: date | None = None
    kept: bool = True
    contact: str = field(init=False)

    def __post_init__(self) -> None:
        self.contact = self.action.contact_id


class LedgerAgainstADictionary(RuleBasedStateMachine):
    """Runs, crashes, pulls, undo, release, expiry and forgetting, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "ledger.sqlite"
        self.ledger = Ledger(self.path)
        self.rows: dict[str, Row] = {}
        self.host: set[str] = set()
        self.shown: set[str] = set()
        self.history: list[tuple[str, str]] = []
        self.forgotten: set[str] = set()
        self.clock, self.number, self.snapshot = NOW, 0, 0

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    def where(self, holds: Callable[[Row], bool]) -> set[str]:
        return {key for key, row in self.rows.items() if holds(row)}

    def known(self) -> set[str]:
        return self.where(
            lambda r: (
                r.state == "undone" or (r.state in {"done", "intent"} and r.action.kind in ONCE)
            )
        )

    def opened(self) -> set[str]:
        return self.where(lambda r: r.state == "intent")

    # -------------------------------------------------------------- what may happen

    @rule(
        keys=st.lists(st.sampled_from(KEYS), max_size=5, unique=True),
        died=st.booleans(),
        ok=st.booleans(),
    )
    def a_run_writes(self, keys: list[str], died: bool, ok: bool) -> None:
        if self.opened():
            return  # a run settles what is open before it writes
        self.number += 1
        self.clock += timedelta(minutes=1)
        run = f"r{self.number}"
        wanted = [
            k for k in keys if k not in self.known() and k.split("-")[1] not in self.forgotten
        ]
        actions = [action_of(key) for key in wanted]
        self.ledger.start(run, "apply", "p", self.clock, "rules", {})
        self.ledger.intend(run, actions, self.clock)
        for action in actions:
            self.rows[action.key] = Row(action, run, "intent", self.clock)
        self.host |= {key for key in wanted if ok and key.startswith("task")}
        if not died:
            self.settle(run, actions, ok)
            self.ledger.finish(run, self.clock)

    def settle(self, run: str, actions: list[Action], ok: bool) -> None:
        results = [(a, WriteResult(a.key, ok=ok, remote_id="t")) for a in actions]
        self.ledger.settle(run, "p", results, self.clock)
        for action in actions:
            state = "done" if ok else "failed"
            self.rows[action.key].state, self.rows[action.key].at = state, self.clock
            self.history.append((action.key, state))

    @precondition(lambda self: self.opened())
    @rule()
    def what_is_open_is_settled(self) -> None:
        for entry in self.ledger.open_intents():
            if entry.action.key in self.host:
                self.settle(entry.run_id, [entry.action], ok=True)
            else:
                self.ledger.forget_intent(entry.action.key)
                del self.rows[entry.action.key]

    @rule(deleted=st.sets(st.sampled_from(KEYS)), whole=st.booleans())
    def a_pull(self, deleted: set[str], whole: bool) -> None:
        self.host -= deleted
        self.snapshot += 1
        today = TODAY + timedelta(days=self.snapshot)
        if whole:
            self.ledger.reconcile(self.host, today, self.snapshot)
        else:
            new = self.host - self.shown
            gone: dict[str, dict[str, str]] = {key: {} for key in self.shown - self.host}
            self.ledger.note_host(new, gone, today, self.snapshot)
        self.shown = set(self.host)
        for key, row in self.rows.items():
            if row.action.kind != "create_task":
                continue
            if key in self.host and (whole is False or row.state in {"done", "intent"}):
                row.seen, row.missing = True, None
            elif key not in self.host and row.state == "done":
                row.missing = row.missing or today

    @rule(data=st.data())
    def a_run_is_taken_back(self, data: st.DataObject) -> None:
        run = f"r{data.draw(st.integers(0, self.number))}"
        keys = self.where(lambda r: r.run == run and r.state == "done" and r.kept)
        assert {entry.action.key for entry in self.ledger.of_run(run)} == keys
        taken = sorted(keys)
        self.ledger.mark_undone("undo", "p", taken, NOW)
        self.history += [(key, "done") for key in taken]
        self.host -= keys
        for key in keys:
            self.rows[key].state = "undone"

    @rule(data=st.data())
    def a_run_is_released(self, data: st.DataObject) -> None:
        run = f"r{data.draw(st.integers(0, self.number))}"
        keys = self.where(lambda r: r.run == run and r.state == "undone")
        assert self.ledger.release(run) == len(keys)
        for key in keys:
            del self.rows[key]
        self.a_pull(set(), whole=True)  # every run pulls before it writes again

    @rule(minutes=st.integers(0, 20))
    def contents_expire(self, minutes: int) -> None:
        before = self.clock - timedelta(minutes=minutes)
        keys = self.where(lambda r: r.at < before and r.kept and r.state != "intent")
        assert self.ledger.expire(before) == len(keys)
        for key in keys:
            self.rows[key].kept = False

    @precondition(lambda self: not self.opened())
    @rule(who=st.sampled_from(PEOPLE))
    def a_person_is_forgotten(self, who: str) -> None:
        mine = self.where(lambda r: r.contact == who)
        kept = {key for key in mine if self.rows[key].kept}
        assert self.ledger.forget(who, [f"Name of {who}"], self.clock) == len(kept)
        self.forgotten.add(who)
        for key in mine:
            self.rows[key].kept = False
        assert f"Name of {who}".encode() not in self.path.read_bytes()

    @rule()
    def it_is_opened_again(self) -> None:
        self.ledger.close()
        self.ledger = Ledger(self.path)

    # -------------------------------------------------------------- what must hold

    @invariant()
    def keys_are_known_as_the_dictionary_knows_them(self) -> None:
        assert self.ledger.known(KEYS) == self.known()
        settled = self.where(lambda r: r.state in {"done", "undone"})
        assert self.ledger.settled(KEYS) == settled
        given = self.where(lambda r: r.state == "done" and r.action.kind == "create_task")
        assert self.ledger.given(KEYS) == dict.fromkeys(given, "o1")

    @invariant()
    def outstanding_tasks_are_those_not_shown(self) -> None:
        found = {row.key: row.missing_since for row in self.ledger.outstanding()}
        assert found == {
            key: row.missing
            for key, row in self.rows.items()
            if row.action.kind == "create_task"
            and row.state in {"done", "intent"}
            and row.contact not in self.forgotten
            and (row.missing or not row.seen)
        }

    @invariant()
    def open_writes_are_never_lost(self) -> None:
        assert {entry.action.key for entry in self.ledger.open_intents()} == self.opened()

    @invariant()
    def undone_runs_are_counted(self) -> None:
        counts: dict[str, int] = {}
        for row in self.rows.values():
            if row.state == "undone":
                counts[row.run] = counts.get(row.run, 0) + (row.action.kind == "create_task")
        assert self.ledger.taken_back() == counts

    @invariant()
    def history_is_only_added_to(self) -> None:
        assert [(line.key, line.result) for line in self.ledger.history()] == self.history

    @invariant()
    def who_was_forgotten_stays_forgotten(self) -> None:
        assert self.ledger.forgotten(PEOPLE) == self.forgotten
        kept = {line.contact_id for line in self.ledger.history()}
        assert not kept & self.forgotten


TestLedgerAgainstADictionary = LedgerAgainstADictionary.TestCase
TestLedgerAgainstADictionary.settings = settings(max_examples=10, stateful_step_count=20)
