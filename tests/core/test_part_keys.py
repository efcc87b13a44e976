"""Keys that a pull brings twice are noticed, in memory and from disk alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import part_keys
from goodword.part_keys import PartKeys

PARTS = [[("a",), ("b",)], [("c",), ("a",)], [("d",)], [("e",), ("c",), ("f",)]]


@pytest.mark.parametrize("held", [2, 3, 1_000])
def test_a_key_of_two_parts_is_noticed(
    held: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part_keys, "HELD", held)
    keys = PartKeys(tmp_path / "keys")
    for part in PARTS:
        keys.add(part)
    assert set(keys.repeated()) == {hash(("a",)), hash(("c",))}
    assert (tmp_path / "keys").exists() == (held < 8)
    keys.forget()
    assert list(tmp_path.iterdir()) == []


@given(numbers=st.lists(st.integers(0, 50), max_size=60), held=st.integers(1, 70))
def test_where_sums_are_kept_makes_no_difference(
    numbers: list[int], held: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    keys = PartKeys(tmp_path_factory.mktemp("keys") / "sums")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(part_keys, "HELD", held)
        for number in numbers:
            keys.add([(str(number),)])
        twice = {n for n in numbers if numbers.count(n) > 1}
        assert set(keys.repeated()) == {hash((str(n),)) for n in twice}
