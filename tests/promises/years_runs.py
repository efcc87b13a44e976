"""The runs of goodword at the firm, what may go wrong with them, and the look after each."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
from years_judge import WRITING, Look, look, told
from years_oracle import Memory
from years_town import Town

from goodword import looking, run, undoing
from goodword.errors import AuthError, GoodwordError, LockedError, PlanError, RetryableError
from goodword.firm import Firm
from goodword.ledger import Ledger
from goodword.model import Plan
from goodword.testing.memory import Crash


@dataclass
class Runs(Town):
    """A firm where goodword runs, is cut off, forgets, and moves from machine to machine."""

    old_home: tuple[Path, str] | None = None
    backup: Memory | None = None
    limit: int | None = None
    """Limit of the plan that was applied last."""
    left_out: tuple[str, ...] = ()
    """Whom a person struck from the plan that was applied last."""

    # ------------------------------------------------------------------ bad luck

    def fails(self, chance: Random) -> None:
        kinds = (RetryableError, AuthError)
        error = chance.choice(kinds)("The host is away.", hint="Try again later.")
        self.host.fail_next(error, chance.choice(["pull", "find", "write", "write", "forget"]))

    def crash(self, chance: Random) -> None:
        self.host.crash_after(chance.randrange(1, 7))
        self.sync(chance)

    def backup_ledger(self, chance: Random) -> None:
        if self.ledger_file.exists():
            shutil.copy(self.ledger_file, self.folder / "backup.sqlite")
            self.backup = self.memory.copied()

    def loses_ledger(self, chance: Random) -> None:
        if chance.random() < 0.5:
            self.ledger_file.unlink(missing_ok=True)
            self.memory.lost(look(self.host).tasks)
            self.old_home = None

    def puts_back(self, chance: Random) -> None:
        if self.backup is not None:
            shutil.copy(self.folder / "backup.sqlite", self.ledger_file)
            self.memory.put_back(self.backup, look(self.host).tasks)
            self.old_home = None

    # ------------------------------------------------------------------ runs

    def act(
        self, kind: str, call: Callable[[Firm], Any], firm: Firm | None = None, dry: bool = False
    ) -> Any:
        """Run something of goodword's and judge what it did; None where it was refused or died."""
        before, rules = look(self.host), self.rules()
        sight = self.sight(before)
        pulled = self._pulled()
        result = None
        try:
            result = call(firm or self.firm())
        except GoodwordError as error:
            self.refused[f"{kind}: {type(error).__name__}"] += 1
            self._names_nobody(f"{error}")
        except Crash:
            self.happened["died"] += 1
        if hasattr(result, "model_dump_json") and not isinstance(result, Plan):
            self._names_nobody(told(result))
        after = look(self.host)
        if dry:
            assert result is None, f"{kind} was not refused"
            assert after.version == before.version, f"{kind} was refused, but wrote"
        report = result[1] if isinstance(result, tuple) else result
        ended = getattr(report, "exit_code", 1) == 0
        self.judge.judge(kind, before, after, sight, rules, ended)
        if self._pulled() != pulled:
            self._was_pulled(before)
        self.memory.unseen |= self._only_intended()
        self.happened[f"{kind} ended" if ended else kind] += 0
        self._writes(kind, before, after)
        return result

    def _only_intended(self) -> set[str]:
        """Return what a run that died meant to write: sent or not, only the host can tell."""
        if not self.ledger_file.exists():
            return set()
        ledger = Ledger(self.ledger_file)
        try:
            return {entry.action.key for entry in ledger.open_intents()}
        finally:
            ledger.close()

    def _writes(self, kind: str, before: Look, after: Look) -> None:
        new = [row for key, row in after.tasks.items() if key not in before.tasks]
        self.happened.update(f"task {row['play']}" for row in new)
        if kind in WRITING:
            notes = after.tables["activities"].keys() - before.tables["activities"].keys()
            self.happened["note"] += len(notes)
            states = (row["state"] for k, row in after.tasks.items() if before.tasks.get(k) != row)
            self.happened.update(f"now {state}" for state in states if state != "open")
        if kind == "undo":
            self.happened["taken back"] += len(before.tasks.keys() - after.tasks.keys())

    def _pulled(self) -> str:
        pointer = self.home / ".goodword" / "mirror" / "current"
        return pointer.read_text(encoding="ascii") if pointer.exists() else ""

    def _was_pulled(self, seen: Look) -> None:
        """A pull showed this: what was gone is noted, and who was erased is forgotten."""
        self.shown = dict(seen.tasks)
        self.memory.noted |= self.memory.deleted.keys()
        self.memory.unseen.clear()
        self.memory.forgotten |= {who for who in self.erased if who not in self.memory.forgotten}
        self.memory.forgotten |= self.sight(seen).same_people(self.memory.forgotten)

    def pull(self, chance: Random) -> None:
        self.act("pull", run.pull)

    def plan(self, chance: Random) -> Plan | None:
        firm = self.firm()
        made: Plan | None = self.act("plan", run.plan, firm)
        if made is not None:
            self._explain(chance, firm, 2)
        return made

    def sync(self, chance: Random) -> None:
        result = self.act("sync", run.sync)
        if result is not None and result[1].exit_code == 0 and chance.random() < 0.3:
            self._nothing_left(result[1])

    def _nothing_left(self, report: Any) -> None:
        """A plan made right after everything was written holds nothing."""
        rules = self.rules()
        if rules.paused or rules.mode == "shadow":
            return
        again = self.act("plan", run.plan)
        if again is not None:
            assert again.actions == (), again.actions
            self.happened["nothing left"] += 1

    def apply(self, chance: Random) -> None:
        """Apply a plan that is there: the latest or an older one, whole or in part."""
        plans = sorted(path.stem for path in (self.home / ".goodword" / "plans").glob("*.json"))
        plan_id = chance.choice([None, None, *plans])
        self._apply(chance, plan_id, chance.choice([None, None, 1, 3]))

    def plan_apply(self, chance: Random) -> None:
        """What a person does every Monday."""
        made = self.plan(chance)
        if made is None:
            return
        limit = chance.choice([None, None, None, 2])
        report = self._apply(chance, made.plan_id, limit)
        if report is not None and report.exit_code == 0 and not (self.limit or self.left_out):
            self._nothing_left(report)

    def _apply(self, chance: Random, plan_id: str | None, limit: int | None) -> Any:
        self.left_out = ()
        try:
            approved = self.firm().state.load_plan(plan_id)
        except PlanError:
            approved = None
        actions = approved.actions if approved is not None else ()
        if actions and chance.random() < 0.3:
            self.left_out = (chance.choice(actions).contact_id,)
        if self.mode == "pilot" and not any(self.pilot) and chance.random() < 0.7:
            limit = limit or 3
        self.limit = limit
        left = [a for a in actions if a.contact_id in self.left_out and a.kind == "create_task"]
        report = self.act(
            "apply", lambda firm: run.apply(firm, plan_id, limit=limit, struck=self.left_out)
        )
        if report is not None:
            for action in left:
                self.memory.ever.add(action.key)
                self.memory.struck[action.key] = report.run_id
        return report

    def undo(self, chance: Random) -> None:
        runs = self._runs()
        run_id = chance.choice([None, *runs[:6]])
        self.act("undo", lambda firm: undoing.undo(firm, run_id))

    def release(self, chance: Random) -> None:
        runs = sorted({*self.memory.undone.values(), *self.memory.struck.values()})
        if not runs:
            return
        run_id = chance.choice(runs)
        if self.act("release", lambda firm: run.release(firm, run_id)) is not None:
            self.memory.released(run_id, look(self.host).tasks)

    def _runs(self) -> list[str]:
        if not self.ledger_file.exists():
            return []
        ledger = Ledger(self.ledger_file)
        try:
            return [one.run_id for one in ledger.runs(20)]
        finally:
            ledger.close()

    def adopt(self, chance: Random) -> None:
        self.act("adopt", run.adopt)

    def forget(self, chance: Random) -> None:
        who = self.someone(chance)
        if who is None or chance.random() < 0.4:
            return
        self.remember(who)
        if self.act("forget", lambda firm: run.forget(firm, who)) is not None:
            self.memory.forgotten |= self.sight().same_people({who})
            self.gone_everywhere(deep=True)

    def locked(self, chance: Random) -> None:
        """Somebody else is at work: a run ends, and says who."""
        verb = chance.choice([run.sync, run.plan, run.pull, undoing.undo, run.apply, run.adopt])
        named: list[str] = []
        with self.firm().state.lock("goodword apply, process 4711"):

            def call(firm: Firm) -> None:
                try:
                    verb(firm)
                except LockedError as error:
                    named.append(str(error))
                    raise

            self.act("sync", call, dry=True)
        assert ["process 4711" in said for said in named] == [True]

    def two_at_once(self, chance: Random) -> None:
        """Two runs start in the same moment; one of them, or one after the other, does it."""
        start = threading.Barrier(2)
        ends: list[object] = []

        def one() -> None:
            try:
                firm = self.firm()
                start.wait()
                ends.append(run.sync(firm)[1])
            except (GoodwordError, Crash) as error:
                ends.append(error)

        def both(_: Firm) -> object:
            threads = [threading.Thread(target=one) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(ends) == 2, "a run ended in something else than an error of ours"
            for end in ends:
                self._names_nobody(f"{end}")
            return None

        self.act("sync", both)

    def other_machine(self, chance: Random) -> None:
        """A copy of the folder's disk on another computer may not write; nobody took it over."""
        if self._runs():
            verb = chance.choice([run.sync, undoing.undo, run.pull])
            self.act("sync", verb, self.firm(machine="somewhere-else"), dry=True)

    def moves(self, chance: Random) -> None:
        """The folder is copied to another computer, which takes over; the old one must stop."""
        if self.old_home is not None and chance.random() < 0.5:
            self.old_one_wakes()
            return
        if not self.ledger_file.exists():
            return
        target = self.folder / f"home-{self.number('home')}"
        shutil.copytree(self.home, target)
        old, before = (self.home, self.machine), self.machine
        self.home, self.machine = target, f"machine-{self.numbers}"
        if self.act("adopt", run.adopt) is None:
            self.home, self.machine = old[0], before
            return
        self.old_home = old

    def old_one_wakes(self) -> None:
        if self.old_home is None or not self.ledger_file.exists():
            return
        ledger = Ledger(self.ledger_file)
        try:
            name = str(ledger.meta("installation"))
        finally:
            ledger.close()
        runs = {str(row["run_id"]).split("-")[-1][:6] for row in look(self.host).tasks.values()}
        if name not in runs:
            return  # the new one wrote nothing yet that the old one could see
        home, machine = self.old_home
        ledger = Ledger(home / ".goodword" / "ledger.sqlite")
        try:
            if ledger.is_empty():
                return  # it never wrote: it would start like a new one, with a plan to be read
        finally:
            ledger.close()
        before = look(self.host)
        try:
            run.sync(self.firm(home, machine))
        except GoodwordError as error:
            self._names_nobody(str(error))
        else:
            msg = "a computer that is not in charge any more ran"
            raise AssertionError(msg)
        assert look(self.host).version == before.version, "a computer not in charge wrote"

    def clock_back(self, chance: Random) -> None:
        """The clock is set to days before the last run: nothing runs until it is right again."""
        if not self.ledger_file.exists():
            return
        ledger = Ledger(self.ledger_file)
        try:
            last = ledger.clock()
        finally:
            ledger.close()
        right = self.now
        if last is not None:
            self.now = last - timedelta(days=chance.randrange(2, 40))
            self.act("sync", chance.choice([run.sync, run.pull, run.plan, undoing.undo]), dry=True)
        self.now = right

    # ------------------------------------------------------------------ looking

    def why(self, chance: Random) -> None:
        if (self.home / ".goodword" / "mirror").exists():
            self._explain(chance, self.firm(), 2)

    def _explain(self, chance: Random, firm: Firm, number: int) -> None:
        snapshot = firm.mirror.load()
        if snapshot is None:
            return
        there = firm.engine.collect(snapshot.tables["contacts"].select("contact_id"))
        people = sorted(str(who) for who in there["contact_id"].to_list())
        for who in chance.sample(people, min(number, len(people))):
            found, explanation = looking.why(firm, who)
            assert [one for one, _ in found] == [who]
            assert explanation is not None
            assert explanation.contact_id == who
            assert explanation.why
            self.happened["explained"] += 1

    def status(self, chance: Random) -> None:
        version = self.host.host.version
        status = looking.status(self.firm())
        looking.doctor(self.firm())
        self._names_nobody(status.model_dump_json())
        assert self.host.host.version == version

    # ------------------------------------------------------------------ privacy

    def _names_nobody(self, text: str) -> None:
        for page in self.host.rows("contacts"):
            assert str(page["name"]) not in text, text
            assert str(page["email"]) not in text, text

    def gone_everywhere(self, *, deep: bool) -> None:
        """Nothing below the state folder holds a word about somebody who is forgotten."""
        words = [w for who in self.memory.forgotten for w in self.secrets.get(who, (who,))]
        if not words:
            return
        needles = [word.encode() for word in words]
        for path in sorted((self.home / ".goodword").rglob("*")):
            if not path.is_file():
                continue
            data = path.read_bytes()
            found = [needle for needle in needles if needle in data]
            assert not found, f"{path.name} holds {found}"
            if deep and path.suffix == ".parquet":
                text = str(pl.read_parquet(path).rows())
                found = [needle for needle in needles if needle.decode() in text]
                assert not found, f"{path.parent.name}/{path.name} holds {found}"
