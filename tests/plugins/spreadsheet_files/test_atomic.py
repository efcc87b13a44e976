"""Files are replaced whole or not at all, after a backup, and never behind somebody's back."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import goodword
import goodword_csv.files.atomic
from goodword import SourceError
from goodword_csv.files.atomic import (
    backup,
    fingerprint,
    open_elsewhere,
    read_regular,
    replace_atomically,
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "customers.xlsx"
    path.write_bytes(b"old")
    path.chmod(0o640)
    return path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_gets_new_content_and_keeps_its_mode(book: Path) -> None:
    replace_atomically(book, b"new", fingerprint(book))

    assert book.read_bytes() == b"new"
    assert stat.S_IMODE(book.stat().st_mode) == 0o640
    assert names(book.parent) == ["customers.xlsx"]


def test_a_new_file_is_for_its_owner_only_and_never_lands_on_another(tmp_path: Path) -> None:
    path = tmp_path / "customers.tasks.csv"

    replace_atomically(path, b"new", None)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(SourceError, match="appeared"):
        replace_atomically(path, b"newer", None)
    assert path.read_bytes() == b"new"


def test_a_link_is_followed_and_stays_a_link(book: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.xlsx"
    link.symlink_to(book)

    replace_atomically(link, b"new", fingerprint(link))

    assert link.is_symlink()
    assert book.read_bytes() == b"new"


def test_a_file_that_changed_since_it_was_read_is_not_touched(book: Path) -> None:
    seen = fingerprint(book)
    book.write_bytes(b"OLD")

    with pytest.raises(SourceError, match=r"customers\.xlsx changed"):
        replace_atomically(book, b"new", seen)

    assert book.read_bytes() == b"OLD"


def test_a_change_while_we_write_is_seen(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = fingerprint(book)
    real = os.fsync

    def someone_saves(handle: int) -> None:
        book.write_bytes(b"theirs")
        real(handle)

    monkeypatch.setattr(os, "fsync", someone_saves)

    with pytest.raises(SourceError, match="changed"):
        replace_atomically(book, b"new", seen)

    assert book.read_bytes() == b"theirs"
    assert names(book.parent) == ["customers.xlsx"]


def test_a_file_that_is_gone_is_named(book: Path) -> None:
    seen = fingerprint(book)
    book.unlink()

    with pytest.raises(SourceError, match="does not exist"):
        replace_atomically(book, b"new", seen)


@pytest.mark.parametrize(
    ("owner_file", "program"),
    [("~$customers.xlsx", "Excel"), (".~lock.customers.xlsx#", "LibreOffice")],
)
def test_a_file_open_elsewhere_is_not_touched(book: Path, owner_file: str, program: str) -> None:
    assert open_elsewhere(book) is None
    (book.parent / owner_file).write_text("Robin Owner")

    with pytest.raises(SourceError, match=program) as caught:
        replace_atomically(book, b"new", fingerprint(book))

    assert open_elsewhere(book) == caught.value.message == f"customers.xlsx is open in {program}."
    assert "Robin" not in str(caught.value)
    assert book.read_bytes() == b"old"


def test_a_read_only_file_is_left_alone(book: Path) -> None:
    book.chmod(0o444)

    with pytest.raises(SourceError, match="read-only"):
        replace_atomically(book, b"new", fingerprint(book))

    assert book.read_bytes() == b"old"


def test_a_read_only_folder_is_left_alone(book: Path) -> None:
    seen = fingerprint(book)
    book.parent.chmod(0o555)
    try:
        with pytest.raises(SourceError, match=r"folder of customers\.xlsx is read-only"):
            replace_atomically(book, b"new", seen)
    finally:
        book.parent.chmod(0o755)

    assert names(book.parent) == ["customers.xlsx"]


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod", "write"])
@pytest.mark.parametrize("failure", [OSError(28, "No space left"), PermissionError(13, "Denied")])
def test_whatever_fails_the_old_file_stays_and_nothing_lies_beside_it(
    book: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: OSError
) -> None:
    seen = fingerprint(book)

    def fail(*_args: object, **_kwargs: object) -> None:
        raise failure

    if step == "write":
        monkeypatch.setattr(goodword_csv.files.atomic, "_fill", fail)
    else:
        monkeypatch.setattr(os, step, fail)

    with pytest.raises(SourceError) as caught:
        replace_atomically(book, b"new", seen)

    monkeypatch.undo()
    assert ("Close the file in Excel" in caught.value.hint) == isinstance(failure, PermissionError)
    assert book.read_bytes() == b"old"
    assert names(book.parent) == ["customers.xlsx"]


def test_a_kill_at_the_worst_moment_leaves_the_old_file_whole(book: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from goodword_csv.files.atomic import fingerprint, replace_atomically\n"
        "os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "path = Path(sys.argv[1])\n"
        "replace_atomically(path, b'new', fingerprint(path))\n"
    )
    roots = [
        Path(str(goodword.__file__)).parents[1],
        Path(goodword_csv.files.atomic.__file__).parents[1],
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, roots))}

    done = subprocess.run([sys.executable, "-c", script, str(book)], env=environment, check=False)

    assert done.returncode == -signal.SIGKILL
    assert book.read_bytes() == b"old"
    (left,) = (name for name in names(book.parent) if name != "customers.xlsx")

    replace_atomically(book, b"newer", fingerprint(book))
    assert left in names(book.parent), "it may belong to a run that still goes on"
    long_ago = time.time() - 7200
    os.utime(book.parent / left, (long_ago, long_ago))
    replace_atomically(book, b"newest", fingerprint(book))
    assert names(book.parent) == ["customers.xlsx"]


def test_a_backup_is_a_private_copy(book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "state" / "backups"

    copy = backup(book, folder, "20261122T081500Z")

    assert copy.parent == folder
    assert copy.read_bytes() == b"old"
    assert copy.suffix == ".xlsx"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert backup(book, folder, "20261122T081500Z") != copy


@pytest.mark.promise("forget.backups-expire")
def test_the_newest_ten_backups_of_each_file_are_kept(book: Path, tmp_path: Path) -> None:
    folder, other = tmp_path / "backups", tmp_path / "elsewhere" / "customers.xlsx"
    other.parent.mkdir()
    other.write_bytes(b"another firm")
    kept = backup(other, folder, "20200101T000000Z")

    copies = [backup(book, folder, f"202611{day:02d}T080000Z") for day in range(1, 14)]

    assert names(folder) == sorted(path.name for path in [kept, *copies[3:]])


def test_a_backup_that_fails_leaves_nothing(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(SourceError, match="backed up"):
        backup(book, folder, "20261122")

    assert names(folder) == []
    with pytest.raises(ValueError, match="stamp"):
        backup(book, folder, "../x")


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [pipe, Path.mkdir], ids=["pipe", "folder"])
def test_only_ordinary_files_are_read(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "x.csv"
    make(path)
    link = tmp_path / "link.csv"
    link.symlink_to(path)

    for name in (path, link):
        with pytest.raises(SourceError, match="not an ordinary file"):
            read_regular(name)
    with pytest.raises(SourceError, match="does not exist"):
        read_regular(tmp_path / "missing.csv")


def test_a_fingerprint_sees_content_and_time(book: Path) -> None:
    first = fingerprint(book)

    assert fingerprint(book) == first
    os.utime(book, ns=(1, 1))
    assert fingerprint(book) != first
    assert fingerprint(book).sha256 == first.sha256
