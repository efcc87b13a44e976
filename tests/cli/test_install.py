"""``goodword install``: which options go together, and what a connector cannot do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from goodword.cli.app import make_app


def typed(home: Path, *words: str) -> Any:
    return CliRunner().invoke(make_app(), ["-C", str(home), "install", *words])


@pytest.mark.parametrize("other", ["--apply", "--remove"])
def test_writing_files_goes_with_no_change_of_the_crm(tmp_path: Path, other: str) -> None:
    target = tmp_path / "package"
    result = typed(tmp_path, "hubspot", "--export", str(target), other)
    assert result.exit_code == 2
    assert "--export" in result.output
    assert other in result.output
    assert not target.exists()


def test_making_and_taking_out_are_opposites(tmp_path: Path) -> None:
    result = typed(tmp_path, "hubspot", "--apply", "--remove")
    assert result.exit_code == 2
    assert "opposites" in result.output


@pytest.mark.parametrize("toml", ["", 'version = 2\n[connector]\nname = "hubspot"\n'])
def test_a_connector_without_a_package_says_so(tmp_path: Path, toml: str) -> None:
    if toml:
        (tmp_path / "goodword.toml").write_text(toml, encoding="utf-8")
    target = tmp_path / "package"
    result = typed(tmp_path, "hubspot", "--export", str(target))
    assert result.exit_code == 2
    assert "package" in result.output
    assert not target.exists()


def test_an_unknown_crm_is_named(tmp_path: Path) -> None:
    result = typed(tmp_path, "rolodex", "--export", str(tmp_path / "package"))
    assert result.exit_code == 2
    assert "rolodex" in result.output
