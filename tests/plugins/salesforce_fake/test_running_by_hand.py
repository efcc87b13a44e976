"""``python -m goodword_salesforce.fake``: an address, how to log in, and the calls at the end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import requests


def test_it_says_where_it_is_and_what_was_called(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    command = [sys.executable, "-m", "goodword_salesforce.fake", "--port", "0", "--key", str(key)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=paths()) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(8)]
        url = said[0].split()[-1]
        session = said[5].split()[-1]
        headers = {"Authorization": f"Bearer {session}"}
        asked = {"q": "SELECT COUNT() FROM Contact"}
        answer = requests.get(
            f"{url}/services/data/v67.0/query", params=asked, headers=headers, timeout=10
        )
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert answer.json()["totalSize"] > 50
    assert key.read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert key.stat().st_mode & 0o077 == 0
    assert "1  query" in rest
    assert process.returncode == 0


def paths() -> dict[str, str]:
    """The environment, with the folders this process imports from."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
