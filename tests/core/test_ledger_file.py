"""The ledger's file: made whole, private, never rebuilt over, damage always said in words."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from ledger_writes import NOW, TODAY, note, task, written

from goodword import GoodwordError, WriteResult
from goodword.ledger import Ledger

PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    opened = Ledger(path)
    yield opened
    opened.close()


def full(path: Path, writes: int = 300) -> None:
    """A closed ledger of some hundred pages."""
    opened = Ledger(path)
    written(opened, "r1", *(task(f"k{number}", f"c{number}") for number in range(writes)))
    opened.close()


def test_every_file_is_readable_by_its_owner_only(path: Path) -> None:
    opened = Ledger(path)
    modes = set()
    with opened._transaction():  # the journal lies beside the file while something is written
        opened._db.execute("INSERT INTO meta (key, value) VALUES ('a', 'b')")
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        assert len(list(path.parent.iterdir())) == 2
    opened.close()
    assert modes == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_no_memory_is_shared_with_other_processes(ledger: Ledger, path: Path) -> None:
    written(ledger, "r1", task("k1"))
    assert {file.name for file in path.parent.iterdir()} <= {path.name, f"{path.name}-journal"}
    with closing(sqlite3.connect(path)) as other:  # a reader needs nothing from the writer
        assert other.execute("SELECT count(*) FROM writes").fetchone() == (1,)


def test_a_ledger_that_was_being_made_when_the_process_died_is_made_anew(path: Path) -> None:
    path.parent.mkdir()
    half = path.with_name("ledger.sqlite.new")
    half.write_bytes(b"half a ledger")
    os.utime(half, (0, 0))
    opened = Ledger(path)
    assert opened.is_empty()
    opened.close()
    assert [file.name for file in path.parent.iterdir()] == ["ledger.sqlite"]


def cut_to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 20 * PAGE])


def cut_within_the_first_page(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1000])


def another_kind_of_file(path: Path) -> None:
    path.write_bytes(b"Name,E-mail\nAda Brook,ada@brook.example\n" * 400)


def no_ledger_inside(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE notes (text TEXT)")


def a_table_is_missing(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 2")
        other.execute("DROP TABLE writes")


def pages_flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(2, len(content) // PAGE, 3):
        start = page * PAGE
        content[start : start + 64] = bytes(255 - byte for byte in content[start : start + 64])
    path.write_bytes(content)


DAMAGES = [
    cut_to_nothing,
    cut_short,
    cut_within_the_first_page,
    another_kind_of_file,
    no_ledger_inside,
    a_table_is_missing,
    pages_flipped,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_the_file_left_as_it_is(
    path: Path, damage: Callable[[Path], None]
) -> None:
    full(path)
    damage(path)
    before = path.read_bytes()
    with pytest.raises(GoodwordError, match=r"state/ledger\.sqlite is damaged") as caught:
        use_everything(path)
    assert "backups" in caught.value.hint
    assert "Ada" not in str(caught.value)
    assert path.read_bytes() == before


def use_everything(path: Path) -> None:
    opened = Ledger(path)
    try:
        opened.verify()
        opened.outstanding()
    finally:
        opened.close()


def test_a_sound_ledger_is_found_sound(path: Path) -> None:
    full(path)
    use_everything(path)


def test_contents_that_are_no_contents_are_damage_and_not_quoted(path: Path) -> None:
    full(path, 3)
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE writes SET payload = '{\"name\": \"Ada Brook\"' WHERE key = 'k1'")
        other.commit()
    opened = Ledger(path)
    with pytest.raises(GoodwordError, match="damaged") as caught:
        opened.of_run("r1")
    opened.close()
    assert caught.value.__cause__ is None
    assert "Ada" not in str(caught.value)


def test_letters_that_are_no_letters_are_damage(path: Path) -> None:
    full(path, 3)
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE writes SET payload = CAST(x'ff41646120' AS TEXT)")
        other.commit()
    opened = Ledger(path)
    with pytest.raises(GoodwordError, match="damaged"):
        opened.of_run("r1")
    opened.close()


def test_a_full_disk_is_said_in_words_and_nothing_is_half_recorded(ledger: Ledger) -> None:
    written(ledger, "r1", task("k1"))
    pages = ledger._db.execute("PRAGMA page_count").fetchone()[0]
    ledger._db.execute(f"PRAGMA max_page_count = {pages}")
    many = [task(f"n{number}", name="Ada Brook " * 50) for number in range(100)]
    with pytest.raises(GoodwordError, match="cannot be read or written") as caught:
        ledger.intend("r2", many, NOW)
    assert "the disk has room" in caught.value.hint
    ledger._db.execute("PRAGMA max_page_count = 1000000")
    assert ledger.open_intents() == []
    ledger.intend("r2", many, NOW)
    assert len(ledger.open_intents()) == 100


@pytest.mark.parametrize(
    "use",
    [
        lambda ledger: ledger.start("r9", "apply", "p9", NOW, "rules", {}),
        lambda ledger: ledger.finish("r1", NOW),
        lambda ledger: ledger.intend("r9", [task("k9")], NOW),
        lambda ledger: ledger.settle("r1", "p", [(note("k2"), WriteResult("k2", ok=True))], NOW),
        lambda ledger: ledger.forget_intent("k1"),
        lambda ledger: ledger.mark_undone("undo", "p", ["k1"], NOW),
        lambda ledger: ledger.release("r1"),
        lambda ledger: ledger.note_host(["k1"], {}, TODAY, 1),
        lambda ledger: ledger.reconcile(["k1"], TODAY, 1),
        lambda ledger: ledger.set_meta("a", "b"),
        lambda ledger: ledger.adopt(["foreign"], NOW),
        lambda ledger: ledger.forget("c1", [], NOW),
        lambda ledger: ledger.expire(NOW),
    ],
)
def test_every_change_of_a_ledger_that_may_not_be_written_is_refused_in_words(
    path: Path, use: Callable[[Ledger], object]
) -> None:
    full(path, 3)
    opened = Ledger(path)
    opened._db.execute("PRAGMA query_only = ON")
    with pytest.raises(GoodwordError, match=r"cannot be read or written \(SQLITE_READONLY"):
        use(opened)
    opened._db.execute("PRAGMA query_only = OFF")
    assert len(opened.of_run("r1")) == 3
    opened.close()


QUESTIONS: list[Callable[[Ledger], object]] = [
    lambda ledger: ledger.open_intents(),
    lambda ledger: ledger.of_run("r1"),
    lambda ledger: ledger.expired("r1"),
    lambda ledger: ledger.known(["k1"]),
    lambda ledger: ledger.settled(["k1"]),
    lambda ledger: ledger.given(["k1"]),
    lambda ledger: ledger.outstanding(),
    lambda ledger: ledger.fields_since(1, NOW),
    lambda ledger: ledger.taken_back(),
    lambda ledger: ledger.runs(),
    lambda ledger: ledger.last_run(["apply"]),
    lambda ledger: ledger.clock(),
    lambda ledger: ledger.is_empty(),
    lambda ledger: ledger.foreign(["x"]),
    lambda ledger: ledger.meta("start_date"),
    lambda ledger: ledger.forgotten(["c1"]),
    lambda ledger: ledger.pseudonym("c1"),
    lambda ledger: list(ledger.history()),
    lambda ledger: ledger.verify(),
]


@pytest.mark.parametrize("ask", QUESTIONS)
def test_every_question_to_a_file_that_broke_meanwhile_is_answered_in_words(
    path: Path, ask: Callable[[Ledger], object]
) -> None:
    full(path)
    opened = Ledger(path)
    path.write_bytes(os.urandom(PAGE) * 40)
    with pytest.raises(GoodwordError, match="damaged"):
        ask(opened)
    opened.close()
