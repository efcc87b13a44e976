"""Secrets: found where the settings say, refused where others may read, never repeated."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from goodword import credentials
from goodword.credentials import MOST, Credential, read_secret
from goodword.errors import SettingsError
from goodword.settings import Notify, validated

CANARY = "zq7-canary-secret"


def printing(script: str) -> Credential:
    return Credential(command=(sys.executable, "-c", script))


def kept_in(folder: Path, content: bytes = CANARY.encode(), mode: int = 0o600) -> Credential:
    (folder / "webhook.txt").write_bytes(content)
    (folder / "webhook.txt").chmod(mode)
    return Credential(file="webhook.txt")


def refused(credential: Credential, folder: Path) -> SettingsError:
    with pytest.raises(SettingsError) as error:
        read_secret(credential, folder)
    assert CANARY not in str(error.value)
    assert CANARY not in repr(error.value.__cause__) + repr(error.value.__context__)
    assert error.value.hint
    return error.value


def test_a_secret_is_read_from_each_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODWORD_TEST_HOOK", f" {CANARY}\n")
    places = (
        Credential(env="GOODWORD_TEST_HOOK"),
        kept_in(tmp_path, b"\xef\xbb\xbf" + CANARY.encode() + b"\r\n"),
        printing(f"print('zq7-' + '{CANARY[4:]}'); import sys; print('hm', file=sys.stderr)"),
    )
    for place in places:
        secret = read_secret(place, tmp_path)
        assert secret.get_secret_value() == CANARY
        assert CANARY not in repr(secret) + str(secret) + repr(place)


def test_a_missing_or_empty_secret_names_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOODWORD_TEST_HOOK", raising=False)
    assert "GOODWORD_TEST_HOOK is not set" in str(
        refused(Credential(env="GOODWORD_TEST_HOOK"), tmp_path)
    )
    monkeypatch.setenv("GOODWORD_TEST_HOOK", "  ")
    assert "GOODWORD_TEST_HOOK holds nothing" in str(
        refused(Credential(env="GOODWORD_TEST_HOOK"), tmp_path)
    )
    assert "'webhook.txt' of a secret holds nothing" in str(
        refused(kept_in(tmp_path, b"\n"), tmp_path)
    )
    assert "command of a secret holds nothing" in str(refused(printing("pass"), tmp_path))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_file_others_may_open_is_refused_with_the_way_out(tmp_path: Path, mode: int) -> None:
    told = refused(kept_in(tmp_path, mode=mode), tmp_path)
    assert "Other people on this computer may open 'webhook.txt'" in told.message
    assert told.hint == f"Run: chmod 600 {tmp_path / 'webhook.txt'}"


def test_a_link_is_followed_and_what_it_leads_to_is_checked(tmp_path: Path) -> None:
    kept_in(tmp_path)
    (tmp_path / "link").symlink_to("webhook.txt")
    assert read_secret(Credential(file="link"), tmp_path).get_secret_value() == CANARY
    (tmp_path / "webhook.txt").chmod(0o644)
    assert "chmod 600" in refused(Credential(file="link"), tmp_path).hint


def test_what_is_no_ordinary_text_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "pipe", 0o600)
    for name in ("folder", "pipe"):
        assert "no ordinary file" in str(refused(Credential(file=name), tmp_path))
    for content in (b"\xff\xfe" + CANARY.encode("utf-16-le"), CANARY.encode() + b"\0"):
        assert "no text" in str(refused(kept_in(tmp_path, content), tmp_path))
    long = kept_in(tmp_path, CANARY.encode() * MOST)
    assert "more than 64 KiB" in str(refused(long, tmp_path))


@pytest.mark.promise("private.secrets")
def test_a_secret_pasted_as_the_name_of_a_file_is_not_repeated(tmp_path: Path) -> None:
    assert "cannot be read" in str(refused(Credential(file=CANARY), tmp_path))
    assert "cannot be started" in str(refused(Credential(command=(CANARY,)), tmp_path))


def test_a_command_that_fails_names_its_exit_code_only(tmp_path: Path) -> None:
    script = f"import sys; print('{CANARY}'); print('{CANARY}', file=sys.stderr); sys.exit(4)"
    assert "exit code 4" in str(refused(printing(script), tmp_path))


@pytest.mark.parametrize(
    "script",
    [
        f"print('{CANARY}', flush=True); import time; time.sleep(60)",
        "import os, time; os.close(1); time.sleep(60)",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; "
        "time.sleep(60)'])",
    ],
    ids=["talks", "closes its output", "starts another"],
)
def test_a_command_that_never_ends_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(credentials, "PATIENCE", 1.0)
    began = time.monotonic()
    assert "not finished after 1 seconds" in str(refused(printing(script), tmp_path))
    assert time.monotonic() - began < 10


def test_a_command_that_prints_for_ever_is_stopped(tmp_path: Path) -> None:
    began = time.monotonic()
    endless = printing(f"while True: print('{CANARY}' * 1000)")
    assert "more than 64 KiB" in str(refused(endless, tmp_path))
    assert time.monotonic() - began < 10


def test_no_shell_reads_a_command(tmp_path: Path) -> None:
    echo = Credential(command=("echo", "$HOME; touch made"))
    assert read_secret(echo, tmp_path).get_secret_value() == "$HOME; touch made"
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    "pasted",
    [
        CANARY,
        {"env": CANARY},
        {"env": f"https://hooks.example/{CANARY}"},
        {"file": f"https://hooks.example/{CANARY}"},
        {"env": "A", "file": CANARY},
        {"command": [CANARY, "\0"]},
        {"command": CANARY},
        {},
        [CANARY],
        7,
    ],
)
@pytest.mark.promise("private.secrets")
def test_a_secret_in_the_settings_is_refused_without_repeating_it(pasted: object) -> None:
    with pytest.raises(SettingsError) as error:
        validated(Notify, {"url": pasted}, "goodword.toml")
    assert CANARY not in str(error.value)
    assert "goodword.toml: url" in error.value.message
    assert not isinstance(error.value.__cause__, ValidationError)
