"""What goodword keeps about a firm is whole or as before, and nobody else reads it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from goodword import SourceError, private_file


def test_only_its_owner_may_read_it_whatever_stood_there(tmp_path: Path) -> None:
    path, left_over = tmp_path / "notes" / "known.json", tmp_path / "notes" / "known.json.new"
    path.parent.mkdir()
    path.write_text("open to all")
    path.chmod(0o644)
    left_over.write_text("half of a")
    left_over.chmod(0o644)

    with private_file(path) as file:
        file.write(b"ours")

    assert path.read_bytes() == b"ours"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["known.json"]


def half_written(path: Path, error: Exception) -> None:
    with private_file(path) as file:
        file.write(b"half of")
        raise error


def test_an_error_while_writing_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    path.write_text("before")

    with pytest.raises(KeyError):
        half_written(path, KeyError())

    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["known.json"]


def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    path.write_text("before")

    with pytest.raises(SourceError, match=r"known\.json cannot be written") as told:
        half_written(path, OSError(28, "No space left on device"))

    assert "room on the disk" in (told.value.hint or "")
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["known.json"]


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")

    with pytest.raises(SourceError, match="cannot be written"):
        half_written(tmp_path / "state" / "known.json", KeyError())
