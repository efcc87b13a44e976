"""Random years of a small firm: reps, an admin, a clock and bad luck, one step at a time.

A step is a name and a seed of its own, so that a list of steps, or a part of it, can be played
again: ``play(seed, steps, folder)``. After every step ``years_judge`` compares host and state with
what may have happened.
"""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from years_judge import WRITING, Judge, Look, Rules, look, told
from years_oracle import Memory, Sight

from goodword import ConnectorSpec, hookimpl, looking, run
from goodword.errors import AuthError, GoodwordError, LockedError, PlanError, RetryableError
from goodword.firm import Firm
from goodword.ledger import Ledger
from goodword.model import OUTCOMES, Plan
from goodword.pauses import Pauses, read_pauses, write_pauses
from goodword.testing import MemoryConnector, memory_spec
from goodword.testing.memory import Crash

Step = tuple[str, int]
START = datetime(2024, 3, 4, 9, tzinfo=UTC)
"""A Monday."""
REPS = ("rep-a", "rep-b", "rep-c")
ACCOUNTS = ("acorn", "birch", "cedar", "delta")
FIRST = "Odile Pavla Quirin Runa Selma Tycho Ulrike Vesna Wanda Xaver Yorick Zelda".split()
LAST = "Vexmoor Quandt Brizzel Oxwell Jarnek Fjordby Plumtree Zwick".split()
FRIENDS = ("Kit Lane", "Sam Field", "Lou Marsh", "Ned Brook")
"""Names that stay names: never contacts."""
WEIGHTS: Mapping[str, int] = {
    **{"completes": 14, "edits": 3, "deletes": 4, "hands_on": 3},
    **{"survey": 12, "moment": 10, "deal": 3, "ticket": 3, "solves": 4, "referral": 4},
    **{"referral_moves": 5, "opts": 2, "owner_changes": 3, "rep_leaves": 1, "merge": 1},
    **{"page_goes": 1, "page_back": 1, "newcomer": 2, "erase": 1},
    **{"time": 20, "pause": 2, "resume": 4, "mode": 3},
    **{"fails": 2, "crash": 3, "backup": 2, "loses_ledger": 1, "puts_back": 1},
    **{"pull": 1, "plan": 3, "apply": 4, "sync": 10, "plan_apply": 5, "undo": 3, "release": 3},
    **{"adopt": 1, "forget": 1, "locked": 1, "two_at_once": 1, "other_machine": 1, "moves": 1},
    **{"clock_back": 1, "why": 2, "status": 1},
}
"""What can happen, and how often against the others."""


class OnYears:
    """A plugin that announces the host, in small batches so that a run can break in two."""

    def __init__(self, host: MemoryConnector) -> None:
        self._spec = memory_spec(host, batch=3)

    @hookimpl
    def goodword_connector(self) -> ConnectorSpec[Any]:
        return self._spec


@dataclass
class Years:
    """A firm, its host, the time, and what may happen.

    Args:
        folder: Where everything is kept.
        chance: Draws the firm that is there at the beginning.
    """

    folder: Path
    chance: Random
    now: datetime = START
    machine: str = "first"
    host: MemoryConnector = field(init=False)
    judge: Judge = field(default_factory=lambda: Judge(Memory()))
    home: Path = field(init=False)
    old_home: tuple[Path, str] | None = None
    people: int = 0
    numbers: int = 0
    mode: str = "live"
    pilot: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    backup: Memory | None = None
    pages_gone: dict[str, dict[str, object]] = field(default_factory=dict)
    shown: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Our tasks as the last pull showed them."""
    erased: set[str] = field(default_factory=set)
    happened: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.home = self.folder / "home-0"
        self.home.mkdir(parents=True)
        empty = "aliases deals deal_contacts activities tickets feedback referrals"
        self.host = MemoryConnector({name: [] for name in empty.split()}, today=self.today)
        everybody = (*REPS, "desk")
        owners = [{"owner_id": rep, "name": rep.title(), "active": True} for rep in everybody]
        bosses = [self.chance.choice(REPS) for _ in ACCOUNTS]
        accounts = [
            {"account_id": name, "name": name.title(), "owner_id": boss}
            for name, boss in zip(ACCOUNTS, bosses, strict=True)
        ]
        self.host.put(owners=owners, accounts=accounts)
        self.since = self.chance.choice(["start_date = 2020-01-01\n", ""])
        self.settings()
        for _ in range(self.chance.randrange(12, 19)):
            self.newcomer(self.chance)
        for _ in range(8):
            self.survey(self.chance)

    # ------------------------------------------------------------------ what is there

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def memory(self) -> Memory:
        return self.judge.memory

    @property
    def ledger_file(self) -> Path:
        return self.home / ".goodword" / "ledger.sqlite"

    def firm(self, home: Path | None = None, machine: str = "") -> Firm:
        """The firm as a new process on a machine opens it."""
        now = self.now
        firm = Firm(home or self.home, clock=lambda: now, machine=machine or self.machine)
        firm.plugins.manager.register(OnYears(self.host), "memory")
        return firm

    def settings(self) -> None:
        owners, contacts = ([*part] for part in self.pilot)
        rollout = f'mode = "{self.mode}"\n{self.since}'
        if self.mode == "pilot":
            rollout += f"owners = {owners}\ncontacts = {contacts}\n"
        text = f'[connector]\nname = "memory"\n[firm]\nfallback_owner = "desk"\n[rollout]\n{rollout}'
        (self.home / "goodword.toml").write_text(text, encoding="utf-8")

    def rules(self) -> Rules:
        pauses = read_pauses(self.home)
        owners, contacts = (frozenset(part) for part in self.pilot)
        whole, some = pauses.whole(self.today), pauses.holding(self.today)
        return Rules(self.mode, owners, contacts, whole, some)

    def living(self) -> list[str]:
        """People with a page who are not forgotten."""
        sight = self.sight()
        return [who for who in sorted(sight.pages) if who not in sight.forgotten]

    def sight(self, at: Look | None = None) -> Sight:
        return Sight((at or look(self.host)).rows(), self.memory, self.today)

    def number(self, prefix: str) -> str:
        self.numbers += 1
        return f"{prefix}-{self.numbers}"

    def open_task(self, chance: Random, *states: str) -> Mapping[str, Any] | None:
        tasks = sorted(self.host.tasks(*(states or ("open",))), key=lambda t: str(t["task_key"]))
        return chance.choice(tasks) if tasks else None

    # ------------------------------------------------------------------ the reps

    def completes(self, chance: Random) -> None:
        for _ in range(chance.choice([1, 1, 2, 4])):
            task = self.open_task(chance)
            if task is None:
                return
            outcome = chance.choice([None, *OUTCOMES, "yes", "no answer", "later"])
            until = self.today + timedelta(days=chance.randrange(5, 90))
            on = self.today - timedelta(days=chance.choice([0, 0, 1, 3]))
            self.host.complete(
                str(task["task_key"]),
                outcome,
                on=max(on, task["created_at"].date()),
                name=chance.choice([None, *FRIENDS]) if outcome == "yes" else None,
                until=chance.choice([None, until]) if outcome == "later" else None,
            )
            done = self.host.task(str(task["task_key"]))
            if task["play"] == "thank_you" and outcome in (None, "yes", "unhappy"):
                self.judge.given[str(task["contact_id"]), done["done_at"]] += 1  # type: ignore[index]  # a time

    def edits(self, chance: Random) -> None:
        task = self.open_task(chance)
        if task is not None:
            self.host.edit(str(task["task_key"]))

    def deletes(self, chance: Random) -> None:
        task = self.open_task(chance, *chance.choice([("open",), ("open", "done", "withdrawn")]))
        if task is None:
            return
        key = str(task["task_key"])
        row = dict(self.shown.get(key) or {**self.host.task(key), "state": "open"})
        if row["state"] == "open":
            midnight = datetime(self.today.year, self.today.month, self.today.day)
            row |= {"state": "deleted", "done_at": midnight, "outcome": None}
        self.memory.deleted[key] = row
        self.host.delete(key)

    def hands_on(self, chance: Random) -> None:
        task = self.open_task(chance)
        if task is not None:
            others = [rep for rep in REPS if rep != task["owner_id"]]
            row = {**self.host.task(str(task["task_key"])), "owner_id": chance.choice(others)}
            self.host.put(asks=[row])
            self.memory.handed_on.add(str(task["task_key"]))

    # ------------------------------------------------------------------ the admin

    def newcomer(self, chance: Random) -> None:
        self.people += 1
        first, last = FIRST[self.people % len(FIRST)], chance.choice(LAST)
        page = {
            "contact_id": f"kunde-{self.people:03}-zq",
            "name": f"{first} {last}-{self.people:03}",
            "first_name": first,
            "email": f"{first}.{last}{self.people:03}@list.example".lower(),
            "account_id": chance.choice([None, *ACCOUNTS]),
            "owner_id": chance.choice([None, *REPS, *REPS]),
            "status": chance.choice([None, "customer", "lead"]),
            "consent": chance.choice([None, "yes", "unknown"]),
        }
        self.host.put(contacts=[page])

    def someone(self, chance: Random) -> str | None:
        there = self.living()
        return chance.choice(there) if there else None

    def put(self, chance: Random, table: str, key: str, row: Mapping[str, object]) -> None:
        who = self.someone(chance)
        if who is not None:
            number = self.number(table)
            self.host.put(**{table: [{key: number, "contact_id": who, **row}]})

    def survey(self, chance: Random) -> None:
        for _ in range(3):
            kind, score = chance.choice([*3 * [("nps", 10)], ("nps", 9), ("csat", 5), ("nps", 4)])
            at = self.today - timedelta(days=chance.choice([0, 0, 1, 5]))
            self.put(chance, "feedback", "feedback_id", {"kind": kind, "score": score, "at": at})

    def moment(self, chance: Random) -> None:
        kinds = "gift call milestone delivery results_review article article meeting".split()
        for _ in range(4):
            at = self.today - timedelta(days=chance.choice([0, 1, 20]))
            self.put(chance, "activities", "activity_id", {"kind": chance.choice(kinds), "at": at})

    def deal(self, chance: Random) -> None:
        who = self.someone(chance)
        if who is not None:
            number = self.number("deal")
            at = self.today - timedelta(days=chance.choice([0, 14, 90, 200]))
            status = chance.choice(["won", "won", "open", "lost"])
            kind = chance.choice([None, "new", "repeat", "renewal"])
            row = {"deal_id": number, "kind": kind, "status": status, "created_at": at}
            row |= {"amount_cents": 100_00, "closed_at": at if status != "open" else None}
            self.host.put(deals=[row], deal_contacts=[{"deal_id": number, "contact_id": who}])

    def ticket(self, chance: Random) -> None:
        kind = chance.choice(["ticket", "ticket", "complaint"])
        row = {"kind": kind, "status": "open", "opened_at": self.today}
        self.put(chance, "tickets", "ticket_id", row)

    def solves(self, chance: Random) -> None:
        for row in self.host.rows("tickets"):
            if row["status"] == "open" and chance.random() < 0.7:
                good = chance.choice([None, True])
                solved = {"status": "closed", "closed_at": self.today, "positive": good}
                self.host.put(tickets=[{**row, **solved}])

    def referral(self, chance: Random) -> None:
        giver, got = self.someone(chance), self.someone(chance)
        if giver is None or giver == got:
            return
        known = chance.random() < 0.5
        row = {"referral_id": self.number("ref"), "referrer_id": giver, "status": "received"}
        row |= {"referred_id": got} if known else {"referred_name": chance.choice(FRIENDS)}
        self.host.put(referrals=[{**row, "at": self.today}])

    def referral_moves(self, chance: Random) -> None:
        rows = self.host.rows("referrals")
        if rows:
            row, to = chance.choice(rows), chance.choice(["met", "won", "lost"])
            self.host.put(referrals=[{**row, "status": to, f"{to}_at": self.today}])

    def _page(self, chance: Random, **columns: object) -> None:
        who = self.someone(chance)
        if who is not None:
            page = self.host.host.get("contacts", (who,)) or {}
            self.host.put(contacts=[{**page, **columns}])

    def opts(self, chance: Random) -> None:
        change: dict[str, object] = chance.choice(
            [{"consent": "no"}, {"consent": "yes"}, {"do_not_ask": True}, {"do_not_ask": False}]
        )
        self._page(chance, **change)

    def owner_changes(self, chance: Random) -> None:
        self._page(chance, owner_id=chance.choice([None, *REPS]))

    def rep_leaves(self, chance: Random) -> None:
        rep, there = chance.choice(REPS), chance.random() < 0.6
        self.host.put(owners=[{"owner_id": rep, "name": rep.title(), "active": there}])

    def merge(self, chance: Random) -> None:
        there = sorted(self.sight().pages)
        if len(there) > 1:
            old, new = chance.sample(there, 2)
            self.host.merge(old, new)

    def page_goes(self, chance: Random) -> None:
        who = self.someone(chance)
        if who is not None:
            self.pages_gone[who] = self.host.host.get("contacts", (who,)) or {}
            self.host.remove("contacts", who)

    def page_back(self, chance: Random) -> None:
        sight = self.sight()
        gone = [w for w in sorted(self.pages_gone) if sight.now(w) == w not in sight.pages]
        gone = [who for who in gone if who not in self.erased | sight.forgotten]
        if gone:
            self.host.put(contacts=[self.pages_gone.pop(chance.choice(gone))])

    def erase(self, chance: Random) -> None:
        who = self.someone(chance)
        if who is not None and chance.random() < 0.5:
            self._remember(who)
            self.erased.add(who)
            self.host.erase(who)

    # ------------------------------------------------------------------ time, mode, pauses

    def time(self, chance: Random) -> None:
        hours = chance.choice([1, 6, 24, 24, 72, 7 * 24, 14 * 24, 30 * 24, 70 * 24, -20])
        self.now += timedelta(hours=hours)
        self.host.today = self.today

    def pause(self, chance: Random) -> None:
        until = self.today + timedelta(days=chance.choice([1, 5, 20]))
        ends = chance.choice([None, until, until])
        pauses = chance.choice(
            [Pauses(everything=True, until=ends), Pauses(owners={chance.choice(REPS): ends})]
        )
        write_pauses(self.home, pauses)

    def resume(self, chance: Random) -> None:
        write_pauses(self.home, Pauses())

    def mode_to(self, mode: str, owners: Sequence[str] = (), contacts: Sequence[str] = ()) -> None:
        self.mode, self.pilot = mode, (tuple(owners), tuple(contacts))
        self.settings()

    def mode_switch(self, chance: Random) -> None:
        mode = chance.choice(["live", "live", "live", "pilot", "pilot", "shadow"])
        there = self.living()
        named = chance.sample(there, min(4, len(there)))
        owners, contacts = chance.choice([(REPS[:1], ()), (REPS[1:], ()), ((), named), ((), ())])
        self.mode_to(mode, owners, contacts)

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
        self.happened[f"{kind} ended" if ended else kind] += 0
        self._writes(kind, before, after)
        return result

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
        if report is not None and report.exit_code == 0 and limit is None and not self.left_out:
            self._nothing_left(report)

    left_out: tuple[str, ...] = ()

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
        self.act("undo", lambda firm: run.undo(firm, run_id))

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
        self._remember(who)
        if self.act("forget", lambda firm: run.forget(firm, who)) is not None:
            self.memory.forgotten |= self.sight().same_people({who})
            self.gone_everywhere(deep=True)

    def locked(self, chance: Random) -> None:
        """Somebody else is at work: a run ends, and says who."""
        verb = chance.choice([run.sync, run.plan, run.pull, run.undo, run.apply, run.adopt])
        with self.firm().state.lock("goodword apply, process 4711"):

            def call(firm: Firm) -> None:
                try:
                    verb(firm)
                except LockedError as error:
                    assert "process 4711" in str(error)
                    raise

            self.act("sync", call, dry=True)

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
            verb = chance.choice([run.sync, run.undo, run.pull])
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
            raise AssertionError("a computer that is not in charge any more ran")
        assert look(self.host).version == before.version, "a computer not in charge wrote"

    def clock_back(self, chance: Random) -> None:
        """The clock is set back by days: nothing is written until it is right again."""
        there = self._runs()
        self.now -= timedelta(days=40)
        try:
            if there:
                self.act("sync", run.sync, dry=True)
        finally:
            self.now += timedelta(days=40)

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

    secrets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What stood on the page of people who are to be forgotten."""
    names: dict[str, tuple[str, str]] = field(default_factory=dict)

    def _remember(self, who: str) -> None:
        for one in self.sight().same_people({who}):
            page = self.host.host.get("contacts", (one,)) or self.pages_gone.get(one) or {}
            words = (one, str(page.get("name") or one), str(page.get("email") or one))
            self.secrets[one] = words

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

    # ------------------------------------------------------------------ step by step

    def take(self, step: Step) -> None:
        """Take one step, and look whether all is as it may be."""
        name, seed = step
        renamed = {"mode": "mode_switch", "backup": "backup_ledger"}
        pulled = self._pulled()
        self.happened[f"step {name}"] += 1
        getattr(self, renamed.get(name, name))(Random(seed))  # noqa: S311 - a step, not a secret
        if self._pulled() != pulled:
            self.judge.check_history(self.ledger_file)
            self.gone_everywhere(deep=seed % 5 == 0)


def steps_of(seed: int, number: int) -> list[Step]:
    """Draw the steps of a seed."""
    chance = Random(seed)  # noqa: S311 - steps, not secrets
    names = chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=number)
    return [(name, chance.randrange(2**32)) for name in names]


class Broken(AssertionError):
    """A step after which something was not as it may be.

    Args:
        said: What it was, and how to play it again.
        after: Number of steps that were taken.
    """

    def __init__(self, said: str, after: int) -> None:
        super().__init__(said)
        self.after = after


def play(seed: int, steps: Iterable[Step]) -> Years:
    """Play steps from the beginning, in a folder of their own.

    Raises:
        Broken: After a step something was not as it may be; names the steps up to it.
    """
    taken: list[Step] = []
    with TemporaryDirectory() as folder:
        years = Years(Path(folder), Random(seed))  # noqa: S311 - a firm, not a secret
        for step in steps:
            taken.append(step)
            try:
                years.take(step)
            except Exception as error:
                said = f"{type(error).__name__}: {error}"
                raise Broken(f"play({seed}, {taken})\n{said}", len(taken)) from error
        return years


def shrunk(seed: int, steps: Sequence[Step], tries: int = 60) -> list[Step]:
    """Leave out steps as long as something still breaks."""
    kept = list(steps)
    size = max(1, len(kept) // 2)
    while tries > 0:
        at = 0
        while at < len(kept) and tries > 0:
            fewer = kept[:at] + kept[at + size :]
            tries -= 1
            try:
                play(seed, fewer)
                at += size
            except Broken:
                kept = fewer
        if size == 1:
            break
        size //= 2
    return kept
