"""One command of one firm: how it ends when nothing happens, and what a mishap may leave of it."""

from __future__ import annotations

import hashlib
import json
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from firms_on_disk import LAST, NAMES, THEN, Lab, who_is_asked

PLANNED_EVERY = 10
"""Of so many deaths one is followed by a plan as well, which must be empty as after a whole run."""


class Trial:
    """A command of a firm that is copied for each try; *found* counts what went wrong."""

    def __init__(self, lab: Lab, kind: str, verb: str) -> None:
        self.lab, self.kind, self.verb = lab, kind, verb
        self.prepared = lab.prepared(kind, verb)
        self.who = who_is_asked(self.prepared) if verb == "forget" else ""
        self.before = lab.done("look", self.prepared, who=self.who).said
        lived = lab.copy(self.prepared, "lived")
        self.steps = lab.done(verb, lived, THEN, who=self.who).steps
        self.after = lab.done("look", lived, LAST, who=self.who).said
        assert self.after != self.before
        self.found: Counter[str] = Counter()
        self.seen: set[str] = set()

    def die(self, step: int) -> None:
        """Die at *step*, look at what lies there, run again, and compare with the life.

        Every so often a plan is made as well: as after a whole run, it has nothing left to do.
        """
        what = f"{self.kind}, {self.verb}, step {step}: {self.steps[step - 1]}"
        folder = self.lab.copy(self.prepared, "killed")
        ended = self.lab.order(self.verb, folder, THEN, fatal=step, who=self.who)
        assert ended.code == -signal.SIGKILL, what
        assert ended.steps == self.steps[:step], what
        left = digest(folder)
        if left in self.seen:  # a step that changed nothing on disk
            return
        self.seen.add(left)
        seen = self.lab.order("look", folder, LAST, who=self.who)
        self.nothing_half_written(folder, seen.answers[0], what)
        again = f"{self.verb} look" + " plan" * (step % PLANNED_EVERY == 0)
        answers = self.lab.order(again, folder, LAST, who=self.who).answers
        self.went_well(answers[0], what)
        self.same_end(answers[1]["said"], what)
        assert answers[2:] in ([], [{"said": []}]), what

    def run_out(self, what: str, **mishap: object) -> None:
        """Let the disk be full, hear it said, and do the same again with room."""
        what = f"{self.kind}, {self.verb}, {what}"
        folder = self.lab.copy(self.prepared, "full")
        ended = self.lab.order(self.verb, folder, THEN, who=self.who, **mishap)
        assert ended.code == 0, (what, ended.code)
        told = ended.error
        self.found["refused" if told else "not hindered"] += 1
        if told:
            assert told["exit_code"] == 1, (what, told)
            assert told["message"].endswith("."), (what, told)
            assert told["hint"].endswith("."), (what, told)
            assert not NAMES.search(f"{told['message']} {told['hint']}"), (what, told)
        else:
            self.went_well(ended.answers[0], what)
        seen = self.lab.order("look", folder, LAST, who=self.who)
        self.nothing_half_written(folder, seen.answers[0], what)
        answers = self.lab.order(f"{self.verb} look", folder, LAST, who=self.who).answers
        self.went_well(answers[0], what)
        self.same_end(answers[1]["said"], what)

    def nothing_half_written(self, folder: Path, seen: dict[str, Any], what: str) -> None:
        """Ledger, mirror and plan open; each file is as it was or as it will be."""
        if "error" in seen:
            self.found["half-written files"] += 1
            pytest.fail(f"{what}: {seen['error']}")
        for name, now in seen["said"]["host"].items():
            was, will = self.before["host"].get(name), self.after["host"].get(name)
            if self.kind == "memory":
                continue  # it was read, and holds whatever was sent so far
            if now not in (was, will):
                self.found["half-written files"] += 1
                pytest.fail(f"{what}: {name} is half-written")
            if was is not None and now != was and self.verb != "undo":
                copies = folder.joinpath(".goodword", "backups").rglob(f"*{Path(name).suffix}")
                old = (self.prepared / name).read_bytes()
                assert old in [copy.read_bytes() for copy in copies], f"{what}: no copy of {name}"

    def went_well(self, answer: dict[str, Any], what: str) -> None:
        """The same command says that all is well; an undo may find that nothing is left to do."""
        told = answer.get("said", answer.get("error"))
        if self.verb == "undo" and "error" in answer:
            assert told["message"] == "There is no run to undo.", (what, told)
        elif self.verb in ("forget", "plan"):
            assert "said" in answer, (what, told)
        else:
            assert (told.get("exit_code"), told.get("failures")) == (0, []), (what, told)

    def same_end(self, now: dict[str, Any], what: str) -> None:
        """Nothing twice, nothing lost, and all the rest as after a run that lived."""
        if now["host"] != self.after["host"]:
            here, there = _lines(now["host"]), _lines(self.after["host"])
            self.found["duplicates"] += sum((here - there).values())
            self.found["lost values"] += sum((there - here).values())
        assert now["host"] == self.after["host"], what
        assert _plain(now["ledger"]) == _plain(self.after["ledger"]), what
        assert now["people"] == self.after["people"], what
        if self.who:
            assert self.who not in now["people"], what


def digest(folder: Path) -> str:
    """Return a sum over names and contents of all files; names drawn by chance are left out."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = "a .tmp" if path.suffix == ".tmp" else str(path.relative_to(folder))
        content = path.read_bytes() if path.is_file() else b"a folder"
        found.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return found.hexdigest()


def _lines(host: dict[str, Any]) -> Counter[str]:
    """Return what a host holds as countable lines."""
    return Counter(json.dumps(host, indent=0).split("\n"))


def _plain(rows: list[list[str]]) -> list[list[str]]:
    """Return rows of the ledger with one name for everybody forgotten."""
    return sorted([k, "gone" if who.startswith("forgotten-") else who, s] for k, who, s in rows)
