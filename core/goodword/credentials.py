"""A secret, named in the settings but never written there: a variable, a file or a command.

The settings hold where it is; ``read_secret`` fetches it when it is needed. Neither a message nor
the text form of a value ever holds the secret itself; a place that may be a secret somebody pasted
there by mistake is not repeated either.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from goodword.errors import SettingsError

if TYPE_CHECKING:
    import subprocess

PATIENCE = 30.0
"""Seconds a command may take to print a secret."""
MOST = 64 * 1024
"""Longest secret, in bytes; a private key has about 3,000."""
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,99}")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Credential(BaseModel):
    """Where a secret is kept: exactly one of an environment variable, a file, or a command."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    env: str = Field("", description="Name of the environment variable that holds it, in capitals.")
    file: str = Field("", description="File that holds it, readable by its owner only.")
    command: tuple[str, ...] = Field((), description="Program and arguments that print it.")

    @model_validator(mode="before")
    @classmethod
    def _never_inline(cls, value: Any) -> Any:  # whatever stands in the file
        if isinstance(value, str):
            msg = 'a secret never stands in the settings; write { env = "NAME" }'
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _one_place(self) -> Credential:
        if sum(bool(place) for place in (self.env, self.file, self.command)) != 1:
            msg = "name exactly one of env, file and command"
            raise ValueError(msg)
        if self.env and not _VARIABLE.fullmatch(self.env):
            msg = "env is the name of an environment variable in capitals, never the secret itself"
            raise ValueError(msg)
        if "://" in self.file or "\n" in self.file or "\0" in self.file:
            msg = "file is the name of a file, never the secret itself"
            raise ValueError(msg)
        if any("\0" in part for part in self.command):
            msg = "command holds a sign that no program can be given"
            raise ValueError(msg)
        return self


def read_secret(credential: Credential, folder: Path) -> SecretStr:
    """Return the secret that *credential* names, without the white space around it.

    Args:
        credential: Where it is kept.
        folder: The firm's folder; a relative file starts there, and commands run there.

    Raises:
        SettingsError: It is missing, empty, or other people may read it. The message names the
            place, never what is kept there.
    """
    if credential.env:
        place = f"The environment variable {credential.env}"
        secret = os.environ.get(credential.env)
        if secret is None:
            msg = f"{place} is not set."
            raise SettingsError(msg, hint="Set it where goodword is started, also for cron.")
    elif credential.file:
        path = folder / Path(credential.file).expanduser()
        place = f"The file {path.name!r} of a secret"
        secret = _text(_content(path), place)
    else:
        place = "The command of a secret"
        secret = _text(_printed(credential.command, folder), place)
    secret = secret.strip()
    if not secret:
        msg = f"{place} holds nothing."
        raise SettingsError(msg, hint="Put the secret there, on one line.")
    return SecretStr(secret)


def _content(path: Path) -> bytes:
    """Return what stands in a private file; links are followed, what they lead to is checked."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:  # its name is not repeated: it may be a secret, pasted by mistake
        msg = f"The file of a secret, named in goodword.toml, cannot be read ({error.strerror})."
        hint = "Its name starts at the firm's folder; make the file, or correct its name."
        raise SettingsError(msg, hint=hint) from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            msg = f"{path.name!r}, named in goodword.toml for a secret, is no ordinary file."
            raise SettingsError(msg, hint="Name a text file that holds the secret.")
        if os.name == "posix" and status.st_mode & _OTHERS:
            msg = f"Other people on this computer may open {path.name!r}, which holds a secret."
            raise SettingsError(msg, hint=f"Run: chmod 600 {shlex.quote(str(path.resolve()))}")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(MOST + 1)
    finally:
        os.close(handle)


def _printed(command: tuple[str, ...], folder: Path) -> bytes:
    """Return what *command* prints, within ``PATIENCE``; what it says on stderr is not kept."""
    import subprocess
    from threading import Thread

    try:
        process = subprocess.Popen(  # noqa: S603 - the firm's own command, without a shell
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else "not a command"
        msg = f"The command of a secret, named in goodword.toml, cannot be started ({told})."
        hint = 'Give the program and each argument by itself: ["pass", "show", "crm"].'
        raise SettingsError(msg, hint=hint) from None
    got: list[bytes] = []
    reader = Thread(target=lambda: got.append(_read(process)), daemon=True)
    reader.start()
    reader.join(PATIENCE)
    code = None
    if got and len(got[0]) <= MOST:
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(PATIENCE)
    _stop(process)
    if not got or (code is None and len(got[0]) <= MOST):
        msg = f"The command of a secret was not finished after {PATIENCE:.0f} seconds."
        raise SettingsError(msg, hint="Run it by hand; it may wait for a password.")
    if code:
        msg = f"The command of a secret failed with exit code {code}."
        raise SettingsError(msg, hint="Run it by hand, as the user who runs goodword.")
    return got[0]


def _read(process: subprocess.Popen[bytes]) -> bytes:
    """Return what a process prints until it ends, but no more than a secret can have."""
    if process.stdout is None:  # never: it was started with a pipe
        return b""
    with process.stdout as pipe:
        return pipe.read(MOST + 1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and, where the system knows such groups, what it started."""
    with suppress(ProcessLookupError, PermissionError):  # all of it ended by itself
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _text(data: bytes, place: str) -> str:
    """Return *data* as text.

    Raises:
        SettingsError: It is too long for a secret, or no text.
    """
    if len(data) > MOST:
        msg = f"{place} holds more than {MOST // 1024} KiB."
        raise SettingsError(msg, hint="Put nothing there but the secret.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        msg = f"{place} holds something that is no text."
        raise SettingsError(msg, hint="Save it as plain text in UTF-8.")
    return text
