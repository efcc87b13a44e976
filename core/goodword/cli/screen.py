"""The two streams of the terminal: the answer on stdout, everything else on stderr.

Customers' names are shown as they are, never read as markup, and a sign the terminal's encoding
lacks is replaced instead of ending the program.
"""

from __future__ import annotations

import codecs
import json
import re
import sys
import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, RenderableType

    from goodword.firm import Firm

PLAIN_SIGNS = {
    "→": "->",
    "…": "...",
    "–": "-",
    "—": "-",
    "·": "-",
    "\u2018": "'",
    "\u2019": "'",
    "“": '"',
    "”": '"',
    "✓": "ok",
    "✗": "x",
    "€": "EUR",
}
"""What is written for a sign of ours that the terminal's encoding lacks."""
_BEYOND_ASCII = re.compile(r"[^\n -~]")


def prepare_streams() -> None:
    """Make stdout and stderr replace signs they cannot show."""
    codecs.register_error("goodword", _nearest_sign)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="goodword")


def _nearest_sign(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(_nearest(sign) for sign in signs), error.end


def _nearest(sign: str) -> str:
    """Return the sign without its accent, or a question mark."""
    if sign in PLAIN_SIGNS:
        return PLAIN_SIGNS[sign]
    plain = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return plain or "?"


def show(*pages: RenderableType) -> None:
    """Print the answer of a command; a plain text is never broken, so it can be copied."""
    console = _console(sys.stdout)
    if console.is_terminal:
        for page in pages:
            console.print(page, soft_wrap=isinstance(page, str))
        return
    with console.capture() as captured:
        for page in pages:
            console.print(page, soft_wrap=isinstance(page, str))
    lines = captured.get().splitlines()
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines))


def show_json(value: object) -> None:
    """Print the answer of a command for another program.

    What could steer a terminal, or turn the order of letters around, stands as an escape: it is
    the same value to a program.
    """
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    text = json.dumps(value, indent=2, ensure_ascii=not encoding.startswith("utf"))
    sys.stdout.write(_BEYOND_ASCII.sub(_harmless, text) + "\n")


def _harmless(found: re.Match[str]) -> str:
    sign = found[0]
    return sign if sign.isprintable() else json.dumps(sign)[1:-1]


def tell(message: str, hint: str = "", *, style: str = "bold red") -> None:
    """Print a message, and what to do next, on stderr."""
    from rich.text import Text

    from goodword.report import clean

    text = Text(clean(message), style=style)
    if hint:
        text.append(f"\n→ {clean(hint)}", style="default not bold")
    _console(sys.stderr).print(text, soft_wrap=True)


def warn_of_broken_plugins(firm: Firm) -> None:
    """Name the plugins a reading command had to go on without."""
    for error in firm.plugins.broken.values():
        tell(f"Left out: {error.message}", error.hint, style="bold yellow")


@contextmanager
def at_work(firm: Firm, phrase: str) -> Iterator[None]:
    """Show on stderr what the firm is doing, where a person is watching."""
    if not sys.stderr.isatty():
        yield
        return
    with _console(sys.stderr).status(f"{phrase} …") as status:
        before, firm.progress = firm.progress, lambda doing: status.update(f"{doing} …")
        try:
            yield
        finally:
            firm.progress = before


def a_person_watches() -> bool:
    """Tell whether questions can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    return Console(file=stream, highlight=False, markup=False, emoji=False)
