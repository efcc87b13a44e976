"""Every error goodword raises on purpose, grouped by what the caller can do about it.

```
GoodwordError                     base: message + hint ("what to do next")
├── UsageError                    change the command, the settings or a rule, then run again
│   ├── SettingsError             goodword.toml or a value in it
│   └── RuleError                 a rule, fact, play or words file (names plugin and rule)
├── PluginError                   a plugin is broken: fix, update or disable it
├── PlanError                     this plan may not be applied: make a new one
├── LockedError                   another run holds the firm's folder: wait for it
├── DamagedSnapshot               our copy of the host is not as written: pull everything again
└── ConnectorError                the host CRM or file
    ├── AuthError                 sign in again, or grant the missing right
    ├── RetryableError            try again later (``retry_after`` seconds, if the host said)
    ├── RecordError               one record was refused; the others go on
    └── SourceError               a file cannot be read or written as it stands
```

A message says what happened and where; the hint says what to do next. Neither holds personal
data or a secret: names of files, sheets, columns, plugins and rules are fine, cell values are not.
"""

from __future__ import annotations

import traceback
from pathlib import Path


class GoodwordError(Exception):
    """A failure goodword understands; the command line shows it without a traceback.

    Args:
        message: What happened, and where. No personal data.
        hint: What to do next, as an imperative sentence.
        plugin: Name of the plugin at fault, if one is.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "", plugin: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.plugin = plugin

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(GoodwordError):
    """The command, the settings or a rule must change before a run makes sense."""

    exit_code = 2


class SettingsError(UsageError):
    """A value in ``goodword.toml`` is missing, unknown or of the wrong type."""


class RuleError(UsageError):
    """A rule, fact, play or words file is not usable; the message names plugin and rule."""


class PluginError(GoodwordError):
    """A plugin could not be loaded or answered a hook wrongly; the message names it."""


class PlanError(GoodwordError):
    """A plan may not be applied as it stands."""


class LockedError(GoodwordError):
    """Another run holds this firm's state folder."""


class DamagedSnapshot(GoodwordError):  # noqa: N818  # the damage is in the snapshot, not the run
    """The copy of the host's data on disk is not as it was written; nothing is decided on it.

    Args:
        number: Number of the snapshot; 0 where not even that can be told.
        what: What is wrong with it, without its content.
    """

    def __init__(self, number: int, what: str) -> None:
        hint = "Run goodword pull: it sets this copy aside and reads everything again."
        super().__init__(f"Snapshot {number} of the mirror is damaged: {what}.", hint=hint)
        self.number = number


class ConnectorError(GoodwordError):
    """The host CRM, or the file that stands for it, refused or failed."""


class AuthError(ConnectorError):
    """The host does not accept who we are, or what we want to do."""


class RetryableError(ConnectorError):
    """The host is busy or away; the same call may succeed later.

    Args:
        message: What happened, and where.
        hint: What to do next.
        retry_after: Seconds the host asked us to wait, or None if it did not say.
    """

    def __init__(self, message: str, *, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class RecordError(ConnectorError):
    """One record was refused; the rest of the run goes on and counts it."""


class SourceError(ConnectorError):
    """A file or folder cannot be read or written as it stands; nothing was changed."""


def fault_of(error: BaseException, module: str) -> str:
    """Return kind and place of *error*, such as ``TypeError, at goodword_loyalty.py:33``.

    Its text is left out: it may quote a value of a customer.

    Args:
        error: What a plugin's code raised.
        module: Module of that code; the deepest frame of its package is the place.
    """
    kind = type(error).__name__
    if isinstance(error, SyntaxError) and error.filename:
        return f"{kind}, at {Path(error.filename).name}:{error.lineno}"
    top = module.partition(".")[0]
    package = "goodword.defaults" if top == "goodword" else top
    places = [
        f"{Path(frame.f_code.co_filename).name}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if f"{frame.f_globals.get('__name__')}.".startswith(f"{package}.")
    ]
    return f"{kind}, at {places[-1]}" if places else kind
