"""No connection except to hosts the firm named: the guard of the suite bites; who may connect."""

from __future__ import annotations

import ast
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NETWORK = {"socket", "ssl", "http", "urllib", "urllib3", "requests", "ftplib", "smtplib", "asyncio"}
PROCESSES = {"subprocess", "multiprocessing", "pty"}
HARMLESS = {"urllib.parse"}
"""Reads addresses, opens none."""
MAY_CONNECT = {"defaults/notify.py"}
FOR_CONNECTORS = {"hosts/loopback.py", "hosts/timely.py"}
"""What connectors to a CRM connect with; nothing else of ours does."""
OPENER = "cli/opening.py"
"""Shows a file of the firm in the program that the desktop has for it."""
MAY_START_PROGRAMS = {"defaults/notify.py", "credentials.py", OPENER, "cli/schedule_entries.py"}
"""The last one only quotes a command line, with a function of ``subprocess``; it starts nothing."""
FAR = "198.51.100.7"
"""An address set aside for documentation; nobody answers there."""


def look_up() -> None:
    socket.getaddrinfo("crm.example", 443)


def look_up_the_old_way() -> None:
    socket.gethostbyname("crm.example")


def connect() -> None:
    with socket.socket() as plug:
        plug.connect((FAR, 443))


def connect_by_six() -> None:
    with socket.socket(socket.AF_INET6) as plug:
        plug.connect(("2001:db8::1", 443))


def send_a_datagram() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as plug:
        plug.sendto(b"hello", (FAR, 53))


REACHING = [look_up, look_up_the_old_way, connect, connect_by_six, send_a_datagram]


@pytest.mark.parametrize("reach", REACHING)
@pytest.mark.promise("private.connections")
def test_the_guard_refuses_what_leaves_this_computer(
    reach: Callable[[], None], network_attempts: Path
) -> None:
    with pytest.raises(RuntimeError, match="tests stay on this computer"):
        reach()
    assert network_attempts.read_text(encoding="utf-8").startswith("socket.")
    network_attempts.write_text("", encoding="utf-8")  # this one was meant


def test_this_computer_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        socket.create_connection(("localhost", port), timeout=5).close()


@pytest.mark.parametrize("given", [None, {}, {"PYTHONPATH": str(ROOT / "core")}])
@pytest.mark.promise("private.connections")
def test_the_guard_is_in_every_child_whatever_its_environment(
    given: dict[str, str] | None, tmp_path: Path
) -> None:
    noted = tmp_path / "attempts"
    environment = {**(os.environ if given is None else given)}
    environment["GOODWORD_NETWORK_ATTEMPTS"] = str(noted)
    swallowing = (
        "import socket\n"
        "try:\n    socket.getaddrinfo('crm.example', 443)\n"
        "except Exception as error:\n    print(type(error).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", swallowing],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "NetworkRefused"
    assert noted.read_text(encoding="utf-8") == "socket.getaddrinfo crm.example\n"


def imported(path: Path) -> set[str]:
    """Every module a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {f"{node.module}", *(f"{node.module}.{a.name}" for a in node.names)}
    return names


def users_of(modules: set[str], folder: Path) -> set[str]:
    """The files below a folder that import one of the modules."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if any(
            name.partition(".")[0] in modules
            for name in imported(path)
            if not any(f"{name}.".startswith(f"{fine}.") for fine in HARMLESS)
            and name not in {"urllib"}
        )
    }


@pytest.mark.promise("private.connections", "private.local")
def test_only_the_notice_of_a_run_connects_and_few_rooms_start_programs() -> None:
    core = ROOT / "core" / "goodword"
    assert users_of(NETWORK, core) == MAY_CONNECT | FOR_CONNECTORS
    assert users_of(PROCESSES, core) == MAY_START_PROGRAMS


@pytest.mark.promise("private.connections")
def test_the_core_connects_with_nothing_that_is_there_for_connectors() -> None:
    core = ROOT / "core" / "goodword"
    users = {
        path.relative_to(core).as_posix()
        for path in core.rglob("*.py")
        if any(f"{name}.".startswith("goodword.hosts.") for name in imported(path))
    }
    assert users == {"__init__.py"}  # which only gives them their public names


@pytest.mark.promise("private.connections")
def test_the_spreadsheet_connector_connects_to_nothing_and_starts_nothing() -> None:
    lists = ROOT / "plugins" / "csv" / "goodword_csv"
    assert not users_of(NETWORK | PROCESSES, lists)
    names = set[str]().union(*map(imported, lists.rglob("*.py")))
    assert not names & {"goodword.LoopbackHost", "goodword.TIMELY_POOLS"}


def test_no_other_way_to_start_a_program_is_used() -> None:
    ways = {"system", "popen", "fork", "forkpty", "startfile", "__import__", "eval", "exec"}
    for folder in ("core/goodword", "plugins/csv/goodword_csv"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    called = node.func
                    named = (
                        called.attr
                        if isinstance(called, ast.Attribute)
                        and isinstance(called.value, ast.Name)
                        and called.value.id == "os"
                        else called.id
                        if isinstance(called, ast.Name)
                        else ""
                    )
                    shows = named == "startfile" and path.as_posix().endswith(OPENER)
                    assert shows or named not in ways, f"{path.name}:{node.lineno}"
                    assert not named.startswith(("spawn", "posix_spawn")), path.name
